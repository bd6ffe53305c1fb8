"""What was corrected, changed or withdrawn after it went out: a page of it all, and a feed.

Only major changes and withdrawals: a minor one is told on the briefing's own page and to nobody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from briefings import labels, ledger, syndication, urls, values
from briefings.desk import pagers, paginate
from briefings.views import FacetView, FeedRow, Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from briefings.desk import Desk
    from briefings.model import Briefing, CalendarDate, Output, Site
    from briefings.views import Entry

TITLE = "Corrections and changes"
INTRO = "Briefings that were corrected, changed in substance or withdrawn after they went out, the latest first."


class Row(Struct, frozen=True):
    """One change of one briefing."""

    briefing: Briefing
    moment: datetime
    name: str
    """Tells it from the other changes of its briefing; never changes."""
    day: str
    """The day as readers see it."""
    note: str

    @property
    def withdrawal(self) -> bool:
        """Whether the briefing was withdrawn, rather than changed."""
        return self.name == "withdrawn"


def rows(desk: Desk) -> tuple[Row, ...]:
    """Every change that readers are told of, the latest first."""
    told = ledger.told(desk.library.root)
    public = desk.library.public(desk.library.changed)
    found = [row for briefing in public for row in _of(desk, briefing, told)]
    found.sort(key=lambda row: (row.briefing.id, row.name), reverse=True)  # for those of the moment of publication
    return tuple(sorted(found, key=lambda row: row.moment, reverse=True))


def _of(desk: Desk, briefing: Briefing, told: Mapping[str, str]) -> Iterator[Row]:
    out = desk.library.moments[briefing.id]
    for name, change in ledger.changes(briefing, told):
        number = int(name.rpartition("/")[2])
        moment = max(out, _start(change.on, briefing, desk.site) + timedelta(minutes=number))
        yield Row(briefing, moment, name, labels.day(change.on, desk.site.lang), change.note)
    if briefing.status == "withdrawn":
        moment = briefing.updated or out
        yield Row(briefing, moment, "withdrawn", desk.maker.moment(moment).label, briefing.withdrawn_reason)


def _start(day: CalendarDate, briefing: Briefing, site: Site) -> datetime:
    """The first minute of a day, spread by the briefing's id: no later change of the briefing moves it."""
    local = datetime(day.year, day.month or 1, day.day or 1, tzinfo=ZoneInfo(site.timezone))
    return local.astimezone(ZoneInfo("UTC")) + timedelta(seconds=int(briefing.id[:8], 16) % 60)


def row(desk: Desk) -> FeedRow:
    """The line of the page of all feeds."""
    count = len({change.briefing.id for change in rows(desk)})
    return FeedRow(TITLE, urls.CHANGES, count, desk.subscribed.links(urls.CHANGES, f"{TITLE} · {desk.site.name}"))


def feed(desk: Desk) -> Iterator[Output]:
    """The feed of all changes: an entry a change, with its note, that links to the briefing as it is now."""
    if not desk.site.makes("changes"):
        return
    entries = tuple(_entry(desk, change) for change in rows(desk))
    yield from syndication.feed(desk, urls.CHANGES, f"{TITLE} · {desk.site.name}", "changes", entries, INTRO)


def _entry(desk: Desk, change: Row) -> Entry:
    entry = desk.entries[change.briefing.id]
    moment = values.stamp(change.moment)
    return replace(
        entry,
        id=f"urn:uuid:{ledger.change_id(change.briefing, change.name)}",
        title=f"{'Withdrawn' if change.withdrawal else 'Changed'}: {entry.title}",
        published=moment, updated=moment, summary=change.note, points=(), notice="", prose="", prose_digest="",
        reuse="summary", enclosure=None,
    )  # fmt: skip


def pages(desk: Desk) -> Iterator[Output]:
    """The pages beside the feed: every briefing that changed, with its latest note."""
    if not desk.site.makes("changes"):
        return
    latest: dict[str, Row] = {}
    for change in rows(desk):
        latest.setdefault(change.briefing.id, change)
    cards = [replace(desk.cards[key], lead=f"{change.day}: {change.note}", points=()) for key, change in latest.items()]
    size = desk.site.page_size
    above = Link("Feeds", urls.FEEDS if desk.site.makes("feed-list") else "")
    view = FacetView(
        kind="changes", kind_label=TITLE, index=above, label=TITLE, url=urls.CHANGES,
        count=len(cards), description=INTRO, feeds=row(desk).feeds,
    )  # fmt: skip
    for (number, shown), pager in zip(paginate(cards, size), pagers(urls.CHANGES, size, len(cards)), strict=True):
        title = f"{TITLE}, page {number}" if number else TITLE
        head = desk.head(title, urls.page(urls.CHANGES, number), INTRO, view.feeds)
        yield desk.page("list", head, "the page of changes", facet=view, cards=tuple(shown), pager=pager)
