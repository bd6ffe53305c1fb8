"""Chromium for tests that look at pages as a reader does. Mark such a test ``@pytest.mark.browser``."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import threading
from contextlib import contextmanager
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

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


@cache
def policy():
    """The Content-Security-Policy that docs/operating.md tells the web server to send."""
    text = (Path(__file__).resolve().parent.parent / "docs" / "operating.md").read_text("utf-8")
    return re.search(r'add_header Content-Security-Policy "([^"]+)"', text)[1]


class Host(SimpleHTTPRequestHandler):
    """A built folder as a web server gives it: below ``base``, under the policy, with the site's own page for 404."""

    base = ""
    protocol_version = "HTTP/1.1"  # or every picture and script waits for a connection of its own

    def translate_path(self, path):
        """Take the base path off; what is outside it is not there."""
        below = path.removeprefix(self.base)
        return super().translate_path(below if path.startswith(f"{self.base}/") else "/no-such-file")

    def end_headers(self):
        """Send the policy with everything."""
        self.send_header("Content-Security-Policy", policy())
        super().end_headers()

    def send_error(self, code, message=None, explain=None):
        """Send the site's own page where there is nothing."""
        if code != 404:
            super().send_error(code, message, explain)
            return
        data = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


class Compressing(Host):
    """The same with the compression that docs/operating.md asks for; Pagefind's own files are compressed already."""

    def send_head(self):
        """Compress text."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in {".html", ".css", ".js", ".json", ".svg", ".xml"} or not path.is_file():
            return super().send_head()
        data = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)


class Published(Compressing):
    """As a host of static sites serves it: compressed, under the headers of the site's own ``_headers``."""

    def end_headers(self):
        """Send what the file says for every address, instead of the policy of the tests."""
        for line in (Path(self.directory) / "_headers").read_text("utf-8").splitlines()[1:]:
            self.send_header(*line.strip().split(": ", 1))
        SimpleHTTPRequestHandler.end_headers(self)


@contextmanager
def hosting(folder, base="", handler=Host, port=0):
    """Serve a built folder on this machine; yields the address of its front page, without the closing slash."""

    def handle(*arguments):
        return type("Here", (handler,), {"base": base})(*arguments, directory=str(folder))

    with ThreadingHTTPServer(("127.0.0.1", port), handle) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()


def listen(page, address):
    """Return a list to which everything is added that must not happen: errors, failed requests, foreign hosts."""
    faults = []
    host = urlsplit(address).netloc

    def requested(request):
        if urlsplit(request.url).netloc != host and not request.url.startswith("data:"):
            faults.append(f"asked another host: {request.url}")

    def answered(response):
        if response.status >= 400:
            faults.append(f"{response.status}: {response.url}")

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # whoever leaves a page early breaks off what was still on its way
            faults.append(f"failed: {request.url}")

    def said(message):
        if message.type in {"error", "warning"}:
            faults.append(f"console: {message.text}")

    page.on("request", requested)
    page.on("response", answered)
    page.on("requestfailed", failed)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    return faults
