"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), written by us."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefings.feeds import text

if TYPE_CHECKING:
    from briefings.feeds.ready import Ready
    from briefings.views import Feed

_GEO = "https://geojson.org/"
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def entry(ready: Ready) -> tuple[bytes, ...]:
    """Return the item of an entry as a JSON object."""
    said = ready.entry
    item: dict[str, Any] = {
        "id": said.id,
        "url": said.url,
        "external_url": said.original,
        "title": said.title,
        "summary": ready.summary,
        "content_html": ready.content,
        "date_published": said.published,
        "date_modified": said.updated,
        "authors": [_filled({"name": ready.author, "url": said.source_url})] if ready.author else [],
        "tags": list(dict.fromkeys(category.label for category in said.categories)),
        "language": said.lang,
    }
    if file := said.enclosure:
        item["image"] = file.url if file.type.startswith("image/") else ""
        item["attachments"] = [_filled({"url": file.url, "mime_type": file.type, "size_in_bytes": file.length})]
    if ready.point:
        latitude, longitude = map(float, ready.point)
        # The format has no place; an extension is an object whose name begins with an underscore and says what it is
        # about. This one is a GeoJSON point (RFC 7946: longitude first).
        item["_geo"] = _filled(
            {"about": _GEO, "type": "Point", "coordinates": [longitude, latitude], "name": said.place}
        )
    return (_dump(_filled(item)).encode(),)


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


def _dump(value: dict[str, Any]) -> str:
    return _ENCODER.encode(value)
