"""Entries and feeds that the tests of feeds start from, and how they are read back."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from lxml import etree
from msgspec.structs import replace

from briefings import feeds
from briefings.views import Category, Enclosure, Entry, Feed, FeedLink

SITE = "https://briefings.example.org"

SUVA = Entry(
    id="urn:uuid:0b5f3a52-9f0e-4f0e-8f5e-2f4b7a4f1a01",
    url=f"{SITE}/briefings/suva-harbour/",
    title="Cyclone & flood update: <Suva>",
    published="2026-09-30T12:00:17Z",
    updated="2026-10-02T08:30:00Z",
    lang="en",
    summary="Water is back in Suva.\nHealth posts stay open & staffed.",
    points=("Water is back in Suva.", "Health posts stay open & staffed."),
    prose="briefings/2026/suva-harbour.md",
    prose_digest="",
    strip="SUVA, Fiji · 30 September 2026 · Lagoon Wire",
    source_name="Lagoon Wire",
    source_url="https://lagoonwire.example/",
    source_feed="https://lagoonwire.example/feed.xml",
    author="Night desk",
    original="https://lagoonwire.example/story?id=7&lang=en",
    rights="© Lagoon Wire, CC BY 4.0",
    categories=(
        Category("flood", f"{SITE}/tags/", "Flood & storm"),
        Category("suva", f"{SITE}/places/", "Suva, Fiji"),
        Category("lagoon-wire", f"{SITE}/sources/", "Lagoon Wire"),
    ),
    place="Suva, Fiji",
    latitude=-18.1416,
    longitude=178.4419,
    enclosure=Enclosure(f"{SITE}/images/suva.png", "image/png", 23456, 800, 600, "The harbour at low tide"),
)

OSLO = Entry(
    id="urn:uuid:0b5f3a52-9f0e-4f0e-8f5e-2f4b7a4f1a02",
    url=f"{SITE}/briefings/oslo-trams/",
    title="Trams stand still in Oslo",
    published="2026-09-29T12:00:51Z",
    updated="2026-09-29T12:00:51Z",
    lang="nb",
    summary="Ingen trikk i dag.",
    points=("Ingen trikk i dag.",),
    prose="briefings/2026/oslo-trams.md",
    prose_digest="",
    strip="OSLO, Norway · undated · Fjordposten",
    source_name="Fjordposten",
)

PROSE = '<p>The harbour <a href="https://briefings.example.org/places/suva/?a=1&amp;b=2">reopened</a>.</p>'


def prose(entry: Entry) -> str:
    return PROSE if entry.id == SUVA.id else ""


def feed(*entries: Entry, key: str = "atom", **changes: Any) -> Feed:
    """Return a feed of the entries in the format ``key``."""
    suffix = next(row.suffix for row in feeds.FORMATS if row.key == key)
    others = [row for row in feeds.FORMATS if row.key != key]
    made = Feed(
        id="urn:uuid:5c1f9a7e-3f43-5d8b-9d0a-6a7b8c9d0e0f",
        title="Flood & storm — Example Briefings",
        subtitle="Every briefing tagged Flood & storm",
        lang="en",
        url=f"{SITE}/tags/flood/",
        self_url=f"{SITE}/feeds/tags/flood{suffix}",
        updated=max((entry.updated for entry in entries), default=""),
        rights="© Example Briefings",
        author="Example Briefings",
        icon=f"{SITE}/icon.png",
        generator="briefings",
        entries=entries,
        complete=True,
        hub="https://hub.example/",
        siblings=tuple(
            FeedLink(f"Flood & storm ({row.key})", row.type, f"{SITE}/feeds/tags/flood{row.suffix}", row.key)
            for row in others
        ),
        stylesheet=f"{SITE}/theme/feed.css",
    )
    return replace(made, **changes)


def written(key: str, *entries: Entry, **changes: Any) -> bytes:
    return feeds.write(key, feed(*entries, key=key, **changes), prose)


def xml(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def parsed_json(data: bytes) -> dict[str, Any]:
    return json.loads(data.decode("utf-8", errors="strict"))


class Page(HTMLParser):
    """What a reader makes of HTML: its words, and every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def addresses(self) -> list[str]:
        names = ("href", "src", "srcset", "poster", "cite")
        return [value or "" for _, attributes in self.elements for name, value in attributes.items() if name in names]
