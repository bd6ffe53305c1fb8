"""Units made in workers: planned, fingerprinted, made, and put aside as files until all of them are made."""

from __future__ import annotations

import os
import stat
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, field

from briefings import crew, state
from briefings.graph import Planned
from briefings.makers import MAKERS
from briefings.model import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from briefings.makers import Workshop
    from briefings.snapshot import Snapshot
    from briefings.units import Unit

_MAKERS = dict(MAKERS)
WITHIN = f"{state.FOLDER}/{state.ASIDE}"
_HEAVY = 3
"""What a page of a list or a feed takes, beside a briefing's own page (measured: 157 and 219 microseconds, and 69)."""
_OWN = "own"
"""Below it: what this process and its forks put aside; others have folders of other names."""


class Made(Struct, frozen=True, array_like=True):
    """An output that was planned: its row for the manifest, and the file that waits to be put in its place."""

    path: str
    row: state.Row
    aside: str
    """The folder in which the file waits, at its path; empty when what stands there has the same bytes."""
    owner: str = ""
    flag: str = ""
    """``i``: a page that may be indexed; ``p``: another page; ``c``: an image card; ``s``: of the index for search."""
    parts: str = ""
    """Marks of the parts of its context, to tell later what has changed; see :func:`briefings.state.changed`."""
    names: tuple[str, ...] = ()
    """The names of these parts."""


class Done(Struct, frozen=True, array_like=True):
    """A unit that was planned and made."""

    key: str
    outputs: list[Made]
    kept: Planned | None = None
    """What is to be kept of it, where :attr:`Bench.keeps` says so; then the outputs do not say it again."""


class _Job(Struct):
    """An output that is being made."""

    output: Output
    flag: str = ""
    fingerprint: str = ""
    parts: str = ""
    data: bytes = b""
    note: str = ""
    made: Made | None = None

    def told(self, row: state.Row, aside: str) -> Made:
        """What comes of it."""
        output = self.output
        return Made(output.path, row, aside, output.owner, self.flag, self.parts, tuple(output.context))


_HELD = 1_000_000
"""Bytes that were made and wait to be put aside together: pictures of the content are large."""


class Aside(Struct):
    """Where new files wait to be put in their places, each at its path below ``folder``; they belong below ``top``."""

    folder: str
    top: str
    there: set[str] = field(default_factory=set)
    """Folders in which something waits."""

    def _have(self, folder: str) -> None:
        """Have a folder; most pages have one of their own, and documents and feeds stand beside them."""
        if folder in self.there:
            return
        try:
            os.mkdir(folder)  # noqa: PTH102 - many paths as text
        except FileExistsError:
            pass
        except FileNotFoundError:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        self.there.add(folder)

    def put(self, path: str, data: bytes) -> str:
        """Put bytes aside; return the folder of all that waits.

        Raises:
            OSError: they cannot be written.
        """
        name = f"{self.folder}/{path}"
        try:
            self._have(name.rpartition("/")[0])
            handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            return self.folder  # another output has this path, or a part of it: they are refused when all are known
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"{self.top}/{path}") from error
        try:
            state.put(handle, data)
        finally:
            os.close(handle)
        return self.folder


def own(top: str) -> str:
    """Where this process and its forks put aside what belongs into an output folder."""
    return f"{top}/{WITHIN}/{_OWN}"


