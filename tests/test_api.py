"""The site as data: what the documents say, that they lead to one another, and that they keep to a source's terms."""

from __future__ import annotations

import json

import pytest

from briefings import build, check, documents, pages, urls
from tests.sites import NOW, SITE, briefing
from tests.test_pages import PALU, context, planned

NINJS = {
    "uri", "standard", "type", "representationType", "profile", "version", "firstCreated", "versionCreated",
    "contentCreated", "embargoedUntil", "pubStatus", "urgency", "copyrightHolder", "copyrightNotice", "usageTerms",
    "edNote", "language", "descriptions", "bodies", "headlines", "people", "organisations", "places", "subjects",
    "events", "objects", "infoSources", "title", "by", "slugline", "located", "renditions", "associations", "altIds",
    "trustIndicators", "genres", "expires", "rightsInfo", "digitalSourceType",
}  # fmt: skip
"""Every property that ninjs 3.1 has for a text; it allows no other."""


def made(content, path, **settings):
    """A document as it is written."""
    checked = check.check(content, SITE, NOW)
    assert checked.errors == ()
    outputs = {output.path: output for output in pages.plan(checked.library, SITE, checked.media, (), {})}
    shop = build.Workshop(checked, SITE, None, None)
    return json.loads(dict(build.MAKERS)["document"](outputs[path], shop))


@pytest.fixture
def shelf(tmp_path):
    briefing(
        tmp_path, "one", "The quay [burned](/map/) for a day.", date="2018-10-05", location=PALU, tags="[fire]",
        key_points='["Silos burned."]', summary="A fire.", story="harbour-fire", reviewed_by="the desk", places="[Sigi]",
        source='{name: Harbour News, author: A. Writer, filed_from: Beirut, url: "https://harbour.example.org/1"}',
    )  # fmt: skip
    return tmp_path


def test_a_briefing(shelf):
    data = made(shelf, "briefings/one/index.json")
    assert data["version"] == 1
    assert data["url"] == "https://briefs.example.org/news/briefings/one/"
    assert data["date"] == "2018-10-05"
    assert data["location"] == {"name": "Palu", "country": "ID", "latitude": -0.9, "longitude": 119.87}
    assert data["tags"] == [{"key": "fire", "label": "Fire", "url": "https://briefs.example.org/news/tags/fire/"}]
    assert data["story"]["url"] == "https://briefs.example.org/news/stories/harbour-fire/"
    assert (data["source"]["filed_from"], data["source"]["reuse"]) == ("Beirut", "full")
    assert data["key_points"] == ["Silos burned."]
    assert (
        data["content_html"] == '<p>The quay <a href="https://briefs.example.org/news/map/">burned</a> for a day.</p>\n'
    )
    assert {"field": "date", "value": "5 October 2018", "status": "editor"} in data["known"]


def test_a_ninjs_item_has_nothing_that_the_standard_does_not_know(shelf):
    item = made(shelf, "briefings/one/ninjs.json")
    assert set(item) <= NINJS
    assert item["standard"] == {
        "name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
    }  # fmt: skip
    assert (item["by"], item["located"], item["pubStatus"]) == ("A. Writer", "Beirut", "usable")
    assert item["places"] == [
        {"name": "Palu, Indonesia", "rel": "about", "geoJSON": {"type": "Point", "coordinates": [119.87, -0.9]}},
        {"name": "Sigi", "rel": "mentions"},
    ]
    (body,) = item["bodies"]
    assert (body["contentType"], body["wordCount"]) == ("text/html", 6)


@pytest.mark.parametrize(
    ("reuse", "text", "points", "summary"),
    [
        ("full", True, True, True),
        ("excerpt", True, True, True),
        ("summary", False, True, True),
        ("link", False, False, False),
    ],
)
def test_reuse_holds_in_every_document(shelf, reuse, text, points, summary):
    (shelf / "sources.yaml").write_text(f"harbour-news: {{name: Harbour News, reuse: {reuse}}}\n")
    data, item = made(shelf, "briefings/one/index.json"), made(shelf, "briefings/one/ninjs.json")
    assert ("content_html" in data, "key_points" in data, "summary" in data) == (text, points, summary)
    assert ("bodies" in item, item["representationType"]) == (text, "full" if reuse == "full" else "partial")
    lists = json.dumps(made(shelf, "tags/fire/index.json"))
    assert ("A fire." in lists) == summary
    assert "Silos burned." not in lists


def test_a_withdrawn_briefing_gives_its_notice_alone(tmp_path):
    briefing(
        tmp_path,
        "one",
        "It was so.",
        status="withdrawn",
        withdrawn_reason="It was not.",
        key_points='["So."]',
        summary="S.",
    )
    data, item = made(tmp_path, "briefings/one/index.json"), made(tmp_path, "briefings/one/ninjs.json")
    assert data["withdrawn"] == "It was not."
    assert not {"content_html", "key_points", "summary"} & set(data)
    assert item["pubStatus"] == "canceled"
    assert "bodies" not in item


def test_lists_lead_to_their_pages_and_to_each_other(tmp_path):
    for day in range(1, 8):
        briefing(tmp_path, f"d{day}", tags="[flood]", published=f"2026-11-0{day}T08:00:00Z")
    outputs, path, found, pages_read = planned(tmp_path), "tags/flood/index.json", [], 0
    assert outputs[path].context["data"]["count"] == 7
    while path:
        data = outputs[path].context["data"]
        found += [row["url"].split("/")[-2] for row in data["items"]]
        assert all(urls_path(row["json"]) in outputs for row in data["items"])
        path, pages_read = urls_path(data.get("older", "")), pages_read + 1
    assert (found, pages_read) == (["d7", "d6", "d5", "d4", "d3", "d2", "d1"], 3)


def urls_path(address):
    """The file of an address of the site."""
    return urls.file(address.removeprefix(SITE.url)) if address else ""


def test_every_kind_of_list_has_an_index(shelf):
    outputs = planned(shelf)
    for kind in ("tags", "places", "countries", "sources", "stories"):
        data = outputs[f"{kind}/index.json"].context["data"]
        assert data["count"] == 1
        assert urls_path(data["terms"][0]["json"]) in outputs
    assert "terms" in context(shelf, "tags/index.json")["data"]


def test_addresses_become_absolute_in_tags_alone():
    html = '<p>href="/x" <a title="a&gt;b" href="/news/map/#x">m</a> <a href="https://e.example/">e</a></p>'
    assert documents.whole(html, SITE) == (
        '<p>href="/x" <a title="a&gt;b" href="https://briefs.example.org/news/map/#x">m</a>'
        ' <a href="https://e.example/">e</a></p>'
    )
