"""The headline: a stated title, or the first line that looks like one; wire slugs are taken off and kept as notes."""

# ruff: noqa: E501 - a pattern is read best on one line

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
_TICKER = re.compile(r"<[ \t]?[A-Za-z0-9.]{1,10}[ \t]?>")
_OMITTED = re.compile(r"\[(?:(?:PASSAGE|WORDS?|PORTIONS?) (?:OMITTED|INDISTINCT)|[Pp]assage omitted)\]")
_BYLINE = re.compile(
    rf"(?P<mark>[ \t]*[|–—][ \t]*|[ \t]+-[ \t]+|,?[ \t]+)By[ \t]+(?P<author>{bylines.PERSONS})"
    r"(?:[ \t]*[,|/–—][ \t]*(?P<source>[A-Z\u00c0-\u00de][\w’'.&-]*(?:[ \t][A-Z\u00c0-\u00de&][\w’'.&-]*){0,4}))?[ \t]*$"
)
_MADE = re.compile(
    r"(?:\w+(?:ed|en|wn|ne|aught|ought|ung|uck)|hit|cut|put|set|led|held|sold|told|made|sent|won|lost|shot|book|novel|film|album|songs?|play|paintings?"
    r"|poems?|letter|speech|essay|report|study|attack|win|visit|works?|remarks|statement|photos?|pictures?|raid|strike|move|bid|plan|call)$",
    re.IGNORECASE,
)
"""Words after which ``By`` says who did or made something: ``Struck By Hurricane Maria``."""
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
    end = _take_byline(layout, start, end)
    if tail := _TAIL.search(text, max(start, end - LONGEST), end):
        if span := trim(text, tail.start(), end):
            layout.add(Part(*span, "slug", "note on the headline", "slug"))
        end = tail.start()
    for pattern, reason in ((_TICKER, "ticker symbol"), (_OMITTED, "omission mark")):
        for match in pattern.finditer(text, start, end):
            if span := trim(text, match.start(), match.end()):
                layout.add(Part(*span, "slug", reason, "slug"))
    for span in list(layout.gaps(start, end)):
        layout.add(Part(*span, "title", "headline", "title-block" if titles else "first-line"))


def _take_byline(layout: Layout, start: int, end: int) -> int:
    """Mark the byline that a title line ends with (``Ferry aground By Jane Roe``); return where the title ends.

    Without a mark between, the name has to begin with somebody's first name, and the word before it must not be one
    that needs a doer.
    """
    text = layout.seed.text
    match = _BYLINE.search(text, max(start, end - LONGEST), end)
    if match is None or len(text[start : match.start()].split()) < 3 or text[start:end].isupper():
        return end
    if not match["mark"].strip(" \t,"):
        before = text[start : match.start()].split()[-1]
        if _MADE.search(before.strip("’'\"”)")) or not is_first_name(match["author"].split()[0]):
            return end
    fields = tuple((name, *match.span(name)) for name in ("author", "source") if match[name])
    span = trim(text, match.start(), end)
    if span:
        layout.add(Part(*span, "byline", "byline", "byline", fields))
    return match.start()


def is_first_name(word: str) -> bool:
    """Whether a word is somebody's first name."""
    from briefings.find.gazetteer import entry, key  # noqa: PLC0415 - opened only by the title that asks

    known = entry(key(word))
    return known is not None and "g" in known.flags


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


_BOUND = re.compile(
    r"(?<=[\w)\]”\"’?])[ \t]+(?=(?:The|This|These|An?|It|They|We|As|After|More|Many|Some|Since|When|While|There|Its|Our|Le|La|Les|Cette?|Un|Une|El|Los|Las|Una|Este|Esta)[ ]\w*[a-zà-ÿ]|(?:On|In|At|En|El|Le)[ ](?:\d|[a-z])"
    r"|\d{1,2}(?:st|nd|rd|th)?[ ][A-Z][a-zé]{2,8},?[ ]\d{4})"
)
"""Where a sentence begins that has no full stop before it."""
_OPEN = re.compile(
    r"(?<!\w)(?:of|the|an?|in|on|at|to|for|and|or|by|from|with|that|as|than|is|are|was|were|de|du|des|la|le|les|el|los|las|en|y|et|à|au|por|para|que|del|con|par|pour)$",
    re.IGNORECASE,
)
"""Words that no headline ends with."""
NEXT = 6
"""Words after such a place; most of them are in small letters in a sentence, and not in a headline."""


def glued(layout: Layout) -> str:
    """Return the words at the head of the first paragraph that are likely a headline run together with it, or
    nothing. They are only proposed: where the headline ends is for a person to say.
    """
    block = next((block for _, block in layout.open_blocks() if block.kind == "text"), None)
    if block is None or block.start > 200 or len(block.text) < LONGEST or block.text[:60].isupper():
        return ""
    for match in _BOUND.finditer(block.text, 20, LONGEST):
        head, tail = block.text[: match.start()], block.text[match.end() :]
        after = tail.split()[1 : NEXT + 1]
        if _SEVERAL.search(head) or "\n" in head:
            return ""
        if _OPEN.search(head):
            continue
        if len(head.split()) >= 4 and sum(word[:1].islower() for word in after) >= NEXT // 2:
            return _join(head)
    return ""


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
