"""The same two briefings in RSS, Atom and JSON Feed, read back as a subscriber's reader reads them."""

from __future__ import annotations

import re
from html import unescape
from time import strftime

import feedparser
import pytest
from feeds_examples import OSLO, PROSE, SITE, SUVA, Page, feed, parsed_json, prose, written, xml
from msgspec.structs import replace

from briefings import feeds
from briefings.feeds import opml
from briefings.views import Category, Enclosure, FeedGroup, FeedLink, FeedRow

ATOM = "{http://www.w3.org/2005/Atom}"
KEYS = [row.key for row in feeds.FORMATS]


def read(key, *entries, **changes):
    """One shape for what the three formats say of each entry."""
    data = written(key, *(entries or (SUVA, OSLO)), **changes)
    if key == "json":
        return [
            {
                "id": item["id"],
                "link": item["url"],
                "title": item["title"],
                "summary": item["summary"],
                "content": item["content_html"],
                "published": item["date_published"],
                "updated": item["date_modified"],
                "author": item["authors"][0]["name"] if "authors" in item else "",
                "via": item.get("external_url", ""),
                "tags": item.get("tags", []),
                "point": tuple(item["_geo"]["coordinates"]) if "_geo" in item else None,
                "files": [
                    (file["url"], file["mime_type"], file["size_in_bytes"]) for file in item.get("attachments", [])
                ],
                "language": item["language"],
            }
            for item in parsed_json(data)["items"]
        ]
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.bozo_exception
    root = xml(data)
    nodes = root.findall(f"{ATOM}entry") or root.findall("channel/item")
    rows = []
    for item, node in zip(parsed.entries, nodes, strict=True):
        stamp = "%Y-%m-%dT%H:%M:%SZ"
        html_summary = item.summary_detail.type == "text/html"
        rows.append(
            {
                "id": item.id,
                "link": item.link,
                "title": item.title,
                "summary": unescape(item.summary) if html_summary else item.summary,
                "content": item.content[0].value,
                "published": strftime(stamp, item.published_parsed),
                "updated": strftime(stamp, item.updated_parsed),
                "author": item.get("author", ""),
                "via": next((link.href for link in item.links if link.rel == "via"), ""),
                "tags": [tag.label or tag.term for tag in item.get("tags", [])],
                "point": item.where["coordinates"] if "where" in item else None,
                "files": [(file.href, file.type, int(file.length)) for file in item.enclosures],
                "language": node.get("{http://www.w3.org/XML/1998/namespace}lang"),
            }
        )
    return rows


@pytest.mark.parametrize("key", KEYS)
def test_every_format_says_the_same_of_each_entry(key):
    suva, oslo = read(key)
    assert suva == {
        "id": SUVA.id,
        "link": SUVA.url,
        "title": "Cyclone & flood update: <Suva>",
        "summary": "Water is back in Suva.\nHealth posts stay open & staffed.",
        "content": feeds.content(SUVA, PROSE),
        "published": "2026-09-30T12:00:17Z",
        "updated": "2026-10-02T08:30:00Z",
        "author": "Lagoon Wire",
        "via": "https://lagoonwire.example/story?id=7&lang=en",
        "tags": ["Flood & storm", "Suva, Fiji", "Lagoon Wire"],
        "point": (178.4419, -18.1416),
        "files": [(f"{SITE}/images/suva.png", "image/png", 23456)],
        "language": "en",
    }
    assert oslo["language"] == "nb"
    assert (oslo["point"], oslo["files"], oslo["via"], oslo["tags"]) == (None, [], "", [])


