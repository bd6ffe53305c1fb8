"""The HTML checker's messages as lines; here with a stand-in for Java that says what the checker would say."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.sites import ROOT

SCRIPT = ROOT / "scripts" / "check_html.py"


@pytest.fixture
def check(tmp_path):
    """Run the script on a folder of one page, with a checker that answers ``said``; return status, lines and errors."""

    def run(said, **environment):
        site = tmp_path / "site"
        site.mkdir()
        (site / "a page.html").write_text("<!doctype html>")
        if said is not None:
            java = tmp_path / "java"
            java.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}\nEND\n")
            java.chmod(0o755)
        (tmp_path / "vnu.jar").touch()
        variables = {"PATH": f"{tmp_path}:/bin", "VNU_JAR": str(tmp_path / "vnu.jar"), **environment}
        done = subprocess.run(
            [sys.executable, str(SCRIPT), str(site)], capture_output=True, text=True, env={**os.environ, **variables}
        )
        return done.returncode, done.stdout.splitlines(), done.stderr

    return run


def test_no_error(check):
    assert check('{"messages": []}')[:2] == (0, ["site: 1 pages, 0 errors of 0 kinds"])


def test_an_error_is_a_line_with_its_place(check, tmp_path):
    message = {"url": f"file:{tmp_path}/site/a%20page.html", "lastLine": 3, "message": "Stray end tag “p”."}
    status, lines, _ = check(json.dumps({"messages": [message]}))
    assert status == 1
    assert lines == ["a page.html:3: Stray end tag “p”.", "site: 1 pages, 1 errors of 1 kinds"]


def test_a_checker_that_fails_is_an_error(check):
    status, _, said = check("Could not find or load main class")
    assert status == 1
    assert "the checker failed: Could not find" in said


@pytest.mark.parametrize(("environment", "status"), [({}, 0), ({"BRIEFINGS_REQUIRE_VNU": "1"}, 1)])
def test_nothing_checked_is_said(check, environment, status):
    got, lines, said = check(
        '{"messages": []}', **{"VNU_JAR": "/no/such.jar", "BRIEFINGS_REQUIRE_VNU": "", **environment}
    )
    assert (got, lines) == (status, [])
    assert "not checked: there is no /no/such.jar" in said
