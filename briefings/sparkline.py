"""How many briefings over time, as a row of bars: counted from the dates of what they report, drawn as SVG."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from briefings.clean import escape
from briefings.views import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefings.model import CalendarDate

MOST = 40
"""Bars; a longer time is counted in steps of several years."""
FEWEST = 3
"""Bars, and briefings; less is no history."""
WIDTH, HEIGHT, GAP = 240, 30, 1.5
WIDEST = 6
"""Of a bar, so that few of them stay a line of small marks."""
LOWEST = 4
"""The count that fills the height, at least: one briefing is no peak."""


def by_year(dates: Iterable[CalendarDate | None]) -> tuple[Bar, ...]:
    """Count dates by year, or by as many years as leave at most ``MOST`` bars; the oldest first, gaps as zero."""
    years = Counter([date.year for date in dates if date])
    if not years:
        return ()
    first, last = min(years), max(years)
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (last - first) // size < MOST)
    start = first - first % step
    counts: Counter[int] = Counter()
    for year, count in years.items():
        counts[(year - start) // step] += count
    bars = []
    for place in range((last - start) // step + 1):
        year = start + place * step
        label = f"{year:04}" if step == 1 else f"{year:04}–{year + step - 1:04}"
        bars.append(Bar(label, counts[place]))
    return tuple(bars) if min(len(bars), years.total()) >= FEWEST else ()


def by_month(dates: Iterable[CalendarDate | None], names: Sequence[str]) -> tuple[Bar, ...]:
    """Count the dates of one year by month; ``names`` are the twelve months. Dates without a month are left out."""
    months = Counter(date.month for date in dates if date and date.month)
    return tuple(Bar(name, months[number]) for number, name in enumerate(names, start=1)) if len(months) > 1 else ()


def svg(bars: Sequence[Bar], label: str) -> str:
    """Return an SVG element; every bar has its label and count as a title. Empty without bars."""
    if not bars:
        return ""
    tallest = max(LOWEST, *(bar.count for bar in bars))
    wide = WIDTH / len(bars)
    thick = min(wide - GAP, WIDEST)
    # The first bar stands at the start and the last at the end, above their labels.
    step = (WIDTH - thick) / max(1, len(bars) - 1)
    drawn = []
    for place, bar in enumerate(bars):
        tall = max(HEIGHT * bar.count / tallest, 2.0 if bar.count else 0.5)
        name = "spark-bar" if bar.count else "spark-none"
        drawn.append(
            f'<rect class="{name}" x="{place * step:.1f}" y="{HEIGHT - tall:.1f}" width="{thick:.1f}"'
            f' height="{tall:.1f}"><title>{escape(bar.label)}: {bar.count}</title></rect>'
        )
    counted = ", ".join(f"{bar.label}: {bar.count}" for bar in bars if bar.count)
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(f"{label}: {counted}")}">'
        f"{''.join(drawn)}</svg>"
    )
