"""Digests of many files, packed: as bytes, since a hundred thousand small strings take more memory than pages."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, MutableMapping
from struct import Struct
from typing import TYPE_CHECKING

from briefings.library import Digests
from briefings.state import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW = Struct("<32s16s16s16s8sI")
"""The fields of :class:`briefings.library.Digests` in their order."""
_new = tuple.__new__
"""Makes a named tuple in a third of the time that its own constructor takes."""


class Packed(Mapping[str, Digests]):
    """Digests by the path of a briefing's file: one block, which processes that are forked share as it is."""

    __slots__ = ("_numbers", "_places", "_rows")

    def __init__(self, numbers: Mapping[str, int]) -> None:
        """Hold none yet.

        Args:
            numbers: of the files, by path, none of them less than 1; looked at when a path is asked for.
        """
        self._numbers = numbers
        self._rows = bytearray()
        self._places = array("I")
        """By number: where its row is, counted from 1; 0: there is none."""

    def put(self, path: str, found: Digests) -> None:
        """Hold the digests of a file that has a number.

        Raises:
            ValueError: a digest is not what it should be.
        """
        file, card, order, member, words, size = found
        row = [bytes.fromhex(text) for text in (file, card, order, member, words)]
        if [len(part) for part in row] != _LENGTHS:
            raise ValueError(f"other digests: {path}")
        number = self._numbers[path]
        if number >= len(self._places):
            self._places.extend(bytes(number + 1024 - len(self._places)))
        self._rows += _ROW.pack(*row, size)
        self._places[number] = len(self._rows) // _ROW.size

    def __getitem__(self, path: str) -> Digests:
        number = self._numbers[path]
        place = self._places[number] if number < len(self._places) else 0
        if not place:
            raise KeyError(path)
        end = place * _ROW.size
        row = self._rows[end - _ROW.size : end]
        text = row.hex()  # at once, which is faster than one by one
        parts = text[:64], text[64:96], text[96:128], text[128:160], text[160:176], int.from_bytes(row[-4:], "little")
        return _new(Digests, parts)

    def __iter__(self) -> Iterator[str]:
        places = self._places
        return (path for path, number in self._numbers.items() if number < len(places) and places[number])

    def __len__(self) -> int:
        return sum(1 for _ in self)


_LENGTHS = [32, 16, 16, 16, 8]


class Rows(MutableMapping[str, Row]):
    """Rows of the manifest by the path of an output."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        """Hold none yet."""
        self._rows: dict[str, bytes | Row] = {}

    def __setitem__(self, path: str, row: Row) -> None:
        try:
            made, found = bytes.fromhex(row.sha256), bytes.fromhex(row.fingerprint)
        except ValueError:
            made = found = b""
        whole = len(made) == len(found) == 32 and made.hex() == row.sha256 and found.hex() == row.fingerprint
        # What would not come back as it was, such as a file that was begun and not finished, stays as it is.
        if whole and row.size >= 0:
            self._rows[path] = _OUTPUT.pack(made, found, row.size) + row.note.encode("utf-8", "surrogatepass")
        else:
            self._rows[path] = row

    def __getitem__(self, path: str) -> Row:
        found = self._rows[path]
        return _row(found) if found.__class__ is bytes else found  # type: ignore[return-value]

    def __delitem__(self, path: str) -> None:
        del self._rows[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, path: object) -> bool:
        return path in self._rows


_OUTPUT = Struct("<32s32sQ")


def _row(packed: bytes) -> Row:
    sha256, fingerprint, size = _OUTPUT.unpack_from(packed)
    return Row(sha256.hex(), fingerprint.hex(), size, packed[_OUTPUT.size :].decode("utf-8", "surrogatepass"))
