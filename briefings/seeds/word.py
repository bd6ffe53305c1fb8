"""Word documents (.docx; ECMA-376, Office Open XML, part 1), read by mammoth. The one file that knows mammoth.

Before mammoth sees the document its members are looked at: how many, how large unpacked, no document type and so no
entity. It may open no file beside the document, and no picture in it is opened. What is shown beside the text (notes,
comments, headers), what was struck out in review, and whatever words mammoth passes over are listed: the words of the
document are counted a second time, without mammoth, and what is missing is said.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from briefings.model import Removed, Seed, Stated
from briefings.seeds import blocks, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from briefings.model import BlockKind

    Part = tuple[BlockKind, str, int]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "lang": "{http://purl.org/dc/elements/1.1/}language",
    "created": "{http://purl.org/dc/terms/}created",
}
"""What the properties state (ECMA-376, part 2, clause 11). The day is the file's, not the article's: a hint."""

LARGEST = 50 * 1024 * 1024
"""Bytes of all members when they are unpacked, and the limit of each by ratio is :data:`RATIO` (R2)."""

RATIO = 100
MOST_ENTRIES = 1000
_DOCUMENT = "word/document.xml"
_BESIDE = re.compile(r"word/(?P<what>header|footer|footnote|endnote|comment)s?\d*\.xml")
_XML = re.compile(r"(?i)\.(?:xml|rels)$")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\A(?:\xff\xfe|\xfe\xff|<?\x00)")
"""A document type, or UTF-16, in which it could hide; Word writes neither."""
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""The same words again, for programs that do not know the newer form."""
_WORD = re.compile(r"\w+")


def sniff(name: str, head: bytes) -> bool:
    """A zip archive named ``.docx``, or one that begins as Word writes it."""
    return head.startswith(b"PK\x03\x04") and (name.lower().endswith((".docx", ".docm")) or b"word/" in head)


def read(name: str, data: bytes) -> Seed:
    """Return the seed of a Word document.

    Raises:
        SeedError: damaged, too large when unpacked, or without text.
    """
    notes: tuple[str, ...] = ()
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        _admit(name, archive)
        tree = _tree(archive, _DOCUMENT)
        try:
            parts, dropped = _converted(data)
        except (KeyError, ValueError, AttributeError, TypeError, IndexError):
            # mammoth takes for granted what the standard leaves optional: the type of a style, the id of a note.
            parts, dropped = [("text", words, 0) for words in _paragraphs(tree)], []
            notes = ("the document's styles cannot be read: its paragraphs were taken as plain text",)
        dropped += _beside(archive, tree, dropped)
        dropped += _missing(tree, parts, dropped)
        stated = tuple(_stated(archive))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, SyntaxError):
        # zipfile raises all of these on damaged, encrypted or exotic archives; lxml's own errors are SyntaxError.
        decode.refuse(name, "the Word document is damaged or locked (save it again, or paste its text)")
    _, odd = decode.clean("".join(text for _, text, _ in parts))
    text, found = blocks.assemble((kind, decode.clean(text)[0], level) for kind, text, level in parts)
    if not found:
        decode.refuse(name, "the document holds no text (paste the article)")
    return Seed(name, "docx", sha256(data).hexdigest(), text, found, stated, tuple(dropped), notes + odd)


