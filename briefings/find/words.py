"""Words run together (``disasterthat``): told by a word list, shown with both spellings."""

from __future__ import annotations

from collections.abc import Iterator


def glued(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield ``(as printed, as two words)`` for what looks like two words of English without the space between."""
    del text, start, end
    yield from ()
