"""Header lines: ``Source: …``, ``Date: …``, ``Subject: …``, and the times a page prints (``Updated: …``).

They count only where an article's header stands: at the top, before its text. ``Source: NDRRMC`` inside the text is
the source of a figure.
"""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re

from briefings.find import days
from briefings.find.bylines import PERSONS
from briefings.find.layout import Layout, Part, trim

TOP = 500
"""Characters from the top within which a header may begin (measured: section 5 of the catalogue of shapes)."""

KEYS: tuple[tuple[str, str], ...] = (
    ("source", "source|sources|agency|news agency|fuente|agencia|source de l'article|agence|المصدر|الوكالة"),
    ("date", ("date|published|publication date|date published|date of publication|posted|issued|release date|sent|fecha"
             "|fecha de publicación|publicado|publié|date de publication|envoyé|enviado|التاريخ|تاريخ النشر|تاريخ")),
    ("updated", "updated|last updated|modified|last modified|mis à jour|dernière mise à jour|actualizado|última actualización|آخر تحديث"),
    ("created", "created|créé|creado|تاريخ الإنشاء"),
    ("title", "title|headline|subject|titre|objet|título|titulo|titular|asunto|العنوان|الموضوع"),
    ("author", "author|authors|byline|written by|reporter|auteur|auteurs|autor|autora|autores|الكاتب|بقلم"),
    ("country", "country|countries|primary country|country/region|pays|país|pais|البلد|الدولة"),
    ("url", "url|link|web address|original|lien|enlace|الرابط"),
    ("lang", "language|lang|langue|idioma|اللغة"),
    ("sender", "from|de|من"),
    ("other", ("to|cc|bcc|reply-to|sent by|format|format(?:s)|theme|themes|disaster|disaster type|topics|keywords|glide"
              "|message-id|attachments|para|à|إلى|embargo|for immediate release|slug|categories|tags|category")),
)  # fmt: skip
"""What a header line means, and the words for it. ``other``: belongs to the header, says nothing we take."""

_MEANING = re.compile("|".join(f"(?P<{name}>{words})" for name, words in KEYS), re.IGNORECASE)
_KEY = re.compile(rf"(?:^|(?<=\s))(?P<key>{'|'.join(words for _, words in KEYS)})[ \t]?[:：][ \t]*", re.IGNORECASE)
_TIME = r"(?:[ \t]*(?:,|at|\||-|–|à|a las)?[ \t]*\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[ \t]*[ap]\.?m\.?)?(?:[ \t]*\(?(?:[A-Z]{2,5}|UTC[+-]\d+|local time)\)?)?)?"
_SAID = (
    r"(?P<updated>(?:last[ \t]+)?(?:updated|modified|revised)|(?:dernière[ \t]+)?mise?[ \t]+à[ \t]+jour|(?:última[ \t]+)?actualiza(?:do|ción)|آخر تحديث)"
    r"|(?P<created>created|créé|creado)"
    r"|(?P<date>(?:first[ \t]+|originally[ \t]+)?(?:published|posted|issued|released)|publiée?|publicad[oa]|نُ?شر)"
)
_TIMES = re.compile(
    rf"(?:{_SAID})(?:[ \t]+(?:on|at|le|el|في|بتاريخ))?[ \t]*:?[ \t]*(?:{days.WEEKDAY},?[ \t]+)?{_TIME}[ \t,]*(?P<when>{days.ANY}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}/\d\d/\d\d){_TIME}",
    re.IGNORECASE,
)
_LIST = re.compile(r"\[[^\[\]\n]{2,40}\][ \t]+(?=\S)")
_WRITER = re.compile(rf"[ |,·–-]*\b[Bb]y[ ](?P<author>{PERSONS})\.?$")
_DATE_LINE = re.compile(
    rf"[(\[]?(?:as of[ \t]+|le[ \t]+)?{_TIME}[ \t,]*(?P<when>{days.ANY}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}){_TIME}[)\]]?\.?[ \t]*",
    re.IGNORECASE,
)


