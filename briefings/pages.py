"""The plan of the site: from the library to every output, each with all that it may look at.

Nothing is rendered or written here. An output's context holds finished labels and addresses, so its digest says whether
the file must be made anew.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from briefings import labels, urls, values
from briefings.cards import KIND, Maker, lead, place_label
from briefings.entries import FORMATS, Entries
from briefings.errors import BuildError, Problem
from briefings.library import FACETS
from briefings.model import Output
from briefings.views import FacetView, FeedGroup, FeedRow, Head, Link, Pager, Point, Term, When

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefings.library import Facet, Library
    from briefings.media import Media
    from briefings.model import Briefing, Site

RELATED = 4
"""Cards under a briefing."""
FRONT_TERMS = 12
"""Tags, countries and sources named on the front page."""


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page that is no briefing: written by hand, read by the host. ``content`` is cleaned HTML."""

    slug: str
    title: str
    content: str
    owner: str
    description: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A briefing's image as its page shows it; ``url`` is empty when only the words are kept."""

    url: str
    caption: str
    credit: str
    alt: str
    width: int = 0
    height: int = 0


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


def plan(
    library: Library, site: Site, media: Mapping[str, Media], plain: Iterable[PlainPage], statics: Mapping[str, str]
) -> tuple[Output, ...]:
    """Plan the whole site.

    Args:
        library: the briefings to show.
        site: the settings.
        media: pictures by their path below ``content``.
        plain: pages written by hand.
        statics: files of the theme below ``static``, with their SHA-256.

    Raises:
        BuildError: when two outputs would have one path; the message names both owners.
    """
    outputs = tuple(_Plan(library, site, media, tuple(plain), statics).outputs())
    check_paths(outputs)
    return outputs


def check_paths(outputs: Iterable[Output]) -> None:
    """Refuse two outputs with one path, by case or Unicode form too, or a file where another needs a folder (R18)."""
    owners: dict[str, Output] = {}
    problems = []
    for output in outputs:
        key = unicodedata.normalize("NFC", output.path).casefold()
        other = owners.setdefault(key, output)
        if other is not output:
            what = f'would write "{output.path}", as {other.owner} does (change the slug of one)'
            problems.append(Problem(output.owner, 0, "", what))
    for key, output in owners.items():
        parts = key.split("/")
        for depth in range(1, len(parts)):
            if clash := owners.get("/".join(parts[:depth])):
                what = f'needs the folder "{clash.path}", which {clash.owner} writes as a file'
                problems.append(Problem(output.owner, 0, "", what))
    if problems:
        raise BuildError(*problems)


