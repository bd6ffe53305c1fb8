"""The outlines of land and countries, and the cutting of lines that every map needs.

The data (Natural Earth) and its format are described in ``data/README.md``. A position is ``(longitude, latitude)`` in
degrees or, once projected, ``(x, y)``; longitudes of a line run on beyond 180 degrees rather than jump.
"""

from __future__ import annotations

import json
import math
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Position = tuple[float, float]
Box = tuple[float, float, float, float]
"""West, south, east, north; or left, top, right, bottom."""

_CHUNK = 48


class Line:
    """A line with the boxes of its chunks, so that what lies far from a window costs little.

    Of a map of one region, most lines of the world are far away: their points are not even made.
    """

    def __init__(self, flat: Sequence[int], steps: int) -> None:
        """Take ``[x, y, dx, dy, …]``, in so many steps to a degree."""
        self._xs, self._ys, self._steps = [*accumulate(flat[::2])], [*accumulate(flat[1::2])], steps
        self.box: Box = (
            min(self._xs) / steps, min(self._ys) / steps, max(self._xs) / steps, max(self._ys) / steps,
        )  # fmt: skip

    @cached_property
    def points(self) -> tuple[Position, ...]:
        """Where it goes."""
        steps = self._steps
        return tuple([(x / steps, y / steps) for x, y in zip(self._xs, self._ys, strict=True)])

    @cached_property
    def chunks(self) -> tuple[Box, ...]:
        """The boxes of its parts of ``_CHUNK`` points."""
        return tuple(bounds(self.points[i : i + _CHUNK]) for i in range(0, len(self.points), _CHUNK))


class Outlines(Struct, frozen=True):
    land: tuple[Line, ...]
    borders: tuple[Line, ...]
    disputed: tuple[Line, ...]


@lru_cache(maxsize=2)
def outlines(name: str) -> Outlines:
    """Read ``data/<name>.json``: ``steps`` to a degree; each line ``[x, y, dx, dy, …]``."""
    data = json.loads(files("briefings").joinpath("data", f"{name}.json").read_text(encoding="utf-8"))
    return Outlines(
        *(tuple(Line(flat, data["steps"]) for flat in data[layer]) for layer in ("land", "borders", "disputed"))
    )


def bounds(points: Sequence[Position]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def apart(a: Box, b: Box) -> bool:
    return a[2] < b[0] or a[0] > b[2] or a[3] < b[1] or a[1] > b[3]


def within(a: Box, b: Box) -> bool:
    return a[0] >= b[0] and a[2] <= b[2] and a[1] >= b[1] and a[3] <= b[3]


def near(line: Line, box: Box) -> list[Position]:
    """Return the line without what cannot matter inside the box.

    A chunk that lies whole on the outer side of one edge is cut to its two ends: clipping at that edge would drop it
    all.
    """
    points: list[Position] = []
    if within(line.box, box):
        return [*line.points]
    for number, chunk in enumerate(line.chunks):
        part = line.points[number * _CHUNK : (number + 1) * _CHUNK]
        points += (part[0], part[-1]) if apart(chunk, box) else part
    return points


def clipped(points: list[Position], box: Box) -> list[Position]:
    """Return a closed line clipped to a box, edge after edge (I. Sutherland and G. Hodgman, 1974)."""
    if points and within(bounds(points), box):
        return points
    for axis, limit, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        out: list[Position] = []
        last = points[-1] if points else (0.0, 0.0)
        was_in = (last[axis] - limit) * sign >= 0
        for point in points:
            is_in = (point[axis] - limit) * sign >= 0
            if is_in != was_in:
                share = (limit - last[axis]) / (point[axis] - last[axis])
                other = last[1 - axis] + share * (point[1 - axis] - last[1 - axis])
                out.append((limit, other) if axis == 0 else (other, limit))
            if is_in:
                out.append(point)
            last, was_in = point, is_in
        points = out
    return points


def pieces(points: list[Position], box: Box) -> Iterator[list[Position]]:
    """Yield the runs of an open line that pass through a box, each with the step in and the step out."""
    west, south, east, north = box
    run: list[Position] = []
    for a, b in pairwise(points):
        (ax, ay), (bx, by) = a, b
        beside = (ax < west and bx < west) or (ax > east and bx > east)
        if beside or (ay < south and by < south) or (ay > north and by > north):
            if run:
                yield run
                run = []
        elif run:
            run.append(b)
        else:
            run = [a, b]
    if run:
        yield run


def filled(points: list[Position], step: float) -> list[Position]:
    """Return a closed line with points no more than ``step`` degrees apart: a cut along a meridian has to bend."""
    out: list[Position] = []
    for (ax, ay), (bx, by) in pairwise([*points, *points[:1]]):
        if -step <= bx - ax <= step and -step <= by - ay <= step:
            out.append((ax, ay))
            continue
        parts = math.ceil(max(abs(bx - ax), abs(by - ay)) / step)
        out += [(ax + (bx - ax) * i / parts, ay + (by - ay) * i / parts) for i in range(parts)]
    return out


def seen(lines: Iterable[Line], box: Box) -> Iterator[tuple[list[Position], Box]]:
    """Yield each line that may be in the box, turned round the globe as needed, with the box it was compared with."""
    turned = [(box[0] - turn, box[1], box[2] - turn, box[3]) for turn in (-360, 0, 360)]
    _, south, _, north = box
    for line in lines:
        if line.box[3] < south or line.box[1] > north:  # however it is turned
            continue
        for there in turned:
            if not apart(line.box, there):
                yield near(line, there), there
