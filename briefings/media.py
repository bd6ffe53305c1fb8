"""Pictures of the content folder: what may be published, its type, size and digest. Alone in knowing imagesize."""

from __future__ import annotations

import os
import re
import stat
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import Struct

from briefings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "images"
"""Below the content folder."""
TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".avif": "image/avif",
}  # fmt: skip
"""By ending. SVG can hold scripts and is not among them."""
MAX_BYTES = 20_000_000
_UNSHOWN = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
"""Characters that no address and no list of files can have; the last are bytes that are no UTF-8."""


class Media(Struct, frozen=True):
    """A picture: ``file`` below ``content``, ``length`` in bytes, ``width`` and ``height`` in pixels (0 if unknown)."""

    file: str
    type: str
    length: int
    sha256: str
    width: int = 0
    height: int = 0


def scan(content: Path) -> tuple[dict[str, Media], tuple[Problem, ...]]:
    """Find every picture below ``content/images``: regular files of allowed types, no links followed (R1, R18)."""
    found: dict[str, Media] = {}
    problems: list[Problem] = []
    for name, path in _files(content):
        if not name.isprintable() and re.search(_UNSHOWN, name):
            what = "its name is no UTF-8, or has a line end or control character in it (name it anew)"
            problems.append(Problem(name, 0, "", what))
            continue
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            what = "a link (put the file itself here)" if path.is_symlink() else f"cannot be read ({error.strerror})"
            problems.append(Problem(name, 0, "", what))
            continue
        with os.fdopen(handle, "rb") as stream:
            about = os.fstat(stream.fileno())
            kind = TYPES.get(path.suffix.lower())
            if not stat.S_ISREG(about.st_mode):
                problems.append(Problem(name, 0, "", "not a regular file"))
            elif kind is None:
                problems.append(Problem(name, 0, "", f"not a picture we publish ({', '.join(TYPES)})"))
            elif about.st_size > MAX_BYTES:
                problems.append(Problem(name, 0, "", f"larger than {MAX_BYTES // 1_000_000} MB"))
            else:
                import imagesize  # noqa: PLC0415 - brings half of the standard library, and a site may have no pictures

                data = stream.read()
                width, height = imagesize.get(BytesIO(data))
                digest = sha256(data).hexdigest()
                found[name] = Media(name, kind, len(data), digest, max(int(width), 0), max(int(height), 0))
    return found, tuple(problems)


def _files(content: Path) -> Iterator[tuple[str, Path]]:
    for folder, names, files in os.walk(content / FOLDER):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = content.__class__(folder) / name
                yield path.relative_to(content).as_posix(), path
