"""What there is of all that a build reads, seen without reading it: sizes, inodes and times of files.

A time that is as new as the look itself proves nothing: the file may change again within the same tick of the clock
(as in git's "racily clean" entries). Of a briefing's file it is noted that nothing is known of it; for any other, the
look proves nothing.

This module and those that it imports load next to nothing: starting the rest takes longer than the look.
"""

from __future__ import annotations

import os
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

BRIEFINGS = "briefings/"
"""Where briefings are, below the content folder; as :mod:`briefings.contents` has it, which loads slowly."""
UNSURE = "\0?\n"
"""How the line of a file ends that is too new to be sure of."""
TICK = 20_000_000
"""Nanoseconds: no file system that we know keeps times coarser, but for those that keep whole seconds, whose files
then seem a moment old and are built again once."""
PERIOD = 900
"""Seconds: every time zone's day begins at such a boundary, so what depends on the day is looked at anew after it."""
LIBRARIES = (
    "PIL", "anyascii", "babel", "cbor2", "feedgen", "imagesize", "jinja2", "lxml", "markdown_it", "markupsafe",
    "msgspec", "nh3", "pagefind", "resvg_py", "yaml",
)  # fmt: skip
PROGRAM = os.path.dirname(os.path.abspath(__file__))


class UnsureError(Exception):
    """Something that a look at files cannot vouch for."""


class Look:
    """What was seen at one moment; equal looks mean that nothing has changed in between."""

    __slots__ = ("asked", "briefings", "content", "period", "program", "theme")

    def __init__(self, asked: str, period: int, content: str, theme: str, program: str, briefings: bytes) -> None:
        """Know what was seen.

        Args:
            asked: what was asked for: folders, options, settings.
            period: the part of the hour, counted from 1970.
            content: a line for each file of the content folder but the briefings.
            theme: a line for each file of the theme.
            program: a line for each file of our own, and for each package that it works with.
            briefings: a line for each briefing's file, sorted: its name, a zero byte, its state; that is ``?`` while it
                is too new.
        """
        self.asked, self.period, self.content = asked, period, content
        self.theme, self.program, self.briefings = theme, program, briefings

    def same(self, other: Look, *, period: bool = True) -> bool:
        """Whether everything but the briefings is as in another look.

        Args:
            other: that look.
            period: whether the part of the hour counts.
        """
        return (
            (not period or self.period == other.period)
            and self.asked == other.asked
            and self.content == other.content
            and self.theme == other.theme
            and self.program == other.program
        )

    @property
    def sure(self) -> bool:
        """Whether the state of every file is known."""
        return UNSURE.encode() not in self.briefings


def line(name: str, about: os.stat_result, limit: int) -> str:
    """The line of a file: its state, or that it is newer than ``limit`` (nanoseconds since 1970)."""
    changed, moved = about.st_mtime_ns, about.st_ctime_ns
    if changed > limit or moved > limit:
        return f"{name}{UNSURE}"
    return f"{name}\0{about.st_size} {changed} {moved} {about.st_ino}\n"


def _inside(top: str, below: str) -> Iterator[tuple[str, os.stat_result]]:
    """Name and state of what is in a folder: no hidden file is anybody's content."""
    folder = os.open(f"{top}/{below}", os.O_RDONLY | os.O_DIRECTORY)
    try:
        with os.scandir(folder) as entries:  # by its descriptor: a look at each then need not find the folder again
            for entry in entries:
                if entry.name[0] != ".":
                    yield entry.name, entry.stat(follow_symlinks=False)
    finally:
        os.close(folder)


def _tree(tops: Iterable[str], since: int) -> str:
    """A line for every file below some folders.

    Raises:
        UnsureError: a link, or a file that is as new as the look.
        OSError: a folder cannot be read.
    """
    limit = since - TICK
    rows = []
    for top in tops:
        if not os.path.lexists(top):  # a theme may be templates alone
            rows.append("none\n")
            continue
        found = []
        folders = [""]
        while folders:
            below = folders.pop()
            for name, about in _inside(top, below):
                if stat.S_ISDIR(about.st_mode):
                    if name != "__pycache__" or top != PROGRAM:
                        folders.append(f"{below}{name}/")
                elif stat.S_ISLNK(about.st_mode):
                    raise UnsureError(name)  # what it leads to can change without it
                else:
                    found.append(line(below + name, about, limit))
        rows += sorted(found)
    text = "".join(rows)
    if UNSURE in text:
        raise UnsureError("changed just now")
    return text


