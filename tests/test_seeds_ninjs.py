"""ninjs as agencies write it in its three versions, plain objects, and the items that our own sites give."""

from __future__ import annotations

import json

import pytest

from briefings import build, check, find, pages, seeds
from briefings.errors import SeedError
from tests.sites import NOW, SITE, briefing
from tests.test_pages import PALU


def read(item):
    seed = seeds.read_bytes("a.json", json.dumps(item).encode())
    for block in seed.blocks:
        assert seed.text[block.start : block.end] == block.text
    return seed


def stated(seed):
    return {one.name: one.value for one in seed.stated}


ONE = {
    "uri": "urn:newsml:harbour.example:20170309:1",
    "type": "text",
    "versioncreated": "2017-03-10T09:00:00Z",
    "firstcreated": "2017-03-09T08:00:00Z",
    "headline": "Wells run dry",
    "byline": "Jane Roe",
    "located": "Taiz",
    "copyrightholder": "Harbour Wire",
    "usageterms": "Not for use after 2018.",
    "slugline": "WELLS-TAIZ",
    "language": "en",
    "altids": {"web": "https://harbour.example/1", "internal": "88"},
    "body_text": "One.\nTwo.",
    "body_xhtml": "<div><p>One.</p><p>Two.</p><p>Three, in HTML only.</p></div>",
    "description_text": "Two wells.",
    "associations": {"main": {"type": "picture", "headline": "A well", "description_text": "A dry well in Taiz."}},
}
TWO = {
    "uri": "urn:newsml:harbour.example:20170309:1",
    "standard": {"name": "ninjs", "version": "2.1"},
    "type": "text",
    "versioncreated": "2017-03-10T09:00:00Z",
    "firstcreated": "2017-03-09T08:00:00Z",
    "headlines": [{"role": "short", "value": "Wells"}, {"role": "main", "value": "Wells run dry"}],
    "by": "Jane Roe",
    "located": "Taiz",
    "copyrightholder": "Harbour Wire",
    "usageterms": "Not for use after 2018.",
    "slugline": "WELLS-TAIZ",
    "language": "en",
    "altids": [{"role": "internal", "value": "88"}, {"role": "web", "value": "https://harbour.example/1"}],
    "bodies": [
        {"role": "short", "contenttype": "text/plain", "value": "Only one."},
        {"role": "main", "contenttype": "text/html", "value": "<p>One.</p><p>Two.</p>"},
    ],
    "descriptions": [{"contenttype": "text/plain", "value": "Two wells."}],
}
THREE = {
    "uri": "urn:uuid:0b1c1a52-0000-4000-8000-000000000001",
    "standard": {"name": "ninjs", "version": "3.1"},
    "type": "text",
    "versionCreated": "2017-03-10T09:00:00Z",
    "firstCreated": "2017-03-09T08:00:00Z",
    "headlines": [{"role": "main", "contentType": "text/plain", "value": "Wells run dry"}],
    "by": "Jane Roe",
    "located": "Taiz",
    "infoSources": [{"name": "Harbour Wire", "role": "originator"}],
    "copyrightHolder": "Another house",
    "usageTerms": "Not for use after 2018.",
    "slugline": "WELLS-TAIZ",
    "language": "en",
    "altIds": [{"role": "url", "value": "https://harbour.example/1"}],
    "bodies": [{"role": "main", "contentType": "text/html", "charCount": 8, "value": "<p>One.</p><p>Two.</p>"}],
    "descriptions": [{"role": "summary", "contentType": "text/plain", "value": "Two wells."}],
}


