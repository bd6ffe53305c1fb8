"""Calendar dates as articles print them, read to the letter: nothing is completed, repaired or swapped.

A :class:`Day` is what one expression says, in EDTF shape (ISO 8601-2:2019, level 0) or ``--MM-DD`` when it has no year
(ISO 8601:2000, 5.2.1.3), and what keeps it from being believed. Month names in English, French, Spanish, German,
Portuguese and Arabic; Arabic in the Levantine, Egyptian and Maghrebi sets, which newsrooms print side by side
(``أيلول/سبتمبر``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date as _date
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = {
    1: "january jan janvier janv enero ene januar jänner janeiro يناير جانفي",
    2: "february feb février fevrier févr fevr febrero februar fevereiro فبراير شباط فيفري",
    3: "march mar mars marzo märz maerz março marco مارس آذار اذار",
    4: "april apr avril avr abril abr أبريل إبريل ابريل نيسان أفريل",
    5: "may mai mayo maio مايو أيار ايار ماي",
    6: "june jun juin junio juni junho يونيو يونيه حزيران جوان",
    7: "july jul juillet juil julio juli julho يوليو يوليه تموز جويلية",
    8: "august aug août aout agosto ago أغسطس اغسطس آب غشت أوت",
    9: "september sept sep septembre septiembre setiembre set setembro سبتمبر أيلول ايلول شتنبر",
    10: "october oct octobre octubre oktober okt outubro أكتوبر اكتوبر",
    11: "november nov novembre noviembre novembro نوفمبر نونبر",
    12: "december dec décembre decembre déc diciembre dic dezember dez dezembro ديسمبر دجنبر",
}
"""Month names and their usual abbreviations, in lower case, without the full stop."""

ARABIC_PAIRS = {
    "كانون الثاني": 1,
    "كانون الأول": 12,
    "كانون الاول": 12,
    "تشرين الأول": 10,
    "تشرين الاول": 10,
    "تشرين الثاني": 11,
}
"""The Levantine months of two words."""

WEEKDAYS = (
    ("monday", "mon", "lundi", "lunes", "montag", "segunda-feira", "الاثنين", "الإثنين"),
    ("tuesday", "tue", "tues", "mardi", "martes", "dienstag", "terça-feira", "الثلاثاء"),
    (
        "wednesday",
        "wed",
        "weds",
        "mercredi",
        "miércoles",
        "miercoles",
        "mittwoch",
        "quarta-feira",
        "الأربعاء",
        "الاربعاء",
    ),
    ("thursday", "thu", "thur", "thurs", "jeudi", "jueves", "donnerstag", "quinta-feira", "الخميس"),
    ("friday", "fri", "vendredi", "viernes", "freitag", "sexta-feira", "الجمعة"),
    ("saturday", "sat", "samedi", "sábado", "sabado", "samstag", "sonnabend", "السبت"),
    ("sunday", "sun", "dimanche", "domingo", "sonntag", "الأحد", "الاحد"),
)
"""Monday first, as :meth:`datetime.date.weekday` counts."""

_MONTH = {name: number for number, names in MONTHS.items() for name in names.split()} | ARABIC_PAIRS
_WEEKDAY = {name: number for number, names in enumerate(WEEKDAYS) for name in names}
_ENGLISH = {number: names.split()[0] for number, names in MONTHS.items()}
WEEKDAY_NAMES = tuple(names[0].capitalize() for names in WEEKDAYS)
_DIGIT = re.compile(r"\d")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

# A name is tried longest first; English names may be cut short after three letters or more ("Apri", "Septem").
_NAME = (
    "(?:"
    + "|".join(
        sorted(
            (re.escape(name) for name in _MONTH if len(name) > 2 or not name.isascii()),
            key=lambda name: (-len(name), name),
        ),
    )
    + "|"
    + "|".join(
        f"{name[:3]}{''.join(f'(?:{letter}' for letter in name[3:])}{')?' * len(name[3:])}"
        for name in _ENGLISH.values()
    )
    + ")"
)
_ARABIC_DUAL = rf"{_NAME}(?:\s?[/(]\s?{_NAME}\)?)?"
_DAY_NAMES = "|".join(sorted((re.escape(name) for name in _WEEKDAY), key=lambda name: (-len(name), name)))
WEEKDAY = rf"(?:{_DAY_NAMES})"
_WD = rf"(?:(?P<weekday>{_DAY_NAMES})\.?,?\s+)?"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|°|\.(?=\s+[^\W\d_]))?"
_M = rf"(?P<month>{_ARABIC_DUAL})\.?"
_Y = r"(?P<year>\d{4})"
_END = r"(?![\w/]|[-.]\d)"
_OF = r"(?:[-/]|\s+(?:of\s+|de\s+|من\s+)?|(?<=\d)(?=[A-Za-z]{3}))"

_SHAPES: tuple[tuple[str, str, str], ...] = (
    ("iso", "-", rf"{_Y}-(?P<month>\d\d)-(?P<day>\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"),
    (
        "long-range",
        "Y 2 to",
        rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?P<first>{_ARABIC_DUAL})\.?,?(?:\s+\d{{4}})?\s?(?:-|–|—|to|au|al)\s?\d{{1,2}}(?:st|nd|rd|th)?\s+{_M},?\s+{_Y}",
    ),
    (
        "long-range",
        "Y 2 to",
        rf"(?P<first>{_ARABIC_DUAL})\.?\s+\d{{1,2}}(?:,?\s+\d{{4}})?\s?(?:-|–|—|to)\s?{_M}\s+\d{{1,2}},?\s+{_Y}",
    ),
    (
        "range",
        "Y 2 to",
        rf"\d{{1,2}}(?:st|nd|rd|th)?\s?(?:-|–|—|to|au|al)\s?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:de\s+)?{_M},?\s+(?:del?\s+)?{_Y}",
    ),
    ("range", "Y 2 to", rf"{_M}\s+\d{{1,2}}\s?(?:-|–|—|to)\s?\d{{1,2}},?\s+{_Y}"),
    ("day-month-year", "Y 2", rf"{_WD}(?:(?:le|the|el)\s+)?{_D}{_OF}{_M}(?:,?\s+(?:del?\s+)?|\s?[-/]\s?|,\s?){_Y}"),
    ("month-day-year", "Y 2", rf"{_WD}{_M}\s+(?:the\s+)?{_D},?\s+{_Y}"),
    (
        "short-year",
        "2",
        rf"{_WD}{_D}{_OF}{_M},?(?:\s+|\s?[-/]\s?)'?(?P<short>\d\d)(?!\s*(?:[:.]\d|%|[ap]\.?m\b|hrs|GMT))",
    ),
    ("short-year", "2", rf"{_WD}{_M}\s+{_D},\s+'?(?P<short>\d\d)(?!\s*(?:[:.]\d|%|[ap]\.?m\b))"),
    ("day-month", "", rf"{_WD}(?:(?:le|the|el)\s+)?{_D}{_OF}{_M}"),
    ("month-day", "", rf"{_WD}{_M}\s+(?:the\s+)?{_D}"),
    ("month-year", "Y", rf"{_M},?\s+(?:de\s+|del\s+)?{_Y}"),
    ("numbers", "/", r"(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4})"),
    ("numbers", "/", r"(?P<year>\d{4})(?P<sep>[/.])(?P<a>\d{1,2})(?P=sep)(?P<b>\d{1,2})"),
    ("numbers", "/", r"(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<short>\d\d)"),
    ("month-iso", "-", rf"{_Y}-(?P<month>0[1-9]|1[0-2])"),
)
"""Name, the marks of :data:`_MARKS` without which it cannot match, and the pattern. Most texts need few of them."""

_MARKS = tuple(
    (mark, re.compile(pattern))
    for mark, pattern in (
        ("Y", r"\d{4}"),
        ("2", r"\d\D+\d"),
        ("-", r"\d{4}-\d\d"),
        ("/", r"\d[/.-]\d{1,2}[/.-]\d"),
        ("to", r"(?:[-–—]|[Tt][Oo]|[Aa][UuLl])\s?(?:\d|[^\W\d_]+\.?\s+\d)"),
    )
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.(?=\s+[^\W\d_]))?"
_WORD = r"(?:[^\W\d_]{3,10}|آب)\.?(?:\s(?:الأول|الاول|الثاني))?(?:\s?[/(]\s?[\u0621-\u064a]{3,10}\)?)?"
_SPAN = r"\s?(?:-|–|—|to|au|al)\s?"
MISPRINT = rf"(?:{_NAME}\.?\s+\d{{3,4}}|\d{{3,4}}\s+{_NAME})"
"""A month with a number that can be neither day nor year: ``March 119``."""
ANY = (
    rf"(?:\d{{4}}-\d\d(?:-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?"
    rf"|(?:{WEEKDAY}\.?,?\s+)?(?:"
    rf"(?:(?:le|the|el)\s+)?(?:\d{{1,2}}{_ORDINAL}\s+{_WORD},?(?:\s+\d{{4}})?{_SPAN})?\d{{1,2}}{_ORDINAL}(?:{_SPAN}\d{{1,2}}{_ORDINAL})?{_OF}{_WORD}"
    rf"(?:(?:,?\s+(?:del?\s+)?|\s?[-/]\s?)(?:\d{{4}}|'?\d\d(?!\s*[:.]\d)))?"
    rf"|{_WORD},?\s+(?:(?:the\s+)?\d{{1,2}}{_ORDINAL}(?:\s?(?:-|–|—|to)\s?(?:{_WORD}\s+)?\d{{1,2}})?(?:,?\s+\d{{4}}|,\s+'?\d\d(?!\s*[:.]\d))?|(?:del?\s+)?\d{{4}})"
    rf")){_END}"
)
"""The shape of a date in words or in ISO form, for patterns that hold one. Any word may stand where the month does, so
what it matches counts only when :func:`read` can read it."""


class Day(Struct, frozen=True):
    """What one expression says. ``value`` is ``None`` when nothing can be said; ``doubt`` is a sentence or empty."""

    value: str | None
    text: str
    start: int
    end: int
    doubt: str = ""

    @property
    def whole(self) -> bool:
        """Whether day, month and year are known."""
        return self.value is not None and len(self.value) == len("2016-12-13")


def read(text: str) -> Day | None:
    """Read ``text`` if all of it is one date, else return ``None``."""
    content = text.strip().rstrip(".")
    found = next(search(content), None)
    return found if found and found.start == 0 and found.end == len(content) else None


@cache
def _pattern(number: int) -> re.Pattern[str]:
    return re.compile(r"(?<![\w/.-])" + _SHAPES[number][2] + _END, re.IGNORECASE)


@cache
def _fitting(marks: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The shapes that a text with these marks may have; compiled when the first such text asks."""
    there = set(marks.split())
    return tuple(
        (name, _pattern(number)) for number, (name, needs, _) in enumerate(_SHAPES) if there.issuperset(needs.split())
    )


