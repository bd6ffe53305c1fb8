"""The nouns of the project, as frozen values. Imports nothing of ours.

::

    seed file --read--> Seed --find--> Draft --write--> content/briefings/YYYY/slug.md
    output/ <--build-- Output <--plan-- Library <--load-- Briefing

Offsets count Unicode code points in ``Seed.text``; ``end`` is exclusive. Latitude and longitude are decimal degrees in
WGS 84. Countries are ISO 3166-1 alpha-2 codes in capitals; languages are BCP 47 tags.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

T = TypeVar("T")

Status = Literal["stated", "partial", "inferred", "ambiguous", "undated", "none", "editor"]
"""How a value is known. ``stated``: a header, dateline or other closed form says so; ``partial``: said, but not whole
(a day and month without a year); ``inferred``: weighed from several mentions; ``ambiguous``: weighed without a clear
winner; ``undated``/``none``: looked for and not there; ``editor``: written by a person."""

BlockKind = Literal["title", "header", "heading", "text", "item", "quote", "caption", "table", "code"]


# --- a raw document -------------------------------------------------------------------------------------------------


class Block(Struct, frozen=True):
    """A stretch of a seed's text that belongs together; ``text == seed.text[start:end]`` always holds."""

    kind: BlockKind
    text: str
    start: int
    end: int
    level: int = 0


class Stated(Struct, frozen=True):
    """Something a document says of itself outside its text: a meta tag, a JSON-LD property, a mail header.

    ``name`` is one of ``title``, ``date`` (published), ``updated``, ``author``, ``publisher``, ``url``, ``lang``,
    ``description``, ``image``, ``keywords``; ``value`` is verbatim; ``origin`` says where it stood
    (``meta article:published_time``).
    """

    name: str
    value: str
    origin: str


class Removed(Struct, frozen=True, array_like=True):
    """Text of the seed that is in neither the body nor a field, with the reason; nothing is dropped without one.

    ``start`` and ``end`` are ``None`` for text that a reader left out before ``Seed.text`` was made (page navigation).
    """

    text: str
    reason: str
    start: int | None = None
    end: int | None = None


class Seed(Struct, frozen=True):
    """A raw document as handed over: what it says, and what it says about itself, verbatim."""

    name: str
    """The path as the editor gave it, in POSIX form: what messages and provenance print."""
    format: str
    sha256: str
    """Of the bytes of the file, in hexadecimal."""
    text: str
    """The whole text, decoded, line ends as ``\\n``. Every offset of this seed counts code points in it."""
    blocks: tuple[Block, ...]
    """In order, not overlapping; between them only white space."""
    stated: tuple[Stated, ...] = ()
    dropped: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    """What reading had to change, a sentence each: ``decoded as windows-1252``."""


# --- what was found in it -------------------------------------------------------------------------------------------


class Evidence(Struct, frozen=True):
    """The words that support a value. Outside the text they have no offsets, and ``origin`` says where they stood."""

    text: str
    start: int | None = None
    end: int | None = None
    origin: str = ""


class Finding(Struct, Generic[T], frozen=True):
    """One value, how it is known, and the words of the seed that support it."""

    value: T
    status: Status
    rule: str
    """The name of the rule that found it, for people who mend rules: ``filed-for``."""
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = None
    """Share of the evidence, 0 to 1, for weighed values only."""
    hints: tuple[Evidence, ...] = ()
    """What may help the editor decide, without being the value: the weekdays of an undated article."""


class Place(Struct, frozen=True, array_like=True):
    """A point that a briefing is about. Coordinates are both there or both absent; a country alone has none."""

    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    geonames: int | None = None
    region: str = ""
    """The first-level subdivision of the country that it lies in, by name: a state, province or governorate."""


class Image(Struct, frozen=True, array_like=True):
    """A picture. ``file`` is a path inside ``content/`` (``images/x.jpg``); without it only the words are kept."""

    file: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""


class Draft(Struct, frozen=True):
    """A briefing in the making: findings, open questions, and what was removed."""

    seed: Seed
    title: Finding[str] | None
    source: Finding[str] | None
    author: Finding[str] | None
    filed_from: Finding[str] | None
    url: Finding[str] | None
    date: Finding[str | None]
    """An EDTF date, ``--MM-DD`` when only day and month are said (status ``partial``), or ``None``."""
    location: Finding[Place | None]
    places: tuple[Finding[Place], ...]
    tags: tuple[Finding[str], ...]
    key_points: tuple[Finding[str], ...]
    image: Finding[Image] | None
    lang: Finding[str]
    body: str
    """Markdown that says what the seed says: no live markup that the seed only spelled out."""
    removed: tuple[Removed, ...]
    questions: tuple[str, ...]


# --- a reviewed briefing --------------------------------------------------------------------------------------------

_EDTF = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%])?")


