"""A briefing as readers see it: card, dateline strip, "How we know". From the model to the views, nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from briefings import documents, labels, urls, values
from briefings.cite import Citation
from briefings.library import FACETS, names_country
from briefings.model import CalendarDate
from briefings.views import Card, Changed, Known, Link, Point, SourceView, Strip, When

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from datetime import date, datetime

    from briefings.library import Library, Term
    from briefings.model import Briefing, Site

KIND = {kind.name: kind for kind in FACETS}

STATUS_LABELS = {
    "stated": "stated in the original",
    "partial": "stated in part, completed by an editor",
    "inferred": "inferred from the text",
    "ambiguous": "uncertain",
    "undated": "not stated",
    "none": "not stated",
    "editor": "set by an editor",
}
REUSE = {
    "full": "The whole text may be reused with credit to the source, unless its rights say otherwise.",
    "excerpt": "An excerpt may be reused with credit to the source; the rest is the source’s.",
    "summary": "Key points and summary may be reused with credit to the source; its article may not.",
    "link": "Only headline and link may be reused.",
}
"""What a source's reuse level means, in words."""
FIELD_LABELS = {
    "source": "Source", "author": "Byline", "filed_from": "Filed from", "date": "Date", "location": "Place",
    "title": "Headline", "image": "Picture", "key_points": "Key points", "tags": "Topics", "url": "Original",
}  # fmt: skip


