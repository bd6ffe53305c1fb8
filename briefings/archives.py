"""The archive of a feed, cut so that a document, once written, never changes when newer briefings come (RFC 5005, 4).

By calendar month of publication, in UTC. A busy month has several documents, filled from its oldest briefing; a year
with few briefings has one for all of it. What is not archived yet is what the feed has to hold: it is cut so that this
fits, by number and by weight. The weight is a guess from what an entry is made of, in steps so coarse that an edit
seldom moves it; where the guess is too low the feed grows past its limit rather than lose what no archive holds.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

T = TypeVar("T")
V = TypeVar("V")


class Archive(Struct, Generic[T], frozen=True, eq=False):
    """One document of an archive. ``name`` is ``2026``, ``2026-11`` or ``2026-11-2``; items newest first."""

    name: str
    year: int
    month: int
    """0 for the whole year."""
    part: int
    """From 1 in a month of several documents, 0 in any other."""
    items: Sequence[T]
    start: int
    """Where its newest item is among all."""
    stop: int
    """The place after its oldest one."""

    def __eq__(self, other: object) -> bool:
        """Whether it is the same document: what is newer moves its items, and does not change it."""
        return isinstance(other, Archive) and (self.name, self.items) == (other.name, other.items)

    def __hash__(self) -> int:
        """By its name and items."""
        return hash((self.name, self.items))


class Room(Struct, frozen=True):
    """What one document holds at most: so many items, and so much weight unless one item alone is heavier."""

    items: int
    weight: int = sys.maxsize

    def holds(self, weights: Sequence[int]) -> bool:
        """Whether items of these weights fit."""
        return len(weights) <= self.items and (len(weights) == 1 or sum(weights) <= self.weight)


class Cut(Generic[T]):
    """What is archived of a list, of which only the years are cut that are asked for: none hangs on another's items."""

    def __init__(
        self, items: Sequence[T], moments: Callable[[Sequence[T]], Iterable[datetime]], room: Room,
        weights: Callable[[Sequence[T]], Iterable[int]],
    ) -> None:  # fmt: skip
        """Cut nothing yet.

        Args:
            items: newest first.
            moments: gives when each of some of them went out, in UTC.
            room: of a document. What is in none, the newest, fits into it too: a feed that has this room loses nothing.
            weights: gives that of each of some of them, in the unit of the room's.
        """
        self._items, self._moments, self._room, self._weights = items, moments, room, weights
        self._made: dict[int, tuple[Archive[T], ...]] = {}
        self._spans: dict[int, tuple[int, int]] = {}

    def __iter__(self) -> Iterator[Archive[T]]:
        """Every document, oldest first."""
        start = 0
        for year, some in groupby(self._moments(self._items), key=lambda moment: moment.year):
            self._spans[year] = start, start + sum(1 for _ in some)
            start = self._spans[year][1]
        while start:
            made, start = self._cut(start - 1)
            yield from made

    def newest(self) -> Archive[T] | None:
        """The document of the newest items that are archived."""
        return self._last(0)

    def before(self, one: Archive[T]) -> Archive[T] | None:
        """The document of what is next older."""
        return self._last(one.stop)

    def of(self, year: int) -> Iterator[Archive[T]]:
        """The documents of a year, oldest first, and the one after them, which names the last of them."""
        start, stop = self.span(year)
        if start < stop:
            yield from self._cut(start)[0]
        if start:
            yield from self._cut(start - 1)[0][:1]

    def named(self, name: str) -> Archive[T] | None:
        """The document of that name, if there is one."""
        start, stop = self.span(int(name[:4]))
        made = self._cut(start)[0] if start < stop else ()
        return next((one for one in made if one.name == name), None)

    def span(self, year: int) -> tuple[int, int]:
        """Where the items of a year are: of the first one, and after the last one; or where they would be."""
        if year not in self._spans:
            places = range(len(self._items))
            start = bisect_left(places, -year, key=lambda place: -self._year(place))
            self._spans[year] = start, bisect_right(places, -year, lo=start, key=lambda place: -self._year(place))
        return self._spans[year]

    def _year(self, place: int) -> int:
        return next(iter(self._moments(self._items[place : place + 1]))).year

    def _last(self, start: int) -> Archive[T] | None:
        """The newest document of the items from a place on."""
        while start < len(self._items):
            made, _ = self._cut(start)
            older = [one for one in made if one.start >= start]
            if older:
                return older[-1]
            start = self.span(self._year(start))[1]
        return None

    def _cut(self, place: int) -> tuple[tuple[Archive[T], ...], int]:
        """The documents of the year of the item at a place, oldest first, and where the year begins."""
        year = self._year(place)
        start, stop = self.span(year)
        if year not in self._made:
            part = self._items[start:stop]
            weights = [*self._weights(part)]
            closed = start > 0  # by what was published, not by a clock
            made: Iterable[Archive[T]] = ()
            if not self._room.holds(weights):
                heavy = zip(self._moments(part), weights, strict=True)
                rows = [_Row(moment, start + place, weight) for place, (moment, weight) in enumerate(heavy)][::-1]
                made = _months(self._items, year, rows, self._room, closed=closed)
            elif closed:
                made = (Archive(f"{year:04}", year, 0, 0, part, start, stop),)
            self._made[year] = tuple(made)
        return self._made[year], start


def cut(
    items: Sequence[T], moments: Iterable[datetime], room: Room, weights: Iterable[int] = ()
) -> tuple[Archive[T], ...]:
    """Cut a list into what is archived of it, oldest first.

    Args:
        items: newest first.
        moments: when each of them went out, in UTC.
        room: of a document; see :class:`Cut`.
        weights: of each of them, in the unit of the room's; by default none weighs anything.
    """
    numbers, times, heavy = range(len(items)), [*moments], [*weights] or [0] * len(items)

    def these(some: Sequence[int], told: Sequence[V]) -> Sequence[V]:
        return [told[place] for place in some]

    made = Cut(numbers, lambda some: these(some, times), room, lambda some: these(some, heavy))
    return tuple(
        Archive(one.name, one.year, one.month, one.part, items[one.start : one.stop], one.start, one.stop)
        for one in made
    )


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
                yield _archive(items, some, name, (year, month, 0))
            continue
        parts = _parts(some, room)
        for number, part in enumerate(parts, 1):
            if over or number < len(parts) or len(part) == room.items:
                yield _archive(items, part, f"{name}-{number}", (year, month, number))


def _parts(rows: Sequence[_Row], room: Room) -> list[list[_Row]]:
    """Fill documents one after the other: what comes later never moves what stands in one."""
    parts: list[list[_Row]] = [[]]
    for row in rows:
        if parts[-1] and not _fit([*parts[-1], row], room):
            parts.append([])
        parts[-1].append(row)
    return parts


def _archive(items: Sequence[T], rows: Sequence[_Row], name: str, of: tuple[int, int, int]) -> Archive[T]:
    start, stop = rows[-1].place, rows[0].place + 1
    return Archive(name, *of, items[start:stop], start, stop)
