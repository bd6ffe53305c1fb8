"""A library as it was kept, of which only what is asked for is read.

It answers like the library that is arranged from all files (:mod:`briefings.library`), so that a few pages are planned
by the same code as all of them.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeVar, overload

from msgspec import Struct

from briefings import columns, kept
from briefings.columns import Column
from briefings.library import FACETS, Digests, Facet, Library, Term
from briefings.model import CalendarDate
from briefings.views import Point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from briefings.kept import Keep
    from briefings.model import Briefing
    from briefings.tables import Tables

V = TypeVar("V")


class Asked(Mapping[str, V]):
    """A mapping whose values are found when they are asked for, each once."""

    def __init__(self, find: Callable[[str], V], names: Callable[[], Iterable[str]]) -> None:
        """Know how to find a value, which raises ``KeyError`` where there is none, and all names."""
        self._find, self._names = find, names
        self._found: dict[str, V] = {}

    def __getitem__(self, name: str) -> V:
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return sum(1 for _ in self._names())


class Some(Sequence["Briefing"]):
    """Briefings by their numbers; each is read when somebody looks at it."""

    __slots__ = ("_find", "numbers")

    def __init__(self, numbers: Sequence[int], find: Callable[[int], Briefing]) -> None:
        """Know the numbers, and how to find the briefing of one."""
        self.numbers, self._find = numbers, find

    @overload
    def __getitem__(self, place: int) -> Briefing: ...
    @overload
    def __getitem__(self, place: slice) -> Some: ...
    def __getitem__(self, place: int | slice) -> Briefing | Some:
        if isinstance(place, slice):
            return Some(self.numbers[place], self._find)
        return self._find(self.numbers[place])

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Briefing]:
        return map(self._find, self.numbers)


class Shelved(Struct, frozen=True):
    """What is kept of a briefing that the site shows."""

    id: str
    moment: datetime
    code: str
    """The last part of its short address."""
    digests: Digests
    briefing: Briefing

    @property
    def said(self) -> str:
        """The moment in the form of ISO 8601."""
        return self.moment.isoformat()


class Before(Struct, frozen=True):
    """What is kept of a briefing as it was at the last build, without the briefing."""

    id: str
    moment: datetime
    code: str
    digests: Digests
    address: str
    """See :func:`briefings.units.where`."""

    @property
    def said(self) -> str:
        """The moment in the form of ISO 8601."""
        return self.moment.isoformat()


class List(Struct, frozen=True):
    """A list as it is kept: its label, and the numbers of its briefings in its order."""

    label: str
    members: array[int]


class Shelf:
    """Every briefing that the site shows and every list, as they were kept, and with what has changed since."""

    def __init__(self, keep: Keep) -> None:
        """Read how briefings are ordered and grouped, and none of them."""
        self._keep, self._graph = keep, keep.graph
        self.about = self._graph.about()
        self.order = _numbers(bytes.fromhex(self.about["order"]))
        self.times = array("q", bytes.fromhex(self.about["times"]))
        """When each of them went out, in seconds since 1970."""
        self.sizes = _numbers(bytes.fromhex(self.about["sizes"]))
        """Bytes of the file of each of them."""
        self.changed: list[int] = json.loads(self.about["changed"])
        self.drafts: set[int] = set(json.loads(self.about["drafts"]))
        self.rows: dict[int, Shelved] = {}
        """By number, of those that were looked at."""
        self.edited: dict[int, Shelved] = {}
        """Of them those that have changed."""
        self._ids: dict[str, int] = {}
        self._paths: dict[str, int] = {}
        self.columns: dict[str, Column] = {}
        """Those that were asked for."""
        self.lists: dict[str, dict[str, List]] = {kind.name: {} for kind in FACETS}
        for kind, slug, label, members in self._graph.ask("SELECT kind, slug, label, members FROM lists"):
            self.lists[kind][slug] = List(label, _numbers(members))
        self.facts: dict[str, str] = dict(self._graph.ask("SELECT name, digest FROM facts"))

    def column(self, name: str) -> Column:
        """A value of each of them, as it was kept; see :mod:`briefings.columns`."""
        if name not in self.columns:
            ((text,),) = self._graph.ask("SELECT told FROM columns WHERE name = ?", name)
            self.columns[name] = Column.read(text)
        return self.columns[name]

    @cached_property
    def date_at(self) -> Callable[[int], CalendarDate | None]:
        """Reads the date at a place of the values of the column."""
        known = self.column("dates").known
        return cache(lambda place: CalendarDate.parse(known[place]) if known[place] else None)

    def addresses(self) -> dict[int, tuple[str, str]]:
        """Where each was, as :func:`briefings.units.where` gives it, and the last part of its short address."""
        rows = self._graph.ask("SELECT number, address, code FROM shelf")
        return {number: (where, code) for number, where, code in rows}

    def remove(self, place: int) -> None:
        """Take the briefing at a place out of the order."""
        for name in columns.NAMES:
            self.column(name).remove(place)
        del self.order[place], self.times[place], self.sizes[place]

    def insert(self, place: int, number: int, row: Shelved) -> None:
        """Put a briefing at a place of the order."""
        for name in columns.NAMES:
            self.column(name).insert(place, "")
        self.order.insert(place, number)
        self.times.insert(place, int(row.moment.timestamp()))
        self.sizes.insert(place, row.digests.size)

    @cached_property
    def places(self) -> dict[int, int]:
        """Where in the order each briefing is, once that has been rearranged."""
        return {number: place for place, number in enumerate(self.order)}

    def edit(self, number: int, row: Shelved) -> None:
        """Have a briefing as it is now."""
        self.edited[number] = row
        self.put(number, row)

    def put(self, number: int, row: Shelved) -> None:
        """Know a briefing."""
        self.rows[number] = row
        self._ids[row.id] = self._paths[row.briefing.path] = number

    def ask(self, question: str, number: int) -> tuple[str, ...]:
        """What is kept of a briefing as it was.

        Raises:
            KeyError: there is none of that number.
        """
        found = self._graph.ask(question, number)
        if not found:
            raise KeyError(number)
        return found[0]

    def row(self, number: int) -> Shelved:
        """What is known of a briefing.

        Raises:
            KeyError: there is none of that number.
        """
        if number not in self.rows:
            found = self._graph.ask(
                "SELECT id, moment, code, file, card, ordered, member, words, size, first, prose "
                "FROM shelf JOIN briefings USING (number) WHERE number = ?", number,
            )  # fmt: skip
            if not found:
                raise KeyError(number)
            identity, moment, code, *digests, first, prose = found[0]
            briefing = kept.decode(first, self._keep.rest, prose)
            self.put(number, Shelved(identity, datetime.fromisoformat(moment), code, Digests(*digests), briefing))
        return self.rows[number]

    def before(self, number: int) -> Before | None:
        """What a briefing was at the last build, if the site showed it."""
        question = (
            "SELECT id, moment, code, address, file, card, ordered, member, words, size FROM shelf WHERE number = ?"
        )
        found = self._graph.ask(question, number)
        if not found:
            return None
        identity, moment, code, address, *digests = found[0]
        return Before(identity, datetime.fromisoformat(moment), code, Digests(*digests), address)

    def key(self, number: int) -> tuple[float, str]:
        """What briefings are ordered by: the newest first, of one moment by id."""
        if number in self.rows:
            return -self.rows[number].moment.timestamp(), self.rows[number].id
        ((identity, moment),) = self._graph.ask("SELECT id, moment FROM shelf WHERE number = ?", number)
        return -datetime.fromisoformat(moment).timestamp(), identity

    def dated(self, number: int) -> tuple[tuple[int, ...], tuple[float, str]]:
        """What archives are ordered by: the latest date first, what has none last."""
        if number in self.rows:
            said = str(self.rows[number].briefing.date or "")
        else:
            said = self._graph.ask("SELECT dated FROM shelf WHERE number = ?", number)[0][0]
        return (*(-ord(letter) for letter in said), 1), self.key(number)

    def dated_before(self, number: int) -> str:
        """What date the source of a briefing gave at the last build; empty for none.

        Raises:
            KeyError: there was none of that number.
        """
        return self.ask("SELECT dated FROM shelf WHERE number = ?", number)[0]

    def date(self, number: int) -> CalendarDate | None:
        """What date the source of a briefing gives."""
        if number in self.edited:
            return self.edited[number].briefing.date
        said = self.dated_before(number)
        return CalendarDate.parse(said) if said else None

    def year(self, number: int) -> int:
        """The year in which a briefing went out, in UTC."""
        return datetime.fromtimestamp(self.times[self.places[number]], UTC).year

    def number(self, identity: str) -> int:
        """The number of a briefing by its id.

        Raises:
            KeyError: the site shows none.
        """
        if identity not in self._ids:
            found = self._graph.ask("SELECT number FROM shelf WHERE id = ?", identity)
            if not found:
                raise KeyError(identity)
            self._ids[identity] = found[0][0]
        return self._ids[identity]

    def at(self, path: str) -> int:
        """The number of a briefing by the path of its file; one that was looked at.

        Raises:
            KeyError: none of that path was.
        """
        return self._paths[path]

    def briefing(self, number: int) -> Briefing:
        """The briefing of a number."""
        return self.row(number).briefing

    def some(self, numbers: Sequence[int]) -> Some:
        """The briefings of some numbers."""
        return Some(numbers, self.briefing)


_DAY = 86_400
_FIRST = date(1970, 1, 1).toordinal()


def _numbers(data: bytes) -> array[int]:
    found = array("I")
    found.frombytes(data)
    return found


class Recalled(Library, frozen=True, dict=True, eq=False, kw_only=True):
    """A library over a shelf."""

    _shelf: Shelf

    def number_all(self, briefings: Sequence[Briefing]) -> Sequence[int]:
        """The numbers of some of ``briefings``, without a look at them."""
        if isinstance(briefings, Some):
            return briefings.numbers
        return [self._shelf.number(one.id) for one in briefings]

    def card_of(self, number: int) -> str:
        """A digest of what lists show of a briefing, without a look at it."""
        if number in self._shelf.rows:
            return super().card_of(number)
        return " ".join(self._shelf.ask("SELECT card, moment FROM shelf WHERE number = ?", number))

    def whole_of(self, number: int) -> str:
        """A digest of everything of a briefing, without a look at it."""
        if number in self._shelf.rows:
            return super().whole_of(number)
        question = "SELECT path, file, prose, moment FROM shelf JOIN briefings USING (number) WHERE number = ?"
        return " ".join(self._shelf.ask(question, number))

    def numbered(self, number: int) -> Briefing:
        """The briefing of a number."""
        return self._shelf.briefing(number)

    def public(self, briefings: Sequence[Briefing]) -> Sequence[Briefing]:
        """Those that are no drafts."""
        drafts = self._shelf.drafts
        return self._shelf.some([number for number in self.number_all(briefings) if number not in drafts])

    def days(self, briefings: Sequence[Briefing]) -> Iterable[date]:
        """When each went out, as a day in UTC."""
        made: dict[int, date] = {}
        for number in self._of(self._shelf.times, briefings):
            day = number // _DAY
            if day not in made:
                made[day] = date.fromordinal(_FIRST + day)
            yield made[day]

    def when(self, briefings: Sequence[Briefing]) -> Iterable[datetime]:
        """When each went out."""
        return (datetime.fromtimestamp(time, UTC) for time in self._of(self._shelf.times, briefings))

    def sizes(self, briefings: Sequence[Briefing]) -> Iterable[int]:
        """Bytes of their files."""
        return self._of(self._shelf.sizes, briefings)

    def _of(self, told: Sequence[int], briefings: Sequence[Briefing]) -> Iterable[int]:
        """What is told of each, of what is told of all in their order."""
        numbers = self.number_all(briefings)
        if numbers is self._shelf.order:
            return told
        places = self._shelf.places
        return (told[places[number]] for number in numbers)

    def spots(self, briefings: Sequence[Briefing], point: Callable[[Briefing], Point | None]) -> Iterable[Point | None]:
        """The place of each, as it was kept."""
        column, rows = self._shelf.column("spots"), self._shelf.edited
        read = [Point(*json.loads(said)) if said else None for said in column.known]
        numbers = self.number_all(briefings)
        return (
            point(rows[number].briefing) if number in rows else read[place]
            for number, place in zip(numbers, self._of(column.of, briefings), strict=True)
        )

    def dates(self, briefings: Sequence[Briefing]) -> Iterable[CalendarDate | None]:
        """What date the source of each gives."""
        return map(self._shelf.date_at, self._of(self._shelf.column("dates").of, briefings))

    def langs(self, briefings: Sequence[Briefing]) -> Iterable[str]:
        """The language of each."""
        column = self._shelf.column("langs")
        return (column.known[place] for place in self._of(column.of, briefings))

    def addresses(self, codes: Mapping[str, str]) -> Iterable[tuple[str, Sequence[str], str]]:
        """Of each its slug, its former ones, and the last part of its short address."""
        known = self._shelf.addresses()
        for number in self._shelf.order:
            row = self._shelf.edited.get(number)
            if row:
                yield row.briefing.slug, row.briefing.aliases, codes[row.id]
            else:
                where, code = known[number]
                slug, *former = where.split(" ")
                yield slug, former, code

    def place(self, number: int) -> int:
        """Where in ``briefings`` the one of that number is."""
        return self._shelf.places[number]


def library(shelf: Shelf, content: Path, tables: Tables) -> Recalled:
    """The library of a shelf as it is now."""

    def lists(kind: str) -> Mapping[str, Facet]:
        of = next(one for one in FACETS if one.name == kind)
        known = shelf.lists[kind]

        def facet(slug: str) -> Facet:
            found = known[slug]
            return Facet(of, Term(slug, found.label), shelf.some(found.members))

        return Asked(facet, lambda: sorted(known))

    def ids() -> Iterable[str]:
        return (shelf.row(number).id for number in shelf.order)

    made = Recalled(
        content, shelf.some(shelf.order), {kind.name: lists(kind.name) for kind in FACETS},
        Asked(lambda identity: shelf.row(shelf.number(identity)).moment, ids), tables,
        digests=Asked(lambda path: shelf.row(shelf.at(path)).digests, tuple), _shelf=shelf,
    )  # fmt: skip
    vars(made).update(
        numbers=Asked(shelf.number, ids),
        changed=shelf.some(shelf.changed),
        moments_said=Asked(lambda identity: shelf.row(shelf.number(identity)).moment.isoformat(), ids),
        ids=Asked(lambda identity: shelf.briefing(shelf.number(identity)), ids),
    )
    return made
