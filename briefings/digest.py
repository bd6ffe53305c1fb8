"""Digests: what went out on a day, in a week or a month, as a page and as plain text that can be sent as it is.

They count by when a briefing went out here, in UTC; not by what it reports. Weeks are those of ISO 8601, from Monday.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import groupby, pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Literal, overload

from msgspec import Struct
from msgspec.structs import replace

from briefings import calendars, labels, urls
from briefings.model import CalendarDate, Output
from briefings.units import Unit, exactly, wanted
from briefings.views import DigestView, FeedLink, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from briefings.desk import Desk
    from briefings.model import Briefing
    from briefings.units import Focus

MOST = 60
"""Briefings that a digest shows, the newest; it says how many more there were."""
COLUMNS = 72
"""Of the plain text, as mail has it (RFC 5322, section 2.1.1, asks for at most 78)."""


Kind = Literal["day", "week", "month"]
KINDS: tuple[Kind, ...] = ("day", "week", "month")
FEEDS: tuple[tuple[Kind, str], ...] = (("day", "Daily digest"), ("week", "Weekly digest"))
"""What each digest feed holds, and what it is called; see :mod:`briefings.digest_feeds`."""


class Period(Struct, frozen=True):
    """A day, week or month with at least one briefing. ``briefings`` are newest first, ``first`` is its first day."""

    key: str
    """``2026-11-20``, ``2026-W47`` or ``2026-11``."""
    kind: Kind
    first: date
    briefings: Sequence[Briefing]

    @property
    def after(self) -> date:
        """The first day after it."""
        return _after(self.kind, self.first)

    @property
    def end(self) -> datetime:
        """When it is over, in UTC."""
        return end(self.kind, self.first)


class Periods(Sequence[Period]):
    """Days, weeks or months, the latest first; each is made when somebody looks at it."""

    def __init__(
        self, kind: Kind, firsts: Sequence[date], starts: Sequence[int], briefings: Sequence[Briefing]
    ) -> None:
        """Take the first day of each, where its briefings begin among all, and one more for the end of the last."""
        self.kind, self._briefings = kind, briefings
        self.firsts, self.starts = firsts, starts
        self._made: dict[int, Period] = {}

    @overload
    def __getitem__(self, place: int) -> Period: ...
    @overload
    def __getitem__(self, place: slice) -> Periods: ...
    def __getitem__(self, place: int | slice) -> Period | Periods:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self))
            return Periods(
                self.kind, self.firsts[start:stop], self.starts[start : max(start, stop) + 1], self._briefings
            )
        place = range(len(self))[place]
        if place not in self._made:
            first = self.firsts[place]
            some = self._briefings[self.starts[place] : self.starts[place + 1]]
            self._made[place] = Period(key(self.kind, first), self.kind, first, some)
        return self._made[place]

    def __len__(self) -> int:
        return len(self.firsts)

    def counts(self) -> Iterator[tuple[str, int]]:
        """The key of each with how many briefings it has."""
        for first, (start, stop) in zip(self.firsts, pairwise(self.starts), strict=True):
            yield key(self.kind, first), stop - start

    def span(self, first: date) -> tuple[int, int]:
        """Where the one with that first day is, and the place after it; or where it would be, twice."""
        start = bisect_left(self.firsts, -first.toordinal(), key=_backwards)
        return start, start + (self.firsts[start : start + 1] == [first])


def _backwards(day: date) -> int:
    return -day.toordinal()


def periods(desk: Desk, kind: Kind) -> Periods:
    """Every day, week or month in which something went out, the latest first."""
    if kind in desk.periods:
        return desk.periods[kind]
    library = desk.library
    public = library.public(library.briefings) if desk.site.drafts else library.briefings
    days: list[date] = []
    starts = [0]
    if kind == "day":
        for day, some in groupby(library.days(public)):  # newest first, so that each period is a slice
            days.append(day)
            starts.append(starts[-1] + sum(1 for _ in some))
    else:
        each = periods(desk, "day")
        for first, places in groupby(range(len(each)), key=lambda place: _first(kind, each.firsts[place])):
            days.append(first)
            starts.append(each.starts[list(places)[-1] + 1])
    made = desk.periods[kind] = Periods(kind, days, starts, public)
    return made


def touched(desk: Desk, days: Iterable[date]) -> Iterator[str]:
    """Keys of the periods that may look different when something went out on some days, or does no more."""
    for kind in KINDS:
        there = periods(desk, kind)  # the latest first
        for day in days:
            first = _first(kind, day)
            start, stop = there.span(first)
            for one in (first, *there.firsts[max(0, start - 1) : start], *there.firsts[stop : stop + 1]):
                yield key(kind, one)
            if kind == "month":  # whose calendar shows the ends of the months beside it
                for near in (day - timedelta(days=6), day + timedelta(days=6)):
                    yield key(kind, _first(kind, near))


def period(desk: Desk, name: str) -> Period | None:
    """The period of a key; ``None`` if nothing went out in it.

    Raises:
        ValueError: it is no key of a day, a week or a month.
    """
    kind, first = parsed(name)
    there = periods(desk, kind)
    start, stop = there.span(first)
    return there[start] if start < stop else None


@lru_cache(maxsize=4096)
def parsed(name: str) -> tuple[Kind, date]:
    """Read a key: its kind, and its first day.

    Raises:
        ValueError: it is none, or there is no such day, week or month.
    """
    try:
        if found := re.fullmatch(r"(\d{4})-W(\d\d)", name, re.ASCII):
            return "week", date.fromisocalendar(int(found[1]), int(found[2]), 1)
        if found := re.fullmatch(r"(\d{4})-(\d\d)", name, re.ASCII):
            return "month", date(int(found[1]), int(found[2]), 1)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", name, re.ASCII):
            return "day", date.fromisoformat(name)
    except ValueError:  # of that form, and not in the calendar
        pass
    raise ValueError("is no day, week or month (write 2026-11-20, 2026-W47 or 2026-11)")


@lru_cache(maxsize=4096)
def key(kind: Kind, first: date) -> str:
    """What a period is called in addresses."""
    if kind == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    return first.isoformat() if kind == "day" else f"{first:%Y-%m}"


def _first(kind: Kind, day: date) -> date:
    if kind == "week":
        return day - timedelta(days=day.weekday())
    return day if kind == "day" else day.replace(day=1)


def _after(kind: Kind, first: date) -> date:
    if kind == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if kind == "week" else 1)


def end(kind: Kind, day: date) -> datetime:
    """When the day, the week or the month of a day is over, in UTC."""
    return datetime.combine(_after(kind, _first(kind, day)), time(), UTC)


def label(period: Period, lang: str) -> str:
    """``20 November 2026``, ``16 March 2026 to 22 March 2026``, or ``March 2026``."""
    return _label(period.kind, period.first, lang)


@lru_cache(maxsize=4096)
def _label(kind: Kind, first: date, lang: str) -> str:
    last = _after(kind, first) - timedelta(days=1)
    if kind == "month":
        return labels.day(CalendarDate(first.year, first.month), lang)
    return " to ".join(
        labels.day(CalendarDate(day.year, day.month, day.day), lang) for day in dict.fromkeys((first, last))
    )


def units(desk: Desk, focus: Focus | None = None) -> Iterator[Unit]:
    """The page and the plain text of every digest, each pair a unit, and the calendars that lead to them."""
    if not desk.site.makes("digests") or not (
        focus is None or "calendars" in focus or any(group.startswith("digest/") for group in focus.groups)
    ):
        return
    found = {kind: periods(desk, kind) for kind in KINDS}
    counts = {name: count for ordered in found.values() for name, count in ordered.counts()}
    for ordered in found.values():
        for place in range(len(ordered)) if focus is None else _places(ordered, focus):
            period = ordered[place]
            newer = ordered[place - 1] if place else None
            older = ordered[place + 1] if place + 1 < len(ordered) else None
            # The weeks at the edges of a month have briefings of the next one too, and its calendar counts them.
            grid = calendars.month(period.first, counts, desk.site.lang) if period.kind == "month" else None
            sees = (
                *desk.sight.cards(period.briefings[:MOST]),
                exactly(newer and newer.key, older and older.key, grid, len(period.briefings), _above(desk, period)),
            )
            yield Unit(f"digest/{period.key}", sees, partial(_both, desk, period, (newer, older), counts))
    if wanted(focus, "calendars"):
        yield Unit("calendars", ("days",), lambda: _calendars(desk, found["month"], counts))


def _places(ordered: Periods, focus: Focus) -> list[int]:
    """Where those are that are asked for."""
    spans = [ordered.span(first) for kind, first in map(parsed, focus.below("digest/")) if kind == ordered.kind]
    return sorted(start for start, stop in spans if start < stop)


def _both(
    desk: Desk, period: Period, around: tuple[Period | None, Period | None], counts: Mapping[str, int]
) -> Iterator[Output]:
    yield _page(desk, period, around, counts)
    owner = f"the digest of {label(period, desk.site.lang)} as text"
    yield Output(urls.file(urls.digest_text(period.key)), "text", "digest", {"text": text(desk, period)}, owner)


def _above(desk: Desk, period: Period) -> tuple[str, ...]:
    """Keys of the wider periods that a period's briefings went out in."""
    if period.kind == "month":
        return ()
    days = [period.first]
    if period.kind == "week" and period.first.month != (period.after - timedelta(days=1)).month:
        days = [desk.library.moments[briefing.id].date() for briefing in reversed(period.briefings)]
    kinds: tuple[Kind, ...] = ("month", "week") if period.kind == "day" else ("month",)
    return tuple(dict.fromkeys(key(kind, _first(kind, day)) for kind in kinds for day in days))


