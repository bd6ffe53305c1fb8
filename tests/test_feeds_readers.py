"""What two readers by different hands make of the same feeds: they must agree with each other and with the JSON."""

from __future__ import annotations

import fastfeedparser
import feedparser
import pytest
from feeds_examples import OSLO, SUVA, parsed_json, written

from briefings.views import Category

ODD = {
    "title": "A & B: ]]> <i>",
    "summary": "5 < 6 & 7",
    "categories": (Category("a-b", "https://a.example/tags/", "A & B"),),
}


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_two_readers_and_the_json_agree(key):
    from msgspec.structs import replace

    entries = (replace(SUVA, **ODD), OSLO)
    data = written(key, *entries)
    items = parsed_json(written("json", *entries))["items"]
    one, two = feedparser.parse(data), fastfeedparser.parse(data)
    assert not one.bozo
    assert len(one.entries) == len(two.entries) == len(items) == 2
    for first, second, item in zip(one.entries, two.entries, items, strict=True):
        assert first.id == second.id == item["id"]
        assert first.link == second.link == item["url"]
        assert first.title == item["title"]
        assert first.published.startswith(item["date_published"][:10]) or key == "rss"
        assert first.content[0].value.count("<p>") == item["content_html"].count("<p>")
        assert [tag.term for tag in first.get("tags", [])] == [
            tag.get("term") or tag.get("label") for tag in second.get("tags") or []
        ]
