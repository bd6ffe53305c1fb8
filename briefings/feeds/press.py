"""Writes many feeds and every entry of theirs once: per format, for all the feeds that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        self._kept: dict[str, tuple[Entry, dict[str, tuple[bytes, ...]]]] = {}

    def compose(self, key: str, feed: Feed, limit: int = LIMIT) -> Document:
        """Write a feed in the format ``key``; see :meth:`Format.compose`.

        Raises:
            KeyError: there is no such format.
        """
        row = self._formats[key]
        return row.assemble(feed, (self._piece(row, entry) for entry in feed.entries), limit)

    def _piece(self, row: Format, entry: Entry) -> tuple[bytes, ...]:
        kept = self._kept.get(entry.id)
        if kept is None or (kept[0] is not entry and kept[0] != entry):
            kept = self._write(entry)
        return kept[1][row.key]

    def _write(self, entry: Entry) -> tuple[Entry, dict[str, tuple[bytes, ...]]]:
        """Write an entry in every format: each list has its feed in all of them."""
        if old := self._kept.pop(entry.id, None):
            self._room += _size(old[1])
        made: Ready = ready(entry, self._prose(entry) if entry.prose else "")
        written = entry, {key: row.entry(made) for key, row in self._formats.items()}
        self._room -= _size(written[1])
        while self._room < 0 and self._kept:
            self._room += _size(self._kept.pop(next(iter(self._kept)))[1])
        self._kept[entry.id] = written
        return written


def _size(pieces: dict[str, tuple[bytes, ...]]) -> int:
    return sum(len(part) for part in {id(part): part for piece in pieces.values() for part in piece}.values())
