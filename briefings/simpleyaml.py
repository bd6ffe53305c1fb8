"""YAML of simple forms, which most of it is, as nodes at once: the same as by parsing, in a quarter of the time.

Known are block mappings and lists with scalars on one line, plain or in double quotes, and flat flow collections
(YAML 1.2, chapters 7 and 8). Whatever else stands anywhere in a text leaves all of it to the parser, mistakes too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefings.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = r'"[^"\\\n]*(?:\\["\\][^"\\\n]*)*"'
_INNER = r"[^\s:#\"\[\]{}\\`|>]"
_PLAIN = rf"-?[^\W_](?:{_INNER}|:(?=[A-Za-z0-9/])| (?={_INNER}))*"
_WORD = r"-?[A-Za-z0-9][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./]+)*"
"""A plain scalar within brackets."""
_KEY = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}"
_LINE = re.compile(
    rf"^( *)(- )?(?:({_KEY}):(?=\n| [^ \n]) ?)?(?:({_QUOTED})|({_PLAIN})|(\[.*\]|\{{.*\}})|(#.*))?\n", re.MULTILINE
)
_NEXT = r"(?:, (?=[^\]}])|(?=[\]}]\Z))"
_PAIR = re.compile(rf'(?:"({_KEY})"|({_KEY})): (?:({_QUOTED})|({_WORD})){_NEXT}')
_ITEM = re.compile(rf"(?:({_QUOTED})|({_WORD})){_NEXT}")
_ESCAPE = re.compile(r'\\(["\\])')
_PIECE = re.compile(rf"({_KEY}):((?: .*)?\n(?:[ #-].*\n|\n)*)")
_ONE = re.compile(rf" (?:({_QUOTED})|({_PLAIN}))\n")
_DEEPEST = 4
_new = tuple.__new__
"""Makes a named tuple in a third of the time that its own constructor takes."""


class _NotSimpleError(Exception):
    """The text is for the parser."""


def load(text: str, first_line: int = 1) -> Mapping | None:
    """The nodes of simple YAML.

    Args:
        text: the document.
        first_line: the line of the file on which ``text`` begins.

    Returns:
        What the parser gives too, or ``None`` when the text is not simple.
    """
    if not text.replace("\n", " ").isprintable() or "\ufffd" in text:
        return None
    if not text.endswith("\n"):
        text += "\n"
    found = _LINE.findall(text)
    if len(found) != text.count("\n"):
        return None
    pairs: list[tuple[Scalar, Node]] = []
    opened: Scalar | None = None
    below: list[_Row] = []
    try:
        for line, (indent, dash, key, quoted, plain, flow, comment) in enumerate(found, first_line):
            if key and not indent and not dash:
                if opened:
                    pairs.append((opened, _below(below, opened.line)))
                    opened, below = None, []
                if quoted and "\\" not in quoted:
                    value = _new(Scalar, (quoted[1:-1], line, False))
                    pairs.append((_new(Scalar, (key, line, True)), value))
                elif quoted or plain or flow:
                    pairs.append((_new(Scalar, (key, line, True)), _value(line, quoted, plain, flow)))
                elif comment:
                    return None
                else:
                    opened = Scalar(key, line)
            elif key or dash:
                if comment or not opened:
                    return None
                below.append((line, len(indent), dash, key, quoted, plain, flow))
            elif quoted or plain or flow:
                return None
        if opened:
            pairs.append((opened, _below(below, opened.line)))
    except _NotSimpleError:
        return None
    if not pairs or len({key.text for key, _ in pairs}) < len(pairs):
        return None
    return Mapping(tuple(pairs), pairs[0][0].line)


def pieces(text: str) -> list[tuple[str, str]] | None:
    """Every key of the top with what stands between its colon and the next one.

    Args:
        text: the document, of printable characters and line feeds alone.

    Returns:
        The keys that :func:`load` gives, if :func:`value` has a value of each; ``None`` when the text is not simple.
    """
    if not text.endswith("\n"):
        text += "\n"
    found = _PIECE.findall(text)
    return found if "".join(map(":".join, found)) == text and len(dict(found)) == len(found) else None


def value(key: str, rest: str, line: int) -> Node | None:
    """The value of a key of the top, by what stands after its colon; ``None`` when that is not simple."""
    if found := _ONE.fullmatch(rest):
        return _scalar(line, found[1], found[2])
    whole = load(f"{key}:{rest}", line)
    return whole.items[0][1] if whole else None


_Row = tuple[int, int, str, str, str, str, str]
"""A line that says something: its number, its indent, a hyphen, a key, and a quoted, plain or flow value."""


def _below(rows: list[_Row], line: int) -> Node:
    """The value of a key of the top that stands alone in its line."""
    if not rows:
        return Scalar("", line)
    value, after = (_sequence if rows[0][2] else _mapping)(rows, 0, rows[0][1], 2)
    if after < len(rows):
        raise _NotSimpleError
    return value


def _mapping(rows: list[_Row], at: int, indent: int, depth: int) -> tuple[Mapping, int]:
    """The mapping whose first key stands in a row, and the row after it."""
    if depth > _DEEPEST:
        raise _NotSimpleError
    first = rows[at][0]
    pairs: list[tuple[Scalar, Node]] = []
    seen: set[str] = set()
    while at < len(rows):
        line, column, dash, key, quoted, plain, flow = rows[at]
        if column < indent:
            break
        if column > indent or dash or key in seen:
            raise _NotSimpleError
        seen.add(key)
        at += 1
        value: Node
        if quoted or plain or flow:
            value = _value(line, quoted, plain, flow)
        elif at < len(rows) and (rows[at][1] > indent or (rows[at][1] == indent and rows[at][2])):
            inner = _sequence if rows[at][2] else _mapping
            value, at = inner(rows, at, rows[at][1], depth + 1)
        else:
            value = Scalar("", line)
        pairs.append((_new(Scalar, (key, line, True)), value))
    return Mapping(tuple(pairs), first), at


def _sequence(rows: list[_Row], at: int, indent: int, depth: int) -> tuple[Sequence, int]:
    """The list whose first item stands in a row, and the row after it."""
    if depth > _DEEPEST:
        raise _NotSimpleError
    first = rows[at][0]
    items: list[Node] = []
    while at < len(rows):
        line, column, dash, key, quoted, plain, flow = rows[at]
        if column < indent or (column == indent and not dash):
            break
        if column > indent:
            raise _NotSimpleError
        if key:
            rows[at] = (line, indent + 2, "", key, quoted, plain, flow)
            item, at = _mapping(rows, at, indent + 2, depth + 1)
            items.append(item)
        elif quoted or plain or flow:
            items.append(_value(line, quoted, plain, flow))
            at += 1
        else:
            raise _NotSimpleError
    return Sequence(tuple(items), first), at


def _value(line: int, quoted: str, plain: str, flow: str) -> Node:
    if not flow:
        if quoted and "\\" not in quoted:
            return _new(Scalar, (quoted[1:-1], line, False))
        return _scalar(line, quoted, plain)
    if flow[0] == "[":
        return Sequence(tuple(_scalar(line, found[1], found[2]) for found in _each(_ITEM, flow)), line)
    pairs: list[tuple[Scalar, Node]] = []
    for found in _each(_PAIR, flow):
        name, key, within, word = found.groups()
        pairs.append((_new(Scalar, (name or key, line, not name)), _scalar(line, within, word)))
    if len({key.text for key, _ in pairs}) != len(pairs):
        raise _NotSimpleError
    return Mapping(tuple(pairs), line)


def _each(pattern: re.Pattern[str], flow: str) -> Iterator[re.Match[str]]:
    """What stands within brackets."""
    at = 1
    while at < len(flow) - 1:
        found = pattern.match(flow, at)
        if not found:
            raise _NotSimpleError
        yield found
        at = found.end()


def _scalar(line: int, quoted: str | None, plain: str) -> Scalar:
    if not quoted:
        return _new(Scalar, (plain, line, True))
    text = quoted[1:-1]
    return _new(Scalar, (_ESCAPE.sub(r"\1", text) if "\\" in text else text, line, False))
