"""The finished tree that is to be published: only regular files, read without following a link."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from briefings.errors import DeployError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILD_RECORDS = ".briefings"
"""Folder of the output that belongs to the build and is not for readers."""

_BLOCK = 1 << 20


class File(NamedTuple):
    """A file of a tree: its digest decides whether it changed."""

    sha256: str
    size: int


class Tree(Struct, frozen=True):
    """The regular files below a folder, by their path in POSIX form, in sorted order."""

    files: dict[str, File]

    @property
    def pages(self) -> int:
        return sum(path.endswith(".html") for path in self.files)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name the content: paths and bytes, no times."""
        whole = hashlib.sha256()
        for path, file in self.files.items():
            whole.update(os.fsencode(path) + b"\0" + file.sha256.encode() + b"\n")
        return whole.hexdigest()[:12]


def scan(folder: Path) -> Tree:
    """Read every file below ``folder`` once; links, FIFOs and devices are refused, not followed."""
    files: dict[str, File] = {}
    for path in _walk(folder, ""):
        with _open_regular(folder / path) as descriptor:
            digest, size = hashlib.sha256(), 0
            while block := os.read(descriptor, _BLOCK):
                digest.update(block)
                size += len(block)
        files[path] = File(digest.hexdigest(), size)
    return Tree(dict(sorted(files.items(), key=lambda item: os.fsencode(item[0]))))


def _walk(folder: Path, below: str) -> Iterator[str]:
    """Yield the paths of the files; at the top, the build's own records are left out."""
    with os.scandir(folder / below) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = f"{below}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if path != BUILD_RECORDS:
                yield from _walk(folder, f"{path}/")
        else:
            yield path


@contextmanager
def _open_regular(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise refusal(path, "is not a regular file, so the site is not published (remove it)")
        yield descriptor
    finally:
        os.close(descriptor)


def copy(source: Path, place: Path) -> File:
    """Copy the bytes and the time of change (web servers answer ``If-Modified-Since`` by it); the mode is 0644."""
    digest, size = hashlib.sha256(), 0
    with _open_regular(source) as reading:
        writing = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            while block := os.read(reading, _BLOCK):
                digest.update(block)
                size += len(block)
                view = memoryview(block)
                while view:
                    view = view[os.write(writing, view) :]
            os.fchmod(writing, 0o644)
            changed = os.fstat(reading).st_mtime_ns
            os.utime(writing, ns=(changed, changed))
        finally:
            os.close(writing)
    return File(digest.hexdigest(), size)


def refusal(path: Path, what: str) -> DeployError:
    return DeployError(Problem(str(path), 0, "", what))
