"""Whether anything at all has changed since the last build, by a look at every file and without reading one.

A finished build leaves a stamp in the cache folder: the settings, and for every file of the content, the theme and the
program its size, inode and times (:mod:`briefings.look`); and for every file that was written its size. While all of
that is as it was, there is nothing to build, and what the last build told is told again.

A site of twenty thousand files is looked at in less time than most packages take to load. So this module loads none of
them: neither ``pathlib`` nor ``json`` nor ``dataclasses``.
"""

from __future__ import annotations

import os
import stat
import zlib

from briefings import look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from briefings.errors import Problem
    from briefings.report import Report

STAMP, STANDING = "stamp.txt", "standing.txt"
_BEGUN = ".briefings/begun.txt"
"""As :mod:`briefings.state` has it, which loads slowly."""
_HEAD = b"briefings 7 "
_FIRST = 1000
"""Bytes that are more than the first two lines of a stamp take."""
_MANY = 20_000
"""Bytes of lines of files: fewer are looked at sooner than a process is begun."""
_TEXTS = (
    "asked",
    "period",
    "moment",
    "content",
    "theme",
    "program",
    "until",
    "standing",
    "counts",
    "summary",
    "seal",
    "build",
    "told",
)
"""The parts of a stamp that are text; the lines of the briefings come after them."""


class Left:
    """What the last build noted."""

    def __init__(self, cache: str, parts: dict[str, str], briefings: bytes, mark: bytes) -> None:
        """Take a stamp apart.

        Raises:
            ValueError: a part is not what it should be.
        """
        self.look = look.Look(
            parts["asked"], int(parts["period"]), parts["content"], parts["theme"], parts["program"], briefings
        )
        self.moment = float(parts["moment"])
        """The reference time of that build, in seconds since 1970: what it showed had gone out by then."""
        self.until = float(parts["until"])
        """Seconds since 1970 when something that waits goes out; infinite when nothing does."""
        self.report = [int(count) for count in parts["counts"].split()]
        """Briefings, pages and files."""
        self.seal = parts["seal"]
        """A digest of all that was read but the briefings; see :mod:`briefings.clone`."""
        self.build = parts["build"]
        """The name of that build, which stands in ``kept.sqlite`` too: what is of two builds agrees in nothing."""
        self.summary = parts["summary"]
        """What a build that changes nothing says."""
        self.quiet = not parts["told"]
        """Whether there is nothing to complain of."""
        self.many = int(parts["standing"].split()[1]) >= _MANY
        self._cache, self._told, self._standing, self._mark = cache, parts["told"], parts["standing"], mark

    @property
    def seen(self) -> bytes:
        """The line of each briefing's file."""
        return self.look.briefings

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What makers had to say of files of the site."""
        return self._problems()[0]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was complained of, the notes too."""
        return self._problems()[1]

    def _problems(self) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        if self.quiet:
            return (), ()
        import json  # noqa: PLC0415 - most sites have nothing to complain of

        from briefings.errors import Problem  # noqa: PLC0415

        notes, problems = (tuple(Problem(*row) for row in rows) for rows in json.loads(self._told))
        return notes, problems

    def standing(self) -> bytes:
        """A line for each file of the site, as :func:`standing` gives it, sorted.

        Raises:
            OSError: they are not there.
            ValueError: they are damaged.
        """
        with open(f"{self._cache}/{STANDING}", "rb") as stream:
            lines = stream.read()
        if _sum(lines) != self._standing:
            raise ValueError("not the files of this build")
        return lines

    def latest(self) -> bool:
        """Whether no other build has ended, or begun to write, since this was read."""
        try:
            with open(f"{self._cache}/{STAMP}", "rb") as stream:
                return stream.read(len(self._mark)) == self._mark
        except OSError:
            return False

    def watch(self, output: str) -> Callable[[], bool]:
        """Begin to look at every file of the site, in a process of its own where there are many.

        Returns:
            What waits for the end of that: whether every file is there, a regular file of its size.
        """
        if not self.many or not _alone():
            return _once(lambda: self._stand(output, f"{output}/"))
        child = os.fork()
        if not child:
            status = 2
            try:
                os.chdir(output)  # from there, a look at a file need not find the folder again
                status = 0 if self._stand(output) else 1
            finally:
                os._exit(status)
        return _once(lambda: os.waitpid(child, 0)[1] == 0)

    def _stand(self, output: str, top: str = "") -> bool:
        """Whether every file is there, a regular file of its size.

        Args:
            output: the output folder.
            top: what leads to it from the working directory.
        """
        regular, before = stat.S_IFREG >> 12, os.fsencode(top)
        try:
            if os.path.lexists(f"{output}/{_BEGUN}"):
                return False  # all may be there, but for the manifest
            cells = self.standing().replace(b"\0", b"\n").split(b"\n")  # path and size in turn, and nothing at the end
            paths = [before + path for path in cells[:-1:2]] if before else cells[:-1:2]
            for about, size in zip(map(os.lstat, paths), map(int, cells[1::2]), strict=True):
                if about.st_size != size or about.st_mode >> 12 != regular:
                    return False
        except (OSError, ValueError):
            return False
        return True


