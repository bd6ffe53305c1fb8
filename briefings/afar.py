"""The work of a build in processes that inherit nothing: what they are told, and how they come to see the same site.

They need this package in the same release, and the same folders under the same names: content, theme, output (where new
files are put aside) and cache (where what was read of the content is kept, so that they need not read it again). Before
anything is made, a worker compares what it sees with what it was told; where that differs, the build ends with a
message, and nothing has been put in place.

A process works at one slice at a time, and keeps what it has loaded for the next slice of the same build.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from briefings import crew, kept
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from briefings.check import Checked
    from briefings.making import Bench, Done
    from briefings.model import Site
    from briefings.reading import Found
    from briefings.units import Unit

CHANGED = "changed while the site was being built (build again)"

_busy = threading.Lock()
"""A worker's process may have several threads; what it has loaded is for one."""


@contextmanager
def _working() -> Iterator[None]:
    """Do a slice: alone in this process, and without looking for garbage in what stays loaded anyway."""
    with _busy, crew.alone(), crew.uncollected():
        yield


def _wrong(what: str) -> BuildError:
    return BuildError(Problem("build", 0, "", f"the worker on {os.uname().nodename} {what}"))


@cache
def _program() -> str:
    """What must be the same here and there, for the same bytes: as it was when this process began to work."""
    from briefings import state  # noqa: PLC0415 - each room is loaded where its work is done

    return f"{state.program()} {sys.version_info[:2]}"


def _same(program: str) -> None:
    if _program() != program:
        raise _wrong("runs another program (install the same release of briefings, of Python and of requirements.lock)")


def _folder(path: str, name: str) -> Path:
    if not os.path.isdir(path):  # noqa: PTH112 - a path as text
        raise _wrong(f'does not see {name} "{path}" (all machines must have it under this name)')
    return Path(path)


# --- reading --------------------------------------------------------------------------------------------------------


class Reading(Struct, frozen=True):
    """What those who read are told. ``moment``: nanoseconds since 1970, when this was said."""

    content: str
    site: Site
    program: str
    moment: int


class File(NamedTuple):
    """A file to read: its state as it was last seen, and its SHA-256 if one is known."""

    name: str
    size: int
    time: int
    known: str


def reading(content: Path, site: Site, keep: kept.Keep, names: Sequence[str]) -> crew.Job:
    """The reading of some files."""
    files = []
    for name in names:
        row = keep.rows.get(name)
        files.append(File(name, *_look(f"{content}/{name}"), row[1] if row else ""))
    return crew.Job(read, Reading(str(content), site, _program(), time.time_ns()), files)


def read(told: Reading, files: Sequence[File]) -> list[Found]:
    """Read files, as :func:`briefings.reading.briefings` does.

    Raises:
        BuildError: this process sees other files, or is another program.
    """
    from briefings import reading as room  # noqa: PLC0415

    with _working():
        _same(told.program)
        content = _folder(told.content, "the content folder")
        keep = kept.Keep()
        keep.rows = {file.name: ("", file.known, "", "", "") for file in files if file.known}
        for file in files:
            if _look(f"{content}/{file.name}") != (file.size, file.time):
                raise BuildError(Problem(file.name, 0, "", CHANGED), *_wrong(f"sees another {file.name}").problems)
        found = room.some(content, [file.name for file in files], told.site, keep)
        return [_proved(one, told.moment) for one in found]


def _look(path: str) -> tuple[int, int]:
    try:
        about = os.lstat(path)
    except OSError:
        return -1, -1
    return about.st_size, about.st_mtime_ns


def _proved(found: Found, moment: int) -> Found:
    """Without a state that the clock of this machine alone says to be old enough."""
    if found.row:
        return replace(found, row=found.row._replace(state=kept.settled(found.row.state, moment)))
    return replace(found, state=kept.settled(found.state, moment))


# --- making ---------------------------------------------------------------------------------------------------------


class Making(Struct, frozen=True):
    """What those who make are told. ``token`` names a file in the output folder, of this build alone: it
    tells which briefings belong together.
    """

    token: str
    content: str
    theme: str
    output: str
    cache: str
    code: str
    site: Site
    now: datetime
    full: bool
    program: str
    surroundings: str
    before: str
    seen: str


