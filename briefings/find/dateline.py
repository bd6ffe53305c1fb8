"""Datelines: ``BEIRA, Mozambique, March 4 (Reuters) -``, ``Goma, DR Congo | AFP |``, ``(Geneva, 12 May 2018) –``.

Who, where and when in one closed form at the head of the text. The place is where the story was filed; Reuters' own
handbook makes it evidence of the subject as well, which is for the finder of places to weigh.
"""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from briefings.find import days
from briefings.find.agencies import fold, initials, known
from briefings.find.layout import Layout, Part

if TYPE_CHECKING:
    from briefings.model import Block

_CAP = r"[A-Z\u00c0-\u00de][\w’'.]*(?:[-–][\w’'.]+)*"
_LINK = r"(?:de|del|du|des|de la|de los|la|le|les|el|al|of|the|and|et|y|sur|am|an der|upon|on|in|e|do|da|dos)"
_SEGMENT = rf"(?:(?:Al|El|La|Le|Les|Los|Las|al|el)[ -])?{_CAP}(?:[ ]{{1,2}}(?:{_LINK}[ ])?{_CAP}){{0,4}}"
"""Words with a capital. A hyphen stands inside a word only: two ways to read it would take time without end."""
_PLACE = rf"(?P<place>{_SEGMENT}(?:[ ]?/[ ]?{_SEGMENT}){{0,3}}(?:[ ]?\((?!(?i:reuters?|afp|ap|efe|irin)\b){_SEGMENT}\))?(?:,[ ]+{_SEGMENT}){{0,2}})"
_UPPER = r"(?P<place>[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de.’'/ -]{2,40}(?:,[ ](?:[A-Z][A-Za-z.’' -]{1,25}))?)"
_DATE = rf"(?P<date>(?i:(?:le[ ]|el[ ])?(?:{days.WEEKDAY},?[ ])?{days.ANY}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}))"
_AGENCY = r"[(\[][ ]?(?P<source>[^()|]{2,60}?)[ ]?[)\]]"
_DASH = r"[ ]*(?:\.[ ]?)?(?:--|[-–—―])(?:[ ]*[-–—])?(?=[\s“\"«‘'(\[]|[A-Z\u00c0-\u00de])[ ]*"
_CLOCK = r"(?:,?[ ]\d{1,2}[:.h]\d{2}(?:[ ]?[ap]\.?m\.?)?(?:[ ][A-Z]{2,4})?)?"
_WEEKDAY = rf"(?:,?[ ]+(?i:{days.WEEKDAY}))?"
_LEAD = r"(?:[*#•]{1,6}[ ]?|[a-z][ ]{2,})?"
"""What editing terminals left before a dateline: ``****WASHINGTON``, a stray letter and blanks."""

LONGEST = 200
"""Characters of a dateline that stands alone on its line."""
_ARABIC = r"[\u0621-\u064a]{2,}(?:[ ][\u0621-\u064a]{2,}){0,3}"

SHAPES: tuple[tuple[str, str, str], ...] = (
    (
        "dateline",
        "9",
        rf"{_PLACE},?[ ]+{_DATE}{_CLOCK}(?:,?[ ]*{_AGENCY}|[ ]?[/|][ ]?(?P<wire>[A-Z][\w .()-]{{1,40}}?)/?)?(?:{_DASH}|[ ]?:[ ]+)",
    ),
    ("dateline", "9 (", rf"{_PLACE},?[ ]+{_AGENCY},?[ ]+{_DATE}{_CLOCK}(?:{_DASH}|[ ]?:[ ]+)"),
    ("dateline-agency", "(", rf"{_PLACE}{_WEEKDAY},?[ ]*{_AGENCY}(?:{_DASH}|[ ]?:[ ]+)"),
    ("dateline", "|", rf"{_PLACE}[ ]?\|[ ]?(?:{_DATE}[ ]?\|[ ]?)?(?P<source>[\w][\w .&’'/-]{{1,40}}?)[ ]?\|[ ]?"),
    ("dateline", "9 |", rf"{_PLACE}[ ]?\|[ ]?{_DATE}{_DASH}"),
    ("dateline", ",", rf"{_PLACE},[ ]+(?P<weekday>(?i:{days.WEEKDAY})){_DASH}"),
    ("dateline", "9 (", rf"[(\[]{_PLACE},?[ ]+{_DATE}[)\]](?:{_DASH}|[ ]?:[ ]+|[ ]+(?=[A-Z]))"),
    ("dateline", "early", rf"{_DATE}[ ]?(?:\||,|[-–—])[ ]?{_PLACE}(?:[ ]?{_AGENCY})?{_DASH}"),
    ("dateline", "early (", rf"{_DATE}[ ]*{_AGENCY}{_DASH}"),
    ("agency", "(", rf"{_AGENCY}{_DASH}"),
    ("dateline", "9", rf"{_PLACE}[ ]?[-–—][ ]?{_DATE}{_CLOCK}(?:[ ]*{_AGENCY})?(?:{_DASH}|[ ]?:[ ]+)"),
    (
        "dateline-arabic",
        "9 ا",
        rf"(?P<place>{_ARABIC}(?:[ ]?[/،,][ ]?{_ARABIC}){{0,2}})[ ]?(?:[،,/–—-]|في)?[ ]?{_DATE}(?:[ ]*{_AGENCY})?[ ]*(?:[-–—:]+|//)[ ]*",
    ),
    (
        "dateline-arabic",
        "( ا",
        rf"(?P<place>{_ARABIC}(?:[ ]?[/،,][ ]?{_ARABIC}){{0,2}})[ ]*{_AGENCY}[ ]*(?:[-–—:]+|//)[ ]*",
    ),
    ("bracket", "(", rf"\({_PLACE}\)[ ]*[–—-][ ]+"),
    ("misprint", "9", rf"{_PLACE},[ ]+(?P<date>(?i:{days.MISPRINT}))(?:,?[ ]*{_AGENCY})?{_DASH}"),
    ("dateline-capitals", "", rf"[(\[]?{_UPPER}{_WEEKDAY}[)\]]?(?:[ ]{_DASH}|:[ ]+(?=[A-Z“\"]))"),
)
"""Name, what must stand in the head of the paragraph (see :func:`_marks`), and the pattern; tried in order."""

