"""Whether anything at all has changed since the last build, by a look at every file and without reading one.

A finished build leaves a stamp in the cache folder: the settings, and for every file of the content, the theme and the
program its size, inode and times; and for every file that was written its size. While all of that is as it was, there
is nothing to build. This module imports next to nothing, since starting the rest takes longer than the look.

A time that is as new as the look itself proves nothing: the file may change again within the same tick of the clock
(as in git's "racily clean" entries). Such a build leaves no stamp, and the next one looks at the contents.
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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefings.errors import Problem
from briefings.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

STAMP, STANDING = "stamp.json", "standing.txt"
VERSION = 1
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
    """What was asked for: folders, options, settings, the part of the hour."""
    content: str
    theme: str
    program: str


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


def look(content: Path, theme: Path, asked: Mapping[str, Any], moment: float | None = None) -> Look | None:
    """Look at everything that a build reads, before it reads.

    Args:
        content: the content folder.
        theme: the theme folder.
        asked: what else decides what is built: folders, options, settings, the reference time.
        moment: seconds since 1970; now, unless a test says otherwise.

    Returns:
        What was seen, or ``None`` when that would prove nothing.
    """
    since = time.time_ns() if moment is None else int(moment * 1e9)
    try:
        # repr: settings may be anything; what has no fixed form (a function) never equals itself, and all is built.
        text = repr(sorted(asked.items()))
        return Look(
            hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            _tree([str(content)], since),
            _tree([f"{theme}/templates", f"{theme}/static"], since),
            _program(since),
        )
    except (UnsureError, OSError):
        return None


def forget(cache: Path) -> None:
    """Leave no stamp: from here on the output folder changes.

    Raises:
        OSError: there is one, and it cannot be removed.
    """
    with suppress(NotADirectoryError):
        (cache / STAMP).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a build notes what it was made from: its cache folder, and what was seen before anything was read."""

    cache: Path
    seen: Look | None

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
        forget(self.cache)
        if self.seen is None:
            return
        rows = "".join(f"{size} {path}\n" for path, size in sizes)
        data = {
            "version": VERSION,
            "look": _looked(self.seen),
            "until": until if until != float("inf") else None,
            "standing": hashlib.sha256(rows.encode("utf-8", "surrogatepass")).hexdigest(),
            "report": [report.briefings, report.pages, report.files],
            "notes": [_row(problem) for problem in report.notes],
            "problems": [_row(problem) for problem in problems],
        }
        aside = self.cache / f"{STAMP}.{os.getpid()}.new"
        with suppress(OSError):  # the site stands; a stamp only saves time
            self.cache.mkdir(parents=True, exist_ok=True)
            (self.cache / STANDING).write_text(rows, "utf-8", errors="surrogatepass")
            aside.write_text(json.dumps(data), "utf-8")
            aside.replace(self.cache / STAMP)


def _looked(seen: Look) -> list[str]:
    return [seen.asked, seen.content, seen.theme, seen.program]


def _row(problem: Problem) -> list[Any]:
    return [problem.file, problem.line, problem.field, problem.what, problem.severity]


def last(stamp: Stamp, output: Path, now: float) -> tuple[Report, tuple[Problem, ...]] | None:
    """What a build would tell now, if it would change nothing: every file is as the last build left it.

    Args:
        stamp: where the last build left its own, and what is seen now.
        output: the output folder.
        now: the reference time in seconds since 1970.
    """
    if stamp.seen is None:
        return None
    try:
        data = json.loads((stamp.cache / STAMP).read_bytes())
        if data["version"] != VERSION or data["look"] != _looked(stamp.seen):
            return None
        if data["until"] is not None and now >= data["until"]:
            return None
        rows = (stamp.cache / STANDING).read_bytes()
        if hashlib.sha256(rows).hexdigest() != data["standing"] or not _stand(os.fsencode(output), rows):
            return None
        problems = tuple(Problem(*row) for row in data["problems"])
        notes = tuple(Problem(*row) for row in data["notes"])
        briefings, pages, files = data["report"]
        return Report(briefings, pages, files, 0, 0, notes), problems
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _stand(output: bytes, rows: bytes) -> bool:
    """Whether every file is there, a regular file of its size."""
    look_at, regular = os.lstat, stat.S_ISREG
    for row in rows.splitlines():
        size, _, name = row.partition(b" ")
        about = look_at(output + b"/" + name)
        if about.st_size != int(size) or not regular(about.st_mode):
            return False
    return True
