"""The plan of the site: from the library to every output, each with all that it may look at.

Nothing is rendered or written here. An output's context holds finished labels and addresses, so its digest says whether
the file must be made anew.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefings import (
    api,
    changes,
    cite,
    digest,
    digest_feeds,
    hosting,
    labels,
    lists,
    machines,
    redirects,
    search,
    stories,
    urls,
    values,
)
from briefings.cards import KIND, REUSE
from briefings.desk import Desk, pagers, paginate
from briefings.errors import BuildError, Problem
from briefings.model import Output
from briefings.related import Related
from briefings.views import Cite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from briefings.library import Library
    from briefings.media import Media
    from briefings.model import Briefing, Site
    from briefings.plain import PlainPage
    from briefings.views import StoryStep

RELATED = 4
"""Cards under a briefing."""
FRONT_TERMS = 12
"""Tags, countries and sources named on the front page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A briefing's image as its page shows it; ``url`` is empty when only the words are kept."""

    url: str
    caption: str
    credit: str
    alt: str
    width: int = 0
    height: int = 0


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
    outputs = tuple(_outputs(Desk(library, site, media), tuple(plain), statics))
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


def _outputs(desk: Desk, plain: tuple[PlainPage, ...], statics: Mapping[str, str]) -> Iterator[Output]:
    """Every output, in a fixed order; the sitemap last, since it lists the pages."""
    pages = [
        *_home(desk),
        *_briefings(desk),
        *lists.lists(desk),
        *lists.indexes(desk),
        *digest.digests(desk),
        *digest_feeds.pages(desk),
        *_others(desk, plain),
    ]
    yield from pages
    yield from redirects.redirects(desk)
    yield from api.documents(desk)
    yield from digest.texts(desk)
    yield from hosting.files(desk)
    yield from machines.feeds(desk)
    yield from search.index(desk)
    for name in sorted(statics):
        context = {"root": "theme", "file": f"static/{name}", "sha256": statics[name]}
        yield Output(f"static/{name}", "copy", name, context, f"theme/static/{name}")
    for item in desk.media.values():
        context = {"root": "content", "file": item.file, "sha256": item.sha256}
        yield Output(urls.file(urls.media(item.file)), "copy", item.file, context, item.file)
    lastmods = {
        urls.briefing(briefing): values.stamp(briefing.updated or desk.library.moments[briefing.id])
        for briefing in desk.library.briefings
    }
    yield from machines.sitemap(desk, pages, lastmods)


def _home(desk: Desk) -> Iterator[Output]:
    shown, size = desk.library.briefings, desk.site.page_size
    common = {
        "tags": desk.terms("tag", FRONT_TERMS),
        "countries": desk.terms("country", FRONT_TERMS),
        "sources": desk.terms("source", FRONT_TERMS),
        "stories": stories.newest(desk, FRONT_TERMS),
        "points": desk.points(shown),
    }
    none: dict[str, Any] = {"tags": (), "countries": (), "sources": (), "stories": (), "points": ()}
    for (number, items), pager in zip(paginate(shown, size), pagers(urls.HOME, size, len(shown)), strict=True):
        title = f"Page {number}" if number else desk.site.name
        head = desk.head(title, urls.page(urls.HOME, number), desk.site.subtitle if not number else "")
        cards = tuple(desk.cards[briefing.id] for briefing in items)
        total = 0 if number else len(shown)
        rest = none if number else common
        yield desk.page("home", head, "the front page", cards=cards, pager=pager, total=total, **rest)


def _briefings(desk: Desk) -> Iterator[Output]:
    shown = desk.library.briefings
    company = Related(desk.library) if desk.site.makes("related") else None
    steps = stories.steps(desk)
    for place, briefing in enumerate(shown):
        newer = shown[place - 1] if place else None
        older = shown[place + 1] if place + 1 < len(shown) else None
        related = company.to(briefing, RELATED) if company else ()
        yield _briefing(desk, briefing, (newer, older), related, steps.get(briefing.id))


