"""Make the map outlines of ``briefings/data`` from Natural Earth, as the npm package ``world-atlas`` ships it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/build_outlines.py package

Reads ``countries-110m.json`` and ``countries-50m.json`` (TopoJSON) in the folder named; writes ``world.json`` (coarse,
for the map of the world) and ``region.json`` (finer, for locator maps). Same input, same bytes. The format is described
in ``briefings/data/README.md``.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from pathlib import Path
from typing import Any

Position = tuple[float, float]
Box = tuple[float, float, float, float]

OUT = Path(__file__).resolve().parent.parent / "briefings" / "data"
NORTH, SOUTH = 90.0, -90.0


@dataclass(frozen=True, slots=True)
class Level:
    """One file to write: ``steps`` of its grid to a degree; bends of less than ``area`` square degrees go."""

    source: str
    target: str
    steps: int
    area: float


LEVELS = (
    Level("countries-110m.json", "world.json", 10, 0.06),
    Level("countries-50m.json", "region.json", 50, 0.001),
)

WHOLE: Box = (-180.0, SOUTH, 180.0, NORTH)
DISPUTED: tuple[tuple[str, str, Box], ...] = (
    # Lines that are not drawn as settled: pairs of names as Natural Earth has them, and where along the line
    # (west, south, east, north). Natural Earth draws who holds the ground; these lines are not generally recognised.
    ("China", "India", WHOLE),
    ("China", "Siachen Glacier", WHOLE),
    ("Cyprus", "N. Cyprus", WHOLE),
    ("India", "Pakistan", (72.0, 32.4, 80.0, 38.0)),  # the Line of Control in Kashmir
    ("India", "Siachen Glacier", WHOLE),
    ("Israel", "Palestine", WHOLE),
    ("Israel", "Syria", WHOLE),
    ("Kosovo", "Serbia", WHOLE),
    ("Morocco", "W. Sahara", WHOLE),
    ("Pakistan", "Siachen Glacier", WHOLE),
    ("Russia", "Ukraine", (32.5, 44.0, 36.7, 46.3)),  # the neck of Crimea
    ("Somalia", "Somaliland", WHOLE),
)


def decode(topology: dict[str, Any]) -> list[list[Position]]:
    """Return the arcs in degrees. TopoJSON specification, section 2.1.4: arcs are deltas on a grid."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + left, y * scale_y + bottom))
        arcs.append(points)
    return arcs


def simplify(points: list[Position], area: float) -> list[Position]:
    """Drop the bends that span less than ``area``, the smallest first; the ends stay (Visvalingam and Whyatt, 1993).

    A closed line keeps at least four points, so that no island is lost.
    """
    least = 4 if points[0] == points[-1] else 2
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))

    def turned(degrees: float) -> float:
        """The short way round the globe."""
        return (degrees + 180.0) % 360.0 - 180.0

    def span(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[before[i]], points[i], points[after[i]]
        return abs(turned(bx - ax) * (cy - ay) - turned(cx - ax) * (by - ay)) / 2 * math.cos(math.radians(by))

    heap = [(span(i), i) for i in range(1, len(points) - 1)]
    heapify(heap)
    current = {i: size for size, i in heap}
    while heap and len(current) + 2 > least:
        size, i = heappop(heap)
        if current.get(i) != size:
            continue
        if size >= area:
            break
        del current[i]
        after[before[i]], before[after[i]] = after[i], before[i]
        for near in (before[i], after[i]):
            if near in current:
                current[near] = max(size, span(near))
                heappush(heap, (current[near], near))
    return [point for i, point in enumerate(points) if i in current or i in {0, len(points) - 1}]


def unwrapped(points: list[Position]) -> list[Position]:
    """Return the line with longitudes that never jump: beyond 180 degrees rather than back to -180."""
    turn, last, out = 0.0, points[0][0], []
    for x, y in points:
        turn += -360.0 if x - last > 180 else 360.0 if last - x > 180 else 0.0
        last = x
        out.append((x + turn, y))
    return out


def on_grid(points: list[Position], steps: int) -> list[int]:
    """Return ``[x, y, dx, dy, …]`` in steps; points that fall together are one."""
    grid = [(round(x * steps), round(y * steps)) for x, y in unwrapped(points)]
    kept = [grid[0], *(b for a, b in pairwise(grid) if a != b)]
    flat = [*kept[0]]
    for (ax, ay), (bx, by) in pairwise(kept):
        flat += [bx - ax, by - ay]
    return flat


def rings(land: dict[str, Any], arcs: list[list[Position]]) -> list[list[Position]]:
    """Return the closed coast lines. One that goes round a pole is led through it, so that it bounds an area."""
    out = []
    for polygon in land["geometries"][0]["arcs"]:
        for ring in polygon:
            line: list[Position] = []
            for index in ring:
                line += (arcs[index] if index >= 0 else arcs[~index][::-1])[bool(line) :]
            line = unwrapped(line)
            if max(y for _, y in line) < -89:  # the pole itself, left over from stitching
                continue
            if abs(line[0][0] - line[-1][0]) > 180:
                (x0, _), (x1, _) = line[0], line[-1]
                middle = [(x1 + (x0 - x1) * i / 3, SOUTH) for i in range(4)]  # in thirds: no step over 180 degrees
                line += [*middle, (x0, line[0][1])]
            out.append(line)
    return out


def borders(countries: dict[str, Any], arcs: list[list[Position]]) -> tuple[list[list[Position]], list[list[Position]]]:
    """Return the lines between two countries: settled, then disputed."""
    users: defaultdict[int, set[str]] = defaultdict(set)
    for country in countries["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for index in (index for polygon in polygons for ring in polygon for index in ring):
            users[index if index >= 0 else ~index].add(country["properties"]["name"])
    settled: list[list[Position]] = []
    disputed: list[list[Position]] = []
    for index, names in sorted(users.items()):
        if len(names) < 2:
            continue
        boxes = [box for a, b, box in DISPUTED if names == {a, b}]
        run: list[Position] = []
        open_run = False
        for a, b in pairwise(arcs[index]):
            x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
            is_open = any(west <= x <= east and south <= y <= north for west, south, east, north in boxes)
            if run and is_open != open_run:
                (disputed if open_run else settled).append(run)
                run = []
            run = [*run, b] if run else [a, b]
            open_run = is_open
        (disputed if open_run else settled).append(run)
    return settled, disputed


def make(level: Level, folder: Path) -> str:
    """Return the text of one outlines file: JSON, a line of the file to a line of the map."""
    topology = json.loads((folder / level.source).read_text(encoding="utf-8"))
    arcs = [simplify(arc, level.area) for arc in decode(topology)]
    settled, disputed = borders(topology["objects"]["countries"], arcs)
    layers = {"land": rings(topology["objects"]["land"], arcs), "borders": settled, "disputed": disputed}
    lines = [f'{{"steps":{level.steps}']
    for name, shapes in layers.items():
        flat = [on_grid(shape, level.steps) for shape in shapes]
        least = 8 if name == "land" else 4
        rows = [json.dumps(row, separators=(",", ":")) for row in flat if len(row) >= least]
        lines.append(f',"{name}":[\n' + ",\n".join(rows) + "\n]")
    return "".join(lines) + "}\n"


def main(folder: Path) -> None:
    """Write both files and say how large they are."""
    for level in LEVELS:
        text = make(level, folder)
        (OUT / level.target).write_text(text, encoding="utf-8", newline="\n")
        points = text.count(",") // 2
        print(f"{level.target}: {len(text)} bytes, about {points} points")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
