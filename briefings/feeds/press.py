"""Writes many feeds and every entry of theirs once: per format, for all the feeds that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from briefings.feeds.format import LIMIT
from briefings.feeds.ready import ready

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefings.feeds.format import Document, Format
    from briefings.feeds.ready import Ready
    from briefings.views import Entry, Feed

ROOM = 512 * 1024 * 1024
"""Bytes of written entries that a press keeps; past that, those kept longest go first and are written again."""


class Press:
    """The pieces of feeds, kept while a build lasts.

    A piece is taken again only for an entry that is equal in every field, the digest of its prose among them; so what
    is written never depends on what was written before.
    """

    def __init__(self, formats: Sequence[Format], prose: Callable[[Entry], str], room: int = ROOM) -> None:
        """Keep pieces of at most ``room`` bytes; ``prose`` is asked once for an entry that has any."""
        self._formats = {row.key: row for row in formats}
        self._prose = prose
        self._room = room
        self._kept: dict[str, _Written] = {}

    def compose(self, key: str, feed: Feed, limit: int = LIMIT) -> Document:
        """Write a feed in the format ``key``; see :meth:`Format.compose`.

        Raises:
            KeyError: there is no such format.
        """
        row = self._formats[key]
        return row.assemble(feed, (self._piece(row, entry) for entry in feed.entries), limit)

    def _piece(self, row: Format, entry: Entry) -> tuple[bytes, ...]:
        kept = self._kept.get(entry.id)
        if kept is None or (kept.entry is not entry and kept.entry != entry):
            kept = self._ready(entry)
        piece = kept.pieces.get(row.key)
        if piece is None:
            piece = kept.pieces[row.key] = row.entry(kept.ready)
            self._weigh(kept)
        return piece

    def _ready(self, entry: Entry) -> _Written:
        if old := self._kept.pop(entry.id, None):
            self._room += old.size
        made = self._kept[entry.id] = _Written(entry, ready(entry, self._prose(entry) if entry.prose else ""))
        return made

    def _weigh(self, kept: _Written) -> None:
        """Make room for what has been written of an entry."""
        before, kept.size = kept.size, _size(kept)
        self._room -= kept.size - before
        while self._room < 0 and self._kept:
            self._room += self._kept.pop(next(iter(self._kept))).size


class _Written(Struct):
    """An entry, and its pieces by format: those that have been asked for."""

    entry: Entry
    ready: Ready
    pieces: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    size: int = 0


def _size(kept: _Written) -> int:
    """Bytes, nearly: the content once as text, and once escaped, which formats share."""
    own = sum(len(part) for piece in kept.pieces.values() for part in piece if part is not kept.ready.escaped)
    return own + len(kept.ready.content) + len(kept.ready.escaped)