class CalendarDate(Struct, frozen=True, array_like=True, order=True):
    """A calendar day, month or year: no time, no zone. EDTF level 0 and the qualifiers of level 1 (ISO 8601-2:2019).

    ``month`` and ``day`` are 0 when not given, so that dates sort as text does. ``qualifier`` is ``""``, ``"~"``
    (approximate), ``"?"`` (uncertain) or ``"%"`` (both).
    """

    year: int
    month: int = 0
    day: int = 0
    qualifier: str = ""

    @classmethod
    def parse(cls, text: str) -> CalendarDate:
        """Read ``2016``, ``2016-12``, ``2016-12-13`` or one of these with a qualifier.

        Raises:
            ValueError: with a sentence for the editor; nothing is completed or repaired.
        """
        match = _EDTF.fullmatch(text)
        if not match:
            raise ValueError(f'"{text}" is not a date (write 2016-12-13, 2016-12 or 2016; add ~ for "about")')
        year, month, day = (int(part or 0) for part in match.group(1, 2, 3))
        if not year:
            raise ValueError(f'"{text}" has no year')
        if match[2] and not 1 <= month <= 12:
            raise ValueError(f'"{text}" has no month {match[2]}')
        if match[3]:
            try:
                date(year, month, day)
            except ValueError:
                raise ValueError(f'"{text}" is not a day of the calendar') from None
        return cls(year, month, day, match[4] or "")

    def __str__(self) -> str:
        parts = f"{self.year:04}"
        if self.month:
            parts += f"-{self.month:02}"
        if self.day:
            parts += f"-{self.day:02}"
        return parts + self.qualifier

    @property
    def iso(self) -> str:
        """The date without its qualifier, as ``<time datetime>`` takes it."""
        return str(self).rstrip("~?%")


class SourceRef(Struct, frozen=True, array_like=True):
    """Who says so, as the original printed it."""

    name: str = ""
    author: str = ""
    filed_from: str = ""
    url: str = ""


class Change(Struct, frozen=True, array_like=True):
    """An entry of "What changed". Only a ``major`` one moves ``updated``."""

    on: CalendarDate
    kind: Literal["major", "minor"]
    note: str


class Support(Struct, frozen=True, array_like=True):
    """How the machine knew a field at ingest: the value it wrote, the status, the rule and the words.

    When the field no longer holds ``value``, an editor changed it, and the status to show is ``editor``.
    """

    field: str
    status: Status
    value: str = ""
    rule: str = ""
    words: tuple[str, ...] = ()
    confidence: float | None = None


class SeedRef(Struct, frozen=True, array_like=True):
    """Where a briefing comes from."""

    file: str
    sha256: str
    converter: int = 1
    characters: int = 0


class Briefing(Struct, frozen=True):
    """A briefing as its file says it. The prose stays in the file and is read only when it is rendered.

    Two are equal when their files say the same: ``words`` and ``lines`` do not count.
    """

    path: str
    """Below the content folder, in POSIX form: ``briefings/2016/fall-of-aleppo.md``."""
    id: str
    title: str
    slug: str
    status: Literal["draft", "published", "withdrawn"]
    source: SourceRef = SourceRef()
    aliases: tuple[str, ...] = ()
    withdrawn_reason: str = ""
    date: CalendarDate | None = None
    location: Place | None = None
    places: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    key_points: tuple[str, ...] = ()
    summary: str = ""
    image: Image | None = None
    lang: str = ""
    story: str = ""
    received: datetime | None = None
    published: datetime | None = None
    updated: datetime | None = None
    changes: tuple[Change, ...] = ()
    reviewed_by: str = ""
    questions: tuple[str, ...] = ()
    evidence: tuple[Support, ...] = ()
    removed: tuple[Removed, ...] = ()
    seed: SeedRef | None = None
    prose: str = ""
    """SHA-256 of the prose, so that a page's context changes when its text does."""
    prose_line: int = 1
    """The line of the file where the prose begins, counted from 1."""
    words: tuple[str, ...] = ()
    """The words that stand for it among others, a bounded number; see ``related``."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each key of the front matter stands, for messages."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Briefing) and _said(self) == _said(other)

    def __hash__(self) -> int:
        return hash(_said(self))


_said = attrgetter(*(name for name in Briefing.__struct_fields__ if name not in {"words", "lines"}))


# --- tables that editors keep ---------------------------------------------------------------------------------------


class Former(Struct, frozen=True):
    """A key that a row of a table had, or that was merged into it, and the day on which that ended."""

    key: str
    on: CalendarDate


class Source(Struct, frozen=True):
    """A row of ``content/sources.yaml``."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    homepage: str = ""
    feed: str = ""
    profile: str = ""
    successor: str = ""
    home: str = ""
    """ISO 3166-1 or 3166-2 code of the region it reports from (``US-GA``): settles namesakes."""
    reuse: Literal["full", "excerpt", "summary", "link"] = "full"
    rights: str = ""
    lang: str = ""
    owner: str = ""
    """Who owns or funds it, in words."""
    scope: str = ""
    """What and where it reports, in words."""
    reviewed: CalendarDate | None = None
    """When an editor last looked at this row."""
    former: tuple[Former, ...] = ()
    canonical: Literal["here", "original"] = "here"
    """Which page search engines are to show; the original's address must be known for that."""


