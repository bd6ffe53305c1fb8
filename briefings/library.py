"""The library: every briefing of the content folder, read once, sorted once, grouped once.

``FACETS`` says by what briefings are grouped; a row there is all that a new kind of list needs.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from briefings import contents, labels, selections, tables, values
from briefings.errors import Problem, did_you_mean
from briefings.slugs import slugify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from briefings.kept import Keep
    from briefings.model import Briefing, CalendarDate, Place, PlaceNote, RegionNote, Site, Source, Story, Tag
    from briefings.tables import Tables
    from briefings.views import Point

FOLDER = contents.FOLDER
"""Below the content folder."""


class Term(Struct, frozen=True):
    """What briefings share: a stable slug and a label for readers."""

    slug: str
    label: str
    doubt: bool = False
    """Whether the list has another name of its own: any label of a briefing without doubt goes before."""


class FacetKind(Struct, frozen=True):
    """A kind of list. ``path`` is its part of the address, relative to the site; ``order`` is what it is sorted by."""

    name: str
    label: str
    plural: str
    path: str
    terms: Callable[[Briefing, Tables, str], tuple[Term, ...]]
    feeds: bool
    order: Literal["published", "date"] = "published"
    always: Callable[[Tables], tuple[Term, ...]] = lambda _: ()
    """Terms that have a list before any briefing has them."""


def _tags(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    rows = {row.key: row for name in briefing.tags if (row := known.tag(name))}
    return tuple([Term(row.key, row.label) for row in rows.values()])


def _place(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:
    place = briefing.location
    if place is None or names_country(briefing, lang):
        return ()
    own = _named_term(place.name, place.country, lang)
    key = known.place(own.slug)
    row = known.places.get(key)
    return (_joined(own, key, row.name if row else "", place.country, lang),)


def _region(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:
    place = briefing.location
    name = region_of(place, known) if place else ""
    if place is None or not name:
        return ()
    own = _named_term(name, place.country, lang)
    key = known.region(own.slug)
    row = known.regions.get(key)
    return (_joined(own, key, row.name if row else "", place.country, lang),)


def _region_names(briefing: Briefing, known: Tables) -> frozenset[str]:
    """Slugs of what the region of a briefing is called, with its country and without; none without a region."""
    place = briefing.location
    name = region_of(place, known) if place else ""
    if place is None or not name:
        return frozenset()
    key = known.region(_slug(name, place.country))
    row = known.regions.get(key)
    names = (name, row.name) if row and row.name else (name,)
    return frozenset({key, *(slugify(one) for one in names), *(_slug(one, place.country) for one in names)})


def region_of(place: Place, known: Tables) -> str:
    """The name of the region that a place lies in: as its briefing says, or ``places.yaml``; else empty."""
    if place.region:
        return place.region
    row = known.places.get(known.place(_slug(place.name, place.country))) if known.places else None
    return row.region if row else ""


@lru_cache(maxsize=4096)
def _slug(name: str, country: str) -> str:
    return f"{slugify(name)}-{country.lower()}"


@lru_cache(maxsize=4096)
def _named_term(name: str, country: str, lang: str) -> Term:
    return Term(_slug(name, country), f"{name}, {labels.country(country, lang)}")


def _joined(own: Term, key: str, name: str, country: str, lang: str) -> Term:
    """The term of the list that a name leads to, by the name that its row gives or else that which is its key."""
    if name:
        return Term(key, _named_term(name, country, lang).label)
    return own if key == own.slug else Term(key, own.label, doubt=True)


def _country(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    if briefing.location is None:
        return ()
    return (_country_term(briefing.location.country, lang),)


@lru_cache(maxsize=1024)
def _country_term(code: str, lang: str) -> Term:
    return Term(code.lower(), labels.country(code, lang))


def _source(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    row = known.source(briefing.source.name) if briefing.source.name else None
    return (Term(row.key, row.name),) if row else ()


def _story(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    row = known.story(briefing.story) if briefing.story else None
    return (Term(row.key, row.title),) if row else ()


def _year(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    if briefing.date is None:
        return (Term("undated", "Undated"),)
    return (_year_term(briefing.date.year),)


@lru_cache(maxsize=1024)
def _year_term(year: int) -> Term:
    return Term(f"{year:04}", f"{year:04}")


def _month(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    when = briefing.date
    if when is None or not when.month:
        return ()
    return (_month_term(when.year, when.month, lang),)


@lru_cache(maxsize=4096)
def _month_term(year: int, month: int, lang: str) -> Term:
    return Term(f"{year:04}/{month:02}", f"{labels.month(month, lang)} {year:04}")


def _selections(briefing: Briefing, known: Tables, lang: str) -> tuple[Term, ...]:  # noqa: ARG001
    if not known.selections:
        return ()
    rows = (row for row in known.selections.values() if selections.fits(row, briefing, known, _region_names))
    return tuple(Term(row.key, row.title) for row in rows)


def _defined(known: Tables) -> tuple[Term, ...]:
    return tuple(Term(row.key, row.title) for row in known.selections.values())


FACETS: tuple[FacetKind, ...] = (
    FacetKind("tag", "Topic", "Topics", "tags", _tags, feeds=True),
    FacetKind("place", "Place", "Places", "places", _place, feeds=True),
    FacetKind("region", "Region", "Regions", "regions", _region, feeds=True),
    FacetKind("country", "Country", "Countries", "countries", _country, feeds=True),
    FacetKind("source", "Source", "Sources", "sources", _source, feeds=True),
    FacetKind("story", "Story", "Stories", "stories", _story, feeds=True),
    FacetKind("selection", "Selection", "Selections", "selections", _selections, feeds=True, always=_defined),
    FacetKind("year", "Year", "Archive", "archive", _year, feeds=False, order="date"),
    FacetKind("month", "Month", "Archive", "archive", _month, feeds=False, order="date"),
)


class Facet(Struct, frozen=True):
    """Briefings that share a term, in the order of the kind, newest first."""

    kind: FacetKind
    term: Term
    briefings: Sequence[Briefing]


class Said(Mapping[str, str]):
    """Moments in the form of ISO 8601."""

    def __init__(self, moments: Mapping[str, datetime]) -> None:
        """Know the moments; say none yet."""
        self._moments = moments

    def __getitem__(self, identity: str) -> str:
        return self._moments[identity].isoformat()

    def __iter__(self) -> Iterator[str]:
        return iter(self._moments)

    def __len__(self) -> int:
        return len(self._moments)


class Digests(NamedTuple):
    """What a briefing's file is known by, for those who would not look at all of it; see :mod:`briefings.units`."""

    file: str
    card: str
    """Of what lists show of it."""
    order: str
    """Of all that it is sorted, grouped and counted by."""
    member: str
    """Of what the first page of a list tells of it, without its words."""
    words: str
    """Of the words that stand for it."""
    size: int
    """Bytes."""


