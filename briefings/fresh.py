"""Whether anything at all has changed since the last build, by a look at every file and without reading one.

A finished build leaves a stamp in the cache folder: the settings, and for every file of the content, the theme and the
program its size, inode and times; and for every file that was written its size. While all of that is as it was, there
is nothing to build. This module imports next to nothing, since starting the rest takes longer than the look.

A time that is as new as the look itself proves nothing: the file may change again within the same tick of the clock
(as in git's "racily clean" entries). Of a briefing's file it is noted that nothing is known of it; for any other, the
build leaves no stamp, and the next one looks at the contents.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefings.errors import Problem
from briefings.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

STAMP, STANDING, SEEN = "stamp.json", "standing.txt", "seen.txt"
VERSION = 2
BRIEFINGS = "briefings/"
"""Where briefings are, below the content folder; as :mod:`briefings.contents` has it, which loads slowly."""
_UNSURE = "\0?\n"
"""How the line of a file ends that is too new to be sure of."""
_MANY = 100_000
"""Bytes of lines of files: fewer are looked at sooner than a process is begun."""
TICK = 20_000_000
"""Nanoseconds: no file system that we know keeps times coarser, but for those that keep whole seconds, whose files
then seem a moment old and are built again once."""
PERIOD = 900
"""Seconds: every time zone's day begins at such a boundary, so what depends on the day is looked at anew after it."""
LIBRARIES = (
    "PIL", "anyascii", "babel", "feedgen", "jinja2", "lxml", "markdown_it", "markupsafe", "nh3", "pagefind",
    "resvg_py", "yaml",
)  # fmt: skip


class UnsureError(Exception):
    """Something that a look at files cannot vouch for."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment; equal looks mean that nothing has changed in between."""

    asked: str
    """What was asked for: folders, options, settings."""
    period: int
    """The part of the hour, counted from 1970."""
    content: str
    """Everything in the content folder but the briefings."""
    theme: str
    program: str
    briefings: bytes
    """A line for each briefing's file: its name, a zero byte, its state; that is ``?`` while it is too new."""

    @property
    def sure(self) -> bool:
        """Whether the state of every file is known."""
        return b"\0?\n" not in self.briefings


