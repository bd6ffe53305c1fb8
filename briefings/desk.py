"""What the plan of the site is made with: the library, the views made once, and small pieces used on many pages."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from unicodedata import combining, normalize

from msgspec.structs import replace

from briefings import labels, urls, values
from briefings.cards import KIND, Maker
from briefings.entries import Entries
from briefings.library import FACETS
from briefings.model import Output, Parts
from briefings.units import Sight, exactly, step
from briefings.views import Head, Link, Pager, Point

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from briefings.digest import Periods
    from briefings.library import Facet, FacetKind, Library
    from briefings.media import Media
    from briefings.model import Briefing, Site
    from briefings.related import Related
    from briefings.units import Focus
    from briefings.views import CardImage, Entry

T = TypeVar("T")
V = TypeVar("V")


def pages_of(total: int, size: int) -> list[tuple[int, int, int]]:
    """Split a list, newest first, into pages that an addition does not shift.

    Returns:
        (number, start, stop) of each page, the first page (number 0) first. Full pages are numbered from the oldest, 1;
        the first page holds what is left, ``size`` to ``2 * size - 1`` items, so that it never looks empty.
    """
    full = max(0, total // size - 1)
    first = total - full * size
    return [(0, 0, first)] + [(full - step, first + step * size, first + (step + 1) * size) for step in range(full)]


def moved(old: array[int], new: array[int], size: int) -> set[int]:
    """Numbers of the pages of a list that hold others than before, or stand at the end, as :func:`pages_of` splits it.

    Args:
        old: the list as it was, as numbers of what is in it, newest first.
        new: the list as it is.
        size: of a page.
    """
    same = _ending(old.tobytes(), new.tobytes(), old.itemsize)
    first = _ending(old[::-1].tobytes(), new[::-1].tobytes(), old.itemsize) if len(old) == len(new) else 0
    found = {0}
    for some in (old, new):
        full = max(0, len(some) // size - 1)
        last = (len(some) - first - 1) // size + 1  # of what differs; the oldest are on page 1
        found |= {full, *range(same // size + 1, min(full, last) + 1)}
    return found


def _ending(one: bytes, other: bytes, size: int) -> int:
    """How many items of ``size`` bytes two texts have in common at their ends."""

    def differ(count: int) -> bool:
        return one[len(one) - count * size :] != other[len(other) - count * size :]

    return bisect_left(range(1, min(len(one), len(other)) // size + 1), x=True, key=differ)


def paginate(items: Sequence[T], size: int) -> list[tuple[int, Sequence[T]]]:
    """(number, items) of each page of a list, as :func:`pages_of` splits it."""
    return [(number, items[start:stop]) for number, start, stop in pages_of(len(items), size)]


def pager(base: str, size: int, total: int, number: int) -> Pager:
    """The pager of the page of that number."""
    full = max(0, total // size - 1)

    def link(other: int) -> Link:
        return Link(f"Page {other}" if other else "Newest", urls.page(base, other))

    newer = link(0 if number == full else number + 1) if number else None
    older = link(number - 1 if number else full) if full and number != 1 else None
    return Pager(number, (link(0), Link("Oldest", urls.page(base, 1))) if full else (), newer, older)


def paging(number: int, pages: int) -> str:
    """The fact that a page of that number stands where it does among so many: all that its pager hangs on."""
    return exactly(number, pages if not number else number == pages - 1)


def pagers(base: str, size: int, total: int) -> list[Pager]:
    """The pager of each page that :func:`paginate` makes, in the same order."""
    return [pager(base, size, total, number) for number, _, _ in pages_of(total, size)]


def _filed(label: str) -> str:
    """What a label is sorted by, so that ``Jérémie`` stands before ``Juba``."""
    if label.isascii():
        return label.casefold()
    return "".join(letter for letter in normalize("NFKD", label) if not combining(letter)).casefold()


class Once(Mapping[str, V], Generic[T, V]):
    """What is made of each of some things, by name, when it is asked for and once."""

    def __init__(self, things: Mapping[str, T], make: Callable[[Sequence[T]], list[V]]) -> None:
        """Know the things; make nothing yet.

        Args:
            things: by name.
            make: makes them of some things, in the order of these.
        """
        self._things, self._make = things, make
        self._made: dict[str, V] = {}

    def __getitem__(self, name: str) -> V:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make([self._things[name]])[0]
        return made

    def some(self, names: Iterable[str]) -> tuple[V, ...]:
        """Those of some names, in their order."""
        wanted, made = tuple(names), self._made
        if new := [name for name in dict.fromkeys(wanted) if name not in made]:
            made.update(zip(new, self._make([self._things[name] for name in new]), strict=True))
        return tuple([made[name] for name in wanted])

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, name: object) -> bool:
        return name in self._things


class Desk:
    """The library, and what is made once and used on many pages."""

    def __init__(
        self,
        library: Library,
        site: Site,
        media: Mapping[str, Media],
        company: Mapping[str, Sequence[str]] | None = None,
        codes: Mapping[str, str] | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """Make cards and entries when they are asked for, each once.

        Args:
            library: what the site shows.
            site: the settings.
            media: pictures by their path below ``content``.
            company: which briefings belong together, as :attr:`company` gives it, where that is known.
            codes: short addresses, as :attr:`codes` gives them, where they are known.
            facts: digests of facts that need not be worked out.
        """
        self.library, self.site, self.media = library, site, media
        self.maker = Maker(site, library)
        self.sight = Sight(library, lambda: self.spots, facts)
        self._known_company, self._known_codes = company, codes
        self.cards = Once(library.ids, self.maker.cards)
        self.subscribed = Entries(self.maker, media)
        self.entries = Once(library.ids, lambda some: [self.subscribed.entry(one) for one in some])
        self.site_feeds = self.subscribed.site_links()
        self.periods: dict[str, Periods] = {}
        """By kind, once :func:`briefings.digest.periods` has found them."""

    def related(self, briefing: Briefing) -> tuple[Briefing, ...]:
        """Those that belong with a briefing, the nearest first, where the site shows them."""
        if not self.site.makes("related"):
            return ()
        return tuple(self.library.ids[name] for name in self.company[briefing.id])

    @cached_property
    def company(self) -> Mapping[str, Sequence[str]]:
        """For each briefing the ids of those that belong with it: as it was kept, or found out anew."""
        if self._known_company is not None:
            return self._known_company
        from briefings import related  # noqa: PLC0415 - an edit knows them, and sites may do without

        return related.companies(self.library, self.relations)

    @cached_property
    def relations(self) -> Related:
        """The terms that bring briefings together, indexed."""
        from briefings import related  # noqa: PLC0415 - as above

        return related.Related(self.library)

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The last part of each briefing's short address, by id."""
        if self._known_codes is not None:
            return self._known_codes
        from briefings.shorts import codes  # noqa: PLC0415 - as above

        return codes(self.library.briefings, self.library.moments)

    @cached_property
    def spots(self) -> tuple[Point, ...]:
        """Every place that has a list, as a dot."""
        return self.points(self.library.briefings)

    def weight(self, entry: Entry) -> int:
        """How large an entry may be in a feed, in bytes, guessed: a power of two, so that small edits keep it."""
        size = len(entry.body) + sum(map(len, entry.points)) + len(entry.summary)
        known = self.library.digests.get(entry.prose)
        return step(size + (known.size if known else 0))

    def page(self, template: str, head: Head, owner: str, **context: Any) -> Output:
        """A page of the theme at the address in its head; what a theme may do without may be given as functions."""
        return Output(urls.file(head.url), "page", f"{template}.html", Parts({"head": head, **context}), owner)

    def lastmod(self, briefing: Briefing) -> str:
        """When a briefing was last changed, as RFC 3339."""
        return values.stamp(briefing.updated or self.library.moments[briefing.id])

    @cached_property
    def card(self) -> CardImage | None:
        """The card of every page that has none of its own."""
        if not self.site.image_cards:
            return None
        from briefings import image_cards  # noqa: PLC0415 - few sites have any

        return image_cards.site_card(self)

    def head(self, title: str, url: str, description: str = "", own: tuple[Any, ...] = (), **rest: Any) -> Head:
        """What stands in the page's head; its own feeds come before the site's."""
        words = description or f"{title}: {self.site.subtitle or self.site.name}"
        return Head(
            title=title, url=url, description=" ".join(words.split())[:300], feeds=own + self.site_feeds,
            **{**self._usual, **rest},
        )  # fmt: skip

    @cached_property
    def _usual(self) -> dict[str, Any]:
        """What heads say that are not told otherwise."""
        return {"lang": self.site.lang, "dir": labels.direction(self.site.lang), "image": self.card}

    def facets(self, kind: FacetKind, focus: Focus | None, prefix: str) -> Iterator[Facet]:
        """The lists of a kind whose groups of units are asked for.

        Args:
            kind: of lists.
            focus: the part of the plan that is asked for.
            prefix: what comes before the slug in the name of a group.
        """
        known = self.library.facets[kind.name]
        slugs = known if focus is None else [name.rstrip("/") for name in focus.below(prefix)]
        return (known[slug] for slug in slugs if slug in known)

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
        return tuple(sorted(links, key=lambda link: (_filed(link.label), link.url)))

    def points(self, briefings: Sequence[Briefing]) -> tuple[Point, ...]:
        """Dots of the places of these briefings, each place once, with its count; a place's first coordinates win."""
        found: dict[str, Point] = {}
        counts: Counter[str] = Counter()
        for point in self.library.spots(briefings, self.maker.point) if self.site.makes("map") else ():
            if point is None or not point.url:
                continue
            counts[point.url] += 1
            found.setdefault(point.url, point)
        return tuple(replace(found[url], count=counts[url]) for url in sorted(found))

    def succeeded(self, key: str) -> str:
        """The key of the source that goes on for another one, if it has a list; else empty."""
        row = self.library.tables.sources.get(key)
        heir = self.library.tables.source(row.successor) if row and row.successor else None
        return heir.key if heir and heir.key in self.library.facets["source"] else ""

    def link(self, kind: str, slug: str) -> Link:
        """A list as a link with its count."""
        facet = self.library.facets[kind][slug]
        return Link(facet.term.label, self.maker.address(kind, slug), len(facet.briefings))