def test_the_feed_itself_says_who_it_is():
    for key in ("rss", "atom"):
        parsed = feedparser.parse(written(key, SUVA, OSLO)).feed
        assert parsed.title == "Flood & storm — Example Briefings"
        assert parsed.link == f"{SITE}/tags/flood/"
        assert parsed.subtitle == "Every briefing tagged Flood & storm"
        assert parsed.rights == "© Example Briefings"
        assert parsed.language == "en"
        assert parsed.generator == "briefings"
        assert parsed.updated in {"2026-10-02T08:30:00Z", "Fri, 02 Oct 2026 08:30:00 +0000"}
        links = {link.rel: link.href for link in parsed.links if link.get("type") != "application/feed+json"}
        assert links["self"] == f"{SITE}/feeds/tags/flood.{key}.xml"
        assert links["hub"] == "https://hub.example/"
    top = parsed_json(written("json", SUVA, OSLO))
    del top["items"]
    assert top == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Flood & storm — Example Briefings",
        "home_page_url": f"{SITE}/tags/flood/",
        "feed_url": f"{SITE}/feeds/tags/flood.json",
        "description": "Every briefing tagged Flood & storm",
        "icon": f"{SITE}/icon.png",
        "authors": [{"name": "Example Briefings"}],
        "language": "en",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    }


@pytest.mark.parametrize("key", KEYS)
def test_no_hub_is_named_when_none_is_configured(key):
    assert b"hub" not in written(key, SUVA, hub="")


def test_rss_item_has_the_shape_that_validators_pass():
    (item,) = re.findall(rb"<item.*?</item>", written("rss", SUVA), re.DOTALL)
    encoded = "&lt;p&gt;SUVA, Fiji · 30 September 2026 · Lagoon Wire&lt;/p&gt;\n"
    head, body = item.decode().split("<content:encoded>")
    assert body.startswith(encoded)
    assert head == (
        f"""<item xml:lang="en">
<title>Cyclone &#x26; flood update: &#x3C;Suva&#x3E;</title>
<link>{SITE}/briefings/suva-harbour/</link>
<guid isPermaLink="false">urn:uuid:0b5f3a52-9f0e-4f0e-8f5e-2f4b7a4f1a01</guid>
<enclosure url="{SITE}/images/suva.png" length="23456" type="image/png"/>
<source url="https://lagoonwire.example/feed.xml">Lagoon Wire</source>
<pubDate>Wed, 30 Sep 2026 12:00:17 +0000</pubDate>
<atom:updated>2026-10-02T08:30:00Z</atom:updated>
<dc:creator>Lagoon Wire</dc:creator>
<dc:rights>© Lagoon Wire, CC BY 4.0</dc:rights>
<atom:link rel="via" type="text/html" href="https://lagoonwire.example/story?id=7&#x26;lang=en"/>
<category domain="{SITE}/tags/">Flood &#x26; storm</category>
<category domain="{SITE}/places/">Suva, Fiji</category>
<category domain="{SITE}/sources/">Lagoon Wire</category>
<georss:point>-18.1416 178.4419</georss:point>
<georss:featureName>Suva, Fiji</georss:featureName>
<media:content url="{SITE}/images/suva.png" type="image/png" medium="image" fileSize="23456" width="800" height="600"/>
<description>Water is back in Suva.
Health posts stay open &amp;amp; staffed.</description>
"""
    )


def test_atom_entry_has_one_alternate_and_its_other_links_say_what_they_are():
    entry = xml(written("atom", SUVA)).find(f"{ATOM}entry")
    assert [dict(link.attrib) for link in entry.findall(f"{ATOM}link")] == [
        {"href": SUVA.url, "rel": "alternate", "type": "text/html"},
        {"href": SUVA.original, "rel": "via", "type": "text/html"},
        {"href": f"{SITE}/images/suva.png", "rel": "enclosure", "type": "image/png", "length": "23456"},
    ]
    assert dict(entry.find(f"{ATOM}category").attrib) == {
        "term": "flood",
        "scheme": f"{SITE}/tags/",
        "label": "Flood & storm",
    }
    assert entry.findtext(f"{ATOM}author/{ATOM}uri") == "https://lagoonwire.example/"


def test_source_stands_only_with_the_feed_of_the_agency_and_is_whole():
    entry = xml(written("atom", SUVA)).find(f"{ATOM}entry")
    source = entry.find(f"{ATOM}source")
    assert source.findtext(f"{ATOM}id") == "https://lagoonwire.example/feed.xml"
    assert source.findtext(f"{ATOM}title") == "Lagoon Wire"
    assert source.findtext(f"{ATOM}updated") == SUVA.published
    for key, path in (("atom", f"{ATOM}entry/{ATOM}source"), ("rss", "channel/item/source")):
        assert xml(written(key, replace(SUVA, source_feed=""))).find(path) is None


