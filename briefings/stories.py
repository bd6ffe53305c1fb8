"""Stories: briefings of one developing event, as a page of their own and as steps on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings import labels, urls
from briefings.views import Link, StoryStep, StoryView, Told, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefings.desk import Desk
    from briefings.library import Facet
    from briefings.model import Briefing

POINTS = 8
"""The most key points that a story's page shows."""
OF_ONE = 3
"""The most of them from one briefing."""


def timeline(desk: Desk, facet: Facet) -> tuple[Briefing, ...]:
    """The briefings of a story by the date of what they report, the latest first; undated: of going out."""

    def when(briefing: Briefing) -> tuple[str, str]:
        moment = desk.library.moments[briefing.id].isoformat()
        return str(briefing.date or moment[:10]), moment

    ordered = sorted(facet.briefings, key=lambda briefing: briefing.id)
    return tuple(sorted(ordered, key=when, reverse=True))


def view(desk: Desk, told: Sequence[Briefing]) -> StoryView:
    """What stands at the top of a story's page.

    Args:
        desk: the desk.
        told: its briefings as :func:`timeline` gives them.
    """
    dated = [briefing for briefing in told if briefing.date]
    points: list[Told] = []
    for briefing in told:
        if briefing.status == "published" and len(points) < POINTS:
            own = desk.maker.points(briefing)[: min(OF_ONE, POINTS - len(points))]
            points += [Told(point, link(briefing), desk.maker.when(briefing.date)) for point in own]
    return StoryView(
        since=desk.maker.when(dated[-1].date) if dated else When(""),
        until=desk.maker.when(dated[0].date) if dated else When(""),
        points=tuple(points),
        latest=_latest(desk, told),
    )


def _latest(desk: Desk, told: Sequence[Briefing]) -> Told | None:
    """The last thing that happened to the story here: a briefing went out, or one was changed or withdrawn."""
    found: list[tuple[str, str, Told]] = []
    for briefing in told:
        gone = briefing.status == "withdrawn"
        moment = (gone and briefing.updated) or desk.library.moments[briefing.id]
        word = "Withdrawn" if gone else "New briefing"
        found.append((moment.date().isoformat(), briefing.id, Told(word, link(briefing), desk.maker.moment(moment))))
        major = [change for change in desk.maker.changes(briefing) if change.kind == "major"]
        found += [(change.on.iso, briefing.id, Told(change.note, link(briefing), change.on)) for change in major]
    return max(found, key=lambda row: row[:2])[2] if found else None


def steps(desk: Desk) -> dict[str, StoryStep]:
    """Where each briefing stands in its story, by id; those without a story are not in it."""
    found: dict[str, StoryStep] = {}
    if not desk.site.makes("stories"):
        return found
    for slug, facet in desk.library.facets["story"].items():
        told = timeline(desk, facet)
        story = Link(facet.term.label, urls.facet(facet.kind, slug))
        for place, briefing in enumerate(told):
            newer = link(told[place - 1]) if place else None
            older = link(told[place + 1]) if place + 1 < len(told) else None
            found[briefing.id] = StoryStep(story, older, newer)
    return found


def newest(desk: Desk, most: int) -> tuple[Link, ...]:
    """The stories that had a new briefing last."""
    if not desk.site.makes("stories"):
        return ()
    library = desk.library

    def place(facet: Facet) -> int:
        return library.place(library.number_all(facet.briefings[:1])[0])  # the newest of a list comes first

    ordered = sorted(library.facets["story"].values(), key=place)
    return tuple(desk.link("story", facet.term.slug) for facet in ordered[:most])


def link(briefing: Briefing) -> Link:
    """A briefing by its title, in its language."""
    return Link(briefing.title, urls.briefing(briefing), lang=briefing.lang, dir=labels.direction(briefing.lang))
