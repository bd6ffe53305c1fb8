"""What stands around a list: wider and narrower lists, places near by, facts of a source, and its history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefings import labels, sparkline, urls
from briefings.cards import KIND, REUSE
from briefings.nearby import Nearby
from briefings.views import Bar, Fact, Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefings.desk import Desk
    from briefings.library import Facet
    from briefings.model import Source

NEAR = 6
"""Places near by that a place names."""


@dataclass(frozen=True, slots=True)
class Around:
    """The parts of a :class:`~briefings.views.FacetView` that differ from kind to kind."""

    description: str = ""
    up: tuple[Link, ...] = ()
    region: tuple[Link, ...] = ()
    """What stands between a place and its country, if that is known: not on later pages, which do not look that far."""
    down: tuple[Link, ...] = ()
    near: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    facts: tuple[Fact, ...] = ()
    history: tuple[Bar, ...] = ()


def _code(link: Link) -> str:
    """The country of a place or region, as its address ends."""
    return link.url.rstrip("/").rpartition("-")[2]


class Surroundings:
    """Finds what stands around lists; what all of them need is gathered once."""

    def __init__(self, desk: Desk) -> None:
        """Group places by region and country, regions by country, and index the places."""
        self._desk, self._lang = desk, desk.site.lang
        self._points = {point.url: point for point in desk.spots}
        self._nearby = Nearby(tuple(self._points.values()))
        self._places: dict[str, list[Link]] = {}
        self._within: dict[str, str] = {}
        self._found: dict[tuple[str, str], Around] = {}
        self._regions: dict[str, list[Link]] = {}
        lists = desk.library.facets
        if desk.site.makes("regions"):
            for slug, facet in lists["region"].items():
                for briefing in facet.briefings:
                    for term in KIND["place"].terms(briefing, desk.library.tables, desk.site.lang):
                        self._within.setdefault(term.slug, slug)
            for link in desk.terms("region"):
                self._regions.setdefault(_code(link), []).append(self._short(link))
        for link in desk.terms("place"):
            slug = link.url.rstrip("/").rpartition("/")[2]
            for wider in {_code(link), self._within.get(slug, "")} - {""}:
                self._places.setdefault(wider, []).append(self._short(link))

    def of(self, facet: Facet) -> Around:
        """What stands around one list: found once, however many pages it has."""
        key = facet.kind.name, facet.term.slug
        made = self._found.get(key)
        if made is None:
            made = self._found[key] = self._find(facet)
        return made

    def _find(self, facet: Facet) -> Around:
        desk, slug = self._desk, facet.term.slug
        known, lang = desk.library.tables, desk.site.lang
        history = sparkline.by_year(briefing.date for briefing in facet.briefings)
        match facet.kind.name:
            case "tag":
                row = known.tags.get(slug)
                return Around(row.description if row else "", history=history)
            case "place":
                code = slug.rpartition("-")[2]
                up, near = (self._up("country", code),), self._near(facet)
                region = (self._short(self._up("region", self._within[slug])),) if slug in self._within else ()
                return Around(self._note(slug), up=up, region=region, near=near, history=history)
            case "region":
                told_of = known.regions.get(slug)
                return Around(
                    told_of.description if told_of else "", up=(self._up("country", slug.rpartition("-")[2]),),
                    down=tuple(self._places.get(slug, ())), history=history,
                )  # fmt: skip
            case "country":
                regions = tuple(replace(link, note="region") for link in self._regions.get(slug, ()))
                down = (*regions, *self._places.get(slug, ()))
                return Around(self._note(slug), down=down, history=history)
            case "story":
                told = known.stories.get(slug)
                return Around(told.description if told else "")
            case "selection":
                return Around(known.selections[slug].description, history=history)
            case "source":
                source = known.sources.get(slug)
                if source is None:
                    return Around(facts=self._last(facet), history=history)
                links, facts = self._links(source), (*self._facts(source, facet), *self._last(facet))
                return Around(source.profile, links=links, facts=facts, history=history)
            case "year" if slug != "undated":
                months = sorted(key for key in desk.library.facets["month"] if key.startswith(f"{slug}/"))
                names = [labels.month(number, lang) for number in range(1, 13)]
                dates = (briefing.date for briefing in facet.briefings)
                down = tuple(desk.link("month", key) for key in months)
                return Around(down=down, history=sparkline.by_month(dates, names))
            case "year":
                return Around("Briefings whose source gives no date.")
            case "month":
                return Around(up=(self._up("year", slug.partition("/")[0]),))
        return Around(history=history)

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
        counts: dict[str, int] = {}
        for briefing in facet.briefings:
            counts[briefing.lang] = counts.get(briefing.lang, 0) + 1
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
