"""The marks of structure inside a block that the draft's own Markdown stands for: bullets, ``#``, ``>``, fences."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import Block, Seed

BULLETS = "-*+•‣◦▪●·–—→"
"""List markers that Markdown's own hyphen stands for. Numbers and letters are words, and stay."""

_ITEM = re.compile(rf"[ \t]*[{re.escape(BULLETS)}][ \t]+")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_STARRED = re.compile(r"\w[.,;:”\")]?\*(?!\w)")
_QUOTE = re.compile(r"^[ \t]*>+[ \t]?", re.MULTILINE)
_FENCE = re.compile(r"^[ ]{0,3}(?:`{3,}|~{3,})[^\n]*(?:\n|$)", re.MULTILINE)


def spans(block: Block, seed: Seed) -> Iterator[tuple[int, int]]:
    """Yield the spans of a block's marks, in the order of the text."""
    at = block.start
    if block.kind == "item":
        if (match := _ITEM.match(block.text)) and not _footnote(block, seed):
            yield at, at + match.end()
    elif seed.format != "markdown":
        return
    elif block.kind in {"title", "heading"}:
        for match in (_HEADING.match(block.text), _CLOSING.search(block.text)):
            if match:
                yield at + match.start(), at + match.end()
    elif block.kind in {"quote", "code"}:
        for match in (_QUOTE if block.kind == "quote" else _FENCE).finditer(block.text):
            yield at + match.start(), at + match.end()


def _footnote(block: Block, seed: Seed) -> bool:
    """Whether a star is the mark of a note: no other item stands beside it, and a word above carries one."""
    if not block.text.startswith("*"):
        return False
    at = bisect_left(seed.blocks, block.start, key=_start)
    beside = (*seed.blocks[max(0, at - 1) : at], *seed.blocks[at + 1 : at + 2])
    return (
        not any(other.text.startswith("* ") for other in beside)
        and _STARRED.search(seed.text, 0, block.start) is not None
    )


def _start(block: Block) -> int:
    return block.start


def without(block: Block, seed: Seed) -> str:
    """Return the block's text without its marks."""
    text, out, at = seed.text, [], block.start
    for start, end in spans(block, seed):
        out.append(text[at:start])
        at = end
    return "".join((*out, text[at : block.end]))


def cut(stretches: list[tuple[int, int]], block: Block, seed: Seed) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a block without its marks."""
    marks = list(spans(block, seed))
    for start, end in stretches:
        at = start
        for first, last in marks:
            if first >= end or last <= at:
                continue
            if first > at:
                yield at, first
            at = max(at, last)
        if at < end:
            yield at, end
