"""From seed files to drafts in the content folder. No machine writes over what an editor wrote.

What becomes of a seed (reliability R12):

====================  ================================================================================================
its bytes are known   nothing is written, wherever the briefing has been moved, whatever has become of it
a new file            a new draft, under a name that nothing has
a changed file        of an untouched draft: the draft is replaced; of one that was edited, reviewed or published: a
                      merge is written beside it for the editor, and the exit status says so; of a deleted one: nothing
====================  ================================================================================================

A seed is a changed one if a seed of the same name was ingested before and the two share their link or much of their
text: tomorrow's ``article.txt`` is another article.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct, field

from briefings import clean, durable, make, settings, tables, worker
from briefings.errors import Problem, SeedError
from briefings.make import Made, Seen, Task
from briefings.placing import STANDARD_INPUT, WHAT, Outcome, Placing, refused
from briefings.seeds import containers
from briefings.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from briefings.model import Draft, Source

STDIN = "-"


class Report(Struct):
    """What became of every seed, in order. ``outcomes`` is empty when they were only counted."""

    outcomes: list[Outcome] = field(default_factory=list)
    dry_run: bool = False
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHAT, 0))
    errors: int = 0

    def count(self, outcome: Outcome) -> None:
        """Take note of an outcome without keeping it."""
        self.counts[outcome.what] += 1
        self.errors += sum(problem.severity == "error" for problem in outcome.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of the outcomes that were kept, sorted."""
        return tuple(sorted(problem for outcome in self.outcomes for problem in outcome.problems))

    def summary(self) -> str:
        """The closing line."""
        counts = self.counts
        verb = "would be written" if self.dry_run else "written"
        drafts = f"{counts['written']} draft{'s' if counts['written'] != 1 else ''} {verb}"
        changed = [f"{counts[what]} {what}" for what in ("updated", "proposed") if counts[what]]
        return ", ".join([drafts, *changed, f"{counts['kept']} kept as they are", f"{counts['refused']} refused"]) + "."


def files(names: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Expand what the editor named: a file as it is, a folder to its files (sorted, none that are hidden).

    Yields:
        The name that messages and provenance print, on one line whatever it holds, and the file; ``-`` has none.
    """
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield STANDARD_INPUT, None
        elif path.is_dir() and not path.is_symlink():
            for folder, folders, entries in os.walk(path):
                folders[:] = sorted(entry for entry in folders if not entry.startswith("."))
                # A folder that is a link is not followed; it is handed on, to be refused as any link.
                linked = [entry for entry in folders if Path(folder, entry).is_symlink()]
                for entry in sorted((*entries, *linked)):
                    if not entry.startswith("."):
                        inner = Path(folder) / entry
                        yield clean.printable(inner.as_posix()), inner
        else:
            yield clean.printable(path.as_posix()), path


@contextmanager
def _tasks(names: Iterable[str]) -> Iterator[Iterator[Task]]:
    """The files to read. What comes in on standard input is put into a file that lasts as long as the work does."""
    with ExitStack() as kept:
        yield (Task(name, path or _spooled(kept)) for name, path in files(names))


def _spooled(kept: ExitStack) -> Path:
    """Write standard input to a temporary file: no more of it than shows that it is too large (R2).

    Raises:
        SeedError: there is no room for it.
    """
    folder = kept.enter_context(TemporaryDirectory(prefix="briefings-"))
    path, left = Path(folder) / "input", containers.LARGEST + 1
    try:
        with path.open("wb") as file:
            while left and (data := sys.stdin.buffer.read(min(left, 1 << 20))):
                file.write(data)
                left -= len(data)
    except OSError as error:
        what = f"cannot be kept in {path.parent.parent} ({os.strerror(error.errno or 0)}; make room, or set TMPDIR)"
        raise SeedError(Problem(STANDARD_INPUT, 0, "", what)) from error
    return path


def _sources(content: Path | None) -> Mapping[str, Source]:
    return tables.load(content)[0].sources if content else {}


def drafts(names: Iterable[str], content: Path | None = None) -> Iterator[Draft | Problem]:
    """Read seeds and find what they say, each within its limits; nothing is written.

    Args:
        names: files, folders, or ``-``.
        content: whose ``sources.yaml`` tells where a source is at home.

    Yields:
        A draft a seed, or the problem for which it was refused, in order.
    """
    known = _sources(content)
    received = settings.reference_time()

    def work(task: Task) -> Iterator[Draft | Problem]:
        for seed in make.read(task):
            yield seed if isinstance(seed, Problem) else make.draft(seed, known, received)

    with _tasks(names) as tasks:
        for task, results in worker.run(work, tasks):
            for result in results:
                yield _problem(task, result) if isinstance(result, worker.Failure) else result


def ingest(names: Iterable[str], content: Path, *, dry_run: bool = False, workers: int | None = None) -> Report:
    """Ingest, and keep every outcome: for few seeds. See :func:`stream`."""
    report = Report(dry_run=dry_run)
    for outcome in stream(names, content, dry_run=dry_run, workers=workers):
        report.count(outcome)
        report.outcomes.append(outcome)
    return report


def stream(
    names: Iterable[str],
    content: Path,
    *,
    dry_run: bool = False,
    workers: int | None = None,
    wait: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """Turn seeds into drafts below ``content/briefings/YYYY``, on all processors.

    A seed that is refused does not keep the others from being written; the order of the seeds decides which of two gets
    a name, not the order in which they were done.

    Args:
        names: files, folders, or ``-``.
        content: the content folder; made if it is not there.
        dry_run: write nothing.
        workers: processes (default: one a processor).
        wait: called if another ingest is at work in this folder, before waiting for it.

    Yields:
        What became of each seed, in order, once it is on the disk.
    """
    with durable.locked(content, wait, make=not dry_run):
        place = Placing(Shelf(content), settings.reference_time(), dry_run=dry_run)
        known, received = _sources(content), place.received

        def work(task: Task) -> Iterator[Made | Seen | Problem]:
            for seed in make.read(task):
                if isinstance(seed, Problem):
                    yield seed
                elif seed.name != task.name and place.recognise(seed.sha256, seed.name):
                    yield Seen(seed.name, seed.sha256)
                else:
                    yield make.make(make.draft(seed, known, received), received)

        digests: dict[int, str] = {}
        recognised: dict[int, Outcome] = {}

        def skip(task: Task) -> bool:
            digests[id(task)] = sha256 = make.digest(task.path)
            outcome = place.recognise(sha256, task.name)
            if outcome:
                recognised[id(task)] = outcome
            return outcome is not None

        with _tasks(names) as tasks, place:
            for task, results in worker.run(work, tasks, skip=skip, workers=workers):
                sha256 = digests.pop(id(task))
                if outcome := recognised.pop(id(task), None):
                    yield from place.settle(outcome)
                for result in results:
                    if isinstance(result, Made):
                        yield from place.made(result)
                    elif isinstance(result, Seen):
                        yield from place.seen(result.sha256, result.name)
                    else:
                        yield from place.settle(refused(_problem(task, result)))
                if sha256 and all(isinstance(result, Seen) for result in results):
                    # Every document of the archive is known by now, so that it need not be opened the next time.
                    place.shelf.know(sha256, len(results))
            yield from place.flush()


def _problem(task: Task, result: Problem | worker.Failure) -> Problem:
    return Problem(task.name, 0, "", result.what) if isinstance(result, worker.Failure) else result
