"""How long a build takes in this process, in forked workers, in spawned ones and by a local Dask cluster.

usage: bench_cluster [--briefings 2000,5000] [--workers 2] [--runs 1] [--folder DIR]

Each with the project's own theme and all that it makes but the index for search, from nothing, into the same bytes.
Seconds of wall clock / of processor time, workers' included. Also: how long a worker that inherits nothing takes before
it can make its first page, and how much processor time the one that builds takes, without those who work for it.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from briefings import afar, crew, run
from scripts.bench import peers
from scripts.bench.corpus import Corpus

EPOCH = "1795400000"


def build(folder: Path, **environment: str) -> tuple[float, float]:
    """Build from nothing in a process of its own; return seconds of wall clock, and of its processor time."""
    for name in ("output", "cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    command = [sys.executable, "-m", "briefings", "build", "--no-search"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": str(Path.cwd()), **environment}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, spent


def digest(folder: Path) -> str:
    """A digest of every file of a site."""
    total = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def opened(told: afar.Making) -> float:
    """Load a site as a worker does that has just started; return seconds of processor time."""
    start = time.process_time()
    afar.load(told)
    return time.process_time() - start


class Timing(Executor):
    """Hands everything on to another executor; has what it is first told to make opened there, and stops."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        """Look on."""
        self.pool = pool

    def submit(self, function: Any, /, told: Any, items: Any) -> Future[Any]:  # type: ignore[override]
        """Submit; see the class."""
        if function is afar.make:
            raise Enough(self.pool.submit(opened, told).result())
        return self.pool.submit(function, told, items)


class Enough(BaseException):
    """What was to be found out is known."""


def loading(folder: Path) -> float:
    """Seconds until a worker that inherits nothing knows what the one that builds knows."""
    conf = folder / "pelicanconf.py"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool, crew.using(Timing(pool), 1):
        try:
            run.run(conf, full=True, index=False)
        except Enough as found:
            return float(found.args[0])
    raise SystemExit("nothing was sent")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="bench_cluster", description=__doc__.partition("\n")[0])
    parser.add_argument("--briefings", default="2000,5000", help="sizes: 2000,5000")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work (default: a new folder for temporary files)")
    options = parser.parse_args()
    from distributed import Client, LocalCluster  # noqa: PLC0415 - for those who measure

    top = Path(tempfile.mkdtemp(prefix="cluster-", dir=options.folder))
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    count = str(options.workers)
    try:
        with (
            LocalCluster(
                processes=True, n_workers=options.workers, threads_per_worker=1, dashboard_address=":0"
            ) as dask,
            Client(dask) as client,
        ):
            ways = {
                "this process": {"BRIEFINGS_WORKERS": "1"},
                "forked": {"BRIEFINGS_WORKERS": count},
                "spawned": {"BRIEFINGS_WORKERS": count, crew.EXECUTOR: "spawn"},
                "Dask": {"BRIEFINGS_WORKERS": count, crew.EXECUTOR: f"dask:{dask.scheduler_address}"},
            }
            print(
                f"{'briefings':>10}"
                + "".join(f"{name:>16}" for name in ways)
                + f"{'a worker loads':>16}{'the builder':>13}",
                flush=True,
            )
            for size in map(int, options.briefings.split(",")):
                folder = top / str(size)
                peers.full().make(folder, Corpus(size))
                times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
                alone: dict[str, list[float]] = {name: [] for name in ways}
                made = set()
                for _ in range(options.runs):
                    for name, environment in ways.items():
                        before = sum(client.run(time.process_time).values())
                        wall, spent = build(folder, **environment)
                        alone[name].append(spent)
                        spent += sum(client.run(time.process_time).values()) - before
                        times[name].append((wall, spent))
                        made.add(digest(folder / "output"))
                if len(made) > 1:
                    raise SystemExit("the sites differ")
                medians = ([statistics.median(some) for some in zip(*found, strict=True)] for found in times.values())
                row = "".join(f"{f'{wall:.1f} / {spent:.1f}':>16}" for wall, spent in medians)
                print(f"{size:10,}{row}{loading(folder):16.2f}{statistics.median(alone['Dask']):13.2f}", flush=True)
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    main()
