"""Faults that scraping left in a text: pointed at with both spellings, never corrected."""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefings.find.layout import Layout

_ASTERISK = re.compile(r"(?P<words>[\w’'“”\"),.!?]*[\w.”\")!?])\*(?=\s|$)")
_FOOTNOTE = re.compile(r"^[ \t]*\*+[ \t]?\w", re.MULTILINE)
_NO_SPACE = re.compile(r"(?<=[a-z]{4})(?P<stop>[.!?][”\"]?)(?P<right>[A-Z][a-z]+)\b(?![.@/]\w)")
_NO_SPACE_COMMA = re.compile(r"(?<=[a-z]{2})(?P<stop>[,;])(?P<right>[a-z]{2,})\b(?![.@/]\w)")
_LEFT = re.compile(r"(?<![\w@/.:=&#-])[A-Za-z’'-]+$")
_OMITTED = re.compile(
    r"\[(?:(?:PASSAGE|WORDS?|PORTIONS?|SENTENCES?|PARAGRAPHS?|NAMES?)[ \n](?:OMITTED|INDISTINCT|MISSING|GARBLED)|INDISTINCT|SNIP|passage omitted|"
    r"(?:[Ww]ords?|[Pp]ortions?|[Nn]ames?)[ \n](?:omitted|indistinct|missing)|[Pp]assage[ \n]omitted|extrait|fragmento omitido|passage coupé)\]"
)
"""What a monitoring service or an editor puts where words are missing. It stays in the body: without it the text would
seem whole."""
LONGEST = 40
"""Characters of a word that are looked back for."""
MOST = 6
"""Questions about glitches in one text; a text with more has one fault throughout."""


def find(layout: Layout, lang: str) -> tuple[str, ...]:
    """Return questions about likely glitches, each a sentence that begins with ``text: ``."""
    from briefings.find import words  # noqa: PLC0415 - the word list is read only when a text is looked at

    text = layout.seed.text
    asterisks = "*" in text and layout.seed.format != "markdown" and not _FOOTNOTE.search(text)
    found: dict[str, str] = {}
    for start, end in _own(layout):
        for match in _ASTERISK.finditer(text, start, end) if asterisks else ():
            opened = text.rfind("*", max(start, match.start() - 80), match.end() - 1) >= 0
            if not opened:
                shown = f"{match['words']}*"
                asked = f'text: "{shown}" ends with an asterisk, but there is no note to it. Is a footnote missing?'
                found.setdefault(shown, asked)
        for pattern in (_NO_SPACE, _NO_SPACE_COMMA):
            for match in pattern.finditer(text, start, end):
                left = _LEFT.search(text[max(start, match.start() - LONGEST) : match.start()])
                if left:
                    shown = f"{left[0]}{match[0]}"
                    better = f"{left[0]}{match['stop']} {match['right']}"
                    found.setdefault(shown, f'text: "{shown}" may lack a space. Is it "{better}"?')
        if lang.startswith("en"):
            for shown, better in words.glued(text, start, end):
                found.setdefault(shown, f'text: "{shown}" may be two words run together. Is it "{better}"?')
    omitted = [match[0] for start, end in _own(layout) for match in _OMITTED.finditer(text, start, end)]
    if omitted:
        said = " ".join(omitted[0].split())
        times = f", {len(omitted)} times" if len(omitted) > 1 else ""
        found[said] = f'text: "{said}"{times} says that words of the original are left out. Is the text whole enough?'
    questions = list(found.values())
    if len(questions) > MOST:
        rest = len(questions) - MOST
        questions = [*questions[:MOST], f"text: {rest} more places look as if a space were missing. Is the text whole?"]
    return tuple(questions)


def _own(layout: Layout) -> list[tuple[int, int]]:
    spans = [span for block in layout.seed.blocks if block.kind != "code" for span in layout.free(block)]
    spans += [(part.start, part.end) for part in layout.of("title", "point")]
    return sorted(spans)
