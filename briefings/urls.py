"""Every address of the site is made here, and nowhere else.

Addresses are root-relative without the site's base path (``/tags/conflict/``); ``absolute`` and ``local`` add what a
feed or a page needs. A list is numbered from its oldest page, so that adding a briefing moves none of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefings.library import FacetKind
    from briefings.model import Briefing, Site

_FINE = re.compile("[A-Za-z0-9/#?=&%:,.;~_-]*").fullmatch
"""Nothing that needs quoting: nearly every address."""

HOME = "/"
FEEDS = "/feeds/"
OPML = "/feeds/briefings.opml"
CHANGES = "/changes/"
SEARCH = "/search/"
SEARCH_INDEX = "/search/pagefind/"
MAP = "/map/"
ARCHIVE = "/archive/"
NOT_FOUND = "/404.html"
SITEMAP = "/sitemap.xml"
NEWS_SITEMAP = "/sitemap-news.xml"
ROBOTS = "/robots.txt"
STATIC = "/static/"
REDIRECTS = "/_redirects"
HEADERS = "/_headers"
MANIFEST = "/manifest.webmanifest"
FEED_STYLE = "/static/feed.css"
ICON = "/static/favicon.png"
ICON_VECTOR = "/static/favicon.svg"
DIGESTS = "/digest/"
OFFLINE = "/offline/"
WORKER = "/service-worker.js"
"""In the folder of the site, since a worker rules over the folder that it lies in and nothing above."""


def briefing(entry: Briefing) -> str:
    """The permalink."""
    return by_slug(entry.slug)


def by_slug(slug: str) -> str:
    """The address of a briefing, present or former, by its slug."""
    return f"/briefings/{slug}/"


def short(code: str) -> str:
    """The short permanent address of a briefing; ``code`` as ``redirects.codes`` gives it."""
    return f"/b/{code}/"


def sitemap(name: str) -> str:
    """One of several sitemaps that the index names."""
    return f"/sitemap-{name}.xml"


def data(base: str) -> str:
    """The JSON document beside the page at ``base``."""
    return f"{base}index.json"


def ninjs(entry: Briefing) -> str:
    """A briefing as a ninjs item."""
    return f"{briefing(entry)}ninjs.json"


def card(base: str) -> str:
    """The image card of the page at ``base``."""
    return f"{base}card.png"


def digest(key: str) -> str:
    """The digest of a day, week or month (``2026-03-20``, ``2026-W12``, ``2026-03``); the calendar of a year."""
    return f"{DIGESTS}{key}/"


def digest_text(key: str) -> str:
    """The same as plain text."""
    return f"{DIGESTS}{key}.txt"


def digest_feed(kind: str) -> str:
    """The list that a feed of digests is of; ``kind`` is ``day`` or ``week``."""
    return f"{DIGESTS}{'daily' if kind == 'day' else 'weekly'}/"


def index(kind: FacetKind) -> str:
    """The index page of a kind of list."""
    return f"/{kind.path}/"


def facet(kind: FacetKind, slug: str) -> str:
    """The first page of a list."""
    return f"/{kind.path}/{slug}/"


def plain(slug: str) -> str:
    """A plain page."""
    return f"/{slug}/"


def page(base: str, number: int) -> str:
    """Page ``number`` of the list at ``base``; 0 is the list's own address."""
    return f"{base}page/{number}/" if number else base


def feed(base: str, suffix: str) -> str:
    """The feed of the list at ``base``; ``suffix`` is ``.rss.xml``, ``.atom.xml`` or ``.json``."""
    return f"{base}feed{suffix}"


def archive(base: str, name: str, suffix: str) -> str:
    """An archive document of the feed of the list at ``base``; ``name`` as in ``archives.Archive``."""
    return f"{base}feed-{name}{suffix}"


def indexnow_key(site: Site) -> str:
    """The file that shows search engines the site's IndexNow key."""
    return f"/{site.indexnow_key}.txt"


def media(file: str) -> str:
    """A file of ``content/images``."""
    return f"/{file}"


def file(url: str) -> str:
    """The path of the file behind an address, below the output folder."""
    return f"{url[1:]}index.html" if url.endswith("/") else url[1:]


def absolute(site: Site, url: str) -> str:
    """The whole address, for feeds, ``canonical`` and whatever leaves the site."""
    return site.url + quoted(url)


def local(site: Site, url: str) -> str:
    """The address from the root of the host: what pages link to, wherever the site is mounted."""
    return base(site.url) + quoted(url)


def absolute_all(site: Site, urls: Sequence[str]) -> list[str]:
    """The whole address of each."""
    return [site.url + url for url in _quoted(urls)]


def local_all(site: Site, urls: Sequence[str]) -> list[str]:
    """The address of each from the root of the host."""
    top = base(site.url)
    return [top + url for url in _quoted(urls)]


def _quoted(urls: Sequence[str]) -> Iterable[str]:
    return urls if _FINE("".join(urls)) else map(quoted, urls)  # one look at all is sooner than one at each


@lru_cache(maxsize=8)
def base(address: str) -> str:
    """The path that a site is mounted at, by its address; empty at the root of a host."""
    return urlsplit(address).path.rstrip("/")


def quoted(url: str) -> str:
    """An address in ASCII (RFC 3986)."""
    return url if _FINE(url) else quote(url, safe="/#?=&%:,.;~-_")
