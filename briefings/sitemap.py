"""``sitemap.xml`` (https://www.sitemaps.org/protocol.html) and ``robots.txt`` (RFC 9309)."""

from __future__ import annotations

from xml.sax.saxutils import escape

URLS = 50_000
"""The most addresses that one sitemap may hold; 50 MiB is its other limit."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


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


def parts(rows: tuple[tuple[str, str], ...], size: int = URLS) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Cut the rows into as many sitemaps as they need; at least one."""
    return tuple(rows[start : start + size] for start in range(0, len(rows) or 1, size))


def robots(sitemap_url: str) -> bytes:
    """Return a ``robots.txt`` that allows everything and names the sitemap by its absolute address."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {sitemap_url}\n".encode()


def _document(root: str, element: str, rows: tuple[tuple[str, str], ...]) -> bytes:
    if len(rows) > URLS:
        raise ValueError(f"{len(rows)} addresses are more than the {URLS} that one sitemap may hold")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    for url, lastmod in rows:
        when = f"<lastmod>{escape(lastmod)}</lastmod>" if lastmod else ""
        lines.append(f"<{element}><loc>{escape(url)}</loc>{when}</{element}>")
    return "\n".join([*lines, f"</{root}>", ""]).encode()
