"""Maps: what stands where, read back from the SVG.

Sizes are measured by the tests below; of a built site with
``python -m briefings build --output /tmp/site && gzip -9c /tmp/site/map/index.html | wc -c``.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from briefings import map as maps
from briefings.cached import Cached
from briefings.views import Point

SVG = "{http://www.w3.org/2000/svg}"

ALEPPO = Point("Aleppo, Syria", "/places/aleppo/", 36.2, 37.16, 3)
SUVA = Point("Suva, Fiji", "/places/suva/", -18.14, 178.44)
APIA = Point("Apia, Samoa", "/places/apia/", -13.83, -171.76)


def read(svg):
    """The SVG as an XML tree; the element is HTML's, so its namespace is added here."""
    return ET.fromstring(svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))


def rings(svg, name="map-land"):
    """The lines of a layer as lists of positions: path data is ``M x y l dx dy …``."""
    data = next(path.get("d") for path in read(svg).iter(f"{SVG}path") if path.get("class") == name)
    found = []
    for shape in data.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", shape)]
        x, y = numbers[:2]
        ring = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def on_land(svg, x, y):
    """Whether a position of the drawing is inside the land (even-odd rule)."""
    inside = False
    for ring in rings(svg):
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                inside = not inside
    return inside


def dots(svg):
    """``(title, x, y, radius)`` of each dot in the order of drawing."""
    return [
        (dot.findtext(f"{SVG}title"), *(float(dot.get(name)) for name in ("cx", "cy", "r")))
        for dot in read(svg).iter(f"{SVG}circle")
    ]


def test_the_projection_has_the_size_that_its_authors_give():
    assert maps.equal_earth(180, 0) == pytest.approx((2.70663, 0), abs=1e-5)
    assert maps.equal_earth(0, 90) == pytest.approx((0, 1.31737), abs=1e-5)
    assert maps.equal_earth(-180, 0)[0] == -maps.equal_earth(180, 0)[0]


@pytest.mark.parametrize("latitude", [0, 30, 60, 85])
def test_the_world_map_is_equal_area(latitude):
    """A strip of one degree has the area on the map that it has on a globe of radius 1."""
    step, area = 0.01, 0.0
    for i in range(100):
        low = latitude + i * step
        width = 2 * maps.equal_earth(180, low + step / 2)[0]
        area += width * (maps.equal_earth(0, low + step)[1] - maps.equal_earth(0, low)[1])
    globe = 2 * math.pi * (math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude)))
    assert area == pytest.approx(globe, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "land"),
    [
        ("Moscow", 55.75, 37.62, True),
        ("Brasília", -15.79, -47.88, True),
        ("Chukotka, east of the 180th meridian", 67, -178, True),
        ("Alaska", 65, -153, True),
        ("the South Pole", -89.5, 0, True),
        ("Antarctica near the cut", -86, -168, True),
        ("the Gulf of Guinea", 0, 0, False),
        ("the Caspian Sea", 42, 50.5, False),
        ("the North Pole", 89, 0, False),
        ("the Pacific at the 180th meridian", 0, 180, False),
    ],
)
def test_land_is_where_it_is(name, latitude, longitude, land):
    svg = maps.world_map((Point(name, "", latitude, longitude),))
    ((_, x, y, _),) = dots(svg)
    assert on_land(svg, x, y) is land


def test_no_line_runs_across_the_globe():
    """The longest is the 49th parallel between Canada and the United States."""
    svg = maps.world_map()
    for ring in rings(svg) + rings(svg, "map-border"):
        for (ax, ay), (bx, by) in pairwise(ring):
            at_the_pole = ay > maps.WORLD_HEIGHT - 3
            assert at_the_pole or math.hypot(bx - ax, by - ay) < 100


def test_a_dot_is_a_link_with_a_name():
    svg = maps.world_map((ALEPPO, SUVA), "Where briefings are about", lambda path: f"/news{path}")
    tree = read(svg)
    assert [link.get("href") for link in tree.iter(f"{SVG}a")] == ["/news/places/aleppo/", "/news/places/suva/"]
    assert [dot[0] for dot in dots(svg)] == ["Aleppo, Syria: 3 briefings", "Suva, Fiji: 1 briefing"]
    assert (tree.get("role"), tree.get("aria-label")) == ("group", "Where briefings are about")


def test_without_addresses_the_map_is_an_image():
    assert read(maps.world_map((Point("Lima", "", -12.04, -77.04),))).get("role") == "img"


def test_a_dot_counts_nothing_where_its_count_is_not_told():
    told = [dots(maps.locator((replace(SUVA, count=count),), "Where", str)) for count in (0, 1)]
    assert [one[0][0] for one in told] == ["Suva, Fiji", "Suva, Fiji: 1 briefing"]
    assert told[0][0][1:] == told[1][0][1:], "it is as large"


def test_the_area_of_a_dot_follows_the_count_and_the_larger_lies_below():
    one, four, nine = (Point(str(n), "", 0, n, n) for n in (1, 4, 9))
    found = dots(maps.world_map((one, nine, four)))
    assert [title.split(":")[0] for title, *_ in found] == ["9", "4", "1"]
    assert [radius / found[2][3] for *_, radius in found] == pytest.approx([3, 2, 1], abs=0.02)