def _briefing(
    desk: Desk,
    briefing: Briefing,
    around: tuple[Briefing | None, Briefing | None],
    related: tuple[Briefing, ...],
    step: StoryStep | None,
) -> Output:
    url = urls.briefing(briefing)
    own = _own_feeds(desk, briefing)
    jsonld = desk.maker.jsonld(briefing) if desk.site.makes("jsonld") else ""
    head = desk.head(
        briefing.title, url, desk.maker.lead(briefing) or desk.maker.line(briefing), own, lang=briefing.lang,
        dir=labels.direction(briefing.lang), kind="article", jsonld=jsonld,
        robots="noindex" if briefing.status != "published" else "",
    )  # fmt: skip
    point = desk.maker.point(briefing) if desk.site.makes("map") else None
    withdrawn = briefing.status == "withdrawn"
    source_view = desk.maker.source(briefing)
    return desk.page(
        "briefing", head, briefing.path,
        card=desk.cards[briefing.id],
        points=desk.maker.points(briefing),
        prose=None if withdrawn else (briefing.path, briefing.prose),
        source=source_view,
        known=desk.maker.known(briefing),
        changes=desk.maker.changes(briefing),
        withdrawn=briefing.withdrawn_reason if withdrawn else "",
        undated=briefing.date is None,
        places=briefing.places,
        image=None if withdrawn else _picture(desk, briefing),
        location_points=(point,) if point else (),
        reviewed_by=briefing.reviewed_by,
        published=desk.maker.moment(desk.library.moments[briefing.id]),
        updated=desk.maker.moment(briefing.updated) if briefing.updated else None,
        related=tuple(desk.cards[other.id] for other in related),
        newer=stories.link(around[0]) if around[0] else None,
        older=stories.link(around[1]) if around[1] else None,
        story=step,
        cite=_cite(desk, briefing) if desk.site.makes("cite") else None,
    )  # fmt: skip


def _cite(desk: Desk, briefing: Briefing) -> Cite:
    """The ways to cite a briefing, and what may be done with it."""
    permalink, api = desk.permalink(briefing), desk.site.makes("api")
    of = desk.maker.citation(briefing, permalink)
    forms = (("Markdown", cite.markdown(of)), ("BibTeX", cite.bibtex(of)), ("CSL-JSON", cite.csl(of)))
    url = urls.briefing(briefing)
    data = (urls.data(url), urls.ninjs(briefing)) if api else ("", "")
    return Cite(cite.plain(of), forms, permalink, *data, REUSE[desk.maker.reuse(briefing)])


def _own_feeds(desk: Desk, briefing: Briefing) -> tuple[Any, ...]:
    """The feeds nearest to a briefing: those of its place, or of its country."""
    for name in ("place", "country"):
        if not desk.site.makes(KIND[name].path):
            continue
        terms = KIND[name].terms(briefing, desk.library.tables, desk.site.lang)
        if terms:
            facet = desk.library.facets[name][terms[0].slug]
            return desk.subscribed.links(urls.facet(facet.kind, facet.term.slug), desk.subscribed.facet_title(facet))
    return ()


def _picture(desk: Desk, briefing: Briefing) -> Picture | None:
    image = briefing.image
    if image is None:
        return None
    item = desk.media.get(image.file)
    if item is None:
        return Picture("", image.caption, image.credit, image.alt)
    return Picture(urls.media(item.file), image.caption, image.credit, image.alt, item.width, item.height)


def _others(desk: Desk, plain: tuple[PlainPage, ...]) -> Iterator[Output]:
    if desk.site.makes("feed-list"):
        head = desk.head("Feeds", urls.FEEDS, "Every list of this site as RSS, Atom and JSON feed.")
        groups = machines.feed_groups(desk)
        shown = machines.previews(desk, groups)
        yield desk.page(
            "feeds", head, "the page of feeds", site_feeds=desk.site_feeds, groups=groups, opml=urls.OPML,
            previews=shown,
        )


def _map(desk: Desk) -> Iterator[Output]:
    if desk.site.makes("map"):
        head = desk.head("Map", urls.MAP, "Where the briefings are about.")
        points = desk.points(desk.library.briefings)
        yield desk.page("map", head, "the map", points=points, countries=desk.terms("country"))
    head = desk.head("Page not found", urls.NOT_FOUND, robots="noindex")
    yield desk.page("404", head, "the page for what is not found")
    for page in plain:
        lang = page.lang or desk.site.lang
        head = desk.head(page.title, urls.plain(page.slug), page.description, lang=lang, dir=labels.direction(lang))
        yield desk.page("page", head, page.owner, page={"title": page.title, "content": page.content})
