"""Work in forked processes, tested in a process of its own; see ``crew_alone.py``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings import crew

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


@given(st.lists(st.integers(1, 9), min_size=1, max_size=60), st.integers(1, 9))
def test_slices_of_nearly_one_weight(weights, parts):
    items = list(enumerate(weights))
    slices = crew.balanced(items, parts, lambda item: item[1])
    assert [item for part in slices for item in part] == items
    assert all(slices)
    assert len(slices) <= parts
    most = max(sum(weight for _, weight in part) for part in slices)
    assert most < sum(weights) / parts + 2 * max(weights)
