"""The lists: a page, or several, for every term of every facet, and an index for every kind of them."""

from __future__ import annotations

import unicodedata
from functools import cache, partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings import stories, urls
from briefings.around import Surroundings
from briefings.desk import pager, pages_of, paging
from briefings.units import Unit, exactly, pages
from briefings.views import FacetView, Link, Pager, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from briefings.around import Around
    from briefings.desk import Desk
    from briefings.library import Facet, FacetKind
    from briefings.model import Briefing, Output
    from briefings.units import Focus

INDEXED = 400
"""Terms on a page of an index."""
_TOGETHER = (("place", "region", "country"), ("tag", "selection"))
"""Kinds whose indexes lead to each other."""


def units(desk: Desk, focus: Focus | None = None) -> Iterator[Unit]:
    """Every page of every list, each a unit: an edit moves the page that shows it, and the first ones if it counts."""
    around = cache(lambda: Surroundings(desk))
    for kind in desk.kinds:
        for facet in desk.facets(kind, focus, f"list/{kind.name}/"):
            yield from _pages(desk, facet, around, focus)


def _pages(desk: Desk, facet: Facet, around: Callable[[], Surroundings], focus: Focus | None) -> Iterator[Unit]:
    """The pages of one list; a story is told by the dates of its briefings, with more around them."""
    kind, slug = facet.kind.name, facet.term.slug
    story = kind == "story"
    shown = stories.timeline(desk, facet) if story else facet.briefings
    paged = pages_of(len(shown), desk.site.page_size)
    name = f"list/{kind}/{slug}"
    for number, start, stop in pages(focus, name, paged):
        seen = desk.sight.fulls(shown) if story and not number else desk.sight.cards(shown[start:stop])
        sees = (*seen, paging(number, len(paged)), f"t {kind}/{slug}", *_top(desk, kind, slug, first=not number))
        yield Unit(f"{name}/{number}", sees, partial(_page, desk, facet, around, (shown, number, start, stop)), name)


def _top(desk: Desk, kind: str, slug: str, *, first: bool) -> Iterator[str]:
    """What the top of a list hangs on beside its own briefings; see :class:`briefings.around.Surroundings`."""
    if kind == "source":
        yield exactly(desk.succeeded(slug))
    if not first:
        return
    yield f"m {kind}/{slug}"
    if kind in {"country", "region"}:
        yield f"w {slug.rpartition('-')[2]}"
    if kind == "place":
        yield from ("n region", *(("spots",) if desk.site.makes("map") else ()))


def _page(
    desk: Desk, facet: Facet, around: Callable[[], Surroundings], part: tuple[Sequence[Briefing], int, int, int]
) -> Iterator[Output]:
    kind, size = facet.kind, desk.site.page_size
    (shown, number, start, stop), base = part, urls.facet(kind, facet.term.slug)
    view = _facet(desk, facet, base, around().of(facet, first=not number), first=not number)
    template, more = "list", {}
    if kind.name == "story":
        template, more = "story", {"story": None if number else stories.view(desk, shown)}
    title = f"{facet.term.label}, page {number}" if number else facet.term.label
    head = desk.head(title, urls.page(base, number), view.description, view.feeds)
    cards = desk.cards.some([briefing.id for briefing in shown[start:stop]])
    owner = f'the list of {kind.label.lower()} "{facet.term.label}"'
    yield desk.page(template, head, owner, facet=view, cards=cards, pager=pager(base, size, len(shown), number), **more)


def _facet(desk: Desk, facet: Facet, base: str, about: Around, *, first: bool) -> FacetView:
    """What stands at the top of a list; on its later pages, only what leads elsewhere."""
    kind, term = facet.kind, facet.term
    view = FacetView(
        kind=kind.name, kind_label=kind.label, index=Link(kind.plural, urls.index(kind)), label=term.label, url=base,
        count=len(facet.briefings), description=about.description,
        up=(*about.up, *about.region) if first else about.up, down=about.down, links=about.links,
        feeds=desk.subscribed.links(base, desk.subscribed.facet_title(facet)) if kind.feeds else (),
        points=desk.points(facet.briefings) if first else (), near=about.near, facts=about.facts, history=about.history,
        data=urls.data(base) if desk.site.makes("api") else "",
    )  # fmt: skip
    return view if first else replace(view, count=0, down=(), near=(), facts=(), history=())


