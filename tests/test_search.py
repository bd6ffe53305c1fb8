"""Search: the index as bytes, and the script in a browser under the theme's policy.

Size of a built site's index: ``gzip -9c output/search/index.json | wc -c``.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import chromium

from briefings import search

SCRIPT = Path(__file__).resolve().parent.parent / "theme" / "static" / "search.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)

FLOOD = search.Doc(
    url="/briefings/indus/",
    title="Floods cover the plain of the Indus",
    lang="en",
    dir="ltr",
    strip="Sukkur, Pakistan · 30 August 2022 · Example Wire",
    place="Sukkur, Pakistan",
    country="Pakistan",
    tags=("Floods",),
    source="Example Wire",
    year="2022",
    lead="A third of the country was said to be under water.",
    text="The barrage held. Upstream, <b>the river</b> was wider than anyone remembered.",
)
DAM = replace(
    FLOOD,
    url="/briefings/derna/",
    title="Two dams fail above Derna",
    strip="Derna, Libya · 11 September 2023 · Harbour News",
    place="Derna, Libya",
    country="Libya",
    tags=("Floods", "Storms"),
    source="Harbour News",
    year="2023",
    lead="The storm broke both dams at night.",
    text="A flood went through the middle of the town.",
)
REUNION = replace(
    FLOOD,
    url="/briefings/reunion/",
    title="La Réunion se prépare au cyclone",
    lang="fr",
    strip="Saint-Denis, Réunion · January 2024 · Harbour News",
    place="Saint-Denis, Réunion",
    country="Réunion",
    tags=("Storms",),
    source="Harbour News",
    year="2024",
    lead="L’île est en alerte.",
    text="Les écoles ferment.",
)
ARABIC = replace(
    FLOOD,
    url="/briefings/sudan/",
    title="الفيضانات في السودان",
    lang="ar",
    dir="rtl",
    strip="Khartoum, Sudan · undated · Example Wire",
    place="Khartoum, Sudan",
    country="Sudan",
    tags=("Nile",),
    year="",
    lead="مِيَاهُ النيل ترتفع.",
    text="غادر الناس بيوتهم.",
)
DOCS = (REUNION, DAM, FLOOD, ARABIC)
"""Newest first, as the site gives them."""


def select(name, values):
    options = "".join(f'<option value="{value}">{value}</option>' for value in values)
    return f'<select name="{name}" aria-label="{name}"><option value="">Any</option>{options}</select>'


PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Search</title><link rel="icon" href="/icon.svg">
<form id="search-form" method="get" action="/search/" data-index="/index.json"><input name="q" aria-label="Words">
{select("country", ["Libya", "Pakistan"])}{select("tag", ["Floods", "Storms"])}{select("sort", ["date"])}
<button>Search</button></form>
<section id="search-results" class="cards" aria-live="polite"></section><script src="/search.js" defer></script></html>"""


