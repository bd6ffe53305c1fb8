"""The page of all feeds: what it says of each, and that it stays small."""

from __future__ import annotations

import gzip
from types import SimpleNamespace

from sites import ROOT, SITE, briefing
from test_pages import context

from briefings import machines
from briefings.library import FACETS
from briefings.render import Renderer
from briefings.views import FeedGroup, FeedLink, FeedRow, Head


def test_small_groups_show_what_is_in_them_and_large_ones_do_not(tmp_path, monkeypatch):
    for number in range(5):
        briefing(tmp_path, f"b{number}", tags=f"[tag-{number}]", published=f"2026-11-0{number + 1}T08:00:00Z")
    monkeypatch.setattr(machines, "PREVIEWED", 3)
    previews = context(tmp_path, "feeds/index.html")["previews"]
    assert [link.label for link in previews["/"]] == ["Title of b4", "Title of b3", "Title of b2"]
    assert [link.url for link in previews["/sources/harbour-news/"]][:1] == ["/briefings/b4/"]
    assert not [url for url in previews if url.startswith("/tags/")]


def test_a_thousand_feeds_are_a_page_of_a_few_kilobytes():
    """Of a large group those with the most briefings, and where the others are."""
    suffixes = {"rss": ".rss.xml", "atom": ".atom.xml", "json": ".json"}
    rows = tuple(
        FeedRow(
            f"Subject number {number}", f"/tags/subject-{number}/", number,
            tuple(FeedLink("x", "y", f"/tags/subject-{number}/feed{end}", key) for key, end in suffixes.items()),
        )
        for number in range(1000)
    )  # fmt: skip
    known = {path.name: "0" * 64 for path in (ROOT / "theme" / "static").iterdir()}
    desk = SimpleNamespace(kinds=FACETS)
    groups = machines.offered(desk, (FeedGroup("Topics", rows), FeedGroup("Few", rows[:9])))
    assert [row.count for row in groups[0].rows] == list(range(1000 - machines.OFFERED, 1000))
    assert groups[1].rows == rows[:9]
    page = Renderer(SITE, ROOT / "theme", known).page(
        "feeds.html",
        {
            "head": Head("Feeds", "/feeds/"),
            "site_feeds": rows[0].feeds,
            "opml": "/x.opml",
            "groups": groups,
            "previews": {},
        },
    )
    assert b"the other 960 name their feeds" in page
    assert b'href="/news/tags/"' in page
    assert len(gzip.compress(page, mtime=0)) < 5_000
