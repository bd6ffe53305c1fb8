"""The workflow for pull requests: what it may do, and that its commands do what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from sites import about, briefing, settings

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / ".github" / "workflows" / "pull-request.yml"
REPORT = ROOT / "scripts" / "feed_report.py"


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(FILE.read_text("utf-8"))


def test_it_may_read_and_nothing_else(workflow):
    assert list(workflow[True]) == ["pull_request"]  # YAML 1.1 takes "on" for true
    assert workflow["permissions"] == {}
    assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}]
    assert "secrets" not in repr(workflow)


def test_nothing_of_others_runs_and_no_expression_stands_in_a_script(workflow):
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "uses" not in step
            assert "${{" not in step["run"]
            for value in step.get("env", {}).values():
                assert re.fullmatch(
                    r"\$\{\{ (github\.token|github\.sha|github\.event\.pull_request\.base\.sha) \}\}", value
                )


def test_its_files_are_there(workflow):
    said = "\n".join(step["run"] for job in workflow["jobs"].values() for step in job["steps"])
    for name in ("bootstrap.py", "scripts/feed_report.py", "publishconf.py"):
        assert name in said
        assert (ROOT / name).is_file()


@pytest.fixture
def repository(tmp_path):
    """A repository with a site of its own, and the program as it is."""
    root = tmp_path / "site"
    root.mkdir()
    shutil.copytree(ROOT / "briefings", root / "briefings", ignore=shutil.ignore_patterns("__pycache__"))
    about(root / "content")
    briefing(root / "content", "one")
    conf = settings(root, PATH="content", OUTPUT_PATH="output")
    conf.rename(root / "publishconf.py")
    git(root, "init", "--quiet")
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "Begin")
    return root


def git(root, *arguments):
    names = ("-c", "user.name=A", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *names, *arguments], check=True, capture_output=True)


def report(root):
    summary = root.parent / "summary.md"
    command = [sys.executable, str(REPORT), "HEAD", "--summary", str(summary), "--root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, summary.read_text("utf-8") if summary.exists() else done.stderr


def test_the_report_says_what_comes(repository):
    briefing(repository / "content", "two", title='"New ``` # title"', published="2026-11-02T08:00:00Z")
    status, said = report(repository)
    assert status == 0, said
    assert said.startswith("## What subscribers would see\n\n````text\n")
    assert "New ``` # title (2026-11-02T08:00:00Z): /, /sources/harbour-news/" in said
    assert said.endswith("\n````\n")
    left = subprocess.run(["git", "-C", str(repository), "worktree", "list"], capture_output=True, text=True).stdout
    assert left.count("\n") == 1


def test_what_subscribers_must_not_see_stops_it(repository):
    briefing(repository / "content", "one", published="2026-10-01T08:00:00Z")
    status, said = report(repository)
    assert status == 1, said
    assert "1 re-dated: moves to another place in readers" in said


def test_content_that_cannot_be_built_stops_it(repository):
    briefing(repository / "content", "one", colour="red")
    status, said = report(repository)
    assert status == 1
    assert 'unknown field "colour"' in said
