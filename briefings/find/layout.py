"""Tells the parts of a seed apart: headline, header lines, dateline, credits, key points, sign-offs, furniture.

The recognisers of this package mark stretches of the text (:class:`Part`); what nobody marks is the article's own text.
Marks never overlap, and the first that claims a stretch keeps it, so the order of the passes
(:data:`briefings.find.structure.PASSES`) is the order of trust. A part says in ``reason`` why its words are not in the
body: that is what an editor reads under ``removed``.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from briefings.model import Block, Seed

Role = Literal[
    "title", "slug", "header", "byline", "dateline", "date", "times", "agency", "caption", "points label", "point",
    "filing", "reporting", "biography", "syndication", "rights", "end", "after end", "contact", "boilerplate",
    "duplicate", "page mark", "advisory",
]  # fmt: skip


class Part(Struct, frozen=True):
    """A stretch that is not the article's own text. ``fields`` holds the spans of what it says, by meaning:
    ``source``, ``author``, ``place``, ``date``, ``updated``, ``title``, ``country``, ``url``, ``lang``, ``caption``,
    ``credit``, ``point``, ``sender``.
    """

    start: int
    end: int
    role: Role
    reason: str
    rule: str = ""
    fields: tuple[tuple[str, int, int], ...] = ()

    def spans(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of one meaning."""
        return ((start, end) for key, start, end in self.fields if key == name)


class Layout(Struct):
    """The parts found so far. Passes add to it in order; after the last of them nothing changes it."""

    seed: Seed
    agencies: Mapping[str, str] = field(default_factory=dict)
    """Names and aliases of known agencies, case-folded, to the name in the table."""
    parts: list[Part] = field(default_factory=list)

    def add(self, part: Part) -> bool:
        """Add a part unless some of it is taken; say whether it was added."""
        at = bisect_left(self.parts, part.start, key=_start)
        before, after = self.parts[at - 1 : at], self.parts[at : at + 1]
        if part.start >= part.end or any(part.start < other.end and other.start < part.end for other in before + after):
            return False
        self.parts.insert(at, part)
        return True

    def taken(self, block: Block) -> bool:
        """Whether all words of a block are marked."""
        at = bisect_left(self.parts, block.start, key=_start)
        if (at == len(self.parts) or self.parts[at].start >= block.end) and (
            at == 0 or self.parts[at - 1].end <= block.start
        ):
            return False  # no mark touches it
        return not any(True for _ in self.free(block))

    def free(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yield the stretches of a block that nobody has marked, without white space around them."""
        yield from self.gaps(block.start, block.end)

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the unmarked stretches of ``start`` to ``end``, without white space around them."""
        at = start
        first = max(0, bisect_left(self.parts, start, key=_start) - 1)
        for part in islice(self.parts, first, None):
            if part.end <= at:
                continue
            if part.start >= end:
                break
            if trimmed := trim(self.seed.text, at, part.start):
                yield trimmed
            at = max(at, part.end)
        if at < end and (trimmed := trim(self.seed.text, at, end)):
            yield trimmed

    def of(self, *roles: Role) -> Iterator[Part]:
        """Yield the parts of these roles in the order of the text."""
        return (part for part in self.parts if part.role in roles)

    def first(self, *roles: Role) -> Part | None:
        """Return the first part of these roles."""
        return next(self.of(*roles), None)

    def open_blocks(self) -> Iterator[tuple[int, Block]]:
        """Yield the blocks of which something is unmarked, with their index."""
        for index, block in enumerate(self.seed.blocks):
            if not self.taken(block):
                yield index, block


def _start(part: Part) -> int:
    return part.start


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without the white space around it, or ``None`` if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
