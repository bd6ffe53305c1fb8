"""Files that hold several documents: zip, tar, JSON Lines, WARC, mbox; the last four also packed by gzip.

Nothing is unpacked to the disk: each document is read from memory, one after the other, and gets the name of its
container, a slash, and its own. What cannot be a document (a link, a path that leads out, an encrypted entry) is
refused by itself; a container that is too large once unpacked is refused as a whole (R2).

To add a kind: a function that yields entries, a row in :data:`CONTAINERS`.
"""

from __future__ import annotations

import json
import re
import stat
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from briefings import clean
from briefings.errors import Problem
from briefings.seeds import decode, warc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 1000
"""Documents of one container (R2)."""
LARGEST = 50 * 1024 * 1024
"""Bytes of a container once unpacked (R2)."""
RATIO = 100
"""How many times its packed size a container may have once unpacked (R2), from :data:`SMALL` bytes on."""
SMALL = 1024 * 1024

_MAIL = re.compile(rb"From \S+[^\n]*\d{4}[^\n]*\r?\n(?=[A-Za-z][\w-]+:)")
_FROM = re.compile(rb"(?:^|(?<=\n\n)|(?<=\n\r\n))" + _MAIL.pattern)
_QUOTED = re.compile(rb"(?m)^>(?=>*From )")


class Entry(NamedTuple):
    """A document of a container: its name in messages, its bytes, and what the container says about it."""

    name: str
    data: bytes
    url: str = ""
    charset: str = ""


def entries(name: str, data: bytes) -> Iterator[Entry | Problem] | None:
    """Yield the documents of a container, or return ``None`` if this is none.

    Raises:
        SeedError: for the container as a whole: damaged, too many entries, too large.
    """
    plain = data
    if data.startswith(b"\x1f\x8b"):
        plain = _gunzip(name, data)
    inner = re.sub(r"(?i)\.gz$", "", re.sub(r"(?i)\.tgz$", ".tar", name))
    for _, sniff, split in CONTAINERS:
        if sniff(inner, plain[:4096]):
            return split(name, plain)
    if plain is not data:
        return iter((Entry(f"{name}/{PurePosixPath(inner).name}", plain),))
    return None


def _gunzip(name: str, data: bytes) -> bytes:
    """All members of a gzip file (RFC 1952), within the limits."""
    limit = max(SMALL, min(LARGEST, RATIO * len(data)))
    parts, size, rest = [], 0, data
    try:
        while rest.startswith(b"\x1f\x8b"):
            member = zlib.decompressobj(wbits=31)
            parts.append(member.decompress(rest, limit - size + 1))
            size += len(parts[-1])
            if size > limit:
                decode.refuse(name, _BOMB)
            if not member.eof:
                decode.refuse(name, "the gzip file ends too early (copy it again)")
            rest = member.unused_data
    except zlib.error:
        decode.refuse(name, "the gzip file is damaged (copy it again)")
    return b"".join(parts)


_BOMB = f"the archive has more than {LARGEST // 1024 // 1024} MB unpacked, or {RATIO} times its size (split it)"
_MANY = f"the archive holds more than {MOST} documents (split it)"


def _label(name: str) -> str:
    return clean.printable(" ".join(name.split()))[:200]