class Library(Struct, frozen=True, dict=True, eq=False):
    """All briefings that the site shows, newest first, and their groups.

    ``facets`` has every kind of ``FACETS`` by name, each with its terms by slug. ``moments`` gives by id when a
    briefing went out. ``held`` are those whose time has not come, ``drafts`` those that are not reviewed.
    """

    root: Path
    briefings: Sequence[Briefing]
    facets: Mapping[str, Mapping[str, Facet]]
    moments: Mapping[str, datetime]
    tables: Tables
    held: tuple[Briefing, ...] = ()
    drafts: tuple[Briefing, ...] = ()
    digests: Mapping[str, Digests] = field(default_factory=dict)
    """By the path of a briefing's file."""
    known: Mapping[str, int] = field(default_factory=dict)
    """A number for each briefing that keeps it as long as its file is there, by the path of the file."""

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """A number for each of ``briefings``, by its id; what facts are called by."""
        known, last = self.known, max(self.known.values(), default=0)
        return {one.id: known.get(one.path) or last + place for place, one in enumerate(self.briefings, 1)}

    @cached_property
    def moments_said(self) -> Mapping[str, str]:
        """``moments`` in the form of ISO 8601."""
        return Said(self.moments)

    def days(self, briefings: Sequence[Briefing]) -> Iterable[date]:
        """When each of some of ``briefings`` went out, as a day in UTC."""
        moments = self.moments
        return (moments[one.id].date() for one in briefings)

    def dates(self, briefings: Sequence[Briefing]) -> Iterable[CalendarDate | None]:
        """What date the source of each of some of ``briefings`` gives."""
        return (one.date for one in briefings)

    def langs(self, briefings: Sequence[Briefing]) -> Iterable[str]:
        """The language of each of some of ``briefings``."""
        return (one.lang for one in briefings)

    def when(self, briefings: Sequence[Briefing]) -> Iterable[datetime]:
        """When each of some of ``briefings`` went out."""
        moments = self.moments
        return (moments[one.id] for one in briefings)

    def sizes(self, briefings: Sequence[Briefing]) -> Iterable[int]:
        """Bytes of the files of some of ``briefings``."""
        known = self._sizes
        return (known.get(one.path, 0) for one in briefings)

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        """By path: each briefing stands in many lists, and its digests are packed."""
        return {path: known.size for path, known in self.digests.items()}

    def spots(self, briefings: Sequence[Briefing], point: Callable[[Briefing], Point | None]) -> Iterable[Point | None]:
        """The place of each of some of ``briefings``, as ``point`` makes it."""
        return map(point, briefings)

    def addresses(self, codes: Mapping[str, str]) -> Iterable[tuple[str, Sequence[str], str]]:
        """Of each of ``briefings`` its slug, its former ones, and the last part of its short address.

        Args:
            codes: these last parts by id.
        """
        return ((one.slug, one.aliases, codes[one.id]) for one in self.briefings)

    def public(self, briefings: Sequence[Briefing]) -> Sequence[Briefing]:
        """Those of some of ``briefings`` that are no drafts."""
        return [one for one in briefings if one.status != "draft"]

    @cached_property
    def ids(self) -> Mapping[str, Briefing]:
        """Each of ``briefings`` by its id."""
        return {one.id: one for one in self.briefings}

    @cached_property
    def _places(self) -> array[int]:
        """By number, where in ``briefings`` the one of it is; 0 also where there is none."""
        numbers = self.number_all(self.briefings)
        places = array("I", bytes(4 * (max(numbers, default=0) + 1)))
        for place, number in enumerate(numbers):
            places[number] = place
        return places

    def place(self, number: int) -> int:
        """Where in ``briefings`` the one of that number is."""
        return self._places[number]

    def numbered(self, number: int) -> Briefing:
        """The briefing of a number."""
        return self.briefings[self._places[number]]

    def card_of(self, number: int) -> str:
        """A digest of what lists show of a briefing."""
        one = self.numbered(number)
        return f"{self.digests[one.path].card} {self.moments_said[one.id]}"

    def whole_of(self, number: int) -> str:
        """A digest of everything of a briefing.

        Its path too: a file that is only moved has another number, by which those who see it are found.
        """
        one = self.numbered(number)
        return f"{one.path} {self.digests[one.path].file} {one.prose} {self.moments_said[one.id]}"

    def number_all(self, briefings: Sequence[Briefing]) -> Sequence[int]:
        """The numbers of some of ``briefings``."""
        numbers = self.numbers
        return [numbers[one.id] for one in briefings]

    @cached_property
    def changed(self) -> Sequence[Briefing]:
        """Those of ``briefings`` that were changed, corrected or withdrawn after they went out."""
        return tuple(one for one in self.briefings if one.changes or one.status == "withdrawn")


