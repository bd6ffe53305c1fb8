"""The built site as readers meet it in Chromium: quiet, narrow, dark, without scripts, by keyboard, and by axe-core.

The demo site and the awkward one (``tests/awkward.py``) are served under the policy that docs/operating.md gives.
"""

from __future__ import annotations

import gzip
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import awkward
from tests.browser import chromium, hosting, listen, policy

pytestmark = pytest.mark.browser

DEMO = {
    "front": "/",
    "second page": "/page/2/",
    "briefing": "/briefings/cape-town-day-zero/",
    "undated briefing": "/briefings/fall-of-eastern-aleppo/",
    "right-to-left briefing": "/briefings/beirut-port-explosion/",
    "withdrawn briefing": "/briefings/palu-first-report/",
    "tag": "/tags/floods/",
    "place": "/places/aleppo-sy/",
    "region": "/regions/sofala-mz/",
    "country": "/countries/mz/",
    "source": "/sources/irin/",
    "year": "/archive/2019/",
    "month": "/archive/2019/03/",
    "tags": "/tags/",
    "places": "/places/",
    "regions": "/regions/",
    "countries": "/countries/",
    "sources": "/sources/",
    "selection": "/selections/storms-and-floods/",
    "selections": "/selections/",
    "story": "/stories/palu-2018/",
    "stories": "/stories/",
    "archive": "/archive/",
    "digest": "/digest/2026-02/",
    "digest of a week": "/digest/2025-W48/",
    "digest of a day": "/digest/2026-02-20/",
    "calendar": "/digest/2026/",
    "feed of days": "/digest/daily/",
    "digests": "/digest/",
    "changes": "/changes/",
    "feeds": "/feeds/",
    "map": "/map/",
    "search": "/search/?q=river",
    "plain page": "/about/",
    "not found": "/404.html",
}
"""A page of each kind on the demo site."""
AWKWARD = {
    slug: f"/briefings/{slug}/"
    for slug in (
        "markup", "long-title", "long-word", "wide-table", "long-address", "right-to-left", "hebrew-undated", "chinese",
        "undated-and-bare", "withdrawn", "empty-body", "pictures", "words-of-a-picture", "controls", "headings", "links",
        "at-the-edge", "many-tags",
    )
} | {
    "front page": "/", "page 5": "/page/5/", "tags": "/tags/", "sources": "/sources/", "places": "/places/", "feeds": "/feeds/",
    "changes": "/changes/", "digests": "/digest/", "calendar": "/digest/2026/", "feed of weeks": "/digest/weekly/",
    "archive": "/archive/", "map": "/map/",
    "search": "/search/?q=two", "plain page": "/about/", "list": "/tags/long/",
}  # fmt: skip
WIDTHS = (320, 390, 1280)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && !one.closest('svg, .table, .skip') && (box.right > innerWidth + 1 || box.left < -1);
}).map(one => one.outerHTML.slice(0, 120))"""
"""What stands out of the window, whether the page scrolls or hides it."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with hosting(awkward.build_demo(tmp_path_factory.mktemp("demo"))) as address:
        yield address


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    folder = awkward.build_awkward(tmp_path_factory.mktemp("awkward"))
    with hosting(folder, awkward.BASE) as address:
        yield address


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()


def tour(page, address, pages):
    """Visit every page; yields its name once it is at rest."""
    for name, path in pages.items():
        page.goto(address + path, wait_until="load")
        if "?q=" in path:
            page.wait_for_selector("article.card mark")
        yield name


@pytest.mark.parametrize("site", ["demo", "strange"])
def test_pages_are_quiet_and_fit_any_width(site, page, request):
    """No console error, failed request or foreign host (P4); no sideways scrolling, also at 320 px (P3)."""
    address = request.getfixturevalue(site)
    faults = listen(page, address)
    wide = []
    for name in tour(page, address, DEMO if site == "demo" else AWKWARD):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if over := page.evaluate(SIDEWAYS):
                wide.append(f"{name} at {width}: {over} px")
            wide += [f"{name} at {width}: {one}" for one in page.evaluate(CUT)]
    assert faults == []
    assert wide == []


