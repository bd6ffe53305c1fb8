"""A feed format: how an entry is written, what stands around the entries, and how many of them fit.

An entry's bytes depend on the entry and its prose alone, never on the feed it stands in: whoever writes many feeds
makes each entry ready once, writes it once per format, and joins the pieces (:meth:`Format.assemble`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from briefings.feeds import text
from briefings.feeds.ready import ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefings.feeds.ready import Ready
    from briefings.views import Entry, Feed

RSS, ATOM, JSON = "application/rss+xml", "application/atom+xml", "application/feed+json"
"""Media types."""
LIMIT = 512 * 1024
"""Bytes of a feed; some aggregators refuse larger ones."""

NEVER = "1970-01-01T00:00:00Z"
"""When a feed without entries was updated: Atom wants a time, and there is none to take from content."""


class Document(Struct, frozen=True):
    """A written feed. ``dropped`` counts the oldest entries that the size limit left out."""

    data: bytes
    kept: int
    dropped: int


class Format(Struct, frozen=True):
    """A row of ``feeds.FORMATS``."""

    key: str
    suffix: str
    """Of the file's name: types on static hosts go by it."""
    type: str
    """Media type."""
    entry: Callable[[Ready], tuple[bytes, ...]]
    """``(ready) -> parts``: one entry, the same in every feed, as parts to be joined; formats share the large ones."""
    wrap: Callable[[Feed], tuple[bytes, bytes]]
    """``(feed) -> (head, tail)``: what stands before and after the entries; looks at no entry."""
    joint: bytes
    """Between two entries."""

    def write(self, feed: Feed, prose: Callable[[Entry], str], limit: int = LIMIT) -> bytes:
        """Return the feed as bytes of UTF-8; see :meth:`compose`."""
        return self.compose(feed, prose, limit).data

    def compose(self, feed: Feed, prose: Callable[[Entry], str], limit: int = LIMIT) -> Document:
        """Write the feed, at most ``limit`` bytes of it.

        Args:
            feed: entries newest first; they are written in this order.
            prose: returns the entry's prose as sanitised HTML with absolute addresses. It is asked for no entry older
                than the first that does not fit.
            limit: in bytes. The newest entry is always written whole, whatever its size.
        """
        return self.assemble(feed, (self.entry(ready(entry, prose(entry))) for entry in feed.entries), limit)

    def assemble(self, feed: Feed, pieces: Iterable[tuple[bytes, ...]], limit: int = LIMIT) -> Document:
        """Join the entries' pieces, in the order of ``feed.entries``, to a feed of at most ``limit`` bytes.

        Entries are dropped from the oldest end and never cut, but none that no archive holds. A feed that lost entries
        is no longer complete, and its ``updated`` is that of an entry it still holds.

        Raises:
            ValueError: an address of the feed itself is not absolute.
        """
        for url in (feed.url, feed.self_url):
            if not text.address(url):
                raise ValueError(f'the address "{url}" of a feed is not absolute')
        head, tail = self.wrap(_settled(feed))
        room = limit - len(head) - len(tail) + len(self.joint)  # there is one joint less than there are pieces
        parts: list[bytes] = [head]
        kept = 0
        for piece in pieces:
            room -= sum(map(len, piece)) + len(self.joint)
            if room < 0 and kept >= max(1, feed.unarchived):
                break
            if kept:
                parts.append(self.joint)
            parts += piece
            kept += 1
        dropped = len(feed.entries) - kept
        if dropped:
            short = replace(feed, entries=feed.entries[:kept], complete=False, updated="")
            parts[0], tail = self.wrap(_settled(short))
        parts.append(tail)
        return Document(b"".join(parts), kept, dropped)


def _settled(feed: Feed) -> Feed:
    newest = feed.updated or max((entry.updated for entry in feed.entries), default=NEVER)
    return replace(feed, updated=newest)