def _unfit(container: str, path: str) -> str:
    """Why a path is not one inside the container, or nothing."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if not parts or path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", path) or ".." in parts:
        return f'{container}: the path "{_label(path)}" leads out of the archive'
    return ""


def _hidden(path: str) -> bool:
    """Files that systems add (``.DS_Store``, ``__MACOSX/``): passed over as in a folder."""
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(path).parts)


def _refused(container: str, path: str, why: str) -> Problem:
    return Problem(f"{container}/{_label(path)}", 0, "seed", why)


# --- zip and tar ----------------------------------------------------------------------------------------------------


def _is_zip(name: str, head: bytes) -> bool:  # noqa: ARG001 - the bytes say it
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _zip(name: str, data: bytes) -> Iterator[Entry | Problem]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        decode.refuse(name, "the zip archive is damaged (pack it again)")
    infos = [info for info in archive.infolist() if not info.is_dir()]
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names or "mimetype" in names:
        decode.refuse(name, "the file is an Office or e-book file (save it as text or .docx)")
    if len(infos) > MOST:
        decode.refuse(name, _MANY)
    if sum(info.file_size for info in infos) > max(SMALL, min(LARGEST, RATIO * len(data))):
        decode.refuse(name, _BOMB)
    left = LARGEST
    for info in infos:
        path = info.filename
        if why := _unfit("zip", path):
            yield _refused(name, path, f"{why} (pack it again without)")
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield _refused(name, path, "the entry is a symbolic link (pack the file itself)")
        elif info.flag_bits & 1:
            yield _refused(name, path, "the entry is encrypted (pack it again without a password)")
        elif not _hidden(path):
            try:
                with archive.open(info) as file:
                    content = file.read(left + 1)
            except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
                yield _refused(name, path, "the entry is damaged, or packed in a way we do not read (pack it again)")
                continue
            left -= len(content)
            if left < 0:
                decode.refuse(name, _BOMB)
            yield Entry(f"{name}/{_label(path)}", content)


def _is_tar(name: str, head: bytes) -> bool:
    return head[257:262] == b"ustar" or name.lower().endswith(".tar")


def _tar(name: str, data: bytes) -> Iterator[Entry | Problem]:
    import tarfile  # noqa: PLC0415 - for tar archives only

    try:
        # No compression: that was taken off before, within its limit.
        with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
            members = []
            for member in archive:
                members.append(member)
                if len(members) > 2 * MOST:
                    decode.refuse(name, _MANY)
            if sum(member.isfile() for member in members) > MOST:
                decode.refuse(name, _MANY)
            for member in members:
                path = member.name
                if member.isdir():
                    continue
                if why := _unfit("tar", path):
                    yield _refused(name, path, f"{why} (pack it again without)")
                elif member.issym() or member.islnk():
                    yield _refused(name, path, "the entry is a link (pack the file itself)")
                elif _hidden(path):
                    continue
                elif (file := archive.extractfile(member)) is None:
                    yield _refused(name, path, "the entry is not a regular file")
                else:
                    yield Entry(f"{name}/{_label(path)}", file.read())
    except (tarfile.TarError, ValueError, OSError, EOFError, OverflowError):
        decode.refuse(name, "the tar archive is damaged (pack it again)")


# --- a document a line, a record, a message -------------------------------------------------------------------------


def _is_json_lines(name: str, head: bytes) -> bool:
    """A name that ends in ``.jsonl`` or ``.ndjson``, or two lines that are an object each."""
    if re.search(r"(?i)\.(?:jsonl|ndjson|jsonlines)$", name):
        return True
    lines = head.split(b"\n", 2)
    return len(lines) > 1 and all(line[:1] == b"{" and line.rstrip().endswith(b"}") for line in lines[:2])


def _json_lines(name: str, data: bytes) -> Iterator[Entry | Problem]:
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if len(lines) > MOST:
        decode.refuse(name, _MANY)
    for number, line in lines:
        try:
            whole = isinstance(json.loads(line), dict)
        except (ValueError, RecursionError):
            whole = False
        if whole:
            yield Entry(f"{name}/{number}.json", line.strip())
        else:
            yield Problem(name, number, "seed", "the line is no JSON object (export one object a line)")


def _is_warc(name: str, head: bytes) -> bool:  # noqa: ARG001 - the bytes say it
    return head.startswith(b"WARC/")


def _warc(name: str, data: bytes) -> Iterator[Entry | Problem]:
    pages = list(warc.pages(name, data, LARGEST))
    if len(pages) > MOST:
        decode.refuse(name, _MANY)
    for page in pages:
        where = re.sub(r"^\w+://", "", page.url)
        yield Entry(f"{name}/{_label(where)}", page.body, page.url, page.charset)


def _is_mbox(name: str, head: bytes) -> bool:
    return name.lower().endswith(".mbox") or _MAIL.match(head) is not None


def _mbox(name: str, data: bytes) -> Iterator[Entry | Problem]:
    """Messages between ``From `` lines (RFC 4155; ``>From `` in their text is ``From ``, as mboxrd has it)."""
    starts = [match.span() for match in _FROM.finditer(data)]
    if not starts:
        decode.refuse(name, "the mailbox holds no message (export it again)")
    if len(starts) > MOST:
        decode.refuse(name, _MANY)
    for number, (_, begin) in enumerate(starts, 1):
        end = starts[number][0] if number < len(starts) else len(data)
        yield Entry(f"{name}/{number}.eml", _QUOTED.sub(b"", data[begin:end]))


CONTAINERS: tuple[tuple[str, Callable[[str, bytes], bool], Callable[[str, bytes], Iterator[Entry | Problem]]], ...] = (
    ("zip", _is_zip, _zip),
    ("tar", _is_tar, _tar),
    ("warc", _is_warc, _warc),
    ("mbox", _is_mbox, _mbox),
    ("jsonl", _is_json_lines, _json_lines),
)
"""``name, sniff(file name, first bytes) -> bool, split(file name, bytes) -> entries``; the order is that of asking."""
