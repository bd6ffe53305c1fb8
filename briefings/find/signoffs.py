"""What stands at an article's end: agency lines, filing lines, credits of the desk, biographies, syndication, rights.

A filing line and a credit say where people sat, not where things happened: their places are no evidence of the subject.
"""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from briefings.find import agencies
from briefings.find.bylines import PERSON, PERSONS
from briefings.find.layout import Layout, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import Block

_NAME = r"[A-Z\u00c0-\u00de][\w’'.&/-]*(?:[ ](?:[A-Z\u00c0-\u00de&][\w’'.&/-]*|of|the|and|for|de|des|du|la|le|del|los|y|et))*"
_PLACE = r"[A-Z\u00c0-\u00de][\w’'.-]*(?:[ -][A-Z\u00c0-\u00de][\w’'.-]*){0,3}(?:,[ ][A-Z\u00c0-\u00de][\w’'.-]*(?:[ -][A-Z][\w’'.-]*){0,2})?"
_PLACES = rf"{_PLACE}(?:(?:,[ ]{_PLACE})*,?[ ](?:and|et|y)[ ]{_PLACE})?"
_THING = r"(?:article|story|report|dispatch|piece|reportage|feature|analysis)"
_WHO = rf"(?:(?:The|This)[ ](?:writer|author|reporter|correspondent|journalist)|(?P<author>{PERSONS}))"

_FILING = (
    rf"{_WHO}[ ](?:has[ ])?(?:filed|wrote|reported|sent|contributed)[ ](?:this|the)[ ]{_THING}(?:[ ](?:for|to)[ ](?P<source>{_NAME}?))?[ ](?:from|in)[ ](?P<place>{_PLACE})\.?",
    rf"{_WHO}[ ](?:has[ ])?(?:filed|wrote|reported|sent|contributed)[ ](?:this|the)[ ]{_THING}[ ](?:from|in)[ ](?P<place>{_PLACE})(?:,?[ ](?:for|to)[ ](?P<source>{_NAME}))\.?",
    rf"{_WHO}[ ](?:has[ ])?(?:filed|wrote|reported|sent|contributed)[ ](?:this|the)[ ]{_THING}[ ](?:for|to)[ ](?P<source>{_NAME})\.?",
    rf"{_WHO}[ ](?:filed|reported|wrote)[ ]for[ ](?P<source>{_NAME}?)[ ]from[ ](?P<place>{_PLACE})\.?",
    rf"(?:This|The)[ ]{_THING}[ ]was[ ](?:filed|written|reported|sent)(?:[ ]for[ ](?P<source>{_NAME}?))?[ ](?:from|in)[ ](?P<place>{_PLACE})(?:[ ]for[ ](?P<source2>{_NAME}))?\.?",
    rf"(?P<author>{PERSONS})[ ](?:reported|filed|wrote)[ ](?:this[ ](?:{_THING}[ ])?)?from[ ](?P<place>{_PLACES})\.?",
    rf"(?:This|The)[ ]{_THING}[ ]was[ ](?:filed|written|reported)[ ]for[ ](?P<source>{_NAME})\.?",
    rf"[Ff]iled[ ](?:for[ ](?P<source>{_NAME}?)[ ])?from[ ](?P<place>{_PLACE})(?:[ ]for[ ](?P<source2>{_NAME}))?\.?",
    rf"(?:L['’]auteure?|Notre[ ]correspondante?|(?P<author>{PERSON}))[ ]a[ ](?:envoyé|écrit|rédigé)[ ]cet[ ]article(?:[ ]pour[ ](?P<source>{_NAME}?))?[ ](?:depuis|de|à)[ ](?P<place>{_PLACE})\.?",
    rf"(?:El[ ]autor|La[ ]autora|(?P<author>{PERSON}))[ ](?:envió|escribió|redactó)[ ]este[ ](?:artículo|reportaje)(?:[ ]para[ ](?P<source>{_NAME}?))?[ ]desde[ ](?P<place>{_PLACE})\.?",
    r"(?:أرسل|كتب)[ ](?:الكاتب|المراسل)[ ]هذا[ ](?:المقال|التقرير)(?:[ ](?:لصالح|إلى|ل)[ ]?(?P<source>[\u0621-\u064a]+(?:[ ][\u0621-\u064a]+)?))?[ ]من[ ](?P<place>[\u0621-\u064a]+)\.?",
)
_FILED = re.compile(
    r"filed|wrote|written|report(?:ed|s)|sent|contributed|envoyé|écrit|rédigé|envió|escribió|redactó|أرسل|كتب",
    re.IGNORECASE,
)
"""A word that every filing line has."""