def search(text: str, start: int = 0, end: int | None = None) -> Iterator[Day]:
    """Yield the dates of ``text[start:end]`` in order; the longest reading at each place."""
    at, stop = start, len(text) if end is None else end
    if not _DIGIT.search(text, at, stop):
        return
    plain = text if text.isascii() else text.translate(_DIGITS)
    shapes = _fitting(" ".join(mark for mark, pattern in _MARKS if pattern.search(plain, at, stop)))
    while at < stop:
        best: tuple[int, int, str, re.Match[str]] | None = None
        for name, pattern in shapes:
            match = pattern.search(plain, at, stop)
            if match and (best is None or (match.start(), -match.end()) < (best[0], -best[1])):
                best = (match.start(), match.end(), name, match)
        if best is None:
            return
        yield _day(text, best[2], best[3])
        at = best[1]


def month(name: str) -> int:
    """Return the number of a month's name in any form this module reads, or 0."""
    folded = re.split(r"\s?[/(]\s?", name.strip().rstrip(".)").casefold())[0]
    if folded in _MONTH:
        return _MONTH[folded]
    return next((number for number, whole in _ENGLISH.items() if len(folded) > 2 and whole.startswith(folded)), 0)


def weekday(name: str) -> int | None:
    """Return 0 for Monday to 6 for Sunday, or ``None``."""
    return _WEEKDAY.get(name.strip(" .,").casefold())


