"""The bytes of the site as the last build left it, in the cache folder: for a clone that has the cache and no pages.

A folder of packs, each written once and as a whole, as git has them: the bytes of many outputs, one after another, then
an index in JSON (the SHA-256 and the size of each), then the length of that index, eight bytes, big-endian. A pack is
named after its index. Beside them stands the manifest of the same build (:mod:`briefings.state`), which says which
bytes belong where. Whatever is not what it should be is not there.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, field
from msgspec.json import Decoder, encode

from briefings import state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = "site"
"""Below the cache folder."""
MANIFEST = "manifest.json"
_NEW = ".new"
_END = 8
"""Bytes of the length at the end."""
_AT_ONCE = 1 << 20
"""Bytes that are held before they are written."""
_SMALL = 1 << 20
"""Bytes of a pack that an edit may have left."""
MANY = 64
"""Such packs; if they are more they are made into one."""
_SPARE = 64 << 20
"""Bytes beyond three times those of the site that packs may have in all."""
_index_of = Decoder(list[tuple[str, int]]).decode


class Place(Struct, frozen=True):
    """Where bytes are: in a pack, from its byte ``start`` on."""

    pack: str
    start: int
    size: int


class Snapshot(Struct):
    """The packs in a folder, and the one that is being written. A cache that cannot be written is none."""

    folder: str
    _held: list[bytes] = field(default_factory=list)
    _size: int = 0
    """Of what is held."""
    _index: list[tuple[str, int]] = field(default_factory=list)
    _handle: int = -1
    _lost: bool = False
    _last: str = ""
    """The pack that was ended last."""
    _process: int = field(default_factory=os.getpid)

    def add(self, digest: str, data: bytes) -> None:
        """Take bytes with their SHA-256; they count when :meth:`close` has been called."""
        self._index.append((digest, len(data)))
        self._held.append(data)
        self._size += len(data)
        if self._size >= _AT_ONCE:
            self._write()

    def close(self) -> bool:
        """End the pack, if one was begun; return whether all that was added is there."""
        if not self._index:
            return True
        index = encode(self._index)
        self._held += (index, len(index).to_bytes(_END, "big"))
        self._write()
        try:
            if not self._lost:
                os.close(self._handle)
                self._last = _name(index)
                os.replace(self._aside(), f"{self.folder}/{self._last}")  # noqa: PTH105 - many paths as text
        except OSError:
            self._lost = True
        good, self._lost = not self._lost, False
        self._index, self._handle = [], -1
        return good

    def hand_over(self) -> None:
        """In a worker, which ends after this: the same."""
        if os.getpid() != self._process:
            self.close()

    def _aside(self) -> str:
        return f"{self.folder}/{os.getpid()}{_NEW}"

    def _write(self) -> None:
        data = b"".join(self._held)
        self._held, self._size = [], 0
        if self._lost:
            return
        try:
            if self._handle < 0:
                os.makedirs(self.folder, exist_ok=True)  # noqa: PTH103
                self._handle = os.open(self._aside(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            state.put(self._handle, data)
        except OSError:
            self._lost = True
            if self._handle >= 0:
                os.close(self._handle)
                with suppress(OSError):
                    os.unlink(self._aside())  # noqa: PTH108

    # --- what there is ----------------------------------------------------------------------------------------------

    def places(self) -> dict[str, Place]:
        """Where bytes are, by their SHA-256."""
        return {digest: place for pack in self._packs() for digest, place in self._inside(pack)}

    def _packs(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self.folder) if len(name) == _LENGTH)  # noqa: PTH208
        except OSError:
            return []

    def _inside(self, pack: str) -> list[tuple[str, Place]]:
        """What is in a pack; nothing if it is not whole."""
        try:
            with open(f"{self.folder}/{pack}", "rb") as stream:  # noqa: PTH123
                whole = stream.seek(0, os.SEEK_END)
                stream.seek(max(0, whole - _END))
                length = int.from_bytes(stream.read(), "big")
                if length > whole - _END:
                    return []
                stream.seek(whole - _END - length)
                index = stream.read(length)
            found = _index_of(index) if _name(index) == pack else []
        except (OSError, DecodeError):
            return []
        places, start = [], 0
        for digest, size in found:
            places.append((digest, Place(pack, start, size)))
            start += size
        return places if start == whole - _END - length else []

    def small(self) -> bool:
        """Whether there are many small packs."""
        return sum(self._length(pack) < _SMALL for pack in self._packs()) > MANY

    def swollen(self, size: int) -> bool:
        """Whether there is much that is of no use: edits that write more than a little each leave no small packs.

        Args:
            size: bytes of the site.
        """
        return sum(map(self._length, self._packs())) > 3 * size + _SPARE

    def _length(self, pack: str) -> int:
        try:
            return os.stat(f"{self.folder}/{pack}").st_size  # noqa: PTH116
        except OSError:
            return 0

    def read(self, places: Iterable[tuple[str, Place]]) -> Iterator[bytes]:
        """Bytes from their places.

        Raises:
            ValueError: they have another SHA-256; their pack is of no use, and gone.
            OSError: they are not there.
        """
        handles: dict[str, int] = {}
        try:
            for digest, place in places:
                handle = handles.get(place.pack)
                if handle is None:
                    handle = handles[place.pack] = os.open(f"{self.folder}/{place.pack}", os.O_RDONLY)
                data = os.pread(handle, place.size, place.start)
                if state.digest_of(data) != digest:
                    self._remove([place.pack])
                    raise ValueError("not the bytes that were kept")
                yield data
        finally:
            for handle in handles.values():
                os.close(handle)

    # --- at the end of a build --------------------------------------------------------------------------------------

    def settle(self, top: str, rows: Mapping[str, state.Row]) -> None:
        """Have the bytes of every file of the site, and not much else.

        Packs of which less than half is of use are written anew, and so are many small ones; what is in none is read
        from the site. Whatever cannot be had is missing, and whoever asks for it finds that out.

        Args:
            top: the output folder.
            rows: its manifest.
        """
        self.close()
        self._last = ""
        wanted = {row.sha256: path for path, row in rows.items()}
        small, have, left = self.small(), set[str](), list[list[tuple[str, Place]]]()
        old: list[str] = []
        for pack in self._packs():
            inside = [
                (digest, place) for digest, place in self._inside(pack) if digest in wanted and digest not in have
            ]
            length = self._length(pack)
            if 2 * sum(place.size for _, place in inside) < length or (small and length < _SMALL):
                old.append(pack)
                left.append(inside)
            else:
                have.update(digest for digest, _ in inside)
        for inside in left:
            here = [(digest, place) for digest, place in inside if digest not in have]
            with suppress(OSError, ValueError):
                for (digest, _), data in zip(here, self.read(here), strict=True):
                    self.add(digest, data)
                    have.add(digest)
        for digest in wanted.keys() - have:
            with suppress(OSError), open(f"{top}/{wanted[digest]}", "rb") as stream:  # noqa: PTH123
                data = stream.read()
                if state.digest_of(data) == digest:
                    self.add(digest, data)
        if self.close():
            with suppress(OSError):
                dropped = [name for name in os.listdir(self.folder) if name.endswith(_NEW)]  # noqa: PTH208
                self._remove([*(set(old) - {self._last}), *dropped])

    def _remove(self, names: Iterable[str]) -> None:
        """Take packs away, or what a build that was stopped has left."""
        for name in names:
            with suppress(OSError):
                os.unlink(f"{self.folder}/{name}")  # noqa: PTH108

    def note(self, manifest: str) -> None:
        """Keep the manifest of the build that has ended: the same file under another name, where that can be."""
        here = f"{self.folder}/{MANIFEST}"
        try:
            os.makedirs(self.folder, exist_ok=True)  # noqa: PTH103
            with suppress(FileNotFoundError):
                os.unlink(here)  # noqa: PTH108
            try:
                os.link(manifest, here)
            except OSError:
                import shutil  # noqa: PLC0415 - loads slowly, and most caches are beside their site

                shutil.copyfile(manifest, here)
        except OSError:
            return

    def manifest(self) -> bytes:
        """The manifest of the site that is kept; empty if there is none."""
        try:
            with open(f"{self.folder}/{MANIFEST}", "rb") as stream:  # noqa: PTH123
                return stream.read()
        except OSError:
            return b""


_LENGTH = 32
"""Of the name of a pack."""


def _name(index: bytes) -> str:
    return state.digest_of(index)[:_LENGTH]


def of(cache: str | os.PathLike[str]) -> Snapshot:
    """The snapshot in the cache folder of one output folder."""
    return Snapshot(f"{os.fspath(cache)}/{FOLDER}")


def forget(cache: str | os.PathLike[str]) -> None:
    """Have none."""
    folder = f"{os.fspath(cache)}/{FOLDER}"
    if os.path.isdir(folder):  # noqa: PTH112
        import shutil  # noqa: PLC0415 - loads slowly

        shutil.rmtree(folder, ignore_errors=True)
