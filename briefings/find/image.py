"""Captions and picture credits. A credit says who made the picture, never who wrote the article."""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re

from briefings.find.layout import Layout, Part
from briefings.model import Evidence, Finding, Image

_RIGHTS = re.compile(r"\d{4}\W*$|\b(?:rights|droits|derechos)\b|حقوق", re.IGNORECASE)
LONGEST = 60
"""Characters of a credit: beyond that the line is text that happens to begin so."""

MOST = 300
"""Characters of a caption above its credit."""

_LABEL = r"(?:(?:photos?|pictures?|pic|images?|foto(?:graf[ií]a)?s?|photographie|crédit(?:s)?(?: photo)?|crédito|credit|courtesy|handout|(?:ال)?صورة|تصوير)(?: credits?| by| courtesy(?: of)?| crédit| :)?)"
_AFTER_BAR = re.compile(
    rf"(?P<label>{_LABEL})[ ]?[|/][ ]?(?P<credit>(?:[^|\n()]|\([^|\n()]{{0,40}}\)){{2,60}})$", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"(?:^|(?<=[.!?\"”’)\]])[ ]|[ ][|–—-][ ])[(\[]?(?P<label>{_LABEL})[ ]?[:：|][ ]?(?P<credit>[^\n()\[\]]{{2,60}}?)[)\].]*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    r"[(\[](?P<credit>(?:(?i:photo|image|picture|file|foto|pic|crédit|credit|photo by|via|archivo|archives)[:,/ ]+)?"
    r"(?:[A-Z\u00c0-\u00de][\w’'.& -]{0,60}[/|,–-][ ]?){0,2}"
    r"(?:Reuters|REUTERS|AFP|AP|EFE|EPA|epa|ANSA|dpa|Getty(?:[ ]Images)?|AP[ ]Photo(?:/[^()\]]{2,40})?|AFP[ ]Photo|AFP[ ]PHOTO|IRIN/[^()\]]{2,40}|TNH|Xinhua|Flickr|Shutterstock|Wikimedia[ ]Commons|Twitter|Facebook|Handout|handout"
    r"|UN[ ]Photo(?:/[^()\]]{2,40})?|(?:UNICEF|UNHCR|WFP|OCHA|FAO|IOM|WHO|ICRC|MSF)[ ]?/[^()\]]{2,40}))[)\]]\.?$",
)
_NAME = r"(?:(?:[A-Z\u00c0-\u00de]\.[ ]?){0,3}[A-Z\u00c0-\u00de][\w’'&-]*)"
_INLINE = re.compile(
    rf"[(\[]?(?P<label>(?i:{_LABEL}))[ ]?[:：|][ ]?(?P<credit>{_NAME}(?:(?:[ ]?[/|][ ]?|,[ ]|[ ])(?:(?:of|the|for|and|de|des|du|la|le|del|y|et)[ ])?{_NAME}){{0,6}})"
    r"\.[)\]]?(?=\s+[A-Z\u00c0-\u00de\d“\"«‘'])"
)
"""A credit before a paragraph: names alone, then a full stop (``Photo: Jane Roe. The ferry …``)."""
SHORTEST = 40
"""Characters of what follows such a credit: less is no paragraph."""
_POOL = re.compile(
    r"^(?P<credit>[A-Z\u00c0-\u00de][\w’'. -]{1,40}-(?:(?:Pool-)?Getty[ ]Images|Pool-(?:AFP|AP|Reuters)))\.?$"
)
"""A photographer, the pool and the agency between hyphens: ``Jane Roe-Pool-Getty Images``."""
_WORTH = re.compile(r"[(\[|:：©Ⓒ]|-(?:Getty|Pool)")
"""What every credit has one of."""
_PARTS = re.compile(r"[/|,–:]")
_COPYRIGHT = re.compile(r"(?:^|[ ])(?P<label>©|\(c\)|Ⓒ)[ ]?(?!\d{4})(?P<credit>[A-Z\u00c0-\u00de][^\n©]{1,58})$")
_COPYRIGHT_LINE = re.compile(
    r"(?P<label>©|\(c\)|Ⓒ)[ ]?(?P<credit>[A-Z\u00c0-\u00de][\w.’'-]*(?:[ ][\w.’'-]+){0,3}[ ]?/[ ]?[^\n©]{1,50}?)\.?$"
)
_CAPTION_LABEL = re.compile(
    r"(?:caption|legend|légende|leyenda|(?:photo|image|picture)(?: caption)?|foto|pie de foto|صورة)[ ]?:[ ]?",
    re.IGNORECASE,
)


def is_caption(content: str) -> bool:
    """Whether a line is a caption or a credit."""
    return _credit(content.strip()) is not None or _inline(content) is not None


def _inline(content: str) -> re.Match[str] | None:
    """Return the credit that stands on one line with the paragraph after it, or ``None``."""
    match = _INLINE.match(content)
    if match is None or len(match["credit"]) > LONGEST or len(content) - match.end() < SHORTEST:
        return None
    return match


def _credit(content: str) -> tuple[int, int, int] | None:
    """Return where the credit's label begins and the span of the credit, or ``None``."""
    if len(content) > 420 or not _WORTH.search(content):
        return None
    for pattern in (_AFTER_BAR, _LABELLED, _BRACKETS, _POOL, _COPYRIGHT_LINE, _COPYRIGHT):
        match = pattern.search(content)
        if match is None:
            continue
        start, end = match.span("credit")
        label = match.start() + (len(match[0]) - len(match[0].lstrip()))
        if pattern is _BRACKETS and match.start() == 0 and "/" not in match["credit"] and " " not in match["credit"]:
            continue  # "(AFP)" on a line of its own signs the article
        if pattern is _BRACKETS and any(len(name.split()) > 5 for name in _PARTS.split(match["credit"])):
            continue  # "(people who spoke to us by telephone, AFP)"
        if pattern in {_COPYRIGHT, _COPYRIGHT_LINE} and _RIGHTS.search(match["credit"]):
            continue  # "© Harbour Wire 2016" speaks of rights
        if pattern is _COPYRIGHT and (label > 0 or len(match["credit"].split()) > 6):
            continue
        # "Photo: The mayor said that nobody was hurt. …" is text; a credit is a name, without a verb or a full stop.
        if (
            re.search(r"[.!?][ ]\S*[a-z]{3}", match["credit"])
            or not re.search(r"[^\W\d_]{2}", match["credit"])
            or match["credit"][0].islower()
        ):
            continue
        before = content[:label].rstrip()
        if pattern in {_LABELLED, _COPYRIGHT_LINE} and len(before) > 300:
            continue
        return label, start, end
    return None


def mark(layout: Layout) -> None:
    """Mark captions with their credit, and credits that stand alone with the caption line before them."""
    for index, block in list(layout.open_blocks()):
        if block.kind == "caption":
            _add(layout, block.start, block.end)
        elif block.kind == "text" and (inline := _inline(block.text)):
            fields = (("credit", block.start + inline.start("credit"), block.start + inline.end("credit")),)
            _above(layout, index)
            _part(layout, block.start, block.start + inline.end(), fields)
        elif block.kind in {"text", "item"} and len(block.text) <= 420 and "\n\n" not in block.text:
            found = _credit(block.text)
            if found is None:
                if (match := _CAPTION_LABEL.match(block.text)) and "caption" in match[0].casefold():
                    layout.add(
                        Part(
                            block.start,
                            block.end,
                            "caption",
                            "caption of a picture",
                            "caption-label",
                            (("caption", block.start + match.end(), block.end),),
                        )
                    )
                continue
            # A quotation or a long paragraph that ends with "(Reuters)" deep in the text is no caption.
            if found[0] > 0 and index > 12 and len(block.text) > 200:
                continue
            if found[0] == 0:
                _above(layout, index)
            _add(layout, block.start, block.end, found)


def _above(layout: Layout, index: int) -> None:
    """Mark the line right above a bare credit, with no empty line between, as the caption: they were one in print."""
    block = layout.seed.blocks[index]
    above = layout.seed.blocks[index - 1] if index else None
    if (
        above is not None
        and above.kind == "text"
        and len(above.text) <= MOST
        and layout.seed.text[above.end : block.start].count("\n") == 1
        and (
            index == 1
            or layout.seed.text[layout.seed.blocks[index - 2].end : above.start].count("\n") > 1
            or layout.taken(layout.seed.blocks[index - 2])
        )
        and list(layout.free(above)) == [(above.start, above.end)]
    ):
        _part(layout, above.start, above.end, (("caption", above.start, above.end),))


def _add(layout: Layout, start: int, end: int, found: tuple[int, int, int] | None = None) -> None:
    text = layout.seed.text
    found = found or _credit(text[start:end])
    fields: list[tuple[str, int, int]] = []
    if found:
        label, first, last = found
        caption = len(text[start : start + label].rstrip(" |–—-([/"))
        if named := _CAPTION_LABEL.match(text, start, start + caption):
            fields.append(("caption", named.end(), start + caption))
        elif caption:
            fields.append(("caption", start, start + caption))
        fields.append(("credit", start + first, start + last))
    else:
        fields.append(("caption", start, end))
    _part(layout, start, end, tuple(fields))


def _part(layout: Layout, start: int, end: int, fields: tuple[tuple[str, int, int], ...]) -> None:
    further = any(True for part in layout.of("caption") for _ in part.spans("credit"))
    reason = "caption of a further picture" if further else "caption of a picture"
    layout.add(Part(start, end, "caption", reason, "credit-line", fields))


def find(layout: Layout) -> Finding[Image] | None:
    """Return the caption and credit of the first picture; a caption and a credit on neighbouring lines are one."""
    text = layout.seed.text
    parts = list(layout.of("caption"))
    if not parts:
        return None
    caption = credit = ""
    evidence = []
    for part in parts[:2]:
        words = {name: " ".join(text[start:end].split()) for name, start, end in part.fields}
        if (words.get("caption") and caption) or (words.get("credit") and credit):
            break
        caption, credit = caption or words.get("caption", ""), credit or words.get("credit", "").strip(" .")
        evidence.append(Evidence(text[part.start : part.end], part.start, part.end))
        if caption and credit:
            break
    return Finding(Image(caption=caption, credit=credit), "stated", parts[0].rule, tuple(evidence))
