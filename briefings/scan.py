"""A last look at the finished site before readers see it (reliability R25).

Whatever the templates, the content and the libraries did: no script but the theme's own, no handler, no address that
runs, feeds that parse; and every link within the site leads somewhere. Reads files of the output folder only.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from briefings import state
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "cite", "xlink:href", "background", "srcset"}
_SCHEMES = {"", "http", "https", "mailto"}
_FORBIDDEN = {"iframe", "object", "embed", "applet", "base", "frame", "frameset", "style"}


class Scanned(NamedTuple):
    """How many files there were, and a warning for every link that leads nowhere."""

    files: int
    lost: tuple[Problem, ...]


class _Looker(HTMLParser):
    """Collects what may not be in a page, where its links lead, and the parts that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.links: list[tuple[int, str]] = []
        self.ids: set[str] = set()
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
            if name == "id":
                self.ids.add(value)
            if name in {"href", "src", "action"}:
                self.links.append((line, value))
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


class _Links:
    """Where the pages of a site lead within it: each address once, with the page and line that has it first."""

    def __init__(self, url: str) -> None:
        """Know the public address of the site, without the closing slash."""
        parts = urlsplit(url)
        self._origin, self._base = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "", parts.path.rstrip("/")
        self._parts: dict[str, frozenset[str]] = {}
        self._asked: dict[str, tuple[str, int]] = {}

    def add(self, name: str, looked: _Looker) -> None:
        """Take in what a page has."""
        self._parts[name] = frozenset(looked.ids)
        for line, written in looked.links:
            address = f"{self._base}/{name}{written}" if written.startswith("#") else written
            if self._origin and address.startswith(f"{self._origin}/"):
                address = address.removeprefix(self._origin)
            if address.startswith(f"{self._base}/") and not address.startswith("//"):
                self._asked.setdefault(address, (name, line))

    def lost(self, files: Container[str]) -> Iterator[Problem]:
        """Yield a warning for every address that no file is at, or whose page has no such part."""
        for address, (name, line) in self._asked.items():
            parts = urlsplit(address)
            path = unquote(parts.path).removeprefix(f"{self._base}/")
            file = f"{path}index.html" if path.endswith("/") or not path else path
            if file not in files:
                yield Problem(name, line, "", f"the link {address} leads to nothing on this site", "warning")
            elif parts.fragment and unquote(parts.fragment) not in self._parts.get(file, ()):
                yield Problem(name, line, "", f"the link {address} leads to no part of that page", "warning")


def page(text: str) -> list[tuple[int, str]]:
    """What is wrong in one page: (line, what)."""
    return _look(text).found


def _look(text: str) -> _Looker:
    looker = _Looker()
    looker.feed(text)
    looker.close()
    return looker


def scan(output: Path, url: str = "") -> Scanned:
    """Look at every file of a built site.

    A link that leads nowhere is a warning only: what else stands on the host beside the site is not known here.

    Args:
        output: the folder.
        url: the public address of the site.

    Raises:
        BuildError: with everything that may not be published, and every file that differs from what the build wrote.
    """
    links = _Links(url)
    problems = list(_problems(output, links))
    if problems:
        raise BuildError(*problems)
    files = state.load(output)
    return Scanned(len(files), tuple(links.lost(files)))


def _problems(output: Path, links: _Links) -> Iterator[Problem]:
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
            looked = _look(data.decode("utf-8"))
            links.add(name, looked)
            for line, what in looked.found:
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
