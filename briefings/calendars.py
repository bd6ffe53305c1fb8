"""A month as a calendar: weeks from Monday, as ISO 8601 has them, each day with the number of its briefings."""

from __future__ import annotations

from calendar import Calendar
from typing import TYPE_CHECKING

from briefings import labels, urls
from briefings.model import CalendarDate
from briefings.views import CalendarDay, CalendarMonth, CalendarWeek, Link

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def month(first: date, counts: Mapping[str, int], lang: str) -> CalendarMonth:
    """The calendar of one month.

    Args:
        first: its first day.
        counts: how many briefings a digest has, by its key (``2026-11-20``, ``2026-W47``, ``2026-11``).
        lang: of the names of months and weekdays.
    """
    label = labels.day(CalendarDate(first.year, first.month), lang)
    key = f"{first:%Y-%m}"
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return CalendarMonth(
        Link(label, urls.digest(key) if key in counts else "", counts.get(key, 0)),
        labels.weekdays(lang),
        tuple(_week(days, first, counts, lang) for days in weeks),
    )


def _week(days: list[date], first: date, counts: Mapping[str, int], lang: str) -> CalendarWeek:
    year, number, _ = days[0].isocalendar()
    key = f"{year:04}-W{number:02}"
    link = Link(f"{number}", urls.digest(key) if key in counts else "", counts.get(key, 0))
    return CalendarWeek(link, tuple(_day(day, counts, lang) if day.month == first.month else None for day in days))


def _day(day: date, counts: Mapping[str, int], lang: str) -> CalendarDay:
    key = day.isoformat()
    count = counts.get(key, 0)
    name = labels.month(day.month, lang) if count else ""
    return CalendarDay(day.day, key, count, urls.digest(key) if count else "", name)