def making(bench: Bench, units: Sequence[Unit]) -> crew.Job | None:
    """The making of some units; ``None`` when what was read is not kept where others could find it."""
    from briefings import state  # noqa: PLC0415
    from briefings.making import WITHIN  # noqa: PLC0415

    shop = bench.shop
    checked = shop.checked
    keep = checked.proses.keep
    if keep.folder is None or checked.now is None:
        return None
    keep.save()
    token = os.urandom(16).hex()
    (Path(bench.top) / WITHIN / token).write_text(json.dumps(bench.company), "utf-8")
    told = Making(
        token, str(checked.library.root.resolve()), str(shop.theme.resolve()), bench.top, str(keep.folder.resolve()),
        keep.code, shop.site, checked.now, bench.full, _program(), shop.surroundings,
        state.mark(Path(bench.top)), _seen(checked),
    )  # fmt: skip
    return crew.Job(make, told, [unit.key for unit in units])


def _seen(checked: Checked) -> str:
    """A digest of all that the plan is made of."""
    from briefings import units  # noqa: PLC0415

    library = checked.library
    return units.digest(
        library.tables, sorted(checked.media.items()), checked.plain,
        [(path, library.digests[path]) for path in sorted(library.digests)],
        [(one.id, one.prose, library.moments[one.id]) for one in library.briefings],
    )  # fmt: skip


class _Kept(kept.Keep):
    """What the one that builds has kept: whatever is read beside it has changed since."""

    def put(self, path: str, row: kept.Row) -> None:  # noqa: ARG002
        """Refuse a file that is not as it was read."""
        raise BuildError(Problem(path, 0, "", CHANGED))


class _Session(NamedTuple):
    token: str
    bench: Bench
    units: Mapping[str, Unit]


_session: _Session | None = None


def forget() -> None:
    """Let go of what was loaded for a build, unless a slice is being made."""
    global _session  # noqa: PLW0603 - of this process
    if _busy.acquire(blocking=False):
        _session = None
        _busy.release()


def make(told: Making, wanted: Sequence[str]) -> list[Done]:
    """Make units, as :class:`briefings.making.Bench` does, and put their files aside in the output folder.

    Args:
        told: of which build.
        wanted: the key of each unit.

    Raises:
        BuildError: this process sees another site, or is another program; a template that fails.
        OSError: the disk is full, or the folder cannot be written.
    """
    global _session  # noqa: PLW0603 - of this process
    from briefings.making import WITHIN  # noqa: PLC0415

    with _working():
        if _session is None or _session.token != told.token:
            _session = None  # the old one goes before there is a new one
            _session = load(told)
        bench = _session.bench
        if unknown := sorted(set(wanted) - _session.units.keys()):
            raise _wrong(f"does not plan {unknown[0]}: the content {CHANGED}")
        # A folder of its own for every try: a worker that was given up for lost may still be writing.
        bench.aside = f"{told.output}/{WITHIN}/{os.urandom(16).hex()}"
        os.mkdir(bench.aside)  # noqa: PTH102 - a path as text
        return bench.slice([_session.units[key] for key in wanted])


def load(told: Making) -> _Session:
    """Load the site that is being built."""
    from briefings import check, makers, pages, state  # noqa: PLC0415 - only who makes needs them
    from briefings.desk import Desk  # noqa: PLC0415
    from briefings.making import WITHIN, Bench  # noqa: PLC0415
    from briefings.render import Renderer  # noqa: PLC0415

    _same(told.program)
    content, theme = _folder(told.content, "the content folder"), _folder(told.theme, "the theme")
    output, cache = _folder(told.output, "the output folder"), _folder(told.cache, "the cache folder")
    try:
        company = json.loads((output / WITHIN / told.token).read_bytes())
    except FileNotFoundError:
        raise _wrong(
            f'sees another folder as "{output}" (the output folder must be shared), or came too late'
        ) from None
    try:
        keep = _Kept(cache, told.code, shared=True)
    except kept.UnreadableError as error:
        raise _wrong(f"cannot read {cache / kept.FILE} ({error}; the cache folder must be shared)") from error
    checked = check.check(content, told.site, told.now, keep)
    site, statics = told.site, makers.statics(theme)
    renderer = Renderer(site, theme, statics, cache)
    if state.digest([state.program(), site, renderer.digest(), statics]) != told.surroundings:
        raise _wrong(f'sees another theme in "{theme}" (the folder must be shared; if it {CHANGED})')
    if _seen(checked) != told.seen or state.mark(output) != told.before:
        raise _wrong(f"sees another site: the content or the output folder {CHANGED}")
    shop = makers.Workshop(checked, site, theme, renderer, told.surroundings, cache)
    bench = Bench(shop, told.output, state.load(output), told.full)
    desk = Desk(checked.library, site, checked.media, company)
    everywhere = pages.units(desk, checked.plain, statics)
    return _Session(told.token, bench, {unit.key: unit for unit in everywhere})
