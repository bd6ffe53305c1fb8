"""Measure builds beside those of other generators: ``python -m scripts.bench``, or ``invoke bench``.

usage: bench [--sizes 1000,20000] [--with hugo,pelican,eleventy] [--bodies wire,markup1,markup4] [--text FOLDER]
             [--runs 3] [--folder DIR] [--keep] [--json FILE] [--growth]

docs/performance.md says what is compared and how.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench import checks, measure, peers, table
from scripts.bench.corpus import MARKED, Corpus, texts
from scripts.bench.scenarios import SCENARIOS, Project

if TYPE_CHECKING:
    from collections.abc import Sequence

GROWTH = (5_000, 10_000, 20_000, 40_000)
STEEPEST = 1.1
"""The largest exponent of growth that is asked for."""
SETTLED = 0.1
"""Seconds after which no file is too new to prove anything (:data:`briefings.look.TICK`)."""
TIMES = 4
"""The most that the full site may take of the minimal one's time, at 20,000."""


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.partition("\n")[0])
    names = [name for name, _ in peers.GENERATORS]
    parser.add_argument("--sizes", default="1000", help="numbers of articles (default: %(default)s)")
    parser.add_argument("--with", dest="others", default="hugo", help=f"{', '.join(names[1:])}; empty: ours alone")
    parser.add_argument("--bodies", default="wire", help=f"wire, {', '.join(MARKED)} (default: %(default)s)")
    parser.add_argument("--text", type=Path, metavar="FOLDER", help="take the bodies from its .txt and .md files")
    parser.add_argument("--runs", type=int, default=3, help="of each scenario (default: %(default)s)")
    parser.add_argument("--scenarios", default="", help=f"only these of {', '.join(key for key, *_ in SCENARIOS)}")
    parser.add_argument("--folder", type=Path, help="where to work (default: a new folder for temporary files)")
    parser.add_argument("--keep", action="store_true", help="leave the projects there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the samples there")
    parser.add_argument("--growth", action="store_true", help="measure how the full site's build grows instead")
    parser.add_argument("--growth-sizes", default=",".join(map(str, GROWTH)))
    return parser.parse_args(arguments)


def _generators(names: Sequence[str]) -> list[peers.Generator]:
    known = dict(peers.GENERATORS)
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"no generator {', '.join(unknown)} (there are {', '.join(known)})")
    return [known[name]() for name in names]


def bench(
    corpus: Corpus, generators: Sequence[peers.Generator], top: Path, options: argparse.Namespace
) -> tuple[table.Results, dict[str, int]]:
    """Measure every scenario with every generator, in turn; return the samples and the numbers of files.

    Raises:
        SystemExit: when outputs do not correspond.
    """
    chosen = options.scenarios.split(",") if options.scenarios else [key for key, *_ in SCENARIOS]
    projects = [Project(one, corpus, top / f"{one.name}-{corpus.count}-{corpus.bodies}") for one in generators]
    results: table.Results = {one.name: {} for one in generators}
    for project in projects:  # what is read once is in the page cache from here on
        measure.run(project.generator.command, project.folder, project.generator.environment)
    for run in range(options.runs):
        for key, title, prepare in SCENARIOS:
            if key not in chosen:
                continue
            for project in projects:
                one = project.generator
                folder = prepare(project, run)
                os.sync()  # the disk does not owe what was prepared any more
                time.sleep(SETTLED)
                sample = measure.run(one.command, folder, one.environment)
                results[one.name].setdefault(key, []).append(sample)
                _say(f"{corpus.count:,} {corpus.bodies}, run {run + 1}: {one.name}, {title}: {sample.wall:.2f} s")
                if key == "fresh":
                    _same(one, folder / one.output, project, corpus)
    for project in projects:
        one = project.generator
        if one.name in {"briefings", "full"}:  # others leave pages of lists that became shorter, or ended
            _same(one, project.folder / one.output, project, corpus)
        project.clear()
        os.sync()
        results[one.name]["memory"] = [measure.run(one.command, project.folder, one.environment, memory=True)]
    for project in projects:
        _same(project.generator, project.folder / project.generator.output, project, corpus)
    counts = {project.generator.name: checks.files(project.folder / project.generator.output) for project in projects}
    return results, counts


def _same(generator: peers.Generator, output: Path, project: Project, corpus: Corpus) -> None:
    """Refuse a comparison of what does not correspond."""
    found = list(checks.differences(generator, output, project.articles(), made=not corpus.given))
    if found:
        shown = "\n  ".join(found[:20])
        raise SystemExit(f"{generator.name}: the output does not correspond, {len(found)} differences:\n  {shown}")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def growth(sizes: Sequence[int], top: Path, options: argparse.Namespace) -> dict[str, dict[int, float]]:
    """Measure the full site's cold build and one edit at several sizes, and the minimal one's at 20,000."""
    found: dict[str, dict[int, float]] = {"cold": {}, "body": {}, "minimal": {}}
    options.scenarios = "cold,nothing,body"
    for size in sizes:
        names = ("full", "briefings") if size == 20_000 or len(sizes) == 1 else ("full",)
        results, counts = bench(Corpus(size), _generators(names), top, options)
        print("\n".join(table.lines(size, "wire", results, counts)) + "\n", flush=True)
        for key in ("cold", "body"):
            found[key][size] = table.wall(results["full"][key])
        if "briefings" in results:
            found["minimal"][size] = table.wall(results["briefings"]["cold"])
    if len(sizes) > 1:
        steep = table.exponent(sizes, list(found["cold"].values()))
        print(f"exponent of growth, cold: {steep:.2f}" + ("" if steep <= STEEPEST else f"  NOT REACHED ({STEEPEST})"))
    for size, seconds in found["minimal"].items():
        ratio = found["cold"][size] / seconds
        print(f"full / minimal at {size:,}: {ratio:.1f}" + ("" if ratio <= TIMES else f"  NOT REACHED ({TIMES})"))
    if (edit := found["body"].get(20_000)) is not None:
        print(f"one body edited at 20,000, full: {edit:.2f} s" + ("" if edit <= 1 else "  NOT REACHED (1 s)"))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    top = Path(tempfile.mkdtemp(prefix="bench-", dir=options.folder))
    written: list[dict[str, object]] = []
    about = f"{platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    print(f"{about}, {datetime.now(UTC):%d %B %Y}; {options.runs} runs, projects in {top}\n", flush=True)
    try:
        if options.growth:
            sizes = [int(size) for size in options.growth_sizes.split(",")]
            written.append({"growth": growth(sizes, top, options)})
        else:
            generators = _generators(["briefings", *filter(None, options.others.split(","))])
            given = texts(options.text) if options.text else ()
            for size in map(int, options.sizes.split(",")):
                for bodies in options.bodies.split(","):
                    results, counts = bench(Corpus(size, bodies, given), generators, top, options)
                    print("\n".join(table.lines(size, bodies, results, counts)) + "\n", flush=True)
                    samples = {
                        name: {key: [asdict(one) for one in rows] for key, rows in found.items()}
                        for name, found in results.items()
                    }
                    written.append({"size": size, "bodies": bodies, "files": counts, "samples": samples})
    except measure.FailedError as error:
        raise SystemExit(str(error)) from error
    finally:
        if not options.keep:
            shutil.rmtree(top)
    if options.json:
        options.json.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