def _admit(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse what would not be safe to parse."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        decode.refuse(name, f"the document has more than {MOST_ENTRIES} parts (save it again as text)")
    if _DOCUMENT not in {info.filename for info in infos}:
        decode.refuse(name, "this is no Word document (unpack the archive, or save it as text)")
    texts = [info for info in infos if _XML.search(info.filename)]
    if sum(info.file_size for info in infos) > LARGEST or any(
        info.file_size > RATIO * max(info.compress_size, 1024) for info in texts
    ):
        decode.refuse(name, "the document is far larger unpacked than packed (save it again as text)")
    if any(_DECLARES.search(archive.read(info)) for info in texts):
        decode.refuse(name, "the document is not as Word writes it (save it again, or paste its text)")


def _tree(archive: zipfile.ZipFile, path: str) -> etree._Element | None:
    """Parse a member that was admitted, without entities, network or huge text."""
    from lxml import etree  # noqa: PLC0415 - for Word documents only

    try:
        content = archive.read(path)
    except KeyError:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(content, parser)


# --- what mammoth makes of it ---------------------------------------------------------------------------------------


def _converted(data: bytes) -> tuple[list[Part], list[Removed]]:
    """The blocks of the text, and its notes and comments.

    mammoth's own reading of the document is taken, before it turns that into HTML: it tells kinds of paragraph by the
    names of their styles, which do not depend on the language of Word as their ids do.
    """
    import mammoth  # noqa: PLC0415 - for Word documents only

    kept: list[Any] = []

    def keep(document: Any) -> Any:
        kept.append(document)
        return document.copy(children=[])

    mammoth.convert_to_html(
        BytesIO(data), transform_document=keep, external_file_access=False, include_embedded_style_map=False
    )
    document = kept[0]
    dropped = [
        Removed(words, f"{note.note_type} {note.note_id} of the document")
        for note in _notes(document)
        if (words := _words(note.body).strip())
    ]
    for comment in document.comments:
        if words := _words(comment.body).strip():
            by = f" by {' '.join(comment.author_name.split())}" if comment.author_name else ""
            dropped.append(Removed(words, f"comment{by} in the document"))
    dropped += [
        Removed(" ".join((picture.alt_text or "without a description").split()), "picture in the document")
        for picture in _all(document, "Image")
    ]
    return list(_parts(document.children)), dropped


def _children(element: Any) -> list[Any]:
    return list(getattr(element, "children", ()))


def _all(document: Any, kind: str) -> Iterator[Any]:
    """The elements of a kind, in the order of the text."""
    stack = [document]
    while stack:
        here = stack.pop()
        if type(here).__name__ == kind:
            yield here
        stack += reversed(_children(here))


def _notes(document: Any) -> Iterator[Any]:
    """The notes that the text refers to, in its order, each once."""
    for reference in {(item.note_type, item.note_id): item for item in _all(document, "NoteReference")}.values():
        with suppress(KeyError):  # it refers to nothing
            yield document.notes.resolve(reference)


def _parts(children: list[Any]) -> Iterator[Part]:
    for element in children:
        kind = type(element).__name__
        if kind == "Table":
            rows = (" | ".join(_line(cell) for cell in _children(row)) for row in _children(element))
            yield "table", "\n".join(row for row in rows if row.strip(" |")), 0
        elif kind == "Paragraph":
            style, level = _kind(element)
            yield style, _words([element]), level
        else:
            yield from _parts(_children(element))


def _line(cell: Any) -> str:
    return " ".join(_words(_children(cell)).split())


def _kind(paragraph: Any) -> tuple[BlockKind, int]:
    name = (paragraph.style_name or paragraph.style_id or "").lower()
    if name == "title":
        return "title", 0
    if name.startswith("heading"):
        return "heading", int(name[-1]) if name[-1].isdigit() else 2
    if name == "caption":
        return "caption", 0
    if "quote" in name:
        return "quote", 0
    if paragraph.numbering is not None or name.startswith("list"):
        level = paragraph.numbering.level_index if paragraph.numbering is not None else "0"
        return "item", int(level) if level.isdigit() else 0
    return "text", 0


def _words(elements: list[Any]) -> str:
    """The words of elements, breaks and tabs kept, a line to a paragraph."""
    words: list[str] = []
    stack = list(reversed(elements))
    while stack:
        element = stack.pop()
        kind = type(element).__name__
        if kind == "Text":
            words.append(element.value.replace("\u2011", "-"))
        elif kind == "Tab":
            words.append("\t")
        elif kind in {"Break", "Paragraph"}:
            words.append("\n")
        stack += reversed(_children(element))
    return "".join(words).strip("\n")


# --- what it passes over --------------------------------------------------------------------------------------------


def _beside(archive: zipfile.ZipFile, tree: etree._Element | None, had: list[Removed]) -> Iterator[Removed]:
    """Headers and footers, notes that mammoth did not give, and what was struck out in review."""
    known = "".join(_fold(item.text) for item in had)
    for path in sorted(archive.namelist()):
        if match := _BESIDE.fullmatch(path):
            words = "\n".join(text for text in _paragraphs(_tree(archive, path)) if _fold(text) not in known)
            if words:
                yield Removed(words, f"{match['what']} of the document")
    struck = "".join(node.text or "" for node in tree.iter(f"{W}delText")) if tree is not None else ""
    if struck.strip():
        yield Removed(struck, "struck out in review")


def _paragraphs(tree: etree._Element | None) -> list[str]:
    """The words of every paragraph that is not in one of :data:`_FALLBACK`; formulas and fields too."""
    found: list[str] = []
    for paragraph in tree.iter(f"{W}p") if tree is not None else ():
        if next(paragraph.iterancestors(_FALLBACK), None) is not None:
            continue
        words = []
        stack = list(reversed(paragraph))
        while stack:
            node = stack.pop()
            if node.tag in {_FALLBACK, f"{W}p"} or not isinstance(node.tag, str):
                continue
            if node.tag.endswith("}t"):
                words.append(node.text or "")
            elif node.tag in {f"{W}tab", f"{W}br", f"{W}cr"} and node.getparent().tag == f"{W}r":  # type: ignore[union-attr]
                words.append("\t" if node.tag == f"{W}tab" else "\n")
            stack += reversed(node)
        if text := "".join(words).strip():
            found.append(text)
    return found


def _missing(tree: etree._Element | None, parts: list[Part], dropped: list[Removed]) -> Iterator[Removed]:
    """Paragraphs of the document whose words stand nowhere in what was made of it."""
    whole = "".join(_fold(text) for text in (*(text for _, text, _ in parts), *(item.text for item in dropped)))
    at = 0
    for words in _paragraphs(tree):
        folded = _fold(words)
        # The paragraphs come in the order of the text, so each is looked for where the one before it ended.
        found = whole.find(folded, at)
        if found >= 0:
            at = found + len(folded) if found - at < 10_000 else at
        elif folded not in whole:
            yield Removed(words, "not converted from the Word document")


def _fold(text: str) -> str:
    return "".join(_WORD.findall(text))


def _stated(archive: zipfile.ZipFile) -> Iterator[Stated]:
    tree = _tree(archive, "docProps/core.xml")
    for field, tag in CORE.items():
        value = tree.findtext(tag) if tree is not None else None
        if value and value.strip():
            yield Stated(field, " ".join(value.split()), f"document property {field}")
