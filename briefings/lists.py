"""The lists: a page, or several, for every term of every facet, and an index for every kind of them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefings import stories, urls
from briefings.around import Surroundings
from briefings.desk import pagers, paginate
from briefings.views import FacetView, Link, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.around import Around
    from briefings.desk import Desk
    from briefings.library import Facet
    from briefings.model import Output


def lists(desk: Desk) -> Iterator[Output]:
    """Every page of every list."""
    surroundings = Surroundings(desk)
    for kind in desk.kinds:
        for facet in desk.library.facets[kind.name].values():
            yield from _list(desk, facet, surroundings.of(facet))


def _list(desk: Desk, facet: Facet, about: Around) -> Iterator[Output]:
    """The pages of one list; a story is told by the dates of its briefings, with more around them."""
    kind, size = facet.kind, desk.site.page_size
    base = urls.facet(kind, facet.term.slug)
    view = _facet(desk, facet, base, about)
    rest: dict[str, Any] = {}
    template, shown = "list", facet.briefings
    if kind.name == "story":
        template, shown = "story", stories.timeline(desk, facet)
        rest["story"] = stories.view(desk, shown)
    for (number, items), pager in zip(paginate(shown, size), pagers(base, size, len(shown)), strict=True):
        title = f"{facet.term.label}, page {number}" if number else facet.term.label
        head = desk.head(title, urls.page(base, number), view.description, view.feeds)
        cards = tuple(desk.cards[briefing.id] for briefing in items)
        own = replace(view, count=0, points=(), down=(), near=(), facts=(), history=()) if number else view
        more = {**rest, "story": None} if number and rest else rest
        owner = f'the list of {kind.label.lower()} "{facet.term.label}"'
        yield desk.page(template, head, owner, facet=own, cards=cards, pager=pager, **more)


def _facet(desk: Desk, facet: Facet, base: str, about: Around) -> FacetView:
    kind, term = facet.kind, facet.term
    return FacetView(
        kind=kind.name, kind_label=kind.label, index=Link(kind.plural, urls.index(kind)), label=term.label, url=base,
        count=len(facet.briefings), description=about.description, up=about.up, down=about.down, links=about.links,
        feeds=desk.subscribed.links(base, desk.subscribed.facet_title(facet)) if kind.feeds else (),
        points=desk.points(facet.briefings), near=about.near, facts=about.facts, history=about.history,
        data=urls.data(base) if desk.site.makes("api") else "",
    )  # fmt: skip


def indexes(desk: Desk) -> Iterator[Output]:
    """The index of each kind of list, and the archive."""
    intros = {
        "tag": "Everything by subject.",
        "place": "Every place that a briefing is about.",
        "country": "Every country that a briefing is about.",
        "source": "Who says so: the agencies that these briefings rest on.",
        "story": "Events that develop over several briefings.",
    }
    intros["selection"] = "Lists put together by the editors, each with a feed."
    for kind in desk.kinds:
        name = kind.name
        if kind.order == "date" or (name == "selection" and not desk.library.tables.selections):
            continue  # the archive shows the dates; a site need not have selections
        intro = intros.get(name, f"Every {kind.label.lower()} that has briefings.")
        terms = tuple(
            Term(link.label, link.url, link.count, _term_note(desk, name, link), _letter(link.label))
            for link in desk.terms(name)
        )
        points = desk.points(desk.library.briefings) if name in {"place", "country"} else ()
        head = desk.head(kind.plural, urls.index(kind), intro)
        yield desk.page(
            "index", head, f"the index of {kind.plural.lower()}", title=kind.plural, intro=intro, kind=name,
            terms=terms, points=points,
        )  # fmt: skip
    if not desk.site.makes("archive"):
        return
    years = [link for link in reversed(desk.terms("year")) if not link.url.endswith("/undated/")]
    terms = tuple(Term(year.label, year.url, year.count, children=_months(desk, year)) for year in years)
    undated = desk.link("year", "undated") if "undated" in desk.library.facets["year"] else None
    head = desk.head("Archive", urls.ARCHIVE, "Briefings by the date of what they report.")
    yield desk.page("archive", head, "the archive", years=terms, undated=undated, total=len(desk.library.briefings))


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
