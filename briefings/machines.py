"""What machines read: feeds of every list, their outline, sitemap and robots file.

An edit asks for some feeds, and seldom for more: so the rooms of the others are loaded where they are asked for.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings import syndication, urls
from briefings.model import Output
from briefings.units import Unit, exactly, wanted
from briefings.views import FeedGroup, FeedRow, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from briefings import sitemap as maps
    from briefings.desk import Desk
    from briefings.units import Focus


PREVIEW = 3
"""Titles shown of a feed on the page of all feeds."""
OFFERED = 40
"""Feeds of a group on that page: of more, those with the most briefings."""
PREVIEWED = 12
"""Feeds of a group in which each shows its titles there."""


def feed_groups(desk: Desk) -> tuple[FeedGroup, ...]:
    """The feeds of every list, by kind."""
    groups = []
    for kind in desk.kinds:
        if not kind.feeds:
            continue
        rows = []
        for link in desk.terms(kind.name):
            facet = desk.library.facets[kind.name][link.url.rstrip("/").rpartition("/")[2]]
            feeds = desk.subscribed.links(link.url, desk.subscribed.facet_title(facet))
            rows.append(FeedRow(link.label, link.url, link.count, feeds))
        groups.append(FeedGroup(kind.plural, tuple(rows)))
    if desk.site.makes("digests"):
        from briefings import digest_feeds

        groups.append(FeedGroup("Digests", digest_feeds.rows(desk)))
    if desk.site.makes("changes"):
        from briefings import changes

        groups.append(FeedGroup("Corrections and withdrawals", (changes.row(desk),)))
    return tuple(groups)


def offered(desk: Desk, groups: tuple[FeedGroup, ...]) -> tuple[FeedGroup, ...]:
    """The same for the page of all feeds, which a thousand lists would make too long to be of use.

    Every list's own page names its feeds, and the outline names all.
    """
    indexes = {kind.plural: urls.index(kind) for kind in desk.kinds}
    shown = []
    for group in groups:
        if len(group.rows) > OFFERED:
            most = {row.url for row in sorted(group.rows, key=lambda row: (-row.count, row.url))[:OFFERED]}
            rest = Link(f"All {group.label.lower()}", indexes.get(group.label, urls.FEEDS), len(group.rows) - OFFERED)
            shown.append(FeedGroup(group.label, tuple(row for row in group.rows if row.url in most), rest))
        else:
            shown.append(group)
    return tuple(shown)


def previews(desk: Desk, groups: tuple[FeedGroup, ...]) -> dict[str, tuple[Link, ...]]:
    """The latest titles of the feeds of small groups, by the address of the list; for the page of all feeds.

    Large groups have none there, so that the page stays small: the page of each list shows what it holds.
    """
    shown = {row.url for group in groups if len(group.rows) <= PREVIEWED for row in group.rows}
    found = {urls.HOME: desk.library.briefings}
    for kind in desk.kinds:
        for facet in desk.library.facets[kind.name].values() if kind.feeds else ():
            found[urls.facet(kind, facet.term.slug)] = facet.briefings
    return {
        url: tuple(
            Link(card.title, card.url, lang=card.lang, dir=card.dir)
            for card in (desk.cards[one.id] for one in briefings[:PREVIEW])
        )
        for url, briefings in sorted(found.items())
        if (url in shown or url == urls.HOME) and briefings
    }


def units(desk: Desk, focus: Focus | None = None) -> Iterator[Unit]:
    """Every feed in every format, each list a unit, and the outline of them all."""
    shown, sight = desk.library.briefings, desk.sight
    about = (desk.site.name, "site", desk.site.subtitle)
    if wanted(focus, "feed/site"):
        yield from syndication.units(desk, urls.HOME, about, shown, focus)
    for kind in desk.kinds:
        for facet in desk.facets(kind, focus, f"feed/{kind.name}/") if kind.feeds else ():
            name, label = f"{kind.name}/{facet.term.slug}", facet.term.label
            row = desk.library.tables.selections.get(facet.term.slug) if kind.name == "selection" else None
            about = (
                desk.subscribed.facet_title(facet),
                name,
                (row.description if row else "") or f"Briefings: {label}",
            )
            yield from syndication.units(desk, urls.facet(kind, facet.term.slug), about, facet.briefings, focus)
    if wanted(focus, "feed/changes") and desk.site.makes("changes"):
        from briefings import changes, ledger

        told = exactly(sorted(ledger.told(desk.library.root).items()))
        yield Unit("feed/changes", ("changes", told), lambda: changes.feed(desk))
    kinds = [kind.name for kind in desk.kinds]
    if wanted(focus, "feed/retired"):
        from briefings import retired

        yield Unit("feed/retired", sight.names(kinds), lambda: retired.feeds(desk))
    if wanted(focus, "feeds"):
        counted = ("days", "changes", *sight.counts(kinds)) if desk.site.makes("feed-list") else ()
        yield Unit("feeds", counted, lambda: _outline(desk))


def _outline(desk: Desk) -> Iterator[Output]:
    if desk.site.indexnow:
        key = {"text": desk.site.indexnow_key}
        yield Output(urls.file(urls.indexnow_key(desk.site)), "text", "key", key, "the IndexNow key")
    if not desk.site.makes("feed-list"):
        return
    library = desk.library
    public = library.public(library.briefings) if desk.site.drafts else library.briefings
    site_row = FeedRow(desk.site.name, urls.HOME, len(public), desk.site_feeds)
    groups = (FeedGroup("Everything", (site_row,)), *feed_groups(desk))
    yield Output(urls.file(urls.OPML), "opml", "opml", {"title": desk.site.name, "groups": groups}, "the list of feeds")


def _sitemaps(desk: Desk, rows: tuple[tuple[str, str], ...]) -> Iterator[Output]:
    """More pages than one sitemap may hold: one for the briefings of each year of change, one for lists, an index."""
    from briefings import sitemap as maps

    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        groups.setdefault(row[1][:4] or "lists", []).append(row)
    listed = []
    for name in sorted(groups):
        for number, part in enumerate(maps.parts(tuple(groups[name]), maps.URLS), start=1):
            url = urls.sitemap(name if number == 1 else f"{name}-{number}")
            listed.append((urls.absolute(desk.site, url), max(lastmod for _, lastmod in part)))
            yield Output(urls.file(url), "sitemap", "sitemap", {"rows": part}, f"the sitemap of {name}")
    yield Output(urls.file(urls.SITEMAP), "sitemap", "index", {"rows": tuple(listed)}, "the index of sitemaps")


def lastmods(desk: Desk, pages: Iterable[str]) -> dict[str, str]:
    """Every page that may be indexed, by address and sorted, with the time of its last change if it is a briefing's."""
    known = {urls.briefing(briefing): desk.lastmod(briefing) for briefing in desk.library.briefings}
    return {url: known.get(url, "") for url in sorted(pages)}


