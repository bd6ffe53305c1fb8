"""Pages of a web archive (WARC 1.0 and 1.1, ISO 28500): the HTML of its responses, as the server sent it.

Requests, metadata, redirects, pictures and scripts are passed over: no one would make a briefing of them.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

from briefings.seeds import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_HTML = re.compile(r"(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? 200\b")
_BLANK = re.compile(rb"\r?\n\r?\n")


class Page(NamedTuple):
    """A page that was archived: its address, its bytes, and the charset that the server declared or ``""``."""

    url: str
    body: bytes
    charset: str


def pages(name: str, data: bytes, largest: int) -> Iterator[Page]:
    """Yield the HTML pages of an archive, of at most ``largest`` bytes each.

    Raises:
        SeedError: the archive is damaged.
    """
    at = 0
    while at < len(data):
        head = _BLANK.search(data, at)
        if not data.startswith(b"WARC/", at) or head is None:
            decode.refuse(name, f"the web archive is damaged at byte {at} (export it again)")
        fields = _fields(data[at : head.start()])
        length = fields.get("content-length", "")
        if not length.isdecimal() or head.end() + int(length) > len(data):
            decode.refuse(name, f"the web archive is damaged at byte {at} (export it again)")
        end = head.end() + int(length)
        url = fields.get("warc-target-uri", "").strip("<>")
        if url and fields.get("warc-type", "").lower() == "response":
            yield from _page(url, data[head.end() : end], largest)
        elif url and fields.get("warc-type", "").lower() == "resource" and _HTML.match(fields.get("content-type", "")):
            yield Page(url, data[head.end() : end], _charset(fields.get("content-type", "")))
        at = end
        while data[at : at + 1] in (b"\r", b"\n"):
            at += 1


def _page(url: str, message: bytes, largest: int) -> Iterator[Page]:
    head = _BLANK.search(message)
    if head is None or not _STATUS.match(message):
        return
    fields = _fields(message[: head.start()])
    kind = fields.get("content-type", "")
    if not _HTML.match(kind):
        return
    body: bytes | None = message[head.end() :]
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _unchunked(body or b"")
    coding = fields.get("content-encoding", "").lower()
    if coding in {"gzip", "x-gzip", "deflate"}:
        body = _unpacked(body or b"", largest)
    if body is not None and coding in {"", "identity", "gzip", "x-gzip", "deflate"}:
        yield Page(url, body, _charset(kind))


def _charset(kind: str) -> str:
    match = _CHARSET.search(kind)
    return match[1] if match else ""


def _fields(head: bytes) -> dict[str, str]:
    """Header fields by name in small letters; the first line, which names the version or status, left out."""
    lines = head.decode("utf-8", "surrogateescape").splitlines()[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _unchunked(body: bytes) -> bytes:
    """The body without the sizes of its chunks (RFC 9112, 7.1); as it is, when it has none: many archivers join it."""
    parts, at = [], 0
    while (end := body.find(b"\n", at)) >= 0:
        size = body[at:end].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
            return body
        length = int(size, 16)
        if not length:
            break
        parts.append(body[end + 1 : end + 1 + length])
        at = end + 1 + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(parts)


def _unpacked(body: bytes, largest: int) -> bytes | None:
    for bits in (47, -15):  # gzip or zlib by their heads; bare deflate, which some servers send
        try:
            unpacked = zlib.decompressobj(wbits=bits).decompress(body, largest + 1)
        except zlib.error:
            continue
        return unpacked if len(unpacked) <= largest else None
    return None
