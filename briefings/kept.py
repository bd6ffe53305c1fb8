"""What a build keeps of every briefing's file, so that the next one reads only what has changed.

One SQLite file in the cache folder: data, never code. It may be deleted at any time, and one that is broken, of another
release or of other code is begun anew. Kept are the parsed front matter, in two parts, since most of what is planned
looks only at the first; the words of the prose that stand for the briefing; and its rendered prose.

A file is taken for unchanged when its size, inode and times are those of the last look, unless they were too new to
prove anything (see :mod:`briefings.fresh`), and else when its bytes are: a fresh clone has other times and the same
bytes.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from briefings.errors import Problem
from briefings.model import (
    Briefing,
    CalendarDate,
    Change,
    Image,
    Place,
    Removed,
    SeedRef,
    SourceRef,
    Support,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

FILE = "kept.sqlite"
MOST = 32_000_000
"""Characters of what is new that stay at hand."""
TICK = 20_000_000
"""Nanoseconds; see :data:`briefings.fresh.TICK`."""
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE briefings (
    path TEXT PRIMARY KEY, state TEXT NOT NULL, sha256 TEXT NOT NULL, problems TEXT NOT NULL,
    first TEXT NOT NULL, links TEXT NOT NULL, rest TEXT NOT NULL, html TEXT NOT NULL
);
CREATE TABLE units (key TEXT PRIMARY KEY, sees TEXT NOT NULL, files TEXT NOT NULL, parts TEXT NOT NULL);
"""

FIRST = (
    "path", "id", "slug", "status", "source", "aliases", "date", "location", "tags", "lang", "story", "received",
    "published", "updated", "image", "changes", "prose_line",
)  # fmt: skip
"""The fields that checking, sorting and grouping look at."""
REST = tuple(field.name for field in fields(Briefing) if field.name not in {*FIRST, "prose"})


class Row(NamedTuple):
    """What is kept of one file: its state and digest; as JSON, its problems, its briefing in two parts and what is told
    of its prose; and that as HTML, unless it hangs on other files.
    """

    state: str
    sha256: str
    problems: str
    first: str
    links: str
    rest: str
    html: str


Head = tuple[str, str, str, str, str]
"""The parts of a row that every build looks at: all but the last two."""


# --- values as JSON -------------------------------------------------------------------------------------------------


def _date(value: CalendarDate | None) -> list[Any] | None:
    return [value.year, value.month, value.day, value.qualifier] if value else None


def _to(value: Any) -> Any:
    """A field as JSON knows it: values as lists of their fields, without names."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to(item) for item in value]
    if isinstance(value, dict):
        return value
    return [_to(getattr(value, field.name)) for field in fields(value)]


def _strings(value: list[str]) -> tuple[str, ...]:
    return tuple(value)


def _calendar(value: list[Any] | None) -> CalendarDate | None:
    return CalendarDate(*value) if value else None


_FROM: Mapping[str, Callable[[Any], Any]] = {
    "source": lambda value: SourceRef(*value),
    "aliases": _strings,
    "date": _calendar,
    "location": lambda value: Place(*value) if value else None,
    "places": _strings,
    "tags": _strings,
    "key_points": _strings,
    "image": lambda value: Image(*value) if value else None,
    "received": lambda value: datetime.fromisoformat(value) if value else None,
    "published": lambda value: datetime.fromisoformat(value) if value else None,
    "updated": lambda value: datetime.fromisoformat(value) if value else None,
    "changes": lambda value: tuple(Change(CalendarDate(*on), kind, note) for on, kind, note in value),
    "questions": _strings,
    "evidence": lambda value: tuple(Support(row[0], row[1], row[2], row[3], tuple(row[4]), row[5]) for row in value),
    "removed": lambda value: tuple(Removed(*row) for row in value),
    "seed": lambda value: SeedRef(*value) if value else None,
    "words": _strings,
}
"""How a field comes back; one that is not named is as JSON gives it."""


def encode(briefing: Briefing) -> tuple[str, str]:
    """The two parts of a briefing as JSON."""

    def part(names: Iterable[str]) -> str:
        return json.dumps([_to(getattr(briefing, name)) for name in names], ensure_ascii=False, separators=(",", ":"))

    return part(FIRST), part(REST)


_SETTERS = {field.name: vars(Briefing)[field.name].__set__ for field in fields(Briefing)}
_FIRST = tuple((_SETTERS[name], _FROM.get(name)) for name in FIRST)
_REST = tuple((_SETTERS[name], _FROM.get(name)) for name in REST)


class KeptBriefing(Briefing):
    """A briefing whose second part is read when somebody looks at it."""

    __slots__ = ("_more",)

    def __getattr__(self, name: str) -> Any:
        """Read the second part: the first look at any field of it ends here."""
        if name not in REST:
            raise AttributeError(name)
        row = json.loads(self._more(self.path))
        for (put, made), value in zip(_REST, row, strict=True):
            put(self, made(value) if made else value)
        return object.__getattribute__(self, name)


def decode(first: str, more: Callable[[str], str], prose: str) -> KeptBriefing:
    """A briefing from its first part.

    Args:
        first: as :func:`encode` gave it.
        more: gives the second part by the path of the file.
        prose: the digest of its prose.
    """
    made = KeptBriefing.__new__(KeptBriefing)
    for (put, change), value in zip(_FIRST, json.loads(first), strict=True):
        put(made, change(value) if change else value)
    _SETTERS["prose"](made, prose)
    object.__setattr__(made, "_more", more)
    return made


def proved(briefing: Briefing, digest: str) -> Briefing:
    """The briefing with the digest of its rendered prose, without a look at its second part."""
    if not isinstance(briefing, KeptBriefing):
        return replace(briefing, prose=digest)
    made = KeptBriefing.__new__(KeptBriefing)
    for name in FIRST:
        _SETTERS[name](made, getattr(briefing, name))
    _SETTERS["prose"](made, digest)
    object.__setattr__(made, "_more", briefing._more)  # noqa: SLF001 - another of its kind
    return made


def problems_as_json(problems: Iterable[Problem]) -> str:
    """Problems as JSON."""
    return json.dumps([[one.file, one.line, one.field, one.what, one.severity] for one in problems])


def problems_from(text: str) -> tuple[Problem, ...]:
    """Problems from JSON."""
    return tuple(Problem(*row) for row in json.loads(text))


# --- the file -------------------------------------------------------------------------------------------------------


def state(about: os.stat_result, now: int | None = None) -> str:
    """A file's state as text; empty when its times are too new to prove that it does not change any more."""
    newest = max(about.st_mtime_ns, about.st_ctime_ns)
    if newest > (now or time.time_ns()) - TICK:
        return ""
    return f"{about.st_size} {about.st_ino} {about.st_mtime_ns} {about.st_ctime_ns}"


