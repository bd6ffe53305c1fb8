"""What machines read: feeds of every list, their outline, the index for the search page, sitemap and robots file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from briefings import archives, labels, urls
from briefings.cards import place_label
from briefings.entries import FORMATS
from briefings.library import FACETS
from briefings.model import CalendarDate, Output
from briefings.views import FeedGroup, FeedRow

ARCHIVED = ("rss", "atom")
"""Formats with an archive: JSON Feed has no word for one."""

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefings.desk import Desk
    from briefings.model import Briefing


def _public(desk: Desk, briefings: tuple[Briefing, ...]) -> tuple[Briefing, ...]:
    return tuple(briefing for briefing in briefings if briefing.id in desk.entries)


def feed_groups(desk: Desk) -> tuple[FeedGroup, ...]:
    """The feeds of every list, by kind."""
    groups = []
    for kind in FACETS:
        if not kind.feeds:
            continue
        rows = []
        for link in desk.terms(kind.name):
            facet = desk.library.facets[kind.name][link.url.rstrip("/").rpartition("/")[2]]
            feeds = desk.subscribed.links(link.url, desk.subscribed.facet_title(facet))
            rows.append(FeedRow(link.label, link.url, link.count, feeds))
        groups.append(FeedGroup(kind.plural, tuple(rows)))
    return tuple(groups)


def feeds(desk: Desk) -> Iterator[Output]:
    """Every feed in every format, and the outline of them all."""
    shown = _public(desk, desk.library.briefings)
    yield from _feed(desk, urls.HOME, desk.site.name, "site", shown, desk.site.subtitle)
    for kind in FACETS:
        if not kind.feeds:
            continue
        for facet in desk.library.facets[kind.name].values():
            base = urls.facet(kind, facet.term.slug)
            title = desk.subscribed.facet_title(facet)
            row = desk.library.tables.selections.get(facet.term.slug) if kind.name == "selection" else None
            subtitle = (row.description if row else "") or f"Briefings: {facet.term.label}"
            found = _public(desk, facet.briefings)
            yield from _feed(desk, base, title, f"{kind.name}/{facet.term.slug}", found, subtitle)
    site_row = FeedRow(desk.site.name, urls.HOME, len(shown), desk.site_feeds)
    groups = (FeedGroup("Everything", (site_row,)), *feed_groups(desk))
    yield Output(urls.file(urls.OPML), "opml", "opml", {"title": desk.site.name, "groups": groups}, "the list of feeds")


def _feed(
    desk: Desk, base: str, title: str, name: str, briefings: tuple[Briefing, ...], subtitle: str
) -> Iterator[Output]:
    feed = desk.subscribed.feed(base, title, name, briefings, desk.entries, subtitle, desk.site.feed_items)
    links = desk.subscribed.links(base, title)
    siblings = tuple(replace(link, url=urls.absolute(desk.site, link.url)) for link in links)
    # Half of what fits by number, since a feed of long briefings holds fewer: none may fall between feed and archive.
    past = archives.cut(briefings, lambda one: desk.library.moments[one.id], max(1, desk.site.feed_items // 2))
    for key, suffix, _, _ in FORMATS:
        url = urls.feed(base, suffix)
        newest = urls.archive(base, past[-1].name, suffix) if past and key in ARCHIVED else ""
        own = replace(
            feed, self_url=urls.absolute(desk.site, url), siblings=siblings, prev_archive=_whole(desk, newest)
        )
        yield Output(urls.file(url), "feed", key, {"feed": own}, f"the feed of {title}")
        if key in ARCHIVED:
            yield from _archive(desk, base, (title, name, subtitle), past, (key, suffix))


def _archive(
    desk: Desk, base: str, about: tuple[str, str, str], past: tuple[archives.Archive, ...], form: tuple[str, str]
) -> Iterator[Output]:
    """The archive documents of a feed in one format, each with a link to the one before it."""
    (title, name, subtitle), (key, suffix) = about, form
    before = ""
    for one in past:
        when = labels.day(CalendarDate(one.year, one.month), desk.site.lang)
        label = f"{title}: {when}" + (f" ({one.part})" if one.part else "")
        feed = desk.subscribed.feed(base, label, f"{name}/{one.name}", one.briefings, desk.entries, subtitle)
        url = urls.archive(base, one.name, suffix)
        own = replace(
            feed, complete=False, prev_archive=_whole(desk, before), self_url=urls.absolute(desk.site, url),
            current=urls.absolute(desk.site, urls.feed(base, suffix)), hub="",
        )  # fmt: skip
        yield Output(urls.file(url), "feed", key, {"feed": own}, f"the archive of {title}")
        before = url


def _whole(desk: Desk, url: str) -> str:
    return urls.absolute(desk.site, url) if url else ""


def search_index(desk: Desk) -> Output:
    """What the search page looks in."""
    rows = []
    for briefing in desk.library.briefings:
        spot, withdrawn = briefing.location, briefing.status == "withdrawn"
        row = desk.library.tables.source(briefing.source.name) if briefing.source.name else None
        rows.append(
            {
                "url": urls.briefing(briefing),
                "title": briefing.title,
                "lang": briefing.lang,
                "dir": labels.direction(briefing.lang),
                "strip": desk.maker.line(briefing),
                "place": place_label(spot, desk.site.lang) if spot else "",
                "country": labels.country(spot.country, desk.site.lang) if spot else "",
                "tags": tuple(link.label for link in desk.maker.tags(briefing)),
                "source": row.name if row else "",
                "year": f"{briefing.date.year:04}" if briefing.date else "",
                "lead": " ".join(desk.maker.points(briefing)) or desk.maker.lead(briefing),
                "reuse": row.reuse if row else "full",
                "prose": None if withdrawn else (briefing.path, briefing.prose),
            }
        )
    return Output(urls.file(urls.SEARCH_INDEX), "search", "json", {"rows": tuple(rows)}, "the search index")


def sitemap(desk: Desk, pages: Iterable[Output], lastmods: dict[str, str]) -> Iterator[Output]:
    """The sitemap of every page that may be indexed, and the robots file that names it."""
    heads = (page.context["head"] for page in pages)
    rows = tuple((urls.absolute(desk.site, head.url), lastmods.get(head.url, "")) for head in heads if not head.robots)
    yield Output(urls.file(urls.SITEMAP), "sitemap", "sitemap", {"rows": rows}, "the sitemap")
    address = urls.absolute(desk.site, urls.SITEMAP)
    yield Output(urls.file(urls.ROBOTS), "robots", "robots", {"sitemap": address}, "the robots file")
