"""Feeds: one :class:`~briefings.views.Feed` in, bytes of RSS 2.0, Atom 1.0 or JSON Feed 1.1 out; and OPML.

Only this room knows feedgen. To add a format: one file with ``entry`` and ``wrap``, one row in :func:`formats`.
No clock, locale, network or randomness: the same feed gives the same bytes everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings.feeds import mould
from briefings.feeds.format import ATOM, JSON, LIMIT, RSS, Document, Format
from briefings.feeds.press import Press
from briefings.feeds.ready import Ready, ready
from briefings.feeds.text import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefings.cached import Cached
    from briefings.views import Entry, Feed

__all__ = [
    "FORMATS",
    "LIMIT",
    "Document",
    "Format",
    "Press",
    "Ready",
    "compose",
    "content",
    "faults",
    "formats",
    "ready",
    "write",
]


def _rss_entry(made: Ready) -> tuple[bytes, ...]:
    from briefings.feeds import rss  # noqa: PLC0415 - feedgen and lxml load slowly, and only new shapes need them

    return rss.entry(made)


def _rss_wrap(feed: Feed) -> tuple[bytes, bytes]:
    from briefings.feeds import rss  # noqa: PLC0415 - as above

    return rss.wrap(feed)


def _atom_entry(made: Ready) -> tuple[bytes, ...]:
    from briefings.feeds import atom  # noqa: PLC0415 - as above

    return atom.entry(made)


def _atom_wrap(feed: Feed) -> tuple[bytes, bytes]:
    from briefings.feeds import atom  # noqa: PLC0415 - as above

    return atom.wrap(feed)


def _json_entry(made: Ready) -> tuple[bytes, ...]:
    from briefings.feeds import json_feed  # noqa: PLC0415 - sites may do without it

    return json_feed.entry(made)


def _json_wrap(feed: Feed) -> tuple[bytes, bytes]:
    from briefings.feeds import json_feed  # noqa: PLC0415 - as above

    return json_feed.wrap(feed)


def prepare() -> None:
    """Load what writes new shapes of feeds."""
    from briefings.feeds import atom, rss  # noqa: F401, PLC0415 - as above


def formats(kept: Cached | None = None, maker: str = "") -> tuple[Format, ...]:
    """The formats, in their order.

    Args:
        kept: where the moulds of shapes outlast this process (:mod:`briefings.feeds.mould`).
        maker: a digest of all that writes feeds; moulds that something else has left there do not count.
    """

    def shapes(kind: str) -> mould.Shapes:
        return mould.Shapes(kind, kept, maker.encode())

    rss = mould.entries(_rss_entry, shapes("rss entry")), mould.shells(_rss_wrap, shapes("rss"))
    atom = mould.entries(_atom_entry, shapes("atom entry")), mould.shells(_atom_wrap, shapes("atom"))
    return (
        Format("rss", ".rss.xml", RSS, *rss, b"\n"),
        Format("atom", ".atom.xml", ATOM, *atom, b"\n"),
        Format("json", ".json", JSON, _json_entry, _json_wrap, b",\n"),
    )


FORMATS: tuple[Format, ...] = formats()

_BY_KEY = {row.key: row for row in FORMATS}


def write(key: str, feed: Feed, prose: Callable[[Entry], str], limit: int = LIMIT) -> bytes:
    """Return the feed in the format ``rss``, ``atom`` or ``json``, at most ``limit`` bytes of UTF-8.

    Raises:
        KeyError: there is no such format.
        ValueError: a time of the feed or of an entry is not RFC 3339 in UTC with ``Z``, or an address of their own is
            not absolute.
    """
    return compose(key, feed, prose, limit).data


def compose(key: str, feed: Feed, prose: Callable[[Entry], str], limit: int = LIMIT) -> Document:
    """Like :func:`write`, and tells how many entries the limit left out."""
    return _BY_KEY[key].compose(feed, prose, limit)


def content(entry: Entry, prose: str) -> str:
    """Return the full HTML of an entry, as every format carries it."""
    return ready(entry, prose).content
