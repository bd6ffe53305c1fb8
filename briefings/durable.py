"""Files put in place whole: written aside, synced, then given their name. What is there already is never written over.

Asides lie in one folder on the same file system, so that what a killed run left is found, and removed, in one place.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
_FEW = 4
"""Files up to which each is synced by itself."""


@contextmanager
def locked(folder: Path, wait: Callable[[], None], *, make: bool) -> Iterator[None]:
    """Hold a folder for one run; the kernel frees it at death.

    Args:
        folder: what is held.
        wait: called once if somebody else holds it.
        make: whether to make it if it is not there (and to remove it again if it stays empty); else nothing is held.
    """
    if make:
        folder.mkdir(parents=True, exist_ok=True)
    elif not folder.is_dir():
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if make:
            with suppress(OSError):
                folder.rmdir()
        os.close(descriptor)


class Writer(Struct):
    """Puts files in place; ``asides`` is a folder of its own on their file system."""

    asides: Path
    waiting: int = 0
    """Files that have no name yet."""
    _count: int = 0
    _units: list[list[tuple[Path, Path, bool]]] = field(default_factory=list)

    def clear(self) -> None:
        """Remove what a killed run left."""
        shutil.rmtree(self.asides, ignore_errors=True)

    def put(self, *files: tuple[Path, str, bool]) -> None:
        """Have files put in place at the next :meth:`flush`, in this order.

        Args:
            files: path, text, and whether it must be new; else it takes the place of what is there. If the name of a
                new one is taken meanwhile, it and those after it are not put in place.
        """
        self._units.append([(self._aside(text), path, new) for path, text, new in files])
        self.waiting += len(files)

    def _aside(self, text: str) -> Path:
        self.asides.mkdir(parents=True, exist_ok=True)
        self._count += 1
        aside = self.asides / f"{os.getpid()}-{self._count}"
        with aside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        return aside

    def flush(self) -> set[Path]:
        """Sync everything that waits, then name it, in order; return the new files whose names were taken meanwhile."""
        units, self._units, self.waiting = self._units, [], 0
        if not units:
            return set()
        _sync([aside for unit in units for aside, _, _ in unit])
        taken: set[Path] = set()
        folders: set[Path] = set()
        for unit in units:
            for aside, path, new in unit:
                if path.parent not in folders:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    folders.add(path.parent)
                if not new:
                    aside.replace(path)
                    continue
                try:
                    os.link(aside, path)
                except FileExistsError:
                    taken.add(path)
                    break
                aside.unlink()
        _sync(sorted(folders))
        return taken

    def replace(self, path: Path, text: str, read: bytes) -> bool:
        """Put ``text`` in place of a file if its bytes are still those that were ``read``; say whether they were."""
        aside = self._aside(text)
        _sync([aside])
        if path.is_symlink() or path.read_bytes() != read:
            aside.unlink()
            return False
        aside.replace(path)
        _sync([path.parent])
        return True


def _sync(paths: list[Path]) -> None:
    """Have files or folders of one file system written down: one by one, or by one call where the kernel has it."""
    many = len(paths) > _FEW and _syncfs is not None
    for path in paths[:1] if many else paths:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if not many:
                os.fsync(descriptor)
            elif _syncfs is not None and _syncfs(descriptor):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
        finally:
            os.close(descriptor)
