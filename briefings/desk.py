"""What the plan of the site is made with: the library, the views made once, and small pieces used on many pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefings import labels, urls
from briefings.cards import KIND, Maker
from briefings.entries import Entries
from briefings.library import FACETS
from briefings.model import Output
from briefings.shorts import codes
from briefings.views import Head, Link, Pager, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from briefings.library import FacetKind, Library
    from briefings.media import Media
    from briefings.model import Briefing, Site
    from briefings.views import Entry


def paginate(items: Sequence[Any], size: int) -> list[tuple[int, Sequence[Any]]]:
    """Split a list, newest first, into pages that an addition does not shift.

    Returns:
        (number, items) of each page, the first page (number 0) first. Full pages are numbered from the oldest, 1; the
        first page holds what is left, ``size`` to ``2 * size - 1`` items, so that it never looks empty.
    """
    full = max(0, len(items) // size - 1)
    first = len(items) - full * size
    pages: list[tuple[int, Sequence[Any]]] = [(0, items[:first])]
    pages += [(full - step, items[first + step * size : first + (step + 1) * size]) for step in range(full)]
    return pages


def pagers(base: str, size: int, total: int) -> list[Pager]:
    """The pager of each page that :func:`paginate` makes, in the same order."""
    numbers = [number for number, _ in paginate(range(total), size)]
    links = [Link("Newest" if not number else f"Page {number}", urls.page(base, number)) for number in numbers]
    ends = (links[0], links[-1]) if len(links) > 1 else ()
    return [
        Pager(
            number,
            ends,
            links[place - 1] if place else None,
            links[place + 1] if place + 1 < len(links) else None,
        )
        for place, number in enumerate(numbers)
    ]


class Desk:
    """The library, and what is made once and used on many pages."""

    def __init__(
        self,
        library: Library,
        site: Site,
        media: Mapping[str, Media],
    ) -> None:
        """Make the card and the entry of every briefing, once."""
        self.library, self.site, self.media = library, site, media
        self.maker = Maker(site, library)
        self.codes = codes(library.briefings, library.moments)
        self.cards = {briefing.id: self.maker.card(briefing) for briefing in library.briefings}
        self.subscribed = Entries(self.maker, media)
        public = [briefing for briefing in library.briefings if briefing.status != "draft"]
        self.entries = {briefing.id: self.subscribed.entry(briefing) for briefing in public}
        self.site_feeds = self.subscribed.site_links()
        self._weights: dict[str, int] = {}

    @cached_property
    def related(self) -> Related | None:
        """Which briefings belong together, where the site shows it."""
        return Related(self.library) if self.site.makes("related") else None

    @cached_property
    def codes(self) -> dict[str, str]:
        """The last part of each briefing's short address, by id."""
        return codes(self.library.briefings, self.library.moments)

    def weight(self, entry: Entry) -> int:
        """How large an entry may be in a feed, in bytes, guessed: a power of two, so that small edits keep it."""
        size = len(entry.body) + sum(map(len, entry.points)) + len(entry.summary) + 2048
        if entry.prose:
            if entry.prose not in self._weights:
                self._weights[entry.prose] = (self.library.root / entry.prose).stat().st_size
            size += self._weights[entry.prose]
        return 1 << (size - 1).bit_length()

    def page(self, template: str, head: Head, owner: str, **context: Any) -> Output:
        """A page of the theme at the address in its head."""
        return Output(urls.file(head.url), "page", f"{template}.html", {"head": head, **context}, owner)

    def head(self, title: str, url: str, description: str = "", own: tuple[Any, ...] = (), **rest: Any) -> Head:
        """What stands in the page's head; its own feeds come before the site's."""
        words = description or f"{title}: {self.site.subtitle or self.site.name}"
        return Head(
            title=title, url=url, description=" ".join(words.split())[:300], feeds=own + self.site_feeds,
            **{"lang": self.site.lang, "dir": labels.direction(self.site.lang), **rest},
        )  # fmt: skip

    @property
    def kinds(self) -> tuple[FacetKind, ...]:
        """The kinds of lists that the site has."""
        return tuple(kind for kind in FACETS if self.site.makes(kind.path))

    def permalink(self, briefing: Briefing) -> str:
        """The short permanent address of a briefing, absolute; its own where the site has no short ones."""
        short = self.site.makes("redirects")
        return urls.absolute(self.site, urls.short(self.codes[briefing.id]) if short else urls.briefing(briefing))

    def terms(self, name: str, most: int = 0) -> tuple[Link, ...]:
        """The terms of a kind as links: all by label, or the ``most`` frequent; none without lists of the kind."""
        if not self.site.makes(KIND[name].path):
            return ()
        facets = self.library.facets[name].values()
        links = [
            Link(facet.term.label, urls.facet(facet.kind, facet.term.slug), len(facet.briefings)) for facet in facets
        ]
        if most:
            return tuple(sorted(links, key=lambda link: (-link.count, link.label))[:most])
        return tuple(sorted(links, key=lambda link: (link.label.casefold(), link.url)))

    def points(self, briefings: Iterable[Briefing]) -> tuple[Point, ...]:
        """Dots of the places of these briefings, each place once, with its count; a place's first coordinates win."""
        found: dict[str, Point] = {}
        for briefing in briefings if self.site.makes("map") else ():
            point = self.maker.point(briefing)
            if point is None or not point.url:
                continue
            seen = found.get(point.url)
            found[point.url] = replace(seen, count=seen.count + 1) if seen else point
        return tuple(found[url] for url in sorted(found))

    def link(self, kind: str, slug: str) -> Link:
        """A list as a link with its count."""
        facet = self.library.facets[kind][slug]
        return Link(facet.term.label, self.maker.address(kind, slug), len(facet.briefings))
