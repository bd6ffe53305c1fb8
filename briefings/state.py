"""What the last build wrote: a manifest beside the pages, as data, replaced as a whole and written last.

``.briefings/manifest.json`` in the output folder: for each path the SHA-256 of its bytes, the fingerprint of what it
was made from, and its size. An output whose fingerprint is the same is not made again; only files that the manifest
names are ever pruned. It is never published, and the same site gives the same manifest.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from array import array
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from json.encoder import encode_basestring
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from msgspec import Struct, to_builtins
from msgspec.json import Encoder

from briefings.errors import BuildError, Problem
from briefings.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = ".briefings"
ASIDE = "new"
"""Below it: files that wait to be put in place."""
_BEGUN = "begun.txt"
VERSION = 4
_LIBRARIES = (
    "anyascii",
    "babel",
    "cbor2",
    "feedgen",
    "imagesize",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "markupsafe",
    "msgspec",
    "nh3",
    "pagefind",
    "pyyaml",
)
"""What makes the bytes of an output beside our own code: another release makes everything anew."""
DRAWING = ("resvg-py", "pillow")
"""What draws image cards: another release draws these anew, and nothing else."""


class Row(Struct, frozen=True, array_like=True):
    """What the manifest knows of a file; ``note`` is what its maker had to say, for the next report."""

    sha256: str
    fingerprint: str
    size: int
    note: str = ""


_HEAD = f'{{"version":{VERSION},\n"files":{{\n'.encode()
_FOOT = b"\n}}"
UNKNOWN = Row("", "", -1)
"""A file that a build began to write: never taken for finished, and pruned when it is no longer planned."""


def _otherwise(value: Any) -> Any:
    """What the encoder does not know."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a context may not hold {value.__class__.__name__}")


_encoder = Encoder(order="deterministic", enc_hook=_otherwise)


def _encoded(*values: Any) -> bytes:
    """Plain data and frozen values, each as a line of JSON with sorted keys, which follows from its contents alone."""
    try:
        return _encoder.encode_lines(values)
    except UnicodeEncodeError:  # the name of a file that is no UTF-8, say
        return b"".join(map(_one_encoded, values))


def _one_encoded(value: Any) -> bytes:
    try:
        return _encoder.encode_lines((value,))
    except UnicodeEncodeError:
        text = json.dumps(to_builtins(value, enc_hook=_otherwise), ensure_ascii=False, sort_keys=True)
        return f"{text}\n".encode("utf-8", "surrogatepass")