class Maker(Struct, frozen=True, eq=False):
    """Makes the views of briefings for one site and library; keeps what many of them share, and each dateline."""

    site: Site
    library: Library
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Briefings as the documents of lists name them, by id, as ``api`` has made them."""
    _links: dict[Hashable, Link] = field(default_factory=dict)
    _whens: dict[CalendarDate, When] = field(default_factory=dict)
    _wheres: dict[Hashable, tuple[Link | None, Link | None]] = field(default_factory=dict)
    _reuses: dict[str, str] = field(default_factory=dict)
    _strips: dict[str, Strip] = field(default_factory=dict)

    def address(self, kind: str, slug: str) -> str:
        """The address of a list, root-relative; empty when the site has no lists of that kind."""
        of = KIND[kind]
        return urls.facet(of, slug) if self.site.makes(of.path) else ""

    def when(self, date: CalendarDate | None) -> When:
        """The source's date, linked to the archive of its month or year."""
        if date is None:
            return When("undated", url=self.address("year", "undated"), undated=True)
        made = self._whens.get(date)
        if made is None:
            slug = f"{date.year:04}/{date.month:02}" if date.month else f"{date.year:04}"
            url = self.address("month" if date.month else "year", slug)
            made = self._whens[date] = When(labels.day(date, self.site.lang), date.iso, url)
        return made

    def moment(self, moment: datetime) -> When:
        """A moment of ours, shown as the day in UTC that it fell on."""
        return When(_day(moment.date(), self.site.lang), values.stamp(moment))

    def strip(self, briefing: Briefing) -> Strip:
        """The dateline strip; every part links to its list.

        The country is named in the briefing's own language, as the place is: "بيروت, Lebanon" is neither.
        """
        made = self._strips.get(briefing.id)
        if made is None:
            place, country = self._spoken(briefing, *self._where(briefing))
            made = Strip(place, country, self.when(briefing.date), self._source(briefing))
            self._strips[briefing.id] = made
        return made

    def _source(self, briefing: Briefing) -> Link | None:
        name = briefing.source.name
        if not name:
            return None
        made = self._links.get(name)
        if made is None:
            terms = KIND["source"].terms(briefing, self.library.tables, self.site.lang)
            made = self._links[name] = Link(name, self.address("source", terms[0].slug) if terms else "")
        return made

    def _spoken(self, briefing: Briefing, place: Link | None, country: Link | None) -> tuple[Link | None, Link | None]:
        """Place and country in the briefing's language, unless the place is written in letters of another one."""
        spot, lang = briefing.location, briefing.lang
        if spot is None or country is None or lang == self.site.lang:
            return place, country
        label, way = labels.country(spot.country, lang), labels.direction(lang)
        if label == country.label or (place and labels.script(place.label) != labels.script(label)):
            return place, country
        return place and replace(place, lang=lang, dir=way), replace(country, label=label, lang=lang, dir=way)

    def _where(self, briefing: Briefing) -> tuple[Link | None, Link | None]:
        spot = briefing.location
        if spot is None:
            return None, None
        key = spot.name, spot.country, briefing.lang
        made = self._wheres.get(key)
        if made is None:
            tables, lang = self.library.tables, self.site.lang
            code = KIND["country"].terms(briefing, tables, lang)[0]
            country = Link(code.label, self.address("country", code.slug))
            place = None
            if not names_country(briefing, lang):
                term = KIND["place"].terms(briefing, tables, lang)[0]
                place = Link(spot.name, self.address("place", term.slug))
            made = self._wheres[key] = place, country
        return made

    def line(self, briefing: Briefing) -> str:
        """The strip as one line of plain text: ``Aleppo, Syria · 13 December 2016 · IRIN``."""
        strip = self.strip(briefing)
        where = ", ".join(link.label for link in (strip.place, strip.country) if link)
        return " · ".join(
            part for part in (where, strip.date.label, strip.source.label if strip.source else "") if part
        )

    def tags(self, briefing: Briefing) -> tuple[Link, ...]:
        """The tags as links."""
        terms = KIND["tag"].terms(briefing, self.library.tables, self.site.lang)
        return tuple(map(self._tag, terms))

    def _tag(self, term: Term) -> Link:
        made = self._links.get(term)
        if made is None:
            made = self._links[term] = Link(term.label, self.address("tag", term.slug))
        return made

    def cards(self, briefings: Sequence[Briefing]) -> list[Card]:
        """Briefings as lists show them, step by step as :func:`briefings.crew.blocks` says why."""
        moments = self.library.moments
        titles = [briefing.title for briefing in briefings]
        strips = [self.strip(briefing) for briefing in briefings]
        leads = [self.lead(briefing) for briefing in briefings]
        tags = [self.tags(briefing) for briefing in briefings]
        whens = [self.moment(moments[briefing.id]) for briefing in briefings]
        points = [self.points(briefing) for briefing in briefings]
        parts = zip(briefings, titles, strips, leads, tags, whens, points, strict=True)
        return [
            Card(
                title=title,
                url=urls.briefing(briefing),
                lang=briefing.lang,
                dir=labels.direction(briefing.lang),
                status=briefing.status,
                strip=strip,
                lead=lead,
                tags=own,
                published=published,
                points=said,
            )
            for briefing, title, strip, lead, own, published, said in parts
        ]

    def lead(self, briefing: Briefing) -> str:
        """What a list says of a briefing: the summary, or the first key point; of a withdrawn one, why it was."""
        if briefing.status == "withdrawn":
            return f"Withdrawn: {briefing.withdrawn_reason}"
        if self._only_linked(briefing):
            return ""
        return briefing.summary or (briefing.key_points[0] if briefing.key_points else "")

    def points(self, briefing: Briefing) -> tuple[str, ...]:
        """The key points that may be shown."""
        return () if briefing.status == "withdrawn" or self._only_linked(briefing) else briefing.key_points

    def reuse(self, briefing: Briefing) -> str:
        """How much of its words the source lets us give; a withdrawn briefing gives none."""
        return "link" if briefing.status == "withdrawn" else self._reuse(briefing.source.name)

    def canonical(self, briefing: Briefing) -> str:
        """The original's address, where its source asks that search engines show that; else empty."""
        row = self.library.tables.source(briefing.source.name) if briefing.source.url else None
        return briefing.source.url if row and row.canonical == "original" else ""

    def _only_linked(self, briefing: Briefing) -> bool:
        """Whether the source lets us give nothing of its article but a link."""
        return self._reuse(briefing.source.name) == "link"

    def _reuse(self, name: str) -> str:
        """How much of its words a source lets us give."""
        made = self._reuses.get(name)
        if made is None:
            row = self.library.tables.source(name) if name else None
            made = self._reuses[name] = row.reuse if row else "full"
        return made

    def source(self, briefing: Briefing) -> SourceView | None:
        """Who says so, with what the table of sources knows of them."""
        ref = briefing.source
        if not ref.name:
            return None
        row = self.library.tables.source(ref.name)
        strip = self.strip(briefing)
        return SourceView(
            name=ref.name,
            url=strip.source.url if strip.source else "",
            homepage=row.homepage if row else "",
            profile=row.profile if row else "",
            successor=row.successor if row else "",
            author=ref.author,
            filed_from=ref.filed_from,
            original=ref.url,
            rights=row.rights if row else "",
            reuse=row.reuse if row else "full",
        )

    def known(self, briefing: Briefing) -> tuple[Known, ...]:
        """The lines of "How we know", in a fixed order."""
        supports = {support.field: support for support in briefing.evidence if support.field != "tags"}
        rows = []
        for name in ("source", "author", "filed_from", "date", "location"):
            value, shown = said(briefing, name), self._shown(briefing, name)
            support = supports.get(name)
            if support is None and not value and name != "date":
                continue
            if support and _same(name, support.value, value):
                status, words, confidence = support.status, support.words, support.confidence
            elif support and support.status == "partial" and _completes(value, support.value):
                status, words, confidence = "partial", support.words, None
            else:
                status, words, confidence = ("editor" if value else "undated"), (), None
            percent = None if confidence is None else round(100 * confidence)
            rows.append(Known(name, FIELD_LABELS[name], shown, status, STATUS_LABELS[status], words, percent))
        return tuple(rows)

    def _shown(self, briefing: Briefing, name: str) -> str:
        if name == "date":
            return self.when(briefing.date).label
        if name == "location" and briefing.location:
            return place_label(briefing, self.site.lang)
        return said(briefing, name)

    def changes(self, briefing: Briefing) -> tuple[Changed, ...]:
        """The change notes, newest first; of one day, the one that stands lower in the file."""
        ordered = sorted(briefing.changes, key=lambda change: str(change.on))[::-1]
        return tuple(
            Changed(When(labels.day(change.on, self.site.lang), change.on.iso), change.kind, change.note)
            for change in ordered
        )

    def point(self, briefing: Briefing, url: str = "") -> Point | None:
        """The briefing's place as a dot, when it has coordinates."""
        spot = briefing.location
        if spot is None or spot.latitude is None or spot.longitude is None:
            return None
        place, country = self._where(briefing)
        link = place or country
        terms = KIND["place"].terms(briefing, self.library.tables, self.site.lang)  # as its list is called
        label = terms[0].label if terms else place_label(briefing, self.site.lang)
        return Point(label, url or (link.url if link else ""), spot.latitude, spot.longitude)

    def citation(self, briefing: Briefing, permalink: str) -> Citation:
        """What citations of a briefing say; ``permalink`` is absolute."""
        return Citation(
            key=f"briefing-{permalink.rstrip('/').rpartition('/')[2]}",
            title=briefing.title,
            url=permalink,
            site=self.site.name,
            issued=self.library.moments[briefing.id],
            agency=briefing.source.name,
            author=briefing.source.author,
            date=briefing.date,
            date_label=self.when(briefing.date).label,
            lang=briefing.lang,
            withdrawn=briefing.status == "withdrawn",
        )

    def jsonld(self, briefing: Briefing, image: str = "") -> str:
        """The briefing as schema.org ``NewsArticle`` in JSON-LD, safe inside a script element.

        Args:
            briefing: the briefing.
            image: address of the picture that stands for it, root-relative.
        """
        here = urls.absolute(self.site, urls.briefing(briefing))
        ref, spot = briefing.source, briefing.location
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": f"urn:uuid:{briefing.id}",
            "url": here,
            "mainEntityOfPage": here,
            "headline": briefing.title,
            "inLanguage": briefing.lang,
            "abstract": self.lead(briefing),
            "datePublished": values.stamp(self.library.moments[briefing.id]),
            "dateModified": values.stamp(briefing.updated or self.library.moments[briefing.id]),
            "keywords": [link.label for link in self.tags(briefing)],
            "sdPublisher": {"@type": "Organization", "name": self.site.name, "url": f"{self.site.url}/"},
        }
        if ref.name:
            row = self.library.tables.source(ref.name)
            agency = {"@type": "NewsMediaOrganization", "name": ref.name}
            if row and row.homepage:
                agency["url"] = row.homepage
            data["publisher"] = agency
            data["author"] = {"@type": "Person", "name": ref.author} if ref.author else agency
        if image:
            data["image"] = urls.absolute(self.site, image)
        if ref.url:
            data["isBasedOn"] = ref.url
        if ref.filed_from:
            data["dateline"] = ref.filed_from
        if briefing.date:
            data["temporalCoverage"] = briefing.date.iso
        if spot:
            where: dict[str, Any] = {"@type": "Place", "name": place_label(briefing, self.site.lang)}
            if spot.latitude is not None:
                where["geo"] = {"@type": "GeoCoordinates", "latitude": spot.latitude, "longitude": spot.longitude}
            data["contentLocation"] = where
        if briefing.changes:
            data["correction"] = [change.note for change in briefing.changes]
        text = documents.text({key: value for key, value in data.items() if value})
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def place_label(briefing: Briefing, lang: str) -> str:
    """``Aleppo, Syria``, or the country alone; empty without a place."""
    place = briefing.location
    if place is None:
        return ""
    country = labels.country(place.country, lang)
    return country if names_country(briefing, lang) else f"{place.name}, {country}"