def fetched(page, address):
    """What a page makes the browser fetch: path, kind and bytes, compressed as a web server would."""
    asked = []
    page.on("response", lambda response: asked.append(response))  # noqa: PLW0108 - playwright cannot take a method of C
    page.goto(address, wait_until="networkidle")
    return [
        (urlsplit(one.url).path, one.request.resource_type, len(
            one.body() if one.url.endswith((".png", ".jpg")) else gzip.compress(one.body(), 6)
        ))
        for one in asked
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "requests", "kilobytes"),
    [
        ("front", 6, 60),
        ("briefing", 6, 60),
        ("country", 6, 60),
        ("calendar", 6, 60),
        ("map", 15, 100),
        ("search", 15, 100),
    ],
)
def test_a_page_is_light(demo, page, name, requests, kilobytes):
    """P5, and stricter where people read; the index for search is not among what a page fetches."""
    asked = fetched(page, demo + DEMO[name].partition("?")[0])
    assert len(asked) <= requests
    assert sum(size for _, _, size in asked) <= kilobytes * 1000
    assert not any("/pagefind/" in path for path, _, _ in asked)
    styles = [size for _, kind, size in asked if kind == "stylesheet"]
    assert styles
    assert sum(styles) <= 12_000


SCRIPTED = {"feeds", "map", "search"}
"""Pages that do more with JavaScript; every other kind has none at all."""


def test_pages_to_read_have_no_scripts(demo, page):
    scripts = {name for name, path in DEMO.items() if (page.goto(demo + path), page.locator("script[src]").count())[1]}
    assert scripts <= SCRIPTED
    assert page.goto(f"{demo}/search/").ok
    assert page.locator("script[src]").count() == 1


def test_the_listener_hears(demo, page):
    """That nothing was heard above says something only if it would have been."""
    faults = listen(page, demo)
    page.goto(f"{demo}/")
    assert faults == []
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.evaluate("fetch('http://127.0.0.2:9/').catch(() => {})")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: '/no-such-picture.png'}))")
    page.evaluate("setTimeout(() => { throw new Error('a fault') })")
    page.wait_for_timeout(300)
    said = "\n".join(faults)
    assert "script-src" in said
    assert "connect-src" in said
    assert "404" in said
    assert "a fault" in said


def test_dark_is_dark_and_light_is_light(demo, page):
    """P7: by the reader's preference, declared, on the page and in the browser's own controls."""
    shades = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{demo}/search/")
        shades[scheme] = {
            part: sum(int(number) for number in page.evaluate(
                f"getComputedStyle(document.querySelector('{part}')).{look}.match(/\\d+/g).slice(0, 3)"
            ))
            for part, look in (("body", "backgroundColor"), ("h1", "color"), ("input", "backgroundColor"))
        }  # fmt: skip
    light, dark = shades["light"], shades["dark"]
    assert min(light["body"], light["input"], dark["h1"]) > 600
    assert max(dark["body"], dark["input"], light["h1"]) < 150
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"


