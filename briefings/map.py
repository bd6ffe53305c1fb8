"""Maps as inline SVG, made when the site is built: no script, no tiles, no foreign host.

``world_map`` draws the whole globe in the Equal Earth projection (equal-area: B. Šavrič, T. Patterson and B. Jenny,
"The Equal Earth map projection", International Journal of Geographical Information Science, 2018). ``locator`` draws a
region in the Lambert azimuthal equal-area projection, centred on what it shows, so that a place near a pole or the
180th meridian is drawn as well as any other (J. P. Snyder, "Map Projections: A Working Manual", USGS Professional
Paper 1395, 1987, equations 22-4, 22-5 and 24-2).

Latitude and longitude are degrees in WGS 84, taken as if on a sphere: at these scales the difference is less than the
width of a line. A position is ``(longitude, latitude)`` or, projected, ``(x, y)`` with y downwards. Colours are the
theme's, by class names; presentation attributes say only what a drawing needs to be one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache, lru_cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from briefings.outlines import apart, bounds, clipped, filled, outlines, pieces, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from briefings.cached import Cached
    from briefings.outlines import Box, Line, Position
    from briefings.views import Point

    Projection = Callable[[Iterable[Position]], list[Position]]

WORLD_WIDTH = 1000
"""Width of the world map in user units."""
CENTRAL_MERIDIAN = 11.0
"""Cuts the globe in the Bering Strait: neither Russia nor Fiji is torn apart."""
REGION = (400, 300)
"""Width and height of a locator map in user units."""
REACH = 12.0
"""Degrees from the middle of a locator map to its left and right edge, at least."""
WIDEST = 40.0
"""A region that reaches further than this is shown on the world map instead."""
REGION_BYTES = 7500
"""A locator map is drawn more coarsely until it is no larger, dots left aside."""
REGIONS = 1024
"""Regions that are kept."""
MOST_DOTS = 600
"""Above this number, places near each other share a dot."""
FEW_DOTS = 250
"""The same for a map beside other things."""

# --- projections ----------------------------------------------------------------------------------------------------

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2


def equal_earth(longitude: float, latitude: float) -> Position:
    """Return the projected position on a globe of radius 1, x to the right, y up; 0, 0 is the origin.

    ``longitude`` counts from the central meridian and is not wrapped: the caller cuts the globe.
    """
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


_HALF_WIDTH, _HALF_HEIGHT = equal_earth(180, 0)[0], equal_earth(0, 90)[1]
WORLD_HEIGHT = math.ceil(WORLD_WIDTH * _HALF_HEIGHT / _HALF_WIDTH)


def _on_world(positions: Iterable[Position]) -> list[Position]:
    """Return where positions with longitudes within 180 degrees of the central meridian stand on the world map."""
    scale = WORLD_WIDTH / 2 / _HALF_WIDTH
    projected = (equal_earth(longitude - CENTRAL_MERIDIAN, latitude) for longitude, latitude in positions)
    return [(WORLD_WIDTH / 2 + x * scale, WORLD_HEIGHT / 2 - y * scale) for x, y in projected]


def _wrapped(longitude: float, middle: float) -> float:
    """Return the same meridian within 180 degrees of the middle."""
    return (longitude - middle + 180) % 360 - 180 + middle


class _Window(Struct, frozen=True):
    """A locator map's view: its middle in degrees, and how many degrees it reaches to either side."""

    longitude: float
    latitude: float
    reach: float

    def project(self, positions: Iterable[Position]) -> list[Position]:
        """Lambert azimuthal equal-area, in user units of the map."""
        radians, sin, cos, sqrt = math.radians, math.sin, math.cos, math.sqrt
        middle, phi0 = self.longitude, radians(self.latitude)
        sin0, cos0 = sin(phi0), cos(phi0)
        scale = REGION[0] / 2 / (2 * sin(radians(self.reach) / 2))
        left, top = REGION[0] / 2, REGION[1] / 2
        found: list[Position] = []
        for longitude, latitude in positions:
            turn, phi = radians(longitude - middle), radians(latitude)
            sine, cosine, along = sin(phi), cos(phi), cos(turn)
            k = sqrt(2 / max(1 + (sin0 * sine + cos0 * cosine * along), 1e-9))
            x, y = k * cosine * sin(turn), k * (cos0 * sine - sin0 * cosine * along)
            found.append((left + x * scale, top - y * scale))
        return found

    def box(self) -> Box:
        """Return longitudes and latitudes that hold the whole window and a little more."""
        far = 1 + self.reach * math.hypot(1, REGION[1] / REGION[0])
        south, north = self.latitude - far, self.latitude + far
        if south <= -90 or north >= 90:  # a pole is in view, and with it every meridian
            side = 180.0
        else:
            side = math.degrees(math.asin(math.sin(math.radians(far)) / math.cos(math.radians(self.latitude))))
        return self.longitude - side, max(south, -90.0), self.longitude + side, min(north, 90.0)


