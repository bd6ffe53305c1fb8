"""JSON documents: the finished data of the plan, with a briefing's prose where the document has a place for it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec.json import Encoder

from briefings.prose import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefings.model import Site

_encoded = Encoder().encode
_TAG = re.compile(r'<(?:a|img)(?:\s+[\w-]+="[^"]*")*\s*/?>')
_ADDRESS = re.compile(r'\sdata-whole="[^"]*"|(\s(?:href|src)=")(/[^"]*")')


def text(value: object) -> str:
    """Plain data as JSON on one line, without needless spaces; half a character stays one."""
    try:
        return _encoded(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(name: str, data: Mapping[str, Any], html: str = "") -> bytes:
    """Return the document as UTF-8 on one line.

    Args:
        name: ``json`` for a document of ours (``content_html``), ``ninjs`` for one of IPTC's (``bodies``).
        data: everything but the prose.
        html: as much of the prose as may be given; nothing is added when it is empty.
    """
    filled = dict(data)
    if html and name == "ninjs":
        said = words(html)
        counted = {"charCount": len(said), "wordCount": len(said.split())}
        filled["bodies"] = [{"role": "main", "contentType": "text/html", **counted, "value": html}]
    elif html:
        filled["content_html"] = html
    return f"{text(filled)}\n".encode("utf-8", "replace")


def whole(html: str, site: Site) -> str:
    """Make the root-relative addresses of cleaned HTML absolute: a document is read far from its site."""
    if "<a" not in html and "<img" not in html:
        return html
    parts = urlsplit(site.url)
    origin = f"{parts.scheme}://{parts.netloc}"

    def put(found: re.Match[str]) -> str:
        return found[1] + origin + found[2] if found[1] else ""

    return _TAG.sub(lambda tag: _ADDRESS.sub(put, tag[0]), html)
