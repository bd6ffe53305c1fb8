"""The search page as readers use it: in Chromium, on a built site below a path of its host, under the site's policy."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from briefings import build, check
from tests.browser import chromium, hosting, listen
from tests.sites import ROOT, SITE, about, briefing
from tests.test_site_browser import LOOKS, violations

pytestmark = pytest.mark.browser
BASE = urlsplit(SITE.url).path


def write(content):
    """Floods, dams, a French island, an Arabic river, and enough of one kind to fill pages."""
    (content / "pages").mkdir(parents=True)
    about(content)
    (content / "tags.yaml").write_text(
        "flood:\n  label: Floods\n  aliases: [deluge]\nstorm:\n  label: Storms\nport:\n  label: Ports\n", "utf-8"
    )
    (content / "sources.yaml").write_text(
        "harbour-news:\n  name: Harbour News\nkestrel:\n  name: Kestrel Wire\n  reuse: summary\n", "utf-8"
    )
    briefing(
        content, "indus", "The barrage held. Upstream, <b>the river</b> was wider than anyone remembered.",
        title="Floods cover the plain of the Indus", tags="[flood]", date="2022-08-30",
        location='{name: "Sukkur", country: PK}', published="2026-11-01T08:00:00Z",
    )  # fmt: skip
    briefing(
        content, "derna", "A flood went through the middle of the town.", title="Two dams fail above Derna",
        tags="[flood, storm]", date="2023-09-11", location='{name: "Derna", country: LY}',
        published="2026-11-02T08:00:00Z",
    )  # fmt: skip
    briefing(
        content, "reunion", "Les écoles ferment. L’île est en alerte.", title="La Réunion se prépare au cyclone",
        lang="fr", tags="[storm]", date="2024-01", location='{name: "Saint-Denis", country: RE}',
        published="2026-11-03T08:00:00Z",
    )  # fmt: skip
    briefing(
        content, "sudan", "مِيَاهُ النيل ترتفع. غادر الناس بيوتهم بعد الأمطار.", title="الفيضانات في السودان", lang="ar",
        location='{name: "Khartoum", country: SD}', published="2026-11-04T08:00:00Z",
    )  # fmt: skip
    briefing(
        content, "quay", "Secretcargo lies on the quay.", title="Harbour closed", source='{name: "Kestrel Wire"}',
        key_points='["Ships wait outside."]', tags="[port]", published="2026-11-05T08:00:00Z",
    )  # fmt: skip
    for number in range(23):
        briefing(
            content, f"ship-{number:02}", f"Manifest number {number}.", title=f"Ship {number:02} sails", tags="[port]",
            published=f"2026-10-{number + 1:02}T08:00:00Z",
        )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    top = tmp_path_factory.mktemp("search")
    write(top / "content")
    checked = check.check(top / "content", SITE, datetime(2026, 11, 22, tzinfo=UTC))
    assert not checked.errors, checked.errors
    build.build(checked, SITE, ROOT / "theme", top / "output")
    with hosting(top / "output", BASE) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser, site):
    """A page on which nothing may go wrong: no error, no refusal by the policy, no other host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(8000)
    faults = listen(opened, site)
    yield opened
    context.close()
    assert faults == []


def announced(page, words):
    page.get_by_role("status").filter(has_text=words).wait_for()


def found(page, words="briefing"):
    """Slugs of the results, once the count is said."""
    announced(page, words)
    page.locator("#search-results:not([aria-busy])").wait_for()
    links = page.query_selector_all("article.card h2 a")
    return [link.get_attribute("href").removeprefix(f"{BASE}/briefings/").strip("/") for link in links]


