"""The same files with other times, or no pages: a fresh clone whose cache was restored, another branch and back.

A look at files (:mod:`briefings.look`) proves that nothing has changed while they have the times that they had. Where
they do not, their bytes are compared: those of the briefings with what the last build noted of each, all others with
its seal. What is the same is noted with its new times, and the site that is gone is put back from its snapshot
(:mod:`briefings.snapshot`): what is left to build is an edit.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from briefings import build, contents, crew, look, snapshot, state
from briefings.errors import Problem
from briefings.kept import Keep
from briefings.making import Aside, own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from briefings import fresh
    from briefings.snapshot import Place, Snapshot

_BITE = 1 << 20
_FILES = 10_000
"""Files in one slice, at most."""
_EVER = sys.maxsize


def seal(seen: look.Look, folders: fresh.Folders) -> str:
    """SHA-256 of all that was seen but the briefings: the program, what was asked for, and the bytes of every file.

    Where the project is does not count, so that it is the same in another folder; what a page says of it does
    (:func:`settle`).

    Returns:
        The digest; empty where files have changed since they were seen.
    """
    asked = seen.asked
    if folders.project != "/":
        inside = repr(folders.project)[1:-1]
        asked = asked.replace(f"{inside}/", "\0/").replace(f"'{inside}'", "'\0'").replace(f'"{inside}"', '"\0"')
    program = f"{sys.version.partition(' ')[0]}\0{state.program()}\0{state.releases(state.DRAWING)}"
    total = sha256(f"{program}\0{asked}\0".encode("utf-8", "surrogatepass"))
    theme = (f"{folders.theme}/templates/", f"{folders.theme}/static/")
    try:
        for tops, rows in (((f"{folders.content}/",), seen.content), (theme, seen.theme)):
            for row in rows.split("\n")[:-1]:
                total.update(_sealed(tops, f"{row}\n"))
    except (OSError, LookupError):
        return ""
    return total.hexdigest()


def _sealed(tops: Sequence[str], row: str) -> bytes:
    """The name of a file that was seen, and the digest of its bytes.

    Raises:
        OSError: it cannot be read.
        LookupError: it has changed since.
    """
    name, told, _ = row.partition("\0")
    if not told:  # a folder, or that there is none
        return os.fsencode(row)
    for number, top in enumerate(tops):
        try:
            handle = os.open(top + name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            continue
        try:
            if look.line(name, os.fstat(handle), _EVER) != row:
                continue
            digest = sha256()
            while part := os.read(handle, _BITE):
                digest.update(part)
            if look.line(name, os.fstat(handle), _EVER) == row:
                return b"%b\0%d\0%b" % (os.fsencode(name), number, digest.digest())
        finally:
            os.close(handle)
    raise LookupError(name)


def settle(stamp: fresh.Stamp, code: Callable[[], str]) -> list[str] | None:
    """Note what is the same in spite of its times, and put the site back if it is gone.

    Args:
        stamp: what the last build left, and what there is now. What it left is told anew, in terms of what there is.
        code: gives the digest of the program and of all that settings say of pages: they may name the folder.

    Returns:
        The files of the site that were put back; ``None`` where nothing has come of it: only a whole build can tell.

    Raises:
        Exception: what was kept is damaged, another build is writing there, or the output folder cannot be written; a
            whole build tells them apart.
    """
    from briefings import edit  # noqa: PLC0415 - a build from nothing loads this room, for the seal, and not that one

    left, seen, folders = stamp.left, stamp.seen, stamp.folders
    if left is None or seen is None or folders is None:
        return None
    output = Path(folders.output)
    same, gone = left.look.same(seen, period=False), _bare(output)
    if same and not gone and look.differing(left.seen, seen.briefings, edit.MOST) is not None:
        return None
    if not same and (not left.seal or seal(seen, folders) != left.seal):
        return None
    keep = Keep.recalled(Path(stamp.cache))
    try:
        about = keep.graph.about()
        if about.get("build") != left.build or (not same and about.get("code") != code()):
            return None
        mark = about.get("manifest", "")
        manifest = snapshot.of(stamp.cache).manifest() if gone else b""
        if gone and (not mark or state.digest_of(manifest) != mark):
            return None
        then = _told_anew(folders.content, keep, left.seen, seen.briefings)
        back = restore(snapshot.of(stamp.cache), manifest, output) if gone else []
    finally:
        keep.close()
    left.look = look.Look(seen.asked, left.look.period, seen.content, seen.theme, seen.program, then)
    if gone:
        stamp.standing()
        stamp.standing = lambda: True
    return back


def _bare(output: Path) -> bool:
    return not output.is_dir() or state.bare(output)


def _lines(rows: bytes) -> Iterator[tuple[str, bytes]]:
    return ((os.fsdecode(row.partition(b"\0")[0]), row) for row in rows.splitlines(keepends=True))


def _told_anew(content: str, keep: Keep, before: bytes, now: bytes) -> bytes:
    """The lines of the briefings' files at the last build, as a look would have seen those that have the same bytes."""
    then, here, known = dict(_lines(before)), dict(_lines(now)), keep.graph.files()
    doubtful = [name for name in here if name in known and then.get(name, here[name]) != here[name]]
    same: set[str] = set()
    for names in crew.spread(partial(_same, content, known, here), doubtful, large=_FILES):
        same.update(names)
    keep.restate((_state(here[name]), name, known[name]) for name in sorted(same))
    return b"".join(here[name] if name in same else row for name, row in then.items())