_REPORTING = re.compile(
    r"[(\[]?(?:with\s+(?:files|inputs?|agency\s+inputs?|additional\s+reporting|reporting|agencies)\s+(?:from|by)\b[^\n]{2,120}|"
    r"(?:additional\s+)?(?:reporting|writing|written|editing|edited|compiled|reported|translated|reportage|rédigé|édité|édition|traduit|reporte|reportaje|redacción|editado|edición|escrito|traducido|con\s+información|avec|con)\s+"
    r"(?:by|de|del|par|por|with)\b[^\n]{2,300})",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    rf"\b(?<!Additional )(?<!additional )(?:Reporting|Reported|Written|Reportage|Reporte|Reportaje|Escrito|Rédigé)\s+(?:by|de|par|por)\s+(?P<author>{PERSON}(?:(?:\s+(?:in|à|en)\s+[A-Z][\w-]+(?:\s[A-Z][\w-]+)?)?(?:,|\s+and|\s+et|\s+y)\s+{PERSON})*)".replace(
        "[ ]", r"\s+"
    )
)
_IN_PLACE = re.compile(r"\s+(?:in|à|en)\s+[A-Z][\w-]+(?:\s+(?!and\b|et\b)[A-Z][\w-]+)?(?=,|\s+and|\s+et|\s+y|$)")
_CONTRIBUTED = re.compile(
    rf"(?:(?:The[ ])?(?:{_NAME}[ ])?(?:[Ss]taff[ ])?(?:[Ww]riters?|[Rr]eporters?|[Cc]orrespondents?|[Jj]ournalists?)[ ])?{PERSONS}(?:[ ](?:in|of)[ ]{_PLACE})?(?:[ ]also)?[ ]contributed(?:[ ]to[ ]this[ ]{_THING})?(?:[ ]from[ ]{_PLACE})?\.?".replace(
        "[ ]", r"\s+"
    ),
)
_BIOGRAPHY = re.compile(
    rf"(?P<author>{PERSON}),?[ ](?:is|was|est|es)[ ](?:an?|the|un|une|la|le|el)[ ](?:[\w-]+[ ]){{0,5}}?(?:journalist|reporter|writer|correspondent|columnist|photographer|photojournalist|author|researcher|freelancer|stringer|journaliste|correspondante?|periodista|corresponsal|redactora?)\b[^.\n]{{0,200}}\.?".replace(
        "[ ]", r"\s+"
    ),
)
_SYNDICATION = (
    rf"(?:this|the)[ ](?:{_THING}|post|column|interview)[ ](?:was[ ])?(?:originally[ ]|first[ ])?(?:published|appeared|posted|ran)(?:[ ]originally|[ ]first)?[ ](?:by|in|on|at)[ ](?-i:(?P<source>(?:the[ ])?{_NAME}))(?:[ ]here)?(?:[^.\n]{{0,120}})?\.?",
    rf"(?:originally|first)[ ](?:published|appeared)[ ](?:by|in|on|at)[ ](?-i:(?P<source>{_NAME}))(?:[^.\n]{{0,100}})?\.?",
    rf"re-?published[ ](?:with[ ](?:the[ ])?(?:kind[ ])?permission[ ](?:of|from)|from|courtesy[ ]of)[ ](?-i:(?P<source>{_NAME}))(?:[^.\n]{{0,100}})?\.?",
    rf"(?:read|see)[ ](?:more|the[ ](?:full|original)[ ](?:{_THING}|version))[ ](?:on|at|in)[ ](?-i:(?P<source>{_NAME}))\.?",
    rf"cet[ ]article[ ](?:a[ ])?(?:été[ ])?(?:est[ ])?(?:initialement[ ]|d['’]abord[ ])?(?:publié|paru)(?:[ ]initialement|[ ]d['’]abord)?[ ](?:par|dans|sur)[ ](?-i:(?P<source>{_NAME}))(?:[^.\n]{{0,100}})?\.?",
    rf"este[ ]artículo[ ](?:fue[ ])?(?:publicado[ ]|apareció[ ])(?:originalmente[ ]|por[ ]primera[ ]vez[ ])?(?:por|en)[ ](?-i:(?P<source>{_NAME}))(?:[^.\n]{{0,100}})?\.?",
    r"نُ?شر(?:ت)?[ ]هذ[اه][ ](?:المقال|المقالة|التقرير)[ ](?:أولا|أولاً|أصلا|أصلاً|لأول[ ]مرة)?[ ]?(?:في|على)[ ](?P<source>[\u0621-\u064a]+(?:[ ][\u0621-\u064a]+){0,3})\.?",
)
_PUBLISHED = re.compile(r"publi|appeared|posted|ran\b|read\b|see\b|paru|apareció|نُ?شر", re.IGNORECASE)
"""A word that every syndication notice has."""

