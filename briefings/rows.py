"""Sorted lines as they stand in one file, of which few are asked for and few change: searched and spliced as bytes.

To cut a hundred thousand lines apart takes longer than to read them, and longer than most edits.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Rows:
    """Lines, each with what separates it from the next one; no two begin with one name, by which they are found.

    What is called the beginning of a line ends with something that no name has in it, so that none begins another.
    """

    def __init__(self, data: bytes, first: int, end: int, between: bytes) -> None:
        """Take lines as they are.

        Args:
            data: where they are.
            first: the first byte of the first line.
            end: the byte after the last line, which nothing separates from what comes then.
            between: what separates lines; it ends with a line feed, which is not in them.
        """
        self._data, self._first, self._end, self._between = data, first, end, between
        self._changes: dict[bytes, bytes] = {}
        """Lines by their beginnings; an empty one is taken away."""

    def find(self, start: bytes) -> bytes:
        """The line with a beginning, as it is now; empty if there is none."""
        return self._changes[start] if start in self._changes else self.first(start)

    def first(self, start: bytes) -> bytes:
        """The first of the lines that were taken that begins so; empty if there is none."""
        return self._data[slice(*self._place(start))].removesuffix(self._between)

    def put(self, start: bytes, line: bytes) -> None:
        """Change the line with a beginning, add it, or (an empty one) take it away."""
        self._changes[start] = line

    @property
    def changed(self) -> bool:
        """Whether a line is another one now."""
        return any(self.first(start) != line for start, line in self._changes.items())

    def _place(self, start: bytes) -> tuple[int, int]:
        """Where the first line that begins so is, or belongs: its first byte, and the one after it."""
        data, low, high = self._data, self._first, self._end
        while low < high:  # both are where a line begins, or the end
            middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            if data[middle : middle + len(start)] < start:
                low = self._after(middle)
            else:
                high = middle
        return low, self._after(low) if data.startswith(start, low, self._end) else low

    def _after(self, line: int) -> int:
        """Where the next line begins."""
        found = self._data.find(b"\n", line, self._end)
        return found + 1 if found >= 0 else self._end

    def pieces(self) -> Iterator[bytes | memoryview]:
        """All lines as they are now."""
        data, last, between = memoryview(self._data), self._first, self._between
        more = b""
        """What is to stand before the next piece."""
        for start, line in sorted(self._changes.items()):
            first, after = self._place(start)
            if first > last:
                yield more
                ended = data[first - 1] == ord("\n")  # else it is the end of all
                yield data[last : first - ended * len(between)]
                more = between
            if line:
                yield more
                yield line
                more = between
            last = after
        if last < self._end:
            yield more
            yield data[last : self._end]


def ended(data: bytes) -> Rows:
    """Lines that end with a line feed, the last one too; an empty text has none."""
    return Rows(data, 0, max(0, len(data) - 1), b"\n")


def joined(rows: Rows) -> bytes:
    """The same as they are now."""
    lines = b"".join(rows.pieces())
    return lines + b"\n" if lines else b""
