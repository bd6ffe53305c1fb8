"""What templates and feeds may look at: plain frozen values, every address and label already made by ``pages``.

A template computes nothing: it only places these. All of a page's context is made of them (and of ``str``, ``int``,
``bool``, ``None`` and tuples), so that a digest of the context says whether the page must be made anew.
Addresses (``url``) are root-relative paths of the site without its base path (``/tags/conflict/``); templates pass
them through ``url()`` or ``absolute()``.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class View(Struct, frozen=True, array_like=True):
    """What all of them are. Encoded they are their values alone: the names of fields say nothing of a page."""


class Link(View, frozen=True):
    """A link with its label; ``count`` is the number of briefings behind it, 0 where that has no meaning."""

    label: str
    url: str
    count: int = 0
    note: str = ""
    lang: str = ""
    dir: str = ""


class FeedLink(View, frozen=True):
    """A feed in one format. ``type`` is its media type; ``title`` tells it from every other feed of the site."""

    title: str
    type: str
    url: str
    format: Literal["rss", "atom", "json"]


class When(View, frozen=True):
    """A date as readers see it. ``label`` is ``undated`` when there is none, and ``iso`` empty then."""

    label: str
    iso: str = ""
    url: str = ""
    undated: bool = False


class Strip(View, frozen=True):
    """The dateline strip: ``ALEPPO, Syria · 13 December 2016 · IRIN``. A missing part is ``None``."""

    place: Link | None
    country: Link | None
    date: When
    source: Link | None


class Card(View, frozen=True):
    """A briefing as lists show it."""

    title: str
    url: str
    lang: str
    dir: Literal["ltr", "rtl"]
    status: Literal["draft", "published", "withdrawn"]
    strip: Strip
    lead: str
    """The summary, or the first key point; plain text, may be empty."""
    tags: tuple[Link, ...] = ()
    published: When = When("", "")
    points: tuple[str, ...] = ()
    """All key points: the front page may show more than the lead."""


class Pager(View, frozen=True):
    """Where a list page stands. Pages are numbered from the oldest, so that an addition moves none of them."""

    current: int
    """0 for the first page of the list (the newest), else the number in the address."""
    pages: tuple[Link, ...] = ()
    """Newest first; the label is what to print."""
    newer: Link | None = None
    older: Link | None = None


class CardImage(View, frozen=True):
    """The picture that other sites show beside a link to a page; ``url`` is root-relative, the size in pixels."""

    url: str
    width: int
    height: int
    alt: str


class Head(View, frozen=True):
    """What stands in ``<head>`` and is not the theme's business."""

    title: str
    """Of this page alone; the template adds the site's name."""
    url: str
    """The page's own address, root-relative."""
    description: str = ""
    lang: str = "en"
    dir: Literal["ltr", "rtl"] = "ltr"
    feeds: tuple[FeedLink, ...] = ()
    robots: str = ""
    kind: str = "website"
    """Open Graph type: ``website`` or ``article``."""
    jsonld: str = ""
    """JSON text, escaped for a script element, or empty."""
    image: CardImage | None = None
    canonical: str = ""
    """Address of the original, where its rights ask that search engines be led there: not in the sitemap then."""


class Known(View, frozen=True):
    """A line of "How we know": what field, what it says, how it is known, from which words."""

    field: str
    label: str
    """The field's name for readers: ``Place``, ``Date``, ``Source``."""
    value: str
    status: str
    status_label: str
    """``stated by the source``, ``inferred from the text``, ``set by an editor``, …"""
    words: tuple[str, ...] = ()
    confidence: int | None = None
    """Per cent."""


class Changed(View, frozen=True):
    """A line of "What changed"."""

    on: When
    kind: Literal["major", "minor"]
    note: str


class Point(View, frozen=True):
    """A dot on the map. Degrees, WGS 84."""

    label: str
    url: str
    latitude: float
    longitude: float
    count: int = 1
    """How many briefings are about it; 0 where that is not told."""


class SourceView(View, frozen=True):
    """Who says so, with what the table of sources knows of them."""

    name: str
    """As the original printed it."""
    url: str = ""
    """The source's list on this site."""
    homepage: str = ""
    profile: str = ""
    successor: str = ""
    author: str = ""
    filed_from: str = ""
    original: str = ""
    """Address of the original, if known."""
    rights: str = ""
    reuse: str = "full"


class Bar(View, frozen=True):
    """A step of a history: ``2018``, and how many briefings it has."""

    label: str
    count: int


class Fact(View, frozen=True):
    """A fact of a list: what it is of, in words, perhaps with a link (root-relative)."""

    label: str
    value: str
    url: str = ""


class FacetView(View, frozen=True):
    """What a list page is about. ``kind`` is a row of ``library.FACETS``."""

    kind: str
    kind_label: str
    """Singular, for readers: ``Tag``, ``Place``, ``Country``, ``Source``, ``Year``, ``Month``."""
    index: Link
    """The index page of the kind."""
    label: str
    url: str
    count: int
    description: str = ""
    up: tuple[Link, ...] = ()
    """Wider lists, the widest first: a place's country and region, a month's year."""
    down: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    """Narrower lists under headings: a country's regions and places, a region's places, a year's months."""
    links: tuple[Link, ...] = ()
    """Outward facts of a source: homepage, successor."""
    feeds: tuple[FeedLink, ...] = ()
    points: tuple[Point, ...] = ()
    near: tuple[Link, ...] = ()
    """Places near by; ``note`` is the distance."""
    facts: tuple[Fact, ...] = ()
    """What is known of a source."""
    history: tuple[Bar, ...] = ()
    """Briefings over time, the oldest first."""
    data: str = ""
    """The list as a JSON document; root-relative."""


