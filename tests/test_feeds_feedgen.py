"""Each fault of feedgen 1.0.0 that our extension corrects: what plain feedgen writes, and what we write instead.

When a test of the first kind fails after an upgrade, feedgen has mended that fault, and the correction can go.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import feedparser
import pytest
from feedgen.feed import FeedGenerator
from feeds_examples import OSLO, SITE, SUVA, written, xml

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


def plain(*extensions):
    """A feed as the documentation of feedgen builds it."""
    made = FeedGenerator()
    for extension in extensions:
        made.load_extension(extension)
    made.id("urn:uuid:5c1f9a7e-3f43-5d8b-9d0a-6a7b8c9d0e0f")
    made.title("Title")
    made.link(href=f"{SITE}/", rel="alternate")
    made.description("Description")
    return made


def entry(made, number=1, **how):
    item = made.add_entry(**how)
    item.id(f"urn:uuid:00000000-0000-4000-8000-{number:012}")
    item.title(f"Number {number}")
    item.link(href=f"{SITE}/{number}/", rel="alternate")
    return item


def test_links_of_entries_lose_all_but_their_address():
    made = plain()
    item = entry(made)
    item.link(href="https://lagoonwire.example/7", rel="via", type="text/html")
    item.enclosure(f"{SITE}/a.png", 23, "image/png")
    links = re.findall(rb"<link[^>]*>", made.atom_str().split(b"<entry>")[1])
    assert links == [
        b'<link href="https://briefings.example.org/1/"/>',
        b'<link href="https://lagoonwire.example/7"/>',
        b'<link href="https://briefings.example.org/a.png"/>',
    ]
    ours = re.findall(rb"<link[^>]*>", written("atom", SUVA).split(b"<entry")[1].split(b"<source>")[0])
    assert [b'rel="alternate"' in ours[0], b'rel="via"' in ours[1], b'length="23456"' in ours[2]] == [True] * 3


def test_updated_is_now_with_microseconds_though_published_is_set():
    made = plain()
    entry(made).published(NOON)
    parsed = feedparser.parse(made.atom_str())
    assert parsed.feed.updated[:10] == parsed.entries[0].updated[:10] != "2026-09-30"
    assert re.search(rb"<lastBuildDate>", made.rss_str())
    assert b"+00:00</updated>" in made.atom_str()

    ours = feedparser.parse(written("atom", SUVA, OSLO))
    assert ours.feed.updated == "2026-10-02T08:30:00Z"
    assert [item.updated for item in ours.entries] == ["2026-10-02T08:30:00Z", "2026-09-29T12:00:51Z"]
    assert b"<lastBuildDate>Fri, 02 Oct 2026 08:30:00 +0000</lastBuildDate>" in written("rss", SUVA, OSLO)


def test_entries_come_out_in_reverse():
    made = plain()
    entry(made, 1)
    entry(made, 2)
    assert [item.title for item in feedparser.parse(made.rss_str()).entries] == ["Number 2", "Number 1"]
    assert [item.id for item in feedparser.parse(written("rss", SUVA, OSLO)).entries] == [SUVA.id, OSLO.id]


def test_the_last_link_of_any_kind_becomes_the_home_page_of_the_channel():
    made = plain()
    made.link(href=f"{SITE}/feed.rss.xml", rel="self")
    assert feedparser.parse(made.rss_str()).feed.link == f"{SITE}/feed.rss.xml"
    assert xml(written("rss", SUVA)).findtext("channel/link") == f"{SITE}/tags/flood/"


def test_the_name_of_a_place_is_in_lower_case():
    made = plain("geo")
    item = entry(made)
    item.geo.point("-18.1416 178.4419")
    item.geo.featurename("Suva, Fiji")
    assert b"<georss:featurename>" in made.rss_str()
    for key in ("rss", "atom"):
        assert b"<georss:featureName>Suva, Fiji</georss:featureName>" in written(key, SUVA)


def test_a_single_image_is_put_into_a_group():
    made = plain("media")
    entry(made).media.content(url=f"{SITE}/a.png", type="image/png", group="default")
    assert b"<media:group><media:content" in made.rss_str()
    for key in ("rss", "atom"):
        assert b"media:group" not in written(key, SUVA)
        assert written(key, SUVA).count(b"<media:content") == 1


def test_an_author_without_an_address_is_dropped_in_rss():
    made = plain()
    entry(made).author(name="Lagoon Wire")
    assert b"Lagoon Wire" not in made.rss_str()
    assert feedparser.parse(written("rss", SUVA)).entries[0].author == "Lagoon Wire"


def test_a_plain_summary_is_taken_for_html_in_rss():
    made = plain()
    entry(made).summary("Floods in <Suva> & Nadi")
    assert "<Suva>" not in feedparser.parse(made.rss_str()).entries[0].summary.replace("<suva>", "")
    assert b"staffed &amp;amp;" not in written("rss", SUVA)
    assert b"open &amp;amp; staffed" in written("rss", SUVA)


def test_one_control_character_stops_the_whole_feed():
    made = plain()
    entry(made).title("Wa\x07ter")
    with pytest.raises(ValueError, match="XML compatible"):
        made.rss_str()


def test_the_source_of_an_entry_has_neither_id_nor_time():
    made = plain()
    entry(made).source("https://lagoonwire.example/feed.xml", "Lagoon Wire")
    source = re.search(rb"<source>.*</source>", made.atom_str())[0]
    assert b"<id>" not in source
    assert b"<updated>" not in source
    ours = re.search(rb"<source>.*</source>", written("atom", SUVA))[0]
    assert b"<id>https://lagoonwire.example/feed.xml</id>" in ours
    assert b"<updated>2026-09-30T12:00:17Z</updated>" in ours


def test_a_hub_is_not_written_in_rss():
    made = plain()
    made.link(href="https://hub.example/", rel="hub")
    made.link(href=f"{SITE}/", rel="alternate")
    assert b"hub.example" not in made.rss_str()
    assert b'<atom:link rel="hub" href="https://hub.example/"/>' in written("rss", SUVA)


def test_content_without_a_type_shows_its_tags_and_cdata_is_no_type():
    made = plain()
    entry(made).content("<p>Text</p>")
    assert b"<content>" in made.atom_str()
    made = plain()
    entry(made).content("<p>Text</p>", type="CDATA")
    assert b'<content type="CDATA">' in made.atom_str()
    assert b'<content type="html">' in written("atom", SUVA)


def test_the_caller_s_own_links_are_written_into():
    given = {"href": f"{SITE}/"}
    entry(plain()).link(given)
    assert given == {"href": f"{SITE}/", "rel": "alternate"}
