"""ninjs, the JSON of news agencies (IPTC, versions 1 to 3), and plain objects such as exports have: a title, a text.

Fields are stated, the body is text or HTML.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from briefings.model import Seed, Stated
from briefings.seeds import blocks, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import BlockKind

_FIELD = re.compile(
    rb'"(?:body_text|body_html|body_xhtml|bodies|versioncreated|headlines?|articleBody|text|body|content|html)"\s*:'
)
_NINJS = ("body_text", "body_html", "body_xhtml", "bodies", "versioncreated")
_TAGS = re.compile(r"<(?:!doctype|html|body|article|p|div|br|h[1-6]|ul|ol)\b[^>]*>", re.IGNORECASE)
FIELDS = (
    ("title", ("headline", "title")),
    (
        "date",
        ("firstpublished", "contentcreated", "firstcreated", "datePublished", "published", "published_at", "date"),
    ),
    ("updated", ("versioncreated", "dateModified", "updated", "modified")),
    ("author", ("byline", "by", "author")),
    ("publisher", ("copyrightholder", "publisher", "source")),
    ("url", ("canonicalurl", "uri", "url", "link")),
    ("lang", ("language", "inLanguage", "lang")),
    ("description", ("description_text", "description", "summary")),
)
"""What a property states; the first that is there counts. ninjs 3 writes headlines, bylines and bodies as lists."""


def sniff(name: str, head: bytes) -> bool:  # noqa: ARG001 - agencies name their files as they like
    """A JSON object with a property of ninjs near its beginning."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and bool(_FIELD.search(head))


def read(name: str, data: bytes) -> Seed:
    """Return the seed of a ninjs item.

    Raises:
        SeedError: no JSON, or no text in it.
    """
    source, notes = decode.decode(data, name, "utf-8")
    try:
        item = json.loads(source)
    except (ValueError, RecursionError):
        decode.refuse(name, "the file begins like JSON but is damaged (export it again)")
    if not isinstance(item, dict):
        decode.refuse(name, "the file holds JSON, but no object (export each article as one)")
    parts = list(_body(item, name))
    text, found = blocks.assemble((kind, decode.clean(text)[0], level) for kind, text, level in parts)
    if not found:
        decode.refuse(name, "the item holds no body (export it with its text)")
    return Seed(name, _kind(item), sha256(data).hexdigest(), text, found, tuple(_stated(item)), notes=notes)


def _kind(item: dict[str, Any]) -> str:
    return "ninjs" if any(key in item for key in _NINJS) else "json"


def _first(item: dict[str, Any], key: str) -> str:
    """A text, or that of the first of a list (``headlines``, ``bylines``), or its ``value`` or ``name``."""
    value = item.get(key) or item.get(f"{key}s")
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("value") or value.get("name")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _stated(item: dict[str, Any]) -> Iterator[Stated]:
    for field, keys in FIELDS:
        for key in keys:
            if value := _first(item, key):
                yield Stated(field, value, f"{_kind(item)} {key}")
                break


def _body(item: dict[str, Any], name: str) -> Iterator[tuple[BlockKind, str, int]]:
    for body, kind in _bodies(item):
        if "html" in kind:
            from briefings.seeds import markup  # noqa: PLC0415 - lxml only where there is HTML

            try:
                pieces = list(markup.pieces(markup.parse(body)))
            except (ValueError, RecursionError):
                decode.refuse(name, "the item's HTML cannot be read (export its text)")
            yield from ((piece.kind, piece.text, piece.level) for piece in pieces if not piece.hidden)
        else:
            plain = decode.clean(body)[0]
            yield from ((block.kind, block.text, block.level) for block in blocks.paragraphs(plain))
        return


def _bodies(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The bodies with their media types, text before HTML: a text is what its agency meant."""
    found = []
    for key, kind in (("body_text", "text/plain"), ("body_html", "text/html"), ("body_xhtml", "text/html")):
        if isinstance(item.get(key), str):
            found.append((item[key], kind))
    for key in ("articleBody", "text", "body", "content", "html"):
        if isinstance(item.get(key), str) and not found:
            found.append((item[key], "text/html" if key == "html" or _TAGS.search(item[key]) else "text/plain"))
    listed = item.get("bodies")
    found.extend(
        (body["value"], str(body.get("contenttype") or "text/plain"))
        for body in (listed if isinstance(listed, list) else ())
        if isinstance(body, dict) and isinstance(body.get("value"), str)
    )
    yield from sorted((pair for pair in found if pair[0].strip()), key=lambda pair: "html" in pair[1])
