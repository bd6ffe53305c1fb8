"""An entry made ready for feeds: once, for all formats.

Everything that comes from editors or seeds is checked at this edge; the formats only place it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from briefings.clean import escape
from briefings.feeds import text
from briefings.feeds.content import html, summary
from briefings.views import Category, Enclosure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.views import Entry


class Ready(Struct, frozen=True):
    """What every format writes of an entry."""

    entry: Entry
    """Sound: texts without faulty characters and on one line (but ``summary``); addresses absolute or empty; a title; a
    language tag or nothing; a valid point or none; no blank category."""
    content: str
    """HTML; never empty."""
    summary: str
    """Plain text; never empty."""
    escaped: bytes
    """The content as text of an XML document, in UTF-8."""
    point: tuple[str, str] | None
    """Latitude and longitude as feeds write them."""

    @property
    def author(self) -> str:
        """Who says so: the agency, or else the byline."""
        return self.entry.source_name or self.entry.author


def ready(entry: Entry, prose: str) -> Ready:
    """Make an entry ready.

    Args:
        entry: as pages made it.
        prose: the briefing's prose as sanitised HTML with absolute addresses; the entry's ``body`` if there is none.

    Raises:
        ValueError: a time is not RFC 3339 in UTC with ``Z``, or the entry's own address is not absolute.
    """
    text.moment(entry.published)
    text.moment(entry.updated)
    url, strip, name = text.address(entry.url), text.line(entry.strip), text.line(entry.source_name)
    if not url:
        raise ValueError(f'the address "{entry.url}" of an entry is not absolute')
    degrees = text.point(entry.latitude, entry.longitude)
    made: dict[str, Any] = {
        "url": url,
        "title": text.line(entry.title) or strip or url,
        "lang": text.language(entry.lang),
        "summary": text.clean(entry.summary).strip(),
        "points": tuple(point for point in map(text.line, entry.points) if point),
        "strip": strip,
        "source_name": name,
        "source_url": text.address(entry.source_url),
        "source_feed": text.address(entry.source_feed) if name else "",
        "author": text.line(entry.author),
        "original": text.address(entry.original),
        "rights": text.line(entry.rights),
        "notice": text.line(entry.notice),
        "categories": tuple(dict.fromkeys(_categories(entry))),
        "place": text.line(entry.place),
        "latitude": degrees[0] if degrees else None,
        "longitude": degrees[1] if degrees else None,
        "enclosure": _enclosure(entry.enclosure),
    }
    changed = {field: value for field, value in made.items() if getattr(entry, field) != value}
    sound = replace(entry, **changed) if changed else entry
    content = html(sound, text.clean(prose or entry.body).strip())
    return Ready(
        sound,
        content,
        summary(sound),
        escape(content, quote=False).encode(),
        (text.decimal(degrees[0]), text.decimal(degrees[1])) if degrees else None,
    )


def _categories(entry: Entry) -> Iterator[Category]:
    for category in entry.categories:
        if sound := _category(category):
            yield sound


@lru_cache(maxsize=4096)
def _category(category: Category) -> Category | None:
    term = text.line(category.term)
    return Category(term, text.address(category.scheme), text.line(category.label) or term) if term else None


def _enclosure(file: Enclosure | None) -> Enclosure | None:
    url = text.address(file.url) if file else ""
    return replace(file, url=url) if file and url else None