@lru_cache(maxsize=4096)
def is_country(name: str, code: str, lang: str) -> bool:
    """Whether a location names the country itself rather than a place in it."""
    return name.casefold() in {labels.country(code, lang).casefold(), labels.country(code, "en").casefold()}


def names_country(briefing: Briefing, lang: str) -> bool:
    """Whether a briefing is about a country, named in the site's language, in English, or in its own."""
    place = briefing.location
    return place is not None and (
        is_country(place.name, place.country, lang) or is_country(place.name, place.country, briefing.lang)
    )


def moment(briefing: Briefing, site: Site) -> datetime | None:
    """When a briefing went out, in UTC with whole seconds; ``None`` when its file does not say.

    ``published`` if it is written; else when the seed came in; else, for a briefing with a whole date, the site's hour
    of that day. The last two are spread by seconds that follow from the id, so that several briefings of one moment
    get distinct times that do not change when others come or go (RFC 4287, section 3.3).
    """
    if briefing.published:
        return briefing.published
    spread = timedelta(seconds=int(briefing.id[:8], 16) % 3600)
    if briefing.received:
        return briefing.received - spread
    when = briefing.date
    if when and when.day and when.year >= 1970:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - loads what knows the system's files; most briefings say when

        zone = ZoneInfo(site.timezone)
        local = datetime(when.year, when.month, when.day, site.publish_hour, tzinfo=zone)
        return local.astimezone(ZoneInfo("UTC")) + spread
    return None


