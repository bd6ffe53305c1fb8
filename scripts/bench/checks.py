"""Whether what generators wrote corresponds: the same articles, lists, feeds and words."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING

from briefings.desk import paginate
from briefings.slugs import slugify
from scripts.bench import ours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scripts.bench.corpus import Article
    from scripts.bench.peers import Generator

_WORD = re.compile(r"\w{5,}")
_ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+")
_TAG = re.compile(r"<[^>]*>")
ENOUGH = 0.9
"""Of the words of a text that we did not make: what a generator takes for markup is not its fault here."""


def lists(articles: Iterable[Article]) -> Counter[str]:
    """How many articles each list has, by its path below the output; the home page's is empty."""
    found: Counter[str] = Counter()
    for article in articles:
        found.update(["", f"places/{slugify(article.place.name)}-{article.place.country.lower()}"])
        found.update(f"tags/{slugify(tag)}" for tag in article.tags)
    return found


def pages(generator: Generator, count: int) -> int:
    """How many pages a list of so many articles has: ours keeps its first one full, theirs the last one short."""
    if generator.name in {"briefings", "full"}:
        return len(paginate(range(count), ours.PAGE_SIZE))
    return -(-count // ours.PAGE_SIZE)


def differences(generator: Generator, output: Path, articles: Sequence[Article], *, made: bool = True) -> Iterator[str]:
    """Everything that the output lacks or has too much.

    Args:
        generator: whose output it is.
        output: the folder.
        articles: as they are now.
        made: whether the texts are ours, without anything that could be taken for other markup.
    """
    found = {path.parent.name for path in output.glob("briefings/*/index.html")}
    wanted = {article.slug for article in articles}
    yield from (f"briefings/{slug}/ is not there" for slug in sorted(wanted - found))
    yield from (f"briefings/{slug}/ is no article's" for slug in sorted(found - wanted))
    sitemap = (output / "sitemap.xml").read_text("utf-8") if (output / "sitemap.xml").is_file() else ""
    parts = "".join(path.read_text("utf-8") for path in sorted(output.glob("sitemap-*.xml")))
    named = set(re.findall(r"/briefings/([^/<]+)/</loc>", sitemap + parts))
    yield from (f"the sitemap lacks {slug}" for slug in sorted(wanted - named))
    for article in articles:
        page = output / "briefings" / article.slug / "index.html"
        if page.is_file():
            yield from _words(article, page, 1.0 if made else ENOUGH)
    expected = lists(articles)
    for name, count in sorted(expected.items()):
        numbered = len(list((output / name / "page").glob("*/index.html")))
        own = (output / name / "index.html").is_file()
        if numbered + own != pages(generator, count):
            yield f"{name or 'home'}: {numbered + own} pages, not {pages(generator, count)}"
        feed = output / name / generator.feed
        entries = feed.read_text("utf-8").count("</item>") if feed.is_file() else 0
        if entries != min(count, ours.FEED_ITEMS):
            yield f"{name or 'home'}: {entries} entries in the feed, not {min(count, ours.FEED_ITEMS)}"
    for kind in ("tags", "places"):
        there = {path.parent.relative_to(output).as_posix() for path in output.glob(f"{kind}/*/index.html")}
        yield from (f"{name} has no article" for name in sorted(there - expected.keys()))


def _words(article: Article, page: Path, share: float) -> Iterator[str]:
    html = page.read_text("utf-8")
    shown = set(_WORD.findall(unescape(_TAG.sub(" ", html))))
    wanted = set(_WORD.findall(_ADDRESS.sub(" ", f"{article.title}\n{article.body}")))
    missing = wanted - shown
    if len(missing) > len(wanted) * (1 - share):
        yield f"briefings/{article.slug}/ lacks the words {', '.join(sorted(missing)[:5])}"


def files(output: Path) -> int:
    """How many files the site has, without what a generator keeps for itself."""
    return sum(1 for path in output.rglob("*") if path.is_file() and ".briefings" not in path.parts)
