"""OPML 2.0 (http://opml.org/spec2.opml): all feeds of the site, to subscribe to in one go. Written by us."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from briefings.feeds import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefings.views import FeedGroup, FeedLink

_MARKUP = re.compile(r"<|&[^\s&<]")
_PREFERRED = ("atom", "rss", "json")


def write(title: str, groups: tuple[FeedGroup, ...], absolute: Callable[[str], str]) -> bytes:
    """Return an outline with a group per kind of list, and one feed per list.

    Each list is named once, in the format that is read with the least guessing (Atom): a reader that imports the
    file subscribes to all of it, and would show everything three times.

    Args:
        title: the site's name. Each list is called by its label and this.
        groups: with root-relative addresses; groups and rows without feeds are left out.
        absolute: makes an address absolute.
    """
    site = text.line(title)
    from lxml import etree  # noqa: PLC0415 - slow to load, and one file of the site needs it

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _text(site)
    body = etree.SubElement(root, "body")
    for group in groups:
        rows = [(row, min(row.feeds, key=_rank)) for row in group.rows if row.feeds]
        if not rows:
            continue
        outline = etree.SubElement(body, "outline", text=_text(group.label))
        for row, feed in rows:
            # Not the link's own title, which names its format too: whoever follows a list does not care.
            name = _text(site if row.label == site else f"{row.label} · {site}")
            attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": text.address(absolute(feed.url))}
            if page := text.address(absolute(row.url)):
                attributes["htmlUrl"] = page
            etree.SubElement(outline, "outline", attributes)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _rank(feed: FeedLink) -> int:
    return _PREFERRED.index(feed.format)


def _text(plain: str) -> str:
    """Return a text for OPML, whose texts may hold HTML: escaped only where it would else be taken for markup.

    Most readers show the text as it stands, so that ``Flood & storm`` has to stay as it is.
    """
    one = text.line(plain)
    return escape(one, quote=False) if _MARKUP.search(one) else one