class Bench(Struct):
    """Where outputs are made: what there was before, and where new files are put aside."""

    shop: Workshop
    top: str
    """The output folder."""
    before: Mapping[str, state.Row]
    full: bool = False
    bare: bool = False
    """Whether nothing stands in the output folder yet."""
    aside: str = ""
    """Where new files are put aside, each at its path; by default ``WITHIN`` the output folder."""
    waiting: Aside | None = None
    """What was put aside there."""
    company: Mapping[str, Sequence[str]] | None = None
    """Which briefings belong together, for workers that would have to find it out again."""
    keeps: bool = False
    """Whether a worker tells what is to be kept of a unit: of very many, that is less to be sent."""
    snapshot: Snapshot | None = None
    """Where the bytes of new files are kept too."""
    briefings: Callable[[Sequence[int]], Iterator[Unit]] = lambda _: iter(())
    """Gives the units of briefings by their numbers, which are in the order of the library; in workers, too."""

    def make(self, units: Sequence[Unit | int]) -> Iterator[Done]:
        """Make units, in workers where there are many; what they give comes in their order.

        Args:
            units: the units; those of briefings may be given by the numbers of these, see :attr:`briefings`.

        Raises:
            BuildError: a template that fails, content that changed meanwhile; nothing has been put in place.
            OSError: the disk is full, or the folder cannot be written.
        """
        os.makedirs(self.folder(), exist_ok=True)  # noqa: PTH103 - a path as text
        if self.snapshot:
            self.snapshot.close()  # a worker begins a pack of its own
        if len(units) >= crew.LEAST:
            _ = self.shop.press  # loaded here for all workers
        # A worker makes what it shows of a briefing once: what it needs grows with them, and not with their lists.
        briefings = sum(isinstance(unit, int) for unit in units)
        each = len(units) // briefings if briefings else 1
        for done in crew.spread(
            self.slice, units, large=each * crew.LARGE, afar=lambda: self._afar(units),
            weigh=lambda unit: 1 if isinstance(unit, int) else _HEAVY, kind=list[Done],
        ):  # fmt: skip
            yield from done

    def _afar(self, units: Sequence[Unit | int]) -> crew.Job | None:
        from briefings import afar  # noqa: PLC0415 - few builds have workers elsewhere

        return afar.making(self, list(self._whole(units)))

    def slice(self, units: Sequence[Unit | int]) -> list[Done]:
        """Make units in this process."""
        done = [one for block in crew.blocks(self._whole(units)) for one in self._block(block)]
        if self.snapshot:
            self.snapshot.hand_over()
        return done

    def _block(self, units: Sequence[Unit]) -> list[Done]:
        """Make some units step by step, as :func:`briefings.crew.blocks` says why."""
        try:
            plans = [list(unit.plan()) for unit in units]
            made = iter(self.several([output for plan in plans for output in plan]))
            return [self._done(unit, list(islice(made, len(plan)))) for unit, plan in zip(units, plans, strict=True)]
        except Exception:  # noqa: BLE001 - of several errors, the one of the first unit is to be told
            return [self._done(unit, self.several(unit.plan())) for unit in units]

    def _whole(self, units: Sequence[Unit | int]) -> Iterator[Unit]:
        """The units, those of briefings too."""
        numbers = [unit for unit in units if isinstance(unit, int)]
        if self.keeps:  # else there are few of them, or they come from elsewhere
            seen = [fact for unit in units if not isinstance(unit, int) for fact in unit.sees if fact[1:].isdigit()]
            shown = {*numbers, *(int(fact[1:]) for fact in seen if fact[0] == "f")}
            named = {int(fact[1:]) for fact in seen if fact[0] == "c"}
            self.shop.checked.proses.keep.bring(shown, named - shown)
        briefings = self.briefings(numbers)
        return (next(briefings) if isinstance(unit, int) else unit for unit in units)

    def _done(self, unit: Unit, outputs: list[Made]) -> Done:
        if not self.keeps:
            return Done(unit.key, outputs)
        short = [Made(made.path, made.row, made.aside, "", made.flag) for made in outputs]
        return Done(unit.key, short, planned_as(unit, outputs))

    def one(self, output: Output) -> Made:
        """Make one output in this process."""
        return self.several([output])[0]

    def several(self, outputs: Iterable[Output]) -> list[Made]:
        """Make outputs in this process, step by step; what comes of them is in their order."""
        jobs = [_Job(output) for output in outputs]
        for job in jobs:
            self._look(job)
        for job in jobs:
            self._compare(job)
        held: list[_Job] = []
        size = 0
        for job in sorted(jobs, key=lambda job: (job.output.maker, job.output.name)):
            if job.made is None:
                self._make(job)
                held.append(job)
                size += len(job.data)
                if size > _HELD:
                    self._keep(held)
                    held, size = [], 0
        self._keep(held)
        return [job.made for job in jobs if job.made]

    def _look(self, job: _Job) -> None:
        """Leave of the context of a page what its template can look at."""
        output = job.output
        if output.maker == "page":
            head = output.context["head"]
            job.flag = "p" if head.robots or head.canonical else "i"
            context = self.shop.renderer.seen(output.name, output.context)
            job.output = Output(output.path, "page", output.name, context, output.owner)
        elif output.maker == "card":
            job.flag = "c"

    def _compare(self, job: _Job) -> None:
        """Find out whether an output stands there as it would be made."""
        output = job.output
        around = "" if output.maker == "card" else self.shop.surroundings  # an image card's context has all of it
        job.fingerprint, job.parts = state.fingerprint(f"{around} {output.maker} {output.name!r}", output.context)
        row = self.before.get(output.path)
        same = row and not self.full and row.fingerprint == job.fingerprint
        if row and same and stands(f"{self.top}/{output.path}", row.size):
            job.made = job.told(row, "")

    def _make(self, job: _Job) -> None:
        notes = self.shop.notes
        said = len(notes)
        job.data = _MAKERS[job.output.maker](job.output, self.shop)
        job.note = "; ".join(note.what for note in notes[said:])

    def _keep(self, jobs: Sequence[_Job]) -> None:
        """Put aside what was made."""
        rows = [state.Row(state.digest_of(job.data), job.fingerprint, len(job.data), job.note) for job in jobs]
        for job, row in zip(jobs, rows, strict=True):
            path = job.output.path
            job.made = job.told(row, "" if self._holds(path, job.data) else self._put(path, job.data, row.sha256))
            job.data = b""

    def put(self, path: str, data: bytes, fingerprint: str, owner: str) -> Made:
        """Take bytes that were made elsewhere."""
        made = state.Row(state.digest_of(data), fingerprint, len(data))
        aside = "" if self._holds(path, data) else self._put(path, data, made.sha256)
        return Made(path, made, aside, owner, "s")

    def folder(self) -> str:
        """Where new files are put aside."""
        return self.aside or own(self.top)

    def _holds(self, path: str, data: bytes) -> bool:
        """Whether a file has these bytes already."""
        name = f"{self.top}/{path}"
        if self.bare or not stands(name, len(data)):
            return False
        with open(name, "rb") as stream:  # noqa: PTH123 - a path as text
            return stream.read() == data

    def _put(self, path: str, data: bytes, digest: str) -> str:
        """Put bytes aside; return the folder."""
        if self.snapshot:
            self.snapshot.add(digest, data)
        if self.waiting is None:
            self.waiting = Aside(self.folder(), self.top)
        return self.waiting.put(path, data)


def planned_as(unit: Unit, outputs: Iterable[Made]) -> Planned:
    """A unit that was planned and made, as it is kept."""
    files = "\n".join(f"{one.flag}\t{one.path}" for one in outputs)
    parts = "\n".join(f"{one.path}\t{one.parts}" for one in outputs)
    return Planned(unit.key, unit.group, "\n".join(unit.sees), files, parts)


def stands(path: str, size: int) -> bool:
    """Whether a regular file of this size is there, as far as a look tells."""
    try:
        about = os.lstat(path)
    except OSError:
        return False
    return about.st_size == size and stat.S_ISREG(about.st_mode)


def standing(top: str, paths: Iterable[str], before: Mapping[str, state.Row]) -> bool:
    """Whether every one of these files is as the manifest knows it."""
    for path in paths:
        row = before.get(path)
        if row is None or not stands(f"{top}/{path}", row.size):
            return False
    return True