# --- drawing --------------------------------------------------------------------------------------------------------


def _path(points: Iterable[Position], *, closed: bool) -> str:
    """Return path data in whole units, relative, as short as SVG 2 (section 9.3.9) allows; empty if nothing is left."""
    grid: list[tuple[int, int]] = []
    for x, y in points:
        point = (round(x), round(y))
        if grid and grid[-1] == point:
            continue
        if len(grid) > 1:
            (ax, ay), (bx, by) = grid[-2], grid[-1]
            before, after = (bx - ax, by - ay), (point[0] - bx, point[1] - by)
            straight = before[0] * after[1] == before[1] * after[0]
            if straight and before[0] * after[0] + before[1] * after[1] > 0:
                grid.pop()
        grid.append(point)
    if closed and len(grid) > 1 and grid[0] == grid[-1]:
        grid.pop()
    if len(grid) < (3 if closed else 2):
        return ""
    steps = " ".join(f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(grid)).replace(" -", "-")
    return f"M{grid[0][0]} {grid[0][1]}l{steps}{'z' if closed else ''}"


def _land(lines: tuple[Line, ...], box: Box, project: Projection, view: Box) -> list[list[Position]]:
    """Return the land in a box of degrees, projected, then clipped to the view."""
    rings = (filled(clipped(line, there), 3.0) for line, there in seen(lines, box))
    return [ring for ring in (clipped(project(ring), view) for ring in rings) if ring]


def _borders(lines: tuple[Line, ...], box: Box, project: Projection, view: Box) -> list[list[Position]]:
    """Return open lines in a box of degrees, projected, as far as they are in the view."""
    runs = (run for line, there in seen(lines, box) for run in pieces(line, there))
    return [part for run in runs for part in pieces(project(run), view)]


def _thinned(points: list[Position], grain: float) -> list[Position]:
    """Return the line without the points that are nearer than ``grain`` to the one before."""
    kept = points[:1]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= grain:
            kept.append(point)
    return [*kept, points[-1]]


def _drawn(lines: Iterable[list[Position]], *, closed: bool) -> str:
    return "".join(_path(line, closed=closed) for line in lines)


def _graticule(box: Box, step: int, project: Projection, view: Box) -> str:
    """Return meridians and parallels at every ``step`` degrees in the box."""
    west, south, east, north = box
    first, last = math.ceil(west / step) * step, math.floor(east / step) * step
    bottom, top = math.ceil(south / step) * step, math.floor(north / step) * step
    along = [south + (north - south) * i / 18 for i in range(19)]
    across = [west + (east - west) * i / 36 for i in range(37)]
    lines = [[(float(x), y) for y in along] for x in range(first, last + 1, step)]
    lines += [[(x, float(y)) for x in across] for y in range(bottom, top + 1, step) if abs(y) < 90]
    return "".join(_path(run, closed=False) for line in lines for run in pieces(project(line), view))


def _layers(sphere: str, graticule: str, land: str, borders: str, disputed: str) -> str:
    """Return the paths below the dots, each from its path data; what is empty is left out."""
    line = 'fill="none" stroke="currentColor" stroke-width=".75" vector-effect="non-scaling-stroke"'
    layers = (
        (sphere, 'class="map-sphere"'),
        (graticule, f'class="map-graticule" {line} stroke-opacity=".3"'),
        (land, 'class="map-land" fill-rule="evenodd"'),
        (borders, f'class="map-border" {line} stroke-opacity=".8"'),
        (disputed, f'class="map-border map-border-open" {line} stroke-opacity=".8" stroke-dasharray="3 2"'),
    )
    return "".join(f'<path {attributes} d="{data}"/>' for data, attributes in layers if data)


@lru_cache(maxsize=1)
def _world() -> str:
    """Return the layers below the dots of the world map."""
    view = (0.0, 0.0, float(WORLD_WIDTH), float(WORLD_HEIGHT))
    box = (CENTRAL_MERIDIAN - 180, -90.0, CENTRAL_MERIDIAN + 180, 90.0)
    outline = outlines("world")
    edge = filled([(box[0], -90.0), (box[0], 90.0), (box[2], 90.0), (box[2], -90.0)], 5.0)
    return _layers(
        _path(_on_world(edge), closed=True),
        _graticule(box, 30, _on_world, view),
        _drawn(_land(outline.land, box, _on_world, view), closed=True),
        _drawn(_borders(outline.borders, box, _on_world, view), closed=False),
        _drawn(_borders(outline.disputed, box, _on_world, view), closed=False),
    )


