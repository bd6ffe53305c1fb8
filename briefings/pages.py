"""The plan of the site: from the library to every output, each with all that it may look at.

Nothing is rendered or written here. An output's context holds finished labels and addresses, so its digest says whether
the file must be made anew.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from briefings import labels, stories, urls
from briefings.cards import KIND, REUSE
from briefings.desk import Desk, pager, pages_of, paging
from briefings.model import Output
from briefings.units import Focus, Unit, chain, exactly, reaches, wanted
from briefings.units import pages as wanted_pages
from briefings.views import Cite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from briefings.library import Library
    from briefings.media import Media
    from briefings.model import Briefing, Site
    from briefings.plain import PlainPage
    from briefings.views import CardImage, FeedLink, StoryStep

FRONT_TERMS = 12
"""Tags, countries and sources named on the front page."""


class Picture(Struct, frozen=True):
    """A briefing's image as its page shows it; ``url`` is empty when only the words are kept."""

    url: str
    caption: str
    credit: str
    alt: str
    width: int = 0
    height: int = 0


def prepare() -> None:
    """Load the rooms that plan what every site has: an edit loads one of them when it comes to that."""
    from briefings import (  # noqa: F401
        archives,
        around,
        changes,
        crossrefs,
        digest,
        digest_feeds,
        hosting,
        ledger,
        lists,
        machines,
        redirects,
        retired,
        search,
        settling,
        shorts,
        sitemap,
        sparkline,
        syndication,
    )  # fmt: skip


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
    """
    from briefings import machines, search

    desk = Desk(library, site, media)
    outputs = list(chain(units(desk, tuple(plain), statics)))
    heads = [page.context["head"] for page in outputs if page.maker == "page"]
    shown = [head.url for head in heads if not (head.robots or head.canonical)]
    outputs += machines.sitemap(desk, machines.lastmods(desk, shown))
    return (*outputs, *search.index(desk))


def units(
    desk: Desk, plain: tuple[PlainPage, ...], statics: Mapping[str, str], focus: Focus | None = None, *,
    briefings: bool = True,
) -> Iterator[Unit]:  # fmt: skip
    """Every unit of the plan, in a fixed order; sitemap and index for search are of all of them, and not among them.

    Args:
        desk: the site's.
        plain: pages written by hand.
        statics: files of the theme below ``static``, with their SHA-256.
        focus: the part of the plan that is asked for; by default all of it.
        briefings: whether those of single briefings are among them.
    """
    if wanted(focus, "home"):
        yield from _home(desk, focus)
    if briefings:
        yield from _briefings(desk, focus)
    if reaches(focus, "list/"):
        from briefings import lists

        yield from lists.units(desk, focus)
    if reaches(focus, "digest/", "calendars"):
        from briefings import digest

        yield from digest.units(desk, focus)
    if reaches(focus, "digest-feeds", "feed/digest/"):
        from briefings import digest_feeds

        yield from digest_feeds.units(desk, focus)
    if reaches(focus, *_ALONE):
        yield from (unit for unit in _alone(desk, plain, statics) if wanted(focus, unit.key))
    if reaches(focus, "api/"):
        from briefings import api

        yield from api.units(desk, focus)
    if reaches(focus, "feed/", "feeds"):
        from briefings import machines

        yield from machines.units(desk, focus)


_ALONE = ("indexes", "page/", "redirects", "image card", "hosting", "offline", "files")
"""Units of which there is one."""


def _alone(desk: Desk, plain: tuple[PlainPage, ...], statics: Mapping[str, str]) -> Iterator[Unit]:
    """Units of which there is one."""
    from briefings import hosting, lists, offline, redirects

    sight = desk.sight
    yield lists.index_unit(desk)
    yield from _others(desk, plain)
    names = sight.names(kind.name for kind in desk.kinds)
    if desk.site.makes("redirects"):
        yield Unit("redirects", ("addresses", *names), lambda: redirects.redirects(desk))
    yield Unit("image card", (), lambda: _card(desk))
    yield Unit("hosting", (), lambda: hosting.files(desk))
    yield Unit("offline", (), lambda: offline.files(desk, statics))
    yield Unit("files", (), lambda: _copies(desk, statics))


def _card(desk: Desk) -> Iterator[Output]:
    """The site's card."""
    if desk.site.image_cards:
        from briefings import image_cards

        yield from image_cards.outputs(desk)


def _copies(desk: Desk, statics: Mapping[str, str]) -> Iterator[Output]:
    from briefings import offline

    for name in offline.copied(desk.site, statics):
        context = {"root": "theme", "file": f"static/{name}", "sha256": statics[name]}
        yield Output(f"static/{name}", "copy", name, context, f"theme/static/{name}")
    for item in desk.media.values():
        context = {"root": "content", "file": item.file, "sha256": item.sha256}
        yield Output(urls.file(urls.media(item.file)), "copy", item.file, context, item.file)