class Tag(Struct, frozen=True):
    """A row of ``content/tags.yaml``: a term of the site's own closed vocabulary."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    reliefweb: tuple[str, ...] = ()
    iptc: str = ""
    former: tuple[Former, ...] = ()


class Story(Struct, frozen=True):
    """A row of ``content/stories.yaml``: an event that develops over several briefings."""

    key: str
    title: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Former keys; their addresses lead on."""
    former: tuple[Former, ...] = ()


class PlaceNote(Struct, frozen=True):
    """A row of ``content/places.yaml``. ``key`` is the last part of a list's address: ``palu-id``, or ``id``."""

    key: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Former keys, and those of other spellings; their briefings stand in this list, and their addresses lead on."""
    name: str = ""
    """What the list is called, whatever its briefings call the place."""
    region: str = ""
    """The region that the place lies in, for briefings that do not say."""
    former: tuple[Former, ...] = ()


class RegionNote(Struct, frozen=True):
    """A row of ``content/regions.yaml``. ``key`` is the last part of a list's address: ``nord-kivu-cd``."""

    key: str
    name: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    """As of a place."""
    former: tuple[Former, ...] = ()


class Selection(Struct, frozen=True):
    """A row of ``content/feeds.yaml``: a list that an editor defined. ``tags`` and ``sources`` are keys of tables."""

    key: str
    id: str
    """UUID of its feed; it never changes."""
    title: str
    description: str = ""
    match: Literal["all", "any"] = "all"
    tags: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    line: int = 0
    """Where it stands in its file, for messages."""


# --- the site -------------------------------------------------------------------------------------------------------


class Site(Struct, frozen=True, dict=True):
    """What the settings say: the same for every page, so part of every page's fingerprint."""

    name: str
    url: str
    """Scheme, host and base path, without a closing slash: ``https://briefings.example.org``."""
    key: str
    """A UUID that never changes: the feeds' own ids are derived from it, never from an address."""
    subtitle: str = ""
    lang: str = "en"
    timezone: str = "UTC"
    rights: str = ""
    author: str = ""
    contact: str = ""
    page_size: int = 20
    feed_items: int = 50
    feed_bytes: int = 512 * 1024
    publish_hour: int = 12
    drafts: bool = False
    hub: str = ""
    """Address of a WebSub hub; empty: none."""
    indexnow: str = ""
    """Address of an IndexNow endpoint; empty: none."""
    indexnow_key: str = ""
    menu: tuple[tuple[str, str], ...] = ()
    leave_out: tuple[str, ...] = ()
    """Parts of the site that are not made: names of ``settings.PARTS``."""
    image_cards: bool = False
    """Whether a picture for links to it is drawn for each briefing."""
    offline: int = 0
    """Briefings that a reader's browser keeps for reading offline; -1: it takes back what it kept; 0: neither."""

    def makes(self, part: str) -> bool:
        """Whether a part is made: a name of ``settings.PARTS``."""
        return part not in self._left_out

    @cached_property
    def _left_out(self) -> frozenset[str]:
        return frozenset(self.leave_out)


class Mail(Struct, frozen=True):
    """Who sends digests by e-mail, from ``BRIEFINGS["mail"]``. Addresses as in a From line: ``Name <a@b.example>``."""

    sender: str
    to: str = ""
    """The list's address; empty where a mailing service puts in each subscriber."""
    reply_to: str = ""
    unsubscribe: tuple[str, ...] = ()
    """``https:`` and ``mailto:`` addresses, perhaps with a service's own placeholders; the first stands in the text."""
    list_id: str = ""
    """As RFC 2919 has it: ``digest.briefings.example.org``; empty: made from the site's host."""


class Parts(Mapping[str, Any]):
    """A context, of which the parts that are given as functions are made when somebody looks at them."""

    __slots__ = ("_given",)

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Know the parts; make none yet."""
        self._given = given

    def __getitem__(self, name: str) -> Any:
        value = self._given[name]
        return value() if callable(value) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __repr__(self) -> str:
        return repr(dict(self))


class Output(Struct, frozen=True):
    """One file of the site.

    ``path`` is below the output folder, in POSIX form; ``maker`` is a row of ``build.MAKERS`` (``"page"``,
    ``"feed"``, …); ``name`` says which template or format of that maker; ``context`` is *all* that the maker may look
    at, as plain data and frozen values: its digest, with those of templates, settings and code, is the fingerprint.
    ``owner`` names what asked for the file, for the message when two ask for the same path.
    """

    path: str
    maker: str
    name: str
    context: Mapping[str, Any] = msgspec.field(default_factory=dict)
    owner: str = ""