def test_an_entry_is_the_same_in_every_feed():
    for row in feeds.FORMATS:
        alone = b"".join(row.entry(feeds.ready(SUVA, PROSE)))
        assert alone in written(row.key, SUVA, OSLO)
        assert alone in written(row.key, OSLO, SUVA, lang="fr", title="Fidji", hub="", complete=False)


@pytest.mark.parametrize("key", KEYS)
def test_entries_keep_the_order_they_are_given_in(key):
    assert [row["id"] for row in read(key, SUVA, OSLO)] == [SUVA.id, OSLO.id]
    assert [row["id"] for row in read(key, OSLO, SUVA)] == [OSLO.id, SUVA.id]


# --- fields that may lack, or be wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(None, None), (-18.0, None), (90.5, 0.0), (0.0, 180.5), (0.0, 0.0), (float("nan"), 1.0)],
)
def test_no_point_is_written_without_a_valid_one(key, latitude, longitude):
    data = written(key, replace(SUVA, latitude=latitude, longitude=longitude))
    assert b"georss:point" not in data
    assert b"_geo" not in data


def test_points_are_plain_decimals():
    data = written("rss", replace(SUVA, latitude=-0.0000001, longitude=0.00001))
    assert b"<georss:point>0 0.00001</georss:point>" in data


def test_an_image_of_unknown_size_says_no_size():
    picture = Enclosure(f"{SITE}/images/a.jpg", "image/jpeg", 0)
    rss = xml(written("rss", replace(SUVA, enclosure=picture)))
    assert rss.find("channel/item/enclosure").get("length") == "0"
    media = rss.find("channel/item/{http://search.yahoo.com/mrss/}content")
    assert dict(media.attrib) == {"url": f"{SITE}/images/a.jpg", "type": "image/jpeg", "medium": "image"}
    (item,) = parsed_json(written("json", replace(SUVA, enclosure=picture)))["items"]
    assert item["attachments"] == [{"url": f"{SITE}/images/a.jpg", "mime_type": "image/jpeg"}]


@pytest.mark.parametrize("key", KEYS)
def test_an_entry_with_nothing_but_a_title_is_still_an_entry(key):
    bare = replace(
        OSLO, summary="", points=(), strip="", source_name="", source_url="", author="", original="", categories=()
    )
    (row,) = read(key, bare)
    assert row["title"] == row["summary"] == "Trams stand still in Oslo"
    assert row["content"] == f'<p><a href="{SITE}/briefings/oslo-trams/">Trams stand still in Oslo</a></p>'
    assert row["author"] in {"", "Example Briefings"}


@pytest.mark.parametrize("key", KEYS)
def test_a_title_of_2000_characters_arrives_whole(key):
    long = "Aleppo " * 285 + "ends"
    assert read(key, replace(SUVA, title=long))[0]["title"] == long


@pytest.mark.parametrize("key", KEYS)
def test_a_title_of_control_characters_falls_back_to_the_dateline(key):
    assert read(key, replace(SUVA, title="\x07\ufffd"))[0]["title"] == SUVA.strip


@pytest.mark.parametrize("key", KEYS)
def test_a_feed_without_entries_is_a_feed(key):
    data = written(key)
    assert data == written(key)
    if key == "json":
        assert parsed_json(data)["items"] == []
    else:
        assert not feedparser.parse(data).bozo
        assert b"1970" in data


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("stamp", ["", "2026-09-30", "03/04/2026", "2026-09-30T12:00:00", "2026-13-30T12:00:00Z"])
def test_a_time_that_is_not_utc_to_the_second_is_refused(key, stamp):
    with pytest.raises(ValueError, match=r"UTC|month"):
        written(key, replace(SUVA, published=stamp))


@pytest.mark.parametrize("key", KEYS)
def test_an_entry_or_feed_without_an_absolute_address_is_refused(key):
    for entry, changes in ((replace(SUVA, url="/here/"), {}), (SUVA, {"url": "/"}), (SUVA, {"self_url": ""})):
        with pytest.raises(ValueError, match="is not absolute"):
            written(key, entry, **changes)


