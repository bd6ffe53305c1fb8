"""Which part of the plan an edit can reach: the units that see a changed fact, and those that come, go or move."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from briefings import units, urls
from briefings.desk import moved
from briefings.library import FACETS
from briefings.recall import List

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from briefings.desk import Desk
    from briefings.digest import Period
    from briefings.graph import Graph
    from briefings.rearrange import Edited, Effect
    from briefings.recall import Shelf

NONE = List("", array("I"))
_UNIT = "SELECT key, kin FROM units WHERE number = ?"


def focus(
    graph: Graph, shelf: Shelf, desk: Desk, edits: Sequence[Edited], effect: Effect, changed: Iterable[str]
) -> units.Focus:
    """Find the units that may be others than before.

    Args:
        graph: what was kept of the last build.
        shelf: the briefings as they are now.
        desk: the site's.
        edits: the briefings that were edited.
        effect: what hangs on that.
        changed: facts that are others than before.
    """
    found = _Found(shelf, desk, edits, effect)
    for number in graph.seeing(changed):
        for key, kin in graph.ask(_UNIT, number):
            found.unit(key, kin)
    found.lists()
    if effect.moved or any(not one.quiet for one in edits):
        found.everything()
    found.resized()
    return units.Focus(frozenset(found.groups), found.briefings(), found.parts)


class _Found:
    """What was found so far."""

    def __init__(self, shelf: Shelf, desk: Desk, edits: Sequence[Edited], effect: Effect) -> None:
        self._shelf, self._desk, self._edits, self._effect = shelf, desk, edits, effect
        self.groups: set[str] = set()
        self.parts: dict[str, set[str]] = {}

    def unit(self, key: str, kin: str) -> None:
        """Take a unit of a group."""
        if key != kin or kin.startswith("feed/"):
            self._some(kin, [key[len(kin) :]])
        else:
            self.groups.add(kin)

    def _some(self, kin: str, names: Iterable[str]) -> None:
        self.parts.setdefault(kin, set()).update(names)

    def lists(self) -> None:
        """The pages, feeds and documents of the lists that have changed."""
        site = self._desk.site
        kinds = {kind.name: kind for kind in FACETS}
        for (name, slug), old in self._effect.lists.items():
            kind, now = kinds[name], self._shelf.lists[name].get(slug, NONE)
            if not site.makes(kind.path):
                continue
            groups = f"list/{name}/{slug}", f"api{urls.facet(kind, slug)}", f"feed/{name}/{slug}"
            if now.label != old.label:
                self.groups.update(groups)
                continue
            numbers = moved(old.members, now.members, site.page_size)
            if name == "story":  # told by the dates of its briefings
                self.groups.add(groups[0])
            else:
                self._some(groups[0], (f"/{number}" for number in numbers))
            self._some(groups[1], map(str, numbers))
            self._feed(groups[2], now.members)

    def _feed(self, group: str, members: Sequence[int]) -> None:
        """A feed, and its documents of the years in which something has changed."""
        shelf = self._shelf
        public = [number for number in members if number not in shelf.drafts] if shelf.drafts else members
        there = range(len(public))
        years = {moment.year for one in self._edits for moment in _moments(one)}
        for year in tuple(years):
            if not public or shelf.year(public[0]) <= year:  # it may have become the newest one, or may be it no more
                older = next((found for place in there if (found := shelf.year(public[place])) < year), None)
                years |= {older} if older else set()
        self._some(group, ("", *(f"/{year:04}*" for year in years)))

    def everything(self) -> None:
        """What is of all briefings: the front page, the feed and the documents of the site, digests and their feeds."""
        shelf, site = self._shelf, self._desk.site
        numbers = moved(self._effect.order, shelf.order, site.page_size)
        self._some("home", (f"/{number}" for number in numbers))
        self._some(f"api{urls.HOME}", map(str, numbers))
        self._feed("feed/site", shelf.order)
        if not site.makes("digests"):
            return
        from briefings import digest  # noqa: PLC0415 - of few edits

        days = {moment.date() for one in self._edits for moment in _moments(one)}
        self.groups |= {f"digest/{key}" for key in digest.touched(self._desk, days)}
        self._digests(newest=True)

    def _digests(self, *, newest: bool) -> None:
        """The feeds of digests, and their documents of the years in which something has changed.

        Args:
            newest: whether the latest period may be over now, or no more.
        """
        from briefings import digest, digest_feeds  # noqa: PLC0415 - of few edits

        for kind, _ in digest.FEEDS:
            periods: list[Period] = []
            if newest:
                periods = [*digest.periods(self._desk, kind)[:1], *digest_feeds.over(self._desk, kind)[:2]]
            years = {period.end.year for period in periods}
            years |= {digest.end(kind, moment.date()).year for one in self._edits for moment in _moments(one)}
            over = digest_feeds.over(self._desk, kind)
            if over and over[0].end.year in years:
                years.add(next((one.end.year for one in over if one.end.year < over[0].end.year), over[0].end.year))
            self._some(f"feed/digest/{kind}", ("", *(f"/{year:04}*" for year in years)))

    def resized(self) -> None:
        """Feeds of what may take another part of their room: where their archives are cut hangs on that."""
        larger = [one for one in self._edits if one.resized]
        for one in larger:
            names = ["", *(f"/{moment.year:04}*" for moment in _moments(one))]
            self._some("feed/site", names)
            for kind, lists in self._shelf.lists.items():
                for slug, row in lists.items():
                    if one.number in row.members:
                        self._some(f"feed/{kind}/{slug}", names)
        if larger and self._desk.site.makes("digests"):
            self._digests(newest=False)

    def briefings(self) -> tuple[int, ...]:
        """The briefings of which a page may be another one."""
        numbers = set(self._effect.numbers)
        for slug, row in self._shelf.lists["story"].items():
            # The steps of a story name those beside them by their headlines.
            if ("story", slug) in self._effect.lists or any(one.number in row.members for one in self._edits):
                numbers |= set(row.members)
        for group in self.groups:
            if group.startswith("briefing/"):
                numbers.add(self._shelf.number(group.partition("/")[2]))
        return tuple(sorted(numbers - {one.number for one in self._edits if one.now is None}))


def _moments(one: Edited) -> Iterator[datetime]:
    """When a briefing went out, and when it did at the last build."""
    return (each.moment for each in (one.before, one.now) if each)
