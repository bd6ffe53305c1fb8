"""The parser and the emitter of YAML. The one file that knows PyYAML; see :mod:`briefings.yamlio`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from briefings.nodes import Mapping, Node, Scalar, Sequence, YamlError

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, the same events
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

MAX_DEPTH = 10
_LINE_BREAKS = {"\x85": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029"}


def load(text: str, first_line: int = 1) -> Mapping:
    """Read one YAML document, as :func:`briefings.yamlio.load` says."""
    if "<<<<<<<" in text or ">>>>>>>" in text:
        for number, line in enumerate(text.split("\n")):
            if line.startswith(("<<<<<<<", ">>>>>>>")):
                raise YamlError(first_line + number, "a git conflict marker (finish the merge)")
    for number, line in enumerate(text.split("\n")):
        for char, name in _LINE_BREAKS.items():
            if char in line:
                what = f"an invisible line break ({name}) stands here (delete it and type it anew)"
                raise YamlError(first_line + number, what)
    try:
        events = yaml.parse(text, Loader=_Loader)
        node = _document(events, first_line)
    except yaml.MarkedYAMLError as error:
        unclosed = "end of stream", "did not find expected ','"
        opened = error.context_mark if any(words in (error.problem or "") for words in unclosed) else None
        mark = opened or error.problem_mark or error.context_mark
        raise YamlError(first_line + (mark.line if mark else 0), _sentence(error)) from None
    except yaml.reader.ReaderError as error:
        broken = first_line + text.count("\n", 0, error.position)
        raise YamlError(broken, "a character that YAML does not allow (delete it and type it anew)") from None
    except (yaml.YAMLError, RecursionError, ValueError, UnicodeError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError(first_line, f"not readable as YAML ({error.__class__.__name__})") from None
    if node is None:
        return Mapping((), first_line)
    if not isinstance(node, Mapping):
        raise YamlError(node.line, 'expected lines of the form "key: value"')
    return node


def _sentence(error: yaml.MarkedYAMLError) -> str:
    """Turn the parser's complaint into one that says what to do."""
    problem = error.problem or "not readable"
    if "mapping values are not allowed" in problem:
        return 'a second ": " in one line (put the value in "double quotes")'
    if "found character '\\t'" in problem or "tab" in problem:
        return "a tab (indent with spaces)"
    if "could not find expected ':'" in problem:
        return 'a line that is no "key: value" (is a quote or a colon missing?)'
    if "unexpected end of stream" in problem or "end of stream" in problem:
        return "a quote that is opened here is never closed"
    if "did not find expected ','" in problem:
        return "a { or [ that is opened here is never closed"
    return f"not readable as YAML: {problem}"


def _document(events: Iterator[Any], first_line: int) -> Node | None:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            first = next(events)
            node = None if isinstance(first, yaml.DocumentEndEvent) else _node(first, events, first_line, 1)
            for rest in events:
                if isinstance(rest, yaml.DocumentStartEvent):
                    line = rest.start_mark.line if rest.start_mark else 0
                    raise YamlError(first_line + line, "a second document (one --- too many)")
            return node
    return None


def _node(event: Any, events: Iterator[Any], first_line: int, depth: int) -> Node:
    line = first_line + event.start_mark.line
    if isinstance(event, yaml.AliasEvent):
        raise YamlError(line, f'an alias (*{event.anchor}) is not allowed (put the value in "double quotes")')
    if getattr(event, "anchor", None):
        raise YamlError(line, f'an anchor (&{event.anchor}) is not allowed (put the value in "double quotes")')
    if getattr(event, "tag", None):
        raise YamlError(line, f'a tag ({event.tag}) is not allowed (put the value in "double quotes")')
    if depth > MAX_DEPTH:
        raise YamlError(line, f"nested more than {MAX_DEPTH} deep")
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, line, bool(event.implicit[0]))
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(inner, events, first_line, depth + 1))
        return Sequence(tuple(items), line)
    pairs: list[tuple[Scalar, Node]] = []
    seen: set[str] = set()
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(inner, events, first_line, depth + 1)
        if not isinstance(key, Scalar):
            raise YamlError(key.line, "a key must be a word")
        if key.text == "<<":
            raise YamlError(key.line, "a merge key (<<) is not allowed")
        if key.text in seen:
            raise YamlError(key.line, f'"{key.text}" stands twice (keep one)')
        seen.add(key.text)
        pairs.append((key, _node(next(events), events, first_line, depth + 1)))
    return Mapping(tuple(pairs), line)


class _Dumper(yaml.SafeDumper):
    """Block style, keys plain, every string in double quotes (reliability R9)."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


class _Key(str):
    __slots__ = ()


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
# Nothing is resolved by its looks: keys (``on``) and numbers stand plain, since the reader takes every scalar as text.
_Dumper.yaml_implicit_resolvers = {}
for _plain in (_Key, int, float):
    _Dumper.add_representer(_plain, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", str(value)))


def _keyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_Key(key): _keyed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_keyed(item) for item in value]
    return value


def dump(values: dict[str, Any]) -> str:
    """Write YAML, as :func:`briefings.yamlio.dump` says."""
    return yaml.dump(
        _keyed(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**30, default_flow_style=False
    )