def _home(desk: Desk, focus: Focus | None) -> Iterator[Unit]:
    shown = desk.library.briefings
    paged = pages_of(len(shown), desk.site.page_size)
    for number, start, stop in wanted_pages(focus, "home", paged):
        sees = (*desk.sight.cards(shown[start:stop]), paging(number, len(paged)))
        if not number:
            named = desk.sight.counts(("tag", "country", "source", "story"))
            sees += ("count", *named, *(("order",) if desk.site.makes("map") or desk.site.makes("stories") else ()))
        yield Unit(f"home/{number}", sees, partial(_home_page, desk, number, start, stop), "home")


def _home_page(desk: Desk, number: int, start: int, stop: int) -> Iterator[Output]:
    shown, size = desk.library.briefings, desk.site.page_size
    rest: dict[str, Any] = {"tags": (), "countries": (), "sources": (), "stories": (), "points": ()}
    if not number:
        rest = {
            "tags": desk.terms("tag", FRONT_TERMS),
            "countries": desk.terms("country", FRONT_TERMS),
            "sources": desk.terms("source", FRONT_TERMS),
            "stories": stories.newest(desk, FRONT_TERMS),
            "points": desk.spots,
        }
    title = f"Page {number}" if number else desk.site.name
    head = desk.head(title, urls.page(urls.HOME, number), desk.site.subtitle if not number else "")
    cards = desk.cards.some([briefing.id for briefing in shown[start:stop]])
    around = pager(urls.HOME, size, len(shown), number)
    total = 0 if number else len(shown)
    yield desk.page("home", head, "the front page", cards=cards, pager=around, total=total, **rest)


def of_briefings(desk: Desk, numbers: Iterable[int]) -> Iterator[Unit]:
    """The units of some briefings, by their numbers, in the order of the library."""
    return _briefings(desk, Focus(frozenset(), tuple(numbers)))


def _briefings(desk: Desk, focus: Focus | None) -> Iterator[Unit]:
    """A unit for every briefing: its page, its documents, and the addresses that lead to it."""
    shown, sight = desk.library.briefings, desk.sight
    if focus is not None and not focus.briefings:
        return
    steps = stories.steps(desk)
    for place in range(len(shown)) if focus is None else sorted(map(desk.library.place, focus.briefings)):
        briefing = shown[place]
        newer = shown[place - 1] if place else None
        older = shown[place + 1] if place + 1 < len(shown) else None
        related = desk.related(briefing)
        step = steps.get(briefing.id)
        own = _own_list(desk, briefing)
        sees = (
            sight.full(briefing), sight.card(newer), sight.card(older), *sight.cards(related),
            exactly(step, desk.codes[briefing.id]), f"t {own[0]}/{own[1]}" if own else "=None",
        )  # fmt: skip
        yield Unit(f"briefing/{briefing.id}", sees, partial(_of, desk, briefing, (newer, older), related, step, own))


def _of(
    desk: Desk, briefing: Briefing, around: tuple[Briefing | None, Briefing | None], related: tuple[Briefing, ...],
    step: StoryStep | None, own: tuple[str, str] | None,
) -> Iterator[Output]:  # fmt: skip
    yield _briefing(desk, briefing, around, related, step, own)
    if desk.site.makes("redirects"):
        from briefings import redirects

        yield from redirects.of(desk, briefing)
    if desk.site.image_cards:
        from briefings import image_cards

        yield from image_cards.of(desk, briefing)
    if desk.site.makes("api"):
        from briefings import api

        yield from api.of(desk, briefing)


def _drawn(desk: Desk, briefing: Briefing) -> CardImage | None:
    """The image card of a briefing."""
    if not desk.site.image_cards:
        return None
    from briefings import image_cards

    return image_cards.card(desk, briefing)


def _briefing(
    desk: Desk,
    briefing: Briefing,
    around: tuple[Briefing | None, Briefing | None],
    related: tuple[Briefing, ...],
    step: StoryStep | None,
    own: tuple[str, str] | None,
) -> Output:
    card = desk.cards[briefing.id]
    withdrawn = briefing.status == "withdrawn"
    picture = None if withdrawn else _picture(desk, briefing)
    drawn = _drawn(desk, briefing)
    image = picture.url if picture and picture.url else drawn.url if drawn else ""
    jsonld = desk.maker.jsonld(briefing, image) if desk.site.makes("jsonld") else ""
    head = desk.head(
        briefing.title, card.url, card.lead or desk.maker.line(briefing), _feeds_of(desk, own) if own else (),
        lang=briefing.lang, dir=card.dir, kind="article", jsonld=jsonld,
        robots="noindex" if briefing.status != "published" else "", image=drawn,
        canonical=desk.maker.canonical(briefing),
    )  # fmt: skip
    point = desk.maker.point(briefing) if desk.site.makes("map") else None
    return desk.page(
        "briefing", head, briefing.path,
        card=card,
        points=card.points,
        prose=None if withdrawn else ((briefing.path, briefing.prose), desk.maker.reuse(briefing)),
        source=partial(desk.maker.source, briefing),
        known=partial(desk.maker.known, briefing),
        changes=partial(desk.maker.changes, briefing),
        withdrawn=briefing.withdrawn_reason if withdrawn else "",
        undated=briefing.date is None,
        places=briefing.places,
        image=picture,
        location_points=(replace(point, count=0),) if point else (),  # of its place the page counts nothing
        reviewed_by=briefing.reviewed_by,
        published=card.published,
        updated=desk.maker.moment(briefing.updated) if briefing.updated else None,
        related=desk.cards.some([other.id for other in related]),
        newer=stories.link(around[0]) if around[0] else None,
        older=stories.link(around[1]) if around[1] else None,
        story=step,
        cite=_cite(desk, briefing) if desk.site.makes("cite") else None,
    )  # fmt: skip


