"""Copies that a reader's browser keeps of the briefings opened last, for times without a connection.

A service worker (https://www.w3.org/TR/service-workers/) in the site's own folder, so that nothing above it on the same
host is its business. What it does is in ``theme/static/offline-worker.js``; the planned file tells it about the site
and names the theme's by digest, so that browsers see every change of either. There is none unless the settings ask.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from briefings import urls
from briefings.model import Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from briefings.desk import Desk
    from briefings.model import Site

KEPT = 20
"""Briefings that are kept unless the settings give another number."""
MOST = 100
"""The highest number that they may give."""
BYTES = 24 * 1024 * 1024
"""All copies of a reader, with their pictures, at most."""
PAGE_BYTES = 4 * 1024 * 1024
"""One briefing with its pictures: those that do not fit are not kept."""
REMOVE = -1
"""``Site.offline`` of a site that takes back what it had browsers keep."""
FORMAT = 1
"""Of what is kept; with another number browsers throw away what they have."""
SCRIPTS = ("offline.js", "offline-list.js", "offline-worker.js")
"""Files of the theme that only a site with copies has."""
_LOOK = ("site.css", *SCRIPTS)
"""What the kept page of all copies is made with."""


def cache(site: Site) -> str:
    """The name of the cache, one for each site of a host (https://www.w3.org/TR/service-workers/#cache-storage)."""
    return f"{_caches(site)}{FORMAT}"


def files(desk: Desk, statics: Mapping[str, str]) -> Iterator[Output]:
    """The page of all copies and the worker; or the worker's tombstone; or nothing.

    Args:
        desk: the site's.
        statics: files of the theme below ``static``, with their SHA-256.
    """
    site = desk.site
    if not site.offline:
        return
    if site.offline == REMOVE:
        text = _TOMBSTONE % json.dumps(_caches(site))
    else:
        head = desk.head("Kept for reading offline", urls.OFFLINE, robots="noindex")
        base = urls.local(site, urls.HOME)
        yield desk.page(
            "offline", head, "the page of copies", most=site.offline, cache=cache(site), base=base, dates=_dates(site)
        )
        text = _worker(site, statics)
    yield Output(urls.file(urls.WORKER), "text", "worker", {"text": text}, "the service worker")


def copied(site: Site, statics: Mapping[str, str]) -> list[str]:
    """The files of the theme that the site has, sorted."""
    return sorted(name for name in statics if site.offline > 0 or name not in SCRIPTS)


def _caches(site: Site) -> str:
    """What the names of all caches of a site begin with; the blank keeps ``/`` apart from ``/news/``."""
    return f"offline {urls.local(site, urls.HOME)} "


def _dates(site: Site) -> str:
    """The language by which browsers write dates as ``labels.day`` does: 3 March 2026 in every English."""
    return "en-GB" if site.lang.split("-", maxsplit=1)[0].lower() == "en" else site.lang


def _worker(site: Site, statics: Mapping[str, str]) -> str:
    told = {
        "base": urls.local(site, urls.HOME),
        "page": urls.local(site, urls.OFFLINE),
        "caches": _caches(site),
        "cache": cache(site),
        "dates": _dates(site),
        "most": site.offline,
        "bytes": BYTES,
        "pageBytes": PAGE_BYTES,
        # Another look of the page of copies is another worker, which fetches it anew.
        "look": sha256("".join([repr(site), *(statics.get(name, "") for name in _LOOK)]).encode()).hexdigest()[:16],
    }
    script = f"{urls.local(site, urls.STATIC)}offline-worker.js?v={statics.get('offline-worker.js', '')[:8]}"
    return f"self.offline = {json.dumps(told, sort_keys=True)};\nimportScripts({json.dumps(script)});\n"


_TOMBSTONE = """\
// Copies for reading offline are no longer kept: this takes back the worker that stood here, and what it kept.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(%s)) await caches.delete(name);
    await self.registration.unregister();
  })());
});
"""
