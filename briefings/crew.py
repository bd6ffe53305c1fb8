"""Work in slices, by processes elsewhere, by forked ones or in this one: the same results in the same order.

Slices go through the interface of :class:`concurrent.futures.Executor`. What forked workers share is inherited and
never sent; only their results come back. An executor of the caller's choice (:func:`using`, or ``BRIEFINGS_EXECUTOR``:
see :mod:`briefings.cluster`) inherits nothing: it gets the work as a :class:`Job`, where there is one and enough of it.
Where a process had better not be forked (not on Linux, not beside other threads, as while serving), or would be more
work than the work, this process does it all.
"""

from __future__ import annotations

import gc
import os
import sys
from bisect import bisect_left, bisect_right
from collections import deque
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from msgspec import Struct

from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future

T = TypeVar("T")

LEAST = 128
"""Fewer items than this are not worth a second process."""
SLICES = 4
"""Slices for each worker at least, so that one slow slice does not keep the others waiting."""
WORTH = 1000
"""Items of a slice that are worth a process of its own: what several slices need, such as an entry that stands in many
feeds, is made in each of them."""
LARGE = 2500
"""Items in one slice that is not sent, so that a worker's memory does not grow with the site."""

BLOCK = 64
"""Items that go through the steps of their work together: it takes no less time with 256, and a little more with 16."""

FAR = 512
"""Fewer items than this are not worth sending to processes that first have to read what they work on."""
MOST = 2000
"""Items in one slice that is sent, so that no result is too large to come back at once."""
LOOK = 1.0
"""Seconds between two looks at whether those who work elsewhere are still there."""
EXECUTOR = "BRIEFINGS_EXECUTOR"
"""The variable of the environment that names where slices are worked on; see :mod:`briefings.cluster`."""


class Job(Struct, frozen=True):
    """Work that a process can do which inherits nothing: all of it can be pickled.

    ``function(common, some_of_items)`` gives what the function given to :func:`spread` gives for the same slice; it
    is found by its name, so it stands at the top of a module. ``items`` are as many as there, in the same order.
    """

    function: Callable[[Any, Sequence[Any]], Any]
    common: Any
    items: Sequence[Any]


class Team(Struct, frozen=True):
    """An executor whose workers inherit nothing, and what is to be known of it.

    ``wide`` is how many slices it works on at once; ``broken`` are its errors that mean a lost worker; ``wrong`` says
    why nobody is there to work, and is empty while somebody is.
    """

    executor: Executor
    wide: int
    broken: tuple[type[BaseException], ...] = ()
    wrong: Callable[[], str] = lambda: ""
    lost: Callable[[], object] = lambda: None
    """Told that it is of no use any more."""


_team: Team | None = None
_alone: ContextVar[bool] = ContextVar("alone", default=False)
"""Whether this thread works for another one; see :func:`alone`."""


