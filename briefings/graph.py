"""What units of the plan saw and made, and how the library was arranged: kept, so that an edit finds what hangs on it.

In the same SQLite file as :mod:`briefings.kept`. All of it is written when a build has ended, with the digest of the
manifest that knows the same files; while that is another one, nothing here counts.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from briefings import columns, units
from briefings.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from briefings.library import Digests, Library
    from briefings.model import Briefing
    from briefings.views import Point

TABLES = """
CREATE TABLE units (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, kin TEXT NOT NULL, facts TEXT NOT NULL, files TEXT NOT NULL,
    parts TEXT NOT NULL
);
CREATE TABLE seen (fact INTEGER PRIMARY KEY, units BLOB NOT NULL);
CREATE TABLE shelf (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, moment TEXT NOT NULL, code TEXT NOT NULL, file TEXT NOT NULL,
    card TEXT NOT NULL, ordered TEXT NOT NULL, member TEXT NOT NULL, words TEXT NOT NULL, size INTEGER NOT NULL,
    address TEXT NOT NULL, prose TEXT NOT NULL, dated TEXT NOT NULL
);
CREATE TABLE columns (name TEXT PRIMARY KEY, told TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lists (kind TEXT, slug TEXT, label TEXT, members BLOB, PRIMARY KEY (kind, slug)) WITHOUT ROWID;
CREATE TABLE names (kind TEXT, name TEXT, path TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE pages (url TEXT PRIMARY KEY, lastmod TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE postings (term TEXT PRIMARY KEY, members BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE kin (number INTEGER PRIMARY KEY, terms TEXT NOT NULL, others BLOB NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
"""

INDEXES: Mapping[str, str] = {
    "keys": "CREATE UNIQUE INDEX keys ON units (key)",
    "groups": "CREATE INDEX groups ON units (kin)",
    "ids": "CREATE UNIQUE INDEX ids ON shelf (id)",
}
"""By name. A build from nothing makes them once the rows are there, which takes a third of the time."""
TABLES += "".join(f"{statement};\n" for statement in INDEXES.values())


class Planned(Struct, frozen=True, array_like=True):
    """A unit as it is kept: ``facts``, ``files`` and ``parts`` a line each; see :class:`briefings.units.Unit`."""

    key: str
    kin: str
    """Its group."""
    facts: str
    files: str
    parts: str


row_of = attrgetter(*Planned.__struct_fields__)
"""All but the first column of a row of units."""


class Arranged(Struct, frozen=True):
    """How the library was arranged."""

    library: Library
    codes: Mapping[str, str]
    """The last part of each briefing's short address, by id."""
    facts: Mapping[str, str]
    """Digests of facts that are of more than one briefing, as far as they are not kept yet."""
    pages: Mapping[str, str]
    """What the sitemap says: addresses with the time of the last change, or without."""
    linked: Mapping[str, bool]
    """Files that prose leads to, and whether to a part of them."""
    point: Callable[[Briefing], Point | None]
    """The place of a briefing as a dot."""
    kin: Kin | None
    """Which briefings belong together; ``None``: as before, or the site does not say."""
    about: Mapping[str, str]
    """What else is to be known of the build."""


class Kin(Struct, frozen=True):
    """Which briefings belong together, and the terms that say so; see :mod:`briefings.related`."""

    seen: str
    """A digest of all that says so."""
    terms: Mapping[str, Iterable[str]]
    """Of each published briefing, by its id."""
    postings: Iterable[tuple[str, Iterable[str]]]
    """Each term with the ids of the briefings that have it, the newest first."""
    others: Mapping[str, Iterable[str]]
    """For every briefing the ids of those that belong with it."""


class Change(Struct):
    """What an edit changes of how the library is arranged."""

    shelf: list[tuple[Any, ...]] = field(default_factory=list)
    """Rows of the shelf, as :func:`shelved` gives them."""
    named: list[Briefing] = field(default_factory=list)
    gone: list[tuple[int, str]] = field(default_factory=list)
    """Number and path of those that are no more."""
    lists: dict[tuple[str, str], tuple[str, Sequence[int] | None]] = field(default_factory=dict)
    """Label and members by kind and slug; ``None``: the list is no more."""
    pages: dict[str, str | None] = field(default_factory=dict)
    """What the sitemap says; ``None``: the page is no more."""
    postings: dict[str, Sequence[int]] = field(default_factory=dict)
    kin: dict[int, tuple[str, Sequence[int]]] = field(default_factory=dict)
    """Terms of a briefing, by spaces, and those that belong with it."""
    facts: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)


_OWN_FACTS = """
SELECT number, card || ' ' || moment, path || ' ' || file || ' ' || prose || ' ' || moment
FROM shelf JOIN briefings USING (number)
"""
"""As :meth:`briefings.library.Library.card_of` and ``whole_of`` tell them."""


def words_of(terms: Iterable[str]) -> str:
    """Terms as one text; none of them has a space in it."""
    return " ".join(sorted(terms))


def fact(name: str) -> int:
    """A fact as a number: those of a briefing by its own number, the others by their digest."""
    if name[0] in "cf" and name[1:].isdigit():
        return 2 * int(name[1:]) + (name[0] == "f")
    return _shared_fact(name)


@lru_cache(maxsize=4096)
def _shared_fact(name: str) -> int:
    return -1 - int.from_bytes(sha256(name.encode("utf-8", "surrogatepass")).digest()[:7], "big")


FACTS = "INSERT OR REPLACE INTO facts VALUES (?, ?)"
_ABOUT = "INSERT OR REPLACE INTO about VALUES (?, ?)"
_SHELF = "INSERT OR REPLACE INTO shelf VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def shelved(number: int, briefing: Briefing, moment: datetime, code: str, digests: Digests) -> tuple[Any, ...]:
    """A row of the shelf."""
    also = (units.where(briefing), briefing.prose, str(briefing.date or ""))
    return number, briefing.id, moment.isoformat(), code, *digests, *also


def cells(briefing: Briefing, point: Point | None) -> dict[str, str]:
    """The values of a briefing in the columns."""
    spot = json.dumps([point.label, point.url, point.latitude, point.longitude]) if point else ""
    return {"dates": str(briefing.date or ""), "langs": briefing.lang, "spots": spot}


def _ids(briefing: Briefing) -> Iterator[tuple[str, str]]:
    yield briefing.id, briefing.path


def _slugs(briefing: Briefing) -> Iterator[tuple[str, str]]:
    for slug in (briefing.slug, *briefing.aliases):
        yield slug.casefold(), briefing.path


def _places(briefing: Briefing) -> Iterator[tuple[str, str]]:
    place = briefing.location
    if place:
        yield _spot(place.name, place.country, place.geonames, place.region), ""


@lru_cache(maxsize=4096)
def _spot(*said: object) -> str:
    return json.dumps(said)


_NAMED: tuple[tuple[str, Callable[[Briefing], Iterator[tuple[str, str]]]], ...] = (
    ("id", _ids),
    ("place", _places),
    ("slug", _slugs),
)


def names(briefing: Briefing) -> Iterator[tuple[str, str, str]]:
    """What no two briefings may have in common, and what two may only share if they agree: kind, name, path."""
    return ((kind, name, path) for kind, named in _NAMED for name, path in named(briefing))


def arranged(
    library: Library, codes: Mapping[str, str], point: Callable[[Briefing], Point | None]
) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
    """How a library is arranged: statements with their rows, in the order of the table.

    Args:
        library: the library.
        codes: the last part of each briefing's short address, by id.
        point: gives the place of a briefing as a dot.
    """
    numbers, moments, digests = library.numbers, library.moments, library.digests
    yield _SHELF, (
        shelved(numbers[one.id], one, moments[one.id], codes.get(one.id, ""), digests[one.path])
        for one in sorted(library.briefings, key=lambda one: numbers[one.id])
    )  # fmt: skip
    yield "INSERT INTO lists VALUES (?, ?, ?, ?)", (
        (kind, slug, facet.term.label, array("I", library.number_all(facet.briefings)).tobytes())
        for kind, facets in sorted(library.facets.items())
        for slug, facet in facets.items()
    )  # fmt: skip
    yield "INSERT OR REPLACE INTO columns VALUES (?, ?)", _columns(library, point)
    everything = (*library.briefings, *library.held, *library.drafts)  # drafts may be shown
    for kind, named in _NAMED:
        rows = sorted({row for one in everything for row in named(one)})
        yield f"INSERT OR IGNORE INTO names VALUES ('{kind}', ?, ?)", rows  # noqa: S608 - a word of the table above
    drafts = [numbers[one.id] for one in library.briefings if one.status == "draft"]
    changed = [numbers[one.id] for one in library.changed]
    order = library.number_all(library.briefings)
    times = (int(moment.timestamp()) for moment in library.when(library.briefings))
    sizes = library.sizes(library.briefings)
    hidden = {one.path: digests[one.path].file for one in (*library.held, *library.drafts)}
    told = {**of_all(order, times, sizes, changed, drafts), "hidden": json.dumps(hidden, sort_keys=True)}
    yield _ABOUT, sorted(told.items())


def _columns(library: Library, point: Callable[[Briefing], Point | None]) -> Iterator[tuple[str, str]]:
    made = {name: Column() for name in columns.NAMES}
    for briefing in library.briefings:
        for name, value in cells(briefing, point(briefing)).items():
            made[name].append(value)
    return ((name, column.text()) for name, column in made.items())


def of_all(
    order: Sequence[int], times: Iterable[int], sizes: Iterable[int], changed: Sequence[int], drafts: Iterable[int]
) -> dict[str, str]:
    """How all briefings are kept, by their numbers.

    Args:
        order: the newest first.
        times: when each of them went out, in seconds since 1970.
        sizes: bytes of the file of each of them.
        changed: those that were changed.
        drafts: those that are drafts.
    """
    return {
        "order": array("I", order).tobytes().hex(),
        "times": array("q", times).tobytes().hex(),
        "sizes": array("I", sizes).tobytes().hex(),
        "changed": json.dumps(changed),
        "drafts": json.dumps(sorted(drafts)),
    }


def leading(facts: Iterable[str]) -> set[int]:
    """What leads to a unit: its facts, but for those that say themselves."""
    return {fact(name) for name in facts if name[0] != "="}


def listed(facts: str) -> list[str]:
    """Facts that are kept a line each."""
    return facts.split("\n") if facts else []


class Graph:
    """The tables. Without a file nothing is kept, and everything is planned."""

    def __init__(self, opened: Callable[[], sqlite3.Connection | None]) -> None:
        """Use an open file, as this process may have it."""
        self._opened = opened

    @property
    def _base(self) -> sqlite3.Connection | None:
        return self._opened()

    def about(self) -> dict[str, str]:
        """What is known of the last build: the digest of its manifest, and what it left in :class:`Arranged`."""
        if self._base is None:
            return {}
        try:
            return dict(self._base.execute("SELECT name, value FROM about"))
        except sqlite3.Error:
            return {}

    def units(self, mark: str) -> dict[str, tuple[str, str]]:
        """The facts that each unit of the plan saw, and its files, a line each; empty when they are not those of the
        manifest.

        Args:
            mark: the digest of the manifest that is there now.
        """
        if self._base is None or not mark or self.about().get("manifest") != mark:
            return {}
        try:
            return {row[0]: (row[1], row[2]) for row in self._base.execute("SELECT key, facts, files FROM units")}
        except sqlite3.Error:
            return {}

    def facts(self) -> dict[str, str]:
        """The digest of every fact that a unit of the plan saw at the last build, but of those that say themselves."""
        if self._base is None:
            return {}
        found: dict[str, str] = {}
        try:
            for number, card, whole in self._base.execute(_OWN_FACTS):
                found[f"c{number}"], found[f"f{number}"] = card, whole
            return found | dict(self._base.execute("SELECT name, digest FROM facts"))
        except sqlite3.Error:
            return {}

    def files(self) -> dict[str, str]:
        """The SHA-256 of every briefing's file from which the last build was made, by its path."""
        if self._base is None:
            return {}
        hidden: dict[str, str] = json.loads(self.about().get("hidden", "{}"))
        try:
            return hidden | dict(self._base.execute("SELECT path, file FROM shelf JOIN briefings USING (number)"))
        except sqlite3.Error:
            return {}

    def company(self, seen: str, numbers: Mapping[str, int]) -> dict[str, list[str]] | None:
        """Which briefings belong together, if that was found out from just what is seen now.

        Args:
            seen: as in :class:`Kin`.
            numbers: of all briefings, by their ids.
        """
        if self._base is None or self.about().get("company") != seen:
            return None
        ids = {number: identity for identity, number in numbers.items()}
        try:
            rows = self._base.execute("SELECT number, others FROM kin")
            return {ids[number]: [ids[one] for one in array("I", others)] for number, others in rows}
        except (sqlite3.Error, KeyError, ValueError):
            return None

    # --- of an edit -------------------------------------------------------------------------------------------------

    def ask(self, question: str, *of: object) -> list[tuple[Any, ...]]:
        """Rows that answer a question.

        Raises:
            sqlite3.Error: the file is damaged.
            LookupError: there is none.
        """
        if self._base is None:
            raise LookupError("nothing is kept")
        return self._base.execute(question, of).fetchall()

    def seeing(self, facts: Iterable[str]) -> set[int]:
        """Numbers of the units that see one of some facts."""
        rows = (row for name in facts for row in self.ask("SELECT units FROM seen WHERE fact = ?", fact(name)))
        return {number for row in rows for number in array("I", row[0])}

    def parts(self, key: str) -> str:
        """Digests of the parts of the contexts of a unit's files, a line each."""
        if self._base is None:
            return ""
        found = self._base.execute("SELECT parts FROM units WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def write(self, *statements: tuple[str, Iterable[tuple[Any, ...]]]) -> bool:
        """Write some rows in one transaction; return whether that went well."""
        base = self._base
        if base is None:
            return False
        try:
            base.execute("BEGIN IMMEDIATE")
            for statement, rows in statements:
                base.executemany(statement, rows)
            base.execute("COMMIT")
        except sqlite3.Error:
            if base.in_transaction:
                base.execute("ROLLBACK")
            return False
        return True

    def unsettle(self) -> None:
        """Trust no unit until :meth:`settle`: what stands in the output folder is about to change."""
        if self._base is not None:
            self._base.execute("DELETE FROM about WHERE name = 'manifest'")

    def settle(
        self, mark: str, new: Sequence[Planned], gone: Iterable[str] | None, arranged: Arranged | None = None, *,
        shelved: bool = False,
    ) -> None:  # fmt: skip
        """Keep what units saw and made.

        Args:
            mark: the digest of the manifest, which knows the same files.
            new: every unit that was planned.
            gone: keys of units that are no more; ``None``: all that were not planned.
            arranged: how the library is arranged; ``None``: as before.
            shelved: whether the rows of :func:`arranged` are there already.
        """
        base = self._base
        if base is None:
            return
        try:
            base.execute("BEGIN IMMEDIATE")
            if gone is None:
                base.execute("DELETE FROM units")
                base.execute("DELETE FROM seen")
            self._forget(gone or ())
            self._plan(new)
            if arranged:
                self._arrange(arranged, shelved=shelved)
            base.execute("INSERT OR REPLACE INTO about VALUES ('manifest', ?)", (mark,))
            base.execute("COMMIT")
        except sqlite3.Error:
            if base.in_transaction:
                base.execute("ROLLBACK")

    def amend(self, mark: str, new: Sequence[Planned], gone: Iterable[str], change: Change) -> None:
        """Keep what an edit has changed.

        Args:
            mark: the digest of the manifest, which knows the same files.
            new: every unit that was planned.
            gone: keys of units that are no more.
            change: what became of the library.

        Raises:
            sqlite3.Error: nothing of it is kept.
        """
        base = self._base
        if base is None:
            return
        base.execute("BEGIN IMMEDIATE")
        try:
            self._forget(gone)
            self._plan(new)
            self._take(mark, change)
            base.execute("COMMIT")
        except BaseException:
            if base.in_transaction:
                base.execute("ROLLBACK")
            raise

    def _take(self, mark: str, change: Change) -> None:
        """Write what became of the library."""
        base = self._base
        if base is None:
            return
        for number, path in change.gone:
            base.execute("DELETE FROM shelf WHERE number = ?", (number,))
            base.execute("DELETE FROM names WHERE path = ?", (path,))
        base.executemany(_SHELF, change.shelf)
        for briefing in change.named:
            base.execute("DELETE FROM names WHERE path = ?", (briefing.path,))
            base.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", list(names(briefing)))
        for (kind, slug), (label, members) in change.lists.items():
            if members is None:
                base.execute("DELETE FROM lists WHERE kind = ? AND slug = ?", (kind, slug))
            else:
                row = (kind, slug, label, array("I", members).tobytes())
                base.execute("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?)", row)
        base.executemany(
            "DELETE FROM pages WHERE url = ?", [(url,) for url, when in change.pages.items() if when is None]
        )
        base.executemany(
            "INSERT OR REPLACE INTO pages VALUES (?, ?)", [row for row in change.pages.items() if row[1] is not None]
        )
        rows = [(term, array("I", members).tobytes()) for term, members in sorted(change.postings.items())]
        base.executemany("DELETE FROM postings WHERE term = ?", [(term,) for term, members in rows if not members])
        base.executemany("INSERT OR REPLACE INTO postings VALUES (?, ?)", [row for row in rows if row[1]])
        base.executemany("DELETE FROM kin WHERE number = ?", [(number,) for number, _ in change.gone])
        kin = [(number, words, array("I", others).tobytes()) for number, (words, others) in sorted(change.kin.items())]
        base.executemany("INSERT OR REPLACE INTO kin VALUES (?, ?, ?)", kin)
        base.executemany(FACTS, sorted(change.facts.items()))
        base.executemany("INSERT OR REPLACE INTO columns VALUES (?, ?)", sorted(change.columns.items()))
        about = {**change.about, "manifest": mark}
        base.executemany(_ABOUT, sorted(about.items()))

    def _forget(self, keys: Iterable[str]) -> None:
        base = self._base
        if base is None:
            return
        for key in keys:
            row = base.execute("SELECT number, facts FROM units WHERE key = ?", (key,)).fetchone()
            if row:
                self._lead({one: (set[int](), {row[0]}) for one in leading(listed(row[1]))})
                base.execute("DELETE FROM units WHERE number = ?", (row[0],))

    def _plan(self, new: Sequence[Planned]) -> None:
        base = self._base
        if base is None or not new:
            return
        last = base.execute("SELECT max(number) FROM units").fetchone()[0]
        known: dict[str, tuple[int, str]] = {}
        for unit in new if last else ():
            row = base.execute("SELECT number, facts FROM units WHERE key = ?", (unit.key,)).fetchone()
            if row:
                known[unit.key] = row
        following = last or 0
        rows: list[tuple[object, ...]] = []
        leads: dict[int, tuple[set[int], set[int]]] = {}
        for unit in new:
            number, facts = known.get(unit.key, (0, ""))
            if not number:
                number = following = following + 1
            rows.append((number, *row_of(unit)))
            if facts != unit.facts:
                then, here = leading(listed(facts)), leading(listed(unit.facts))
                for one in here - then:
                    leads.setdefault(one, (set(), set()))[0].add(number)
                for one in then - here:
                    leads.setdefault(one, (set(), set()))[1].add(number)
        base.executemany("INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._lead(leads, new=not last)

    def _lead(self, leads: Mapping[int, tuple[set[int], set[int]]], *, new: bool = False) -> None:
        """Have facts lead to more units, and no more to others."""
        base = self._base
        if base is None:
            return
        rows: list[tuple[int, bytes]] = []
        for one, (more, fewer) in leads.items():
            found = None if new else base.execute("SELECT units FROM seen WHERE fact = ?", (one,)).fetchone()
            known = set(array("I", found[0])) if found else set()
            rows.append((one, array("I", sorted((known | more) - fewer)).tobytes()))
        base.executemany("DELETE FROM seen WHERE fact = ?", [(one,) for one, units in rows if not units and not new])
        base.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", sorted(row for row in rows if row[1]))

    def _arrange(self, how: Arranged, *, shelved: bool) -> None:
        base, library = self._base, how.library
        if base is None:
            return
        for table in ("pages", *(() if shelved else ("shelf", "lists", "names", "facts"))):
            base.execute(f"DELETE FROM {table}")  # noqa: S608 - one of these words
        for statement, rows in () if shelved else arranged(library, how.codes, how.point):
            base.executemany(statement, rows)
        base.executemany(FACTS, sorted(how.facts.items()))
        numbers = library.numbers
        base.executemany("INSERT INTO pages VALUES (?, ?)", sorted(how.pages.items()))
        if how.kin:
            self._relate(how.kin, numbers)
        about = {**how.about, "linked": json.dumps(how.linked, sort_keys=True)}
        base.executemany(_ABOUT, sorted(about.items()))

    def _relate(self, kin: Kin, numbers: Mapping[str, int]) -> None:
        base = self._base
        if base is None:
            return
        base.execute("DELETE FROM postings")
        base.execute("DELETE FROM kin")

        def packed(ids: Iterable[str]) -> bytes:
            return array("I", [numbers[one] for one in ids]).tobytes()

        rows = sorted((term, packed(ids)) for term, ids in kin.postings)
        base.executemany("INSERT INTO postings VALUES (?, ?)", rows)
        base.executemany(
            "INSERT INTO kin VALUES (?, ?, ?)",
            sorted(
                (number, words_of(kin.terms.get(one, ())), packed(kin.others.get(one, ())))
                for one, number in numbers.items()
            ),
        )
        base.execute("INSERT OR REPLACE INTO about VALUES ('company', ?)", (kin.seen,))
        base.execute("INSERT OR REPLACE INTO about VALUES ('related', ?)", (str(len(kin.terms)),))
