"""The archive of a feed, cut so that a document, once written, never changes when newer briefings come (RFC 5005, 4).

By calendar month of publication, in UTC. A busy month has several documents, filled from its oldest briefing; a year
with few briefings has one for all of it. What is not archived yet is what the feed has to hold: it is cut so that this
fits, by number and by weight. The weight is a guess from what an entry is made of, in steps so coarse that an edit
seldom moves it; where the guess is too low the feed grows past its limit rather than lose what no archive holds.
"""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

T = TypeVar("T")


class Archive(Struct, Generic[T], frozen=True):
    """One document of an archive. ``name`` is ``2026``, ``2026-11`` or ``2026-11-2``; items newest first."""

    name: str
    year: int
    month: int
    """0 for the whole year."""
    part: int
    """From 1 in a month of several documents, 0 in any other."""
    items: Sequence[T]


class Room(Struct, frozen=True):
    """What one document holds at most: so many items, and so much weight unless one item alone is heavier."""

    items: int
    weight: int = sys.maxsize

    def holds(self, weights: Sequence[int]) -> bool:
        """Whether items of these weights fit."""
        return len(weights) <= self.items and (len(weights) == 1 or sum(weights) <= self.weight)


def cut(
    items: Sequence[T], moments: Iterable[datetime], room: Room, weights: Iterable[int] = ()
) -> tuple[Archive[T], ...]:
    """Cut a list into what is archived of it, oldest first.

    Args:
        items: newest first.
        moments: when each of them went out, in UTC.
        room: of a document. What is in none, the newest, fits into it too: a feed that has this room loses nothing.
        weights: of each of them, in the unit of the room's; by default none weighs anything.
    """
    heavy = zip(moments, weights, strict=True) if weights else ((moment, 0) for moment in moments)
    oldest_first = [_Row(moment, place, weight) for place, (moment, weight) in enumerate(heavy)][::-1]
    years = [(year, list(rows)) for year, rows in groupby(oldest_first, key=lambda row: row.moment.year)]
    made: list[Archive[T]] = []
    for place, (year, rows) in enumerate(years):
        closed = place + 1 < len(years)  # by what was published, not by a clock
        if not _fit(rows, room):
            made += _months(items, year, rows, room, closed=closed)
        elif closed:
            made.append(Archive(f"{year:04}", year, 0, 0, _newest_first(items, rows)))
    return tuple(made)


class _Row(NamedTuple):
    moment: datetime
    place: int
    """Among the items."""
    weight: int


def _fit(rows: Sequence[_Row], room: Room) -> bool:
    return room.holds([row.weight for row in rows])


def _months(items: Sequence[T], year: int, rows: Sequence[_Row], room: Room, *, closed: bool) -> Iterator[Archive[T]]:
    months = [(month, list(some)) for month, some in groupby(rows, key=lambda row: row.moment.month)]
    for place, (month, some) in enumerate(months):
        over = closed or place + 1 < len(months)
        name = f"{year:04}-{month:02}"
        if _fit(some, room):
            if over:
                yield Archive(name, year, month, 0, _newest_first(items, some))
            continue
        parts = _parts(some, room)
        for number, part in enumerate(parts, 1):
            if over or number < len(parts) or len(part) == room.items:
                yield Archive(f"{name}-{number}", year, month, number, _newest_first(items, part))


def _parts(rows: Sequence[_Row], room: Room) -> list[list[_Row]]:
    """Fill documents one after the other: what comes later never moves what stands in one."""
    parts: list[list[_Row]] = [[]]
    for row in rows:
        if parts[-1] and not _fit([*parts[-1], row], room):
            parts.append([])
        parts[-1].append(row)
    return parts


def _newest_first(items: Sequence[T], rows: Sequence[_Row]) -> Sequence[T]:
    return items[rows[-1].place : rows[0].place + 1]
