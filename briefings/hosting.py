"""Small files for hosts and browsers: response headers, and the manifest of the site as an application.

``_headers`` and ``_redirects`` are read by several hosts of static sites (Netlify, Cloudflare Pages and others);
servers of one's own have their lines in ``docs/operating.md`` (reliability R32).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings import labels, urls
from briefings.model import Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.desk import Desk

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What the pages need, and what only a header can say: that nobody frames them.

``wasm-unsafe-eval`` is for the search page, whose program is WebAssembly. Every other page refuses it in its own
policy, and of two policies a browser keeps both; hosts differ in what becomes of a header that two rules set.
"""
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cache-Control", "public, max-age=300"),
)
PAPER = "#fdfdfe"
"""The colour of the page in the light scheme, as in the theme."""


def files(desk: Desk) -> Iterator[Output]:
    """The file of headers and the web app manifest (https://www.w3.org/TR/appmanifest/)."""
    if not desk.site.makes("hosting"):
        return
    worker = "; worker-src 'self'" if desk.site.offline > 0 else ""
    values = {**dict(HEADERS), "Content-Security-Policy": POLICY + worker}
    rules = "".join(f"  {name}: {value}\n" for name, value in values.items())
    text = f"{urls.local(desk.site, urls.HOME)}*\n{rules}"
    yield Output(urls.file(urls.HEADERS), "text", "headers", {"text": text}, "the file of headers")
    home = urls.local(desk.site, urls.HOME)
    manifest = {
        "id": home,
        "name": desk.site.name,
        "description": desk.site.subtitle,
        "lang": desk.site.lang,
        "dir": labels.direction(desk.site.lang),
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": urls.local(desk.site, urls.ICON_VECTOR), "type": "image/svg+xml", "sizes": "any"},
            {"src": urls.local(desk.site, urls.ICON), "type": "image/png", "sizes": "64x64"},
        ],
    }
    data = {key: value for key, value in manifest.items() if value}
    yield Output(urls.file(urls.MANIFEST), "document", "json", {"data": data}, "the web app manifest")
