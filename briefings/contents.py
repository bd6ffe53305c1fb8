"""The files of the content folder: which there are, and their bytes, regular files only."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from briefings import frontmatter
from briefings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOLDER = "briefings"
"""Below the content folder."""


def scan(content: Path) -> Iterator[tuple[str, Path]]:
    """Yield every Markdown file below ``content/briefings`` with its path below ``content``, sorted; links too."""
    for name in names(content):
        yield name, content / name


def names(content: Path) -> Iterator[str]:
    """Yield the path below ``content`` of every Markdown file below ``content/briefings``, sorted."""
    return of_briefings(files(content))


def of_briefings(files: Iterable[str]) -> Iterator[str]:
    """Those of some files that are Markdown."""
    return (name for name in files if name.endswith(".md"))


def proposals(files: Iterable[str], mark: str) -> Iterator[str]:
    """Those of some files that stand beside a briefing under its name and a mark."""
    return (name for name in files if f".md{mark}" in name.rpartition("/")[2])


def files(content: Path) -> Iterator[str]:
    """Yield the path below ``content`` of every file below ``content/briefings``, sorted, but of hidden ones."""
    top = os.fspath(content)
    for folder, below, files in os.walk(f"{top}/{FOLDER}"):
        below[:] = sorted(name for name in below if not name.startswith("."))
        here = folder[len(top) + 1 :].replace(os.sep, "/")
        for name in sorted(files):
            if not name.startswith("."):
                yield f"{here}/{name}"


def read(path: Path, name: str) -> str | Problem:
    """Read a file of the content folder as text: a regular file, opened without following a link or waiting (R1)."""
    data = read_bytes(path, name)
    return data if isinstance(data, Problem) else frontmatter.decode(data[0], name)


def read_bytes(path: Path | str, name: str) -> tuple[bytes, os.stat_result] | Problem:
    """The bytes of a regular file, and its state."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        linked = os.path.islink(path)  # noqa: PTH114 - a path as text
        what = "a link (put the file itself here)" if linked else f"cannot be read ({error.strerror})"
        return Problem(name, 0, "", what)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            return Problem(name, 0, "", "not a regular file")
        if about.st_size > frontmatter.MAX_BYTES:
            return Problem(name, 0, "", f"larger than {frontmatter.MAX_BYTES // 1000} KB (is this a briefing?)")
        data = b""
        # As many bytes as there were, and one to see whether there are more: then it grows while it is read.
        while len(data) <= frontmatter.MAX_BYTES and (part := os.read(handle, about.st_size + 1)):
            data += part
            if len(data) == about.st_size:
                break
    except OSError as error:
        return Problem(name, 0, "", f"cannot be read ({error.strerror})")
    else:
        return data, about
    finally:
        os.close(handle)
