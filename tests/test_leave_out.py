"""A lean site: parts that the settings leave out are not made, and nothing leads to them."""

from __future__ import annotations

import pytest

from briefings import cli
from briefings.errors import ContentError
from briefings.settings import PARTS, load
from tests.sites import SITE, about, briefing, settings
from tests.test_site_links import ATTRIBUTES, Built

EVERY = {
    "tags": "tags/floods/index.html",
    "places": "places/beira-mz/index.html",
    "countries": "countries/mz/index.html",
    "sources": "sources/harbour-news/index.html",
    "stories": "stories/idai/index.html",
    "selections": "selections/water/index.html",
    "regions": "regions/sofala-mz/index.html",
    "archive": "archive/2019/03/index.html",
    "rss": "feed.rss.xml",
    "atom": "feed.atom.xml",
    "json": "feed.json",
    "feed-archives": "feed-2019-03-4.rss.xml",
    "feed-list": "feeds/index.html",
    "changes": "changes/index.html",
    "api": "briefings/b3/index.json",
    "digests": "digest/index.html",
    "hosting": "_headers",
    "map": "map/index.html",
    "news": "sitemap-news.xml",
    "redirects": "_redirects",
    "search": "search/index.html",
}
"""A file of each part that has files of its own; cite, jsonld and related are words on a briefing's page."""


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """Seven briefings that fill every kind of list."""
    folder = tmp_path_factory.mktemp("lean") / "content"
    for day in range(1, 8):
        briefing(
            folder, f"b{day}", "The river rose." if day % 2 else "Yellow mud closed the harbour while eleven boats with flour, tents, blankets and medicine waited outside for pilots.", date="2019-03-15", tags="[floods]", story="idai",
            published=f"2019-03-{day:02}T08:00:00Z", aliases=f"[old-{day}]",
            location="{name: Beira, country: MZ, latitude: -19.84, longitude: 34.84, region: Sofala}",
        )  # fmt: skip
    about(folder)
    (folder / "tags.yaml").write_text("floods: {label: Floods}\n", "utf-8")
    (folder / "sources.yaml").write_text("harbour-news: {name: Harbour News, reuse: full}\n", "utf-8")
    (folder / "stories.yaml").write_text("idai: {title: Cyclone Idai}\n", "utf-8")
    row = "water: {id: 3c1a4d3e-6a0e-4d0b-9f5e-3c1d52a7b6e1, title: Water, tags: [floods]}\n"
    (folder / "feeds.yaml").write_text(row, "utf-8")
    return folder


def built(content, folder, *left_out):
    ours = {"key": SITE.key, "page_size": 2, "feed_items": 2, "leave_out": left_out}
    conf = settings(folder, PATH=str(content), BRIEFINGS=ours)
    assert cli.main(["build", "--settings", str(conf)]) == 0
    return folder / "output"


def dead(output):
    """Every address in pages that leads nowhere, but to what stands outside the site."""
    site = Built(output, "https://briefs.example.org")
    found = set()
    for page, tree in site.pages.items():
        for element in tree.iter():
            for name in ATTRIBUTES:
                address = element.get(name) or ""
                if (address.startswith("/") or site.ours(address)) and address.startswith(("/", "http")):
                    path = address.partition("#")[0].partition("?")[0]
                    if path and not (output / path.removeprefix(site.address).strip("/")).exists():
                        found.add((page, address))
    return found


def test_every_part_is_made_unless_left_out(content, tmp_path):
    output = built(content, tmp_path)
    assert [part for part, name in EVERY.items() if not (output / name).is_file()] == []
    assert dead(output) == set()
    page = (output / "briefings" / "b2" / "index.html").read_text("utf-8")
    assert 'id="cite"' in page
    assert "application/ld+json" in page
    assert "Related briefings" in page
    assert set(EVERY) | {"cite", "jsonld", "related"} == set(PARTS)


@pytest.mark.parametrize("part", EVERY)
def test_one_part_left_out(content, tmp_path, part):
    output = built(content, tmp_path, part)
    gone = {part, "feed-archives"} if part == "rss" else {part}
    assert {other for other, name in EVERY.items() if not (output / name).is_file()} == gone
    assert not (output / EVERY[part]).exists()
    assert dead(output) == set()


def test_nothing_but_pages(content, tmp_path):
    output = built(content, tmp_path, *PARTS)
    names = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    pages = {"index.html", "404.html", "about/index.html", "robots.txt", "sitemap.xml"}
    pages |= {f"page/{number}/index.html" for number in (1, 2)} | {
        f"briefings/b{day}/index.html" for day in range(1, 8)
    }
    assert {name for name in names if not name.startswith(("static/", "."))} == pages
    assert dead(output) == set()
    page = (output / "briefings" / "b2" / "index.html").read_text("utf-8")
    assert 'id="cite"' not in page
    assert "application/ld+json" not in page
    assert "Related briefings" not in page


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (("maps",), 'has no part "maps" (did you mean "map"?)'),
        ("map", 'must be names of parts: ("map", "search")'),
        ((7,), 'must be names of parts: ("map", "search")'),
    ],
)
def test_a_part_that_is_none(tmp_path, value, what):
    (tmp_path / "content").mkdir()
    with pytest.raises(ContentError) as caught:
        load(settings(tmp_path, BRIEFINGS={"key": SITE.key, "leave_out": value}))
    assert [(problem.field, problem.what) for problem in caught.value.problems] == [('BRIEFINGS["leave_out"]', what)]
