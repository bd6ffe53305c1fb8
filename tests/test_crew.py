"""Work in forked processes, tested in a process of its own; see ``crew_alone.py``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ALONE = Path(__file__).with_name("crew_alone.py")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is forked")
def test_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(ALONE)],
        cwd=ALONE.parents[1], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]
    tests = len(re.findall(r"^def test_", ALONE.read_text("utf-8"), re.MULTILINE))
    assert re.search(rf"^{tests} passed in", done.stdout, re.MULTILINE), done.stdout[-500:]
