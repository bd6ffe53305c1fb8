"""When the original was published, read from anchored places only: metadata, header lines, datelines, date lines, titles.

A date inside the text is the date of an event. Nothing is completed: day and month without a year stay ``--03-09``
(status ``partial``), and a text without a date is ``undated``, which is a value, with the weekdays it names as hints.
A reading that is doubtful has status ``ambiguous``: it is shown to the editor, asked about, and not to be published
before the answer; one that cannot be read at all keeps its words as evidence and has no value.
"""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefings.find import days
from briefings.find.days import Day
from briefings.model import Evidence, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from briefings.find.layout import Layout

_ENGLISH_DAYS = "|".join(f"{name}|{name.upper()}" for name in days.WEEKDAY_NAMES)
_OTHER_DAYS = "|".join(name for names in days.WEEKDAYS for name in names if name[:3] != names[0][:3])
_RELATIVE = ["yesterday", "today", "tonight", "tomorrow", "hier", "demain", "ayer", "hoy", "anoche"]
_HINT = re.compile(
    rf"\b(?P<words>(?:{_ENGLISH_DAYS}|{_OTHER_DAYS})(?:[ \n]+(?:morning|afternoon|evening|night|midday|noon|matin|soir|noche|tarde|MORNING|AFTERNOON|EVENING|NIGHT|مساء|صباح))?"
    rf"|{'|'.join(f'{word}|{word.capitalize()}' for word in _RELATIVE)}|last (?:week|month|night|year)|Last (?:week|month|night|year)|aujourd['’]hui|أمس|غدا)\b",
)
_KIND = r"(?:bulletin|reports?|update|sitrep|fact ?sheet|newsletter|no\.|n[°º]|#|issue|brief(?:ing)?|snapshot|digest|overview|summary|dashboard|rapport|boletín|informe|bulletin d['’]information|note|communiqué|نشرة|تقرير)"
_TITLE_TAIL = re.compile(
    rf"(?:^|(?P<asof>\((?:as of|as at|au|al|updated|mise à jour|a)[ ]+(?:[^()]*?[ ,])?)|(?P<open>\()|(?P<dash>[ ](?:[-–—|]|[–—:])[ ])|(?P<comma>,[ ])|(?P<space>[ ]))(?:du[ ]|de[ ]|del[ ])?(?P<when>{days.ANY}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}})\)?[ ]*(?:\[[A-Z/, ]{{2,20}}\])?$",
    re.IGNORECASE,
)
_AS_OF = re.compile(
    rf"\((?:as of|as at|au|al|situation au)[ ]+(?:[^()]{{0,24}}?[ ,])??(?P<when>{days.ANY})[^()]{{0,20}}\)",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:updated|modified|mise? à jour|actualizad[oa])[ ]?(?:on)?[ ]?:?[ ]*$", re.IGNORECASE)
_KINDS = re.compile(rf"(?<!\w){_KIND}(?!\w)", re.IGNORECASE)


def find(layout: Layout, today: date | None = None) -> tuple[Finding[str | None], tuple[str, ...]]:
    """Return the date and questions about it, each a sentence that begins with ``date: ``.

    ``today`` is the day of the import: a later date is withheld. Without it nothing is taken for future.
    """
    # A place that can be read comes before one that cannot; else the order of trust holds.
    found = sorted(_anchored(layout), key=_unread)
    questions: list[str] = []
    hints = _hints(layout)
    updated = [
        Evidence(layout.seed.text[s:e], s, e) for part in layout.of("header", "times") for s, e in part.spans("updated")
    ]
    updated += [Evidence(item.value, origin=item.origin) for item in layout.seed.stated if item.name == "updated"]
    if not found:
        made = [Evidence(item.value, origin=item.origin) for item in layout.seed.stated if item.name == "created"]
        questions.append(_undated(hints, updated, made))
        return Finding(None, "undated", "no-date", (), None, (*hints, *updated, *made)), tuple(questions)
    rule, day, evidence = found[0]
    doubt = day.doubt
    value = day.value
    if value and today and _after(value, today):
        doubt, value = f'"{day.text}" is later than today', None
    if doubt:
        ask = f" Is it {value}?" if value else " When was it published? Leave it empty for undated."
        questions.append(f"date: {doubt}.{ask}")
        return Finding(value, "ambiguous", rule, (evidence,), None, hints), tuple(questions)
    # An anchor that says the same more fully is the better one: "Dec 12" in the dateline, the whole date above it.
    for other_rule, other, other_evidence in found[1:]:
        if (
            other.value
            and not other.doubt
            and value
            and _fuller(other.value, value)
            and not (today and _after(other.value, today))
        ):
            rule, value, evidence = other_rule, other.value, other_evidence
    others = sorted({other.value for _, other, _ in found if other.value and not _agree(other.value, value or "")})
    if others:
        questions.append(
            f"date: the {_place(rule)} says {value}, but another place says {' and '.join(others)}. Which is right?"
        )
        return Finding(value, "ambiguous", rule, (evidence,), None, hints), tuple(questions)
    partial = value is not None and value.startswith("--")
    if partial:
        questions.append(
            f'date: the {_place(rule)} says "{day.text}" without a year. Which year? Leave it empty for undated.'
        )
    return Finding(value, "partial" if partial else "stated", rule, (evidence,), None, hints if partial else ()), tuple(
        questions
    )


