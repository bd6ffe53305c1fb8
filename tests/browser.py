"""Chromium for tests that look at pages as a reader does. Mark such a test ``@pytest.mark.browser``."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager

import pytest

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""Keeps Chromium from asking anybody on the network for anything."""


@contextmanager
def chromium():
    """A browser of playwright's; the test is skipped where there is none, but fails where one is required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        (pytest.fail if os.environ.get("BRIEFINGS_REQUIRE_BROWSER") else pytest.skip)("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
