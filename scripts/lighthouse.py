"""Audit the published demo site with Lighthouse, as on a phone: 100 of 100 four times, or exit status 1.

    npm ci --ignore-scripts --prefix tests        once; needs Node and Chromium too
    python scripts/lighthouse.py [--runs 3] [PATH…]

Builds the demo site with publishconf.py for an address of this machine, serves it compressed under its own
``_headers``, and runs the phone preset (a slow phone on a slow network, simulated) several times on each address. The
worst run counts, but for performance, which depends on how busy the machine is: there it is the median, and ``FAST``
is enough. Lighthouse is the npm package (Apache-2.0) in ``tests/node_modules``; where it, Node or Chromium is missing
nothing is audited, and that is said; with BRIEFINGS_REQUIRE_LIGHTHOUSE=1 it is an error.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import awkward, browser  # noqa: E402 - the tests' own builds and server

LIGHTHOUSE = ROOT / "tests" / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = ("/", "/briefings/cape-town-day-zero/", "/countries/mz/")
"""The front page, a briefing, a list."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FAST = 98
"""Enough for performance, in percent; everything else has to be 100."""
FLAGS = ("--headless", *browser.QUIET)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one address: scores of 0 to 100 by category, and what cost points, a line each."""

    scores: dict[str, float]
    faults: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether every score is high enough."""
        return all(score >= (FAST if name == "performance" else 100) for name, score in self.scores.items())


def judge(runs: list[dict[str, Any]]) -> Result:
    """Make a result of Lighthouse's reports on one address.

    Args:
        runs: reports as JSON (https://github.com/GoogleChrome/lighthouse/blob/main/docs/understanding-results.md).
    """
    scores: dict[str, float] = {}
    faults: dict[str, None] = {}
    for name in CATEGORIES:
        points = [100 * (run["categories"][name]["score"] or 0) for run in runs]
        scores[name] = round(median(points) if name == "performance" else min(points))
        for run in runs:
            for part in run["categories"][name]["auditRefs"]:
                audit = run["audits"][part["id"]]
                if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                    faults[f"{name}: {audit['id']}: {audit['title']} {audit.get('displayValue', '')}".rstrip()] = None
    return Result(scores, tuple(faults))


def audit(chromium: str, address: str) -> dict[str, Any]:
    """Run Lighthouse once; return its report.

    Raises:
        SystemExit: when it fails.
    """
    command = [
        "node", str(LIGHTHOUSE), address, "--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(FLAGS)}", "--no-enable-error-reporting",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=180)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"lighthouse: it failed: {done.stderr[-2000:]}")
    if fault := report.get("runtimeError"):
        sys.exit(f"lighthouse: {address}: {fault['message']}")
    return report


def build(folder: Path, port: int) -> Path:
    """Build the demo site for an address of this machine, else its canonical links would lead elsewhere."""
    settings = folder / "publishconf_here.py"
    settings.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom publishconf import *\nSITEURL = 'http://127.0.0.1:{port}'\n"
        f"PATH = {str(ROOT / 'content')!r}\nTHEME = {str(ROOT / 'theme')!r}\n",
        "utf-8",
    )
    return awkward.build(settings, folder / "demo")


def main(paths: list[str], runs: int) -> int:
    """Audit the addresses, print the scores; return the exit status."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium or not shutil.which("node") or not LIGHTHOUSE.is_file():
        lacking = "Chromium" if not chromium else f"{LIGHTHOUSE} or Node (npm ci --ignore-scripts --prefix tests)"
        print(f"lighthouse: nothing audited: there is no {lacking}", file=sys.stderr)
        return 1 if os.environ.get("BRIEFINGS_REQUIRE_LIGHTHOUSE") else 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    status = 0
    with tempfile.TemporaryDirectory() as scratch:
        site = build(Path(scratch), port)
        with browser.hosting(site, handler=browser.Published, port=port) as address:
            print(f"| page | {' | '.join(CATEGORIES)} |\n| --- | {' | '.join('---' for _ in CATEGORIES)} |")
            for path in paths:
                result = judge([audit(chromium, address + path) for _ in range(runs)])
                print(f"| `{path}` | {' | '.join(f'{result.scores[name]:.0f}' for name in CATEGORIES)} |", flush=True)
                for fault in result.faults:
                    print(f"lighthouse: {path}: {fault}", file=sys.stderr)
                status |= not result.reached
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=list(PAGES))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    sys.exit(main(options.paths, options.runs))
