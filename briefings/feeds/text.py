"""What may stand in a feed: characters, one-line texts, addresses, times, coordinates.

Everything that feeds write passes through here once, so that one stray character of one briefing can never break a
whole feed. Nothing is invented: what is not allowed is left out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from briefings import clean as clean_text
from briefings.patterns import Late

_FAULTY = Late(clean_text.FORBIDDEN.pattern[:-1] + "\x85]")
"""What XML 1.0 (section 2.2) cannot write even escaped: C0 controls, surrogates, U+FFFE and U+FFFF. And what is legal,
shown by no reader and warned at by validators: U+007F-009F are nearly always windows-1252 read as Latin-1, U+FFFD is a
character already lost, noncharacters are for internal use. (Named by what is refused: sets of all others take a
hundredth of a second to compile.)"""
_END_TAG = re.compile(r"</\w+>")
_BREAKS = re.compile(r"[\t\n\r]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FINE_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?](?:[A-Za-z0-9;/?:@&=+$._!~*'(),-]|%[0-9A-Fa-f]{2})*+)?"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_URI = ";/?:@&=+$.-_!~*'(),%"
"""RFC 3986 without the brackets, which strict validators know in a host only."""


def clean(text: str) -> str:
    """Return the text without the characters that feeds must not hold; every line end is a line feed."""
    if "\ufffd" not in text and text.replace("\n", "").replace("\xa0", "").isprintable():  # nearly always
        return text
    cleaned: str = _FAULTY.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return cleaned


def faults(text: str) -> tuple[str, ...]:
    """Return the code points that :func:`clean` takes out, once each and sorted: ``("U+0007", "U+FFFD")``."""
    return tuple(f"U+{ord(char):04X}" for char in sorted(set(_FAULTY.findall(text))))


def line(text: str) -> str:
    """Return the clean text on one line. Inner spaces stay as they are: a no-break space is meant."""
    if text.isprintable() and "\ufffd" not in text:  # nearly always
        return text.strip(" ")
    return _BREAKS.sub(" ", clean(text)).strip(" \n\t")


def markup(plain: str) -> bool:
    """Whether a plain text would be taken for HTML, by readers and validators that guess: it spells out an end tag."""
    return bool(_END_TAG.search(plain))


@lru_cache(maxsize=4096)
def address(url: str) -> str:
    """Return an absolute http(s) address in ASCII (RFC 3986), or an empty string for anything else.

    A feed leaves its site: a relative address leads nowhere there, and ``javascript:`` must not be a link anywhere.
    """
    if _FINE_ADDRESS.fullmatch(url):  # nearly always
        return url
    try:
        parts = urlsplit(line(url))
        host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna").decode("ascii")
    except ValueError:  # an unclosed bracket, or a host that IDNA refuses
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"\\^`{|}]", host):
        return ""
    path, query, fragment = (
        quote(_BAD_PERCENT.sub("%25", part), safe=_URI) for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, host, path, query, fragment))


def language(tag: str) -> str:
    """Return the language tag if it has the shape of one (BCP 47), else an empty string."""
    return tag if _LANGUAGE.fullmatch(tag) else ""


@lru_cache(maxsize=4096)
def moment(stamp: str) -> datetime:
    """Read a time as entries carry it: RFC 3339 in UTC, whole seconds, ``Z``.

    Raises:
        ValueError: for any other shape; a feed's dates are never guessed.
    """
    if not _UTC.fullmatch(stamp):
        raise ValueError(f'"{stamp}" is not a time in UTC like 2026-11-22T09:00:00Z')
    return datetime.fromisoformat(stamp).astimezone(UTC)


@lru_cache(maxsize=4096)
def rfc822(stamp: str) -> str:
    """Return the time as RSS writes it, ``Sun, 22 Nov 2026 09:00:00 +0000``, in English under every locale."""
    when = moment(stamp)
    day, month = _DAYS[when.weekday()], _MONTHS[when.month - 1]
    return f"{day}, {when.day:02} {month} {when.year:04} {stamp[11:19]} +0000"


def point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees, or ``None`` without a valid point.

    ``0 0`` lies in the sea and is what broken geocoders say, so it counts as none.
    """
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def decimal(degrees: float) -> str:
    """Return degrees to six places (about 0.1 m), without an exponent, trailing zeros or a negative zero."""
    short = f"{degrees:.6f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