class _Plan:
    """The library, and what is made once and used on many pages."""

    def __init__(
        self,
        library: Library,
        site: Site,
        media: Mapping[str, Media],
        plain: tuple[PlainPage, ...],
        statics: Mapping[str, str],
    ) -> None:
        self.library, self.site, self.media, self.plain, self.statics = library, site, media, plain, statics
        self.maker = Maker(site, library)
        self.cards = {briefing.id: self.maker.card(briefing) for briefing in library.briefings}
        self.subscribed = Entries(self.maker, media)
        public = [briefing for briefing in library.briefings if briefing.status != "draft"]
        self.entries = {briefing.id: self.subscribed.entry(briefing) for briefing in public}
        self.site_feeds = self.subscribed.site_links()
        self.lastmods: dict[str, str] = {}

    def outputs(self) -> Iterator[Output]:
        """Every output, in a fixed order; the sitemap last, since it lists the pages."""
        pages = [*self._home(), *self._briefings(), *self._lists(), *self._indexes(), *self._others()]
        yield from pages
        yield from self._feeds()
        yield self._search_index()
        for name in sorted(self.statics):
            context = {"root": "theme", "file": f"static/{name}", "sha256": self.statics[name]}
            yield Output(f"static/{name}", "copy", name, context, f"theme/static/{name}")
        for item in self.media.values():
            context = {"root": "content", "file": item.file, "sha256": item.sha256}
            yield Output(urls.file(urls.media(item.file)), "copy", item.file, context, item.file)
        rows = tuple(
            (urls.absolute(self.site, url), self.lastmods.get(url, ""))
            for url in (output.context["head"].url for output in pages if "head" in output.context)
            if url != urls.NOT_FOUND
        )
        yield Output(urls.file(urls.SITEMAP), "sitemap", "sitemap", {"rows": rows}, "the sitemap")
        address = urls.absolute(self.site, urls.SITEMAP)
        yield Output(urls.file(urls.ROBOTS), "robots", "robots", {"sitemap": address}, "the robots file")

    # --- pieces ---

    def _page(self, template: str, head: Head, owner: str, **context: Any) -> Output:
        return Output(urls.file(head.url), "page", f"{template}.html", {"head": head, **context}, owner)

    def _head(self, title: str, url: str, description: str = "", own: tuple[Any, ...] = (), **rest: Any) -> Head:
        words = description or f"{title}: {self.site.subtitle or self.site.name}"
        return Head(
            title=title, url=url, description=" ".join(words.split())[:300], feeds=own + self.site_feeds,
            **{"lang": self.site.lang, "dir": labels.direction(self.site.lang), **rest},
        )  # fmt: skip

    def _terms(self, name: str, most: int = 0) -> tuple[Link, ...]:
        """The terms of a kind as links: all by label, or the ``most`` frequent."""
        facets = self.library.facets[name].values()
        links = [Link(facet.term.label, urls.facet(facet.kind, facet.term.slug), len(facet.briefings)) for facet in facets]
        if most:
            return tuple(sorted(links, key=lambda link: (-link.count, link.label))[:most])
        return tuple(sorted(links, key=lambda link: (link.label.casefold(), link.url)))

    def _points(self, briefings: Iterable[Briefing]) -> tuple[Point, ...]:
        """Dots of the places of these briefings, each place once, with its count; a place's first coordinates win."""
        found: dict[str, Point] = {}
        for briefing in briefings:
            point = self.maker.point(briefing)
            if point is None:
                continue
            seen = found.get(point.url)
            found[point.url] = replace(seen, count=seen.count + 1) if seen else point
        return tuple(found[url] for url in sorted(found))

    # --- pages ---

    def _home(self) -> Iterator[Output]:
        shown, size = self.library.briefings, self.site.page_size
        common = {
            "tags": self._terms("tag", FRONT_TERMS),
            "countries": self._terms("country", FRONT_TERMS),
            "sources": self._terms("source", FRONT_TERMS),
            "points": self._points(shown),
        }
        none: dict[str, Any] = {"tags": (), "countries": (), "sources": (), "points": ()}
        for (number, items), pager in zip(
            paginate(shown, size), pagers(urls.HOME, size, len(shown)), strict=True
        ):
            title = f"Page {number}" if number else self.site.name
            head = self._head(title, urls.page(urls.HOME, number), self.site.subtitle if not number else "")
            cards = tuple(self.cards[briefing.id] for briefing in items)
            total = 0 if number else len(shown)
            rest = none if number else common
            yield self._page("home", head, "the front page", cards=cards, pager=pager, total=total, **rest)

    def _briefings(self) -> Iterator[Output]:
        shown = self.library.briefings
        positions = {
            (kind, slug): {briefing.id: place for place, briefing in enumerate(facet.briefings)}
            for kind in ("place", "tag", "country")
            for slug, facet in self.library.facets[kind].items()
        }
        for place, briefing in enumerate(shown):
            newer = shown[place - 1] if place else None
            older = shown[place + 1] if place + 1 < len(shown) else None
            yield self._briefing(briefing, newer, older, positions)
            for alias in briefing.aliases:
                head = Head(title=briefing.title, url=urls.by_slug(alias), robots="noindex")
                target = urls.briefing(briefing)
                yield Output(
                    urls.file(head.url), "page", "redirect.html", {"head": replace(head, url=target), "target": target},
                    f"{briefing.path} (alias {alias})",
                )  # fmt: skip

    def _briefing(
        self,
        briefing: Briefing,
        newer: Briefing | None,
        older: Briefing | None,
        positions: Mapping[tuple[str, str], Mapping[str, int]],
    ) -> Output:
        url = urls.briefing(briefing)
        self.lastmods[url] = values.stamp(briefing.updated or self.library.moments[briefing.id])
        own = self._own_feeds(briefing)
        head = self._head(
            briefing.title, url, lead(briefing) or self.maker.line(briefing), own, lang=briefing.lang,
            dir=labels.direction(briefing.lang), kind="article", jsonld=self.maker.jsonld(briefing),
            robots="noindex" if briefing.status != "published" else "",
        )  # fmt: skip
        point = self.maker.point(briefing)
        return self._page(
            "briefing", head, briefing.path,
            card=self.cards[briefing.id],
            points=briefing.key_points,
            prose=(briefing.path, briefing.prose),
            source=self.maker.source(briefing),
            known=self.maker.known(briefing),
            changes=self.maker.changes(briefing),
            withdrawn=briefing.withdrawn_reason if briefing.status == "withdrawn" else "",
            undated=briefing.date is None,
            places=briefing.places,
            image=self._picture(briefing),
            location_points=(point,) if point else (),
            reviewed_by=briefing.reviewed_by,
            published=self.maker.moment(self.library.moments[briefing.id]),
            updated=self.maker.moment(briefing.updated) if briefing.updated else None,
            related=self._related(briefing, positions),
            newer=Link(newer.title, urls.briefing(newer), lang=newer.lang, dir=labels.direction(newer.lang)) if newer else None,
            older=Link(older.title, urls.briefing(older), lang=older.lang, dir=labels.direction(older.lang)) if older else None,
            cite=self.maker.cite(briefing),
            permalink=urls.absolute(self.site, url),
        )  # fmt: skip

    def _own_feeds(self, briefing: Briefing) -> tuple[Any, ...]:
        """The feeds nearest to a briefing: those of its place, or of its country."""
        for name in ("place", "country"):
            terms = KIND[name].terms(briefing, self.library.tables, self.site.lang)
            if terms:
                facet = self.library.facets[name][terms[0].slug]
                return self.subscribed.links(urls.facet(facet.kind, facet.term.slug), self.subscribed.facet_title(facet))
        return ()

    def _picture(self, briefing: Briefing) -> Picture | None:
        image = briefing.image
        if image is None:
            return None
        item = self.media.get(image.file)
        if item is None:
            return Picture("", image.caption, image.credit, image.alt)
        return Picture(urls.media(item.file), image.caption, image.credit, image.alt, item.width, item.height)

    def _related(
        self, briefing: Briefing, positions: Mapping[tuple[str, str], Mapping[str, int]]
    ) -> tuple[Any, ...]:
        """The nearest neighbours in the lists of its place, tags and country: never more than a few, found in one step."""
        found: dict[str, int] = {}
        for kind, weight in (("place", 4), ("tag", 2), ("country", 3)):
            for term in KIND[kind].terms(briefing, self.library.tables, self.site.lang):
                group = self.library.facets[kind][term.slug].briefings
                place = positions[kind, term.slug][briefing.id]
                for other in group[max(0, place - 3) : place + 4]:
                    if other is not briefing and other.status == "published":
                        found[other.id] = found.get(other.id, 0) + weight
        best = sorted(found, key=lambda key: (-found[key], key))[:RELATED]
        return tuple(self.cards[key] for key in best)

    def _lists(self) -> Iterator[Output]:
        size = self.site.page_size
        for kind in FACETS:
            for facet in self.library.facets[kind.name].values():
                base = urls.facet(kind, facet.term.slug)
                view = self._facet(facet, base)
                pages = paginate(facet.briefings, size)
                for (number, items), pager in zip(pages, pagers(base, size, len(facet.briefings)), strict=True):
                    title = f"{facet.term.label}, page {number}" if number else facet.term.label
                    head = self._head(title, urls.page(base, number), view.description, view.feeds)
                    cards = tuple(self.cards[briefing.id] for briefing in items)
                    shown = replace(view, count=0, points=(), down=()) if number else view
                    owner = f'the list of {kind.label.lower()} "{facet.term.label}"'
                    yield self._page("list", head, owner, facet=shown, cards=cards, pager=pager)

    def _facet(self, facet: Facet, base: str) -> FacetView:
        kind, term = facet.kind, facet.term
        feeds = self.subscribed.links(base, self.subscribed.facet_title(facet)) if kind.feeds else ()
        up, down, links, description = self._around(facet)
        return FacetView(
            kind=kind.name, kind_label=kind.label, index=Link(kind.plural, urls.index(kind)), label=term.label, url=base,
            count=len(facet.briefings), description=description, up=up, down=down, links=links, feeds=feeds,
            points=self._points(facet.briefings),
        )  # fmt: skip

    def _around(self, facet: Facet) -> tuple[tuple[Link, ...], tuple[Link, ...], tuple[Link, ...], str]:
        """Wider lists, narrower lists, outward links and the description of a list."""
        slug, known = facet.term.slug, self.library.tables
        match facet.kind.name:
            case "tag":
                row = known.tags.get(slug)
                return (), (), (), row.description if row else ""
            case "place":
                code = slug.rpartition("-")[2]
                return (self._link("country", code),), (), (), ""
            case "country":
                down = [link for link in self._terms("place") if link.url.rstrip("/").endswith(f"-{slug}")]
                return (), tuple(down), (), ""
            case "source":
                source = known.sources.get(slug)
                if source is None:
                    return (), (), (), ""
                links = [Link("Homepage", source.homepage)] if source.homepage else []
                heir = known.source(source.successor) if source.successor else None
                if source.successor:
                    listed = heir is not None and heir.key in self.library.facets["source"]
                    address = urls.facet(KIND["source"], heir.key) if heir and listed else ""
                    links.append(Link(f"Succeeded by {source.successor}", address))
                return (), (), tuple(links), " ".join(part for part in (source.profile, source.rights) if part)
            case "year" if slug != "undated":
                months = sorted(key for key in self.library.facets["month"] if key.startswith(f"{slug}/"))
                return (), tuple(self._link("month", key) for key in months), (), ""
            case "year":
                return (), (), (), "Briefings whose source gives no date."
            case "month":
                return (self._link("year", slug.partition("/")[0]),), (), (), ""
        return (), (), (), ""

    def _link(self, kind: str, slug: str) -> Link:
        facet = self.library.facets[kind][slug]
        return Link(facet.term.label, urls.facet(facet.kind, slug), len(facet.briefings))

    def _indexes(self) -> Iterator[Output]:
        intros = {
            "tag": "Everything by subject.",
            "place": "Every place that a briefing is about.",
            "country": "Every country that a briefing is about.",
            "source": "Who says so: the agencies that these briefings rest on.",
        }
        for name, intro in intros.items():
            kind = KIND[name]
            terms = tuple(
                Term(link.label, link.url, link.count, self._term_note(name, link), _letter(link.label))
                for link in self._terms(name)
            )
            points = self._points(self.library.briefings) if name in {"place", "country"} else ()
            head = self._head(kind.plural, urls.index(kind), intro)
            yield self._page(
                "index", head, f"the index of {kind.plural.lower()}", title=kind.plural, intro=intro, kind=name,
                terms=terms, points=points,
            )  # fmt: skip
        years = [link for link in reversed(self._terms("year")) if not link.url.endswith("/undated/")]
        terms = tuple(Term(year.label, year.url, year.count, children=self._months(year)) for year in years)
        undated = self._link("year", "undated") if "undated" in self.library.facets["year"] else None
        head = self._head("Archive", urls.ARCHIVE, "Briefings by the date of what they report.")
        yield self._page("archive", head, "the archive", years=terms, undated=undated, total=len(self.library.briefings))

    def _term_note(self, name: str, link: Link) -> str:
        slug = link.url.rstrip("/").rpartition("/")[2]
        tables = self.library.tables
        if name == "tag" and slug in tables.tags:
            return tables.tags[slug].description
        if name == "source" and slug in tables.sources:
            return tables.sources[slug].profile
        return ""

    def _months(self, year: Link) -> tuple[Link, ...]:
        prefix = f"{year.label}/"
        found = [self._link("month", slug) for slug in self.library.facets["month"] if slug.startswith(prefix)]
        return tuple(replace(link, label=link.label.removesuffix(f" {year.label}")) for link in found)

    def _others(self) -> Iterator[Output]:
        head = self._head("Feeds", urls.FEEDS, "Every list of this site as RSS, Atom and JSON feed.")
        groups = self._feed_groups()
        yield self._page(
            "feeds", head, "the page of feeds", site_feeds=self.site_feeds, groups=groups, opml=urls.OPML
        )
        filters = tuple(
            (KIND[name].label, name, self._terms(name)) for name in ("place", "country", "tag", "source", "year")
        )
        head = self._head("Search", urls.SEARCH, "Search every briefing by word, place, tag, source and year.")
        yield self._page("search", head, "the search page", index=urls.SEARCH_INDEX, filters=filters)
        head = self._head("Map", urls.MAP, "Where the briefings are about.")
        points = self._points(self.library.briefings)
        yield self._page("map", head, "the map", points=points, countries=self._terms("country"))
        head = self._head("Page not found", urls.NOT_FOUND, robots="noindex")
        yield self._page("404", head, "the page for what is not found")
        for page in self.plain:
            lang = page.lang or self.site.lang
            head = self._head(page.title, urls.plain(page.slug), page.description, lang=lang, dir=labels.direction(lang))
            yield self._page("page", head, page.owner, page={"title": page.title, "content": page.content})

    # --- for machines ---

    def _public(self, briefings: tuple[Briefing, ...]) -> tuple[Briefing, ...]:
        return tuple(briefing for briefing in briefings if briefing.id in self.entries)

    def _feed_groups(self) -> tuple[FeedGroup, ...]:
        groups = []
        for kind in FACETS:
            if not kind.feeds:
                continue
            rows = []
            for link in self._terms(kind.name):
                facet = self.library.facets[kind.name][link.url.rstrip("/").rpartition("/")[2]]
                feeds = self.subscribed.links(link.url, self.subscribed.facet_title(facet))
                rows.append(FeedRow(link.label, link.url, link.count, feeds))
            groups.append(FeedGroup(kind.plural, tuple(rows)))
        return tuple(groups)

    def _feeds(self) -> Iterator[Output]:
        shown = self._public(self.library.briefings)
        yield from self._feed(urls.HOME, self.site.name, "site", shown, self.site.subtitle)
        for kind in FACETS:
            if not kind.feeds:
                continue
            for facet in self.library.facets[kind.name].values():
                base = urls.facet(kind, facet.term.slug)
                title = self.subscribed.facet_title(facet)
                subtitle = f"Briefings: {facet.term.label}"
                found = self._public(facet.briefings)
                yield from self._feed(base, title, f"{kind.name}/{facet.term.slug}", found, subtitle)
        site_row = FeedRow(self.site.name, urls.HOME, len(shown), self.site_feeds)
        groups = (FeedGroup("Everything", (site_row,)), *self._feed_groups())
        yield Output(urls.file(urls.OPML), "opml", "opml", {"title": self.site.name, "groups": groups}, "the list of feeds")

    def _feed(
        self, base: str, title: str, name: str, briefings: tuple[Briefing, ...], subtitle: str
    ) -> Iterator[Output]:
        feed = self.subscribed.feed(base, title, name, briefings, self.entries, subtitle)
        links = self.subscribed.links(base, title)
        siblings = tuple(replace(link, url=urls.absolute(self.site, link.url)) for link in links)
        for key, suffix, _, _ in FORMATS:
            url = urls.feed(base, suffix)
            own = replace(feed, self_url=urls.absolute(self.site, url), siblings=siblings)
            yield Output(urls.file(url), "feed", key, {"feed": own}, f"the feed of {title}")

    def _search_index(self) -> Output:
        rows = []
        for briefing in self.library.briefings:
            spot = briefing.location
            row = self.library.tables.source(briefing.source.name) if briefing.source.name else None
            rows.append(
                {
                    "url": urls.briefing(briefing),
                    "title": briefing.title,
                    "lang": briefing.lang,
                    "dir": labels.direction(briefing.lang),
                    "strip": self.maker.line(briefing),
                    "place": place_label(spot, self.site.lang) if spot else "",
                    "country": labels.country(spot.country, self.site.lang) if spot else "",
                    "tags": tuple(link.label for link in self.maker.tags(briefing)),
                    "source": row.name if row else "",
                    "year": f"{briefing.date.year:04}" if briefing.date else "",
                    "lead": " ".join(briefing.key_points) or lead(briefing),
                    "prose": (briefing.path, briefing.prose),
                }
            )
        return Output(urls.file(urls.SEARCH_INDEX), "search", "json", {"rows": tuple(rows)}, "the search index")


def _letter(label: str) -> str:
    """The heading under which an index shows a label."""
    first = unicodedata.normalize("NFKD", label)[:1].upper()
    return first if first.isalpha() else "#"


__all__ = ["PlainPage", "When", "check_paths", "paginate", "pagers", "plan"]
