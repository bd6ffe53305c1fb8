"""Whatever a briefing holds, its feeds are well formed, agree with each other and carry nothing active."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path

import fastjsonschema
import feedparser
from feeds_examples import Page, feed, parsed_json, xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from briefings import feeds
from briefings.feeds import text
from briefings.views import Category, Enclosure, Entry

SCHEMAS = Path(__file__).parent / "schemas"
GRAMMARS = {key: etree.RelaxNG(etree.parse(SCHEMAS / f"{key}.rng")) for key in ("rss", "atom")}
JSON = fastjsonschema.compile(json.loads((SCHEMAS / "json_feed.json").read_text("utf-8")))
KEPT = {"a", "div", "em", "li", "p", "small", "strong", "ul"}

hostile = st.sampled_from(
    [
        "]]>", "&amp;", "&#0;", "<b>", "</p>", "<script>alert(1)</script>", "<!--", "<?x", "\x00", "\x85", "\ud800",
        "\ufffd", "\ufffe", "\U0010ffff", "\r\n", "👩‍👩‍👧", "عاجل", "\u202e", '"', "'", " onclick=", "%",
        "{{", "\u2028",
    ]
)  # fmt: skip
words = st.lists(st.one_of(hostile, st.text(st.characters(), max_size=12)), max_size=5).map(" ".join)
address = st.one_of(
    st.sampled_from(["", "/relative", "javascript:alert(1)", "//a.example/", "https://a.example/ü?q=[1]&r=\x00"]),
    words.map(lambda tail: f"https://a.example/{tail}"),
    words,
)
stamps = st.datetimes().map(lambda when: when.replace(year=2000 + when.year % 50).strftime("%Y-%m-%dT%H:%M:%SZ"))
degrees = st.one_of(st.none(), st.floats(-200, 200), st.just(float("nan")))
pictures = st.one_of(
    st.none(), st.builds(Enclosure, address, st.just("image/png"), st.integers(0, 10**7), st.integers(0, 9000))
)
entries = st.builds(
    Entry,
    id=st.uuids().map(lambda uuid: uuid.urn),
    url=st.just("https://briefings.example.org/briefings/one/"),
    title=words,
    published=stamps,
    updated=stamps,
    lang=st.sampled_from(["en", "ar", "zh-Hans", "", "x y"]),
    summary=words,
    points=st.lists(words, max_size=3).map(tuple),
    prose=st.just("one.md"),
    prose_digest=st.just(""),
    strip=words,
    source_name=words,
    source_url=address,
    source_feed=address,
    author=words,
    original=address,
    rights=words,
    reuse=st.sampled_from(["full", "excerpt", "summary", "link"]),
    notice=words,
    categories=st.lists(st.builds(Category, words, address, words), max_size=3).map(tuple),
    place=words,
    latitude=degrees,
    longitude=degrees,
    enclosure=pictures,
)
bodies = st.lists(words, max_size=4).map(
    lambda found: "".join(f'<p>{escape(part)} <a href="https://a.example/">on</a></p>' for part in found)
)


def words_of(element):
    return unescape(element.text) if element.get("type") == "html" else element.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(entries, max_size=3, unique_by=lambda entry: entry.id), words, bodies)
def test_any_feed(found, name, body):
    name = name if text.line(name).strip() else "Name"
    written = {
        row.key: row.write(
            feed(*found, key=row.key, title=name, subtitle=name, rights=name, author=name), lambda _: body
        )
        for row in feeds.FORMATS
    }
    roots = {key: xml(written[key]) for key in GRAMMARS}
    for key, root in roots.items():
        assert GRAMMARS[key].validate(root), GRAMMARS[key].error_log
    read = parsed_json(written["json"])
    JSON(read)

    atom, rss = roots["atom"], roots["rss"]
    names = {"a": "http://www.w3.org/2005/Atom", "c": "http://purl.org/rss/1.0/modules/content/"}
    items = read["items"]
    for field, in_atom, in_rss in (
        ("id", "a:id", "guid"),
        ("title", "a:title", "title"),
        ("summary", "a:summary", "description"),
        ("content_html", "a:content", "c:encoded"),
    ):
        said = [item[field] for item in items]
        found_in_atom = [entry.find(in_atom, names) for entry in atom.iterfind("a:entry", names)]
        assert [words_of(element) if field != "content_html" else element.text for element in found_in_atom] == said
        found_in_rss = [item.findtext(in_rss, namespaces=names) for item in rss.iterfind("channel/item")]
        html = [field == "summary" or (field == "title" and text.markup(value)) for value in said]
        assert [
            unescape(value) if is_html else value for value, is_html in zip(found_in_rss, html, strict=True)
        ] == said
    assert [item["id"] for item in items] == [entry.id for entry in found]
    assert [item["title"] for item in items] == [feeds.ready(entry, "").entry.title for entry in found]

    for item, entry in zip(items, found, strict=True):
        page = Page(item["content_html"])
        assert {name for name, _ in page.elements} <= KEPT
        assert {name for _, attributes in page.elements for name in attributes} <= {"href", "lang", "dir"}
        assert all(re.match(r"https://[!-~]+$", url) for url in page.addresses())
        if entry.reuse != "link":
            for point in entry.points:
                assert text.line(point) in page.words

    assert not feedparser.parse(written["atom"]).bozo