def index_unit(desk: Desk) -> Unit:
    """The index of each kind of list, and the archive, as one unit."""
    counts = desk.sight.counts(kind.name for kind in desk.kinds)
    spots = ("order",) if desk.site.makes("map") else ()
    return Unit("indexes", ("count", *counts, *spots), lambda: indexes(desk))


def indexes(desk: Desk) -> Iterator[Output]:
    """The index of each kind of list, and the archive."""
    intros = {
        "tag": "Everything by subject.",
        "place": "Every place that a briefing is about.",
        "region": "Every state, province or other region that a briefing is about a place of.",
        "country": "Every country that a briefing is about.",
        "source": "Who says so: the agencies that these briefings rest on.",
        "story": "Events that develop over several briefings.",
    }
    intros["selection"] = "Lists put together by the editors, each with a feed."
    for kind in desk.kinds:
        name = kind.name
        if kind.order == "date" or not _indexed(desk, name):
            continue  # the archive shows the dates
        yield from _index(desk, kind, intros.get(name, f"Every {kind.label.lower()} that has briefings."))
    if not desk.site.makes("archive"):
        return
    years = [link for link in reversed(desk.terms("year")) if not link.url.endswith("/undated/")]
    terms = tuple(Term(year.label, year.url, year.count, children=_months(desk, year)) for year in years)
    undated = desk.link("year", "undated") if "undated" in desk.library.facets["year"] else None
    head = desk.head("Archive", urls.ARCHIVE, "Briefings by the date of what they report.")
    yield desk.page("archive", head, "the archive", years=terms, undated=undated, total=len(desk.library.briefings))


def _others(desk: Desk, name: str) -> tuple[Link, ...]:
    """The indexes that sort the same briefings in another way, and the own one; none if it is alone."""
    group = next((group for group in _TOGETHER if name in group), ())
    shown = (kind for kind in desk.kinds if kind.name in group and _indexed(desk, kind.name))
    links = tuple(Link(kind.plural, urls.index(kind)) for kind in shown)
    return links if len(links) > 1 else ()


def _indexed(desk: Desk, name: str) -> bool:
    """Whether a kind has an index: a site need not have selections or regions."""
    return name not in {"selection", "region"} or bool(desk.library.facets[name])


def _index(desk: Desk, kind: FacetKind, intro: str) -> Iterator[Output]:
    """The index of one kind: a page, or several of ``INDEXED`` terms, named like those of a dictionary by both ends."""
    name, base = kind.name, urls.index(kind)
    terms = [
        Term(link.label, link.url, link.count, _term_note(desk, name, link), _letter(link.label))
        for link in desk.terms(name)
    ]
    if len(terms) > INDEXED:  # a letter is not to be found on two pages far apart
        terms.sort(key=lambda term: term.letter)
    parts = [tuple(terms[start : start + INDEXED]) for start in range(0, len(terms), INDEXED)] or [()]
    named = [f"{part[0].label[:3].strip()}–{part[-1].label[:3].strip()}" if part else "" for part in parts]
    pages = [Link(label, urls.page(base, number + 1 if number else 0)) for number, label in enumerate(named)]
    for number, part in enumerate(parts):
        title = f"{kind.plural}, {named[number]}" if number else kind.plural
        points = desk.spots if not number and name in {"place", "region", "country"} else ()
        yield desk.page(
            "index", desk.head(title, pages[number].url, intro), f"the index of {kind.plural.lower()}", title=title,
            intro="" if number else intro, kind=name, terms=part, points=points, pager=Pager(number, tuple(pages)),
            others=_others(desk, name), base=base,
        )  # fmt: skip


def _term_note(desk: Desk, name: str, link: Link) -> str:
    slug = link.url.rstrip("/").rpartition("/")[2]
    tables = desk.library.tables
    if name == "tag" and slug in tables.tags:
        return tables.tags[slug].description
    if name == "story" and slug in tables.stories:
        return tables.stories[slug].description
    if name == "selection":
        return tables.selections[slug].description
    if name == "source" and slug in tables.sources:
        return tables.sources[slug].profile
    return ""


def _months(desk: Desk, year: Link) -> tuple[Link, ...]:
    prefix = f"{year.label}/"
    found = [desk.link("month", slug) for slug in desk.library.facets["month"] if slug.startswith(prefix)]
    return tuple(replace(link, label=link.label.removesuffix(f" {year.label}")) for link in found)


def _letter(label: str) -> str:
    """The heading under which an index shows a label."""
    first = unicodedata.normalize("NFKD", label)[:1].upper()
    return first if first.isalpha() else "#"
