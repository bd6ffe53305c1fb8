"""Walks an HTML tree into blocks of plain text. Knows lxml; fetches nothing, and follows no link.

What a browser would not show (scripts, styles, hidden elements) never becomes text; what it would show and the
article's body does not hold is handed back, so that it can be listed.
"""

# ruff: noqa: E501 - tables are read best with a row on one line

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lxml import etree, html
from msgspec import Struct
from msgspec.structs import replace

from briefings import clean
from briefings.model import Stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import BlockKind

UNSEEN = frozenset(
    "script style noscript template head title meta link iframe object embed svg math canvas audio video map select option datalist input textarea button dialog".split()  # noqa: SIM905 - a list to read
)
"""Elements whose text is no text of the page."""

REGIONS = frozenset(("nav", "header", "footer", "aside", "form", "menu"))
"""Elements that stand around an article."""

_KINDS: dict[str, tuple[BlockKind, int]] = {
    "h1": ("heading", 1), "h2": ("heading", 2), "h3": ("heading", 3), "h4": ("heading", 4), "h5": ("heading", 4),
    "h6": ("heading", 4), "li": ("item", 0), "dt": ("text", 0), "dd": ("text", 0), "blockquote": ("quote", 0),
    "figcaption": ("caption", 0), "pre": ("code", 0), "tr": ("table", 0),
}  # fmt: skip
_BREAKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()  # noqa: SIM905 - a list to read
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![\d.])|opacity\s*:\s*0(?![\d.])", re.IGNORECASE
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*|[ \t\r\f\v]+")


class Piece(Struct, frozen=True):
    """A block of a page before it has a place in a text."""

    kind: BlockKind
    text: str
    level: int = 0
    region: str = ""
    hidden: bool = False
    linked: bool = False
    """Whether every word of it is a link."""


def parse(text: str) -> html.HtmlElement:
    """Return the tree of a page.

    Raises:
        ValueError: nothing in it is HTML.
    """
    try:
        return html.document_fromstring(_DECLARATION.sub("", text))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ValueError(str(error)) from error