_DATELINE_ALONE = re.compile(
    rf"{_PLACE},[ ]+{_DATE}(?:[ ]?(?:[-–—|]|,)[ ]?(?P<source>[A-Z][\w.’'&-]*(?:[ ][A-Z&][\w.’'&-]*){{0,5}})|[ ]?{_AGENCY.replace('source', 'agency')})?\.?".replace(
        "[ ]", r"[ \t]"
    )
)
_DIGIT = re.compile(r"\d")
_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
_NOT_PLACES = re.compile(
    r"(?:THE(?! HAGUE| GAMBIA)|A|AN|WARNING|UPDATE|NOTE|EDITOR'?S? NOTE|BREAKING|EXCLUSIVE|ANALYSIS|OPINION|COMMENT|FACTBOX|SUMMARY|BACKGROUND|"
    r"OVERVIEW|HIGHLIGHTS?|KEY|Q|NEW(?= [A-Z][a-z])|Q&A|PHOTOS?|VIDEO|WATCH|LIVE|SPORTS?|URGENT|CONTACTS?|MEDIA|ABOUT|PRESS|FOR|BY|IN|ON|AT|"
    r"COVID|UN|US|EU|UK|WHO|WFP|UNHCR|UNICEF|NATO|MSF|ICRC|OCHA|FAO|SITUATION|RESPONSE|NEEDS|GAPS|INTRODUCTION|SOURCE|DATE|NOTICE|MORE|TITLE|VIEW|QUOTE)\b",
)
_KIND = re.compile(
    r"\b(?i:update|report|bulletin|brief|situation|overview|fact ?sheet|tracking|snapshot|newsletter|issue|cluster|project|programme|initiative)\b"
)
_TRAILING_DAY = re.compile(rf",?\s+{days.WEEKDAY}$", re.IGNORECASE)
_BRACKETED = re.compile(r"[ ]?\(([^()]+)\)$")
"""What may be a country (``Aleppo (Syria), …``) or an agency."""
_WIRES = frozenset(known({}))
_ADVISORY = re.compile(r"(?:\[[A-Z][A-Z0-9 .,;:’'()/&\"\n-]{1,200}\][ \t\n]*)+")


def _marks(head: str) -> str:
    """Which marks stand in the head of a paragraph: a digit (``early`` or not), a bracket, a bar, a comma, Arabic."""
    digit = _DIGIT.search(head)
    found = ["9", "early"] if digit and digit.start() < 40 else ["9"] if digit else []
    found += [mark for mark in "(|," if mark in head or (mark == "(" and "[" in head)]
    if not head.isascii() and _ARABIC_LETTER.search(head):
        found.append("ا")
    return " ".join(found)


@cache
def _pattern(number: int) -> re.Pattern[str]:
    return re.compile(_LEAD + SHAPES[number][2].replace("[ ]", r"[ \t\n]"))


