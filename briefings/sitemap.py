"""``sitemap.xml`` (https://www.sitemaps.org/protocol.html), the sitemap of news, and ``robots.txt`` (RFC 9309)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from briefings.clean import escape
from briefings.patterns import Late

if TYPE_CHECKING:
    from collections.abc import Callable

URLS = 50_000
"""The most addresses that one sitemap may hold; 50 MiB is its other limit."""

NEWS = 1000
"""The most articles that a sitemap of news may hold."""
RECENT = timedelta(days=2)
"""How far back it reaches."""
_NEWS_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"
_UNFIT = Late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _xml(plain: str) -> str:
    """A text as an element of XML holds it."""
    return escape(plain, quote=False)


def write(rows: tuple[tuple[str, str], ...]) -> bytes:
    """Return a sitemap of ``(absolute address, lastmod)``, in the given order.

    ``lastmod`` is a W3C date or time (``2026-11-22``, ``2026-11-22T09:00:00Z``), or empty when it is not known: a date
    of the build would tell crawlers that every page changed.

    Raises:
        ValueError: more rows than one sitemap may hold; see :func:`parts` and :func:`index`.
    """
    return _document("urlset", "url", rows)


def index(rows: tuple[tuple[str, str], ...]) -> bytes:
    """Return a sitemap index of ``(absolute address of a sitemap, lastmod)``."""
    return _document("sitemapindex", "sitemap", rows)


class News(Struct, frozen=True):
    """A row of a sitemap of news. ``lang`` is a BCP 47 tag, ``date`` a W3C time."""

    url: str
    publication: str
    lang: str
    date: str
    title: str


def news(rows: tuple[News, ...]) -> bytes:
    """Return a sitemap of recent articles (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).

    Its schema takes languages of two or three letters (ISO 639), and ``zh-cn`` and ``zh-tw``.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{_NAMESPACE}" xmlns:news="{_NEWS_NAMESPACE}">']
    for row in rows:
        name = f"<news:name>{_text(row.publication)}</news:name>"
        lang = f"<news:language>{_news_language(row.lang)}</news:language>"
        about = f"<news:publication_date>{row.date}</news:publication_date><news:title>{_text(row.title)}</news:title>"
        article = f"<news:news><news:publication>{name}{lang}</news:publication>{about}</news:news>"
        lines.append(f"<url><loc>{_xml(row.url)}</loc>{article}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _text(text: str) -> str:
    return _xml(" ".join(_UNFIT.sub("", text).split()))


def _news_language(lang: str) -> str:
    tag = lang.lower()
    if tag.split("-")[0] == "zh":
        return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(tag.split("-")) else "zh-cn"
    return tag.split("-")[0]


def parts(rows: tuple[tuple[str, str], ...], size: int = URLS) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Cut the rows into as many sitemaps as they need; at least one."""
    return tuple(rows[start : start + size] for start in range(0, len(rows) or 1, size))


def robots(*sitemaps: str) -> bytes:
    """Return a ``robots.txt`` that allows everything and names the sitemaps by their absolute addresses."""
    return ("User-agent: *\nDisallow:\n\n" + "".join(f"Sitemap: {url}\n" for url in sitemaps)).encode()


def _document(root: str, element: str, rows: tuple[tuple[str, str], ...]) -> bytes:
    if len(rows) > URLS:
        raise ValueError(f"{len(rows)} addresses are more than the {URLS} that one sitemap may hold")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    text = "".join(map("".join, rows))
    if any(letter in text for letter in "&<>"):
        rows = tuple((_xml(url), _xml(lastmod)) for url, lastmod in rows)
    for url, lastmod in rows:
        when = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        lines.append(f"<{element}><loc>{url}</loc>{when}</{element}>")
    return "\n".join([*lines, f"</{root}>", ""]).encode()


WRITERS: tuple[tuple[str, Callable[[Any], bytes]], ...] = (("sitemap", write), ("index", index), ("news", news))
