"""How a value of the front matter is read from YAML and written back: one pair of functions a type.

A parser takes a YAML node and returns a value, or raises :class:`ValueProblem` with a sentence for the editor and
the line.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from briefings import clean
from briefings.errors import did_you_mean
from briefings.model import CalendarDate
from briefings.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
Parse = "Callable[[Node], T]"

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_MAX = 80
RESERVED_SLUGS = frozenset({"index", "page", "feed"})
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,12})?")
_WHOLE = re.compile(r"\d{1,15}")
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-(?:[A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{5,8})*")


class ValueProblem(ValueError):  # noqa: N818 - a problem with a value, not of the program
    """A value that cannot be taken. ``line`` is that of the node, 0 when the caller knows better."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def scalar(node: Node) -> str:
    """Any scalar, as it stands."""
    if not isinstance(node, Scalar):
        raise ValueProblem(node.line, "expected one value, not a list or a mapping")
    return node.text


def text(node: Node) -> str:
    """Text on one line, in NFC, trimmed, without characters that cannot be published."""
    kept = scalar(node)
    if not clean.untouched(kept):
        kept, _ = clean.strip(clean.LINE_ENDS.sub(" ", kept))
    kept = " ".join(kept.split())
    return kept if kept.isascii() else unicodedata.normalize("NFC", kept)


def plain(node: Node) -> str:
    """As :func:`text`, for names, titles and addresses: characters that deceive the eye are refused (R5)."""
    value = text(node)
    if not clean.untouched(value) and (found := clean.DECEIVING.findall(value)):
        raise ValueProblem(node.line, f"holds invisible characters ({clean.names(found)}; retype it)")
    return value


def verbatim(node: Node) -> str:
    """Text with its line ends."""
    kept, _ = clean.strip(clean.LINE_ENDS.sub("\n", scalar(node)))
    return unicodedata.normalize("NFC", kept)


def slug(node: Node) -> str:
    """``[a-z0-9-]``, at most 80 bytes, not a reserved name (reliability R17)."""
    value = scalar(node)
    if not SLUG.fullmatch(value) or len(value) > SLUG_MAX:
        raise ValueProblem(
            node.line, f'"{value}" is not a slug (small letters a-z, digits and single hyphens, at most {SLUG_MAX})'
        )
    if value in RESERVED_SLUGS:
        raise ValueProblem(node.line, f'"{value}" is reserved for a page of the site (choose another)')
    return value


def uuid(node: Node) -> str:
    """A UUID in its canonical form (RFC 9562)."""
    value = scalar(node)
    if _UUID.fullmatch(value):
        return value
    from uuid import UUID  # noqa: PLC0415 - for what an editor wrote

    try:
        canonical = str(UUID(value))
    except ValueError:
        raise ValueProblem(node.line, f'"{value}" is not a UUID (it is made at ingest and never changes)') from None
    if canonical != value:
        raise ValueProblem(node.line, f'"{value}" is not written as a UUID is (write {canonical})')
    return value


def url(node: Node) -> str:
    """An absolute http or https address (RFC 3986)."""
    value = plain(node)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"\\^`{|}]", value):
        raise ValueProblem(node.line, f'"{value}" is not a web address (write it whole, with https://)')
    if parts.username or parts.password:
        raise ValueProblem(node.line, "an address with a user name or password in it is not published")
    return value


def lang(node: Node) -> str:
    """A BCP 47 language tag in its usual form: ``en``, ``pt-BR``, ``zh-Hant``."""
    value = scalar(node)
    if not _LANG.fullmatch(value):
        raise ValueProblem(node.line, f'"{value}" is not a language tag (write en, fr, ar, pt-BR …)')
    return value


def date(node: Node) -> CalendarDate:
    """An EDTF date: a day, a month or a year."""
    try:
        return CalendarDate.parse(scalar(node))
    except ValueError as error:
        raise ValueProblem(node.line, str(error)) from None