def _content(top: str, since: int) -> tuple[str, bytes]:
    """A line for each file of the content but the briefings, and a line for each of these.

    Raises:
        UnsureError: a link, or another file that is as new as the look.
        OSError: a folder cannot be read.
    """
    others: list[str] = []
    rows: list[str] = []
    limit = since - TICK
    folders = [""]
    while folders:
        below = folders.pop()
        inside = below.startswith(BRIEFINGS)
        folder = os.open(f"{top}/{below}", os.O_RDONLY | os.O_DIRECTORY)
        try:
            with os.scandir(folder) as entries:
                for entry in entries:  # there may be very many: what is said once above is done here in one go
                    name = entry.name
                    if name[0] == ".":
                        continue
                    about = entry.stat(follow_symlinks=False)
                    kind = about.st_mode >> 12  # as stat.S_IFMT has it
                    if kind == _REGULAR:
                        changed, moved = about.st_mtime_ns, about.st_ctime_ns
                        if changed > limit or moved > limit:
                            row = f"{below}{name}{UNSURE}"
                        else:
                            row = f"{below}{name}\0{about.st_size} {changed} {moved} {about.st_ino}\n"
                        if inside and name[-3:] == ".md" and name.isprintable():
                            rows.append(row)
                        else:
                            others.append(row)
                    elif kind == _FOLDER:
                        folders.append(f"{below}{name}/")
                        if name.endswith((".md", ".yaml")):
                            others.append(f"{below}{name}/\n")  # refused, where a file should be
                    else:
                        raise UnsureError(name)  # what a link leads to can change without it
        finally:
            os.close(folder)
    text = "".join(sorted(others))
    if UNSURE in text:
        raise UnsureError("changed just now")
    rows.sort()
    return text, os.fsencode("".join(rows))


_REGULAR, _FOLDER = stat.S_IFREG >> 12, stat.S_IFDIR >> 12


def origins(known: str = "") -> list[str]:
    """Where the packages that we work with are.

    Args:
        known: a program's lines, as :func:`program` gave them: to look for packages takes longer than to look at them.
    """
    if known.startswith(_python()):
        return [row.rpartition("\0")[0] for row in known.split("\n")[1 : 1 + len(LIBRARIES)]]
    import importlib.util  # noqa: PLC0415 - only the first look needs it

    found = []
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise UnsureError(name)
        found.append(spec.origin)
    return found


def _python() -> str:
    """This Python, and where it finds packages."""
    return f"{sys.version} {sys.prefix} {os.environ.get('PYTHONPATH', '')}".replace("\n", " ") + "\n"


def program(since: int, known: str = "") -> str:
    """A line for the interpreter, for each package that we work with, and for each file of our own code.

    Args:
        since: when the look began, in nanoseconds since 1970.
        known: the same at the last build, or nothing.

    Raises:
        UnsureError: a package is not there, or a file has changed just now.
        OSError: something cannot be read.
    """
    rows = [_python()]
    for origin in origins(known):
        about = os.stat(origin)
        rows.append(f"{origin}\0{about.st_size} {about.st_mtime_ns}\n")
    rows.append(_tree([PROGRAM], since))
    return "".join(rows)


def asked_as_text(asked: Mapping[str, Any]) -> str:
    """What was asked for as text: settings may be anything; what has no fixed form (a function) never equals itself."""
    try:
        return repr(sorted(asked.items()))
    except Exception:  # noqa: BLE001 - of a class of the site's own
        return os.urandom(16).hex()


