"""The archive of a feed, cut so that a document, once written, never changes when newer briefings come (RFC 5005, 4).

By calendar month of publication, in UTC. A busy month has several documents, filled from its oldest briefing; a year
with few briefings has one for all of it. What is not archived yet is what the feed has to hold. The cut is by number
alone: a feed that ``feed_bytes`` cuts below half of ``feed_items`` leaves out briefings that no archive has yet, and
the build names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Archive(Generic[T]):
    """One document of an archive. ``name`` is ``2026``, ``2026-11`` or ``2026-11-2``; items newest first."""

    name: str
    year: int
    month: int
    """0 for the whole year."""
    part: int
    """From 1 in a month of several documents, 0 in any other."""
    items: tuple[T, ...]


def cut(items: Sequence[T], moment: Callable[[T], datetime], size: int) -> tuple[Archive[T], ...]:
    """Cut a list into what is archived of it, oldest first.

    Args:
        items: newest first.
        moment: when an item went out, in UTC.
        size: the most items of a document. Up to this many of the newest are in none: a feed that has room for as
            many entries loses nothing.
    """
    oldest_first = [(moment(item), item) for item in reversed(items)]
    years = [(year, list(rows)) for year, rows in groupby(oldest_first, key=lambda row: row[0].year)]
    made: list[Archive[T]] = []
    for place, (year, rows) in enumerate(years):
        closed = place + 1 < len(years)  # by what was published, not by a clock
        if len(rows) > size:
            made += _months(year, rows, size, closed=closed)
        elif closed:
            made.append(Archive(f"{year:04}", year, 0, 0, _newest_first(rows)))
    return tuple(made)


def _months(year: int, rows: Sequence[tuple[datetime, T]], size: int, *, closed: bool) -> Iterator[Archive[T]]:
    months = [(month, list(some)) for month, some in groupby(rows, key=lambda row: row[0].month)]
    for place, (month, some) in enumerate(months):
        over = closed or place + 1 < len(months)
        name = f"{year:04}-{month:02}"
        if len(some) <= size and over:
            yield Archive(name, year, month, 0, _newest_first(some))
        if len(some) <= size:
            continue
        for start in range(0, len(some), size):
            part = some[start : start + size]
            if over or len(part) == size:
                number = start // size + 1
                yield Archive(f"{name}-{number}", year, month, number, _newest_first(part))


def _newest_first(rows: Sequence[tuple[datetime, T]]) -> tuple[T, ...]:
    return tuple(item for _, item in reversed(rows))
