"""Pieces of XML: an element as it stands inside a document, and the document around such pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = "CONTENT"
"""Stands for the content while the tree is written; the last occurrence is meant, so the word may stand elsewhere."""


def piece(
    element: etree._Element, root: str, namespaces: Mapping[str, str], markup: bytes, content: bytes
) -> tuple[bytes, ...]:
    """Write an element without the declarations that the document's root has made already, a child a line.

    The content is one of the parts that are given back, as it is: it is nearly all of a feed, and never copied.

    Args:
        element: becomes part of another tree. Its last child holds :data:`HERE`.
        root: name of the document's root.
        namespaces: those that the root declares, by prefix.
        markup: where the children begin that hold HTML; plain texts stand before them.
        content: escaped.
    """
    for child in element:
        child.tail = "\n"
    element.text = "\n"
    parent = etree.Element(root, nsmap=dict(namespaces))  # here the element's namespaces take the root's prefixes
    parent.append(element)
    written = etree.tostring(parent, encoding="UTF-8", xml_declaration=False)
    # Without the parent's own tags, of which the first holds addresses and no ">".
    written = written[written.index(b">") + 1 : -len(root) - 3]
    before, _, after = written.rpartition(HERE.encode())
    plain, begin, html = before.partition(markup)
    return (_hexadecimal(plain) + begin + html, content, after)


def shell(document: bytes, root: bytes, closing: bytes) -> tuple[bytes, bytes]:
    """Cut a document without entries into what stands before and after them.

    Args:
        document: as feedgen wrote it.
        root: begin of the root's tag (``<rss``).
        closing: the tag that ends the element which entries stand in.
    """
    head, end, tail = document.rpartition(closing)
    prolog, tag, plain = head.partition(root)
    return prolog + tag + _hexadecimal(plain.rstrip()) + b"\n", b"\n" + end + tail


def _hexadecimal(plain: bytes) -> bytes:
    """Write ``&``, ``<`` and ``>`` as ``&#x26;``, ``&#x3C;`` and ``&#x3E;``.

    The same to every XML parser, but it shows that a plain text is meant: the RSS profile (section "Character data")
    advises it, and validators that find an entity in a text look for it before they suspect HTML.
    """
    return plain.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")
