"""Word documents (.docx; ECMA-376, Office Open XML, part 1): paragraphs with their styles, lists and tables.

Only three members of the archive are opened (text, styles, properties), each with a limit; no picture, no link, no
external entity is looked at. What a reader of the document sees beside the text (headers, footnotes) is listed.
"""

from __future__ import annotations

import re
import zipfile
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from briefings.model import Removed, Seed, Stated
from briefings.seeds import blocks, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from briefings.model import BlockKind

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "lang": "{http://purl.org/dc/elements/1.1/}language",
}
"""What the properties state. Not the dates: they say when the file was saved, not when the article appeared."""

LARGEST = 50 * 1024 * 1024
"""Bytes of one member when it is unpacked, and its limit by ratio is :data:`RATIO` (R2)."""

RATIO = 100
MOST_ENTRIES = 1000
_BESIDE = re.compile(r"word/(?P<what>footnote|endnote|comment|header|footer)s?\d*\.xml")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""The same words again, for programs that do not know the newer form."""


def sniff(name: str, head: bytes) -> bool:
    """A zip archive named ``.docx``, or one that begins as Word writes it."""
    return head.startswith(b"PK\x03\x04") and (name.lower().endswith((".docx", ".docm")) or b"word/" in head)


def read(name: str, data: bytes) -> Seed:
    """Return the seed of a Word document.

    Raises:
        SeedError: damaged, too large when unpacked, or without text.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        if len(archive.infolist()) > MOST_ENTRIES:
            decode.refuse(name, f"the document has more than {MOST_ENTRIES} parts (save it again as text)")
        document = _member(archive, "word/document.xml", name)
        if document is None:
            decode.refuse(name, "this is no Word document (unpack the archive, or save it as text)")
        body = document.find(f"{W}body")
        styles = _styles(_member(archive, "word/styles.xml", name))
        parts = list(_parts(body, styles)) if body is not None else []
        stated = tuple(_stated(_member(archive, "docProps/core.xml", name)))
        dropped = tuple(_dropped(archive, document, name))
    except (
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        SyntaxError,
    ):
        # zipfile raises all of these on damaged, encrypted or exotic archives; lxml's own errors are SyntaxError.
        decode.refuse(name, "the Word document is damaged or locked (save it again, or paste its text)")
    _, notes = decode.clean("".join(text for _, text, _ in parts))
    text, found = blocks.assemble((kind, decode.clean(text)[0], level) for kind, text, level in parts)
    if not found:
        decode.refuse(name, "the document holds no text (paste the article)")
    return Seed(name, "docx", sha256(data).hexdigest(), text, found, stated, dropped, notes)


def _dropped(archive: zipfile.ZipFile, document: etree._Element, name: str) -> Iterator[Removed]:
    """What the document shows beside its text, and what was struck out in review."""
    for path in sorted(archive.namelist()):
        if match := _BESIDE.fullmatch(path):
            tree = _member(archive, path, name)
            if tree is not None and (text := _text(tree).strip()):
                yield Removed(text, f"{match['what']} of the document")
    struck = "".join(node.text or "" for node in document.iter(f"{W}delText"))
    if struck.strip():
        yield Removed(struck, "struck out in review")


def _member(archive: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    """Parse one member, without entities, network or huge text."""
    from lxml import etree  # noqa: PLC0415 - for Word documents only

    try:
        info = archive.getinfo(path)
    except KeyError:
        return None
    if info.file_size > LARGEST or info.file_size > RATIO * max(info.compress_size, 1024):
        decode.refuse(name, "the document is far larger unpacked than packed (save it again as text)")
    with archive.open(info) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST or b"<!DOCTYPE" in content[:1024]:
        decode.refuse(name, "the document is not as Word writes it (save it again, or paste its text)")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(content, parser)


def _styles(tree: etree._Element | None) -> dict[str, str]:
    """The names of the paragraph styles by their ids: ids are translated, names are not."""
    names = {}
    for style in tree.iter(f"{W}style") if tree is not None else ():
        label = style.find(f"{W}name")
        if label is not None:
            names[str(style.get(f"{W}styleId"))] = str(label.get(f"{W}val")).lower()
    return names


def _parts(body: etree._Element, styles: dict[str, str]) -> Iterator[tuple[BlockKind, str, int]]:
    for element in body:
        if element.tag == f"{W}tbl":
            rows = (" | ".join(_text(cell).strip() for cell in row.iter(f"{W}tc")) for row in element.iter(f"{W}tr"))
            yield "table", "\n".join(" ".join(row.split()) for row in rows if row.strip(" |")), 0
            continue
        for paragraph in element.iter(f"{W}p"):
            if any(parent.tag in {f"{W}p", _FALLBACK} for parent in paragraph.iterancestors()):
                continue  # a text box: its words stand in the paragraph that holds it
            kind, level = _kind(paragraph, styles)
            yield kind, _text(paragraph), level


def _kind(paragraph: etree._Element, styles: dict[str, str]) -> tuple[BlockKind, int]:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = styles.get(str(style.get(f"{W}val")), str(style.get(f"{W}val")).lower()) if style is not None else ""
    if name == "title":
        return "title", 0
    if name.startswith("heading"):
        return "heading", int(name[-1]) if name[-1].isdigit() else 2
    if name == "caption":
        return "caption", 0
    if "quote" in name:
        return "quote", 0
    if paragraph.find(f"{W}pPr/{W}numPr") is not None or name.startswith("list"):
        depth = paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl")
        return "item", int(depth.get(f"{W}val", "0")) if depth is not None else 0
    return "text", 0


def _text(element: etree._Element) -> str:
    """The words of an element, with what was struck out in review left out, and breaks kept."""
    words = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen", f"{W}p"):
        parent = node.getparent()
        if any(above.tag == _FALLBACK for above in node.iterancestors()):
            continue
        if node.tag == f"{W}t":
            words.append(node.text or "")
        elif node.tag == f"{W}tab":
            # The same tag, below the properties, is a tab stop.
            words.append("\t" if parent is not None and parent.tag == f"{W}r" else "")
        elif node.tag == f"{W}noBreakHyphen":
            words.append("-")
        elif node is not element:
            words.append("\n")
    return "".join(words)


def _stated(tree: etree._Element | None) -> Iterator[Stated]:
    for field, tag in CORE.items():
        value = tree.findtext(tag) if tree is not None else None
        if value and value.strip():
            yield Stated(field, " ".join(value.split()), f"document property {field}")