def look(
    content: str, theme: str, asked: Mapping[str, Any], period: int = 0, moment: float | None = None,
    before: Look | None = None,
) -> Look | None:  # fmt: skip
    """Look at everything that a build reads, before it reads.

    Args:
        content: the content folder.
        theme: the theme folder.
        asked: what else decides what is built: folders, options, settings.
        period: the part of the hour, by the reference time.
        moment: seconds since 1970; now, unless a test says otherwise.
        before: what was seen by the last build.

    Returns:
        What was seen, or ``None`` when that would prove nothing.
    """
    since = time.time_ns() if moment is None else int(moment * 1e9)
    try:
        ours = program(since, before.program if before else "")
        templates = _tree([f"{theme}/templates", f"{theme}/static"], since)
        others, briefings = _content(content, since)
    except (UnsureError, OSError):
        return None
    return Look(asked_as_text(asked), period, others, templates, ours, briefings)


def again(before: Look, content: str, changed: Iterable[str], asked: Mapping[str, Any], period: int) -> Look | None:
    """What a look would see now, if nothing but some briefings' files has changed since the last build.

    Args:
        before: what that build saw.
        content: the content folder.
        changed: all files that have changed, or may have.
        asked: as for :func:`look`.
        period: as for :func:`look`.

    Returns:
        What there is, or ``None`` where only a look can tell.
    """
    from briefings import rows  # noqa: PLC0415 - only who watches asks

    limit = time.time_ns() - TICK
    lines = rows.ended(before.briefings)
    # What was too new to be sure of at the last look may have changed since without being told.
    names = {f"{content}/{name}" for name in _unsure(before.briefings)}
    for path in sorted(names.union(changed)):
        if not path.startswith(f"{content}/"):
            return None
        name = path[len(content) + 1 :]
        hidden = any(part.startswith(".") for part in name.split("/"))
        if not name.startswith(BRIEFINGS) or not name.endswith(".md") or hidden or not name.isprintable():
            return None
        try:
            about = os.lstat(path)
        except FileNotFoundError:
            lines.put(os.fsencode(name) + b"\0", b"")
            continue
        except OSError:
            return None
        if not stat.S_ISREG(about.st_mode):
            return None
        lines.put(os.fsencode(name) + b"\0", os.fsencode(line(name, about, limit).rstrip("\n")))
    return Look(asked_as_text(asked), period, before.content, before.theme, before.program, rows.joined(lines))


_STEP = 1 << 16
"""Bytes that are compared at once."""


def differing(then: bytes, here: bytes, most: int) -> tuple[list[str], list[str]] | None:
    """What two looks differ in.

    Args:
        then: the line of each briefing's file, sorted, at one moment.
        here: the same at a later one.
        most: differences that are worth telling.

    Returns:
        Names of the files that have changed, are new, or may have changed, and of those that are gone, each sorted;
        ``None`` when they are more than that.
    """
    changed = set(_unsure(here))
    gone: set[str] = set()
    at = now = 0  # where in each, at the start of a line
    while at < len(then) or now < len(here):
        if len(changed) + len(gone) > most:
            return None
        step = 0
        while (piece := then[at + step : at + step + _STEP]) and piece == here[now + step : now + step + _STEP]:
            step += len(piece)
        # From the last line that begins before the difference, line by line to behind it.
        begin = then.rfind(b"\n", at, at + step) + 1 or at
        at, now = begin, now + begin - at
        while at < len(then) or now < len(here):
            one, other = then[at : then.find(b"\n", at) + 1], here[now : here.find(b"\n", now) + 1]
            name, its = one.partition(b"\0")[0], other.partition(b"\0")[0]
            if one == other:
                at, now = at + len(one), now + len(other)
                continue
            if name == its:
                changed.add(os.fsdecode(its))
                at, now = at + len(one), now + len(other)
            elif not other or (one and name < its):
                gone.add(os.fsdecode(name))
                at += len(one)
            else:
                changed.add(os.fsdecode(its))
                now += len(other)
            break
    return sorted(changed), sorted(gone - changed)


def _unsure(rows: bytes) -> Iterator[str]:
    """Names of the files that were too new to be sure of."""
    end = -1
    while (end := rows.find(UNSURE.encode(), end + 1)) >= 0:
        yield os.fsdecode(rows[rows.rfind(b"\n", 0, end) + 1 : end])
