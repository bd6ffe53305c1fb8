"""Three-way merge of what the machine made last, what the editor has, and what the machine makes now. Pure values.

Field by field and paragraph by paragraph: what only one side changed is taken from it, what both changed alike is taken
once, and where they differ the editor's stands and the difference is listed. Of the editor's words none is ever lost.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from briefings import values
from briefings.model import Image, SourceRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefings.model import Briefing

_EDITORS = frozenset(
    {
        "path", "id", "slug", "status", "aliases", "withdrawn_reason", "received", "published", "updated", "changes",
        "reviewed_by", "prose", "prose_line", "lines",
    }
)  # fmt: skip
"""What a seed has no say in."""
_MACHINES = frozenset({"questions", "evidence", "removed"})
"""Lists that the machine writes and the editor shortens: each entry stands for itself, so there are no conflicts."""
_PARTS = (SourceRef, Image)
"""Records whose parts are merged each by itself; the parts of a place belong together."""
_MOST = 2000
"""Paragraphs beyond which a text is merged as a whole: finding pairs takes their number squared."""
_PARAGRAPH = re.compile(r"([^\n].*?)(\n{2,}|\n?\Z)", re.DOTALL)
OURS, THEIRS = "<<<<<<< yours", ">>>>>>> the changed seed"


class Conflict(Struct, frozen=True):
    """A field, or ``text``, that both changed; ``yours`` was kept, ``now`` is what the changed seed says."""

    field: str
    yours: str
    now: str


class Version(Struct, frozen=True):
    """A briefing with its prose."""

    briefing: Briefing
    prose: str


class Merged(Struct, frozen=True):
    """What came of it. ``prose`` has conflict markers as git writes them where both changed a paragraph."""

    briefing: Briefing
    prose: str
    conflicts: tuple[Conflict, ...]


def merge(base: Version | None, yours: Version, now: Version) -> Merged:
    """Merge; without a ``base`` everything in which the two differ was changed by both."""
    conflicts: list[Conflict] = []
    changed: dict[str, Any] = {}
    for name in yours.briefing.__struct_fields__:
        if name not in _EDITORS:
            was = getattr(base.briefing, name) if base else _UNKNOWN
            changed[name] = _value(name, was, getattr(yours.briefing, name), getattr(now.briefing, name), conflicts)
    changed["seed"] = now.briefing.seed
    prose = _prose(base.prose if base else None, yours.prose, now.prose, conflicts)
    return Merged(replace(yours.briefing, **changed), prose, tuple(conflicts))


_UNKNOWN: Any = object()
"""Equal to nothing."""


def _value(name: str, base: Any, yours: Any, now: Any, conflicts: list[Conflict]) -> Any:
    if now in (base, yours) or name == "seed":
        return yours
    if yours == base:
        return now
    if isinstance(yours, tuple) and isinstance(now, tuple):
        return _items(name, () if base is _UNKNOWN else base, yours, now, conflicts)
    kind = next((kind for kind in _PARTS if isinstance(yours, kind) and isinstance(now, kind)), None)
    if kind:
        return kind(
            **{
                part: _value(
                    f"{name}.{part}", getattr(base, part, _UNKNOWN), getattr(yours, part), getattr(now, part), conflicts
                )
                for part in kind.__struct_fields__
            }
        )
    conflicts.append(Conflict(name, _shown(yours), _shown(now)))
    return yours


def _items(
    name: str, base: tuple[Any, ...], yours: tuple[Any, ...], now: tuple[Any, ...], conflicts: list[Conflict]
) -> tuple[Any, ...]:
    """Lists by item: what either side took away is gone, what either added is there, in the editor's order.

    An item that the editor took away or reworded, and the seed rewords, is a conflict.
    """
    had, kept, new = set(base), set(yours), set(now)
    added = [item for item in now if item not in had and item not in kept]
    if added and had - kept - new and name not in _MACHINES:
        conflicts.append(Conflict(name, _shown(yours), _shown(now)))
        return yours
    return (*(item for item in yours if item not in had or item in new), *added)


def _shown(value: Any) -> str:
    if value in (None, "", ()):
        return "nothing"
    if isinstance(value, tuple):
        return "; ".join(_shown(item) for item in value)
    plain = values.flat(value)
    if isinstance(plain, dict):
        return ", ".join(str(part) for part in plain.values())
    return str(plain)


def paragraphs(prose: str) -> list[str]:
    """The prose cut at empty lines: joined by one empty line each, the parts are the prose again."""
    return [body + "\n" * (len(gap) - 2) for body, gap in _PARAGRAPH.findall(prose)]


def _prose(base: str | None, yours: str, now: str, conflicts: list[Conflict]) -> str:
    if now in (base, yours):
        return yours
    if yours == base:
        return now
    mine, new = paragraphs(yours), paragraphs(now)
    was = _both(mine, new) if base is None else paragraphs(base)
    if max(len(mine), len(new), len(was)) > _MOST:
        mine, new, was = [yours.strip("\n")], [now.strip("\n")], [] if base is None else [base.strip("\n")]
    out: list[str] = []
    for old, ours, theirs in _regions(was, mine, new):
        if theirs in (old, ours):
            out += ours
        elif ours == old:
            out += theirs
        else:
            conflicts.append(Conflict("text", "\n\n".join(ours), "\n\n".join(theirs)))
            out.append("\n\n".join([OURS, *ours, "=======", *theirs, THEIRS]))
    return "\n\n".join(out) + "\n"


def _both(one: list[str], other: list[str]) -> list[str]:
    """What two texts have in common, in order: a base for texts whose real one is not known."""
    return [one[at + step] for at, _, size in _blocks(one, other) for step in range(size)]


def _blocks(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    return [
        (block.a, block.b, block.size)
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    ]


def _regions(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Cut three texts at the paragraphs that all of them share (diff3: Khanna, Kunal and Pierce, 2007).

    Yields:
        ``(base, ours, theirs)``, the same stretch of each, in order: shared ones and, between them, the others.
    """
    at = [0, 0, 0]
    for start, mine, new, size in _shared(base, ours, theirs):
        yield from _pairs(base[at[0] : start], ours[at[1] : mine], theirs[at[2] : new])
        common = base[start : start + size]
        yield common, common, common
        at = [start + size, mine + size, new + size]
    yield from _pairs(base[at[0] :], ours[at[1] :], theirs[at[2] :])


def _pairs(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Neighbours that were reworded one by one stand for themselves; else the stretch stays whole."""
    if len(base) == len(ours) == len(theirs):
        yield from (([old], [mine], [new]) for old, mine, new in zip(base, ours, theirs, strict=True))
    else:
        yield base, ours, theirs


def _shared(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of the base that stand in both others: start in base, ours, theirs, and length."""
    one, other = _blocks(base, ours), _blocks(base, theirs)
    first = second = 0
    while first < len(one) and second < len(other):
        start_one, mine, size_one = one[first]
        start_other, new, size_other = other[second]
        start, end = max(start_one, start_other), min(start_one + size_one, start_other + size_other)
        if start < end:
            yield start, mine + start - start_one, new + start - start_other, end - start
        if start_one + size_one < start_other + size_other:
            first += 1
        else:
            second += 1
