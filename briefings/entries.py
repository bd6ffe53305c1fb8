"""Briefings as subscribers get them: entries and feeds before they take a format. Addresses are absolute here."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid5

from msgspec import Struct, field

from briefings import urls, values
from briefings.cards import KIND, Maker
from briefings.views import Category, Enclosure, Entry, Feed, FeedLink

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from briefings.library import Facet
    from briefings.media import Media
    from briefings.model import Briefing, Site

GENERATOR = "briefings"
FORMATS: tuple[tuple[Literal["rss", "atom", "json"], str, str, str], ...] = (
    ("rss", ".rss.xml", "application/rss+xml", "RSS"),
    ("atom", ".atom.xml", "application/atom+xml", "Atom"),
    ("json", ".json", "application/feed+json", "JSON Feed"),
)
"""Key, ending, media type (RFC 4287, section 7, for Atom) and name."""


def formats(site: Site) -> tuple[tuple[Literal["rss", "atom", "json"], str, str, str], ...]:
    """The rows of ``FORMATS`` that the site has."""
    return tuple(row for row in FORMATS if site.makes(row[0]))


@lru_cache(maxsize=64)
def _uuid(text: str) -> UUID:
    return UUID(text)


class Entries(Struct, frozen=True, eq=False):
    """Makes entries and feeds for one site; an entry is made once and stands in every feed it belongs to."""

    maker: Maker
    media: Mapping[str, Media]
    _known: dict[Hashable, Category] = field(default_factory=dict)
    _links: dict[tuple[str, str], tuple[FeedLink, ...]] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """The site of the maker."""
        return self.maker.site

    def entry(self, briefing: Briefing) -> Entry:
        """A briefing as an entry."""
        library = self.maker.library
        published = values.stamp(library.moments[briefing.id])
        row = library.tables.source(briefing.source.name) if briefing.source.name else None
        withdrawn, notice = briefing.status == "withdrawn", self._notice(briefing)
        spot = briefing.location
        place = self.maker.point(briefing)
        strip, points = self.maker.strip(briefing), self.maker.points(briefing)
        where = ", ".join(link.label for link in (strip.place, strip.country) if link)
        # A withdrawn briefing reaches subscribers as its notice: what was wrong is not told again.
        return Entry(
            id=f"urn:uuid:{briefing.id}",
            url=urls.absolute(self.site, urls.briefing(briefing)),
            title=briefing.title,
            published=published,
            updated=values.stamp(briefing.updated) if briefing.updated else published,
            lang=briefing.lang,
            summary=notice if withdrawn else " ".join(points) or self.maker.lead(briefing),
            points=points,
            prose=briefing.path,
            prose_digest=briefing.prose,
            strip=self.maker.line(briefing),
            source_name=briefing.source.name,
            source_url=row.homepage if row else "",
            source_feed=row.feed if row else "",
            author=briefing.source.author,
            original=briefing.source.url,
            rights=row.rights if row else "",
            reuse="summary" if withdrawn else row.reuse if row else "full",
            notice=notice,
            categories=self._categories(briefing),
            place=where if spot else "",
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            enclosure=self._enclosure(briefing),
        )

    def _notice(self, briefing: Briefing) -> str:
        if briefing.status == "withdrawn":
            return f"Withdrawn: {briefing.withdrawn_reason}"
        if not briefing.changes:
            return ""
        major = [change for change in self.maker.changes(briefing) if change.kind == "major"]
        return f"Changed {major[0].on.label}: {major[0].note}" if major else ""

    def _categories(self, briefing: Briefing) -> tuple[Category, ...]:
        found: list[Category] = []
        for name in ("tag", "place", "region", "country", "source"):
            kind = KIND[name]
            if not self.site.makes(kind.path):
                continue
            for term in kind.terms(briefing, self.maker.library.tables, self.site.lang):
                made = self._known.get((name, term))
                if made is None:
                    scheme = urls.absolute(self.site, urls.index(kind))
                    made = self._known[name, term] = Category(term.slug, scheme, term.label)
                found.append(made)
        return tuple(found)

    def _enclosure(self, briefing: Briefing) -> Enclosure | None:
        image = briefing.image
        item = self.media.get(image.file) if image and image.file else None
        if image is None or item is None or briefing.status == "withdrawn":
            return None
        url = urls.absolute(self.site, urls.media(item.file))
        return Enclosure(url, item.type, item.length, item.width, item.height, image.alt)

    def links(self, base: str, title: str) -> tuple[FeedLink, ...]:
        """The feeds of the list at ``base``; addresses root-relative, for pages."""
        made = self._links.get((base, title))
        if made is None:
            made = self._links[base, title] = tuple(
                FeedLink(f"{title} ({name})", media_type, urls.feed(base, suffix), key)
                for key, suffix, media_type, name in formats(self.site)
            )
        return made

    def site_links(self) -> tuple[FeedLink, ...]:
        """The feeds of the whole site."""
        return self.links(urls.HOME, self.site.name)

    def facet_title(self, facet: Facet) -> str:
        """What a facet's feeds are called: the term and the site."""
        kind = "" if facet.kind.name == "selection" else f" ({facet.kind.label.lower()})"
        return f"{facet.term.label}{kind} · {self.site.name}"

    def feed_id(self, name: str) -> str:
        """The id of a feed, from the site's key and a name that never changes; a selection has its editor's own."""
        kind, _, rest = name.partition("/")
        slug, _, archive = rest.partition("/")
        row = self.maker.library.tables.selections.get(slug) if kind == "selection" else None
        if row:
            return f"urn:uuid:{uuid5(_uuid(row.id), archive) if archive else row.id}"
        return f"urn:uuid:{uuid5(_uuid(self.site.key), f'feed/{name}')}"

    def feed(
        self,
        base: str,
        title: str,
        name: str,
        entries: tuple[Entry, ...],
        subtitle: str,
        most: int = sys.maxsize,
    ) -> Feed:
        """A feed of the ``most`` newest entries of a list.

        ``name`` makes the feed's id; see :meth:`feed_id`.
        """
        site = self.site
        chosen = entries[:most]
        return Feed(
            id=self.feed_id(name),
            title=title,
            subtitle=subtitle,
            lang=site.lang,
            url=urls.absolute(site, base),
            self_url="",
            updated=max((entry.updated for entry in chosen), default="1970-01-01T00:00:00Z"),
            rights=site.rights,
            author=site.author or site.name,
            icon=urls.absolute(site, urls.ICON),
            generator=GENERATOR,
            entries=chosen,
            complete=len(chosen) == len(entries),
            hub=site.hub,
            stylesheet=urls.absolute(site, urls.FEED_STYLE),
        )