_regions: dict[_Window, str] = {}
"""The layers below the dots of locator maps, by what they show: to draw them takes longer than to make most pages."""


@cache
def _made_by() -> bytes:
    """What decides how a region is drawn: this file, the cutting of lines, and the outlines."""
    total, ours = sha256(), files("briefings")
    for path in (ours / "map.py", ours / "outlines.py", ours / "data" / "region.json"):
        total.update(path.read_bytes() + b"\0")
    return total.digest()


def _region(window: _Window, kept: Cached | None) -> str:
    """Return the layers below the dots of a locator map."""
    made = _regions.get(window)
    if made is None:
        if len(_regions) >= REGIONS:
            _regions.clear()
        made = _regions[window] = _kept(window, kept) if kept else _draw(window)
    return made


def _kept(window: _Window, kept: Cached) -> str:
    """Return the same, drawn only if no other process, and no earlier build, has drawn and kept it."""
    name = f"{window.longitude}_{window.latitude}_{window.reach}"
    found = kept.get(name, _made_by())
    if found is not None:
        return found.decode("ascii")
    made = _draw(window)
    kept.put(name, _made_by(), made.encode("ascii"))
    return made


def _draw(window: _Window) -> str:
    """Return the layers below the dots of a locator map, as fine as ``REGION_BYTES`` allows."""
    width, height = REGION
    view = (-4.0, -4.0, width + 4.0, height + 4.0)
    box = window.box()
    outline = outlines("region")
    project = window.project
    land = _land(outline.land, box, project, view)
    borders = _borders(outline.borders, box, project, view)
    disputed = _borders(outline.disputed, box, project, view)
    graticule = _graticule(box, 10, project, view)
    centre = (width / 2 - 12, height / 2 - 12, width / 2 + 12, height / 2 + 12)
    drawing = ""
    for grain in (0.8, 1.4, 2.0, 2.8, 4.0, 5.6):
        # Islets go first, but never those in the middle: one of them may be what the map is about.
        shown = [r for r in land if _extent(r) >= grain * grain or not apart(bounds(r), centre)]
        drawing = _layers(
            f"M0 0H{width}V{height}H0z",
            graticule,
            _drawn((_thinned(ring, grain) for ring in shown), closed=True),
            _drawn((_thinned(line, grain) for line in borders), closed=False),
            _drawn((_thinned(line, grain) for line in disputed), closed=False),
        )
        if len(drawing) <= REGION_BYTES:
            break
    return drawing


def _extent(points: list[Position]) -> float:
    left, top, right, bottom = bounds(points)
    return (right - left) * (bottom - top)


# --- dots -----------------------------------------------------------------------------------------------------------


def _named(point: Point) -> str:
    return f"{point.label}: {point.count} briefing{'' if point.count == 1 else 's'}" if point.count else point.label


def _gathered(points: Sequence[Point], most: int) -> list[Point]:
    """Return at most ``most`` points: above that, the places of a cell share a dot, in cells as small as will do.

    A shared dot stands at, and leads to, the place with the most briefings, and says how many more there are.
    """
    gathered, cell = list(points), 0.25
    while len(gathered) > most:
        cell *= 2
        cells: defaultdict[tuple[int, int], list[Point]] = defaultdict(list)
        for point in points:
            cells[math.floor(point.longitude / cell), math.floor(point.latitude / cell)].append(point)
        gathered = []
        for members in cells.values():
            first = min(members, key=lambda p: (-p.count, p.label, p.url))
            others = len(members) - 1
            more = f" and {others} more place{'' if others == 1 else 's'} nearby" if others else ""
            gathered.append(replace(first, label=first.label + more, count=sum(p.count for p in members)))
    return gathered