def pieces(root: html.HtmlElement) -> Iterator[Piece]:
    """Yield the blocks of text under ``root``, hidden ones too, in document order. Depth costs no stack."""
    stack: list[tuple[str, bool, str]] = []
    words: list[str] = []
    kind: BlockKind = "text"
    level = unseen = links = 0
    bare = False

    def flush() -> Iterator[Piece]:
        nonlocal bare
        text = tidy("".join(words), keep=kind == "code")
        words.clear()
        if text:
            region = next((name for _, _, name in reversed(stack) if name), "")
            yield Piece(kind, text, level, region, any(hidden for _, hidden, _ in stack), linked=not bare)
        bare = False

    def take(text: str | None) -> None:
        nonlocal bare
        if text and not unseen:
            words.append(text)
            bare = bare or (not links and not text.isspace())

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"} or not isinstance(element.tag, str):
            take(element.tail)
            continue
        tag = element.tag.lower()
        if event == "start":
            if tag in _BREAKS:
                yield from flush()
            hidden = bool(_HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None
            stack.append((tag, hidden, tag if tag in REGIONS else ""))
            unseen += tag in UNSEEN
            links += tag == "a"
            if tag in _BREAKS:
                kind, level = _kind(stack)
            if tag == "br":
                words.append("\n")
            take(element.text)
        else:
            if tag in _BREAKS:
                yield from flush()
            if stack:
                stack.pop()
                unseen -= tag in UNSEEN
                links -= tag == "a"
            if tag in _BREAKS:
                kind, level = _kind(stack)
            take(element.tail)
    yield from flush()


def _kind(stack: list[tuple[str, bool, str]]) -> tuple[BlockKind, int]:
    """The innermost element that has a kind decides; lists within lists go one level down."""
    for tag, _, _ in reversed(stack):
        if tag == "li":
            return "item", max(0, sum(name in {"ul", "ol"} for name, _, _ in stack) - 1)
        if tag in _KINDS and tag != "tr":
            return _KINDS[tag]
    return "text", 0


def tidy(text: str, *, keep: bool = False) -> str:
    """Return text as a browser shows it: white space collapsed, line breaks of ``br`` kept."""
    if keep:
        return text.strip("\n")
    return _SPACE.sub(_collapse, text).strip()


def _collapse(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


# --- what a page says about itself ----------------------------------------------------------------------------------

META = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline"),
    "date": ("article:published_time", "datepublished", "date", "pubdate", "publishdate", "publish_date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "sailthru.date", "parsely-pub-date", "og:article:published_time"),
    "updated": ("article:modified_time", "datemodified", "lastmod", "last-modified", "og:updated_time", "dcterms.modified"),
    "author": ("author", "article:author", "byl", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author"),
    "publisher": ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name"),
    "url": ("og:url",),
    "lang": ("og:locale", "dc.language", "content-language"),
    "description": ("og:description", "description", "twitter:description", "dc.description"),
    "image": ("og:image", "twitter:image"),
    "keywords": ("keywords", "news_keywords", "article:tag"),
}  # fmt: skip
"""The names of meta tags by what they say, the most trusted first (Open Graph, schema.org, Dublin Core, and habits)."""

ARTICLES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle Report BlogPosting LiveBlogPosting SocialMediaPosting".split()  # noqa: SIM905 - a list to read
)
"""Types of schema.org whose properties are the article's."""


def stated(root: html.HtmlElement) -> tuple[Stated, ...]:
    """Return what the head of a page states: JSON-LD first, then meta tags, then links and the language."""
    found = [*_jsonld(root), *_meta(root)]
    found.extend(
        Stated("url", link.get("href", "").strip(), "link canonical")
        for link in root.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    if lang := (root.get("lang") or root.get("xml:lang") or "").strip():
        found.append(Stated("lang", lang, "html lang"))
    title = root.find(".//title")
    if title is not None and (text := tidy(title.text or "")):
        found.append(Stated("title", text, "title element"))
    # JSON can spell what no text may hold: controls and halves of surrogate pairs.
    kept = (replace(item, value=clean.strip(clean.LINE_ENDS.sub(" ", item.value))[0]) for item in found)
    return tuple(item for item in kept if item.value.strip())


def _meta(root: html.HtmlElement) -> Iterator[Stated]:
    tags: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = (
            (tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or "")
            .strip()
            .lower()
        )
        if name and tag.get("content"):
            tags.setdefault(name, []).append(tidy(tag.get("content", "")).replace("\n", " "))
    for field, names in META.items():
        for name in names:
            for value in tags.get(name, ()):
                yield Stated(field, value, f"meta {name}")


def _jsonld(root: html.HtmlElement) -> Iterator[Stated]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _graph(data):
            yield from _article(item)


def _graph(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD document: itself, the items of a list, the items of ``@graph``."""
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (one for one in graph if isinstance(one, dict)) if isinstance(graph, list) else ()


def _article(item: dict[str, Any]) -> Iterator[Stated]:
    types = item.get("@type")
    if not ARTICLES.intersection(types if isinstance(types, list) else [types]):
        return
    for name, key in (
        ("title", "headline"), ("date", "datePublished"), ("updated", "dateModified"), ("author", "author"), ("publisher", "publisher"),
        ("url", "mainEntityOfPage"), ("lang", "inLanguage"), ("description", "description"), ("keywords", "keywords"),
    ):  # fmt: skip
        values = [value for value in _names(item.get(key)) if value]
        if name in {"author", "keywords"} and values:
            values = [", ".join(values)]
        for value in values[:1]:
            yield Stated(name, value, f"JSON-LD {key}")


def _names(value: Any) -> Iterator[str]:
    """Texts, or the names of things: JSON-LD writes either."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        yield from _names(value.get("name") or value.get("@id"))
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)