@cache
def _fitting(marks: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The shapes that a head with these marks may have; compiled when the first such head asks."""
    there = set(marks.split())
    return tuple(
        (name, _pattern(number)) for number, (name, needs, _) in enumerate(SHAPES) if there.issuperset(needs.split())
    )


def matches(text: str, block: Block) -> re.Match[str] | None:
    """Return the dateline at the head of a block, or ``None``."""
    head = min(block.end, block.start + 260)
    for name, pattern in _fitting(_marks(text[block.start : head])):
        match = pattern.match(text, block.start, head)
        if match and match.end() > match.start() and _believable(name, match):
            return match
    return None


def _believable(name: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    place, source, date = groups.get("place"), groups.get("source"), groups.get("date")
    if name == "bracket":
        return len((place or "").split()) <= 4 and match.endpos - match.end() > 40 and fold(place or "") not in _WIRES
    if name == "misprint":
        return bool(place) and not _KIND.search(place or "")
    if date and days.read(date.removeprefix("le ").removeprefix("el ")) is None:
        return False
    if place and (_NOT_PLACES.match(place) or _KIND.search(place) or len(place) > 70):
        return False
    if name == "dateline-capitals":
        # Without a date or an agency only a town in capitals before a whole paragraph is a dateline, not a headline.
        return match.endpos - match.end() > 60 and len((place or "").split()) <= 4 and _capital_town(place or "")
    if name == "agency":
        return fold(source or "") in _WIRES
    if name == "dateline-agency":
        # "World Food Programme (WFP) - …" explains its initials; an unknown name in brackets needs a town before it.
        if fold(source or "") in _WIRES or "/" in (source or ""):
            return True
        if initials(place or "").startswith(initials(source or "") or "-") or re.search(r"\d", source or ""):
            return False
        return _capital_town(place or "") or (len((place or "").split()) <= 2 and len((source or "").split()) > 1)
    # A long name straight before a date, without a comma, is the title of a document.
    return not (
        place and date and len(place.split()) > 3 and "," not in place and match.string[match.end("place")] != ","
    )


def _capital_town(place: str) -> bool:
    """``TORONTO, Ont.``: the town in capitals, what holds it not."""
    town = place.split(",", maxsplit=1)[0]
    return town == town.upper() and sum(character.isalpha() for character in town) > 2


def mark(layout: Layout) -> None:
    """Mark the dateline at the head of the text, or the line at its end that says where and when."""
    _mark_head(layout)
    blocks = layout.seed.blocks
    if layout.first("dateline") is None and len(blocks) > 2:
        _mark_alone(layout, blocks[-1])


def _mark_alone(layout: Layout, block: Block) -> bool:
    if block.end - block.start > LONGEST:
        return False
    alone = _DATELINE_ALONE.fullmatch(layout.seed.text, block.start, block.end)
    if (
        alone is None
        or days.read(alone["date"]) is None
        or _KIND.search(alone["place"])
        or not re.search(r"\d{1,2}\D+\d{4}|\d{1,2}\W?$", alone["date"])
    ):
        return False
    if alone["source"] and fold(alone["source"]) not in layout.agencies and _goes_on(layout.seed.text, block.end):
        return False  # "SYDNEY, April 1 - The Harbour", and the next line goes on with the sentence
    named = ("place", "date", "source", "agency")
    fields = [("source" if key == "agency" else key, *alone.span(key)) for key in named if alone[key]]
    return layout.add(Part(block.start, block.end, "dateline", "dateline", "dateline", tuple(fields)))


def _goes_on(text: str, end: int) -> bool:
    """Whether the next line has words."""
    return bool(text[end : end + 200].lstrip(" \t")[1:].split("\n", 1)[0].strip())


def _mark_head(layout: Layout) -> None:
    """Mark the dateline of the first paragraph, and the advisories in brackets that follow it."""
    text = layout.seed.text
    for seen, (_, block) in enumerate(layout.open_blocks()):
        if seen > 3:
            return
        if block.kind not in {"text", "quote"}:
            continue
        if seen < 3 and _mark_alone(layout, block):
            return
        if match := matches(text, block):
            end = match.end()
            if advisory := _ADVISORY.match(text, end, block.end):
                layout.add(
                    Part(
                        advisory.start(),
                        _stripped(text, advisory.end()),
                        "advisory",
                        "advisory of the wire",
                        "advisory",
                    )
                )
            layout.add(
                Part(
                    block.start, _stripped(text, end), "dateline", "dateline", "dateline", tuple(_fields(layout, match))
                )
            )
            return
        if advisory := _ADVISORY.match(text, block.start, block.end):
            layout.add(
                Part(block.start, _stripped(text, advisory.end()), "advisory", "advisory of the wire", "advisory")
            )
            return
        if len(block.text) > 120:
            return


def _fields(layout: Layout, match: re.Match[str]) -> list[tuple[str, int, int]]:
    groups = match.groupdict()
    fields = []
    weekday_at = 0
    for key in ("place", "date", "source", "wire"):
        if groups.get(key):
            start, end = match.span(key)
            if key == "place" and (day := _TRAILING_DAY.search(match[key])):
                # The greedy place took the weekday, which belongs to the date.
                end = start + day.start()
                named = len(day[0]) - len(day[0].lstrip(", \n"))
                weekday_at = end + named
            if key == "place" and (named_by := _BRACKETED.search(match[key])) and fold(named_by[1]) in layout.agencies:
                fields.append(("source", start + named_by.start(1), start + named_by.end(1)))
                end = start + named_by.start()
            if key == "date" and weekday_at:
                start = weekday_at
            # "(Jane Roe/IRIN)" and "(By Jane Roe, IRIN)" name a person first.
            fields.append(("source" if key == "wire" else key, start, end))
    if groups.get("source"):
        start, end = match.span("source")
        name = match["source"]
        person, slash, agency = name.rpartition("/")
        if slash and fold(agency) in layout.agencies and fold(person) not in layout.agencies and " " in person:
            at = start + len(person) + 1
            fields = [field for field in fields if field[0] != "source"]
            fields += [("author", start, start + len(person)), ("source", at, end)]
    return fields


def _stripped(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end
