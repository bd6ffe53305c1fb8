"""Digests: what went out in a week or a month, as a page and as plain text that can be sent as it is.

Weeks are those of ISO 8601, from Monday, and count by when a briefing went out here, in UTC; not by what it reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import fill
from typing import TYPE_CHECKING, Literal

from briefings import labels, urls
from briefings.model import CalendarDate, Output
from briefings.views import DigestView, Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefings.desk import Desk
    from briefings.model import Briefing

MOST = 60
"""Briefings that a digest shows, the newest; it says how many more there were."""
COLUMNS = 72
"""Of the plain text, as mail has it (RFC 5322, section 2.1.1, asks for at most 78)."""


@dataclass(frozen=True, slots=True)
class Period:
    """A week or month with at least one briefing. ``briefings`` are newest first, ``first`` is its first day."""

    key: str
    kind: Literal["week", "month"]
    first: date
    briefings: tuple[Briefing, ...]


def periods(desk: Desk) -> tuple[Period, ...]:
    """Every week and every month in which something went out, the latest first, weeks before months."""
    weeks: dict[date, list[Briefing]] = {}
    months: dict[date, list[Briefing]] = {}
    for briefing in desk.library.briefings:
        if briefing.status != "draft":
            day = desk.library.moments[briefing.id].date()
            weeks.setdefault(day - timedelta(days=day.weekday()), []).append(briefing)
            months.setdefault(day.replace(day=1), []).append(briefing)
    found = [Period(_week(first), "week", first, tuple(weeks[first])) for first in sorted(weeks, reverse=True)]
    found += [Period(f"{first:%Y-%m}", "month", first, tuple(months[first])) for first in sorted(months, reverse=True)]
    return tuple(found)


def _week(first: date) -> str:
    year, week, _ = first.isocalendar()
    return f"{year:04}-W{week:02}"


def label(period: Period, lang: str) -> str:
    """``March 2026``, or ``16 March 2026 to 22 March 2026``."""
    if period.kind == "month":
        return labels.day(CalendarDate(period.first.year, period.first.month), lang)
    last = period.first + timedelta(days=6)
    days = (labels.day(CalendarDate(day.year, day.month, day.day), lang) for day in (period.first, last))
    return " to ".join(days)


def digests(desk: Desk) -> Iterator[Output]:
    """The page of every digest, and the page that lists them. The plain texts are :func:`texts`."""
    if not desk.site.makes("digests"):
        return
    for kind in ("week", "month"):
        ordered = [period for period in periods(desk) if period.kind == kind]
        for place, period in enumerate(ordered):
            newer = ordered[place - 1] if place else None
            older = ordered[place + 1] if place + 1 < len(ordered) else None
            yield _page(desk, period, newer, older)
    yield _index(desk)


def _page(desk: Desk, period: Period, newer: Period | None, older: Period | None) -> Output:
    name = label(period, desk.site.lang)
    view = DigestView(
        kind=period.kind, label=name, count=len(period.briefings), more=max(0, len(period.briefings) - MOST),
        index=Link("Digests", urls.DIGESTS), text=urls.digest_text(period.key),
        newer=_link(newer, desk.site.lang), older=_link(older, desk.site.lang),
    )  # fmt: skip
    cards = tuple(desk.cards[briefing.id] for briefing in period.briefings[:MOST])
    head = desk.head(f"Digest: {name}", urls.digest(period.key), f"What went out on {desk.site.name}, {name}.")
    return desk.page("digest", head, f"the digest of {name}", digest=view, cards=cards)


def _link(period: Period | None, lang: str) -> Link | None:
    return Link(label(period, lang), urls.digest(period.key)) if period else None


def _index(desk: Desk) -> Output:
    """All digests, by year."""
    lang = desk.site.lang
    years: dict[int, tuple[list[Link], list[Link]]] = {}
    for period in periods(desk):
        months, weeks = years.setdefault(period.first.year, ([], []))
        link = Link(label(period, lang), urls.digest(period.key), len(period.briefings))
        (weeks if period.kind == "week" else months).append(link)
    rows = tuple((f"{year:04}", tuple(years[year][0]), tuple(years[year][1])) for year in sorted(years, reverse=True))
    head = desk.head("Digests", urls.DIGESTS, "What went out here, by week and by month.")
    return desk.page("digests", head, "the page of digests", years=rows)


def texts(desk: Desk) -> Iterator[Output]:
    """Every digest as plain text."""
    for period in periods(desk) if desk.site.makes("digests") else ():
        name = label(period, desk.site.lang)
        url = urls.digest_text(period.key)
        context = {"text": text(desk, name, urls.digest(period.key), period.briefings)}
        yield Output(urls.file(url), "text", "digest", context, f"the digest of {name} as text")


def text(desk: Desk, name: str, url: str, briefings: Sequence[Briefing]) -> str:
    """A digest as plain text, lines of at most ``COLUMNS`` but for addresses."""
    site = desk.site
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
    return fill(words, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