_RIGHTS = re.compile(
    r"(?:(?:©|\(c\)|copyright|droits d['’]auteur|derechos de autor|حقوق النشر)(?:[ ]©|[ ]\(c\))?[ ,]*(?P<year>\d{4})(?:[-–]\d{2,4})?[ ,]+(?:by[ ]|de[ ]|par[ ])?|copyright[ ](?:©[ ]?|by[ ])?)"
    r"(?-i:(?P<source>(?:The[ ])?[A-Z\u00c0-\u00de\u0621-\u064a][\w’'&/-]*(?:[ ][A-Z\u00c0-\u00de&\u0621-\u064a][\w’'&/-]*|[ ](?:of|the|for|de)(?=[ ][A-Z]))*))?[^\n]{0,400}".replace(
        "[ ]", r"[ \t]+"
    ),
    re.IGNORECASE,
)
_HOLDER_FIRST = re.compile(
    rf"(?:©|\(c\)|Copyright)[ ]?(?:©[ ]?)?(?P<source>{_NAME}),?[ ]\d{{4}}\.?(?:[ ][^\n]{{0,200}})?"
)
_HOLDER = r"[A-Z\u00c0-\u00de\u0621-\u064a][\w’'&/-]*(?:[ ](?!All\b|Rights\b|Tous\b|Todos\b)(?:[A-Z\u00c0-\u00de&\u0621-\u064a][\w’'&/-]*|(?:of|the|for|and|de|la|du)(?=[ ][A-Z])))*"
_WHOLE_RIGHTS = re.compile(
    rf"(?:©|\(c\)|copyright)[ ]?(?:©[ ]?)?(?:\d{{4}}(?:[-–]\d{{2,4}})?,?[ ])?(?:by[ ])?(?-i:(?P<source>{_HOLDER}))(?:,?[ ]\d{{4}})?[.,]?[ ]+(?:[^\n]*?"
    r"(?:rights reserved|droits réservés|derechos reservados|may not be)|[^\n]*?حقوق)[^\n]*",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"(?:all rights reserved|tous droits réservés|todos los derechos reservados|reservados todos los derechos|جميع الحقوق محفوظة|may not be (?:re)?(?:published|broadcast|rewritten|printed))",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"(?:©|\(c\)|copyright)[ ]?(?:©[ ]?)?\d{4}", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“(]?[A-Z\u00c0-\u00de©\u0621-\u064a])")
LONGEST = 600
"""Characters of a credit: a longer sentence is text, and is not tried against the forms."""

LAST = 6
"""Blocks from the end within which a sign-off may stand."""


@cache
def _compiled(patterns: tuple[str, ...], flags: int = 0) -> tuple[re.Pattern[str], ...]:
    """Compiled when the first sentence asks that has the words."""
    return tuple(re.compile(pattern.replace("[ ]", r"\s+"), flags) for pattern in patterns)


def mark_rights(layout: Layout, block: Block) -> bool:
    """Mark a block that is a rights notice as a whole, also after an end mark; say whether it is one."""
    match = _WHOLE_RIGHTS.fullmatch(block.text) or _HOLDER_FIRST.fullmatch(block.text)
    if match is None and (_RESERVED.search(block.text) or _SIGNED.match(block.text)):
        match = _RIGHTS.match(block.text)
    if match is None and not (len(block.text) < 400 and _RESERVED.search(block.text)):
        return False
    fields = []
    if match and match["source"]:
        fields.append(("source", block.start + match.start("source"), block.start + match.end("source")))
    return layout.add(Part(block.start, block.end, "rights", "copyright and rights notice", "copyright", tuple(fields)))