def load(
    content: Path, site: Site, now: datetime, keep: Keep | None = None, files: Iterable[str] | None = None
) -> tuple[Library, tuple[Problem, ...]]:
    """Read the content folder.

    Args:
        content: the folder that holds ``briefings/`` and the tables.
        site: the settings; ``site.drafts`` decides whether drafts are shown.
        now: what is published later than this is held back (in UTC).
        keep: what was kept of the last reading.
        files: all below ``content/briefings``, from somebody who has looked.

    Returns:
        The library of every briefing without an error, and all problems, sorted.
    """
    known, found = tables.load(content)
    chosen, more = selections.load(content, known)
    known = replace(known, selections=chosen)
    from briefings import reading  # noqa: PLC0415 - it renders prose, which those who only look things up need not
    from briefings.kept import Keep  # noqa: PLC0415

    briefings, wrong = reading.briefings(content, site, keep or Keep(), files)
    problems: list[Problem] = [*found, *more, *_ahead(known, now), *wrong]
    problems += [*_clashes(briefings), *_spelled(briefings, known)]
    for briefing in briefings:
        problems += [*unknown(briefing, known, site), *untimely(briefing, site, now)]
    bad = {problem.file for problem in problems if problem.severity == "error"}
    good = [briefing for briefing in briefings if briefing.path not in bad]
    shelf = arrange(content, good, known, site, now)
    problems += selections.unmet(chosen, {slug: len(one.briefings) for slug, one in shelf.facets["selection"].items()})
    return shelf, tuple(sorted(problems))


def arrange(content: Path, briefings: Iterable[Briefing], known: Tables, site: Site, now: datetime) -> Library:
    """Sort and group briefings that are free of errors."""
    moments: dict[str, datetime] = {}
    shown: list[Briefing] = []
    held: list[Briefing] = []
    drafts: list[Briefing] = []
    for briefing in briefings:
        when = moment(briefing, site)
        if briefing.status == "draft":
            drafts.append(briefing)
            if not site.drafts:
                continue
        elif when and when > now:
            held.append(briefing)
            continue
        shown.append(briefing)
        moments[briefing.id] = min(when, now) if when else now
    shown.sort(key=lambda briefing: briefing.id)
    shown.sort(key=lambda briefing: moments[briefing.id], reverse=True)
    dated = sorted(shown, key=lambda briefing: str(briefing.date or ""), reverse=True)
    facets: dict[str, dict[str, Facet]] = {}
    for kind in FACETS:
        # By slug: two spellings of one name are one list, under the label that sorts first.
        names: dict[str, Term] = {term.slug: term for term in kind.always(known)}
        groups: dict[str, list[Briefing]] = {slug: [] for slug in names}
        terms_of = kind.terms
        for briefing in dated if kind.order == "date" else shown:
            for term in terms_of(briefing, known, site.lang):
                slug = term.slug
                group = groups.get(slug)
                if group is None:
                    groups[slug], names[slug] = [briefing], term
                    continue
                if not group or group[-1] is not briefing:  # else two of its terms have one slug
                    group.append(briefing)
                other = names[slug]
                if term != other and (term.doubt, term.label) < (other.doubt, other.label):
                    names[slug] = term
        facets[kind.name] = {slug: Facet(kind, names[slug], tuple(groups[slug])) for slug in sorted(groups)}
    return Library(content, tuple(shown), facets, moments, known, tuple(held), tuple(drafts))


def _clashes(briefings: list[Briefing]) -> Iterator[Problem]:
    """Two briefings with one id, or one address (case folded); two places under one name."""
    ids: dict[str, Briefing] = {}
    slugs: dict[str, Briefing] = {}
    spots: dict[str, Briefing] = {}
    for briefing in briefings:
        other = ids.setdefault(briefing.id, briefing)
        if other is not briefing:
            yield _problem(briefing, "id", f"the same as in {other.path} (a copied file needs an id of its own)")
        for key, slug in [("slug", briefing.slug), *(("aliases", alias) for alias in briefing.aliases)]:
            other = slugs.setdefault(slug.casefold(), briefing)
            if other is not briefing:
                yield _problem(briefing, key, f'"{slug}" is already the address of {other.path}')
        place = briefing.location
        if place and place.geonames:
            other = spots.setdefault(_slug(place.name, place.country), briefing)
            there = other.location.geonames if other.location else None
            if there not in {None, place.geonames}:
                what = (
                    f'"{place.name}" is GeoNames {place.geonames} here and {there} in {other.path} '
                    "(one of them is wrong, or two places need two names)"
                )
                yield _problem(briefing, "location", what)