def _wider(desk: Desk, within: Period) -> Iterator[Period]:
    """The wider periods that a period's briefings went out in."""
    found = (period(desk, name) for name in _above(desk, within))
    return (one for one in found if one)


def _page(desk: Desk, period: Period, around: tuple[Period | None, Period | None], counts: Mapping[str, int]) -> Output:
    lang, name = desk.site.lang, label(period, desk.site.lang)
    view = DigestView(
        kind=period.kind, label=name, count=len(period.briefings), more=max(0, len(period.briefings) - MOST),
        index=Link("Digests", urls.DIGESTS), text=urls.digest_text(period.key),
        newer=_link(around[0], lang) if around[0] else None, older=_link(around[1], lang) if around[1] else None,
        wider=tuple(_link(wide, lang) for wide in _wider(desk, period)),
        calendar=calendars.month(period.first, counts, lang) if period.kind == "month" else None,
    )  # fmt: skip
    cards = tuple(desk.cards[briefing.id] for briefing in period.briefings[:MOST])
    own = feed_links(desk, "day" if period.kind == "day" else "week")
    head = desk.head(f"Digest: {name}", urls.digest(period.key), f"What went out on {desk.site.name}, {name}.", own)
    return desk.page("digest", head, f"the digest of {name}", digest=view, cards=cards)


