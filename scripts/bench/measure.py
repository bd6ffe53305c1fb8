"""One run of a command: wall clock, processor time of all its processes, and their peak memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EVERY = 0.01
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``wall`` and ``cpu`` (user and system, all processes) in seconds; ``peak`` in bytes, 0 where not looked at."""

    wall: float
    cpu: float
    peak: int = 0


class FailedError(Exception):
    """A generator that did not build its site; says what it wrote."""


def _family(pid: int) -> Iterator[int]:
    """A process and all below it, as far as they are still there."""
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return
    for thread in threads:
        try:
            children = (thread / "children").read_text("ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _held(pid: int) -> int:
    """Bytes that a process holds, pages shared with others divided among them (PSS, proc(5))."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._over = pid, threading.Event()
        self.peak = 0

    def run(self) -> None:
        """Look again and again."""
        while not self._over.wait(EVERY):
            self.peak = max(self.peak, sum(_held(pid) for pid in set(_family(self._pid))))

    def stop(self) -> int:
        """Stop; return the most bytes seen at one time."""
        self._over.set()
        self.join()
        return self.peak


def usual() -> dict[str, str]:
    """This process's environment, but that Python keeps compiled modules, as it does where nobody has told it not to.

    Else programs that were not installed by pip, which compiles them, would be compiled anew at every start.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], *, memory: bool = False) -> Sample:
    """Run a command in a folder.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        environment: added to that of this process.
        memory: look at the memory all the time, which costs the command some time of its own.

    Raises:
        FailedError: when it ends with an error.
    """
    said = folder / "said.txt"
    with said.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=usual() | environment, stdout=out, stderr=subprocess.STDOUT)
        watch = _Watch(process.pid) if memory else None
        if watch:
            watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    peak = watch.stop() if watch else 0
    if process.returncode:
        raise FailedError(
            f"{command[0]} ended with {process.returncode}:\n{said.read_text('utf-8', 'replace')[-2000:]}"
        )
    return Sample(wall, used.ru_utime + used.ru_stime, peak)
