"""Raw documents, one file per format: what they say, and what they say about themselves. Nothing is guessed here.

To add a format: one file with ``sniff`` and ``read``, one row in :data:`FORMATS`; a kind of archive is a row of
:data:`briefings.seeds.containers.CONTAINERS`. The first row whose ``sniff`` says yes reads the document. Readers fetch
nothing, run nothing, and import what is slow only when they are asked to read.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings.errors import Problem, SeedError
from briefings.model import Stated
from briefings.seeds import containers, mail, markdown, ninjs, text, webpage, word
from briefings.seeds.decode import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from briefings.model import Seed

FORMATS: tuple[tuple[str, Callable[[str, bytes], bool], Callable[[str, bytes], Seed]], ...] = (
    ("eml", mail.sniff, mail.read),
    ("docx", word.sniff, word.read),
    ("ninjs", ninjs.sniff, ninjs.read),
    ("html", webpage.sniff, webpage.read),
    ("markdown", markdown.sniff, markdown.read),
    ("text", text.sniff, text.read),
)
"""``name, sniff(file name, first bytes) -> bool, read(file name, bytes) -> Seed``; the order is the order of asking."""

LARGEST = 10 * 1024 * 1024
"""Bytes of one seed (R2)."""

HEAD = 4096
"""Bytes that ``sniff`` may look at."""

_REFUSALS = {
    errno.ENOENT: "there is no such file (check the name)",
    errno.EACCES: "the file may not be read (check its permissions)",
    errno.EPERM: "the file may not be read (check its permissions)",
    errno.ELOOP: "the file is a symbolic link (give the file itself)",
    errno.ENXIO: "this is not a regular file (give a text, HTML, e-mail, Markdown or .docx file)",
    errno.EISDIR: "this is a folder, not a file",
    errno.ENAMETOOLONG: "the name is too long (rename the file)",
}


def read(path: Path, name: str) -> Seed:
    """Read the one document at ``path``; ``name`` is what messages and provenance print.

    Only a regular file is read: opened without following a link and without waiting for a writer, then looked at
    (R1); its size is checked before a byte is read (R2).

    Raises:
        SeedError: with one problem, a sentence and a cure.
    """
    return read_bytes(name, _bytes(path, name, LARGEST))


def read_all(path: Path, name: str) -> Iterator[Seed | Problem]:
    """Yield every document of the file at ``path``: the file itself, or what an archive holds (``a.zip/b.txt``).

    What cannot be read is yielded as a problem, a sentence and a cure; nothing is raised.
    """
    try:
        data = _bytes(path, name, containers.LARGEST)
    except SeedError as error:
        yield from error.problems
        return
    yield from read_all_bytes(name, data)


def read_all_bytes(name: str, data: bytes) -> Iterator[Seed | Problem]:
    """Yield every document of a file that is already in memory; see :func:`read_all`."""
    try:
        held = None if word.sniff(name, data[:HEAD]) else containers.entries(name, data)
        if held is None:
            yield read_bytes(name, data)
            return
        empty = True
        for item in held:
            empty = False
            yield from (item,) if isinstance(item, Problem) else _entry(item)
        if empty:
            refuse(name, "the archive holds no document (pack it again)")
    except SeedError as error:
        yield from error.problems


def _entry(entry: containers.Entry) -> Iterator[Seed | Problem]:
    try:
        if not entry.url:
            yield read_bytes(entry.name, entry.data)
            return
        seed = webpage.read(entry.name, entry.data, entry.charset)
        stated = (*seed.stated, Stated("url", entry.url, "WARC-Target-URI"))
        yield replace(seed, stated=stated)
    except SeedError as error:
        yield from error.problems


def _bytes(path: Path, name: str, largest: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        refuse(name, _REFUSALS.get(error.errno or 0, f"the file cannot be opened ({os.strerror(error.errno or 0)})"))
    except ValueError:
        refuse(name, "the name holds a NUL character (rename the file)")
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            refuse(name, "this is not a regular file (give a text, HTML, e-mail, Markdown or .docx file)")
        if about.st_size > largest:
            refuse(name, _too_large(about.st_size, largest))
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(largest + 1)
    except OSError as error:
        refuse(name, f"the file cannot be read ({os.strerror(error.errno or 0)})")
    finally:
        os.close(handle)
    if len(data) > largest:
        refuse(name, _too_large(len(data), largest))
    return data


def read_bytes(name: str, data: bytes) -> Seed:
    """Read a document that is already in memory: standard input, an entry of an archive, a test.

    Raises:
        SeedError: with one problem, a sentence and a cure.
    """
    if len(data) > LARGEST:
        refuse(name, _too_large(len(data), LARGEST))
    head = data[:HEAD]
    # The last row takes everything, so there is always one.
    return next(reader for _, sniff, reader in FORMATS if sniff(name, head))(name, data)


def _too_large(size: int, largest: int) -> str:
    # Rounded up, so that a byte too many does not read as "50 MB, more than the 50 MB allowed".
    return f"the file has {-(-size // 1024 // 1024)} MB, more than the {largest // 1024 // 1024} MB allowed (split it)"