def _spelled(briefings: list[Briefing], known: Tables) -> Iterator[Problem]:
    """Warn of one place in two lists, by its GeoNames id, and of two regions for the place of one list."""
    spellings: dict[int, dict[str, list[Briefing]]] = {}
    regions: dict[str, tuple[str, Briefing]] = {}
    for briefing in briefings:
        place = briefing.location
        if place is None:
            continue
        key = known.place(_slug(place.name, place.country))
        if place.geonames:
            spellings.setdefault(place.geonames, {}).setdefault(key, []).append(briefing)
        if name := region_of(place, known):
            slug = known.region(_slug(name, place.country))
            there, other = regions.setdefault(key, (slug, briefing))
            if there != slug and other.location:
                what = (
                    f'"{place.name}" lies in the region "{name}" here and in "{region_of(other.location, known)}" in '
                    f"{other.path} (write the same, or join the two in regions.yaml: {there}: {{aliases: [{slug}]}})"
                )
                yield replace(_problem(briefing, "location", what), severity="warning")
    for number, lists in spellings.items():
        if len(lists) == 1:
            continue
        (best, most), *rest = sorted(lists.items(), key=lambda item: (-len(item[1]), item[0]))
        for key, fewer in rest:
            join = f"join them in places.yaml: {best}: {{aliases: [{key}]}}"
            if key.rpartition("-")[2] != best.rpartition("-")[2]:
                join = "one of them has the wrong country"
            what = f"GeoNames {number} has the list {key} here and {best} in {most[0].path} ({join})"
            yield replace(_problem(fewer[0], "location", what), severity="warning")


def unknown(briefing: Briefing, known: Tables, site: Site) -> Iterator[Problem]:
    """Names that no table holds, and what only a published briefing must have."""
    for name in briefing.tags:
        if known.tag(name) is None:
            yield _problem(briefing, "tags", f'unknown tag "{name}"{did_you_mean(name, known.tag_keys)}')
    if briefing.story and known.story(briefing.story) is None:
        hint = did_you_mean(briefing.story, known.story_keys) or " (add it to stories.yaml)"
        yield _problem(briefing, "story", f'unknown story "{briefing.story}"{hint}')
    place = briefing.location
    if place and place.country not in labels.countries():
        yield _problem(briefing, "location", f'no country has the code "{place.country}" (ISO 3166-1 alpha-2)')
    if briefing.status == "draft":
        return
    name = briefing.source.name
    if name and known.source(name) is None:
        names = [row.name for row in known.sources.values()]
        hint = did_you_mean(name, names) or f" (add it: {slugify(name)}: {{name: {name}}})"
        yield _problem(briefing, "source", f'"{name}" is not in sources.yaml{hint}')
    if moment(briefing, site) is None:
        yield _problem(
            briefing, "published", "missing, and there is no whole date to stand in (write 2026-11-22T09:00:00Z)"
        )


def _ahead(known: Tables, now: datetime) -> Iterator[Problem]:
    """Feeds that end on a day that has not come: their last entry would be dated in the future."""
    rows: list[Source | Tag | Story | PlaceNote | RegionNote] = [*known.sources.values(), *known.tags.values()]
    rows += [*known.stories.values(), *known.places.values(), *known.regions.values()]
    files = {"Source": "sources.yaml", "Tag": "tags.yaml", "Story": "stories.yaml", "PlaceNote": "places.yaml"}
    files["RegionNote"] = "regions.yaml"
    for row in rows:
        for old in row.former:
            if old.on.iso > now.date().isoformat():
                yield Problem(files[type(row).__name__], 0, row.key, f"former: {old.key}: {old.on} has not come yet")


_AHEAD = timedelta(days=1)
"""How far a date may be after the day of publication: the day has begun elsewhere."""
_LONG = timedelta(days=366)
"""A briefing that waits longer than this has likely the wrong year."""


def untimely(briefing: Briefing, site: Site, now: datetime) -> Iterator[Problem]:
    """Times that feeds cannot carry, or that subscribers need."""
    out = moment(briefing, site)
    if briefing.updated and out and briefing.updated < out:
        yield _problem(briefing, "updated", f"earlier than it went out ({values.stamp(out)})")
    if briefing.updated and briefing.updated > now:
        yield _problem(briefing, "updated", f"has not come yet (it is {values.stamp(now)} now)")
    told = briefing.date
    if told and out and date(told.year, told.month or 1, told.day or 1) - out.date() > _AHEAD:
        what = f"later than it went out ({out.date()}; is the year meant?)"
        yield replace(_problem(briefing, "date", what), severity="warning")
    if out and out - now > _LONG:
        what = f"waits until {values.stamp(out)} (is the year meant?)"
        yield replace(_problem(briefing, "published" if briefing.published else "date", what), severity="warning")
    if briefing.status == "withdrawn" and briefing.updated is None:
        what = "missing: feeds tell nobody of a withdrawal without its time (write 2026-11-22T09:00:00Z)"
        yield replace(_problem(briefing, "updated", what), severity="warning")


def _problem(briefing: Briefing, name: str, what: str) -> Problem:
    return Problem(briefing.path, briefing.lines.get(name, 1), name, what)