@pytest.mark.parametrize("item", [ONE, TWO, THREE], ids=["1.3", "2.1", "3.1"])
def test_the_three_versions_say_the_same(item):
    seed = read(item)
    assert seed.format == "ninjs"
    assert [block.text for block in seed.blocks] == ["One.", "Two."]
    assert stated(seed) == {
        "title": "Wells run dry",
        "date": "2017-03-09T08:00:00Z",
        "updated": "2017-03-10T09:00:00Z",
        "author": "Jane Roe",
        "publisher": "Harbour Wire",
        "located": "Taiz",
        "url": "https://harbour.example/1",
        "lang": "en",
        "description": "Two wells.",
    }
    dropped = [(one.text, one.reason) for one in seed.dropped]
    assert ("Not for use after 2018.", "usage terms of the item") in dropped
    assert ("WELLS-TAIZ", "slug line of the item") in dropped


def test_what_only_one_of_the_bodies_says_is_listed():
    assert ("Three, in HTML only.", "another body of the item") in [(o.text, o.reason) for o in read(ONE).dropped]
    assert ("Only one.", "another body of the item") in [(o.text, o.reason) for o in read(TWO).dropped]
    assert ("A dry well in Taiz.", "item that is associated with it") in [(o.text, o.reason) for o in read(ONE).dropped]


def test_the_place_of_filing_is_not_what_it_is_about():
    draft = find.find(read(THREE))
    assert (draft.filed_from.value, draft.filed_from.status) == ("Taiz", "stated")
    assert draft.url.value == "https://harbour.example/1"


def test_a_name_of_an_item_is_no_address():
    seed = read({"uri": "urn:uuid:0b1c1a52-0000-4000-8000-000000000001", "headline": "Wells", "body_text": "One."})
    assert "url" not in stated(seed)
    seed = read({"uri": "https://harbour.example/2", "headline": "Wells", "body_text": "One."})
    assert stated(seed)["url"] == "https://harbour.example/2"


def test_an_alert_without_a_body_gives_its_description():
    seed = read(
        {"headline": "Wells", "versioncreated": "2017-03-10T09:00:00Z", "description_text": "Two wells ran dry."}
    )
    assert seed.text == "Two wells ran dry."
    assert seed.notes == ("the item has no body: its description was taken",)


def test_an_item_without_any_text_is_refused():
    with pytest.raises(SeedError, match="holds no body"):
        read({"headline": "Wells", "bodies": [{"value": 3}, "x", None], "descriptions": {"role": "main"}})


def test_odd_types_are_no_burden():
    seed = read(
        {"headlines": {"value": ["x"]}, "altids": 3, "by": [None, 4], "associations": ["x"], "body_text": "One."}
    )
    assert seed.text == "One."


def test_lone_surrogates_and_controls_are_taken_out():
    data = b'{"headline": "We\\ud800lls\\u0000", "body_text": "One\\udfff.\\u0007"}'
    seed = seeds.read_bytes("a.json", data)
    assert (stated(seed)["title"], seed.text) == ("Wells", "One.")


def test_our_own_items_read_back(tmp_path):
    briefing(
        tmp_path, "one", "The quay burned for a day.\n\n## After\n\nIt smoked.", date="2018-10-05", location=PALU,
        tags="[fire]", key_points='["Silos burned.", "Nobody was hurt."]', summary="A fire.",
        source='{name: Harbour News, author: A. Writer, filed_from: Beirut, url: "https://harbour.example.org/1"}',
    )  # fmt: skip
    checked = check.check(tmp_path, SITE, NOW)
    assert checked.errors == ()
    outputs = {output.path: output for output in pages.plan(checked.library, SITE, checked.media, (), {})}
    shop = build.Workshop(checked, SITE, None, None)
    data = dict(build.MAKERS)["document"](outputs["briefings/one/ninjs.json"], shop)
    draft = find.find(seeds.read_bytes("ninjs.json", data))
    made = checked.library.briefings[0]
    assert draft.title.value == made.title
    assert [point.value for point in draft.key_points] == list(made.key_points)
    assert (draft.author.value, draft.filed_from.value) == ("A. Writer", "Beirut")
    assert draft.source.value == "Harbour News"
    assert draft.url.value == "https://briefs.example.org/news/briefings/one/"
    assert "The quay burned for a day." in draft.body
    assert "## After" in draft.body
    assert "It smoked." in draft.body
