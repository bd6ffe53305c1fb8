"""A renamed or merged list leaves its feed with a last entry that names the list that goes on."""

from __future__ import annotations

import feedparser
import pytest
from sites import NOW, SITE, about, briefing, settings

from briefings import check, plugin

FH = b"<fh:complete"


@pytest.fixture
def site(tmp_path):
    content = tmp_path / "content"
    about(content)
    briefing(content, "one", tags="[flooding]")
    conf = settings(tmp_path)

    def build(tags):
        (content / "tags.yaml").write_text(tags, "utf-8")
        plugin.run(conf)
        return tmp_path / "output"

    return content, build


RENAMED = "flood: {label: Floods, former: [{key: flooding, on: 2026-11-20}]}\n"


@pytest.mark.parametrize("suffix", ["rss.xml", "atom.xml"])
def test_the_old_feed_ends_with_the_name_of_the_new_one(site, suffix):
    _, build = site
    before = feedparser.parse((build("flooding: {label: Flooding}\n") / f"tags/flooding/feed.{suffix}").read_bytes())
    output = build(RENAMED)
    data = (output / f"tags/flooding/feed.{suffix}").read_bytes()
    after = feedparser.parse(data)
    assert after.feed.get("id") == before.feed.get("id")
    (entry,) = after.entries
    assert entry.title == "This feed has ended: follow “Floods” instead"
    assert entry.link == "https://briefs.example.org/tags/flood/"
    assert "https://briefs.example.org/tags/flood/feed.atom.xml" in entry.content[0].value
    assert entry.published_parsed[:3] == (2026, 11, 20)
    assert FH not in data


def test_the_old_page_leads_on_and_the_old_key_still_counts(site):
    _, build = site
    output = build(RENAMED)
    assert 'url=/tags/flood/"' in (output / "tags/flooding/index.html").read_text("utf-8")
    assert len(feedparser.parse((output / "tags/flood/feed.atom.xml").read_bytes()).entries) == 1
    assert "flooding" not in (output / "feeds/index.html").read_text("utf-8")


def test_a_list_cannot_end_tomorrow(tmp_path):
    (tmp_path / "tags.yaml").write_text("flood: {label: Floods, former: [{key: flooding, on: 2026-12-24}]}\n", "utf-8")
    assert [str(problem) for problem in check.check(tmp_path, SITE, NOW).problems] == [
        "tags.yaml: flood: former: flooding: 2026-12-24 has not come yet"
    ]