def _dots(
    points: Iterable[Point], place: Callable[[Point], Position], url: Callable[[str], str], sizes: tuple[float, float]
) -> str:
    """Return the dots, the area by the count, larger below smaller; ``sizes``: least and greatest radius."""
    ordered = sorted(points, key=lambda p: (-p.count, p.label, p.url))
    if not ordered:
        return ""
    least, greatest = sizes
    unit = min(least, greatest / math.sqrt(ordered[0].count or 1))
    dots = []
    for point in ordered:
        x, y = place(point)
        # Nothing smaller than 0.7 of the least: a dot that cannot be seen says nothing.
        radius = max(unit * math.sqrt(point.count or 1), 0.7 * least)
        name = escape(_named(point))
        dot = f'<circle class="map-dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"'
        if point.url:
            dots.append(f'<a href="{escape(url(point.url))}">{dot}><title>{name}</title></circle></a>')
        else:
            dots.append(f"{dot}><title>{name}</title></circle>")
    return "".join(dots)


def _svg(kind: str, size: tuple[int, int], label: str, drawing: str, dots: str, note: str = "") -> str:
    role = "group" if "<a " in dots else "img"  # the children of an image are not there for a screen reader
    return (
        f'<svg class="map map-{kind}" viewBox="0 0 {size[0]} {size[1]}" role="{role}" aria-label="{escape(label)}">'
        f"{f'<desc>{escape(note)}</desc>' if note else ''}{drawing}{dots}</svg>"
    )


def _same(address: str) -> str:
    return address


def world_map(
    points: Sequence[Point] = (), label: str = "", url: Callable[[str], str] = _same, *, most: int = MOST_DOTS
) -> str:
    """Return an SVG element: the globe with a dot for each point, a link where the point has an address.

    ``label`` names the map for those who do not see it; ``url`` turns a point's address into what ``href`` holds.
    Points are places already gathered by the caller; above ``most`` those near each other share a dot, and the map
    says so.
    """
    gathered = _gathered(points, most)
    note = "Places near each other share a dot." if len(gathered) < len(points) else ""

    def place(point: Point) -> Position:
        return _on_world([(_wrapped(point.longitude, CENTRAL_MERIDIAN), point.latitude)])[0]

    dots = _dots(gathered, place, url, (7.0, 28.0))
    return _svg("world", (WORLD_WIDTH, WORLD_HEIGHT), label or "Map of the world", _world(), dots, note)


def locator(
    points: Point | Sequence[Point],
    label: str = "",
    url: Callable[[str], str] = _same,
    *,
    reach: float = REACH,
    kept: Cached | None = None,
) -> str:
    """Return an SVG element: the region around one or more points; an empty string if there is none.

    The map reaches at least ``reach`` degrees to the left and right of its middle, and further if the points ask for
    it; beyond ``WIDEST`` degrees it is the map of the world. What is drawn below a single point is kept in
    ``kept``, where that is given: it stands on the page of every briefing about the place.
    """
    shown = tuple(points) if isinstance(points, (tuple, list)) else (points,)
    if not shown:
        return ""
    window = _window(shown, reach)
    if window is None:
        return world_map(shown, label, url, most=FEW_DOTS)
    gathered = _gathered(shown, FEW_DOTS)
    note = "Places near each other share a dot." if len(gathered) < len(shown) else ""
    dots = _dots(gathered, lambda point: window.project([(point.longitude, point.latitude)])[0], url, (6.0, 20.0))
    name = label or (f"Map of the region around {shown[0].label}" if len(shown) == 1 else "Map of the region")
    return _svg("region", REGION, name, _region(window, kept if len(shown) == 1 else None), dots, note)


def _window(points: Sequence[Point], reach: float) -> _Window | None:
    """Return the view that holds all points with some room around, or ``None`` if that would be wider than a region."""
    # The mean direction as a vector: longitudes have no mean near the 180th meridian.
    angles = [(math.radians(p.longitude), math.radians(p.latitude)) for p in points]
    x = math.fsum(math.cos(phi) * math.cos(turn) for turn, phi in angles)
    y = math.fsum(math.cos(phi) * math.sin(turn) for turn, phi in angles)
    middle = math.degrees(math.atan2(y, x)) if len(points) > 1 else points[0].longitude
    meridians = [_wrapped(p.longitude, middle) for p in points]
    parallels = [p.latitude for p in points]
    longitude = _wrapped((min(meridians) + max(meridians)) / 2, 0)
    latitude = (min(parallels) + max(parallels)) / 2
    window = _Window(round(longitude, 2), round(latitude, 2), reach)
    positions = window.project((p.longitude, p.latitude) for p in points)
    half_width, half_height = REGION[0] / 2, REGION[1] / 2
    needed = max(max(abs(x - half_width) / half_width, abs(y - half_height) / half_height) for x, y in positions)
    wider = max(reach, 1.2 * needed * reach)
    return replace(window, reach=round(wider, 1)) if wider <= WIDEST else None
