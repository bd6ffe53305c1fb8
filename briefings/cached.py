"""Bytes in a folder that may go at any time: what is damaged, or was made by something else, is as good as absent."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST = 32
"""Bytes of a SHA-256."""


class Cached:
    """A folder of things that were costly to make, each a file behind a digest of itself, its name and its maker."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        """Keep them in this folder, which is made when it is first needed."""
        self._folder = folder

    def get(self, name: str, maker: bytes) -> bytes | None:
        """Return what ``maker`` (a digest of all that it is made by and of) has left under this name, if anything."""
        try:
            found = (self._folder / name).read_bytes()
        except OSError:
            return None
        data = found[_DIGEST:]
        return data if found[:_DIGEST] == _mark(name, maker, data) else None

    def put(self, name: str, maker: bytes, data: bytes) -> None:
        """Keep it, unless the folder cannot be written: then it is made again."""
        aside = self._folder / f"{name}.{os.getpid()}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(_mark(name, maker, data) + data)
            aside.replace(self._folder / name)
        except OSError:
            with suppress(OSError):
                aside.unlink()


def _mark(name: str, maker: bytes, data: bytes) -> bytes:
    return sha256(b"\0".join((name.encode(), maker, data))).digest()