def fingerprint(around: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """SHA-256 of a context and of what is around it, and what tells later which part of it has changed.

    Returns:
        the digest, and the marks of the parts, in their order; see :func:`changed`.

    Raises:
        TypeError: the context holds something else than plain data and frozen values.
    """
    names = "\n".join((around, *context)).encode("utf-8", "surrogatepass")
    lines = _encoded(*context.values())  # no value has a line end in it: JSON escapes them
    return digest_of(b"%b\0%b" % (names, lines)), array("I", map(crc32, lines.splitlines())).tobytes().hex()


_MARK = 8
"""Characters that tell a part from what it was before; nothing hangs on them but explanations."""


def changed(names: Iterable[str], before: str, now: str) -> list[str]:
    """Which parts of a context have other marks than before; where there were fewer, or more, those beyond have."""
    places = ((name, slice(_MARK * place, _MARK * (place + 1))) for place, name in enumerate(names))
    return [name for name, there in places if before[there] != now[there]]


def digest(value: Any) -> str:
    """SHA-256 of plain data and frozen values."""
    return digest_of(_encoded(value))


@cache
def program() -> str:
    """SHA-256 of the package's own code, of the data that it draws from, and of the releases that it works with."""
    top = Path(__file__).parent
    total = sha256()
    for path in sorted([*top.rglob("*.py"), *(top / "data").iterdir()]):
        total.update(path.relative_to(top).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    total.update(releases(_LIBRARIES).encode())
    return total.hexdigest()


def releases(names: Iterable[str]) -> str:
    """Names of packages, each with its release."""
    found = _releases()
    return "".join(f"{name} {found.get(name) or _release(name)}\0" for name in names)


def _releases() -> dict[str, str]:
    """The release of every package that is installed, by its name.

    From the names of the folders that installers leave (packaging.python.org, "Recording installed projects"; of older
    ones ``NAME-RELEASE-py3.11.egg-info``), which is a tenth of the work of ``importlib.metadata``; where Python finds
    a package twice, the first one counts.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - many names as text
        except OSError:  # an archive, or nothing at all
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                package, _, release = name.rpartition(".")[0].partition("-")
                if release := release.partition("-")[0]:
                    found.setdefault(package.lower().replace("_", "-"), release)
    return found


def _release(name: str) -> str:
    from importlib.metadata import version  # noqa: PLC0415 - loads all that reads e-mail

    return version(name)


def digest_of(data: bytes) -> str:
    """SHA-256 of bytes."""
    return sha256(data).hexdigest()


def manifest_of(output: Path) -> Path:
    """Where the manifest of an output folder is."""
    return output / FOLDER / "manifest.json"


def load(output: Path) -> dict[str, Row]:
    """Return what is known of each file by its path; empty when there is no manifest, or one that cannot be used.

    Files that a build began to put in place and did not finish are ``UNKNOWN``.
    """
    try:
        rows = rows_from(manifest_of(output).read_bytes())
    except FileNotFoundError:
        rows = {}
    except (OSError, ValueError):
        return {}
    try:
        begun = (output / FOLDER / _BEGUN).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return rows
    return {**rows, **dict.fromkeys(begun, UNKNOWN)}


def rows_from(manifest: bytes) -> dict[str, Row]:
    """The rows of a manifest.

    Raises:
        ValueError: it is of another version, or damaged.
    """
    try:
        data = json.loads(manifest)
        if data["version"] != VERSION:
            raise ValueError("of another version")
        return {str(path): Row(str(row[0]), str(row[1]), int(row[2]), *row[3:4]) for path, row in data["files"].items()}
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError("not a manifest") from error


def begin(output: Path, paths: Iterable[str]) -> None:
    """Note which files are about to be put in place: should that stop midway, none of them is trusted."""
    text = "".join(f"{path}\n" for path in paths)
    write(output / FOLDER / _BEGUN, text.encode("utf-8", "surrogateescape"))


def save(output: Path, files: Mapping[str, Row]) -> str:
    """Write the manifest; the same files give the same bytes. Return their SHA-256."""
    lines = b",\n".join(sorted(_line(path, row) for path, row in files.items()))
    return finish(output, b"".join((_HEAD, lines, _FOOT)))


def finish(output: Path, manifest: bytes) -> str:
    """Note that all files are in place, of which this is the manifest; return the SHA-256 of its bytes."""
    write(manifest_of(output), manifest)
    (output / FOLDER / _BEGUN).unlink(missing_ok=True)
    return digest_of(manifest)


def _line(path: str, row: Row) -> bytes:
    """A line of the manifest; the lines are sorted as bytes."""
    note = f",{json.dumps(row.note, ensure_ascii=False)}" if row.note else ""
    return _start(path) + f'"{row.sha256}","{row.fingerprint}",{row.size}{note}]'.encode()


def _start(path: str) -> bytes:
    return f"{encode_basestring(path)}:[".encode()


class Lines(Mapping[str, Row]):
    """The manifest of a finished build as it is on the disk, of which only the rows that are asked for are read."""

    def __init__(self, output: Path, stood: str = "") -> None:
        """Read it.

        Args:
            output: the output folder.
            stood: what :meth:`stands` gave for it once; while that is so, its bytes need not be digested.

        Raises:
            OSError: there is none.
            ValueError: it is of another version, or damaged, or a build began to put files in place and did not finish.
        """
        if (output / FOLDER / _BEGUN).exists():
            raise ValueError("another build did not finish")
        self.file = manifest_of(output)
        self._begun = output / FOLDER / _BEGUN
        with self.file.open("rb") as stream:
            here = _state(os.fstat(stream.fileno()))
            data = stream.read()
        if not (data.startswith(_HEAD) and data.endswith(_FOOT)):
            raise ValueError("not a manifest of this version")
        mark, _, there = stood.partition(" ")
        self.mark = mark if there == here else digest_of(data)
        self._rows = Rows(data, len(_HEAD), len(data) - len(_FOOT), b",\n")

    def stands(self) -> str:
        """The digest of the manifest, and what tells later that it is the same file; right after it was written."""
        return f"{self.mark} {_state(self.file.stat())}"

    def __getitem__(self, path: str) -> Row:
        start = _start(path)
        line = self._rows.find(start)
        if not line:
            raise KeyError(path)
        row = json.loads(b"[" + line[len(start) :])
        return Row(str(row[0]), str(row[1]), int(row[2]), *row[3:4])

    def __iter__(self) -> Iterator[str]:
        lines = b"".join(self._rows.pieces()).split(b",\n")
        return (next(iter(json.loads(b"{" + line + b"}"))) for line in lines if line)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def below(self, folder: str) -> str:
        """A path below a folder, among those that were read; empty if there is none."""
        line = self._rows.first(_start(f"{folder}/").removesuffix(b'":['))
        return str(next(iter(json.loads(b"{" + line + b"}")), ""))

    def put(self, path: str, row: Row | None) -> None:
        """Change a row, add one, or (``None``) take one away."""
        self._rows.put(_start(path), _line(path, row) if row else b"")

    def save(self) -> str:
        """Write it, if a row is another one; return the SHA-256 of its bytes."""
        if self._rows.changed:
            total = sha256()
            aside = self.file.with_name(f".{self.file.name}.{os.getpid()}.new")
            try:
                with aside.open("wb", buffering=0) as stream:
                    for piece in (_HEAD, *self._rows.pieces(), _FOOT):
                        total.update(piece)
                        put(stream.fileno(), piece)
                aside.replace(self.file)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
            self.mark = total.hexdigest()
        self._begun.unlink(missing_ok=True)
        return self.mark


def _state(about: os.stat_result) -> str:
    """What tells that a file is as it was."""
    return f"{about.st_size} {about.st_ino} {about.st_mtime_ns} {about.st_ctime_ns}"


def put(handle: int, data: bytes | memoryview) -> None:
    """Write all of some bytes."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def place(aside: str, target: str) -> None:
    """Put a finished file in its place, whole.

    Raises:
        OSError: the folder cannot be written.
    """
    os.replace(aside, target)  # noqa: PTH105 - many paths as text


def bare(output: Path) -> bool:
    """Whether nothing stands in an output folder that is :func:`locked`."""
    return all(path.name == FOLDER for path in output.iterdir())


def mark(output: Path) -> str:
    """SHA-256 of the manifest; empty when there is none, or when files were being put in place."""
    try:
        if (output / FOLDER / _BEGUN).exists():
            return ""
        return digest_of(manifest_of(output).read_bytes())
    except OSError:
        return ""


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


def sweep(folders: Iterable[Path]) -> None:
    """Take away what builds that were killed have left of files that they wrote aside."""
    for folder in folders:
        try:
            names = os.listdir(folder)  # noqa: PTH208 - names as text
        except OSError:
            continue
        for name in names:
            if name.endswith(".new") and name[:-4].rpartition(".")[2].isdigit():
                with suppress(OSError):
                    (folder / name).unlink()


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
