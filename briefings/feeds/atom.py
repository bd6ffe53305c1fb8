"""Atom 1.0 (RFC 4287, with RFC 5005 and GeoRSS Simple), built with feedgen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from briefings.feeds import text, xml
from briefings.feeds.extension import NAMESPACES, EntryExtension, FeedExtension, history
from briefings.feeds.format import ATOM

if TYPE_CHECKING:
    from briefings.feeds.ready import Ready
    from briefings.views import Entry, Feed

_NAMESPACES = {prefix: NAMESPACES[prefix] for prefix in ("fh", "georss", "media")}


def entry(ready: Ready) -> tuple[bytes, ...]:
    """Return the ``entry`` of an entry. Its prefixes are those that :func:`wrap` declares."""
    said = ready.entry
    made = FeedEntry()
    made.register_extension("briefings", EntryExtension)
    made.briefings.ready = ready
    made.briefings.links = _links(said)
    made.id(said.id)
    made.title(said.title)
    made.updated(text.moment(said.updated))
    made.published(text.moment(said.published))
    made.link([dict(link) for link in made.briefings.links])  # feedgen writes into what it is given
    made.summary(ready.summary)
    made.content(xml.HERE, type="html")
    if ready.author:
        home = {"uri": said.source_url} if said.source_url else {}
        made.author({"name": ready.author, **home})
    if said.rights:
        made.rights(said.rights)
    return xml.piece(made.atom_entry(), "feed", _NAMESPACES, b"<content ", ready.escaped)


def _links(said: Entry) -> list[dict[str, str]]:
    """One alternate, the permalink; ``via`` is the original (RFC 4287, 4.2.7.2), never an alternate."""
    links = [{"href": said.url, "rel": "alternate", "type": "text/html"}]
    if said.original:
        links.append({"href": said.original, "rel": "via", "type": "text/html"})
    if file := said.enclosure:
        links.append({"href": file.url, "rel": "enclosure", "type": file.type, "length": str(file.length)})
    return links


def wrap(feed: Feed) -> tuple[bytes, bytes]:
    """Return what stands before the first ``entry`` and after the last."""
    made = FeedGenerator()
    made.register_extension("briefings", FeedExtension)
    made.briefings.feed, made.briefings.namespaces = feed, _NAMESPACES
    made.id(feed.id)
    made.title(text.line(feed.title))
    made.updated(text.moment(feed.updated))
    made.generator(text.line(feed.generator))
    if subtitle := text.line(feed.subtitle):
        made.subtitle(subtitle)
    # HTML first of the alternates: simple readers take the first for the feed's home.
    made.link({"href": text.address(feed.self_url), "rel": "self", "type": ATOM})
    made.link({"href": text.address(feed.url), "rel": "alternate", "type": "text/html"})
    for sibling in feed.siblings:
        if sibling.format != "atom" and (href := text.address(sibling.url)):
            made.link({"href": href, "rel": "alternate", "type": sibling.type, "title": text.line(sibling.title)})
    if hub := text.address(feed.hub):
        made.link({"href": hub, "rel": "hub"})
    for rel, href in history(feed):
        made.link({"href": href, "rel": rel})
    # RFC 4287, 4.1.1: a feed has an author unless each entry has one.
    made.author({"name": text.line(feed.author) or text.line(feed.title)})
    if lang := text.language(feed.lang):
        made.language(lang)
    if rights := text.line(feed.rights):
        made.rights(rights)
    if icon := text.address(feed.icon):
        made.icon(icon)
    return xml.shell(made.atom_str(pretty=True), b"<feed", b"</feed>")