def mark(layout: Layout) -> None:
    """Mark header lines at the top: before any text, with at most a headline between."""
    text, between = layout.seed.text, 0
    for block in layout.seed.blocks:
        if block.kind == "header":
            _mark_line(layout, block.start, block.end, "header line")
            continue
        if block.start > TOP or between > 1:
            return
        end = text.find("\n", block.start, block.end)
        if _KEY.match(block.text) and len(block.text) <= 250 and end < 0:
            _mark_line(layout, block.start, block.end, "header line")
        elif block.kind == "text" and _KEY.match(block.text) and _all_keys(block.text):
            at = block.start
            for line in block.text.split("\n"):
                _mark_line(layout, at, at + len(line), "header line")
                at += len(line) + 1
        else:
            between += 1


def _all_keys(content: str) -> bool:
    return all(_KEY.match(line.strip()) for line in content.split("\n"))


def _mark_line(layout: Layout, start: int, end: int, reason: str) -> None:
    text = layout.seed.text
    keys = list(_KEY.finditer(text[start:end]))
    # "Source: UNHCR Country: Brazil" holds two; "Title: Yemen: country update" one, since "Yemen" is no key.
    keys = [key for number, key in enumerate(keys) if number == 0 or _may_follow(keys[0], key)]
    fields = []
    for number, key in enumerate(keys):
        stop = start + keys[number + 1].start() if number + 1 < len(keys) else end
        span = trim(text, start + key.end(), stop)
        meaning = _MEANING.fullmatch(key["key"])
        if span and meaning and meaning.lastgroup:
            quoted = span[1] - span[0] > 1 and text[span[0]] == text[span[1] - 1] and text[span[0]] in "\"'"
            first = span[0] + quoted
            if meaning.lastgroup == "title" and (listed := _LIST.match(text, first, span[1])):
                first = listed.end()  # the name of a mailing list
            fields.append((meaning.lastgroup, first, span[1] - quoted))
    layout.add(Part(start, end, "header", reason, "header", _created(fields)))


def _created(fields: list[tuple[str, int, int]]) -> tuple[tuple[str, int, int], ...]:
    """Beside a time of change the time of creation is that of publication; alone it may be anything."""
    meaning = "date" if any(name == "updated" for name, _, _ in fields) else "updated"
    return tuple((meaning if name == "created" else name, start, end) for name, start, end in fields)


def _may_follow(first: re.Match[str], key: re.Match[str]) -> bool:
    """A second key in one line counts with a capital, and not inside a title."""
    meaning = _MEANING.fullmatch(first["key"])
    return key["key"][:1].isupper() and meaning is not None and meaning.lastgroup not in {"title", "other", "sender"}


def mark_times(layout: Layout) -> None:
    """Mark lines that only say when: ``Posted 3 March 2015``, or a date alone."""
    for seen, (_, block) in enumerate(list(layout.open_blocks())):
        if block.kind not in {"text", "heading", "item"} or len(block.text) > 160:
            continue
        start, end = block.start, block.end
        begins = any(_TIMES.match(block.text, at) for at in range(3))  # elsewhere it is the date of an event
        found = [match for match in _TIMES.finditer(block.text) if days.read(match["when"])] if begins else []
        if found and found[0].start() <= 2 and _only(block.text, found):
            said = ("updated", "created", "date")
            fields = _created(
                [
                    (next(name for name in said if match[name]), start + match.start("when"), start + match.end("when"))
                    for match in found
                ]
            )
            if writer := _WRITER.search(block.text, found[-1].end()):
                fields += (("author", start + writer.start("author"), start + writer.end("author")),)
            layout.add(Part(start, end, "times", "line of times", "times-line", fields))
        elif seen < 5 and start < 2 * TOP and (match := _DATE_LINE.fullmatch(block.text)) and days.read(match["when"]):
            field = ("date", start + match.start("when"), start + match.end("when"))
            layout.add(Part(start, end, "date", "line that is only a date", "date-line", (field,)))


def _only(content: str, found: list[re.Match[str]]) -> bool:
    """Whether a line holds little beside the times."""
    writer = _WRITER.search(content, found[-1].end())
    said: int = sum(match.end() - match.start() for match in (*found, *([writer] if writer else ())))
    return said >= 0.7 * len(content.strip())
