"""Plain text to blocks: where a paragraph ends, which lines were only wrapped, what is a list.

A text that was wrapped by hand at 60 to 110 characters has lines that are *full*: the next line's first word would not
have fitted. Only after such a line may a paragraph go on; every other line end is meant. (The rule of format=flowed
readers turned round, RFC 3676 being unknown to those who paste.)
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from briefings.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦▪●·–—→]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
"""A list marker. The dashes count only with a space after them: ``-30-`` and ``–5 °C`` are text."""

WIDEST = 120
"""No paragraph is wrapped by hand at more than that."""

_STOPPED = re.compile(r"[.!?:…][\"”’')\]]*$")
_WORD = re.compile(r"\S+")
_OWN_LINE = re.compile(
    r"[ \t]*(?:(?:By|BY|Par|Por)[ \t]+\S|[A-Z][A-Za-z ]{2,18}:[ \t]+\S|©|\(c\)|Photo\b|PHOTO\b|#{1,6}[ \t]|>)",
)
"""Lines that never go on a paragraph: bylines, header lines, credits."""


def paragraphs(text: str) -> tuple[Block, ...]:
    """Return the blocks of plain ``text``: kinds ``text`` and ``item``; only white space is left between them."""
    return tuple(_blocks(text, width(text)))


def make(text: str, kind: BlockKind, start: int, end: int, level: int = 0) -> Block | None:
    """Return the block of ``text[start:end]`` without the white space around it, or ``None`` if there is nothing."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Block(kind, text[start:end], start, end, level) if start < end else None


def assemble(parts: Iterable[tuple[BlockKind, str, int]]) -> tuple[str, tuple[Block, ...]]:
    """Join ``(kind, text, level)`` into one text with an empty line between, and return it with its blocks."""
    texts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for kind, raw, level in parts:
        text = raw.strip()
        if text:
            blocks.append(Block(kind, text, at, at + len(text), level))
            texts.append(text)
            at += len(text) + 2
    return "\n\n".join(texts), tuple(blocks)


def width(text: str) -> int:
    """Return the number of characters at which ``text`` was wrapped by hand, or 0 if it was not."""
    lines = [line.strip() for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line.strip())
    if len(lengths) < 2:
        return 0
    widest = lengths[-1]
    if widest > WIDEST:
        # A few long lines (a title, an address) do not unwrap a text whose other lines all end at one margin.
        fitting = [length for length in lengths if length <= WIDEST]
        if len(fitting) < 0.95 * len(lengths) or len(lengths) < 20:
            return 0
        widest = fitting[-1]
    if widest < 45:
        return 0
    # Lines that end sentence after sentence were not wrapped: they are paragraphs that happen to be as long.
    full = [
        here
        for here, there in pairwise(lines)
        if (word := _WORD.search(there)) and len(here) + 1 + len(word[0]) > widest - 6 and len(here) >= 0.6 * widest
    ]
    return widest if sum(not _STOPPED.search(line) for line in full) >= 0.5 * len(full) else 0


def _blocks(text: str, wrapped: int) -> Iterator[Block]:
    lines = list(_lines(text))
    index = 0
    while index < len(lines):
        start, end = lines[index]
        kind: BlockKind = "item" if ITEM.match(text, start, end) else "text"
        last = index
        while wrapped and last + 1 < len(lines) and _goes_on(text, lines[last], lines[last + 1], wrapped):
            if kind == "text" and _indented(text, lines, last + 1):
                break
            last += 1
        if block := make(text, kind, start, lines[last][1]):
            yield block
        index = last + 1


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line, the empty ones too: they keep paragraphs apart."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _goes_on(text: str, line: tuple[int, int], after: tuple[int, int], wrapped: int) -> bool:
    here, there = text[slice(*line)].strip(), text[slice(*after)]
    word = _WORD.search(there)
    if not here.strip() or not word or ITEM.match(there) or _OWN_LINE.match(there):
        return False
    # Slack for a word that was wrapped one early, and for the indentation of the first line.
    return len(here) + 1 + len(word[0]) > min(wrapped, WIDEST) - 6 and len(here) >= 0.6 * wrapped


def _indented(text: str, lines: list[tuple[int, int]], index: int) -> bool:
    """Whether a line begins a paragraph by standing further in than the line after it, or, as the last, before it."""
    here = _indent(text, lines[index])
    if index + 1 < len(lines) and text[slice(*lines[index + 1])].strip():
        return here > _indent(text, lines[index + 1])
    return here > _indent(text, lines[index - 1])


def _indent(text: str, line: tuple[int, int]) -> int:
    content = text[slice(*line)]
    return len(content) - len(content.lstrip())
