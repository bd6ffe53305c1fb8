"""RSS 2.0 (https://www.rssboard.org/rss-specification, with the board's RSS profile), built with feedgen."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from briefings.feeds import text
from briefings.feeds.extension import ATOM, NAMESPACES, EntryExtension, FeedExtension

if TYPE_CHECKING:
    from briefings.feeds.ready import Ready
    from briefings.views import Feed

TYPE = "application/rss+xml"
TTL = 60
"""Minutes between two requests that a polite reader leaves."""

_NAMESPACES = {**NAMESPACES, "atom": ATOM, "content": "http://purl.org/rss/1.0/modules/content/"}
_OPEN = etree.tostring(etree.Element("rss", nsmap=_NAMESPACES))[:-2] + b">"
_CLOSE = b"</rss>"
_PLAIN = re.compile(rb"(?<=>)[^<>]++(?=</(?:title|category|source|dc:creator|dc:rights|georss:featureName)>)")
_PLAIN_OF_CHANNEL = re.compile(rb"(?<=>)[^<>]++(?=</(?:title|description|copyright|generator)>)")


def entry(ready: Ready) -> bytes:
    """Return the ``item`` of an entry. Its prefixes are those that :func:`wrap` declares."""
    said = ready.entry
    item = FeedEntry()
    item.register_extension("briefings", EntryExtension)
    item.briefings.ready = ready
    item.title(said.title)
    item.link({"href": said.url, "rel": "alternate"})
    item.guid(said.id, permalink=False)
    item.summary(escape(ready.summary, quote=False))  # ``description`` is HTML, and feedgen escapes for XML only
    item.content(ready.content)
    for category in said.categories:
        item.category({"term": category.term, "scheme": category.scheme, "label": category.label})
    if said.source_feed:
        item.source(said.source_feed, said.source_name)
    if said.enclosure:
        item.enclosure(said.enclosure.url, said.enclosure.length, said.enclosure.type)
    root = etree.Element("rss", nsmap=_NAMESPACES)  # appended to it, the item's namespaces take its prefixes
    root.append(item.rss_entry())
    for element in root[0]:
        element.tail = "\n"
    root[0].text = "\n"
    written = etree.tostring(root, encoding="unicode").encode()
    return _hexadecimal(_PLAIN, written.removeprefix(_OPEN).removesuffix(_CLOSE))


def wrap(feed: Feed) -> tuple[bytes, bytes]:
    """Return what stands before the first ``item`` and after the last."""
    made = FeedGenerator()
    made.register_extension("briefings", FeedExtension)
    made.briefings.feed = feed
    made.title(text.line(feed.title))
    made.subtitle(text.line(feed.subtitle) or text.line(feed.title))
    # The alternate last: feedgen makes the last link of whatever rel the channel's own.
    made.link({"href": text.address(feed.self_url), "rel": "self", "type": TYPE})
    made.link({"href": text.address(feed.url), "rel": "alternate"})
    made.updated(text.moment(feed.updated))
    made.generator(text.line(feed.generator))
    made.ttl(TTL)
    if lang := text.language(feed.lang):
        made.language(lang)
    if rights := text.line(feed.rights):
        made.rights(rights)
    # RSS knows GIF, JPEG and PNG; title and link must be the channel's, which feedgen fills in.
    if (icon := text.address(feed.icon)) and icon.lower().endswith((".gif", ".jpeg", ".jpg", ".png")):
        made.image(icon)
    written: bytes = made.rss_str(pretty=True)
    head, tag, tail = written.rpartition(b"</channel>")
    return _hexadecimal(_PLAIN_OF_CHANNEL, head.rstrip()) + b"\n", b"\n" + tag + tail


def _hexadecimal(where: re.Pattern[bytes], written: bytes) -> bytes:
    """Write ``&``, ``<`` and ``>`` of plain texts as the RSS profile advises for most readers (4.1.2: ``&#x26;``)."""

    def rewrite(found: re.Match[bytes]) -> bytes:
        return found[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")

    return where.sub(rewrite, written)
