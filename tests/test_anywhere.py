"""The same bytes wherever a site is built: any number of workers, folder, time zone, locale, umask and hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from briefings import crew
from scripts.bench import ours
from scripts.bench.corpus import Corpus

MANY = 2 * crew.LEAST
"""Briefings: enough for workers to read and make them."""
HERE = {"BRIEFINGS_WORKERS": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
THERE = {"BRIEFINGS_WORKERS": "3", "TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "7"}


def site(folder):
    folder.mkdir(parents=True)
    ours.project(folder, full=True)
    for article in Corpus(MANY):
        path = ours.path(folder, article)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ours.text(article), "utf-8")
    return folder


def build(folder, around, umask=0o022):
    """Build as the command; return what it says as data, and every file with its bytes."""
    command = [sys.executable, "-m", "briefings", "build", "--no-search", "--json"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1795305600", "PYTHONPATH": str(ours.ROOT), **around}
    done = subprocess.run(
        command, cwd=folder, env=environment, umask=umask, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), tree(folder / "output")


def tree(output):
    """Every file of a site by its path, with its bytes."""
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def edit(folder):
    """Change more briefings than an edit may have, take some away, add one: all of it is planned anew."""
    files = sorted((folder / "content" / "briefings").rglob("*.md"))
    for number, path in enumerate(files[: crew.LEAST + 20]):
        words = path.read_text("utf-8")
        path.write_text(words.replace('title: "', 'title: "Again: ', 1) if number % 3 else f"{words}\nMore.\n", "utf-8")
    for path in files[-3:]:
        path.unlink()


def test_workers_and_surroundings_change_nothing(tmp_path):
    here, there = site(tmp_path / "here"), site(tmp_path / "there" / "in a folder of its own")
    for change in (lambda _: None, edit):
        for folder in (here, there):
            change(folder)
        one, other = build(here, HERE), build(there, THERE, umask=0o077)
        assert one[0] == other[0]
        assert one[1] == other[1]
    assert one[0]["files"] > 1000
