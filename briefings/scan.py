"""A last look at the finished site before readers see it (reliability R25).

Whatever the templates, the content and the libraries did: no script but the theme's own, no handler, no address that
runs, feeds that parse. Reads files of the output folder only.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from briefings import state
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "cite", "xlink:href", "background", "srcset"}
_SCHEMES = {"", "http", "https", "mailto"}
_FORBIDDEN = {"iframe", "object", "embed", "applet", "base", "frame", "frameset", "style"}


class _Looker(HTMLParser):
    """Collects what may not be in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        values = {name: value or "" for name, value in attrs}
        if tag in _FORBIDDEN:
            self.found.append((line, f"an element <{tag}>"))
        if tag == "script":
            data = values.get("type") == "application/ld+json"
            self._script = not data and "src" not in values
            source = urlsplit(values.get("src", ""))
            if source.netloc or (not data and "/static/" not in source.path):
                self.found.append((line, "a script that is not the theme's"))
        for name, value in values.items():
            if name.startswith("on"):
                self.found.append((line, f"a handler {name}"))
            if name == "style":
                self.found.append((line, "an inline style"))
            if name in _ADDRESSES:
                address = "".join(value.split()).lower()
                scheme = address.partition(":")[0] if ":" in address.split("/")[0] else ""
                if scheme not in _SCHEMES:
                    self.found.append((line, f"an address that runs ({value[:40]})"))

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.found.append((self.getpos()[0], "a script inside the page"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = False


def page(text: str) -> list[tuple[int, str]]:
    """What is wrong in one page: (line, what)."""
    looker = _Looker()
    looker.feed(text)
    looker.close()
    return looker.found


def scan(output: Path) -> int:
    """Look at every file of a built site; return how many there were.

    Raises:
        BuildError: with everything that may not be published, and every file that differs from what the build wrote.
    """
    problems = list(_problems(output))
    if problems:
        raise BuildError(*problems)
    return len(state.load(output))


def _problems(output: Path) -> Iterator[Problem]:
    files = state.load(output)
    if not files:
        yield Problem(str(output), 0, "", "holds no finished build (build first)")
        return
    for name, row in files.items():
        path = output / name
        if path.is_symlink() or not path.is_file():
            yield Problem(name, 0, "", "is gone, or no regular file")
            continue
        data = path.read_bytes()
        if state.digest_of(data) != row.sha256:
            yield Problem(name, 0, "", "is not what the build wrote (build again with --full)")
        elif name.endswith(".html"):
            for line, what in page(data.decode("utf-8")):
                yield Problem(name, line, "", f"{what}: not published")
        elif name.endswith((".xml", ".opml")):
            try:
                etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
            except etree.XMLSyntaxError as error:
                yield Problem(name, error.lineno or 0, "", f"is not well-formed ({error.msg})")
        elif name.endswith(".json"):
            try:
                json.loads(data)
            except ValueError as error:
                yield Problem(name, 0, "", f"is not JSON ({error})")
    known = set(files)
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output).as_posix()
        if not path.is_dir() and name not in known and not name.startswith(f"{state.FOLDER}/"):
            yield Problem(name, 0, "", "was not written by the build (delete it)")
