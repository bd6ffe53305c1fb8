"""Saved web pages. The article is told from the page by trafilatura, for precision; nothing is ever fetched.

Everything else that the page shows is handed back as dropped, region by region, so that an editor can see that no
word of the story went with the menus.
"""

from __future__ import annotations

import logging
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from briefings.model import Removed, Seed
from briefings.seeds import decode
from briefings.seeds.blocks import assemble

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from briefings.model import BlockKind
    from briefings.seeds.markup import Piece

_SUFFIX = re.compile(r"\.x?html?$", re.IGNORECASE)
_TAGS = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|meta|div|h1)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([A-Za-z0-9_.-]+)",
    re.IGNORECASE,
)
_WIDE = (b"\xff\xfe<", b"\xfe\xff\x00<")
_WORDS = re.compile(r"\w+")
NEAR, LONGEST = 8, 200
"""Pieces between headline and text, and characters of one: more is no line of credits."""

REGIONS = {
    "nav": "page navigation", "header": "page header", "footer": "page footer", "aside": "page sidebar",
    "form": "page form", "menu": "page menu", "": "page furniture outside the article",
}  # fmt: skip


def sniff(name: str, head: bytes) -> bool:
    """A name that ends in ``.html``, or the tags of a page near the top."""
    return (
        bool(_SUFFIX.search(name)) or head.startswith(_WIDE) or (head.lstrip()[:1] == b"<" and bool(_TAGS.search(head)))
    )


def read(name: str, data: bytes, charset: str = "") -> Seed:
    """Return the seed of a saved page: its article as text, its metadata as stated, the rest as dropped.

    ``charset`` is what its server said; it counts before what the page itself declares (HTML standard, 13.2.3.2).

    Raises:
        SeedError: empty, binary, not decodable, or without any text.
    """
    match = _CHARSET.search(data[:4096])
    declared = charset or ((match[1] or match[2]).decode("ascii") if match else "")
    source, notes = decode.decode(data, name, declared)
    return from_source(name, data, source, notes)


def from_source(name: str, data: bytes, source: str, notes: tuple[str, ...]) -> Seed:
    """Return the seed of a page whose text is decoded."""
    from briefings.seeds import markup  # noqa: PLC0415 - lxml takes a while, and text needs none of it

    try:
        root = markup.parse(source)
        stated = markup.stated(root)
        shown = list(markup.pieces(root))
    except (ValueError, RecursionError):
        decode.refuse(name, "the page cannot be read as HTML (save it again, or paste its text)")
    titles = [item.value for item in stated if item.name == "title"]
    sites = {_fold(item.value).casefold() for item in stated if item.name == "publisher"}
    parts = _article(source, shown, titles, sites)
    if not parts:
        parts = [(piece.kind, piece.text, piece.level) for piece in shown if not piece.hidden and not piece.region]
        notes = (*notes, "no article could be told from the page: all text outside menus was taken")
    text, blocks = assemble(_captions(parts, shown))
    if not blocks:
        decode.refuse(name, "the page holds no text (was it saved before it had loaded?)")
    dropped = tuple(_dropped(text, shown))
    return Seed(name, "html", sha256(data).hexdigest(), text, blocks, stated, dropped, notes)


def _article(
    source: str, shown: list[Piece], titles: list[str], sites: Collection[str]
) -> list[tuple[BlockKind, str, int]]:
    """The article's blocks by trafilatura, with its headline."""
    import trafilatura  # noqa: PLC0415 - half a second, for pages only

    # What it cannot extract is said in the seed's notes; its own log would reach the editor's terminal.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    try:
        found = trafilatura.bare_extraction(
            source,
            favor_precision=True,
            include_comments=False,
            include_tables=True,
            include_links=False,
            include_images=False,
            with_metadata=False,
        )
    except (ValueError, TypeError, AttributeError, RecursionError, IndexError, KeyError):
        return []
    body = getattr(found, "body", None)
    if body is None:
        return []
    parts = list(_walk(body))
    if parts and not any(kind == "title" for kind, _, _ in parts) and (title := _headline(shown, titles, sites)):
        parts.insert(0, ("title", title, 0))
    return parts


