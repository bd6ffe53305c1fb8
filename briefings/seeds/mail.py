"""E-mail (RFC 5322, MIME): a press office's message, forwarded or not; its text part, else its HTML part.

The headers that an editor would read stand as header lines on top of the text; attachments are named, never written.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING

from briefings.model import Block, Removed, Seed
from briefings.seeds import blocks, decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from briefings.model import BlockKind

DEEPEST = 20
"""Messages within messages (R2)."""

MOST_PARTS = 1000
LONGEST = 10_000
"""Bytes of a header field that has to be taken apart: the standard parser's time and memory grow faster than that."""
_DEEP = f"the e-mail is nested more than {DEEPEST} deep (forward the inner message by itself)"
HEADERS = ("From", "Date", "Subject")
_SUFFIX = re.compile(r"\.(?:eml|mht|mhtml)$", re.IGNORECASE)
_FIELD = re.compile(
    rb"(?:From|To|Subject|Date|Message-ID|MIME-Version|Received|Return-Path|Delivered-To|Content-Type|X-[\w-]+|"
    rb"DKIM-Signature|Reply-To|Sender):[ \t]",
    re.IGNORECASE,
)
_ENVELOPE = re.compile(
    rb"(?m)^(?:From|Date|Message-ID|MIME-Version|Received|Return-Path|Content-Type):[ \t]", re.IGNORECASE
)
_READ = re.compile(rb"(?im)^(?P<field>From|Date|Subject):[^\n]*+(?:\n[ \t][^\n]*+)*+")
_CONTENT = re.compile(rb"(?im)^(?P<field>Content-[\w-]+):[^\n]*+(?:\n[ \t][^\n]*+)*+")
_BLANK = re.compile(rb"\n\r?\n")
_DELIMITER = re.compile(rb"(?m)^--")
_PREFIX = re.compile(r"(?:(?:re|fw|fwd|tr|rv|wg|aw|ENC)\s*:\s*)+", re.IGNORECASE)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


def sniff(name: str, head: bytes) -> bool:
    """A name that ends in ``.eml``, or header fields of a message from the first line on."""
    return bool(_SUFFIX.search(name)) or (
        bool(_FIELD.match(head.lstrip(b"\xef\xbb\xbf"))) and len(set(_ENVELOPE.findall(head))) >= 3
    )


def read(name: str, data: bytes) -> Seed:
    """Return the seed of a message.

    Raises:
        SeedError: no text in it, too deeply nested, too many parts, or not decodable.
    """
    from email import message_from_bytes, policy  # noqa: PLC0415 - slow to load, and most seeds are no messages

    _admit(name, data)
    try:
        message = message_from_bytes(data, policy=policy.default)
        parts = list(_parts(message, 0, name))
    except RecursionError:
        decode.refuse(name, _DEEP)
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        # The standard parser raises all of these on malformed headers.
        decode.refuse(name, "the e-mail is damaged (export it again, or paste its text)")
    dropped = tuple(_attachments(parts))
    part = next((part for part in parts if part.get_content_type() == "text/plain" and _words(part)), None)
    part = part or next((part for part in parts if part.get_content_type() == "text/html"), None)
    if part is None:
        decode.refuse(name, "the e-mail holds no text (an attachment must be saved and ingested by itself)")
    payload, charset = _payload(part), str(part.get_content_charset() or "")
    source, notes = decode.decode(payload, name, charset)
    headers = "\n".join(f"{field}: {value}" for field in HEADERS if (value := _header(message, field)))
    if part.get_content_type() == "text/html":
        text, found = _html(name, source)
    else:
        text, found = source, blocks.paragraphs(source)
    whole = f"{headers}\n\n{text}" if headers else text
    shift = len(headers) + 2 if headers else 0
    shifted = (Block(block.kind, block.text, block.start + shift, block.end + shift, block.level) for block in found)
    return Seed(name, "eml", sha256(data).hexdigest(), whole, (*_header_blocks(headers), *shifted), (), dropped, notes)


def _admit(name: str, data: bytes) -> None:
    """Refuse what the standard parser could not take apart in reasonable time, before it tries."""
    # Each part begins with a delimiter (RFC 2046, section 5.1.1), and each multipart ends with one.
    if sum(1 for _ in _DELIMITER.finditer(data)) > 3 * MOST_PARTS:
        decode.refuse(name, f"the e-mail has more than {MOST_PARTS} parts (forward its text by itself)")
    blank = _BLANK.search(data)
    fields = chain(_READ.finditer(data, 0, blank.start() if blank else len(data)), _CONTENT.finditer(data))
    for field in fields:
        if len(field[0]) > LONGEST:
            what = f"a {field['field'].decode('ascii')} field of more than {LONGEST:,} characters"
            decode.refuse(name, f"the e-mail has {what} (paste its text)")


def _header_blocks(headers: str) -> Iterator[Block]:
    at = 0
    for line in headers.split("\n") if headers else ():
        yield Block("header", line, at, at + len(line))
        at += len(line) + 1


def _header(message: EmailMessage, field: str) -> str:
    """A header on one line, decoded, without controls; as it was written if it cannot be taken apart."""
    try:
        value = str(message[field] or "")
    except (ValueError, TypeError, LookupError, AttributeError, IndexError, RecursionError):
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == field.lower()), "")
    value, _ = decode.clean(_SPACE.sub(" ", value))
    value = _SPACE.sub(" ", value).strip()
    return _PREFIX.sub("", value) if field == "Subject" else value


def _parts(message: EmailMessage, depth: int, name: str) -> Iterator[EmailMessage]:
    """The leaves of a message, in order, attached messages opened."""
    if depth > DEEPEST:
        decode.refuse(name, _DEEP)
    for number, part in enumerate(message.iter_parts() if message.is_multipart() else (message,)):
        if number > MOST_PARTS:
            decode.refuse(name, f"the e-mail has more than {MOST_PARTS} parts (forward its text by itself)")
        if part.is_multipart():
            yield from _parts(part, depth + 1, name)  # type: ignore[arg-type]
        else:
            yield part  # type: ignore[misc]


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _words(part: EmailMessage) -> bool:
    return part.get_content_disposition() != "attachment" and bool(_payload(part).strip())


def _attachments(parts: list[EmailMessage]) -> Iterator[Removed]:
    for part in parts:
        kind = part.get_content_type()
        if not kind.startswith("text/") or part.get_content_disposition() == "attachment":
            label, _ = decode.clean(_SPACE.sub(" ", part.get_filename() or "without a name"))
            yield Removed(f"{label} ({kind})", "attachment of the e-mail")


def _html(name: str, source: str) -> tuple[str, tuple[Block, ...]]:
    """All the text of an HTML part: mail has no menus to leave out."""
    from briefings.seeds import markup  # noqa: PLC0415 - lxml only for mail that needs it

    try:
        found = list(markup.pieces(markup.parse(source)))
    except (ValueError, RecursionError):
        decode.refuse(name, "the e-mail's HTML cannot be read (paste its text)")
    pieces: list[tuple[BlockKind, str, int]] = []
    for piece in found:
        if not piece.hidden:
            pieces += [(piece.kind, text, piece.level) for text in re.split(r"\n{2,}", piece.text)]
    return blocks.assemble(pieces)