def stated(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=flood", ["indus", "derna"]),  # the headline weighs more than the text
        ("q=flood&sort=date", ["derna", "indus"]),
        ("q=barr", ["indus"]),  # a word may be unfinished
        ("q=flood+derna", ["derna"]),  # every word must be there
        ("q=%22middle+of+the+town%22", ["derna"]),
        ("q=%22town+of+the+middle%22", []),
        ("q=deluge&sort=date", ["derna", "indus"]),  # a tag's other name
        ("q=pakistan", ["indus"]),  # the dateline
        ("q=reunion+ecoles", ["reunion"]),  # accents do not matter
        ("q=RÉUNION", ["reunion"]),
        ("q=فيضانات", ["sudan"]),  # nor does the Arabic article,
        ("q=الفيضانات", ["sudan"]),
        ("q=امطار", ["sudan"]),  # nor hamza,
        ("q=مياه", ["sudan"]),  # nor vowel signs
        ("tag=Storms", ["reunion", "derna"]),  # newest first
        ("q=flood&country=Libya", ["derna"]),
        ("tag=Floods&year=2022", ["indus"]),
        ("place=Derna%2C+Libya", ["derna"]),
        ("source=Kestrel+Wire", ["quay"]),
        ("q=outside", ["quay"]),  # key points of a source that lets us give no more
        ("q=secretcargo", []),
        ("q=zzzz", []),
        ("q=seldomword", []),  # "se" is no form of it
        ("q=flooding", ["indus", "derna"]),  # "flood" is
    ],
)
def test_the_address_says_what_is_found(page, site, query, expected):
    page.goto(f"{site}/search/?{query}")
    assert found(page) == expected


def test_nothing_is_fetched_before_search_is_used_and_a_filter_only_when_it_is(page, site):
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.partition("/pagefind/")[2]))
    page.goto(f"{site}/search/", wait_until="networkidle")
    assert not any(asked)
    with page.expect_response("**/wasm.en.pagefind"):
        page.focus("#search-q")
    assert {"pagefind.js", "pagefind-entry.json", "wasm.en.pagefind"} <= set(asked)
    page.fill("#search-q", "flood")
    page.keyboard.press("Enter")
    assert len(found(page)) == 2
    kinds = [name.partition("/")[0] for name in asked if "/" in name]
    assert (kinds.count("filter"), kinds.count("fragment")) == (0, 2)
    for _ in range(6):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search-year"
    assert not any(name.startswith("filter/") for name in asked)
    page.locator("#search-year").dispatch_event("pointerdown")
    page.locator("#search-year option", has_text="2022 (1)").wait_for(state="attached")
    assert [name.partition("/")[0] for name in asked].count("filter") == 1
    assert asked.count("pagefind.js") == 1


def test_a_list_without_words_does_not_fetch_the_whole_index(page, site):
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.partition("/pagefind/")[2]))
    page.goto(f"{site}/search/?tag=Ports")
    found(page)
    kinds = [name.partition("/")[0] for name in asked if "/" in name]
    assert (kinds.count("filter"), kinds.count("index"), kinds.count("fragment")) == (1, 1, 10)


def test_each_search_has_an_address_and_the_way_back_works(page, site):
    page.goto(f"{site}/search/?q=dams")
    assert found(page) == ["derna"]
    page.fill("#search-q", "storm")
    page.keyboard.press("Enter")
    page.locator("h2", has_text="Réunion").wait_for()
    page.select_option("#search-country", "Libya")
    page.wait_for_url("**country=Libya**")
    assert stated(page) == {"q": "storm", "country": "Libya"}
    page.select_option("#search-sort", "date")
    page.wait_for_url("**sort=date**")
    page.go_back()
    page.go_back()
    assert stated(page) == {"q": "storm"}
    page.go_back()
    page.locator("h2 mark", has_text="dams").wait_for()
    assert page.input_value("#search-q") == "dams"
    assert page.input_value("#search-country") == ""
    page.reload()
    assert found(page) == ["derna"]


def test_results_come_in_pages_with_addresses_of_their_own(page, site):
    page.goto(f"{site}/search/?tag=Ports")
    first = found(page, "24 briefings, page 1 of 3")
    assert first[:2] == ["quay", "ship-22"]
    assert len(first) == 10
    page.click("text=Next")
    second = found(page, "page 2 of 3")
    assert stated(page) == {"tag": "Ports", "page": "2"}
    assert not set(first) & set(second)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    page.goto(f"{site}/search/?tag=Ports&page=99")
    assert found(page, "page 3 of 3")[-1] == "ship-00"
    assert page.locator(".pager a").all_inner_texts() == ["Previous"]
    page.select_option("#search-sort", "date")
    assert len(found(page, "page 1 of 3")) == 10, "another question begins with its first page"