def workers() -> int:
    """How many processes may work at once: ``BRIEFINGS_WORKERS``, else the cores that this process may use."""
    asked = os.environ.get("BRIEFINGS_WORKERS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def obey() -> None:
    """A worker is stopped by its parent alone, and need not look for garbage in what it inherited."""
    import signal  # noqa: PLC0415 - edits have no workers

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage while the context lasts, and afterwards only if somebody did before."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def cut(items: Sequence[T], parts: int) -> list[Sequence[T]]:
    """Contiguous slices of nearly one length, none of them empty."""
    size = max(1, -(-len(items) // max(1, parts)))
    return [items[start : start + size] for start in range(0, len(items), size)]


def blocks(items: Iterable[T]) -> Iterator[list[T]]:
    """Items in blocks, for work of several steps: each step is done for all of a block before the next one.

    A processor has room for the instructions and branches of one step, and not for those of all: files that are read so
    take two thirds of the time (measured: 98 microseconds each, and 69), and so do pages that are made.
    """
    left = iter(items)
    while block := list(islice(left, BLOCK)):
        yield block


def tapering(items: Sequence[T], parts: int, count: int, weigh: Callable[[T], int]) -> list[Sequence[T]]:
    """Contiguous slices, of one weight at first; towards the end they are lighter, so that workers end together.

    A slice takes at most its worker's share of what is left, as in guided self-scheduling (Polychronopoulos and Kuck,
    IEEE Transactions on Computers 36, 1987), and one worker more counts, for those that are slower than others.
    """
    sums = list(accumulate(map(weigh, items), initial=0))
    total = sums[-1]
    most = -(-total // max(1, parts))
    least = min(most, total * WORTH // (2 * max(1, len(items))))
    bounds = [0]
    while bounds[-1] < len(items):
        left = total - sums[bounds[-1]]
        share = min(most, max(least, -(-left // (count + 1))))
        if left - share < least // 2:
            share = min(left, most)
        bounds.append(max(bounds[-1] + 1, bisect_right(sums, sums[bounds[-1]] + share) - 1))
    return [items[start:stop] for start, stop in pairwise(bounds)]


def balanced(items: Sequence[T], parts: int, weigh: Callable[[T], int]) -> list[Sequence[T]]:
    """Contiguous slices of nearly one weight, none of them empty."""
    sums = list(accumulate(map(weigh, items)))
    bounds = [0, *(bisect_left(sums, sums[-1] * part / parts) + 1 for part in range(1, parts)), len(items)]
    return [items[start:stop] for start, stop in pairwise(bounds) if start < stop]


def _may_fork() -> bool:
    """Whether a copy of this process would work: on Linux, and while no other thread may hold what it waits for."""
    threading = sys.modules.get("threading")  # who has threads has loaded it
    return sys.platform.startswith("linux") and (threading is None or threading.active_count() == 1)


@contextmanager
def using(executor: Executor, wide: int, *, broken: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
    """Send what can be sent to an executor, while the context lasts; for those who use this package as a library.

    Args:
        executor: its workers need not inherit anything, but must have this package and see the same folders.
        wide: how many slices it works on at once.
        broken: its errors that mean a lost worker, beside :class:`concurrent.futures.BrokenExecutor`.
    """
    global _team  # noqa: PLW0603 - for this process
    before, _team = _team, Team(executor, wide, broken)
    try:
        yield
    finally:
        _team = before


@contextmanager
def alone() -> Iterator[None]:
    """Do all work in this thread, while the context lasts: it works for another one, which has spread the work."""
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def _elsewhere() -> Team | None:
    """Who works elsewhere, if anybody was named."""
    if _team or not os.environ.get(EXECUTOR):
        return _team
    from briefings import cluster  # noqa: PLC0415 - seldom asked for

    return cluster.team(os.environ[EXECUTOR])


def _send(team: Team, job: Job) -> Iterator[Any]:
    from concurrent.futures import BrokenExecutor, CancelledError, wait  # noqa: PLC0415 - as below

    slices = cut(job.items, max(team.wide * SLICES, -(-len(job.items) // MOST)))
    lost: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, *team.broken)
    waiting: deque[Future[Any]] = deque()
    try:
        waiting.extend(team.executor.submit(job.function, job.common, part) for part in slices)
        while waiting:
            while not wait([waiting[0]], LOOK).done:
                if what := team.wrong():
                    team.lost()
                    raise BuildError(Problem("build", 0, "", f"{what}; nothing was written"))
            yield waiting.popleft().result()
    except ImportError as error:
        what = f"a worker elsewhere is of another release ({error}); nothing was written"
        raise BuildError(Problem("build", 0, "", what)) from None
    except lost as error:
        team.lost()
        why = f" ({error})" if str(error) else ""
        what = f"no answer from a worker elsewhere{why}; nothing was written (build again, or without {EXECUTOR})"
        raise BuildError(Problem("build", 0, "", " ".join(what.split()))) from None
    finally:
        for future in waiting:
            future.cancel()


def spread(
    function: Callable[[Sequence[T]], Any], items: Sequence[T], *, most: int | None = None, large: int = LARGE,
    afar: Callable[[], Job | None] | None = None, weigh: Callable[[T], int] = lambda _: 1, kind: Any = None,
) -> Iterator[Any]:  # fmt: skip
    """Give slices of the items to workers; yield what each slice gives, in order.

    Args:
        function: what is done to a slice, in a process that has inherited all that this one knows.
        items: what is to be done.
        most: workers; by default as many as :func:`workers` says.
        large: items of a slice that is not sent, at most.
        afar: gives the same work for workers that inherit nothing; asked when an executor was named.
        weigh: how much work an item is, beside others.
        kind: the type of what a slice gives, of values that msgspec knows: then it comes back in a tenth of the time
            that pickle takes to write it.

    Raises:
        BuildError: a worker ended without an answer. What ``function`` raises is raised here.
    """
    if afar and not _alone.get() and len(items) >= FAR and (team := _elsewhere()) and (job := afar()):
        yield from _send(team, job)
        return
    count = workers() if most is None else most
    if count < 2 or _alone.get() or len(items) < LEAST or not _may_fork():
        yield from map(function, cut(items, -(-len(items) // large)))
        return
    each = min(SLICES, max(1, len(items) // (count * WORTH)))
    parts = max(count * each, -(-len(items) // large))
    slices = balanced(items, parts, weigh) if parts == count else tapering(items, parts, count, weigh)
    yield from _fork(function, slices, count, kind)


_idle: list[Callable[[], object]] = []


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """While the context lasts: when this process has to wait for others, it does work that is of use later, once.

    Args:
        work: what nobody misses where there was no time for it.
    """
    _idle.append(work)
    try:
        yield
    finally:
        if work in _idle:
            _idle.remove(work)


class Beside(Struct):
    """Work that is done beside what this process goes on with; see :func:`beside`."""

    process: int = 0
    good: bool = True

    def over(self) -> bool:
        """Wait for its end; return whether it went well."""
        if self.process:
            _besides.remove(self)
            process, self.process = self.process, 0
            self.good = os.waitpid(process, 0)[1] == 0
        return self.good


_besides: list[Beside] = []


def beside(function: Callable[[], object], worth: int) -> Beside:
    """Do work of which only what it writes is wanted in a forked process, or at once where that would be no gain.

    Args:
        function: the work. Where it fails, nobody is told but the one who waits for its end.
        worth: items of the work.
    """
    if worth < LARGE or workers() < 2 or _alone.get() or not _may_fork():
        try:
            function()
        except Exception:  # noqa: BLE001 - as from a process
            return Beside(good=False)
        return Beside()
    process = os.fork()
    if process:
        _besides.append(Beside(process))
        return _besides[-1]
    status = 1
    try:
        obey()
        function()
        status = 0
    finally:
        os._exit(status)


@contextmanager
def none_beside() -> Iterator[None]:
    """Leave no work beside this process when the context ends, whichever way: what is not waited for is stopped."""
    try:
        yield
    finally:
        from signal import SIGKILL  # noqa: PLC0415 - edits have no workers

        while _besides:
            os.kill(_besides[-1].process, SIGKILL)
            _besides[-1].over()


class _Child(Struct):
    """A process that works at one slice. ``over`` is a pipe that ends when it does; ``answer`` is what it writes."""

    process: int
    over: int
    answer: BinaryIO


def _fork(function: Callable[[Any], Any], slices: Sequence[Any], count: int, kind: Any) -> Iterator[Any]:
    """Work on slices in forked processes, a new one for each, so that none keeps what it needed for another slice.

    A process leaves its answer in a file without a name, so that it need not wait until somebody reads it. Where each
    is to work at one slice alone, this one does so too: to fork takes longer than much of what small sites need.
    """
    from select import poll  # noqa: PLC0415 - small sites need neither
    from signal import SIGKILL  # noqa: PLC0415

    looking = poll()
    running: dict[int, tuple[int, _Child]] = {}
    ended: dict[int, tuple[bool, Any]] = {}
    own = len(slices) == count and not _idle  # else it would only wait
    begun, turn = int(own), 0
    gc.freeze()
    try:
        while turn < len(slices):
            for over, _ in looking.poll(None if running and turn not in ended else 0):
                looking.unregister(over)
                number, child = running.pop(over)
                os.close(over)
                with child.answer as answer:
                    if os.waitpid(child.process, 0)[1]:
                        raise BuildError(Problem("build", 0, "", _ENDED))
                    answer.seek(0)
                    good, found = _answered(answer, kind)
                ended[number] = good, found
                if not good:
                    begun = len(slices)  # those before this one have begun: the first of them that fails is told of
            # Before anything is given: whoever takes it is busy with it for a while.
            while begun < len(slices) and len(running) < count and begun - turn < count * SLICES:
                child = _begin(function, slices[begun], list(running), plain=kind is not None)
                running[child.over] = begun, child
                looking.register(child.over, 0)
                begun += 1
            while _idle:
                _idle.pop()()
            if own:
                own = False
                ended[0] = True, function(slices[0])
            if turn in ended:
                good, found = ended.pop(turn)
                if not good:
                    raise found
                turn += 1
                yield found
    finally:
        for _, child in running.values():
            os.kill(child.process, SIGKILL)
            os.waitpid(child.process, 0)
            os.close(child.over)
            child.answer.close()
        gc.unfreeze()


_ENDED = "a worker ended before its time (was there too little memory? BRIEFINGS_WORKERS=1 needs least)"


def _begin(function: Callable[[Any], Any], part: Any, others: Sequence[int], *, plain: bool) -> _Child:
    """Fork a process for a slice; ``others`` are open files that it does not need, ``plain`` is its answer's form."""
    over, end = os.pipe()
    answer = _nameless()
    process = os.fork()
    if process:
        os.close(end)
        return _Child(process, over, answer)
    status = 1
    try:
        for other in (over, *others):
            os.close(other)
        obey()
        _answer(function, part, answer, plain=plain)
        status = 0
    finally:
        os._exit(status)


def _answer(function: Callable[[Any], Any], part: Any, answer: BinaryIO, *, plain: bool) -> None:
    """Write what a slice gives, or what went wrong: as MessagePack where it is plain, else as a pickle."""
    import pickle  # noqa: PLC0415 - small sites need it not

    try:
        found: tuple[bool, Any] = True, function(part)
    except Exception as error:  # noqa: BLE001 - it is raised by the one who waits
        found = False, _as_sent(error)
    if plain and found[0]:
        from msgspec import msgpack  # noqa: PLC0415

        with suppress(UnicodeEncodeError):  # the name of a file that is no UTF-8, say
            data = msgpack.encode(found[1])
            answer.write(_PLAIN)
            answer.write(data)
            answer.flush()
            return
    try:
        pickle.dump(found, answer, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        answer.seek(0)
        answer.truncate()
        pickle.dump((False, RuntimeError(f"{found[1].__class__.__name__}: {error}")), answer)
    answer.flush()


_PLAIN = b"m"
"""Begins an answer that is no pickle."""


def _answered(answer: BinaryIO, kind: Any) -> tuple[bool, Any]:
    """What a worker has written."""
    if answer.read(1) == _PLAIN:
        from msgspec import msgpack  # noqa: PLC0415

        return True, msgpack.decode(answer.read(), type=kind)
    import pickle  # noqa: PLC0415

    answer.seek(0)
    found: tuple[bool, Any] = pickle.load(answer)  # noqa: S301 - what our own process has written
    return found


def _as_sent(error: Exception) -> Exception:
    """An error, or its words where it would not come through: some are made of other things than they tell."""
    import pickle  # noqa: PLC0415

    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what has just been written
    except Exception:  # noqa: BLE001 - an error of any kind may be made in any way
        return RuntimeError(f"{error.__class__.__name__}: {error}")
    return error


def _nameless() -> BinaryIO:
    """A file that is gone when nobody has it open any more; in memory, where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("briefings"), "w+b")
    from tempfile import TemporaryFile  # noqa: PLC0415

    return TemporaryFile()