def _cite(desk: Desk, briefing: Briefing) -> Cite:
    """The ways to cite a briefing, and what may be done with it."""
    permalink, api = desk.permalink(briefing), desk.site.makes("api")
    from briefings import cite

    of = desk.maker.citation(briefing, permalink)
    forms = (("Markdown", cite.markdown(of)), ("BibTeX", cite.bibtex(of)), ("CSL-JSON", cite.csl(of)))
    url = urls.briefing(briefing)
    data = (urls.data(url), urls.ninjs(briefing)) if api else ("", "")
    return Cite(cite.pieces(of), forms, permalink, *data, REUSE[desk.maker.reuse(briefing)])


def _own_list(desk: Desk, briefing: Briefing) -> tuple[str, str] | None:
    """The list nearest to a briefing, of its place or its country: kind and slug."""
    for name in ("place", "country"):
        terms = KIND[name].terms(briefing, desk.library.tables, desk.site.lang)
        if terms and desk.site.makes(KIND[name].path):
            return name, terms[0].slug
    return None


def _feeds_of(desk: Desk, own: tuple[str, str]) -> tuple[FeedLink, ...]:
    """The feeds of a list, by kind and slug."""
    kind, slug = own
    facet = desk.library.facets[kind][slug]
    return desk.subscribed.links(urls.facet(facet.kind, slug), desk.subscribed.facet_title(facet))


def _picture(desk: Desk, briefing: Briefing) -> Picture | None:
    image = briefing.image
    if image is None:
        return None
    item = desk.media.get(image.file)
    if item is None:
        return Picture("", image.caption, image.credit, image.alt)
    return Picture(urls.media(item.file), image.caption, image.credit, image.alt, item.width, item.height)


def _others(desk: Desk, plain: tuple[PlainPage, ...]) -> Iterator[Unit]:
    from briefings import changes, ledger, search

    counts = desk.sight.counts(kind.name for kind in desk.kinds)
    if desk.site.makes("feed-list"):
        yield Unit("page/feeds", ("shown", "days", "changes", *counts), lambda: _feeds(desk))
    if desk.site.makes("changes"):
        told = exactly(sorted(ledger.told(desk.library.root).items()))
        yield Unit("page/changes", ("changes", told), lambda: changes.pages(desk))
    yield Unit("page/search", counts, lambda: search.page(desk))
    if desk.site.makes("map"):
        yield Unit("page/map", ("order", *counts), lambda: _map(desk))
    yield Unit("page/plain", (), lambda: _plain(desk, plain))


def _feeds(desk: Desk) -> Iterator[Output]:
    if desk.site.makes("feed-list"):
        from briefings import machines

        head = desk.head("Feeds", urls.FEEDS, "Every list of this site as RSS, Atom and JSON feed.")
        groups = machines.offered(desk, machines.feed_groups(desk))
        shown = machines.previews(desk, groups)
        yield desk.page(
            "feeds",
            head,
            "the page of feeds",
            site_feeds=desk.site_feeds,
            groups=groups,
            opml=urls.OPML,
            previews=shown,
        )


def _map(desk: Desk) -> Iterator[Output]:
    if desk.site.makes("map"):
        head = desk.head("Map", urls.MAP, "Where the briefings are about.")
        points = desk.spots
        yield desk.page("map", head, "the map", points=points, countries=desk.terms("country"))


def _plain(desk: Desk, plain: tuple[PlainPage, ...]) -> Iterator[Output]:
    head = desk.head("Page not found", urls.NOT_FOUND, robots="noindex")
    yield desk.page("404", head, "the page for what is not found")
    for page in plain:
        lang = page.lang or desk.site.lang
        head = desk.head(page.title, urls.plain(page.slug), page.description, lang=lang, dir=labels.direction(lang))
        yield desk.page("page", head, page.owner, page={"title": page.title, "content": page.content})
