"""Work in forked processes, tested in a process of its own; see ``crew_alone.py``."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import accumulate
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


@given(st.integers(0, 120_000), st.integers(1, 60), st.integers(2, 16))
def test_the_last_of_many_slices_are_short(many, parts, count):
    slices = crew.tapering(range(many), parts, count, lambda _: 1)
    sizes = [len(part) for part in slices]
    assert [part[0] for part in slices] == [0, *accumulate(sizes)][: len(sizes)]
    assert sum(sizes) == many
    assert max(sizes, default=0) <= -(-many // parts)
    left = many
    for size in sizes:  # whoever takes it keeps none of the others waiting for long
        assert size <= max(crew.WORTH * 3 // 4, -(-left // (count + 1)))
        left -= size


@given(st.lists(st.integers(1, 9), max_size=300), st.integers(1, 60), st.integers(2, 16))
def test_what_is_heavy_is_in_short_slices(weights, parts, count):
    items = list(enumerate(weights))
    slices = crew.tapering(items, parts, count, lambda item: item[1])
    assert [item for part in slices for item in part] == items
    assert all(slices)
    most = max((sum(weight for _, weight in part) for part in slices if len(part) > 1), default=0)
    assert most <= -(-sum(weights) // parts)


def test_blocks_are_small_and_whole():
    found = list(crew.blocks(iter(range(crew.BLOCK * 2 + 3))))
    assert [len(block) for block in found] == [crew.BLOCK, crew.BLOCK, 3]
    assert [item for block in found for item in block] == list(range(crew.BLOCK * 2 + 3))
