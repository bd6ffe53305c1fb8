"""Say in Markdown what subscribers would see if the work tree were published in place of another commit.

``scripts/feed_report.py BASE --summary FILE`` builds the site twice, at the same moment: BASE as it is in git, with its
own program, and what stands in the work tree. It appends the report of ``briefings feeddiff`` to FILE (by default it is
only printed), and ends with status 1 if there is something that subscribers must not see. A workflow gives the file of
the run's summary.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SETTINGS = "publishconf.py"
MOST = 200_000
"""Characters of a report; a summary of a step takes 1 MiB."""


def build(tree: Path, output: Path, moment: str) -> subprocess.CompletedProcess[str]:
    """Build the site of a tree with the program in it."""
    return subprocess.run(
        [sys.executable, "-m", "briefings", "build", "--settings", SETTINGS, "--output", str(output)],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(tree), "SOURCE_DATE_EPOCH": moment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def fenced(words: str) -> str:
    """Plain text in Markdown, whatever titles hold: the fence is longer than any run of backticks in it."""
    if len(words) > MOST:
        words = words[:MOST] + "\n… and more"
    runs = re.findall(r"`+", words)
    fence = "`" * max(3, 1 + max(map(len, runs), default=0))
    return f"{fence}text\n{words.rstrip()}\n{fence}\n"


def report(root: Path, base: str) -> tuple[int, str]:
    """Build both and compare; exit status and Markdown."""
    moment = str(int(time.time()))
    with TemporaryDirectory(prefix="feed-report-") as folder:
        old, new, tree = (Path(folder) / name for name in ("old", "new", "tree"))
        subprocess.run(["git", "-C", str(root), "worktree", "add", "--quiet", "--detach", str(tree), base], check=True)
        try:
            before = build(tree, old, moment)
        finally:
            subprocess.run(["git", "-C", str(root), "worktree", "remove", "--force", str(tree)], check=True)
        after = build(root, new, moment)
        if after.returncode:
            return 1, f"The site cannot be built:\n\n{fenced(after.stderr)}"
        if before.returncode:
            return 0, f"{base} cannot be built, so there is nothing to compare with:\n\n{fenced(before.stderr)}"
        found = subprocess.run(
            [sys.executable, "-m", "briefings", "feeddiff", str(old), str(new)],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    verdict = "\nSubscribers must not see some of this: see docs/feeds.md.\n" if found.returncode else ""
    return found.returncode, fenced(found.stdout or found.stderr) + verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", metavar="BASE", help="a commit or branch")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="append to this file")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[0-9A-Za-z][\w./~^-]*", options.base):
        parser.error("BASE must be a commit or a branch")
    status, text = report(options.root, options.base)
    whole = f"## What subscribers would see\n\n{text}"
    if options.summary:
        with options.summary.open("a", encoding="utf-8") as stream:
            stream.write(whole)
    print(whole)
    return status


if __name__ == "__main__":
    sys.exit(main())
