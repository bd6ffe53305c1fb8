"""The plan of a feed: in every format, with what is older in archive documents (RFC 5005, section 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from briefings import archives, labels, urls
from briefings.entries import formats
from briefings.model import CalendarDate, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.desk import Desk
    from briefings.views import Entry

ARCHIVED = ("rss", "atom")
"""Formats with an archive: JSON Feed has no word for one."""


def feed(
    desk: Desk,
    base: str,
    title: str,
    name: str,
    entries: tuple[Entry, ...],
    subtitle: str,
    *,
    ended: bool = False,
) -> Iterator[Output]:
    """The feed of a list in every format, with its archive.

    Args:
        desk: the site's.
        base: address of the list's page.
        title: what the feed is called.
        name: makes its id; it never changes.
        entries: all that the list holds, newest first.
        subtitle: a sentence about it.
        ended: whether it is the last of a list that is no more, and says nothing of what readers keep.
    """
    made = desk.subscribed.feed(base, title, name, entries, subtitle, desk.site.feed_items)
    if ended:
        made = replace(made, complete=False)
    links = desk.subscribed.links(base, title)
    siblings = tuple(replace(link, url=urls.absolute(desk.site, link.url)) for link in links)
    # Half of what fits, by number and by weight: so the feed has room for all that no archive holds yet.
    site = desk.site
    kept = entries if site.makes("feed-archives") else ()
    room = archives.Room(max(1, site.feed_items // 2), max(1, site.feed_bytes // 2))
    past = archives.cut(kept, _moment, room, desk.weight)
    if kept:
        made = replace(made, unarchived=len(kept) - sum(len(one.items) for one in past))
    for key, suffix, _, _ in formats(desk.site):
        url = urls.feed(base, suffix)
        newest = urls.archive(base, past[-1].name, suffix) if past and key in ARCHIVED else ""
        own = replace(
            made, self_url=urls.absolute(desk.site, url), siblings=siblings, prev_archive=_whole(desk, newest)
        )
        yield Output(urls.file(url), "feed", key, {"feed": own}, f"the feed of {title}")
        if key in ARCHIVED:
            yield from _archive(desk, base, (title, name, subtitle), past, (key, suffix))


def _archive(
    desk: Desk, base: str, about: tuple[str, str, str], past: tuple[archives.Archive[Entry], ...], form: tuple[str, str]
) -> Iterator[Output]:
    """The archive documents of a feed in one format, each with a link to the one before it."""
    (title, name, subtitle), (key, suffix) = about, form
    before = ""
    for one in past:
        when = labels.day(CalendarDate(one.year, one.month), desk.site.lang)
        label = f"{title}: {when}" + (f" ({one.part})" if one.part else "")
        made = desk.subscribed.feed(base, label, f"{name}/{one.name}", one.items, subtitle)
        url = urls.archive(base, one.name, suffix)
        own = replace(
            made, complete=False, prev_archive=_whole(desk, before), self_url=urls.absolute(desk.site, url),
            current=urls.absolute(desk.site, urls.feed(base, suffix)), hub="",
        )  # fmt: skip
        yield Output(urls.file(url), "feed", key, {"feed": own}, f"the archive of {title}")
        before = url


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.published)


def _whole(desk: Desk, url: str) -> str:
    return urls.absolute(desk.site, url) if url else ""
