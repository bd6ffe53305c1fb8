"""Our extension of feedgen 1.0.0: it corrects the elements that feedgen hands over, and adds what it cannot write.

Each correction names the fault; a test shows feedgen's own output beside ours. feedgen calls ``extend_atom`` and
``extend_rss`` with the finished XML element of an entry or feed (its public extension interface). Atom elements carry
no namespace here: feedgen writes ``xmlns`` as a plain attribute of the root.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from briefings.feeds import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefings.feeds.ready import Ready
    from briefings.views import Entry, Feed

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",  # RFC 5005
    "georss": "http://www.georss.org/georss",
    "media": "http://search.yahoo.com/mrss/",
}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen is not typed
    """Corrects an Atom ``entry`` or an RSS ``item``. ``ready`` is set after registration; feedgen makes the object."""

    ready: Ready
    links: Sequence[dict[str, str]] = ()
    """What ``FeedEntry.link`` was given, in that order (Atom only)."""

    def extend_atom(self, element: etree._Element) -> etree._Element:
        entry = self.ready.entry
        # feedgen reuses one name for the link it writes and the one it reads, so that only ``href`` arrives.
        for link, given in zip(element.findall("link"), self.links, strict=True):
            link.attrib.update(given)
        # feedgen writes isoformat(), with +00:00; one form everywhere makes texts comparable.
        _set(element, "updated", entry.updated)
        _set(element, "published", entry.published)
        _texts(element, "title", "summary", "rights")
        # Not given to feedgen, which looks at each of them several times over: they are most of an entry's elements.
        for one in entry.categories:
            scheme = {"scheme": one.scheme} if one.scheme else {}
            _add(element, "category", term=one.term, **scheme, label=one.label)
        _source(element, entry)
        _place_and_picture(element, self.ready)
        _language(element, entry.lang)
        element.extend(element.findall("content"))  # last: for people, who see the summary first
        return element

    def extend_rss(self, item: etree._Element) -> etree._Element:
        entry = self.ready.entry
        # Not given to feedgen: its dates go through locale.setlocale, which is neither cheap nor safe.
        _add(item, "pubDate", text.rfc822(entry.published))
        # RSS has no word for a later change; readers that know Atom's take it.
        _add(item, f"{{{ATOM}}}updated", entry.updated)
        # RSS ``author`` is an e-mail address, and feedgen drops an author without one.
        if self.ready.author:
            _add(item, _name("dc", "creator"), self.ready.author)
        if entry.rights:
            words = escape(entry.rights, quote=False) if text.markup(entry.rights) else entry.rights
            _add(item, _name("dc", "rights"), words)
        if entry.original:
            _add(item, f"{{{ATOM}}}link", rel="via", type="text/html", href=entry.original)
        for one in entry.categories:
            label = escape(one.label, quote=False) if text.markup(one.label) else one.label
            _add(item, "category", label, **({"domain": one.scheme} if one.scheme else {}))
        _place_and_picture(item, self.ready)
        _language(item, entry.lang)
        # Last, in this order: some readers take the later of the two for the content.
        for name in ("description", "{http://purl.org/rss/1.0/modules/content/}encoded"):
            item.extend(item.findall(name))
        return item


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen is not typed
    """Corrects an Atom ``feed`` or an RSS ``channel``. ``feed`` is set after registration."""

    feed: Feed
    namespaces: Mapping[str, str]
    """By prefix, for the root; feedgen adds what RSS needs anyway."""

    def extend_ns(self) -> dict[str, str]:
        return dict(self.namespaces)

    def extend_atom(self, root: etree._Element) -> etree._Element:
        _set(root, "updated", self.feed.updated)
        _texts(root, "title", "subtitle", "rights")
        self._history(root)
        self._stylesheet(root)
        return root

    def extend_rss(self, root: etree._Element) -> etree._Element:
        channel = root[0]
        # feedgen writes no atom:link but self.
        if hub := text.address(self.feed.hub):
            _add(channel, f"{{{ATOM}}}link", rel="hub", href=hub)
        for rel, href in history(self.feed):
            _add(channel, f"{{{ATOM}}}link", rel=rel, href=href)
        self._history(channel)
        self._stylesheet(root)
        return root

    def _history(self, element: etree._Element) -> None:
        # RFC 5005: complete (section 2) and archive (section 4) exclude each other.
        if text.address(self.feed.current):
            _add(element, _name("fh", "archive"))
        elif self.feed.complete:
            _add(element, _name("fh", "complete"))

    def _stylesheet(self, root: etree._Element) -> None:
        # https://www.w3.org/TR/xml-stylesheet/: its pseudo-attributes escape like attributes.
        if href := text.address(self.feed.stylesheet):
            root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{escape(href)}"'))


def history(feed: Feed) -> list[tuple[str, str]]:
    """Relation and address of the links that lead through a feed's past (RFC 5005, section 4; appendix B for RSS)."""
    current = text.address(feed.current)
    links = [("current", current)]
    if current or not feed.complete:
        links.append(("prev-archive", text.address(feed.prev_archive)))
    return [(rel, href) for rel, href in links if href]


def _texts(element: etree._Element, *names: str) -> None:
    """Say of each text construct what it is (RFC 4287, 3.1): feedgen leaves that to guesses."""
    for name in names:
        for found in element.findall(name):
            html = text.markup(found.text or "")
            found.text = escape(found.text or "", quote=False) if html else found.text
            found.set("type", "html" if html else "text")


def _source(element: etree._Element, entry: Entry) -> None:
    """Write ``atom:source`` when the agency's feed is known (RFC 4287, 4.2.11); feedgen's has neither id nor updated.

    What is copied there is the feed's address and name; ``updated`` is when this site took the entry over.
    """
    if not entry.source_feed:
        return
    source = _add(element, "source")
    _add(source, "id", entry.source_feed)
    _add(source, "title", entry.source_name, type="text")
    _add(source, "updated", entry.published)
    _add(source, "link", rel="self", href=entry.source_feed)
    if entry.source_url:
        _add(source, "link", rel="alternate", type="text/html", href=entry.source_url)


def _place_and_picture(element: etree._Element, ready: Ready) -> None:
    if ready.point:
        _add(element, _name("georss", "point"), " ".join(ready.point))
        # feedgen's geo extension writes ``featurename``; the schema and validators know camel case only.
        if ready.entry.place:
            _add(element, _name("georss", "featureName"), ready.entry.place)
    if picture := ready.entry.enclosure:
        # Directly in the entry: a media:group is for several forms of one thing, and feedgen makes one of a single.
        known = {"fileSize": picture.length, "width": picture.width, "height": picture.height}
        medium = picture.type.partition("/")[0]
        _add(
            element,
            _name("media", "content"),
            url=picture.url,
            type=picture.type,
            **({"medium": medium} if medium in {"image", "audio", "video"} else {}),
            **{name: str(value) for name, value in known.items() if value > 0},
        )


def _language(element: etree._Element, lang: str) -> None:
    # Always, not only when it differs from the feed's: so an entry is the same in every feed.
    if lang:
        element.set(_LANG, lang)


def _name(prefix: str, name: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{name}"


def _add(parent: etree._Element, tag: str, content: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = content
    return element


def _set(parent: etree._Element, tag: str, content: str) -> None:
    for element in parent.findall(tag):
        element.text = content