def _day(text: str, shape: str, match: re.Match[str]) -> Day:
    groups = match.groupdict()
    words = text[match.start() : match.end()]
    span = (words, match.start(), match.end())
    if shape == "numbers":
        return _numbers(groups, span)
    number = int(groups["month"]) if groups["month"].isdigit() else month(groups["month"])
    if shape == "long-range" and number != month(groups["first"]):
        # Two months: only the year is common to both ends, and not even that across the new year.
        return Day(groups["year"] if month(groups["first"]) < number else None, *span)
    if "range" in shape or shape in {"month-year", "month-iso"}:
        return Day(f"{groups['year']}-{number:02}", *span)
    day = int(groups["day"])
    if groups.get("year"):
        return _checked(int(groups["year"]), number, day, span, groups.get("weekday"))
    if groups.get("short"):
        # POSIX strptime, %y: 69 to 99 are the last century, 00 to 68 this one. A reading for the editor to confirm.
        short = int(groups["short"])
        found = _checked(1900 + short if short > 68 else 2000 + short, number, day, span, groups.get("weekday"))
        return found if found.doubt else Day(found.value, *span, f'"{words}" has a year of two digits')
    if not 1 <= number <= 12 or not 1 <= day <= monthrange(4, number)[1]:
        return Day(None, *span, f'there is no such day as "{words}"')
    return Day(f"--{number:02}-{day:02}", *span)


def _numbers(groups: dict[str, str | None], span: tuple[str, int, int]) -> Day:
    words = span[0]
    first, second, year = int(groups["a"] or 0), int(groups["b"] or 0), groups.get("year")
    if not year:
        return Day(None, *span, f'"{words}" has a year of two digits')
    if words.startswith(year):
        return _checked(int(year), first, second, span, None)
    if first > 12 or first == second:
        return _checked(int(year), second, first, span, None)
    if second > 12:
        return _checked(int(year), first, second, span, None)
    return Day(None, *span, f'"{words}" may have the day or the month first')


def _checked(year: int, number: int, day: int, span: tuple[str, int, int], named: str | None) -> Day:
    try:
        found = _date(year, number, day)
    except ValueError:
        return Day(None, *span, f'there is no such day as "{span[0]}"')
    said = weekday(named) if named else None
    doubt = ""
    if said is not None and said != found.weekday():
        plain = f"{day} {_ENGLISH[number].capitalize()} {year}"
        doubt = f'{plain} was a {WEEKDAY_NAMES[found.weekday()]}, but the text says "{named}"'
    return Day(found.isoformat(), *span, doubt)