def _headline(shown: list[Piece], titles: list[str], sites: Collection[str]) -> str:
    """The first heading of level 1 that the page's head states as its title; else the first that names no site."""
    heads = [piece.text for piece in shown if piece.kind == "heading" and piece.level == 1 and not piece.hidden]
    heads = [text for text in heads if _fold(text).casefold() not in sites]
    known = [_fold(title).casefold() for title in titles]
    stated = (text for text in heads if any(_fold(text).casefold() in title for title in known))
    return next(stated, heads[0] if heads else "")


def _walk(body: Any) -> Iterator[tuple[BlockKind, str, int]]:
    titled = False
    if body.text and body.text.strip():
        yield "text", " ".join(body.text.split()), 0
    for element in body:
        text = " ".join("".join(element.itertext()).split())
        if element.tag == "head":
            level = int(str(element.get("rend", "h2"))[-1:]) if str(element.get("rend", "h2"))[-1:].isdigit() else 2
            if level == 1 and not titled:
                titled = True
                yield "title", text, 0
            else:
                yield "heading", text, max(level, 2)
        elif element.tag == "list":
            for item in element.iter("item"):
                words = [
                    item.text or "",
                    *("".join(child.itertext()) + (child.tail or "") for child in item if child.tag != "list"),
                ]
                yield (
                    "item",
                    " ".join("".join(words).split()),
                    sum(parent.tag == "list" for parent in item.iterancestors()) - 1,
                )
        elif element.tag == "quote":
            paragraphs = [" ".join("".join(child.itertext()).split()) for child in element if child.tag == "p"]
            yield "quote", "\n\n".join(filter(None, paragraphs)) or text, 0
        elif element.tag == "table":
            rows = (
                " | ".join(" ".join("".join(cell.itertext()).split()) for cell in row.iter("cell"))
                for row in element.iter("row")
            )
            yield "table", "\n".join(row for row in rows if row.strip(" |")), 0
        elif element.tag == "code":
            yield "code", "".join(element.itertext()), 0
        else:
            yield "text", text, 0
        if element.tail and element.tail.strip():
            # Text that stands in no paragraph, between line breaks.
            yield "text", " ".join(element.tail.split()), 0


def _captions(parts: list[tuple[BlockKind, str, int]], shown: list[Piece]) -> Iterator[tuple[BlockKind, str, int]]:
    """The parts, with what extraction leaves out put after the title.

    That is captions, and the lines between the headline and the first paragraph, which say who, where and when.
    """
    had = {_fold(text) for _, text, _ in parts}
    first = next((_fold(text) for kind, text, _ in parts if kind == "text"), "")
    title = next((_fold(text) for kind, text, _ in parts if kind == "title"), "")
    folded = [_fold(piece.text) for piece in shown]
    above = folded.index(title) if title in folded else len(shown)
    below = folded.index(first, above) if first in folded[above:] else above
    near = [
        (piece.kind, " ".join(piece.text.split()), piece.level)
        for number, piece in enumerate(shown)
        if not piece.hidden
        and folded[number]
        and folded[number] not in had
        and not piece.linked
        and (
            (piece.kind == "caption" and not piece.region)
            or (
                above < number < below <= above + NEAR and len(piece.text) <= LONGEST and piece.region in {"", "header"}
            )
        )
    ]
    at = next((number + 1 for number, (kind, _, _) in enumerate(parts) if kind == "title"), 0)
    yield from parts[:at]
    yield from near
    yield from parts[at:]


def _fold(text: str) -> str:
    return " ".join(_WORDS.findall(text))


def _dropped(text: str, shown: Iterable[Piece]) -> Iterator[Removed]:
    """What the page shows and the text does not hold, joined by region; and what the page hides."""
    whole = f" {_fold(text)} "
    gone: dict[str, list[str]] = {}
    for piece in shown:
        words = _fold(piece.text)
        if piece.hidden:
            gone.setdefault("text hidden by style", []).append(" ".join(piece.text.split()))
        elif words and f" {words} " not in whole:
            gone.setdefault(REGIONS[piece.region], []).append(" ".join(piece.text.split()))
    for reason, texts in gone.items():
        yield Removed("\n".join(texts), reason)
