"""The headline: a stated title, or the first line that looks like one; wire slugs are taken off and kept as notes."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from briefings.find import bylines, dateline, days, image, key_points, markers
from briefings.find.key_points import fold
from briefings.find.layout import Layout, Part, trim
from briefings.model import Evidence, Finding

if TYPE_CHECKING:
    from briefings.model import Block

LONGEST = 180
"""Characters of a headline. Longer first paragraphs are text."""

_SLUG = re.compile(
    r"(?:(?:UPDATE|WRAPUP|RPT|REFILE|CORRECTED|CORRECTION|EXCLUSIVE|FEATURE|ANALYSIS|FACTBOX|INTERVIEW|INSIGHT|URGENT|BREAKING|"
    r"ADVISORY|CORRECCIÓN|URGENTE|DERNIÈRE MINUTE)(?:[ \t]\d{1,2})?(?:[ \t]?[-–—:][ \t]?|/)"
    r"|(?:TALKING POINT|ECONOMIC SPOTLIGHT|TOP NEWS|WALL STREET STOCKS|SPOTLIGHT)(?:/|[ \t][-–—][ \t])"
    r"|\[(?:TEXT|REPORT|EXCERPTS?|EDITORIAL|UPDATE|CORRECTED)\][ \t]*)+",
)
_TAIL = re.compile(
    r"(?:[ \t]*(?:\((?:excerpts?|updated|corrected|repeat)\)|\[(?:[A-Z]{2}(?:[/,] ?[A-Z]{2})*|excerpts?)\]))+$",
    re.IGNORECASE,
)
_TICKER = re.compile(r"[ \t]*<[ \t]?[A-Za-z0-9.]{1,10}[ \t]?>")
_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!\b(?:[A-Z][a-z]|no|vs))\.[\"”’)]*$")
_SEVERAL = re.compile(r"(?<=[a-z]{3})[.!?][\"”’)]?[ \t\n]+[A-Z“\"]")


def mark(layout: Layout) -> None:
    """Mark the headline, its slugs, and the line that repeats it."""
    text = layout.seed.text
    titles = [block for _, block in layout.open_blocks() if block.kind == "title"]
    known = [text[start:end] for part in layout.of("header") for start, end in part.spans("title")]
    known += [item.value for item in layout.seed.stated if item.name == "title"]
    block = titles[0] if titles else _candidate(layout)
    if block is None or (known and not titles and not any(_same(block.text, title) for title in known)):
        return
    start, end = block.start, block.end
    for first, last in markers.spans(block, layout.seed):
        start, end = (last, end) if first == start else (start, first)
    if slug := _SLUG.match(text, start, end):
        layout.add(Part(start, slug.end(), "slug", "slug of the wire", "slug"))
        start = slug.end()
    if tail := _TAIL.search(text, start, end):
        if span := trim(text, tail.start(), end):
            layout.add(Part(*span, "slug", "note on the headline", "slug"))
        end = tail.start()
    for ticker in _TICKER.finditer(text, start, end):
        if span := trim(text, ticker.start(), ticker.end()):
            layout.add(Part(*span, "slug", "ticker symbol", "slug"))
    for span in list(layout.gaps(start, end)):
        layout.add(Part(*span, "title", "headline", "title-block" if titles else "first-line"))


def _same(line: str, stated: str) -> bool:
    """Whether a line says what was stated; a page's title element has the paper's name after a bar or a dash."""
    one, other = fold(line), fold(stated)
    return bool(one) and (one == other or (other.startswith(one) and len(one) >= 12))


def _candidate(layout: Layout) -> Block | None:
    """Return the first block if it reads like a headline and text follows."""
    blocks = [block for _, block in islice(layout.open_blocks(), 4)]
    while len(blocks) > 1 and (len(blocks[0].text) < 40 and days.read(blocks[0].text.removeprefix("as of "))):
        blocks.pop(0)  # a date above the headline
    if len(blocks) < 2:
        return None
    block = blocks[0]
    if block.kind == "heading":
        return block
    content = block.text.strip()
    if (
        block.kind != "text"
        or len(content) > LONGEST
        or (content.endswith(".") and _SENTENCE_END.search(content) and len(content) > 60)
        or _SEVERAL.search(content)
        or not any(character.isalpha() for character in content)
        or dateline.matches(layout.seed.text, block)
        or bylines.matches(content)
        or key_points.is_label(content)
        or image.is_caption(content)
    ):
        return None
    return block


def find(layout: Layout) -> Finding[str] | None:
    """Return the headline, slugs taken off; ``None`` if there is none."""
    text = layout.seed.text
    if parts := list(layout.of("title")):
        evidence = tuple(Evidence(text[part.start : part.end], part.start, part.end) for part in parts)
        if value := _join(" ".join(item.text for item in evidence)):
            return Finding(value, "stated", parts[0].rule, evidence)
    for part in layout.of("header"):
        for start, end in part.spans("title"):
            return Finding(_join(text[start:end]), "stated", "header", (Evidence(text[start:end], start, end),))
    for item in layout.seed.stated:
        if item.name == "title" and item.value.strip():
            return Finding(_join(item.value), "stated", "metadata", (Evidence(item.value, origin=item.origin),))
    return None


def _join(words: str) -> str:
    return re.sub(r"\s+([,;:.])", r"\1", " ".join(words.split()))
