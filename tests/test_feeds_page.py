"""The page of all feeds: what it says of each, and that it stays small."""

from __future__ import annotations

import gzip

from sites import ROOT, SITE, briefing
from test_pages import context

from briefings import machines
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
    suffixes = {"rss": ".rss.xml", "atom": ".atom.xml", "json": ".json"}
    rows = tuple(
        FeedRow(
            f"Subject number {number * 7919 % 1000}", f"/tags/subject-{number}/", number % 90,
            tuple(FeedLink("x", "y", f"/tags/subject-{number}/feed{end}", key) for key, end in suffixes.items()),
        )
        for number in range(1000)
    )  # fmt: skip
    known = {path.name: "0" * 64 for path in (ROOT / "theme" / "static").iterdir()}
    renderer = Renderer(SITE, ROOT / "theme", known)
    page = renderer.page(
        "feeds.html",
        {
            "head": Head("Feeds", "/feeds/"),
            "site_feeds": rows[0].feeds,
            "opml": "/x.opml",
            "groups": (FeedGroup("Topics", rows),),
            "previews": {},
        },
    )
    assert page.count(b"/feed.atom.xml") >= 1000
    assert len(page) < 450_000
    assert len(gzip.compress(page, mtime=0)) < 40_000
