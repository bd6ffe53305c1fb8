"""Every feed of awkward content against the grammar of its format."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import fastjsonschema
import pytest
from feeds_examples import OSLO, SITE, SUVA, parsed_json, written, xml
from lxml import etree
from msgspec.structs import replace

from briefings import feeds
from briefings.views import Category, Enclosure

SCHEMAS = Path(__file__).parent / "schemas"
ATOM = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
JSON = fastjsonschema.compile(json.loads((SCHEMAS / "json_feed.json").read_text("utf-8")))
RSS = etree.RelaxNG(etree.parse(SCHEMAS / "rss.rng"))
GRAMMARS = {"atom": ATOM, "rss": RSS}

CONTENT = {
    "plain": SUVA,
    "bare": OSLO,
    "nothing": replace(SUVA, summary="", points=(), strip="", source_name="", author="", original="", rights=""),
    "markup": replace(SUVA, title="</title><script>x</script>", summary="</p>]]>", points=("<b>&amp;</b>",)),
    "entities": replace(SUVA, title="R&amp;D", summary="one\n&lt;two", source_name="R&D2", rights="&copy; </b>"),
    "control": replace(SUVA, title="a\x00b", summary="\x1f", points=("\ufffe",), source_name="\x85", place="\ud800"),
    "long": replace(SUVA, title="x" * 2000),
    "rtl": replace(SUVA, title="عاجل", lang="ar"),
    "addresses": replace(
        SUVA,
        original="https://lagoonwire.example/a b|c?d=[1]#é",
        source_url="relative/path",
        source_feed="feed:nonsense",
        enclosure=Enclosure("https://a.example/ü.jpg", "image/jpeg", 0),
        categories=(Category("é", f"{SITE}/tags/", ""), Category("x", "no-scheme", "")),
    ),
    "language": replace(SUVA, lang="not a tag"),
    "no point": replace(SUVA, latitude=91.0, place=""),
}


@pytest.mark.parametrize("entry", CONTENT.values(), ids=CONTENT)
@pytest.mark.parametrize("key", ["rss", "atom"])
def test_xml_follows_its_grammar(key, entry):
    grammar = GRAMMARS[key]
    assert grammar.validate(xml(written(key, entry))), grammar.error_log


@pytest.mark.parametrize("entry", CONTENT.values(), ids=CONTENT)
def test_json_follows_its_schema(entry):
    JSON(parsed_json(written("json", entry)))


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_feeds_without_entries_follow_their_grammar(key):
    changes = {"rights": "", "icon": "", "generator": "", "hub": "", "siblings": (), "author": "", "subtitle": ""}
    assert GRAMMARS[key].validate(xml(written(key, **changes))), GRAMMARS[key].error_log
    JSON(parsed_json(written("json", **changes)))


@pytest.mark.parametrize("entry", CONTENT.values(), ids=CONTENT)
def test_what_a_grammar_cannot_say(entry):
    root = xml(written("atom", entry, OSLO))
    names = {"a": "http://www.w3.org/2005/Atom"}
    for owner in (root, *root.iterfind("a:entry", names)):
        alternates = [
            (link.get("type"), link.get("hreflang")) for link in owner.findall("a:link[@rel='alternate']", names)
        ]
        assert len(alternates) == len(set(alternates)), "RFC 4287, 4.1.1: one alternate of a type and language"
    assert root.find("a:author", names) is not None, "RFC 4287, 4.1.1: an author for entries without one"

    channel = xml(written("rss", entry)).find("channel")
    item = [child.tag for child in channel.find("item")]
    assert ("description", "{http://purl.org/rss/1.0/modules/content/}encoded") in set(pairwise(item))
    assert channel.findtext("image/link") == channel.findtext("link")
    assert channel.findtext("image/title") == channel.findtext("title")


PLAIN = {"title", "subtitle", "rights", "summary", "copyright", "category", "source", "name"}


@pytest.mark.parametrize("entry", CONTENT.values(), ids=CONTENT)
@pytest.mark.parametrize("key", ["rss", "atom"])
def test_no_plain_text_is_suspected_of_html(key, entry):
    """What validators warn at: an end tag in a plain text, or an entity on a line without a hexadecimal reference."""
    data = written(key, entry, title="R&amp;D </b>", subtitle="a &lt;b", rights="</p> &copy;")
    lines = data.decode().split("\n")
    for element in xml(data).iter():
        name = etree.QName(element).localname
        if (name in PLAIN or (name == "description" and element.getparent().tag == "channel")) and element.text:
            if element.get("type") != "html":
                assert not re.search(r"</\w+>", element.text)
            if re.search(r"&#?\w+", element.text) and element.get("type") != "html":
                end = element.sourceline + element.text.count("\n")
                assert any("&#x" in line for line in lines[element.sourceline - 1 : end]), element.text


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("atom", b"<updated>2026-10-02T08:30:00Z</updated>\n<author>", b"<updated>yesterday</updated><author>"),
        ("atom", b"<id>urn:uuid:0b5f3a52-9f0e-4f0e-8f5e-2f4b7a4f1a01</id>", b""),
        ("atom", b'type="html"', b'type="CDATA"'),
        ("atom", b"<published>", b"<published>2026-01-01T00:00:00Z</published><published>"),
        ("atom", b"<generator>", b"<invented/><generator>"),
        ("rss", b"<pubDate>Wed, 30", b"<pubDate>Mit, 30"),
        ("rss", b' isPermaLink="false"', b' isPermaLink="no"'),
        ("rss", b"featureName", b"featurename"),
        ("rss", b"<ttl>60", b"<ttl>often"),
        ("rss", b"<fh:complete/>", b"<complete/>"),
    ],
)
def test_the_grammars_do_refuse(key, old, new):
    data = written(key, SUVA)
    assert old in data
    assert not GRAMMARS[key].validate(xml(data.replace(old, new)))


@pytest.mark.parametrize(
    "fault",
    [
        {"id": None},
        {"url": "/relative"},
        {"date_published": "2026-09-30"},
        {"tags": [""]},
        {"invented": 1},
        {"_geo": {"type": "Point"}},
        {"content_html": None},
    ],
)
def test_the_schema_does_refuse(fault):
    feed = parsed_json(written("json", SUVA))
    feed["items"][0].update(fault)
    feed["items"][0] = {name: value for name, value in feed["items"][0].items() if value is not None}
    with pytest.raises(fastjsonschema.JsonSchemaException):
        JSON(feed)


def test_every_format_is_checked_here():
    assert {row.key for row in feeds.FORMATS} == {*GRAMMARS, "json"}
