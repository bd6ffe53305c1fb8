"""What the last build wrote: a manifest beside the pages, as data, replaced as a whole and written last.

``.briefings/manifest.json`` in the output folder: for each path the SHA-256 of its bytes and the fingerprint of what
it was made from. Only files that it names are ever pruned. It is never published.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER = ".briefings"
VERSION = 1


def digest(value: Any) -> str:
    """SHA-256 of plain data and frozen values, by their contents alone."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(data: bytes) -> str:
    """SHA-256 of bytes."""
    return sha256(data).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [value.__class__.__name__, [getattr(value, field.name) for field in fields(value)]]
    raise TypeError(f"a context may not hold {value.__class__.__name__}")


def load(output: Path) -> dict[str, tuple[str, str]]:
    """Return (SHA-256, fingerprint) by path; empty when there is no manifest, or one that cannot be used."""
    try:
        data = json.loads((output / FOLDER / "manifest.json").read_text("utf-8"))
        if data["version"] != VERSION:
            return {}
        return {str(path): (str(row[0]), str(row[1])) for path, row in data["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return {}


def save(output: Path, files: Mapping[str, tuple[str, str]]) -> None:
    """Write the manifest; the same files give the same bytes."""
    rows = {path: list(files[path]) for path in sorted(files)}
    text = json.dumps({"version": VERSION, "files": rows}, ensure_ascii=False, indent=0)
    write(output / FOLDER / "manifest.json", text.encode("utf-8"))


def write(path: Path, data: bytes) -> bool:
    """Put bytes in place as a whole, unless they are there already; return whether the file was written.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return True


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the output folder for one build; the kernel lets go when the process ends (reliability R34).

    Raises:
        BuildError: another build holds it, or the folder is not one of ours.
    """
    folder = output / FOLDER
    if output.exists() and not folder.exists() and any(output.iterdir()):
        what = "is not empty and was not made by briefings (empty it, or name another folder with --output)"
        raise BuildError(Problem(str(output), 0, "", what))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip()
            who = f" (process {holder})" if holder else ""
            raise BuildError(Problem(str(output), 0, "", f"another build is writing here{who}; try again")) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