def discard(folder: Path) -> None:
    """Remove the kept file of a cache folder, if it is there."""
    for name in (FILE, f"{FILE}-journal"):
        with suppress(OSError):
            (folder / name).unlink()


class Keep:
    """The kept file of one output folder. Without a folder nothing is kept, and everything is read."""

    def __init__(self, folder: Path | None = None, code: str = "") -> None:
        """Open the file, or begin it anew.

        Args:
            folder: the cache folder, or ``None``.
            code: a digest of all that decides what is kept of a file, beside the file.
        """
        self._path = folder / FILE if folder else None
        self._base: sqlite3.Connection | None = None
        self._process = os.getpid()
        self.rows: dict[str, Head] = {}
        """By path: state, SHA-256, problems, first part, links."""
        self._told: dict[str, tuple[str, list[Any]]] = {}
        self._new: dict[str, Row] = {}
        self._states: dict[str, str] = {}
        self._gone: set[str] = set()
        if self._path:
            try:
                self._base = self._open(self._path, code)
                rows = self._base.execute("SELECT path, state, sha256, problems, first, links FROM briefings")
                self.rows = {row[0]: row[1:] for row in rows}
            except (sqlite3.Error, OSError):
                self._begin(code)

    def _open(self, path: Path, code: str) -> sqlite3.Connection:
        if not path.exists():
            raise FileNotFoundError(path)
        base = sqlite3.connect(path, isolation_level=None)
        found = dict(base.execute("SELECT name, value FROM about"))
        if found.get("code") != code:
            base.close()
            raise sqlite3.DatabaseError("of other code")
        base.execute("PRAGMA synchronous = OFF")
        return base

    def _begin(self, code: str) -> None:
        """Begin the file anew; where it cannot be written, nothing is kept."""
        self.rows, self._base = {}, None
        path = self._path
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            for old in (path, path.with_name(f"{path.name}-journal")):
                old.unlink(missing_ok=True)
            base = sqlite3.connect(path, isolation_level=None)
            base.executescript(_TABLES)
            base.execute("INSERT INTO about VALUES ('code', ?)", (code,))
            base.execute("PRAGMA synchronous = OFF")
            self._base = base
        except (sqlite3.Error, OSError):
            self._path = None

    def told(self, path: str) -> list[Any]:
        """What is told of a briefing's prose, as it was put in."""
        text = self.rows[path][4]
        known = self._told.get(path)
        if known is None or known[0] is not text:
            known = self._told[path] = text, json.loads(text)
        return known[1]

    def rest(self, path: str) -> str:
        """The second part of a briefing."""
        return (
            self._new[path].rest if path in self._new else self._ask("SELECT rest FROM briefings WHERE path = ?", path)
        )

    def html(self, path: str) -> str:
        """A briefing's rendered prose."""
        return (
            self._new[path].html if path in self._new else self._ask("SELECT html FROM briefings WHERE path = ?", path)
        )

    def _ask(self, question: str, path: str) -> str:
        if self._process != os.getpid() and self._path:
            # A connection may not be shared with a forked process.
            self._base = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, isolation_level=None)
            self._process = os.getpid()
        found = self._base and self._base.execute(question, (path,)).fetchone()
        if not found:
            raise KeyError(path)
        return str(found[0])

    def units(self, mark: str) -> dict[str, tuple[str, str]]:
        """What each unit of the plan saw, and its files, a line each; empty when they are not those of the manifest.

        Args:
            mark: the digest of the manifest that is there now.
        """
        if self._base is None or not mark:
            return {}
        try:
            about = dict(self._base.execute("SELECT name, value FROM about"))
            if about.get("manifest") != mark:
                return {}
            return {row[0]: (row[1], row[2]) for row in self._base.execute("SELECT key, sees, files FROM units")}
        except sqlite3.Error:
            return {}

    def company(self, seen: str) -> dict[str, list[str]] | None:
        """Which briefings belong together, if that was found out from just what is seen now."""
        if self._base is None:
            return None
        found = self._base.execute("SELECT value FROM about WHERE name = 'company'").fetchone()
        told = json.loads(found[0]) if found else None
        return told[1] if told and told[0] == seen else None

    def keep_company(self, seen: str, company: Mapping[str, Iterable[str]]) -> None:
        """Keep which briefings belong together."""
        if self._base is not None:
            text = json.dumps([seen, company], separators=(",", ":"))
            self._base.execute("INSERT OR REPLACE INTO about VALUES ('company', ?)", (text,))

    def parts(self, key: str) -> str:
        """Digests of the parts of the contexts of a unit's files, a line each."""
        if self._base is None:
            return ""
        found = self._base.execute("SELECT parts FROM units WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def unsettle(self) -> None:
        """Trust no unit until :meth:`settle`: what stands in the output folder is about to change."""
        if self._base is not None:
            self._base.execute("DELETE FROM about WHERE name = 'manifest'")

    def settle(self, mark: str, new: Iterable[tuple[str, str, str, str]], gone: Iterable[str] | None) -> None:
        """Keep what units saw and made.

        Args:
            mark: the digest of the manifest, which knows the same files.
            new: key, digest of what is seen, files and parts of every unit that was planned.
            gone: keys of units that are no more; ``None``: all that were not planned.
        """
        if self._base is None:
            return
        try:
            self._base.execute("BEGIN IMMEDIATE")
            if gone is None:
                self._base.execute("DELETE FROM units")
            self._base.executemany("DELETE FROM units WHERE key = ?", [(key,) for key in gone or ()])
            self._base.executemany("INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?)", new)
            self._base.execute("INSERT OR REPLACE INTO about VALUES ('manifest', ?)", (mark,))
            self._base.execute("COMMIT")
        except sqlite3.Error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")

    def put(self, path: str, row: Row) -> None:
        """Keep what was found in a file."""
        self._new[path] = row
        self.rows[path] = row[:5]

    def touch(self, path: str, now: str) -> None:
        """Keep the new state of a file whose bytes are the same."""
        self._states[path] = now
        self.rows[path] = (now, *self.rows[path][1:])

    def only(self, paths: Iterable[str]) -> None:
        """Forget every file but these."""
        self._gone = self.rows.keys() - set(paths)
        for path in self._gone:
            del self.rows[path]

    def save(self) -> None:
        """Write what is new. A cache that cannot be written is none."""
        if self._base is None or not (self._new or self._states or self._gone):
            return
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.executemany("DELETE FROM briefings WHERE path = ?", [(path,) for path in sorted(self._gone)])
            self._base.executemany(
                "INSERT OR REPLACE INTO briefings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(path, *row) for path, row in sorted(self._new.items())],
            )
            self._base.executemany(
                "UPDATE briefings SET state = ? WHERE path = ?",
                [(now, path) for path, now in sorted(self._states.items())],
            )
            self._base.execute("COMMIT")
            self._states, self._gone = {}, set()
            if sum(len(row.html) + len(row.rest) for row in self._new.values()) > MOST:
                self._new = {}  # from here on it is asked for
        except sqlite3.Error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
