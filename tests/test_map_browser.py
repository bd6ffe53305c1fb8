"""The map as readers use it: in Chromium, on a built site below a path of its host, under the site's policy."""

from __future__ import annotations

import gzip
import math
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from briefings import build, check
from tests.browser import chromium, hosting, listen
from tests.sites import ROOT, SITE, about, briefing
from tests.test_site_browser import CUT, LOOKS, SIDEWAYS, violations

pytestmark = pytest.mark.browser
BASE = urlsplit(SITE.url).path
PLACES = (
    ("Beira", "MZ", -19.84, 34.84), ("Derna", "LY", 32.77, 22.64), ("Tripoli", "LY", 32.88, 13.19),
    ("Lima", "PE", -12.04, -77.04), ("Suva", "FJ", -18.14, 178.44), ("Sukkur", "PK", 27.71, 68.85),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    top = tmp_path_factory.mktemp("map")
    about(top / "content")
    for name, country, latitude, longitude in (*PLACES, PLACES[0]):
        where = f"{{name: {name}, country: {country}, latitude: {latitude}, longitude: {longitude}}}"
        slug = f"in-{name.lower()}"
        again = (top / "content" / "briefings" / "2026" / f"{slug}.md").exists()
        briefing(top / "content", f"{slug}-again" if again else slug, location=where)
    checked = check.check(top / "content", SITE, datetime(2026, 11, 22, tzinfo=UTC))
    assert not checked.errors, checked.errors
    build.build(checked, SITE, ROOT / "theme", top / "output", index=False)
    with hosting(top / "output", BASE) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser, site):
    """The map at 1280 px, on which nothing may go wrong: no error, no refusal by the policy, no other host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    opened = context.new_page()
    opened.set_default_timeout(4000)
    faults = listen(opened, site)
    opened.goto(f"{site}/map/", wait_until="networkidle")
    yield opened
    context.close()
    assert faults == []


def view(page):
    """``(left, top, width, height)`` of what is shown, in units of the drawing."""
    return tuple(float(number) for number in page.get_attribute("svg.map", "viewBox").split())


def said(page, words):
    page.get_by_role("status").filter(has_text=words).wait_for()


def button(page, name):
    return page.get_by_role("button", name=name)


def place(page, name):
    """A place's dot: its link."""
    return page.locator("svg.map a", has=page.locator("title", has_text=name))


def middle(page, name):
    box = place(page, name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_buttons_enlarge_and_go_back_to_the_whole_world(page):
    whole = view(page)
    assert button(page, "Zoom out").get_attribute("aria-disabled") == "true"
    button(page, "Zoom in").click()
    button(page, "Zoom in").click()
    said(page, "4 times as large: ")
    assert view(page)[2] == whole[2] / 4
    button(page, "Zoom out").click()
    said(page, "2 times as large")
    button(page, "Whole world").click()
    said(page, "Whole world: 6 places")
    assert view(page) == whole
    assert page.evaluate("document.activeElement.dataset.zoom") == "all", "the focus is not lost"
    for _ in range(4):
        button(page, "Zoom in").click()
    said(page, "16 times")
    assert button(page, "Zoom in").get_attribute("aria-disabled") == "true"


def test_dots_are_as_large_on_the_screen_as_before(page):
    before = place(page, "Beira").locator(".map-dot").bounding_box()["width"]
    page.goto(f"{page.url}#view=8,560,310")
    said(page, "8 times")
    assert place(page, "Beira").locator(".map-dot").bounding_box()["width"] == pytest.approx(before, abs=0.2)


RINGS = """() => [...document.querySelectorAll("svg.map a")].map((link) => {
    const [ring, dot] = [...link.querySelectorAll("circle")].map((one) => one.getBoundingClientRect());
    return {name: link.textContent, x: dot.x + dot.width / 2, y: dot.y + dot.height / 2, r: dot.width / 2, reach: ring.width / 2};
})"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", ["", "#view=4,520,125", "#view=16,520,125"])
def test_a_finger_can_aim_at_dots_where_there_is_room(page, width, address):
    """24 CSS pixels (WCAG 2.2, 2.5.8); Derna and Tripoli are near each other, and neither takes the other's place."""
    plain = page.evaluate(RINGS)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{page.url}{address}")
    said(page, "place")
    dots = {one["name"].partition(",")[0]: one for one in page.evaluate(RINGS)}
    assert all(one["reach"] >= 11.9 for name, one in dots.items() if name not in {"Derna", "Tripoli"})
    one, other = dots["Derna"], dots["Tripoli"]
    apart = math.hypot(one["x"] - other["x"], one["y"] - other["y"])
    assert one["reach"] + other["reach"] <= max(apart, one["r"] + other["r"]) + 0.1
    if address.startswith("#view=16"):
        assert min(one["reach"], other["reach"]) >= 11.9
    if width == 390 and address:
        share = width * 0.9 / 1280
        assert dots["Lima"]["r"] > 1.5 * share * next(one["r"] for one in plain if one["name"].startswith("Lima"))
    x, y = dots["Beira"]["x"], dots["Beira"]["y"]
    if not address:
        page.mouse.click(x + 10, y)
        page.wait_for_url("**/places/beira-mz/")


def test_a_view_has_an_address_and_the_way_back_works(page, browser):
    world = page.url
    button(page, "Zoom in").click()
    page.wait_for_url("**#view=2,*")
    first, shown = page.url, view(page)
    page.focus("svg.map")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url not in {first, world})
    assert view(page)[0] > shown[0]
    other = browser.new_page()
    other.goto(page.url)
    assert view(other) == pytest.approx(view(page), abs=1), "somebody else sees the same"
    other.close()
    page.go_back()
    assert page.url == first
    assert view(page) == pytest.approx(shown, abs=0.1)
    page.go_back()
    said(page, "Whole world")
    assert page.url == world
    page.go_forward()
    said(page, "2 times")


