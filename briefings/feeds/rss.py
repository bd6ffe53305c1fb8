"""RSS 2.0 (https://www.rssboard.org/rss-specification, with the board's RSS profile), built with feedgen."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from briefings.feeds import text, xml
from briefings.feeds.extension import ATOM, NAMESPACES, EntryExtension, FeedExtension
from briefings.feeds.format import RSS

if TYPE_CHECKING:
    from briefings.feeds.ready import Ready
    from briefings.views import Feed

TTL = 60
"""Minutes between two requests that a polite reader leaves."""

_NAMESPACES = {**NAMESPACES, "atom": ATOM, "content": "http://purl.org/rss/1.0/modules/content/"}


def entry(ready: Ready) -> tuple[bytes, ...]:
    """Return the ``item`` of an entry. Its prefixes are those that :func:`wrap` declares."""
    said = ready.entry
    item = FeedEntry()
    item.register_extension("briefings", EntryExtension)
    item.briefings.ready = ready
    item.title(_plain(said.title))
    item.link({"href": said.url, "rel": "alternate"})
    item.guid(said.id, permalink=False)
    item.summary(escape(ready.summary, quote=False))  # ``description`` is HTML, and feedgen escapes for XML only
    item.content(xml.HERE)
    if said.source_feed:
        item.source(said.source_feed, _plain(said.source_name))
    if said.enclosure:
        item.enclosure(said.enclosure.url, said.enclosure.length, said.enclosure.type)
    return xml.piece(item.rss_entry(), "rss", _NAMESPACES, b"<description>", ready.escaped)


def wrap(feed: Feed) -> tuple[bytes, bytes]:
    """Return what stands before the first ``item`` and after the last."""
    made = FeedGenerator()
    made.register_extension("briefings", FeedExtension)
    made.briefings.feed, made.briefings.namespaces = feed, _NAMESPACES
    made.title(_plain(text.line(feed.title)))
    made.subtitle(_plain(text.line(feed.subtitle) or text.line(feed.title)))
    # The alternate last: feedgen makes the last link of whatever rel the channel's own.
    made.link({"href": text.address(feed.self_url), "rel": "self", "type": RSS})
    made.link({"href": text.address(feed.url), "rel": "alternate"})
    made.updated(text.moment(feed.updated))
    made.generator(text.line(feed.generator))
    made.ttl(TTL)
    if lang := text.language(feed.lang):
        made.language(lang)
    if rights := text.line(feed.rights):
        made.rights(_plain(rights))
    # RSS knows GIF, JPEG and PNG; title and link must be the channel's, which feedgen fills in.
    if (icon := text.address(feed.icon)) and icon.lower().endswith((".gif", ".jpeg", ".jpg", ".png")):
        made.image(icon)
    return xml.shell(made.rss_str(pretty=True), b"<rss", b"</channel>")


def _plain(words: str) -> str:
    """Return a text for an element of which RSS does not say whether it holds HTML.

    Plain is what most readers take it for; only what they would mistake for HTML is written as HTML.
    """
    return escape(words, quote=False) if text.markup(words) else words