def test_filters_say_how_many_they_leave_and_can_be_taken_off(page, site):
    page.goto(f"{site}/search/?q=flood&tag=Storms")
    assert found(page) == ["derna"]
    page.locator("#search-tag option", has_text="Floods (2)").wait_for(state="attached")
    assert page.locator("#search-tag option[value=Ports]").is_disabled()
    chips = page.locator(".search-active a")
    assert chips.all_text_contents() == ["Remove Topic: Storms ×", "Clear all"]
    chips.first.click()
    assert found(page, "2 briefings") == ["indus", "derna"]
    assert stated(page) == {"q": "flood"}
    page.click("text=Clear all")
    page.locator(".search-active:empty").wait_for(state="attached")
    assert stated(page) == {}
    assert page.input_value("#search-q") == ""
    assert page.query_selector("article.card") is None


def test_a_term_that_the_page_does_not_offer_is_taken_from_the_address(page, site):
    page.goto(f"{site}/search/?place=Nowhere%2C+Atlantis")
    assert found(page) == []
    assert page.input_value("#search-place") == "Nowhere, Atlantis"


def test_a_result_keeps_its_language_and_shows_words_as_text(page, site):
    page.goto(f"{site}/search/?q=river")
    found(page)
    assert page.inner_text(".card mark") == "river"
    assert "<b>the river</b>" in page.inner_text(".card .summary")
    assert page.text_content(".strip").replace("\xa0", " ") == "Sukkur, Pakistan · 30 August 2022 · Harbour News"
    assert page.text_content(".strip .strip-place") == "Sukkur"
    page.goto(f"{site}/search/?q=السودان")
    found(page)
    card = page.query_selector("article.card")
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar", "rtl")
    assert page.inner_text(".card h2") == "الفيضانات في السودان"
    assert page.inner_text(".card h2 mark") == "السودان"
    assert "\u2060" not in page.inner_text(".card")


def test_the_count_alone_is_announced(page, site):
    page.goto(f"{site}/search/?q=dams")
    found(page)
    assert page.inner_text("[role=status]") == "1 briefing"
    assert page.query_selector("[aria-live] article, [role=status] article") is None


def test_search_works_by_keyboard_alone(page, site):
    page.goto(f"{site}/search/")
    page.focus("#search-q")
    page.keyboard.type("dams")
    page.keyboard.press("Enter")
    assert found(page) == ["derna"]
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('article.card a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/briefings/derna/")


def test_what_stands_below_does_not_jump(page, site):
    page.goto(f"{site}/search/?q=dams")
    found(page)
    before = page.locator(".site-foot").bounding_box()["y"]
    page.fill("#search-q", "flood")
    page.keyboard.press("Enter")
    assert len(found(page, "2 briefings")) == 2
    assert page.locator(".site-foot").bounding_box()["y"] == before


def test_an_index_that_cannot_be_had_is_said(browser, site):
    opened = browser.new_page()
    opened.route("**/pagefind-entry.json*", lambda route: route.fulfill(status=404))
    opened.goto(f"{site}/search/?q=flood")
    announced(opened, "could not be loaded")
    opened.unroute("**/pagefind-entry.json*")
    opened.fill("#search-q", "dams")
    opened.keyboard.press("Enter")
    assert found(opened) == ["derna"], "the next try may be luckier"
    opened.close()


def test_other_pages_may_not_run_webassembly(page, site):
    for path, allowed in (("/", False), ("/search/", True)):
        page.goto(site + path)
        meta = page.get_attribute('meta[http-equiv="Content-Security-Policy"]', "content")
        assert ("'wasm-unsafe-eval'" in meta) == allowed
        assert "unsafe" not in meta.replace("'wasm-unsafe-eval'", "")


def test_without_scripts_the_page_gives_the_lists(browser, site):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{site}/search/?q=flood")
    assert "needs JavaScript" in opened.inner_text("noscript")
    for path in (
        "/tags/flood/",
        "/places/derna-ly/",
        "/countries/ly/",
        "/sources/kestrel/",
        "/archive/2022/",
        "/archive/",
    ):
        assert opened.locator(f'noscript a[href="{BASE}{path}"]').first.is_visible(), path
    context.close()


def test_nothing_bars_anybody_from_the_results(page, site):
    """WCAG 2.2 A and AA by axe-core, both schemes, wide and narrow: filters, marks, pages of results, Arabic."""
    bars = []
    for query in ("tag=Ports&page=2&q=ship", "q=الفيضانات", "q=zzzz"):
        page.goto(f"{site}/search/?{query}")
        found(page)
        bars += violations(page, query, LOOKS)
    assert bars == []