def test_a_view_is_kept_when_a_place_is_visited_and_left(page):
    x, y = middle(page, "Beira")
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.mouse.click(*middle(page, "Beira"))
    page.wait_for_url("**/places/beira-mz/")
    page.go_back()
    said(page, "2 times")


@pytest.mark.parametrize(
    "address", ["#view=0,0,0", "#view=999,1e9,3", "#view=4,99999,99999", "#view=x", "#main", "#view=..,.,."]
)
def test_an_address_made_up_shows_something_sensible(page, site, address):
    page.goto("about:blank")
    page.goto(f"{site}/map/{address}", wait_until="networkidle")
    left, top, width, height = view(page)
    assert left >= 0
    assert top >= 0
    assert left + width <= 1000.01
    assert top + height <= 488


def test_the_wheel_scrolls_the_page_unless_ctrl_is_held(page):
    page.set_viewport_size({"width": 1280, "height": 400})
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 120)
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") > 0
    assert view(page)[2] == 1000
    page.evaluate("scrollTo(0, 0)")
    x, y = middle(page, "Derna")
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    said(page, "2 times")
    assert page.evaluate("scrollY") == 0
    assert middle(page, "Derna") == pytest.approx((x, y), abs=1.5), "what is below the pointer stays there"


def test_the_map_is_dragged_and_a_drag_follows_no_link(page):
    page.goto(f"{page.url}#view=2,520,170")
    said(page, "2 times")
    x, y = middle(page, "Derna")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.move(x - 120, y - 60, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert urlsplit(page.url).path == f"{BASE}/map/"
    assert middle(page, "Derna") == pytest.approx((x - 120, y - 60), abs=3)
    page.mouse.click(*middle(page, "Derna"))
    page.wait_for_url("**/places/derna-ly/")


def test_two_fingers_enlarge_and_one_scrolls(page):
    send = page.context.new_cdp_session(page).send

    def touch(kind, *points):
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    x, y = middle(page, "Derna")
    touch("touchStart", (x - 40, y))
    touch("touchStart", (x - 40, y), (x + 40, y))
    for apart in (50, 60, 70, 80, 100, 120):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd")
    said(page, "times as large")
    assert view(page)[2] == pytest.approx(1000 / 3, rel=0.15)
    assert middle(page, "Derna") == pytest.approx((x, y), abs=25)
    assert page.evaluate("getComputedStyle(document.querySelector('svg.map')).touchAction") == "pan-y"


def test_keys_work_while_the_map_has_the_focus_alone(page):
    page.keyboard.press("+")
    page.wait_for_timeout(50)
    assert view(page)[2] == 1000
    page.focus("svg.map")
    for key, width in (("+", 500), ("+", 250), ("-", 500), ("0", 1000), ("=", 500)):
        page.keyboard.press(key)
        assert view(page)[2] == width
    left = view(page)[0]
    page.keyboard.press("ArrowLeft")
    assert view(page)[0] < left
    page.keyboard.press("Control+0")  # the browser's own
    assert view(page)[2] == 500


def test_a_place_out_of_view_comes_into_it_with_the_focus(page):
    page.goto(f"{page.url}#view=8,300,280")
    said(page, "8 times")
    place(page, "Suva").focus()
    said(page, "1 of 6 places in view")
    left, top, width, height = view(page)
    dot = place(page, "Suva").locator(".map-dot")
    assert left <= float(dot.get_attribute("cx")) <= left + width
    assert top <= float(dot.get_attribute("cy")) <= top + height


def test_the_list_below_names_what_is_in_view(page):
    near = page.locator("#map-near")
    assert near.is_hidden()
    page.goto(f"{page.url}#view=8,520,125")
    near.wait_for()
    rows = near.locator("li").all_inner_texts()
    assert rows == ["Derna, Libya 1 briefing", "Tripoli, Libya 1 briefing"]
    near.locator("a").first.click()
    page.wait_for_url("**/places/derna-ly/")


def test_without_scripts_the_map_is_whole_and_offers_no_buttons(browser, site):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{site}/map/")
    assert opened.locator("svg.map a").count() == len(PLACES)
    assert opened.get_by_role("button").count() == 0
    assert opened.locator("#map-near").is_hidden()
    context.close()


def test_the_script_is_small_and_on_this_page_alone(page, site):
    assert len(gzip.compress((ROOT / "theme/static/map.js").read_bytes(), 9)) <= 4096
    for path in ("/", "/places/", "/places/derna-ly/", "/briefings/in-derna/"):
        page.goto(site + path)
        assert page.locator("script[src]").count() == 0


def test_nothing_bars_anybody_and_nothing_stands_out(page, site):
    """WCAG 2.2 A and AA by axe-core, both schemes, wide and narrow; no sideways scrolling at 320 px."""
    bars = []
    for address in ("", "#view=8,520,125"):
        page.goto("about:blank")
        page.goto(f"{site}/map/{address}", wait_until="networkidle")
        said(page, "place")
        bars += violations(page, address, LOOKS)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(SIDEWAYS) == 0
            assert page.evaluate(CUT) == []
    assert bars == []
