"""Copies for reading offline as readers meet them: in Chromium, below a path of the host, with the host up and down."""

from __future__ import annotations

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from briefings import build, check, offline
from tests.awkward import png
from tests.browser import Host, Published, chromium, hosting, listen
from tests.sites import NOW, ROOT, SITE, about, briefing
from tests.test_site_browser import CUT, LOOKS, SIDEWAYS, violations

pytestmark = pytest.mark.browser
BASE = urlsplit(SITE.url).path
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    }
    return found.sort();
}"""
RESTS = """async (path) => {
    const cache = await caches.open("offline /news/ 1");
    for (let turn = 0; turn < 100; turn += 1) {
        if (await cache.match(path)) return true;
        await new Promise((done) => setTimeout(done, 30));
    }
    return false;
}"""
"""Whether the worker has kept a page, which it does once the page is there."""


WORKERS = "(await navigator.serviceWorker.getRegistrations()).length"
BRIEFINGS = """(await (await caches.open("offline /news/ 1")).keys())
    .filter((one) => one.url.includes("/briefings/")).length"""


class Place:
    """A content folder, the site of it, and a host that can be down."""

    def __init__(self, folder, handler=Host):
        self.folder, self.handler, self.port, self.site = folder, handler, 0, replace(SITE, offline=20)
        about(self.content)
        (self.content / "images").mkdir()
        (self.content / "images" / "one.png").write_bytes(png(40, 30))
        (self.content / "images" / "other.png").write_bytes(png(30, 40))
        briefing(self.content, "one", "The river rose.", image="{file: images/one.png, alt: A river}")
        briefing(self.content, "two", "The harbour closed.", image="{file: images/other.png, alt: A harbour}")
        briefing(self.content, "three", "Nobody read this.")
        briefing(
            self.content, "beirut", "كلمات", lang="ar", title='"انفجار في المرفأ"', date="2020-08-04",
            location="{name: بيروت, country: LB}",
        )  # fmt: skip

    @property
    def content(self):
        return self.folder / "content"

    def build(self, **options):
        self.site = replace(self.site, **options)
        checked = check.check(self.content, self.site, NOW)
        assert not checked.errors, checked.errors
        build.build(checked, self.site, ROOT / "theme", self.folder / "output", index=False)

    @contextmanager
    def up(self):
        # A connection for each request, or those that stay open would be answered when the host is down.
        brief = type("Brief", (self.handler,), {"protocol_version": "HTTP/1.0"})
        with hosting(self.folder / "output", BASE, brief, self.port) as address:
            self.port = urlsplit(address).port
            yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    made.build()
    return made


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()


def read(page, address, slug):
    """Open a briefing, and wait until it is kept."""
    page.goto(f"{address}/briefings/{slug}/")
    assert page.evaluate(RESTS, f"{BASE}/briefings/{slug}/"), slug


def controlled(page, address):
    """Wait for the worker to be at work."""
    page.goto(f"{address}/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def until(page, what):
    """Wait until an expression, in which promises may be waited for, is true."""
    true = f"""async () => {{
        for (let turn = 0; turn < 200; turn += 1) {{
            if ({what}) return true;
            await new Promise((done) => setTimeout(done, 50));
        }}
        return false;
    }}"""
    assert page.evaluate(true), what


def titles(page):
    page.locator("#offline-status:not(:empty)").wait_for(state="attached")
    return page.locator("#offline-kept article h2").all_inner_texts()


@pytest.mark.parametrize("handler", [Host, Published], ids=["policy of the guide", "policy of _headers"])
def test_what_was_read_can_be_read_without_a_connection(tmp_path, page, handler):
    place = Place(tmp_path, handler)
    place.build()
    with place.up() as address:
        faults = listen(page, address)
        read(page, address, "one")  # the first page of all, before there was a worker
        read(page, address, "beirut")
        assert faults == []
    page.goto(f"{address}/briefings/one/?from=mail")
    assert page.inner_text("h1") == "Title of one"
    notice = page.inner_text(".notice.kept")
    assert "no connection" in notice
    assert re.search(r"kept on \d{1,2} [A-Z][a-z]+ \d{4};", notice), "dates are written as elsewhere"
    assert page.evaluate("getComputedStyle(document.body).display") == "flex", "the style sheet is kept"
    assert page.evaluate("document.images[0].naturalWidth") == 40
    page.goto(f"{address}/briefings/three/")
    assert page.inner_text("h1") == "Kept for reading offline"
    assert titles(page) == ["Title of one", "انفجار في المرفأ"], "the last one read stands first"
    assert page.locator("#offline-missing").is_visible()
    card = page.locator("#offline-kept article").nth(1)
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar", "rtl")
    assert card.locator(".strip").inner_text().startswith("بيروت")
    page.click("#offline-kept article:nth-child(2) h2 a")
    assert page.inner_text("h1") == "انفجار في المرفأ"
    page.goto(f"{address}/offline/")
    assert page.locator("#offline-missing").is_hidden()
    page.click("#offline-clear")
    page.locator("#offline-status:has-text('removed')").wait_for()
    assert titles(page) == []
    assert [path for path in page.evaluate(KEPT) if "/briefings/" in path] == []


def test_only_what_was_read_is_kept(place, page):
    """No index for search, feed, list or other page; nothing is fetched that the page does not show."""
    with place.up() as address:
        asked = []
        page.context.on("request", lambda request: asked.append(urlsplit(request.url).path))
        controlled(page, address)
        read(page, address, "one")
        for path in ("/", "/map/", "/archive/", "/search/", "/feed.json", "/feed.atom.xml"):
            page.goto(address + path, wait_until="networkidle")
        kept = {path.removeprefix(BASE) for path in page.evaluate(KEPT)}
        static = {path for path in kept if path.startswith("/static/")}
        assert kept - static == {"/offline/", "/briefings/one/", "/images/one.png"}
        assert {f"{BASE}{path}" for path in kept} <= {*asked, f"{BASE}/offline/"}
        assert f"{BASE}/images/other.png" not in asked
        assert f"{BASE}/briefings/two/" not in asked
        name = page.evaluate("caches.keys()")
        assert name == ["offline /news/ 1"]
        scope = page.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)")
        assert scope == f"{address}/"


def test_who_has_a_connection_reads_what_stands_there_now(place, page):
    """A correction is seen at once, and in the copy; a briefing withdrawn or gone takes its copy with it."""
    with place.up() as address:
        controlled(page, address)
        for slug in ("one", "two", "three"):
            read(page, address, slug)
        briefing(place.content, "one", "The river fell.")
        reason = "The report was wrong."
        briefing(place.content, "two", "Words.", status="withdrawn", withdrawn_reason=f'"{reason}"')
        (place.content / "briefings" / "2026" / "three.md").unlink()
        place.build()
        page.goto(f"{address}/briefings/one/")
        assert "The river fell." in page.inner_text(".prose")
        page.goto(f"{address}/briefings/two/")
        assert reason in page.inner_text(".notice")
        assert page.goto(f"{address}/briefings/three/").status == 404
        until(page, f"{BRIEFINGS} === 1")
    page.goto(f"{address}/briefings/one/")
    assert "The river fell." in page.inner_text(".prose")
    for slug in ("two", "three"):
        page.goto(f"{address}/briefings/{slug}/")
        assert page.inner_text("h1") == "Kept for reading offline"
        assert titles(page) == ["Title of one"]


def test_the_number_is_kept_and_the_least_recently_read_goes(place, page):
    place.build(offline=2)
    with place.up() as address:
        controlled(page, address)
        for slug in ("one", "two", "one", "three"):
            read(page, address, slug)
            page.wait_for_timeout(50)
        until(page, f"{BRIEFINGS} === 2")
        kept = [path for path in page.evaluate(KEPT) if "static" not in path]
        assert kept == [
            f"{BASE}{path}" for path in ("/briefings/one/", "/briefings/three/", "/images/one.png", "/offline/")
        ]


@pytest.mark.parametrize("setting", [0, offline.REMOVE], ids=["off", "remove"])
def test_a_site_that_keeps_no_copies_any_more_takes_them_back(place, page, setting):
    with place.up() as address:
        controlled(page, address)
        read(page, address, "one")
        foreign = "caches.open('offline / 1').then((cache) => cache.put('/x', new Response('of another site')))"
        page.evaluate(f"{foreign}.then(() => 1)")
        place.build(offline=setting)
        page.goto(f"{address}/")
        until(page, f"{WORKERS} === 0")
        until(page, "(await caches.keys()).length === 1")
        page.goto(f"{address}/briefings/two/")
        assert page.evaluate("navigator.serviceWorker.controller") is None
        assert page.evaluate("caches.keys()") == ["offline / 1"], "another site of the same host keeps its own"


def test_the_tombstone_ends_a_worker_without_its_help(place, page):
    """Also one that is broken: the browser asks for the worker's file by itself."""
    with place.up() as address:
        controlled(page, address)
        read(page, address, "one")
        place.build(offline=offline.REMOVE)
        page.goto(f"{address}/about/")
        until(page, f"{WORKERS} === 0")
        assert page.evaluate("caches.keys()") == []


