"""Measure the ingest of a whole inbox: ``python scripts/bench_ingest.py --seeds 20000``.

Made-up articles (``generate_seeds.py``) are ingested by the real command into an empty folder; then once more, when
nothing has changed; then with one seed in a hundred changed. Printed are elapsed time, seeds a second, and the most
memory that the command and its workers held together: of a page that several of them share, each counts its part
(proportional set size, proc(5)).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import generate_seeds

ROOT = Path(__file__).resolve().parent.parent
LOOK = 0.5
"""Seconds between two looks at the memory."""


class Run(NamedTuple):
    """What one run took. ``said`` is its closing line, ``status`` its exit status."""

    seconds: float
    memory: float
    status: int
    said: str


def main(arguments: list[str]) -> int:
    """Print the table; return 1 if a run failed."""
    parser = argparse.ArgumentParser(prog="bench_ingest.py", description="Measure the ingest of many seeds.")
    parser.add_argument("--seeds", type=int, default=20_000, help="how many")
    parser.add_argument("--inbox", type=Path, help="take these files instead, and change none")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as room:
        inbox, content = options.inbox or Path(room, "inbox"), Path(room, "content")
        if not options.inbox:
            generate_seeds.main(options.seeds, inbox)
        count = sum(1 for path in inbox.rglob("*") if path.is_file())
        print(f"{count:,} seeds, {len(os.sched_getaffinity(0))} processors\n")
        print("| run | s | seeds a second | most memory, MB | it said |\n| --- | --- | --- | --- | --- |")
        runs = [
            _row("first", count, ingest(inbox, content)),
            _row("again, nothing changed", count, ingest(inbox, content)),
        ]
        if not options.inbox:
            for path in sorted(inbox.rglob("*.txt"))[::100]:
                path.write_text(path.read_text("utf-8") + "\nA sentence was added to it later.\n", "utf-8")
            runs.append(_row("one in a hundred changed", count, ingest(inbox, content)))
    return int(any(run.status for run in runs))


def _row(name: str, count: int, run: Run) -> Run:
    print(f"| {name} | {run.seconds:.1f} | {count / run.seconds:,.0f} | {run.memory:,.0f} | {run.said} |", flush=True)
    return run


def ingest(inbox: Path, content: Path) -> Run:
    """Run the command in a process of its own, in a pipe."""
    command = [sys.executable, "-m", "briefings", "ingest", str(inbox), "--content", str(content)]
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        most = [0.0]
        watch = threading.Thread(target=_watch, args=(process, most))
        watch.start()
        said = process.stderr.read() if process.stderr else ""
        status = process.wait()
        seconds = time.monotonic() - began
        watch.join()
    return Run(seconds, most[0], status, said.strip().rpartition("\n")[2])


def _watch(process: subprocess.Popen[str], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_memory, _family(process.pid))) / 1024)
        time.sleep(LOOK)


def _family(parent: int) -> list[int]:
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    except OSError:
        children = []
    return [parent, *map(int, children)]


def _memory(process: int) -> int:
    """Kilobytes."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