class Folders:
    """Where a site is: the folder of the settings file, the content, the theme and the output, absolute."""

    __slots__ = ("content", "output", "project", "theme")

    def __init__(self, project: str, content: str, theme: str, output: str) -> None:
        self.project, self.content, self.theme, self.output = project, content, theme, output


class Stamp:
    """Where a build notes what it was made from: its cache folder, and what was seen before anything was read."""

    def __init__(
        self, cache: str | Path, seen: look.Look | None, left: Left | None = None,
        standing: Callable[[], bool] = lambda: False, moment: float = 0.0, folders: Folders | None = None,
    ) -> None:  # fmt: skip
        """Know what there is.

        Args:
            cache: the cache folder of one output folder.
            seen: what there is now; ``None`` where a look proves nothing.
            left: what the last build noted there.
            standing: tells whether every file that it wrote is there, as it wrote it.
            moment: the reference time of this build, in seconds since 1970.
            folders: where all that was seen is.
        """
        self.moment, self.folders = moment, folders
        self.build = os.urandom(16).hex()
        """The name of this build, which no other one has."""
        self._cache, self.seen, self.left, self.standing = str(cache), seen, left, standing

    @property
    def cache(self) -> Path:
        """The cache folder."""
        from pathlib import Path  # noqa: PLC0415 - not needed when nothing has changed

        return Path(self._cache)

    def last(self) -> Left | None:
        """What the last build noted, if this one would change nothing: every file is as that one left it."""
        seen, left = self.seen, self.left
        if (
            seen is None
            or left is None
            or not seen.sure
            or not left.moment <= self.moment < left.until
            or left.seen != seen.briefings
        ):
            return None
        return left if left.look.same(seen) and self.standing() else None

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
        from briefings import clone  # noqa: PLC0415 - an edit does without

        seal = clone.seal(self.seen, self.folders) if self.seen and self.folders else ""
        self.note(until, b"".join(sorted(standing(path, size) for path, size in sizes)), report, problems, seal)

    def note(
        self, until: float, standing: bytes, report: Report, problems: Iterable[Problem], seal: str = ""
    ) -> None:  # fmt: skip
        """The same, with the line of each file, as :func:`standing` gives it, sorted, and the seal."""
        forget(self._cache)
        seen = self.seen
        if seen is None:
            return
        from briefings.report import idle  # noqa: PLC0415 - not needed when nothing has changed

        parts = {
            "asked": seen.asked, "period": str(seen.period), "moment": str(self.moment),
            "content": seen.content, "theme": seen.theme,
            "program": seen.program, "until": str(until), "standing": _sum(standing),
            "counts": f"{report.briefings} {report.pages} {report.files}", "summary": idle(report), "seal": seal,
            "build": self.build, "told": _rows(report.notes, problems),
        }  # fmt: skip
        texts = [parts[name].encode("utf-8", "surrogatepass") for name in _TEXTS]
        body = b"".join((b" ".join(b"%d" % len(text) for text in texts), b"\n", *texts))
        aside = f"{self._cache}/{STAMP}.{os.getpid()}.new"
        try:  # the site stands; a stamp only saves time
            os.makedirs(self._cache, exist_ok=True)
            with open(f"{self._cache}/{STANDING}", "wb") as stream:
                stream.write(standing)
            with open(aside, "wb") as stream:
                stream.write(b"%b%b\n" % (_HEAD, _sum(body, seen.briefings).encode()))
                stream.write(body)
                stream.write(seen.briefings)
            os.replace(aside, f"{self._cache}/{STAMP}")
        except OSError:
            return


