"""Feeds of lists that were renamed or merged: one last entry, which names the list that goes on.

A table says so: ``former: [{key: flooding, on: 2026-11-22}]``. The old feed keeps its address and its id for as
long as the line stands. It is never complete, so no reader deletes what it has.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from msgspec import Struct

from briefings import labels, syndication, urls, values
from briefings.cards import KIND
from briefings.views import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.desk import Desk
    from briefings.library import Facet
    from briefings.model import Former, Output
    from briefings.tables import Tables


class Row(Struct, frozen=True):
    """A former list: its kind, the key that goes on, the key that ended, and the table that says so."""

    kind: str
    key: str
    old: Former
    file: str


def rows(known: Tables) -> tuple[Row, ...]:
    """Every former list of the tables."""
    found = [Row("tag", row.key, old, "tags.yaml") for row in known.tags.values() for old in row.former]
    found += [Row("source", row.key, old, "sources.yaml") for row in known.sources.values() for old in row.former]
    found += [Row("story", row.key, old, "stories.yaml") for row in known.stories.values() for old in row.former]
    for note in known.places.values():
        kind = "country" if len(note.key) == 2 else "place"
        found += [Row(kind, note.key, old, "places.yaml") for old in note.former]
    found += [Row("region", row.key, old, "regions.yaml") for row in known.regions.values() for old in row.former]
    return tuple(found)


def feeds(desk: Desk) -> Iterator[Output]:
    """The last state of every former list's feed, unless its key is in use again or what goes on has no list."""
    for row in rows(desk.library.tables):
        facets = desk.library.facets[row.kind]
        if desk.site.makes(KIND[row.kind].path) and row.key in facets and row.old.key not in facets:
            entry = _last(desk, row, facets[row.key])
            base = urls.facet(KIND[row.kind], row.old.key)
            title = f"{desk.subscribed.facet_title(facets[row.key])} (formerly {row.old.key})"
            name = f"{row.kind}/{row.old.key}"
            yield from syndication.feed(desk, base, title, name, (entry,), entry.title, ended=True)


def _last(desk: Desk, row: Row, heir: Facet) -> Entry:
    site, on = desk.site, row.old.on
    address = urls.facet(heir.kind, heir.term.slug)
    local = datetime(on.year, on.month or 1, on.day or 1, tzinfo=ZoneInfo(site.timezone))
    moment = values.stamp(local)
    day = labels.day(on, site.lang)
    words = (
        f"The list “{row.old.key}” ended on {day}. Its briefings, old and new, are in the list “{heir.term.label}”: "
        f"{urls.absolute(site, address)}. To go on, subscribe to its feed, "
        f"{urls.absolute(site, urls.feed(address, '.atom.xml'))}, and give this one up."
    )
    return Entry(
        id=f"urn:uuid:{uuid5(UUID(site.key), f'retired/{row.kind}/{row.old.key}')}",
        url=urls.absolute(site, address),
        title=f"This feed has ended: follow “{heir.term.label}” instead",
        published=moment, updated=moment, lang=site.lang, summary=words, points=(), prose="", prose_digest="",
        strip="", author=site.author or site.name,
    )  # fmt: skip