def sitemap(desk: Desk, pages: Mapping[str, str]) -> Iterator[Output]:
    """The sitemap of every page that may be indexed, and the robots file that names it.

    Args:
        desk: the site's.
        pages: as :func:`lastmods` gives them.
    """
    from briefings import sitemap as maps

    rows = tuple(zip(urls.absolute_all(desk.site, tuple(pages)), pages.values(), strict=True))
    address = urls.absolute(desk.site, urls.SITEMAP)
    if len(rows) <= maps.URLS:
        yield Output(urls.file(urls.SITEMAP), "sitemap", "sitemap", {"rows": rows}, "the sitemap")
    else:
        yield from _sitemaps(desk, rows)
    named: tuple[str, ...] = (address,)
    if desk.site.makes("news"):
        yield news(desk)
        named += (urls.absolute(desk.site, urls.NEWS_SITEMAP),)
    yield Output(urls.file(urls.ROBOTS), "robots", "robots", {"sitemaps": named}, "the robots file")


def news(desk: Desk) -> Output:
    """The sitemap of news."""
    return Output(urls.file(urls.NEWS_SITEMAP), "sitemap", "news", {"rows": _news(desk)}, "the sitemap of news")


def _news(desk: Desk) -> tuple[maps.News, ...]:
    """The briefings that went out in the two days before the newest one did: what is news follows from the content."""
    from briefings import sitemap as maps
    from briefings import values

    library = desk.library
    rows: list[maps.News] = []
    for briefing in library.briefings:
        when = library.moments[briefing.id]
        if len(rows) == maps.NEWS or library.moments[library.briefings[0].id] - when > maps.RECENT:
            break
        if briefing.status == "published" and not desk.maker.canonical(briefing):
            url = urls.absolute(desk.site, urls.briefing(briefing))
            rows.append(maps.News(url, desk.site.name, briefing.lang, values.stamp(when), briefing.title))
    return tuple(rows)