def test_markup_in_a_label_stays_text():
    svg = maps.world_map((Point('<b>"A" & B', '/x?a="&b', 1, 2),), '"<i>')
    assert dots(svg)[0][0] == '<b>"A" & B: 1 briefing'
    assert read(svg).get("aria-label") == '"<i>'
    assert read(svg).find(f".//{SVG}a").get("href") == '/x?a="&b'


def test_the_strict_policy_holds_and_the_bytes_stay():
    svg = maps.world_map((ALEPPO,)) + maps.locator(ALEPPO)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|\sid=", svg)
    maps._world.cache_clear()
    maps._regions.clear()
    assert maps.world_map((ALEPPO,)) + maps.locator(ALEPPO) == svg


def test_the_world_map_is_light():
    paths = [path.get("d") for path in read(maps.world_map()).iter(f"{SVG}path")]
    assert sum(map(len, paths)) < 27_000


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Aleppo", 36.2, 37.16),
        ("Ouagadougou", 12.37, -1.52),
        ("Longyearbyen", 78.22, 15.9),
        ("the South Pole", -90, 0),
        ("Chukotka near the 180th meridian", 66.5, 179.9),
        ("Viti Levu", -17.8, 178.0),
        ("Upolu", -13.92, -171.75),
        ("Gozo and Malta", 35.9, 14.42),
        ("Crete", 35.2, 24.9),
    ],
)
def test_a_locator_map_shows_the_place_in_its_middle_on_land(name, latitude, longitude):
    svg = maps.locator(Point(name, "", latitude, longitude))
    ((_, x, y, _),) = dots(svg)
    assert (x, y) == (200, 150)
    assert on_land(svg, x, y)
    assert len(svg) <= 8192


def test_what_a_map_of_one_place_shows_is_drawn_once_for_all_processes(tmp_path, monkeypatch):
    svg, kept = maps.locator(ALEPPO), Cached(tmp_path)
    maps._regions.clear()
    assert maps.locator(ALEPPO, kept=kept) == svg
    (path,) = tmp_path.iterdir()

    def anew():
        maps._regions.clear()
        return maps.locator(ALEPPO, kept=kept)

    with monkeypatch.context() as patch:
        patch.setattr(maps, "_draw", lambda _: pytest.fail("it was drawn"))
        assert anew() == svg
    for data in (b"", path.read_bytes().replace(b"map-land", b"map-sand")):  # damaged
        path.write_bytes(data)
        assert anew() == svg
    with monkeypatch.context() as patch:  # another program
        patch.setattr(maps, "_made_by", lambda: b"other")
        patch.setattr(maps, "_draw", lambda _: "")
        assert anew() != svg
    assert anew() == svg


def test_a_map_of_several_places_is_not_kept(tmp_path):
    maps._regions.clear()
    maps.locator((ALEPPO, replace(ALEPPO, latitude=35.1)), kept=Cached(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_locator_map_keeps_distances():
    """Aleppo to Damascus is about 310 km; twelve degrees (1334 km) are half the width."""
    damascus = Point("Damascus", "", 33.51, 36.29)
    (_, ax, ay, _), (_, bx, by, _) = dots(maps.locator((ALEPPO, damascus)))
    assert math.hypot(bx - ax, by - ay) / 200 * 1334 == pytest.approx(310, abs=8)


def test_places_on_both_sides_of_the_180th_meridian_share_a_locator_map():
    svg = maps.locator((SUVA, APIA))
    assert read(svg).get("class") == "map map-region"
    assert all(0 < x < 400 and 0 < y < 300 for _, x, y, _ in dots(svg))


def test_places_far_apart_get_the_map_of_the_world():
    assert read(maps.locator((ALEPPO, SUVA))).get("class") == "map map-world"


def test_no_places_no_map():
    assert maps.locator(()) == ""


def test_lines_that_are_not_settled_are_dashed():
    """Around Srinagar the Line of Control is one of them."""
    svg = maps.locator(Point("Srinagar", "", 34.08, 74.8))
    open_lines = [path for path in read(svg).iter(f"{SVG}path") if "map-border-open" in path.get("class")]
    assert [path.get("stroke-dasharray") for path in open_lines] == ["3 2"]


def test_thousands_of_places_share_dots_and_no_briefing_is_lost():
    points = tuple(
        Point(f"Place {i}", f"/p/{i}/", -60 + (i * 7919 % 13000) / 100, -180 + (i * 104729 % 36000) / 100, 1 + i % 5)
        for i in range(20_000)
    )
    svg = maps.world_map(points)
    shown = dots(svg)
    assert len(shown) <= maps.MOST_DOTS
    assert sum(int(re.search(r"(\d+) briefings?$", title)[1]) for title, *_ in shown) == sum(p.count for p in points)
    assert any("more places nearby" in title for title, *_ in shown)
    assert read(svg).findtext(f"{SVG}desc") == "Places near each other share a dot."
    assert len(dots(maps.locator(points))) <= maps.FEW_DOTS < maps.MOST_DOTS