class Cite(View, frozen=True):
    """How to cite a briefing, and what may be done with it."""

    plain: tuple[str, ...]
    """One line in pieces: every other one, from the second, may be of another direction."""
    forms: tuple[tuple[str, str], ...]
    """Name of a format and the citation in it: ``BibTeX``, ``@misc{…}``."""
    permalink: str
    """Short, permanent, absolute."""
    json: str
    """The briefing as a JSON document; root-relative."""
    ninjs: str
    """The briefing as an item of IPTC's ninjs; root-relative."""
    reuse: str = ""
    """A sentence."""


class Told(View, frozen=True):
    """A sentence with the briefing that says it: a key point of a story, or its latest change."""

    text: str
    by: Link
    on: When


class StoryView(View, frozen=True):
    """What stands at the top of a story's page, beside its facet."""

    since: When
    """The first date of its briefings."""
    until: When
    """The last one."""
    points: tuple[Told, ...] = ()
    """Key points so far, of the newest briefings first; a bounded number."""
    latest: Told | None = None
    """The latest change: a new briefing, or the note of a correction."""


class StoryStep(View, frozen=True):
    """Where a briefing stands in its story."""

    story: Link
    older: Link | None = None
    newer: Link | None = None


class CalendarDay(View, frozen=True):
    """A day of a calendar, with a link where there is something: 20, ``2026-11-20``, 3, its digest, ``November``."""

    number: int
    iso: str
    count: int
    url: str = ""
    month: str = ""
    """The month's name, for those who hear the link; empty without one."""


class CalendarWeek(View, frozen=True):
    """A row of a calendar: the number of the week (ISO 8601) and seven days from Monday, ``None`` outside the month."""

    week: Link
    days: tuple[CalendarDay | None, ...]


class CalendarMonth(View, frozen=True):
    """A month as a calendar. ``weekdays`` are (short, whole) names from Monday."""

    month: Link
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[CalendarWeek, ...]


class DigestView(View, frozen=True):
    """What a digest's page says of itself; its briefings are cards beside it."""

    kind: Literal["day", "week", "month"]
    label: str
    count: int
    more: int
    """How many of them the page leaves out."""
    index: Link
    text: str
    """The digest as plain text; root-relative."""
    newer: Link | None = None
    older: Link | None = None
    wider: tuple[Link, ...] = ()
    """The digests of the month and the week that it lies in."""
    calendar: CalendarMonth | None = None
    """Of a month."""


class Term(View, frozen=True):
    """A row of an index page."""

    label: str
    url: str
    count: int
    note: str = ""
    letter: str = ""
    children: tuple[Link, ...] = ()


class FeedRow(View, frozen=True):
    """A line of the page of all feeds."""

    label: str
    url: str
    count: int
    feeds: tuple[FeedLink, ...]


class FeedGroup(View, frozen=True):
    """The feeds of one kind of list."""

    label: str
    rows: tuple[FeedRow, ...]
    rest: Link | None = None
    """Where the lists are that the page of all feeds leaves out; its count says how many."""


# --- feeds: the same values for every format ------------------------------------------------------------------------


class Category(View, frozen=True):
    """A term of a facet. ``scheme`` is absolute (``https://…/tags/``) and ends with a slash; ``term`` is stable."""

    term: str
    scheme: str
    label: str


class Enclosure(View, frozen=True):
    """A file that belongs to an entry. ``url`` is absolute; ``length`` in bytes; size in pixels, 0 when unknown."""

    url: str
    type: str
    length: int
    width: int = 0
    height: int = 0
    alt: str = ""


class Entry(View, frozen=True):
    """A briefing as subscribers get it. Addresses are absolute; times are RFC 3339 in UTC with ``Z``."""

    id: str
    """``urn:uuid:…``, the same in every format and feed."""
    url: str
    title: str
    published: str
    updated: str
    lang: str
    summary: str
    """Plain text: the key points, or the summary."""
    points: tuple[str, ...]
    prose: str
    """``path`` of the briefing's file, whose prose is rendered when the feed is written; empty: ``body`` is all."""
    prose_digest: str
    strip: str
    """The dateline strip as one line of plain text."""
    source_name: str = ""
    source_url: str = ""
    """The agency's homepage, absolute."""
    source_feed: str = ""
    author: str = ""
    original: str = ""
    rights: str = ""
    reuse: str = "full"
    notice: str = ""
    """Plain text that opens the content: the reason of a withdrawal, or a correction."""
    categories: tuple[Category, ...] = ()
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    enclosure: Enclosure | None = None
    body: str = ""
    """HTML of ours, for an entry that no briefing stands behind: escaped, addresses absolute, elements as in feeds."""


class Feed(View, frozen=True):
    """A feed before it takes a format. Addresses are absolute; entries newest first."""

    id: str
    """``urn:uuid:…`` of the feed itself: derived from ``Site.key`` and the facet, never from an address."""
    title: str
    subtitle: str
    lang: str
    url: str
    """The HTML page of the same list."""
    self_url: str
    updated: str
    """The newest ``updated`` of the entries."""
    rights: str
    author: str
    icon: str
    generator: str
    entries: tuple[Entry, ...]
    complete: bool
    """Whether it holds all entries of its list (RFC 5005, section 2)."""
    hub: str = ""
    siblings: tuple[FeedLink, ...] = ()
    """The same list in the other formats; ``url`` absolute here."""
    prev_archive: str = ""
    """Address of the newest archive document in the same format; written unless the feed is complete (RFC 5005, 4)."""
    current: str = ""
    """Of an archive document: the feed that it belongs to, in the same format. Empty for a feed itself."""
    stylesheet: str = ""
    """Absolute address of a style sheet that makes the feed readable when it is opened in a browser."""
    unarchived: int = 0
    """How many of the newest entries no archive holds: no limit leaves them out."""