def standing(path: str, size: int) -> bytes:
    """The line of a file of the site, in which no other one's begins with its path and a zero byte."""
    return b"%b\0%d\n" % (path.encode("utf-8", "surrogatepass"), size)


def _rows(notes: Sequence[Problem], problems: Iterable[Problem]) -> str:
    """Problems as JSON; nothing where there are none."""
    both = [[[one.file, one.line, one.field, one.what, one.severity] for one in some] for some in (notes, problems)]
    if not any(both):
        return ""
    import json  # noqa: PLC0415 - most sites have nothing to complain of

    return json.dumps(both)


def _sum(*parts: bytes) -> str:
    """What tells that bytes are whole: a checksum, and how many they are."""
    found = 0
    for part in parts:
        found = zlib.crc32(part, found)
    return f"{found:08x} {sum(map(len, parts))}"


def _once(find: Callable[[], bool]) -> Callable[[], bool]:
    """The same, found out when it is asked for first."""
    found: list[bool] = []

    def told() -> bool:
        if not found:
            found.append(find())
        return found[0]

    return told


def _alone() -> bool:
    """Whether this process may be copied: on Linux, and without another thread that could hold what the copy needs."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def forget(cache: str | Path) -> None:
    """Leave no stamp: from here on the output folder changes.

    Raises:
        OSError: there is one, and it cannot be removed.
    """
    try:
        os.unlink(f"{cache}/{STAMP}")
    except (FileNotFoundError, NotADirectoryError):
        return


def folder(cache: str, output: str, project: str) -> str:
    """The folder below the site's cache folder that is of one output folder.

    Where all are inside one project, its name is the same wherever the project is: a cache that is restored on another
    machine is found there.
    """
    inside = f"{project}/"
    named = output[len(inside) :] if output.startswith(inside) and cache.startswith(inside) else output
    return f"{cache}/{os.path.basename(output)}-{zlib.crc32(os.fsencode(named)):08x}"


def left(cache: str | Path) -> Left | None:
    """What the last build noted; ``None`` where it noted nothing, or its notes are damaged."""
    try:
        # Many megabytes, each of which would be copied whenever the whole was cut: so they are read in their parts.
        with open(f"{cache}/{STAMP}", "rb", buffering=0) as stream:
            head, sizes, _ = stream.read(_FIRST).split(b"\n", 2)
            stream.seek(len(head) + 1)
            lengths = [int(size) for size in sizes.split()]
            long = len(sizes) + 1 + sum(lengths)
            if not 0 <= long <= os.fstat(stream.fileno()).st_size:
                return None
            texts, briefings = stream.read(long), stream.read()
        if head != _HEAD + _sum(texts, briefings).encode():
            return None
        parts: dict[str, str] = {}
        start = len(sizes) + 1
        for name, size in zip(_TEXTS, lengths, strict=True):
            parts[name] = texts[start : start + size].decode("utf-8", "surrogatepass")
            start += size
        return Left(str(cache), parts, briefings, head)
    except (OSError, ValueError):
        return None
