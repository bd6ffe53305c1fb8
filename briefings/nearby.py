"""Which places are near each other: an index in cells of one degree, so that each place looks at few others."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefings.views import Point

WITHIN = 300
"""Kilometres."""
IN_CELL = 32
"""Places of one cell that are looked at: those with the most briefings."""
EARTH = 6371.0
"""Mean radius in kilometres (IUGG)."""


class Nearby:
    """An index over points, each with an address of its own."""

    def __init__(self, points: Sequence[Point]) -> None:
        """Sort the points into cells."""
        self._cells: defaultdict[tuple[int, int], list[Point]] = defaultdict(list)
        # By powers of two, so that one briefing more seldom moves anything.
        for point in sorted(points, key=lambda point: (-point.count.bit_length(), point.url)):
            cell = self._cells[_cell(point)]
            if len(cell) < IN_CELL:
                cell.append(point)

    def to(self, point: Point, most: int) -> tuple[tuple[Point, int], ...]:
        """The nearest other points within ``WITHIN`` kilometres, each with its distance in whole kilometres."""
        found = []
        for other in self._around(point):
            if other.url != point.url:
                distance = kilometres(point, other)
                if distance <= WITHIN:
                    found.append((round(distance), other.url, other))
        return tuple((other, distance) for distance, _, other in sorted(found, key=lambda row: row[:2])[:most])

    def _around(self, point: Point) -> Iterator[Point]:
        row, column = _cell(point)
        # A degree of longitude is shorter away from the equator: more columns reach as far.
        wide = min(180, math.ceil(WITHIN / 111 / max(math.cos(math.radians(abs(point.latitude) + 3)), 0.02)))
        tall = math.ceil(WITHIN / 111)
        for latitude in range(row - tall, row + tall + 1):
            for longitude in range(column - wide, column + wide + 1):
                yield from self._cells.get((latitude, (longitude + 180) % 360 - 180), ())


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point.latitude), (math.floor(point.longitude) + 180) % 360 - 180


def kilometres(one: Point, other: Point) -> float:
    """The great-circle distance (haversine formula)."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(turn / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))
