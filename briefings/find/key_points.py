"""The block of key points that pages print above an article, often word for word what the article says again."""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re

from briefings.find.layout import Layout, Part
from briefings.model import Evidence, Finding

LABELS = (
    "what you need to know|what we know(?: so far)?|key points?|key messages?|key takeaways?|key developments?|key facts"
    "|key findings|highlights?|story highlights|main points|main messages|in summary|in brief|in short|at a glance"
    "|summary points|the essentials|five things to know|l['’]essentiel|points[ -]cl[eé]s|en bref|en r[eé]sum[eé]"
    "|ce qu['’]il faut (?:savoir|retenir)|faits saillants|messages[ -]cl[eé]s|[aà] retenir|puntos? clave|claves"
    "|lo que (?:debes?|hay que|necesitas?|se) saber?|en resumen|en breve|mensajes clave|destacados|lo (?:más )?destacado"
    "|aspectos destacados|النقاط الرئيسية|النقاط الأساسية|أبرز النقاط|أهم النقاط|ما (?:تحتاج|يجب) (?:إلى )?(?:معرفته|أن تعرفه)|الخلاصة|باختصار"
)
_LABEL = re.compile(rf"\W*(?:{LABELS})\s*[:：]?\W*", re.IGNORECASE)
_MARKER = re.compile(r"[ \t]*(?:[-*+•‣◦▪●·–—→]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
MOST = 15
"""More items than that are a list, not a summary."""


def is_label(content: str) -> bool:
    """Whether a line is the label of a key-points block."""
    return len(content) < 60 and _LABEL.fullmatch(content) is not None


def fold(content: str) -> str:
    """Return the words of a text, for telling whether it says the same."""
    return " ".join(re.findall(r"\w+", content.casefold()))


def bare(content: str) -> int:
    """Return where the words of a list item begin, after its marker."""
    match = _MARKER.match(content)
    return match.end() if match else 0


def mark(layout: Layout) -> None:
    """Mark the label and the points that follow it: a list, or paragraphs that the text repeats."""
    blocks = layout.seed.blocks
    for index, block in enumerate(blocks):
        if not is_label(block.text) or layout.taken(block) or index > max(12, 0.5 * len(blocks)):
            continue
        points = []
        for follower in blocks[index + 1 : index + 2 + MOST]:
            if follower.kind != "item":
                break
            points.append(follower)
        if not points:
            after = {fold(other.text) for other in blocks[index + 2 :]}
            for number, follower in enumerate(blocks[index + 1 : index + 1 + MOST]):
                later = {fold(other.text) for other in blocks[index + 2 + number :]} if number else after
                if fold(follower.text) not in later:
                    break
                points.append(follower)
        if not points or len(points) > MOST:
            continue
        layout.add(Part(block.start, block.end, "points label", "label of the key points", "key-points"))
        for point in points:
            layout.add(
                Part(
                    point.start,
                    point.end,
                    "point",
                    "key point",
                    "key-points",
                    (("point", point.start + bare(point.text), point.end),),
                )
            )
        return


def find(layout: Layout) -> tuple[Finding[str], ...]:
    """Return the key points in order."""
    text = layout.seed.text
    return tuple(
        Finding(
            " ".join(text[start:end].split()),
            "stated",
            "key-points",
            (Evidence(text[part.start : part.end], part.start, part.end),),
        )
        for part in layout.of("point")
        for start, end in part.spans("point")
    )
