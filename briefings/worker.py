"""Work on what is not trusted, in processes that may be killed: a limit of time and memory for each task (R3).

A worker is forked when there is a task for it, so that it has everything that is loaded already, and a single task
costs one fork. It watches its own time: the kernel ends it by a signal when its timer runs out, also while it is inside
a library that does not listen (setitimer(2)). Whoever started it sees the end of the pipe, and goes on with another.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import resource
import signal
import sys
import warnings
from collections import deque
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

SECONDS = 10
"""Processor time that one result may take."""
PATIENCE = 2 * SECONDS
"""Seconds on the clock that one result may take, also when the machine is busy or the file lies far away."""
MEMORY = 2 * 1024**3
"""Bytes of address space that a worker may take, beside those that it has from its parent."""
AHEAD = 32
"""Tasks that may be done or under way beyond the one whose turn it is: what bounds the memory of a long run."""
_RENEW = 2000
"""Tasks after which a worker is replaced, so that what libraries keep does not pile up."""
_FORK = multiprocessing.get_context("fork")


class Failure(Struct, frozen=True):
    """A task that gave no result, with the reason: the rest of a sentence about the file."""

    what: str


class _Turn(Struct, Generic[T, R]):
    """A task, and what came of it so far."""

    task: T
    results: list[R | Failure] = field(default_factory=list)
    done: bool = False


class _Worker(Struct, Generic[T, R]):
    process: BaseProcess
    pipe: Connection
    turn: _Turn[T, R] | None = None
    tasks: int = 0


def count() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    work: Callable[[T], Iterable[R]],
    tasks: Iterable[T],
    *,
    skip: Callable[[T], bool] | None = None,
    workers: int | None = None,
) -> Iterator[tuple[T, list[R | Failure]]]:
    """Do ``work`` for every task, each under its limits, and give the results in the order of the tasks.

    Args:
        work: gives the results of a task one by one; the time allowed begins anew for each. It runs in a forked
            process, so it may be a closure; tasks and results are pickled.
        tasks: read as they are needed.
        skip: whether a task needs no work; it keeps its turn, with no result.
        workers: processes at most (default: one for each processor).

    Yields:
        Each task with its results; the last one is a :class:`Failure` if it could not be finished.
    """
    most = workers or count()
    source = iter(tasks)
    turns: deque[_Turn[T, R]] = deque()
    idle: list[_Worker[T, R]] = []
    busy: dict[Connection, _Worker[T, R]] = {}
    waiting: _Turn[T, R] | None = None
    more = True
    try:
        while more or turns:
            while more and (waiting is not None or len(turns) < AHEAD):
                if waiting is None:
                    task = next(source, _NONE)
                    if task is _NONE:
                        more = False
                        break
                    waiting = _Turn(task)
                    turns.append(waiting)
                    if skip is not None and skip(waiting.task):
                        waiting.done, waiting = True, None
                        continue
                if not idle and len(busy) >= most:
                    break
                worker = idle.pop() if idle else _start(work)
                if _give(worker, waiting):
                    busy[worker.pipe] = worker
                    waiting = None
            while turns and turns[0].done:
                turn = turns.popleft()
                yield turn.task, turn.results
            for worker in [busy[pipe] for pipe in busy.keys() & set(wait(list(busy)))] if busy else []:
                if _listen(worker):
                    continue
                del busy[worker.pipe]
                if worker.process.is_alive() and worker.tasks < _RENEW:
                    idle.append(worker)
                else:
                    _end(worker)
    finally:
        for worker in (*idle, *busy.values()):
            _end(worker)


_NONE: Any = object()


def _give(worker: _Worker[T, R], turn: _Turn[T, R]) -> bool:
    """Hand a task to a worker that waits; ``False`` when it is gone, and another one has to be asked."""
    try:
        worker.pipe.send(turn.task)
    except OSError:
        _end(worker)
        return False
    worker.turn = turn
    worker.tasks += 1
    return True


def _listen(worker: _Worker[T, R]) -> bool:
    """Take one message; return whether more will follow for this task."""
    turn = worker.turn
    assert turn is not None  # noqa: S101 - a busy worker has a task
    try:
        what, value = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        what, value = "spent", _cause(worker.process.exitcode)
    if what == "result":
        turn.results.append(value)
        return True
    if what in {"failed", "spent"}:
        turn.results.append(Failure(value))
    if what == "spent":
        worker.tasks = _RENEW
    turn.done, worker.turn = True, None
    return False


def _cause(exitcode: int | None) -> str:
    if exitcode in {-signal.SIGPROF, -signal.SIGALRM}:
        return f"reading it takes more than {SECONDS} seconds (split it, or save it as plain text)"
    return "reading it ended the process that read it (is the file damaged? save it as plain text)"


def _start(work: Callable[[T], Iterable[R]]) -> _Worker[T, R]:
    ours, theirs = _FORK.Pipe()
    # A child that inherits several ends must not find output of its parent's to write again.
    sys.stdout.flush()
    sys.stderr.flush()
    process = _FORK.Process(target=_serve, args=(work, theirs, ours), daemon=True)
    with warnings.catch_warnings():
        # Python 3.12 warns of forking while a thread runs. We start none; a host's threads are not used in the child.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return _Worker(process, ours)


def _end(worker: _Worker[T, R]) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()
    worker.process.close()


def _serve(work: Callable[[T], Iterable[R]], pipe: Connection, parent: Connection) -> None:
    """Life of a worker: take a task, send its results, until the pipe ends."""
    parent.close()
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends its workers
    silence = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = MEMORY + _mapped()
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        message: tuple[str, Any] = ("done", None)
        try:
            _allow(SECONDS, PATIENCE)
            for result in work(task):
                _allow(0, 0)
                pipe.send(("result", result))
                _allow(SECONDS, PATIENCE)
        except MemoryError:
            message = ("spent", f"reading it takes more than {MEMORY // 1024**3} GB of memory (split it)")
        except RecursionError:
            message = ("spent", "it is nested too deep (save it as plain text)")
        except BrokenPipeError:
            return
        except Exception as error:  # noqa: BLE001 - one bad file is refused alone, whatever it makes a library raise
            said = " ".join(str(error).split())[:120]
            message = ("failed", f"it cannot be read ({error.__class__.__name__}{f': {said}' if said else ''})")
        finally:
            _allow(0, 0)
        try:
            pipe.send(message)
        except OSError:
            return
        if message[0] == "spent":
            return


def _mapped() -> int:
    """Bytes of addresses that this process has already, inherited from its parent; 0 where nobody says (proc(5))."""
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - nothing else needs pathlib here
            return int(stream.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _allow(seconds: float, patience: float) -> None:
    """Let the kernel end this process after so much processor time, or so long on the clock; 0 ends the wait."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, patience)
