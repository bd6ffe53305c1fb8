"""The same feed is the same bytes under every hash seed, time zone and locale, and on every day."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from feeds_examples import OSLO, SUVA, written

from briefings import entries, feeds

TESTS = Path(__file__).parent
PROGRAM = """
import hashlib, locale, os, sys
sys.path[:0] = sys.argv[1:3]
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # a machine without that locale still shows that asking for it changes nothing
from feeds_examples import OSLO, SUVA, written
from briefings import entries, feeds
for row in feeds.FORMATS:
    print(hashlib.sha256(written(row.key, SUVA, OSLO)).hexdigest())
"""


def test_bytes_depend_on_the_feed_alone(tmp_path):
    here = [hashlib.sha256(written(row.key, SUVA, OSLO)).hexdigest() for row in feeds.FORMATS]
    for seed, zone, locale in (
        ("1", "Pacific/Apia", "fr_FR.UTF-8"),
        ("2", "Asia/Kathmandu", "C"),
        ("3", "UTC", "C.UTF-8"),
    ):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        there = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(TESTS), str(TESTS.parent)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.split() == here, (seed, zone, locale)


def test_the_plan_names_the_formats_as_feeds_writes_them():
    written = [(row.key, row.suffix, row.type) for row in feeds.FORMATS]
    assert [(key, suffix, media_type) for key, suffix, media_type, _ in entries.FORMATS] == written
