"""Work in slices, by forked processes or in this one: the same results in the same order.

Slices go through the interface of :class:`concurrent.futures.Executor`. What they share is inherited by forking and
never sent; only their results come back. Where a process had better not be forked (not on Linux, not beside other
threads, as while serving), or would be more work than the work, this process does it all.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

LEAST = 128
"""Fewer items than this are not worth a second process."""
SLICES = 4
"""Slices for each worker, so that one slow slice does not keep the others waiting."""

_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""What the workers of this moment inherit."""


def workers() -> int:
    """How many processes may work at once: ``BRIEFINGS_WORKERS``, else the cores that this process may use."""
    asked = os.environ.get("BRIEFINGS_WORKERS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    """A worker is stopped by its parent alone, and need not look for garbage in what it inherited."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def _slice(number: int) -> Any:
    if _work is None:
        raise RuntimeError("a worker without work")
    function, slices = _work
    return function(slices[number])


def cut(items: Sequence[T], parts: int) -> list[Sequence[T]]:
    """Contiguous slices of nearly one length, none of them empty."""
    size = max(1, -(-len(items) // max(1, parts)))
    return [items[start : start + size] for start in range(0, len(items), size)]


def _may_fork() -> bool:
    """Whether a copy of this process would work: on Linux, and while no other thread may hold what it waits for."""
    return sys.platform.startswith("linux") and threading.active_count() == 1


def spread(function: Callable[[Sequence[T]], Any], items: Sequence[T], *, most: int | None = None) -> Iterator[Any]:
    """Give slices of the items to workers; yield what each slice gives, in order.

    Args:
        function: what is done to a slice, in a process that has inherited all that this one knows.
        items: what is to be done.
        most: workers; by default as many as :func:`workers` says.

    Raises:
        BuildError: a worker ended without an answer. What ``function`` raises is raised here.
    """
    global _work  # noqa: PLW0603 - inherited, not sent
    count = workers() if most is None else most
    if count < 2 or len(items) < LEAST or not _may_fork():
        if items:
            yield function(items)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - slow to start, and small sites need none
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    slices = cut(items, count * SLICES)
    _work = (function, slices)
    gc.freeze()
    try:
        with ProcessPoolExecutor(count, mp_context=get_context("fork"), initializer=_begin) as pool:
            try:
                yield from pool.map(_slice, range(len(slices)))
            except BrokenProcessPool:
                what = "a worker ended before its time (was there too little memory? BRIEFINGS_WORKERS=1 needs least)"
                raise BuildError(Problem("build", 0, "", what)) from None
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        _work = None
        gc.unfreeze()