def _same(content: str, known: Mapping[str, str], here: Mapping[str, bytes], names: Sequence[str]) -> list[str]:
    """Those of some files which have the bytes that are known, and have not changed since they were seen."""
    found = []
    for name in names:
        read = contents.read_bytes(f"{content}/{name}", name)
        if isinstance(read, Problem) or os.fsencode(look.line(name, read[1], _EVER)) != here[name]:
            continue
        if state.digest_of(read[0]) == known[name]:
            found.append(name)
    return found


def _state(line: bytes) -> str:
    """The state of a file as :func:`briefings.kept.state` tells it, from its line."""
    size, changed, moved, inode = line.rpartition(b"\0")[2].split()
    return f"{int(size)} {int(inode)} {int(changed)} {int(moved)}"


def restore(shot: Snapshot, manifest: bytes, output: Path) -> list[str]:
    """Put back the files of a site; return their paths.

    Args:
        shot: where their bytes are.
        manifest: says which bytes belong where.
        output: the output folder, in which nothing stands.

    Raises:
        ValueError: some of them are missing, or damaged; nothing was put back.
        BuildError: another build is writing there.
        OSError: the folder cannot be written.
    """
    rows = state.rows_from(manifest)
    there = shot.places()
    try:
        wanted = [(path, row.sha256, there[row.sha256]) for path, row in rows.items()]
    except KeyError:
        raise ValueError("bytes are missing") from None
    with state.locked(output), crew.none_beside():
        if not state.bare(output):
            raise ValueError("somebody has built meanwhile")
        build.clear(output)
        top = str(output.resolve())
        aside = Aside(own(top), top)
        os.makedirs(aside.folder, exist_ok=True)  # noqa: PTH103 - a path as text
        try:
            for _ in crew.spread(partial(_put, aside, shot), wanted, large=_FILES):
                pass
        except BaseException:
            build.clear(output)
            raise
        state.begin(output, rows)
        build.put(build.Found(aside=dict.fromkeys(rows, aside.folder)), output)
        build.clear(output)
        state.finish(output, manifest)
    return list(rows)


def _put(aside: Aside, shot: Snapshot, some: Sequence[tuple[str, str, Place]]) -> None:
    """Put some files aside."""
    places = ((digest, place) for _, digest, place in some)
    for (path, _, _), data in zip(some, shot.read(places), strict=True):
        aside.put(path, data)