def _link(period: Period, lang: str) -> Link:
    """Without a count, so that a page stays as it is when another period gets one more."""
    return Link(label(period, lang), urls.digest(period.key))


def feed_links(desk: Desk, kind: Kind) -> tuple[FeedLink, ...]:
    """The feeds of the digests of a kind, for pages."""
    name = dict(FEEDS)[kind]
    return desk.subscribed.links(urls.digest_feed(kind), f"{name} · {desk.site.name}")


def _calendars(desk: Desk, months: Sequence[Period], counts: Mapping[str, int]) -> Iterator[Output]:
    """A calendar for each year, and the page that lists them, with the newest month."""
    lang = desk.site.lang
    years: dict[int, list[Period]] = {}
    for month in months:
        years.setdefault(month.first.year, []).append(month)
    links = {
        year: Link(f"{year:04}", urls.digest(f"{year:04}"), sum(len(month.briefings) for month in some))
        for year, some in years.items()
    }
    ordered = sorted(years, reverse=True)
    own = feed_links(desk, "day")
    for place, year in enumerate(ordered):
        grids = tuple(calendars.month(month.first, counts, lang) for month in reversed(years[year]))
        head = desk.head(f"Digests of {year}", links[year].url, f"What went out here in {year}, day by day.", own)
        yield desk.page(
            "calendar", head, f"the calendar of {year}", year=links[year], months=grids,
            index=Link("Digests", urls.DIGESTS), newer=links[ordered[place - 1]] if place else None,
            older=links[ordered[place + 1]] if place + 1 < len(ordered) else None,
        )  # fmt: skip
    rows = tuple(
        (links[year], tuple(replace(_link(one, lang), count=len(one.briefings)) for one in years[year]))
        for year in ordered
    )
    latest = calendars.month(months[0].first, counts, lang) if months else None
    feeds = tuple((name, feed_links(desk, kind)) for kind, name in FEEDS)
    head = desk.head("Digests", urls.DIGESTS, "What went out here, by day, week and month.", own)
    yield desk.page("digests", head, "the page of digests", years=rows, latest=latest, feeds=feeds)


def text(desk: Desk, period: Period) -> str:
    """A digest as plain text, lines of at most ``COLUMNS`` but for addresses."""
    site, briefings = desk.site, period.briefings
    name, url = label(period, site.lang), urls.digest(period.key)
    parts = [f"{site.name}\n{name}\n{urls.absolute(site, url)}"]
    parts += [_item(desk, briefing) for briefing in briefings[:MOST]]
    if len(briefings) > MOST:
        where = urls.ARCHIVE if site.makes("archive") else urls.HOME
        parts.append(_wrapped(f"And {len(briefings) - MOST} more: {urls.absolute(site, where)}"))
    if site.rights:
        parts.append(_wrapped(site.rights))
    return "\n\n".join(parts) + "\n"


def _item(desk: Desk, briefing: Briefing) -> str:
    points = desk.maker.points(briefing)
    lead = desk.maker.lead(briefing)
    lines = [_wrapped(briefing.title), _wrapped(desk.maker.line(briefing))]
    lines += [_wrapped(f"- {point}", "  ") for point in points] or ([_wrapped(lead)] if lead else [])
    return "\n".join([*lines, urls.absolute(desk.site, urls.briefing(briefing))])


def _wrapped(words: str, indent: str = "") -> str:
    """Lines as ``textwrap`` makes them. Words with one space between them, nearly all there are, take less to cut."""
    if not words.isprintable() or "  " in words or words[:1] == " " or words[-1:] == " ":
        return fill(words, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    lines: list[str] = []
    start, end = 0, COLUMNS
    while len(words) > end:
        space = words.rfind(" ", start, end + 1)
        if space < 0:  # a word that is longer than a line
            space = words.find(" ", end)
            if space < 0:
                break
        lines.append(words[start:space])
        start = space + 1
        end = start + COLUMNS - len(indent)
    lines.append(words[start:])
    return f"\n{indent}".join(lines)
