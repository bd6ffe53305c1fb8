"""Lists that editors define themselves, in ``content/feeds.yaml``; each has a page and a feed like any other list.

A selection names tags, places, regions, countries, sources or words. Within a line one of the values is enough;
``match: all`` (the default) wants every line to fit, ``match: any`` one of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings import labels, values, yamlio
from briefings.errors import Problem, did_you_mean
from briefings.model import Selection
from briefings.slugs import slugify
from briefings.values import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from briefings.model import Briefing
    from briefings.tables import Tables

FILE = "feeds.yaml"
CRITERIA = ("tags", "places", "regions", "countries", "sources", "words")


def _selection(**fields: object) -> Selection:
    if not any(fields.get(name) for name in CRITERIA):
        raise ValueError(f"chooses nothing (name {', '.join(CRITERIA[:-1])} or {CRITERIA[-1]})")
    return Selection(**{"key": "", **fields})  # type: ignore[arg-type]  # parsed by the record below


def _country(node: yamlio.Node) -> str:
    code = values.scalar(node)
    if code not in labels.countries():
        raise ValueProblem(node.line, f'no country has the code "{code}" (ISO 3166-1 alpha-2)')
    return code


_ROW = values.record(
    _selection, ["id", "title"], id=values.uuid, title=values.plain, description=values.text,
    match=values.one_of("all", "any"), tags=values.words, places=values.words, regions=values.words,
    countries=values.many(_country), sources=values.words, words=values.words,
)  # fmt: skip


def load(content: Path, known: Tables) -> tuple[dict[str, Selection], tuple[Problem, ...]]:
    """Read ``feeds.yaml``, if there is one.

    Args:
        content: the content folder.
        known: the tables that tags and sources are looked up in; their names are turned into keys.

    Returns:
        The selections by key, in the order of the file, and every problem.
    """
    path = content / FILE
    if not path.exists():
        return {}, ()
    if not path.is_file():
        return {}, (Problem(FILE, 0, "", "not a regular file"),)
    try:
        top = yamlio.load(path.read_text("utf-8"))
    except yamlio.YamlError as error:
        return {}, (Problem(FILE, error.line, "", str(error)),)
    except (OSError, UnicodeDecodeError):
        return {}, (Problem(FILE, 0, "", "cannot be read as UTF-8 text"),)
    rows: dict[str, Selection] = {}
    problems: list[Problem] = []
    ids: dict[str, str] = {}
    for key, node in top.items:
        try:
            row = replace(_ROW(node), key=values.slug(key))
            lines = {name.text: value for name, value in node.items} if isinstance(node, yamlio.Mapping) else {}
            tags = tuple(_keys(row.tags, lines.get("tags"), "tags", known))
            sources = tuple(_keys(row.sources, lines.get("sources"), "sources", known))
            if (other := ids.setdefault(row.id, row.key)) != row.key:
                raise ValueProblem(lines["id"].line, f"id: the same as that of {other} (a copied feed needs its own)")
        except ValueProblem as error:
            what = str(error)
            if what == "id is missing":
                what += " (make one, once: python3 -c 'import uuid; print(uuid.uuid4())')"
            problems.append(Problem(FILE, error.line or key.line, key.text, what))
            continue
        rows[row.key] = replace(row, tags=tags, sources=sources, line=key.line)
    return rows, tuple(problems)


def _keys(names: Iterable[str], node: yamlio.Node | None, field: str, known: Tables) -> Iterator[str]:
    """Turn labels and aliases into keys of their table."""
    lines = [item.line for item in node.items] if isinstance(node, yamlio.Sequence) else []
    for name, line in zip(names, lines, strict=True):
        row = known.tag(name) if field == "tags" else known.source(name)
        if row is None:
            table = known.tag_keys if field == "tags" else {source.name: 0 for source in known.sources.values()}
            raise ValueProblem(line, f'{field}: unknown {field[:-1]} "{name}"{did_you_mean(name, table)}')
        yield row.key


def fits(
    selection: Selection, briefing: Briefing, known: Tables, regions: Callable[[Briefing, Tables], Container[str]]
) -> bool:
    """Whether a briefing belongs to a selection; ``regions`` gives the slugs of all names of where it is about."""
    checks = []
    if selection.tags:
        rows = (known.tag(name) for name in briefing.tags)
        checks.append(any(row.key in selection.tags for row in rows if row))
    if selection.places:
        spot = briefing.location
        here = {slugify(spot.name), slugify(f"{spot.name}, {spot.country}")} if spot else set()
        checks.append(any(slugify(name) in here for name in selection.places))
    if selection.regions:
        within = regions(briefing, known)
        checks.append(any(slugify(name) in within for name in selection.regions))
    if selection.countries:
        checks.append(briefing.location is not None and briefing.location.country in selection.countries)
    if selection.sources:
        row = known.source(briefing.source.name) if briefing.source.name else None
        checks.append(row is not None and row.key in selection.sources)
    if selection.words:
        text = "\n".join((briefing.title, briefing.summary, *briefing.key_points))
        checks.append(_pattern(selection.words).search(text) is not None)
    return any(checks) if selection.match == "any" else all(checks)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words, whatever their case; ``flood*`` stands for every word that begins so."""
    alternatives = (re.escape(word.removesuffix("*")) + ("" if word.endswith("*") else r"(?!\w)") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})", re.IGNORECASE)


def unmet(rows: Mapping[str, Selection], counts: Mapping[str, int]) -> Iterator[Problem]:
    """Warn of selections that hold nothing: a slip of the pen is likelier than a list that waits."""
    for key, row in rows.items():
        if not counts.get(key):
            yield Problem(
                FILE, row.line, key, "holds no briefing yet (are its words as the briefings write them?)", "warning"
            )
