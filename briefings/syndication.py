"""The plan of a feed: in every format, with what is older in archive documents (RFC 5005, section 4)."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from briefings import archives, labels, urls
from briefings.entries import formats
from briefings.model import CalendarDate, Output
from briefings.units import Unit, exactly, step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from briefings.desk import Desk
    from briefings.model import Briefing
    from briefings.units import Focus
    from briefings.views import Entry

T = TypeVar("T")

ARCHIVED = ("rss", "atom")
"""Formats with an archive: JSON Feed has no word for one."""


class Subscription(Struct, Generic[T], frozen=True, dict=True, eq=False):
    """What a feed and its archive are made from: a list of things that become entries, newest first."""

    desk: Desk
    base: str
    """Address of the list's page."""
    title: str
    name: str
    """Makes the feed's id; it never changes."""
    subtitle: str
    items: Sequence[T]
    entry: Callable[[T], Entry]
    moments: Callable[[Sequence[T]], Iterable[datetime]]
    """When things went out, in UTC."""
    weights: Callable[[Sequence[T]], Iterable[int]]
    """How many bytes the entry of each may take, guessed."""
    ended: bool = False
    """Whether it is the last of a list that is no more, and says nothing of what readers keep."""

    @cached_property
    def past(self) -> archives.Cut[T]:
        """What is archived.

        A document holds half of what fits, by number and by weight: so the feed has room for all that none holds yet.
        """
        site = self.desk.site
        room = archives.Room(max(1, site.feed_items // 2), max(1, site.feed_bytes // 2))
        return archives.Cut(self.items if self._archived else (), self.moments, room, self.weights)

    @property
    def _archived(self) -> bool:
        return bool(self.items) and self.desk.site.makes("feed-archives")

    @property
    def unarchived(self) -> int:
        """How many of the newest are in no archive, which the feed must hold."""
        newest = self.past.newest()
        return newest.start if newest else len(self.items) if self._archived else 0

    @property
    def shown(self) -> Sequence[T]:
        """What the feed holds, unless its bytes are too many."""
        return self.items[: self.desk.site.feed_items]

    def current(self) -> Iterator[Output]:
        """The feed in every format."""
        desk = self.desk
        made = desk.subscribed.feed(self.base, self.title, self.name, tuple(map(self.entry, self.shown)), self.subtitle)
        complete = not self.ended and len(self.shown) == len(self.items)
        links = desk.subscribed.links(self.base, self.title)
        siblings = tuple(replace(link, url=urls.absolute(desk.site, link.url)) for link in links)
        made = replace(made, complete=complete, siblings=siblings)
        if self._archived:
            made = replace(made, unarchived=self.unarchived)
        newest = self.past.newest()
        for key, suffix, _, _ in formats(desk.site):
            url = urls.feed(self.base, suffix)
            before = urls.archive(self.base, newest.name, suffix) if newest and key in ARCHIVED else ""
            own = replace(made, self_url=urls.absolute(desk.site, url), prev_archive=_whole(desk, before))
            yield Output(urls.file(url), "feed", key, {"feed": own}, f"the feed of {self.title}")

    def archive(self, one: archives.Archive[T]) -> Iterator[Output]:
        """An archive document in every format that has one, with a link to the one before it."""
        desk, older = self.desk, self.past.before(one)
        when = labels.day(CalendarDate(one.year, one.month), desk.site.lang)
        label = f"{self.title}: {when}" + (f" ({one.part})" if one.part else "")
        entries = tuple(map(self.entry, one.items))
        made = desk.subscribed.feed(self.base, label, f"{self.name}/{one.name}", entries, self.subtitle)
        for key, suffix, _, _ in formats(desk.site):
            if key not in ARCHIVED:
                continue
            url = urls.archive(self.base, one.name, suffix)
            before = urls.archive(self.base, older.name, suffix) if older else ""
            own = replace(
                made, complete=False, prev_archive=_whole(desk, before), self_url=urls.absolute(desk.site, url),
                current=urls.absolute(desk.site, urls.feed(self.base, suffix)), hub="",
            )  # fmt: skip
            yield Output(urls.file(url), "feed", key, {"feed": own}, f"the archive of {self.title}")


def feed(
    desk: Desk, base: str, title: str, name: str, entries: Sequence[Entry], subtitle: str, *, ended: bool = False
) -> Iterator[Output]:
    """The feed of some entries, newest first, with its archive; the arguments are those of :class:`Subscription`."""
    made = Subscription(
        desk, base, title, name, subtitle, entries, lambda entry: entry, lambda some: map(_moment, some),
        lambda some: map(desk.weight, some), ended,
    )  # fmt: skip
    yield from made.current()
    for one in made.past:
        yield from made.archive(one)


def units(
    desk: Desk, base: str, about: tuple[str, str, str], briefings: Sequence[Briefing], focus: Focus | None = None
) -> Iterator[Unit]:
    """The feed of a list of briefings and each document of its archive, each a unit.

    Args:
        desk: the site's.
        base: address of the list's page.
        about: title, name and subtitle, as in :class:`Subscription`.
        briefings: all that the list holds, newest first.
        focus: the part of the plan that is asked for.
    """
    title, name, subtitle = about
    library, entries = desk.library, desk.entries
    public = desk.library.public(briefings) if desk.site.drafts else briefings  # else there are no drafts among them
    made = Subscription(
        desk, base, title, name, subtitle, public, lambda one: entries[one.id], library.when,
        lambda some: map(step, library.sizes(some)),
    )  # fmt: skip
    yield from watched(made, desk.sight.fulls, focus)


def watched(
    made: Subscription[T], seen: Callable[[Sequence[T]], Iterable[str]], focus: Focus | None = None
) -> Iterator[Unit]:
    """A feed and each document of its archive, each a unit.

    Args:
        made: the feed.
        seen: gives the facts that the entries of some things are made from.
        focus: the part of the plan that is asked for.
    """
    about, group = (made.title, made.name, made.subtitle), f"feed/{made.name}"
    names = focus.some(group) if focus else None
    past = made.past
    documents = tuple(past if names is None else _documents(past, names))
    if names is None or "" in names:
        newest = past.newest()
        ends = exactly(len(made.items) > len(made.shown), made.unarchived, newest.name if newest else "", *about)
        yield Unit(group, (*seen(made.shown), ends), made.current)
    for one in documents:
        before = past.before(one)
        sees = (*seen(one.items), exactly(before.name if before else "", *about))
        yield Unit(f"{group}/{one.name}", sees, partial(made.archive, one), group)


def _documents(past: archives.Cut[T], names: Iterable[str]) -> Iterator[archives.Archive[T]]:
    """Documents by how their keys go on: ``/2026-11``, or ``/2026*`` for all of a year."""
    found: dict[str, archives.Archive[T] | None] = {}
    for name in sorted(names):
        if name.endswith("*"):
            found |= {one.name: one for one in past.of(int(name[1:-1]))}
        elif name and name[1:] not in found:
            found[name[1:]] = past.named(name[1:])
    return (one for one in found.values() if one)


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.published)


def _whole(desk: Desk, url: str) -> str:
    return urls.absolute(desk.site, url) if url else ""