def test_everything_can_be_read_without_scripts(demo, browser):
    """P10: reading and lists work; search says that it does not, and gives the lists instead."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo}/")
    page.click(".card-lead h2 a")
    assert page.inner_text(".briefing h1")
    assert page.inner_text(".briefing .prose")
    page.click(".briefing .strip-place")
    assert page.locator("article.card").count()
    page.goto(f"{demo}/search/")
    assert "needs JavaScript" in page.inner_text("noscript")
    assert page.locator("#search-form").is_hidden(), "what cannot work is not offered"
    for path in ("/tags/floods/", "/sources/irin/", "/archive/"):
        assert page.locator(f'noscript a[href="{path}"]').is_visible()
    page.goto(f"{demo}/map/")
    assert page.locator("svg.map").is_visible()
    assert page.locator('main .links a[href="/countries/mz/"]').is_visible()
    context.close()


def test_the_skip_link_is_first_and_leads_to_the_text(demo, page):
    page.goto(f"{demo}/briefings/cyclone-idai/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_readers_see_in_which_part_of_the_site_they_are(demo, page):
    """The menu marks it, also where the address does not say so; indexes of one kind of thing lead to each other."""
    for path, part in {
        "/countries/mz/": "Places", "/regions/sofala-mz/": "Places", "/digest/2026-02/": "Archive", "/selections/": "Topics",
        "/tags/floods/": "Topics", "/briefings/cyclone-idai/": "",
    }.items():  # fmt: skip
        page.goto(demo + path)
        assert page.locator(".site-head [aria-current]").all_inner_texts() == ([part] if part else [])
    page.goto(f"{demo}/places/")
    page.click(".others >> text=Regions")
    page.click(".others >> text=Countries")
    assert page.inner_text(".others [aria-current]") == page.inner_text("h1") == "Countries"
    page.click("footer >> text=Corrections")
    assert page.inner_text("h1") == "Corrections and changes"


def test_paper_has_what_is_read_and_not_what_is_pressed(demo, page):
    page.emulate_media(media="print")
    for path, kept, gone in (
        ("/search/?q=river", "article.card", "#search-form"),
        ("/map/", "svg.map", ".map-tools"),
        ("/places/", ".terms", ".others"),
        ("/briefings/cyclone-idai/", "#how-we-know", ".steps"),
    ):
        page.goto(demo + path)
        page.wait_for_selector(kept)
        assert page.locator(gone).first.is_hidden(), path
    page.goto(f"{demo}/briefings/haiti-earthquake-2021/")
    shown = (
        "[...document.querySelectorAll('.prose a, .source-links a')].map(a => getComputedStyle(a, '::after').content)"
    )
    assert {'" (https://briefings.example.org/briefings/matthew-haiti/)"', '" (https://meridian.example.org/)"'} <= set(
        page.evaluate(shown)
    )


def test_places_on_the_map_are_reached_by_keyboard(demo, page):
    page.goto(f"{demo}/map/")
    page.keyboard.press("Tab")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('svg.map a') !== null"):
            break
    dot = "getComputedStyle(document.activeElement.querySelector('.map-dot'))"
    assert page.evaluate(f"{dot}.strokeWidth") != "1px", "focus is seen"
    path = page.evaluate("document.activeElement.getAttribute('href')")
    assert page.evaluate("document.activeElement.querySelector('title').textContent")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    assert page.locator("article.card").count()


def found(page):
    """Addresses of the results, once they are there."""
    page.wait_for_selector("[role=status]:has-text('briefing')", state="attached")
    return [link.get_attribute("href") for link in page.query_selector_all("article.card h2 a")]


def test_search_finds_words_and_says_where_it_is(demo, page):
    """Words, a filter, accents, Arabic; the address holds all of it; the index is asked for on use only (P5)."""
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(f"{demo}/search/", wait_until="networkidle")
    assert not any("/pagefind/" in path for path in asked)
    page.fill("#search-q", "cyclone")
    page.keyboard.press("Enter")
    everywhere = found(page)
    assert "/briefings/cyclone-idai/" in everywhere
    page.select_option("#search-country", "Mozambique")
    page.wait_for_url("**country=Mozambique**")
    assert set(found(page)) < set(everywhere)
    assert "/briefings/cyclone-idai/" in found(page)
    assert parse_qs(urlsplit(page.url).query) == {"q": ["cyclone"], "country": ["Mozambique"]}
    page.reload()
    assert page.input_value("#search-q") == "cyclone"
    assert page.input_value("#search-country") == "Mozambique"
    assert "/briefings/cyclone-idai/" in found(page)
    page.click("article.card h2 a")
    page.go_back()
    assert "/briefings/cyclone-idai/" in found(page)
    page.goto(f"{demo}/search/?q=seisme")
    assert "/briefings/seisme-al-haouz/" in found(page)
    page.goto(f"{demo}/search/?q=انفجار")
    assert "/briefings/beirut-port-explosion/" in found(page)


def test_search_works_where_the_site_is_mounted(strange, page):
    faults = listen(page, strange)
    page.goto(f"{strange}/search/?q={awkward.LONG_WORD.lower()[:20]}")
    assert f"{awkward.BASE}/briefings/long-word/" in found(page)
    page.goto(f"{strange}/search/?tag=Food+%26+%3CWater%3E")
    assert found(page) == [f"{awkward.BASE}/briefings/markup/"]
    assert page.locator("article.card script, article.card b").count() == 0
    assert faults == []


def test_what_editors_wrote_is_shown_as_written(strange, page):
    page.goto(f"{strange}/briefings/markup/")
    assert page.inner_text("h1") == awkward.MARKUP
    assert page.title().startswith(awkward.MARKUP)
    assert page.inner_text(".key-points li >> nth=0") == awkward.MARKUP
    assert page.locator("main i, main script:not([type])").count() == 0


def test_an_old_address_leads_on(strange, page):
    page.goto(f"{strange}/briefings/former-links/")
    page.wait_for_url("**/briefings/links/")
    assert page.inner_text("h1") == "Title of links"


def test_a_feed_opened_in_a_browser_can_be_read(tmp_path, browser):
    """F36: at its public address, under the policy, the style sheet is found and hides what is for programs."""
    folder = awkward.build_demo(tmp_path)
    context = browser.new_context()
    page = context.new_page()
    faults = listen(page, "https://briefings.example.org")
    types = {"xml": "application/atom+xml", "css": "text/css", "png": "image/png"}

    def give(route):
        path = folder / urlsplit(route.request.url).path[1:]
        headers = {"Content-Security-Policy": policy(), "Content-Type": types[path.suffix[1:]]}
        route.fulfill(body=path.read_bytes(), headers=headers)

    context.route("https://briefings.example.org/**", give)
    page.goto("https://briefings.example.org/feed.atom.xml")
    assert page.evaluate("getComputedStyle(document.querySelector('entry > id')).display") == "none"
    assert page.locator("entry > title").first.is_visible()
    assert faults == []
    context.close()


# --- accessibility --------------------------------------------------------------------------------------------------

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
LOOKS = (("light", 1280, RULES), ("dark", 390, RULES), ("dark", 1280, CONTRAST), ("light", 390, CONTRAST))
"""Every rule in both widths and both schemes; what has no colour in it is not looked at twice."""


def violations(page, name, looks):
    """What axe-core finds on a page, as lines."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    lines = []
    for scheme, width, rules in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for broken in page.evaluate("rules => axe.run(document, rules)", rules)["violations"]:
            where = "; ".join(node["html"][:150] for node in broken["nodes"][:3])
            lines.append(f"{name}, {scheme}, {width} px: {broken['id']} ({len(broken['nodes'])}): {where}")
    return lines


@pytest.mark.parametrize("site", ["demo", "strange"])
def test_nothing_bars_anybody(site, page, request):
    """P2: WCAG 2.2 A and AA by axe-core, target size too, in both schemes, at 1280 and 390 px."""
    pages, looks = (DEMO, LOOKS) if site == "demo" else (AWKWARD, LOOKS[:2])
    bars = []
    for name in tour(page, request.getfixturevalue(site), pages):
        bars += violations(page, name, looks)
    assert bars == []


def test_axe_finds_what_is_wrong(page):
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=x><p style='color:#bbb'>faint</p></main>")
    found_here = "\n".join(violations(page, "bad", LOOKS[:1]))
    assert "image-alt" in found_here
    assert "color-contrast" in found_here
