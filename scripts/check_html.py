"""Check every page of the demo site and of the awkward one with the Nu HTML checker: 0 errors, or exit status 1.

    npm ci --ignore-scripts --prefix tests        once; needs Java too
    python scripts/check_html.py [FOLDER…]

Without folders, both sites are built first. The checker is ``vnu.jar`` of the npm package vnu-jar (MIT licence): found
by the variable VNU_JAR, or in ``tests/node_modules``. Where it or Java is missing, nothing is checked, and that is
said; with BRIEFINGS_REQUIRE_VNU=1 it is an error.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
JAR = ROOT / "tests" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def errors(java: str, jar: Path, folder: Path) -> list[str]:
    """Return a line for every error below a folder: ``file:line: message``."""
    command = [java, "-Xss4m", "-jar", str(jar), "--skip-non-html", "--errors-only", "--format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        sys.exit(f"check_html: the checker failed: {done.stderr[-2000:]}")
    found = []
    for message in messages:
        path = Path(unquote(urlsplit(message.get("url", "")).path))
        name = path.relative_to(folder) if path.is_relative_to(folder) else path
        found.append(f"{name}:{message.get('lastLine', 0)}: {message['message']}")
    return sorted(found)


def main(folders: list[Path]) -> int:
    """Check the folders; return the exit status."""
    java, jar = shutil.which("java"), Path(os.environ.get("VNU_JAR") or JAR)
    if not java or not jar.is_file():
        lacking = "Java" if not java else f"{jar} (npm ci --ignore-scripts --prefix tests)"
        print(f"check_html: not checked: there is no {lacking}", file=sys.stderr)
        return 1 if os.environ.get("BRIEFINGS_REQUIRE_VNU") else 0
    with tempfile.TemporaryDirectory() as scratch:
        if not folders:
            sys.path.insert(0, str(ROOT))
            from tests import awkward  # noqa: PLC0415 - the examples are the tests'

            folders = [awkward.build_demo(Path(scratch)), awkward.build_awkward(Path(scratch))]
        status = 0
        for folder in folders:
            pages = sum(1 for _ in folder.rglob("*.html"))
            found = errors(java, jar, folder.resolve())
            if found:
                print(*found, sep="\n")
            kinds = Counter(line.split(": ", 1)[1] for line in found)
            print(f"{folder.name}: {pages} pages, {len(found)} errors of {len(kinds)} kinds")
            status |= bool(found) or not pages
    return status


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
