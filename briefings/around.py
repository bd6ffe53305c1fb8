"""What stands around a list: wider and narrower lists, places near by, facts of a source, and its history."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from briefings import labels, sparkline, urls
from briefings.cards import KIND, REUSE
from briefings.nearby import Nearby
from briefings.views import Bar, Fact, Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefings.desk import Desk
    from briefings.library import Facet
    from briefings.model import Source
    from briefings.views import Point

NEAR = 6
"""Places near by that a place names."""


class Around(Struct, frozen=True):
    """The parts of a :class:`~briefings.views.FacetView` that differ from kind to kind."""

    description: str = ""
    up: tuple[Link, ...] = ()
    region: tuple[Link, ...] = ()
    """What stands between a place and its country, if that is known: not on later pages, which do not look that far."""
    down: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    """Narrower lists, each kind under its heading."""
    near: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    facts: tuple[Fact, ...] = ()
    history: tuple[Bar, ...] = ()


def _code(link: Link) -> str:
    """The country of a place or region, as its address ends."""
    return link.url.rstrip("/").rpartition("-")[2]


def _headed(*kinds: tuple[str, tuple[Link, ...]]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """Lists under their headings, without those that are empty."""
    return tuple((title, links) for title, links in kinds if links)


class Surroundings:
    """Finds what stands around lists; what several of them need is gathered once, when the first one asks."""

    def __init__(self, desk: Desk) -> None:
        """Gather nothing yet."""
        self._desk, self._lang = desk, desk.site.lang
        self._regions_of: dict[str, str] = {}

    def of(self, facet: Facet, *, first: bool) -> Around:
        """What stands around one list; on its later pages, only what leads elsewhere."""
        desk, slug = self._desk, facet.term.slug
        known, lang = desk.library.tables, desk.site.lang
        dates = desk.library.dates(facet.briefings) if first else ()
        match facet.kind.name:
            case "tag":
                row = known.tags.get(slug)
                return Around(row.description if row else "", history=sparkline.by_year(dates))
            case "place":
                up = (self._up("country", slug.rpartition("-")[2]),)
                if not first:
                    return Around(self._note(slug), up=up)
                within = self._region(slug)
                region = (self._short(self._up("region", within)),) if within else ()
                history = sparkline.by_year(dates)
                return Around(self._note(slug), up=up, region=region, near=self._near(facet), history=history)
            case "region":
                told_of = known.regions.get(slug)
                down = _headed((KIND["place"].plural, self._in_region(facet))) if first else ()
                return Around(
                    told_of.description if told_of else "", up=(self._up("country", slug.rpartition("-")[2]),),
                    down=down, history=sparkline.by_year(dates),
                )  # fmt: skip
            case "country":
                down = _headed(*((title, tuple(of.get(slug, ()))) for title, of in self._in_country)) if first else ()
                return Around(self._note(slug), down=down, history=sparkline.by_year(dates))
            case "story":
                told = known.stories.get(slug)
                return Around(told.description if told else "")
            case "selection":
                return Around(known.selections[slug].description, history=sparkline.by_year(dates))
            case "source":
                return self._source(facet, first=first, history=sparkline.by_year(dates))
            case "year" if slug != "undated" and first:
                months = sorted(key for key in desk.library.facets["month"] if key.startswith(f"{slug}/"))
                names = [labels.month(number, lang) for number in range(1, 13)]
                down = _headed(("Months", tuple(desk.link("month", key) for key in months)))
                return Around(down=down, history=sparkline.by_month(dates, names))
            case "year":
                return Around("" if slug != "undated" else "Briefings whose source gives no date.")
            case "month":
                return Around(up=(self._up("year", slug.partition("/")[0]),))
        return Around(history=sparkline.by_year(dates))

    def _source(self, facet: Facet, *, first: bool, history: tuple[Bar, ...]) -> Around:
        source = self._desk.library.tables.sources.get(facet.term.slug)
        last = self._last(facet) if first else ()
        if source is None:
            return Around(facts=last, history=history)
        facts = (*self._facts(source, facet), *last) if first else ()
        return Around(source.profile, links=self._links(source), facts=facts, history=history)

    @cached_property
    def _points(self) -> dict[str, Point]:
        return {point.url: point for point in self._desk.spots}

    @cached_property
    def _nearby(self) -> Nearby:
        return Nearby(tuple(self._points.values()))

    @cached_property
    def _in_country(self) -> tuple[tuple[str, dict[str, list[Link]]], ...]:
        """Regions and then places, each kind by the code of their country."""
        regions: dict[str, list[Link]] = {}
        places: dict[str, list[Link]] = {}
        for kind, found in (("region", regions), ("place", places)):
            for link in self._desk.terms(kind):
                found.setdefault(_code(link), []).append(self._short(link))
        return (KIND["region"].plural, regions), (KIND["place"].plural, places)

    def _in_region(self, facet: Facet) -> tuple[Link, ...]:
        """The places that lie in a region."""
        tables = self._desk.library.tables
        here = {term.slug for briefing in facet.briefings for term in KIND["place"].terms(briefing, tables, self._lang)}
        links = ((link.url.rstrip("/").rpartition("/")[2], link) for link in self._desk.terms("place"))
        return tuple(
            self._short(link) for slug, link in links if slug in here and self._region(slug) == facet.term.slug
        )

    def _region(self, slug: str) -> str:
        """The region that a place lies in, as its briefings say: of several the first by name; empty without one."""
        if not self._desk.site.makes("regions") or not self._desk.library.facets["region"]:
            return ""
        known = self._regions_of.get(slug)
        if known is None:
            tables = self._desk.library.tables
            of = KIND["region"].terms
            found = {
                term.slug for briefing in self._desk.library.facets["place"][slug].briefings
                for term in of(briefing, tables, self._lang)
            }  # fmt: skip
            known = self._regions_of[slug] = min(found, default="")
        return known

    def _up(self, kind: str, slug: str) -> Link:
        """A wider list, without its count: that changes when what is shown here does not."""
        return replace(self._desk.link(kind, slug), count=0)

    def _short(self, link: Link) -> Link:
        """A place or region without its country, where that has been said."""
        return replace(link, label=link.label.removesuffix(f", {labels.country(_code(link).upper(), self._lang)}"))

    def _note(self, slug: str) -> str:
        note = self._desk.library.tables.places.get(slug)
        return note.description if note else ""

    def _near(self, facet: Facet) -> tuple[Link, ...]:
        """Places near by, without their counts, as in :meth:`_up`."""
        point = self._points.get(urls.facet(facet.kind, facet.term.slug))
        found = self._nearby.to(point, NEAR) if point else ()
        return tuple(
            Link(other.label, other.url, note=f"{distance} km")
            for other, distance in found
            if other.url.startswith(urls.index(facet.kind))
        )

    def _links(self, source: Source) -> tuple[Link, ...]:
        links = [Link("Homepage", source.homepage)] if source.homepage else []
        if source.feed:
            links.append(Link("Its own feed", source.feed))
        if source.successor:
            heir = self._desk.succeeded(source.key)
            address = self._desk.maker.address("source", heir) if heir else ""
            links.append(Link(f"Succeeded by {source.successor}", address))
        return tuple(links)

    def _facts(self, source: Source, facet: Facet) -> tuple[Fact, ...]:
        lang = self._desk.site.lang
        counts = Counter(self._desk.library.langs(facet.briefings))
        spoken = sorted(counts, key=lambda code: (-counts[code], code))
        said: Mapping[str, str] = {
            "Reports on": source.scope,
            "Owned or funded by": source.owner,
            "Based in": labels.country(source.home[:2], lang) if source.home else "",
            "Languages here": ", ".join(labels.language(code, lang) for code in spoken),
            "Also printed as": ", ".join(source.aliases),
            "Reuse": REUSE[source.reuse],
            "Rights": source.rights,
            "Profile reviewed": labels.day(source.reviewed, lang) if source.reviewed else "",
        }
        return tuple(Fact(label, value) for label, value in said.items() if value)

    def _last(self, facet: Facet) -> tuple[Fact, ...]:
        newest = facet.briefings[0]
        when = self._desk.maker.moment(self._desk.library.moments[newest.id])
        return (Fact("Last briefing", when.label, urls.briefing(newest)),)