def instant(node: Node) -> datetime:
    """A moment with its zone (RFC 3339), returned in UTC with whole seconds."""
    value = scalar(node)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or len(value) < 16:
        raise ValueProblem(node.line, f'"{value}" is not a time with a zone (write 2026-11-22T09:00:00Z)')
    if moment.year < 1970:
        raise ValueProblem(node.line, f'"{value}" is before 1970 (no briefing is that old)')
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueProblem(node.line, f'"{value}" is after 9999 in UTC') from None


def number(low: float, high: float) -> Callable[[Node], float]:
    """A decimal number within bounds, both included."""

    def parse(node: Node) -> float:
        value = scalar(node)
        if not _NUMBER.fullmatch(value) or not low <= float(value) <= high:
            raise ValueProblem(node.line, f'"{value}" is not a number from {low:g} to {high:g}')
        return float(value)

    return parse


def whole(node: Node) -> int:
    """A whole number that is not negative."""
    value = scalar(node)
    if not _WHOLE.fullmatch(value):
        raise ValueProblem(node.line, f'"{value}" is not a whole number')
    return int(value)


def one_of(*allowed: str) -> Callable[[Node], Any]:
    """One word of a list."""

    def parse(node: Node) -> str:
        value = scalar(node)
        if value not in allowed:
            raise ValueProblem(node.line, f'"{value}" is not one of {", ".join(allowed)}{did_you_mean(value, allowed)}')
        return value

    return parse


def many(item: Callable[[Node], T]) -> Callable[[Node], tuple[T, ...]]:
    """A list; each item is read by ``item``; nothing twice."""

    def parse(node: Node) -> tuple[T, ...]:
        if isinstance(node, Scalar) and node.plain and not node.text:
            return ()
        if not isinstance(node, Sequence):
            raise ValueProblem(node.line, "expected a list (a line for each, beginning with a hyphen)")
        values: list[T] = []
        seen: set[T] = set()
        for entry in node.items:
            value = item(entry)
            if value in seen:
                raise ValueProblem(entry.line, f'"{value}" stands twice')
            seen.add(value)
            values.append(value)
        return tuple(values)

    return parse


def words(node: Node) -> tuple[str, ...]:
    """A list of texts, none of them empty."""
    values = many(text)(node)
    if "" in values:
        raise ValueProblem(node.line, "an empty item (delete its line)")
    return values


def record(
    kind: Callable[..., T], required: Iterable[str] = (), /, **fields: Callable[[Node], Any]
) -> Callable[[Node], T]:
    """A mapping with these keys and no other, passed on to ``kind`` as keyword arguments; empty values are absent."""
    needed = tuple(required)

    def parse(node: Node) -> T:
        if not isinstance(node, Mapping):
            raise ValueProblem(node.line, f'expected lines of the form "key: value" ({", ".join(fields)})')
        values = {}
        for key, value in node.items:
            if key.text not in fields:
                raise ValueProblem(key.line, f'unknown key "{key.text}"{did_you_mean(key.text, fields)}')
            if isinstance(value, Scalar) and value.plain and not value.text:
                continue
            try:
                values[key.text] = fields[key.text](value)
            except ValueProblem as error:
                raise ValueProblem(error.line, f"{key.text}: {error}") from None
        for name in needed:
            if name not in values:
                raise ValueProblem(node.line, f"{name} is missing")
        try:
            return kind(**values)
        except ValueError as error:
            raise ValueProblem(node.line, str(error)) from None

    return parse


def flat(value: Any) -> Any:
    """Turn a value of the model into what YAML writes: strings, numbers, lists and mappings without empty fields."""
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, CalendarDate):
        return str(value)
    if isinstance(value, tuple):
        return [flat(item) for item in value]
    if isinstance(value, Struct):
        plain_fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: flat(item) for name, item in plain_fields.items() if item not in (None, "", ())}
    return value


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC with seconds and ``Z``."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat()[:19]}Z"