def said(briefing: Briefing, name: str) -> str:
    """What a field holds, in the form in which evidence records it."""
    if name == "date":
        return str(briefing.date or "")
    if name == "location":
        return f"{briefing.location.name}, {briefing.location.country}" if briefing.location else ""
    of = _SAID.get(name)
    return of(briefing) if of else ""


_SAID: dict[str, Callable[[Briefing], str]] = {
    "title": lambda one: one.title, "source": lambda one: one.source.name, "author": lambda one: one.source.author,
    "filed_from": lambda one: one.source.filed_from, "url": lambda one: one.source.url,
}  # fmt: skip


@lru_cache(maxsize=4096)
def _day(day: date, lang: str) -> str:
    """A day of ours in words."""
    return labels.day(CalendarDate(day.year, day.month, day.day), lang)


def _same(name: str, recorded: str, present: str) -> bool:
    """Whether a field still holds what the machine wrote; a place may be recorded without its country."""
    old, new = recorded.casefold(), present.casefold()
    alone = name == "location" and "," not in old
    return old == new or (alone and bool(old) and new.rpartition(", ")[0] == old)


def _completes(date: str, part: str) -> bool:
    """Whether a date has the day and month that the source states without a year (``--12-13``)."""
    return part.startswith("--") and date[4:] == part[1:]
