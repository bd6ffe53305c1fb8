"""ninjs, the JSON of news agencies (IPTC, versions 1 to 3), and plain objects such as exports have: a title, a text.

Fields are stated, the body is text or HTML. The versions write one property in several ways (``body_text``,
``contenttype``, ``contentType``, ``headlines``), so names are compared without case and underscores; ``urn:`` names an
item, it is no address.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from briefings.model import Removed, Seed, Stated
from briefings.seeds import blocks, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import BlockKind

_FIELD = re.compile(
    rb'"(?:body_?text|body_?html|body_?xhtml|bodies|version_?created|headlines?|articleBody|text|body|content|html'
    rb'|descriptions|pub_?status|standard)"\s*:',
    re.IGNORECASE,
)
_NINJS = ("bodytext", "bodyhtml", "bodyxhtml", "bodies", "versioncreated", "standard")
_TAGS = re.compile(r"<(?:!doctype|html|body|article|p|div|br|h[1-6]|ul|ol)\b[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
FIELDS = (
    ("title", ("headline", "headlines", "title")),
    ("date", ("firstpublished", "contentcreated", "firstcreated", "datepublished", "published", "publishedat", "date")),
    ("updated", ("versioncreated", "datemodified", "updated", "modified")),
    ("author", ("byline", "bylines", "by", "author")),
    ("publisher", ("infosources", "infosource", "copyrightholder", "publisher", "source")),
    ("located", ("located",)),
    ("url", ("canonicalurl", "altids", "uri", "url", "link")),
    ("lang", ("language", "inlanguage", "lang")),
    ("description", ("descriptiontext", "descriptions", "description", "summary")),
)
"""What a property states; the first that is there counts. Names are those of ninjs 1.0 to 3.1, then of schema.org and
of habits, all in small letters and without underscores."""

KEPT = (
    ("usageterms", "usage terms of the item"), ("copyrightnotice", "copyright notice of the item"),
    ("ednote", "note to editors"), ("slugline", "slug line of the item"),
)  # fmt: skip
"""What an editor should see and no field takes."""

Item = dict[str, Any]
_OTHER = ("keypoint", "strip")
"""Roles of descriptions that do not describe the item as a whole."""


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
    item = _folded(item)
    bodies = list(_bodies(item))
    if not bodies and (described := list(_values(item, ("descriptiontext", "descriptions"), but=_OTHER))):
        bodies = [(words, "text/plain") for words, _ in described]
        notes = (*notes, "the item has no body: its description was taken")
    parts = [*_key_points(item), *(_blocks(*bodies[0], name) if bodies else ())]
    text, found = blocks.assemble((kind, decode.clean(text)[0], level) for kind, text, level in parts)
    if not bodies or not found:
        decode.refuse(name, "the item holds no body (export it with its text)")
    dropped = tuple(_dropped(item, bodies[1:], text, name))
    return Seed(name, _kind(item), sha256(data).hexdigest(), text, found, tuple(_stated(item)), dropped, notes)


def _folded(item: Item) -> Item:
    """The properties by their names in small letters and without underscores; of two, the first."""
    folded: Item = {}
    for key, value in item.items():
        folded.setdefault(key.replace("_", "").lower(), value)
    return folded


def _kind(item: Item) -> str:
    return "ninjs" if any(key in item for key in _NINJS) else "json"


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a property with their roles: itself, its ``value`` or ``name``, or those of the items of a list."""
    for one in value if isinstance(value, list) else (value,):
        held = _folded(one) if isinstance(one, dict) else {"value": one}
        for key in ("value", "name", "literal"):
            if isinstance(held.get(key), str) and held[key].strip():
                yield held[key], str(held.get("role") or "")
                break


