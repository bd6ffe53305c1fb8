"""Measure how large the pages of a large archive are: ``invoke measure-sizes --briefings 20000``.

Builds a made-up archive (``scripts/bench/corpus.py``, spread over as many places as asked for) without the index for
search, which ``invoke bench-search`` measures. Prints a table of the largest page of each kind, compressed as a web
server would, with the number of its elements, and a table of the files for machines. The exit status is 1 when a page
that readers open is over ``KB`` or ``ELEMENTS``.
"""

from __future__ import annotations

import argparse
import gzip
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.bench import ours
from scripts.bench.corpus import Article, Corpus, Place, places

if TYPE_CHECKING:
    from collections.abc import Iterator

KB = 300
"""Most a page may have, gzipped, in 1,000 bytes."""
ELEMENTS = 3000
"""Most elements of a page."""
MACHINES = ("sitemap*.xml", "_redirects", "feeds/*.opml", "**/*.atom.xml", "**/feed.json", "**/index.json")
_TAG = re.compile(rb"<[a-z]", re.IGNORECASE)
_LAST = re.compile(r"(?:page/\d+/)?index\.html$")


@dataclass(frozen=True, slots=True)
class Size:
    """What one file costs: bytes as they lie there and gzipped, elements of a page (0 for other files)."""

    path: str
    plain: int
    packed: int
    elements: int

    @property
    def heavy(self) -> bool:
        """Whether it is a page that is too much for a reader."""
        return self.path.endswith(".html") and (self.packed > KB * 1000 or self.elements > ELEMENTS)


def size(top: Path, path: Path) -> Size:
    """Measure a file below ``top``. Markup of ours is escaped, so every ``<`` before a letter begins an element."""
    data = path.read_bytes()
    elements = len(_TAG.findall(data)) if path.suffix == ".html" else 0
    return Size(path.relative_to(top).as_posix(), len(data), len(gzip.compress(data, 6, mtime=0)), elements)


def kind(path: str) -> str:
    """The kind that a page belongs to: ``/tags/`` for an index, ``/tags/…/`` for what is below it."""
    parts = _LAST.sub("", path).strip("/").split("/")
    if path.endswith(".html") and not path.endswith("index.html"):
        return f"/{path}"
    if parts == [""]:
        return "/"
    parts = [parts[0], *("…" for _ in parts[1:])]
    return f"/{'/'.join(parts)}/"


def largest(sizes: list[Size]) -> dict[str, tuple[int, Size, Size]]:
    """For each kind of page how many there are, the one of most bytes and the one of most elements."""
    found: dict[str, list[Size]] = {}
    for one in sizes:
        found.setdefault(kind(one.path), []).append(one)
    return {
        name: (len(group), max(group, key=lambda one: one.packed), max(group, key=lambda one: one.elements))
        for name, group in sorted(found.items())
    }


def spread(count: int) -> list[Place]:
    """``count`` places: those of the word list, then others near them with made-up names."""
    known = places()
    return [
        spot
        if not number // len(known)
        else replace(
            spot,
            name=f"{spot.name} {number // len(known) + 1}",
            latitude=round(max(-80, min(80, spot.latitude + (number * 7 % 41 - 20) / 10)), 4),
            longitude=round(max(-179, min(179, spot.longitude + (number * 11 % 41 - 20) / 10)), 4),
        )
        for number, spot in ((number, known[number % len(known)]) for number in range(count))
    ]


def articles(count: int, where: list[Place]) -> Iterator[Article]:
    """The archive, oldest first; a third of it happened at the places of the word list, the rest anywhere."""
    for article in Corpus(count):
        number = article.number
        yield article if number % 3 == 0 else replace(article, place=where[number * 7919 % len(where)])


def build(folder: Path, count: int, where: int) -> Path:
    """Make the archive and its site; returns the output folder."""
    ours.project(folder, full=True)
    for article in articles(count, spread(where)):
        path = ours.path(folder, article)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ours.text(article), "utf-8")
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "briefings", "build", "--no-search"], cwd=folder, check=True)
    print(f"built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return folder / "output"


def report(output: Path) -> int:
    """Print both tables; returns how many pages are too much."""
    files = [path for path in sorted(output.rglob("*")) if path.is_file()]
    sizes = [size(output, path) for path in files]
    pages = [one for one in sizes if one.path.endswith(".html")]
    print("| pages | number | most, KB gzipped | most elements |\n| --- | --- | --- | --- |")
    for name, (number, bytes_, elements) in largest(pages).items():
        print(f"| `{name}` | {number:,} | {bytes_.packed / 1000:.1f} | {elements.elements:,} |")
    print("\n| files for machines | number | largest, KB | gzipped, KB |\n| --- | --- | --- | --- |")
    for pattern in (
        "sitemap*.xml",
        "_redirects",
        "feeds.opml",
        "**/*.atom.xml",
        "**/*.rss.xml",
        "**/feed.json",
        "api/**/*.json",
    ):
        group = [size(output, path) for path in output.glob(pattern)]
        if group:
            most = max(group, key=lambda one: one.packed)
            print(f"| `{pattern}` | {len(group):,} | {most.plain / 1000:,.0f} | {most.packed / 1000:,.0f} |")
    heavy = [one for one in pages if one.heavy]
    for one in heavy[:20]:
        print(f"too much: {one.path}: {one.packed / 1000:.0f} KB, {one.elements:,} elements", file=sys.stderr)
    print(f"\n{len(pages):,} pages, {len(heavy)} over {KB} KB gzipped or {ELEMENTS:,} elements")
    return len(heavy)


def main() -> int:
    """Build unless a site is given, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--briefings", type=int, default=20_000)
    parser.add_argument("--places", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where to work, and what to leave there")
    parser.add_argument("--site", type=Path, help="measure this built site; nothing is built")
    options = parser.parse_args()
    if options.site:
        return 1 if report(options.site) else 0
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        folder = options.folder or Path(scratch)
        return 1 if report(build(folder / "project", options.briefings, options.places)) else 0


if __name__ == "__main__":
    sys.exit(main())