def test_categories_stand_once_and_never_blank():
    twice = (*SUVA.categories, SUVA.categories[0], Category("\x00", f"{SITE}/tags/", "x"))
    assert len(xml(written("rss", replace(SUVA, categories=twice))).findall("channel/item/category")) == 3


# --- the text comes back equal --------------------------------------------------------------------------------------

AWKWARD = [
    "Fire & flood",
    "Caf&eacute; &amp; bar",
    "]]> ends no section",
    "2 < 3 > 1",
    "a <tag> in a title",
    "Quotes \"double\" and 'single'",
    "👩‍👩‍👧 family 🇫🇯",
    "عاجل: مياه في حلب \u200f(تحديث)",
    "no\u00a0break",
    "a\\b \\n c",
    "\u202eoverride\u202c",
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_text_comes_back_equal(key, words):
    (row,) = read(key, replace(SUVA, title=words, summary=words, points=(words,), place=words, source_name=words))
    assert row["title"] == words
    assert row["summary"] == words
    assert words in Page(row["content"]).words
    assert row["author"] == words


SPELLED_OUT = "What <b>bold</b> & &amp; mean </title>"


def test_a_title_that_spells_out_html_is_not_taken_for_it():
    """Readers and validators guess at an end tag: so it is said to be HTML, in which the same words are escaped."""
    entry = replace(SUVA, title=SPELLED_OUT, summary=SPELLED_OUT, rights=SPELLED_OUT, points=())
    atom = xml(written("atom", entry)).find(f"{ATOM}entry")
    for name in ("title", "summary", "rights"):
        element = atom.find(ATOM + name)
        assert element.get("type") == "html"
        assert Page(element.text).words == SPELLED_OUT
    for key in ("rss", "atom"):
        parsed = feedparser.parse(written(key, entry, title=SPELLED_OUT))
        for detail in (parsed.feed.title_detail, parsed.entries[0].title_detail, parsed.entries[0].summary_detail):
            assert detail.type == "text/html"
            assert Page(detail.value).words == SPELLED_OUT
            assert Page(detail.value).elements == []
    assert read("json", entry)[0]["title"] == SPELLED_OUT


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_plain_texts_are_written_with_hexadecimal_references(key):
    data = written(key, replace(SUVA, title="A &amp; <B>", source_name="R&D2", place="<x>"))
    plain = re.search(rb"<(item|entry)[ >].*?(?=<description>|<content )", data, re.DOTALL)[0]
    assert b">A &#x26;amp; &#x3C;B&#x3E;</title>" in plain
    assert b"R&#x26;D2" in plain
    assert b"&amp;" not in plain


DIRTY = "Wa\x00ter\x08 \x0bis\x1f \x7fba\x85ck\x92 \ud800in\ufdd0 Su\ufffdva\ufffe\uffff\U0001fffe."


@pytest.mark.parametrize("key", KEYS)
def test_characters_that_break_feeds_are_left_out(key):
    dirty = replace(
        SUVA,
        title=DIRTY,
        summary=DIRTY,
        points=(DIRTY,),
        place=DIRTY,
        source_name=DIRTY,
        strip=DIRTY,
        rights=DIRTY,
        notice=DIRTY,
        author=DIRTY,
        categories=(Category("water", f"{SITE}/tags/", DIRTY),),
    )
    data = feeds.write(
        key, feed(dirty, key=key, title=DIRTY, subtitle=DIRTY, rights=DIRTY), lambda _: f"<p>{DIRTY}</p>"
    )
    clean = "Water is back in Suva."
    decoded = data.decode("utf-8")
    assert decoded.count(clean) >= 9
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]", decoded)


# --- how much fits --------------------------------------------------------------------------------------------------


def many(number):
    return [
        replace(
            OSLO,
            id=f"urn:uuid:00000000-0000-4000-8000-{index:012}",
            title=f"Number {index}",
            published=f"2026-09-{28 - index:02}T12:00:00Z",
            # The oldest was edited last: when it falls out, the feed is as old as the newest that is left.
            updated="2026-11-01T00:00:00Z" if index == number - 1 else f"2026-09-{28 - index:02}T12:00:00Z",
        )
        for index in range(number)
    ]


