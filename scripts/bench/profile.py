"""Where the time of a build goes, by room and by function: ``python -m scripts.bench.profile``, or ``invoke profile``.

usage: profile [--size 1000] [--theme minimal|full] [--bodies wire] [--after cold] [--folder DIR] [--json FILE]

py-spy (MIT) looks at all processes of the build a hundred times a second from outside, which costs the build nothing.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench import measure, peers
from scripts.bench.corpus import MARKED, Corpus
from scripts.bench.scenarios import SCENARIOS, Project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SPY = Path(sys.executable).with_name("py-spy")
RATE = 100
_FRAME = re.compile(r"^(?P<name>.*) \((?P<file>.*?)(?::\d+)?\)$")


def _room(file: str) -> str:
    """The room of ours that a file is in (``feeds/atom.py``), or nothing."""
    if file.endswith(".html"):
        return "templates"
    _, found, rest = file.rpartition("briefings/")
    return rest if found and "site-packages" not in file else ""


def summary(stacks: Iterable[str], most: int = 25) -> Iterator[str]:
    """Count samples by room, by function and by what functions call.

    Args:
        stacks: lines of py-spy's raw format, frames joined by semicolons and a count at the end.
        most: lines of each table.
    """
    rooms: Counter[str] = Counter()
    own: Counter[str] = Counter()
    below: Counter[str] = Counter()
    total = 0
    for line in stacks:
        stack, _, number = line.rpartition(" ")
        count = int(number)
        frames = [found for frame in stack.split(";") if (found := _FRAME.match(frame))]
        if not frames:
            continue
        total += count
        named = [f"{found['name']} ({found['file']})" for found in frames]
        rooms[next((room for found in reversed(frames) if (room := _room(found["file"]))), "the rest")] += count
        own[named[-1]] += count
        below.update(dict.fromkeys(named, count))
    yield f"{total / RATE:.1f} s of processes at work"
    for title, counter in (
        ("by room, its own work and that of libraries that it calls", rooms),
        ("by function, its own work", own),
        ("by function, with all that it calls", below),
    ):
        yield f"\n{title}"
        yield from (f"{100 * count / total:6.1f} %  {name}" for name, count in counter.most_common(most))


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a corpus, build it under observation, print the tables."""
    parser = argparse.ArgumentParser(prog="profile", description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--theme", choices=("minimal", "full"), default="full")
    parser.add_argument("--bodies", choices=("wire", *MARKED), default="wire")
    parser.add_argument("--after", choices=[key for key, *_ in SCENARIOS], default="cold", help="what was done before")
    parser.add_argument("--folder", type=Path, help="where to work (default: a new folder for temporary files)")
    parser.add_argument("--most", type=int, default=25, help="lines of each table")
    options = parser.parse_args(arguments)
    if not SPY.exists():
        raise SystemExit("py-spy is not installed (pip install py-spy)")
    top = Path(tempfile.mkdtemp(prefix="profile-", dir=options.folder))
    generator = peers.full() if options.theme == "full" else peers.briefings()
    try:
        project = Project(generator, Corpus(options.size, options.bodies), top / "site")
        if options.after != "cold":
            measure.run(generator.command, project.folder, generator.environment)
        folder = {key: prepare for key, _, prepare in SCENARIOS}[options.after](project, 0)
        raw = top / "stacks.txt"
        command = [SPY, "record", "--subprocesses", "--format", "raw", "--rate", RATE, "--output", raw, "--"]
        script = [sys.executable, *generator.command]
        done = subprocess.run(
            [str(word) for word in (*command, *script)], cwd=folder, env=measure.usual() | generator.environment,
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if not raw.exists():
            raise SystemExit(f"py-spy failed:\n{done.stderr}")
        print(f"{options.size:,} articles, {options.theme} theme, bodies: {options.bodies}, after: {options.after}")
        print("\n".join(summary(raw.read_text("utf-8").splitlines(), options.most)))
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    main()