def _values(item: Item, keys: tuple[str, ...], but: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for key in keys:
        yield from ((text, role) for text, role in _texts(item.get(key)) if role.lower() not in but)


def _first(item: Item, field: str, key: str) -> str:
    """The text of a property that states a field; the main one, or else the first."""
    texts = [text for text in _texts(item.get(key)) if field != "description" or text[1].lower() not in _OTHER]
    if field == "url":
        # version 1 writes altids as {"name": "address"}
        named = item.get(key)
        if key == "altids" and isinstance(named, dict):
            texts = [(value, role) for role, value in named.items() if isinstance(value, str)]
        texts = [text for text in texts if _ADDRESS.fullmatch(text[0].strip())]
    best = min(texts, key=lambda text: text[1].lower() not in {"", "main", "url", "originator"}, default=("", ""))
    return " ".join(decode.clean(best[0])[0].split())


def _stated(item: Item) -> Iterator[Stated]:
    for field, keys in FIELDS:
        for key in keys:
            if value := _first(item, field, key):
                yield Stated(field, value, f"{_kind(item)} {key}")
                break


def _key_points(item: Item) -> Iterator[tuple[BlockKind, str, int]]:
    points = [text for text, role in _texts(item.get("descriptions")) if role.lower() == "keypoint"]
    if points:
        yield "heading", "Key points", 2
        yield from (("item", point, 0) for point in points)


def _blocks(body: str, kind: str, name: str) -> Iterator[tuple[BlockKind, str, int]]:
    if "html" in kind.lower():
        from briefings.seeds import markup  # noqa: PLC0415 - lxml only where there is HTML

        try:
            pieces = list(markup.pieces(markup.parse(body)))
        except (ValueError, RecursionError):
            decode.refuse(name, "the item's HTML cannot be read (export its text)")
        yield from ((piece.kind, piece.text, piece.level) for piece in pieces if not piece.hidden)
    else:
        plain = decode.clean(body)[0]
        yield from ((block.kind, block.text, block.level) for block in blocks.paragraphs(plain))


def _bodies(item: Item) -> Iterator[tuple[str, str]]:
    """The bodies with their media types: the main one first, and text before HTML, as it is what its agency meant."""
    found: list[tuple[str, str, str]] = []
    for key, kind in (("bodytext", "text/plain"), ("bodyhtml", "text/html"), ("bodyxhtml", "text/html")):
        if isinstance(item.get(key), str):
            found.append((item[key], kind, ""))
    listed = item.get("bodies")
    for body in listed if isinstance(listed, list) else ():
        held = _folded(body) if isinstance(body, dict) else {}
        if isinstance(held.get("value"), str):
            found.append(
                (held["value"], str(held.get("contenttype") or _media(held["value"])), str(held.get("role") or ""))
            )
    for key in ("articlebody", "text", "body", "content", "html"):
        if isinstance(item.get(key), str) and not found:
            found.append((item[key], "text/html" if key == "html" else _media(item[key]), ""))
    found.sort(key=lambda body: (body[2].lower() not in {"", "main"}, "html" in body[1].lower()))
    yield from ((text, kind) for text, kind, _ in found if text.strip())


def _media(body: str) -> str:
    return "text/html" if _TAGS.search(body) else "text/plain"


def _dropped(item: Item, others: list[tuple[str, str]], text: str, name: str) -> Iterator[Removed]:
    """The other bodies where they say something else, and what stands in no field."""
    whole = "".join(_WORD.findall(text))
    for body, kind in others:
        words = "\n".join(part for _, part, _ in _blocks(body, kind, name) if "".join(_WORD.findall(part)) not in whole)
        if words:
            yield Removed(decode.clean(words)[0], "another body of the item")
    for key, reason in KEPT:
        for words, _ in _texts(item.get(key)):
            yield Removed(decode.clean(" ".join(words.split()))[0], reason)
    pictures = item.get("associations")
    for picture in pictures.values() if isinstance(pictures, dict) else pictures if isinstance(pictures, list) else ():
        held = _folded(picture) if isinstance(picture, dict) else {}
        for words, _ in _values(held, ("headline", "headlines", "descriptiontext", "descriptions", "byline", "by")):
            yield Removed(decode.clean(" ".join(words.split()))[0], "item that is associated with it")