@pytest.mark.parametrize("row", feeds.FORMATS, ids=KEYS)
def test_the_oldest_entries_are_dropped_and_none_is_cut(row):
    whole = feed(*many(10), key=row.key)
    everything = row.compose(whole, prose)
    assert (everything.kept, everything.dropped) == (10, 0)
    assert row.compose(whole, prose, limit=len(everything.data)).dropped == 0

    limit = len(everything.data) - 1
    short = row.compose(whole, prose, limit)
    assert (short.kept, short.dropped) == (9, 1)
    assert len(short.data) <= limit
    assert short.data == row.write(
        replace(whole, entries=whole.entries[:9], complete=False, updated="2026-09-28T12:00:00Z"), prose
    )
    assert b"fh:complete/" not in short.data


@pytest.mark.parametrize("row", feeds.FORMATS, ids=KEYS)
def test_the_newest_entry_is_written_whatever_its_size(row):
    asked = []

    def huge(entry):
        asked.append(entry.title)
        return f"<p>{'x' * 10_000}</p>"

    document = row.compose(feed(*many(10), key=row.key), huge, limit=5_000)
    assert (document.kept, document.dropped) == (1, 9)
    assert b"x" * 10_000 in document.data
    assert asked == ["Number 0", "Number 1"], "prose is not rendered for what no longer fits"


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_complete_is_said_only_of_a_complete_feed(key):
    path = ".//{http://purl.org/syndication/history/1.0}complete"
    assert len(xml(written(key, SUVA)).findall(path)) == 1
    assert xml(written(key, SUVA, complete=False)).find(path) is None


# --- the file itself ------------------------------------------------------------------------------------------------


def test_formats_name_their_files_and_types():
    assert [(row.key, row.suffix, row.type) for row in feeds.FORMATS] == [
        ("rss", ".rss.xml", "application/rss+xml"),
        ("atom", ".atom.xml", "application/atom+xml"),
        ("json", ".json", "application/feed+json"),
    ]


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_xml_declares_utf_8_and_its_style_sheet(key):
    data = written(key, SUVA, stylesheet=f"{SITE}/feed.css?a=1&b=2")
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    instruction = f'<?xml-stylesheet type="text/css" href="{SITE}/feed.css?a=1&amp;b=2"?>'
    assert data.splitlines()[1].decode() == instruction
    assert b"xml-stylesheet" not in written(key, SUVA, stylesheet="")
    assert b"xml:base" not in data


# --- OPML -----------------------------------------------------------------------------------------------------------


def test_opml_names_each_list_once_grouped_by_kind():
    def links(path, title):
        return tuple(FeedLink(title, row.type, f"/feeds{path}{row.suffix}", row.key) for row in feeds.FORMATS)

    groups = (
        FeedGroup("Tags", (FeedRow("Flood & storm", "/tags/flood/", 3, links("/tags/flood", "Flood & storm — Site")),)),
        FeedGroup("Nothing", (FeedRow("None", "/none/", 0, ()),)),
        FeedGroup("Odd", (FeedRow("AT&T <b>", "/tags/odd/", 1, links("/tags/odd", "AT&T <b>")),)),
        FeedGroup("Everything", (FeedRow("Example Briefings", "/", 4, links("/feed", "Example Briefings (Atom)")),)),
    )
    root = xml(opml.write("Example \x07Briefings", groups, lambda path: SITE + path))
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "Example Briefings"
    assert [outline.get("text") for outline in root.findall("body/outline")] == ["Tags", "Odd", "Everything"]
    flood, odd, everything = (dict(outline.attrib) for outline in root.findall("body/outline/outline"))
    assert flood == {
        "type": "rss",
        "text": "Flood & storm · Example Briefings",
        "title": "Flood & storm · Example Briefings",
        "xmlUrl": f"{SITE}/feeds/tags/flood.atom.xml",
        "htmlUrl": f"{SITE}/tags/flood/",
    }
    assert everything["text"] == "Example Briefings"
    assert odd["text"] == "AT&amp;T &lt;b&gt; · Example Briefings", (
        "OPML texts may hold HTML, so what looks like it is escaped"
    )
