"""Words that depend on a language: dates, country names, the direction of writing. Alone in knowing Babel (CLDR).

Nothing here looks at the machine's locale or clock.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec.json import decode

if TYPE_CHECKING:
    from babel import Locale

    from briefings.model import CalendarDate

_SHORTER = {
    "en": {
        "CD": "DR Congo", "CG": "Republic of the Congo", "MM": "Myanmar", "PS": "Palestinian Territories",
        "HK": "Hong Kong", "MO": "Macao", "TR": "Türkiye", "CI": "Côte d’Ivoire", "BA": "Bosnia and Herzegovina",
    }
}  # fmt: skip
"""Where CLDR's form is made for lists of countries rather than for a sentence."""

_ENGLISH = frozenset((2, 5, 6))
"""Characters of ``en``, ``en-GB`` and ``en-001``: months and years as CLDR has them, which other scripts do not."""
_ABOUT = {"~": "about {}", "?": "{} (uncertain)", "%": "about {} (uncertain)"}


@cache
def _facts() -> Any:
    """What every English site asks for, without the rest (``scripts/build_cldr.py``)."""
    return decode((Path(__file__).parent / "data" / "cldr.json").read_bytes())


@lru_cache(maxsize=64)
def _locale(lang: str) -> Locale:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - loads slowly, with the time zones of the system

    try:
        return Locale.parse(lang, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en")


@lru_cache(maxsize=64)
def direction(lang: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language is written (CLDR ``characterOrder``)."""
    facts = _facts()
    if lang in facts["left to right"]:
        return "ltr"
    if lang in facts["right to left"]:
        return "rtl"
    return "rtl" if _locale(lang).character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=4096)
def script(words: str) -> str:
    """The script of the first letter, as Unicode names it: ``ARABIC``; empty without one."""
    return next((unicodedata.name(letter, "").partition(" ")[0] for letter in words if letter.isalpha()), "")


@lru_cache(maxsize=64)
def known(lang: str) -> bool:
    """Whether CLDR has a name for a language: the first part of its tag."""
    return lang.split("-", maxsplit=1)[0].lower() in _facts()["languages"]


def language(lang: str, shown_in: str = "en") -> str:
    """The name of a language in another one: ``Arabic``."""
    return _locale(lang).get_display_name(_locale(shown_in)) or lang


@lru_cache(maxsize=1024)
def country(code: str, lang: str = "en") -> str:
    """The name of a country (ISO 3166-1 alpha-2) in a language; the code itself when CLDR has none."""
    territories = _facts()["territories"] if lang == "en" else _locale(lang).territories
    return _SHORTER.get(lang, {}).get(code) or str(territories.get(code, code))


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """All codes that CLDR names and ISO 3166-1 assigns, with the user-assigned ``XK``."""
    names = _facts()["territories"]
    unassigned = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    codes = {str(code) for code in names}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - unassigned


@lru_cache(maxsize=4096)
def day(when: CalendarDate, lang: str = "en") -> str:
    """A calendar date in words, no more precise than it is: ``13 December 2016``, ``December 2016``, ``about 2016``."""
    if not when.month:
        words = f"{when.year:04}"
    elif lang.split("-", maxsplit=1)[0] == "en" and (when.day or len(lang) in _ENGLISH):
        words = f"{when.day or ''} {month(when.month, lang)} {when.year}".lstrip()
    else:
        words = _formatted(when, lang)
    return _ABOUT[when.qualifier].format(words) if when.qualifier else words


def _formatted(when: CalendarDate, lang: str) -> str:
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 - loads the time zones of the system

    locale = _locale(lang)
    if when.day:
        return format_date(date(when.year, when.month, when.day), format="long", locale=locale)
    return format_skeleton("yMMMM", date(when.year, when.month, 1), locale=locale)


def month(number: int, lang: str = "en") -> str:
    """The name of a month standing alone: ``December``."""
    if lang == "en":
        return str(_facts()["months"][number - 1])
    return str(_locale(lang).months["stand-alone"]["wide"][number])


@lru_cache(maxsize=64)
def weekdays(lang: str = "en") -> tuple[tuple[str, str], ...]:
    """Short and whole names of the seven days from Monday: ``("Mon", "Monday")``."""
    short, whole = (_locale(lang).days["stand-alone"][width] for width in ("abbreviated", "wide"))
    return tuple((str(short[number]), str(whole[number])) for number in range(7))