def test_a_new_worker_takes_over_and_fetches_the_page_of_copies_anew(place, page):
    with place.up() as address:
        controlled(page, address)
        read(page, address, "one")
        place.build(name="Another name")
        page.goto(f"{address}/")
        until(page, "(await (await caches.match('/news/offline/')).text()).includes('Another name')")
        ready = "await navigator.serviceWorker.ready"
        until(page, f"!({ready}).waiting && !({ready}).installing")
    page.goto(f"{address}/briefings/one/")
    assert page.inner_text("h1") == "Title of one"


def test_a_moved_briefing_leads_on(place, page):
    """A redirect passes through the worker, and the old copy goes."""

    class Moving(Host):
        def do_GET(self):  # noqa: N802 - the base class names it
            if self.path != f"{BASE}/briefings/two/":
                super().do_GET()
                return
            self.send_response(301)
            self.send_header("Location", f"{BASE}/briefings/one/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with place.up() as address:
        controlled(page, address)
        read(page, address, "two")
    place.handler = Moving
    with place.up():
        page.goto(f"{address}/briefings/two/")
        assert page.url == f"{address}/briefings/one/"
        assert page.evaluate(RESTS, f"{BASE}/briefings/one/")
        assert f"{BASE}/briefings/two/" not in page.evaluate(KEPT)


def test_the_page_of_copies_is_as_good_as_the_others(place, page):
    """At 320 px, in both schemes, for everybody; with copies, without, and without JavaScript."""
    with place.up() as address:
        faults = listen(page, address)
        controlled(page, address)
        page.goto(f"{address}/offline/")
        assert titles(page) == []
        assert violations(page, "empty", LOOKS[:2]) == []
        read(page, address, "one")
        read(page, address, "beirut")
        page.goto(f"{address}/offline/")
        assert len(titles(page)) == 2
        assert violations(page, "offline", LOOKS) == []
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(SIDEWAYS) == 0
            assert page.evaluate(CUT) == []
        assert faults == []
    page.goto(f"{address}/briefings/beirut/")
    assert page.locator(".notice.kept").is_visible()
    assert violations(page, "copy", LOOKS[:2]) == []


def test_without_javascript_it_says_what_it_is(place, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with place.up() as address:
        page.goto(f"{address}/offline/")
        assert "by JavaScript" in page.inner_text("main")
    context.close()