def _walk(top: str, below: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Every file below a folder with its state, in a fixed order; hidden ones are nobody's content."""
    with os.scandir(f"{top}/{below}") as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name = entry.name
        if name[0] == "." or name == "__pycache__":
            continue
        about = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(about.st_mode):
            yield from _walk(top, f"{below}{name}/")
        elif stat.S_ISLNK(about.st_mode):
            raise UnsureError(entry.path)  # what it leads to can change without it
        else:
            yield below + name, about


def _tree(tops: Iterable[str], since: int) -> str:
    """A digest of the state of every file below some folders.

    Raises:
        UnsureError: a link, a folder that cannot be read, or a file that is as new as the look.
    """
    total = hashlib.sha256()
    newest = 0
    try:
        for top in tops:
            if not Path(top).exists():  # a theme may be templates alone
                total.update(b"none\n")
                continue
            for name, about in _walk(top):
                newest = max(newest, about.st_mtime_ns, about.st_ctime_ns)
                row = (
                    f"{name}\0{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino} {about.st_mode}\n"
                )
                total.update(row.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise UnsureError(str(error)) from error
    if newest > since - TICK:
        raise UnsureError("changed just now")
    return total.hexdigest()


def _content(top: str, since: int) -> tuple[str, bytes]:
    """A digest of the state of every file of the content but the briefings, and a line for each of these.

    Raises:
        UnsureError: a link, a folder that cannot be read, or another file that is as new as the look.
    """
    others = hashlib.sha256()
    rows: list[str] = []
    limit = since - TICK
    folders = [""]
    try:
        while folders:
            below = folders.pop()
            inside = below.startswith(BRIEFINGS)
            found = []
            with os.scandir(f"{top}/{below}") as entries:
                for entry in entries:
                    name = entry.name
                    if name[0] == ".":
                        continue
                    about = entry.stat(follow_symlinks=False)
                    mode = about.st_mode
                    if stat.S_ISDIR(mode):
                        folders.append(f"{below}{name}/")
                        continue
                    if stat.S_ISLNK(mode):
                        raise UnsureError(entry.path)  # what it leads to can change without it
                    row = _row_of(f"{below}{name}", about, limit)
                    if inside and name.endswith(".md") and name.isprintable():
                        rows.append(row)
                    elif row.endswith(_UNSURE):
                        raise UnsureError("changed just now")
                    else:
                        found.append(row)
            others.update("".join(sorted(found)).encode("utf-8", "surrogateescape"))
            folders.sort(reverse=True)
    except OSError as error:
        raise UnsureError(str(error)) from error
    rows.sort()
    return others.hexdigest(), "".join(rows).encode("utf-8", "surrogateescape")


def _program(since: int) -> str:
    """A digest of the state of our own code and of the packages that it works with."""
    rows = [sys.version]
    for name in LIBRARIES:
        found = importlib.util.find_spec(name)
        if found is None or found.origin is None:
            raise UnsureError(name)
        about = Path(found.origin).stat()
        rows.append(f"{found.origin} {about.st_size} {about.st_mtime_ns}")
    rows.append(_tree([str(Path(__file__).parent)], since))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def look(
    content: Path, theme: Path, asked: Mapping[str, Any], period: int = 0, moment: float | None = None
) -> Look | None:
    """Look at everything that a build reads, before it reads.

    Args:
        content: the content folder.
        theme: the theme folder.
        asked: what else decides what is built: folders, options, settings.
        period: the part of the hour, by the reference time.
        moment: seconds since 1970; now, unless a test says otherwise.

    Returns:
        What was seen, or ``None`` when that would prove nothing.
    """
    since = time.time_ns() if moment is None else int(moment * 1e9)
    try:
        # repr: settings may be anything; what has no fixed form (a function) never equals itself, and all is built.
        text = repr(sorted(asked.items()))
        others, briefings = _content(str(content), since)
        return Look(
            hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            period,
            others,
            _tree([f"{theme}/templates", f"{theme}/static"], since),
            _program(since),
            briefings,
        )
    except (UnsureError, OSError):
        return None


def again(left: Left, content: Path, changed: Iterable[Path], asked: Mapping[str, Any], period: int) -> Look | None:
    """What a look would see now, if nothing but some briefings' files has changed since the last build.

    Args:
        left: what that build noted.
        content: the content folder.
        changed: all files that have changed, or may have.
        asked: as for :func:`look`.
        period: as for :func:`look`.

    Returns:
        What there is, or ``None`` where only a look can tell.
    """
    limit = time.time_ns() - TICK
    text = repr(sorted(asked.items()))
    rows = {line.partition(b"\0")[0]: line for line in left.seen.split(b"\n") if line}
    # What was too new to be sure of at the last look may have changed since without being told.
    names = {content / os.fsdecode(name) for name, line in rows.items() if line.endswith(b"\0?")}
    for path in sorted(names.union(changed)):
        if not path.is_relative_to(content):
            return None
        name = path.relative_to(content).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if not name.startswith(BRIEFINGS) or not name.endswith(".md") or hidden or not name.isprintable():
            return None
        try:
            about = path.lstat()
        except FileNotFoundError:
            rows.pop(os.fsencode(name), None)
            continue
        except OSError:
            return None
        if not stat.S_ISREG(about.st_mode):
            return None
        rows[os.fsencode(name)] = os.fsencode(_row_of(name, about, limit).rstrip("\n"))
    briefings = b"".join(row + b"\n" for _, row in sorted(rows.items()))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    _, _, others, theme, program = left.look
    return Look(digest, period, others, theme, program, briefings)


def _row_of(name: str, about: os.stat_result, limit: int) -> str:
    """The line of a file: its state, or that it is newer than ``limit`` (nanoseconds since 1970)."""
    changed, moved = about.st_mtime_ns, about.st_ctime_ns
    if changed > limit or moved > limit:
        return f"{name}{_UNSURE}"
    return f"{name}\0{about.st_size} {changed} {moved} {about.st_ino} {about.st_mode}\n"


def forget(cache: Path) -> None:
    """Leave no stamp: from here on the output folder changes.

    Raises:
        OSError: there is one, and it cannot be removed.
    """
    with suppress(NotADirectoryError):
        (cache / STAMP).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Left:
    """What the last build noted."""

    look: list[Any]
    seen: bytes
    """The line of each briefing's file."""
    until: float
    """Seconds since 1970 when something that waits goes out; infinite when nothing does."""
    standing: bytes
    """A line for each file of the site: its size, a space, its path."""
    report: list[int]
    """Briefings, pages and files."""
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    text: bytes
    """The stamp itself."""

    def latest(self, cache: Path) -> bool:
        """Whether no other build has ended, or begun to write, since this was read."""
        try:
            return (cache / STAMP).read_bytes() == self.text
        except OSError:
            return False

    def watch(self, output: Path) -> Callable[[], bool]:
        """Begin to look at every file of the site, in a process of its own where there are many.

        Returns:
            What waits for the end of that: whether every file is there, a regular file of its size.
        """
        top = os.fsencode(output)
        if len(self.standing) < _MANY or not _alone():
            return cache(lambda: _stand(top, self.standing))
        child = os.fork()
        if not child:
            status = 2
            try:
                status = 0 if _stand(top, self.standing) else 1
            finally:
                os._exit(status)

        @cache
        def ended() -> bool:
            return os.waitpid(child, 0)[1] == 0

        return ended

    def looked(self, seen: Look, *, period: bool = True) -> bool:
        """Whether everything but the briefings is as it was.

        Args:
            seen: what is there now.
            period: whether the part of the hour counts.
        """
        then, now = self.look, _looked(seen)
        return then == now if period else (then[0], *then[2:]) == (now[0], *now[2:])


@dataclass(frozen=True)
class Stamp:
    """Where a build notes what it was made from: its cache folder, and what was seen before anything was read."""

    cache: Path
    seen: Look | None
    left: Left | None = None
    """What the last build noted there."""
    standing: Callable[[], bool] = lambda: False
    """Tells whether every file that it wrote is there, as it wrote it."""

    def leave(
        self, until: float, sizes: Iterable[tuple[str, int]], report: Report, problems: Iterable[Problem]
    ) -> None:
        """Note that everything stands; where that cannot be written, the next build looks at everything.

        Args:
            until: seconds since 1970 when something that waits goes out; infinite when nothing does.
            sizes: every file of the site with its size.
            report: what the build told.
            problems: what it complained of.
        """
        standing = "".join(f"{size} {path}\n" for path, size in sizes).encode("utf-8", "surrogatepass")
        self.note(until, standing, report, problems)

    def note(self, until: float, standing: bytes, report: Report, problems: Iterable[Problem]) -> None:
        """The same, with the line of each file: its size, a space, its path."""
        forget(self.cache)
        if self.seen is None:
            return
        data = {
            "version": VERSION,
            "look": _looked(self.seen),
            "seen": hashlib.sha256(self.seen.briefings).hexdigest(),
            "until": until if until != float("inf") else None,
            "standing": hashlib.sha256(standing).hexdigest(),
            "report": [report.briefings, report.pages, report.files],
            "notes": [_row(problem) for problem in report.notes],
            "problems": [_row(problem) for problem in problems],
        }
        aside = self.cache / f"{STAMP}.{os.getpid()}.new"
        with suppress(OSError):  # the site stands; a stamp only saves time
            self.cache.mkdir(parents=True, exist_ok=True)
            (self.cache / STANDING).write_bytes(standing)
            (self.cache / SEEN).write_bytes(self.seen.briefings)
            aside.write_text(json.dumps(data), "utf-8")
            aside.replace(self.cache / STAMP)


def _alone() -> bool:
    """Whether this process may be copied: on Linux, and without another thread that could hold what the copy needs."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - a count
    except OSError:
        return False


def _looked(seen: Look) -> list[Any]:
    return [seen.asked, seen.period, seen.content, seen.theme, seen.program]


def _row(problem: Problem) -> list[Any]:
    return [problem.file, problem.line, problem.field, problem.what, problem.severity]


def left(cache: Path) -> Left | None:
    """What the last build noted; ``None`` where it noted nothing, or its notes are damaged."""
    try:
        text = (cache / STAMP).read_bytes()
        data = json.loads(text)
        if data["version"] != VERSION:
            return None
        seen, standing = (cache / SEEN).read_bytes(), (cache / STANDING).read_bytes()
        for name, rows in (("seen", seen), ("standing", standing)):
            if hashlib.sha256(rows).hexdigest() != data[name]:
                return None
        until = float("inf") if data["until"] is None else float(data["until"])
        notes = tuple(Problem(*row) for row in data["notes"])
        problems = tuple(Problem(*row) for row in data["problems"])
        return Left(data["look"], seen, until, standing, data["report"], notes, problems, text)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def last(stamp: Stamp, now: float) -> tuple[Report, tuple[Problem, ...]] | None:
    """What a build would tell now, if it would change nothing: every file is as the last build left it.

    Args:
        stamp: where the last build left its own, and what is seen now.
        now: the reference time in seconds since 1970.
    """
    seen, before = stamp.seen, stamp.left
    if seen is None or before is None or not seen.sure or now >= before.until:
        return None
    if before.seen != seen.briefings or not before.looked(seen) or not stamp.standing():
        return None
    briefings, pages, files = before.report
    return Report(briefings, pages, files, 0, 0, before.notes), before.problems


def _stand(output: bytes, rows: bytes) -> bool:
    """Whether every file is there, a regular file of its size."""
    look_at, regular = os.lstat, stat.S_ISREG
    try:
        for row in rows.splitlines():
            size, _, name = row.partition(b" ")
            about = look_at(output + b"/" + name)
            if about.st_size != int(size) or not regular(about.st_mode):
                return False
    except (OSError, ValueError):
        return False
    return True
