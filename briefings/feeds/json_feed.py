"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), written by us."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefings.feeds import text
from briefings.feeds.content import content, summary

if TYPE_CHECKING:
    from briefings.views import Entry, Feed

TYPE = "application/feed+json"

_GEO = "https://geojson.org/"


def entry(entry: Entry, prose: str) -> bytes:
    """Return the item of an entry as a JSON object."""
    home, author = text.address(entry.source_url), text.author(entry)
    item: dict[str, Any] = {
        "id": entry.id,
        "url": text.address(entry.url),
        "external_url": text.address(entry.original),
        "title": text.title(entry),
        "summary": summary(entry),
        "content_html": content(entry, prose),
        "date_published": _utc(entry.published),
        "date_modified": _utc(entry.updated),
        "authors": [_filled({"name": author, "url": home})] if author else [],
        "tags": list(dict.fromkeys(label for _, _, label in text.categories(entry.categories))),
        "language": text.language(entry.lang),
    }
    picture = entry.enclosure
    if picture and (url := text.address(picture.url)):
        if picture.type.startswith("image/"):
            item["image"] = url
        item["attachments"] = [_filled({"url": url, "mime_type": picture.type, "size_in_bytes": picture.length})]
    if point := text.coordinates(entry):
        latitude, longitude = (float(text.decimal(degrees)) for degrees in point)
        # The format has no place; an extension is an object whose name begins with an underscore and says what it is
        # about. This one is a GeoJSON point (RFC 7946: longitude first).
        item["_geo"] = _filled(
            {"about": _GEO, "type": "Point", "coordinates": [longitude, latitude], "name": text.line(entry.place)}
        )
    return _dump(_filled(item)).encode()


def wrap(feed: Feed) -> tuple[bytes, bytes]:
    """Return what stands before the first item and after the last."""
    hub, author = text.address(feed.hub), text.line(feed.author)
    top: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": text.line(feed.title),
        "home_page_url": text.address(feed.url),
        "feed_url": text.address(feed.self_url),
        "description": text.line(feed.subtitle),
        "icon": text.address(feed.icon),
        "authors": [{"name": author}] if author else [],
        "language": text.language(feed.lang),
        "hubs": [{"type": "WebSub", "url": hub}] if hub else [],
    }
    return f'{_dump(_filled(top))[:-1]},"items":[\n'.encode(), b"\n]}\n"


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is there: an empty value says no more than none, and some readers stumble over it."""
    return {name: value for name, value in values.items() if value}


def _utc(stamp: str) -> str:
    text.moment(stamp)
    return stamp


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
