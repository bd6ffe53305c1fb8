"""Bylines: ``By Sten Stovall, Reuters`` on a line of its own near the headline."""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re

from briefings.find.layout import Layout, Part

_NAME_WORD = r"(?:[A-Z\u00c0-\u00de][\w’'.-]*|d['’][A-Z]\w+|[a-z]{1,3}-[A-Z]\w+)"
_PARTICLE = r"(?:de|del|der|den|van|von|la|le|el|al|bin|bint|ibn|ould|ben|da|dos|di|du|y|ter|abu)"
PERSON = rf"{_NAME_WORD}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_NAME_WORD}){{1,4}}"
"""Two to five capitalised words with particles between: the shape of a name in Latin script."""

PERSONS = rf"{PERSON}(?:(?:,[ ]{PERSON})*,?[ ](?:and|et|y|e|&)[ ]{PERSON})?"
_LABEL = r"(?:By|Text by|Story by|Written by|Words by|BY|Par|Por|De notre correspondante?[,]?|Texto:?|Texte:?)"
_PLACE = r"(?:[ ](?:in|at|from|à|en|desde|depuis)[ ](?P<place>[A-Z\u00c0-\u00de][\w’'. ,-]{2,40}))?"
_SOURCE = r"(?:[ ]?(?:,|\||/|[-–—]|for|pour|para|of)[ ]?(?:(?:for|of|pour|para)[ ])?(?:the[ ])?(?P<source>[A-Z\u00c0-\u00de][\w’'.& /-]{1,50}))?"
_BYLINE = re.compile(rf"{_LABEL}[ ]+(?P<author>{PERSONS}){_PLACE}{_SOURCE}{_PLACE.replace('place', 'place2')}\.?")
_ARABIC = re.compile(
    r"(?:بقلم|كتب|كتبت|تقرير|إعداد)[ ]?[:/]?[ ]?(?P<author>[\u0621-\u064a]{2,}(?:[ ][\u0621-\u064a]{2,}){1,4})(?:[ ]?[-–—/|،][ ]?(?P<source>[\u0621-\u064a ]{2,40}))?"
)
_SINGLE = re.compile(rf"By[ ]+(?P<author>{_NAME_WORD}),[ ](?P<source>[A-Z][\w’'.& -]{{1,40}})")
_DESK = re.compile(
    r"(?:[Bb]y|BY|[Pp]ar|[Pp]or)[ ](?:(?:the|our|la|le|nuestra|notre)[ ])?(?:[\w’']+[ ]){0,3}(?:newsroom|staff|desk|editors|team|correspondents?|reporters?|rédaction|redacción)"
    r"(?:[ ]?(?:,|\||[-–—])[ ]?(?P<source>[A-Z\u00c0-\u00de][\w’'.& -]{1,50}))?\.?"
)
"""A byline that names an office: no author, but perhaps a source."""

_ROLE = re.compile(
    r"(?:Staff|Special|Correspondent|Reporter|Contribut|Senior|Chief|Editor|Freelance|Business|Political|Science|Health)",
    re.IGNORECASE,
)


def matches(content: str) -> re.Match[str] | None:
    """Return the byline if ``content`` is one and nothing else, or ``None``.

    In copy that is all in capitals ``BY GUERRILLA URBAN COMMANDOS`` is no byline: the line must be short then.
    """
    content = content.strip()
    if len(content) > 140 or "\n" in content:
        return None
    if desk := _DESK.fullmatch(content):
        return desk
    match = _BYLINE.fullmatch(content) or _SINGLE.fullmatch(content) or _ARABIC.fullmatch(content)
    if match and match.re is not _ARABIC and content == content.upper() and content != content.lower():
        return match if len(match["author"].split()) == 2 and not content.endswith(".") else None
    return match


def mark(layout: Layout) -> None:
    """Mark bylines among the first blocks, and the mail-like form under a headline."""
    for seen, (_, block) in enumerate(list(layout.open_blocks())):
        if seen > 5:
            return
        if match := matches(block.text):
            groups = match.groupdict()
            fields = []
            if groups.get("author"):
                fields.append(("author", block.start + match.start("author"), block.start + match.end("author")))
            if groups.get("source"):
                # "By Jane Roe, Staff Writer" names an office, not an agency.
                key = "office" if _ROLE.match(groups["source"]) else "source"
                fields.append((key, block.start + match.start("source"), block.start + match.end("source")))
            spans = (match.span(name) for name in ("place", "place2") if groups.get(name))
            fields.extend(("place", block.start + start, block.start + end) for start, end in spans)
            layout.add(Part(block.start, block.end, "byline", "byline", "byline", tuple(fields)))
