"""Markdown: headings, lists, quotations and code keep their kind; front matter becomes header lines."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from briefings.model import Seed
from briefings.seeds import blocks
from briefings.seeds.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import Block

_SUFFIX = re.compile(r"\.(?:md|markdown|mdown)$", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
_BREAK = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}$")


def sniff(name: str, head: bytes) -> bool:  # noqa: ARG001 - nothing in the text itself tells Markdown from text
    """A name that ends in ``.md``."""
    return bool(_SUFFIX.search(name))


def read(name: str, data: bytes) -> Seed:
    """Return the seed of a Markdown file.

    Raises:
        SeedError: empty, binary or not decodable.
    """
    text, notes = decode(data, name)
    return Seed(name, "markdown", sha256(data).hexdigest(), text, tuple(_blocks(text)), notes=notes)


def _blocks(text: str) -> Iterator[Block]:
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    index = 0
    titled = False
    if lines[0][1].strip() == "---":
        end = next((number for number in range(1, len(lines)) if lines[number][1].strip() in {"---", "..."}), 0)
        for start, line in lines[: end + 1] if end else ():
            if block := blocks.make(text, "header", start, start + len(line)):
                yield block
        index = end + 1 if end else 0
    while index < len(lines):
        start, line = lines[index]
        if not line.strip():
            index += 1
            continue
        last = index
        level = 0
        if fence := _FENCE.match(line):
            kind = "code"
            last = next(
                (n for n in range(index + 1, len(lines)) if lines[n][1].strip().startswith(fence[1])), len(lines) - 1
            )
        elif heading := _HEADING.match(line):
            kind = "title" if len(heading[1]) == 1 and not titled else "heading"
            titled, level = True, max(2, len(heading[1]))
        elif item := _ITEM.match(line):
            kind, level = "item", len(item[1].expandtabs(4)) // 2
            last = _run(lines, index, stop=_ITEM)
        elif line.lstrip().startswith(">"):
            kind = "quote"
            last = _run(lines, index, stop=None)
        else:
            kind = "text"
            last = _run(lines, index, stop=_ITEM)
        if block := blocks.make(text, kind, start, lines[last][0] + len(lines[last][1]), level):  # type: ignore[arg-type]
            yield block
        index = last + 1


def _run(lines: list[tuple[int, str]], index: int, stop: re.Pattern[str] | None) -> int:
    """The last line of a paragraph that begins at ``index``."""
    last = index
    while last + 1 < len(lines) and lines[last + 1][1].strip():
        line = lines[last + 1][1]
        if (stop and stop.match(line)) or _HEADING.match(line) or _FENCE.match(line) or _BREAK.match(line):
            break
        last += 1
    return last