def _place(rule: str) -> str:
    return {"metadata": "page's own data", "header": "header", "title": "title"}.get(rule, rule.replace("-", " "))


def _agree(one: str, other: str) -> bool:
    """Whether one says the same as the other, or less."""
    a, b = one.removeprefix("-"), other.removeprefix("-")
    return (
        a.startswith(b)
        or b.startswith(a)
        or (one.startswith("--") and other.endswith(one[1:]))
        or (other.startswith("--") and one.endswith(other[1:]))
    )


def _fuller(one: str, other: str) -> bool:
    return len(one) > len(other) and _agree(one, other)


def _unread(anchor: tuple[str, Day, Evidence]) -> bool:
    return anchor[1].value is None


def _after(value: str, today: date) -> bool:
    return not value.startswith("--") and value > today.isoformat()[: len(value)]


def _anchored(layout: Layout) -> Iterator[tuple[str, Day, Evidence]]:
    """Yield what anchored places say, in the order of trust."""
    text = layout.seed.text
    for item in layout.seed.stated:
        if item.name == "date":
            day = _metadata(item.value)
            if day:
                yield "metadata", day, Evidence(item.value, origin=item.origin)
    for role in ("header", "times", "dateline", "date"):
        for part in layout.of(role):
            for start, end in part.spans("date"):
                words = text[start:end]
                day = _in(text, start, end) or Day(None, words, start, end, f'"{words}" cannot be read as a date')
                yield part.rule, day, Evidence(text[day.start : day.end], day.start, day.end)
    yield from _title(layout)


def _in(text: str, start: int, end: int) -> Day | None:
    return next(days.search(text, start, end), None)


_MAIL = re.compile(r"(?:[A-Z][a-z]{2},\s+)?(\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4})\b")


def _metadata(value: str) -> Day | None:
    """The calendar day that a meta tag or a mail header prints, in the zone it prints; never moved to another."""
    if match := _MAIL.match(value.strip()):
        return days.read(match[1])
    found = next(days.search(value[:100]), None)
    return found if found and found.start <= 12 else None


def _title(layout: Layout) -> Iterator[tuple[str, Day, Evidence]]:
    """The date a title ends with, when the title names a kind of document, says "as of", or is marked as an excerpt of
    one; else it is an event's.
    """
    text = layout.seed.text
    spans = [(part.start, part.end) for part in layout.of("title")]
    spans += [span for part in layout.of("header") for span in part.spans("title")]
    if not spans:
        return
    start, end = spans[0][0], spans[-1][1]
    for as_of in _AS_OF.finditer(text, start, end):
        if (day := _in(text, *as_of.span("when"))) and not (day.value or "").startswith("--"):
            yield "title", day, Evidence(text[day.start : day.end], day.start, day.end)
            return
    match = _TITLE_TAIL.search(text, start, end)
    said = list(days.search(text, start, end))
    if not match or not said or said[-1].end < match.end("when") or (said[-1].value or "").startswith("--"):
        return
    day = said[-1]
    if _UPDATED.search(text[start : day.start]):
        return
    excerpt = any(part.start >= end and "excerpt" in text[part.start : part.end].lower() for part in layout.of("slug"))
    if day.start == start or match["asof"] or _KINDS.search(text, start, end) or match["dash"] or excerpt:
        yield "title", day, Evidence(text[day.start : day.end], day.start, day.end)


def _hints(layout: Layout) -> tuple[Evidence, ...]:
    """The weekdays and days told from "now", each once, in the order of the text."""
    text = layout.seed.text
    seen: dict[str, Evidence] = {}
    for block in layout.seed.blocks:
        for match in _HINT.finditer(text, block.start, block.end):
            words = match["words"]
            key = " ".join(words.casefold().split())
            seen.setdefault(key, Evidence(words, match.start("words"), match.end("words")))
    return tuple(seen.values())


def _undated(hints: tuple[Evidence, ...], updated: list[Evidence], made: list[Evidence]) -> str:
    if updated:
        return f'date: the text says only when it was updated ("{updated[0].text}"). When was it published? Leave it empty for undated.'
    if made and not hints:
        return f'date: the text names no date; its file was made "{made[0].text}". When was it published? Leave it empty for undated.'
    if not hints:
        return "date: the text names no date. When was it published? Leave it empty for undated."
    full = [hint for hint in hints if " " in hint.text] or list(hints)
    names = [f'"{" ".join(hint.text.split())}"' for hint in full[:2]]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"date: the text names no date, only {listed}. When was it published? Leave it empty for undated."