def mark(layout: Layout) -> None:
    """Mark sign-offs sentence by sentence among the last blocks, rights lines and reporting credits anywhere."""
    blocks = [block for _, block in layout.open_blocks()]
    reserved = _RESERVED.search(layout.seed.text) is not None
    for number, block in enumerate(blocks):
        last = number >= len(blocks) - LAST
        if not last and len(block.text) > 450:
            continue
        if (last or 0 < number < 4) and _agency_line(layout, block.start, block.end):
            continue
        if (last or (reserved and _RESERVED.search(block.text))) and (match := _WHOLE_RIGHTS.fullmatch(block.text)):
            fields = (("source", block.start + match.start("source"), block.start + match.end("source")),)
            layout.add(Part(block.start, block.end, "rights", "copyright and rights notice", "copyright", fields))
            continue
        for start, end in list(_sentences(layout, block.start, block.end)):
            near = number >= len(blocks) - 4 and number > 0
            _mark_sentence(layout, start, end, last=last, near=near, reserved=reserved)


def _agency_line(layout: Layout, start: int, end: int) -> bool:
    """A line with an agency's name alone; it may have been wrapped onto the end of the last paragraph."""
    text = layout.seed.text
    line = text.rfind("\n", start, end) + 1 or start
    span = agencies.closing(text[line:end], layout.agencies)
    if span and text[line:end].startswith("Source") and text[end:].strip():
        return False  # "Source: Xinhua" under a figure; the very last line is the article's own
    if span is None or (start == 0):
        return False
    part = Part(
        line, end, "agency", "closing line of the agency", "closing-line", (("source", line + span[0], line + span[1]),)
    )
    return layout.add(part)


def _sentences(layout: Layout, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, last in layout.gaps(start, end):
        at = first
        for match in _SENTENCE.finditer(layout.seed.text, first, last):
            yield at, match.start() + len(match[0].rstrip())
            at = match.end()
        yield at, last


def _mark_sentence(layout: Layout, start: int, end: int, *, last: bool, near: bool, reserved: bool) -> None:
    text = layout.seed.text
    if start >= end or (end - start > LONGEST and not _RIGHTS.match(text, start, end)):
        return None
    if last and _FILED.search(text, start, end):
        for pattern in _compiled(_FILING):
            if match := pattern.fullmatch(text, start, end):
                named = {key.rstrip("2") for key, value in match.groupdict().items() if value}
                known = "author" in named and agencies.fold(match["author"]) in layout.agencies
                rule = "filed-for" if "source" in named or known else "filed-from"
                return _add(layout, match, "filing", "filing line", rule)
    if match := _REPORTING.fullmatch(text, start, end):
        if text[start] in "([" or last:
            fields: tuple[tuple[str, int, int], ...] = ()
            if reporter := _REPORTER.search(text, start, end):
                fields = (("author", *reporter.span("author")),)
            layout.add(Part(start, end, "reporting", "credit of the desk", "reporting-by", fields))
        return None
    if last and (match := _CONTRIBUTED.fullmatch(text, start, end)):
        layout.add(Part(start, end, "reporting", "credit of the desk", "contributed"))
        return None
    syndicated = (last or start < 600) and _PUBLISHED.search(text, start, end)
    for pattern in _compiled(_SYNDICATION, re.IGNORECASE) if syndicated else ():
        if match := pattern.fullmatch(text, start, end):
            return _add(layout, match, "syndication", "syndication notice", "first-appeared")
    if near and (match := _BIOGRAPHY.fullmatch(text, start, end)):
        return _add(layout, match, "biography", "biography of the author", "biography")
    if last and (match := _HOLDER_FIRST.fullmatch(text, start, end)):
        return _add(layout, match, "rights", "copyright and rights notice", "copyright")
    if (last or (reserved and _RESERVED.search(text, start, end))) and (match := _RIGHTS.match(text, start, end)):
        _add(layout, match, "rights", "copyright and rights notice", "copyright", end)
    elif reserved and last and end - start < 400 and _RESERVED.search(text, start, end):
        layout.add(Part(start, end, "rights", "copyright and rights notice", "copyright"))
    return None


def _add(layout: Layout, match: re.Match[str], role: str, reason: str, rule: str, end: int | None = None) -> None:
    fields = []
    for name, value in match.groupdict().items():
        key = name.rstrip("2")
        if value and key in {"source", "place", "author"}:
            # "Harbour Wire reported this from Accra" has an agency where others have a name.
            said = "source" if key == "author" and agencies.fold(value) in layout.agencies else key
            fields.append((said, *match.span(name)))
    layout.add(Part(match.start(), end or match.end(), role, reason, rule, tuple(fields)))  # type: ignore[arg-type]


def reporters(words: str) -> str:
    """Return the names of a reporting credit without the places they sat in."""
    return " ".join(_IN_PLACE.sub("", words).split())