class Site(BaseHTTPRequestHandler):
    """A site of few files that remembers what was asked for."""

    files: dict[str, tuple[str, bytes]]
    asked: list[str]

    def do_GET(self):
        path = urlsplit(self.path).path
        self.asked.append(path)
        kind, data = self.files.get(path, ("text/plain", b""))
        self.send_response(200 if path in self.files or path == "/icon.svg" else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(files):
    handler = type("Here", (Site,), {"files": files, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler.asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def site(browser):
    """``(page, base address, paths asked for)``; no error may be said on the console."""
    files = {
        "/search/": ("text/html; charset=utf-8", PAGE.encode()),
        "/search.js": ("text/javascript", SCRIPT.read_bytes()),
        "/index.json": ("application/json", search.index(DOCS)),
    }
    with serving(files) as (base, asked):
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(5000)
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page, base, asked
        context.close()
        assert said == []


def announced(page, words):
    """Wait until the status says so (by a selector: the policy forbids the ``eval`` that waiting for a function needs)."""
    page.get_by_role("status").filter(has_text=words).wait_for()


def found(page):
    """Addresses of the results in their order, once there is a count."""
    announced(page, "briefing")
    return [link.get_attribute("href") for link in page.query_selector_all("article.card h2 a")]


def test_the_index_is_rows_of_the_columns_agreed_on():
    data = json.loads(search.index([DAM]))
    assert data["columns"] == list(search.COLUMNS)
    assert data["rows"][0][:3] == ["/briefings/derna/", "Two dams fail above Derna", "en"]
    assert data["rows"][0][data["columns"].index("tags")] == ["Floods", "Storms"]


def test_the_index_is_compact_utf8_and_the_same_each_time():
    data = search.index(DOCS)
    assert "الفيضانات".encode() in data
    assert b": " not in data.replace(FLOOD.text.encode(), b"")
    assert search.index(iter(DOCS)) == data


def test_no_briefings_still_make_an_index():
    assert json.loads(search.index([]))["rows"] == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=flood", ["/briefings/indus/", "/briefings/derna/"]),  # the title weighs more than a term or the text
        ("q=flood&sort=date", ["/briefings/derna/", "/briefings/indus/"]),
        ("q=barr", ["/briefings/indus/"]),  # the last word may be unfinished
        ("q=flood+derna", ["/briefings/derna/"]),  # every word must be there
        ("q=reunion+ecoles", ["/briefings/reunion/"]),  # accents do not matter
        ("q=RÉUNION", ["/briefings/reunion/"]),
        ("q=فيضانات", ["/briefings/sudan/"]),  # nor does the Arabic article
        ("q=مياه", ["/briefings/sudan/"]),  # nor vowel signs
        ("q=nile", ["/briefings/sudan/"]),
        ("tag=Storms", ["/briefings/reunion/", "/briefings/derna/"]),
        ("q=flood&country=Libya", ["/briefings/derna/"]),
        ("q=nowhere", []),
    ],
)
def test_the_address_says_what_is_found(site, query, expected):
    page, base, _ = site
    page.goto(f"{base}/search/?{query}")
    assert found(page) == expected


@pytest.mark.browser
def test_the_index_is_fetched_on_first_use_and_once(site):
    page, base, asked = site
    page.goto(f"{base}/search/")
    page.wait_for_load_state("networkidle")
    assert "/index.json" not in asked
    page.focus("input[name=q]")
    for words in ("dams", "cyclone"):
        page.fill("input[name=q]", words)
        page.press("input[name=q]", "Enter")
        found(page)
    assert asked.count("/index.json") == 1


@pytest.mark.browser
def test_each_search_has_an_address_and_the_way_back_works(site):
    page, base, _ = site
    page.goto(f"{base}/search/?q=dams")
    assert found(page) == ["/briefings/derna/"]
    page.fill("input[name=q]", "storm")
    page.press("input[name=q]", "Enter")
    page.select_option("select[name=country]", "Libya")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["storm"], "country": ["Libya"]}
    page.go_back()
    assert parse_qs(urlsplit(page.url).query) == {"q": ["storm"]}
    page.go_back()
    page.locator("h2 mark", has_text="dams").wait_for()
    assert page.input_value("input[name=q]") == "dams"
    assert found(page) == ["/briefings/derna/"]


@pytest.mark.browser
def test_a_result_keeps_its_language_and_shows_the_words_as_text(site):
    page, base, _ = site
    page.goto(f"{base}/search/?q=river")
    found(page)
    assert page.inner_text(".card mark") == "river"
    assert "<b>the river</b>" in page.inner_text(".card .summary")
    page.goto(f"{base}/search/?q=السودان")
    found(page)
    card = page.query_selector("article.card")
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar", "rtl")
    assert page.inner_text(".card h2 mark") == "السودان"


@pytest.mark.browser
def test_the_strip_of_a_result_sets_the_place_off(site):
    page, base, _ = site
    page.goto(f"{base}/search/?q=dams")
    found(page)
    assert page.inner_text(".strip").replace("\xa0", " ") == "Derna, Libya · 11 September 2023 · Harbour News"
    assert page.inner_text(".strip .strip-place") == "Derna"
    assert page.inner_text(".strip .strip-where") == "Derna, Libya"


@pytest.mark.browser
def test_the_count_alone_is_announced(site):
    page, base, _ = site
    page.goto(f"{base}/search/?q=dams")
    found(page)
    assert page.inner_text("[role=status]") == "1 briefing"
    assert page.query_selector("[aria-live] article, [role=status] article") is None


@pytest.mark.browser
def test_an_index_that_cannot_be_had_is_said(browser):
    files = {
        "/search/": ("text/html; charset=utf-8", PAGE.encode()),
        "/search.js": ("text/javascript", SCRIPT.read_bytes()),
    }
    with serving(files) as (base, _):
        page = browser.new_page()
        page.goto(f"{base}/search/?q=flood")
        announced(page, "could not be loaded")
        page.close()
