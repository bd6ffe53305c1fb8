"""What a build keeps of every briefing's file, so that the next one reads only what has changed.

One SQLite file in the cache folder: data, never code. It may be deleted at any time, and one that is broken, of another
release or of other code is begun anew. It holds what :mod:`briefings.graph` keeps, too. Kept are the parsed front
matter, in two parts, since most of what is planned looks only at the first; the words of the prose that stand for the
briefing; and its rendered prose.

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
from datetime import datetime
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

from msgspec import defstruct
from msgspec.json import Decoder, Encoder
from msgspec.structs import replace

from briefings import graph
from briefings.errors import Problem
from briefings.model import Briefing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from briefings.library import Digests
    from briefings.model import Place

V = TypeVar("V")

FILE = "kept.sqlite"
TICK = 20_000_000
"""Nanoseconds; see :data:`briefings.look.TICK`."""
_AT_ONCE = 500
"""Files that are asked for at once."""
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE briefings (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, state TEXT NOT NULL, sha256 TEXT NOT NULL,
    problems TEXT NOT NULL, first TEXT NOT NULL, links TEXT NOT NULL, rest TEXT NOT NULL, html TEXT NOT NULL
);
"""

FIRST = (
    "path", "id", "slug", "status", "source", "aliases", "date", "location", "tags", "lang", "story", "received",
    "published", "updated", "image", "changes", "prose_line",
)  # fmt: skip
"""The fields that checking, sorting and grouping look at."""
REST = tuple(name for name in Briefing.__struct_fields__ if name not in {*FIRST, "prose"})


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


class UnreadableError(Exception):
    """What another process has kept cannot be read."""


Head = tuple[str, str, str, str, str]
"""The parts of a row that every build looks at: all but the last two."""


# --- values as JSON -------------------------------------------------------------------------------------------------


def encode(briefing: Briefing) -> tuple[str, str]:
    """The two parts of a briefing as JSON."""
    return text(_first(briefing)), text(_rest(briefing))


def text(value: object) -> str:
    """Plain data and values of the model as JSON."""
    return _encode(value).decode()


_encode = Encoder().encode
_first, _rest = attrgetter(*FIRST), attrgetter(*REST)


def _same(value: Any) -> Any:
    """A value, and for all that are equal to it the same one: many briefings have it."""
    found = _known.get(value)
    if found is None:
        if len(_known) >= _MANY:
            _known.clear()
        found = _known[value] = value
    return found


def _place(value: Place | None) -> Any:
    return value if value is None or 0 in {value.latitude, value.longitude} else _same(value)  # 0.0 is equal to -0.0


_known: dict[Any, Any] = {None: None}
_MANY = 16_384


def _late(name: str) -> property:
    """A field of the second part, which is read when somebody first looks at one of them."""

    def get(of: Any) -> Any:
        if of.rest is None:
            of.rest = _read_rest(of.more(of.path))
        return getattr(of.rest, name)

    return property(get)


_KINDS = get_type_hints(Briefing, localns={"datetime": datetime, "Mapping": dict})
_Rest = defstruct("_Rest", [(name, _KINDS[name]) for name in REST], array_like=True)
_Kept = defstruct(
    "_Kept",
    [*((name, _KINDS[name]) for name in FIRST), ("prose", str, ""), ("more", Any, None), ("rest", Any, None)],
    namespace={name: _late(name) for name in REST}, array_like=True, eq=False,
)  # fmt: skip
"""What stands in for a :class:`Briefing`: its first part, and what gives the second."""
_read_first: Callable[[str], Any] = Decoder(_Kept).decode
_read_rest: Callable[[str], Any] = Decoder(_Rest).decode


def decode(first: str, more: Callable[[str], str], prose: str, path: str = "") -> Briefing:
    """A briefing from its first part.

    Args:
        first: as :func:`encode` gave it.
        more: gives the second part by the path of the file.
        prose: the digest of its prose.
        path: that path, where the caller has it, so that there is one text of it.
    """
    made = _read_first(first)
    made.more, made.prose = more, prose
    if path:
        made.path = path
    made.status, made.lang = intern(made.status), intern(made.lang)
    made.source, made.date, made.tags = _same(made.source), _same(made.date), _same(made.tags)
    made.location = _place(made.location)
    kept: Briefing = made
    return kept


def proved(briefing: Briefing, digest: str) -> Briefing:
    """The briefing with the digest of its rendered prose, without a look at its second part."""
    return replace(briefing, prose=digest)


def problems_as_json(problems: Iterable[Problem]) -> str:
    """Problems as JSON."""
    rows = [[one.file, one.line, one.field, one.what, one.severity] for one in problems]
    return json.dumps(rows) if rows else "[]"


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


def settled(state: str, moment: int) -> str:
    """A file's state; empty when its times are too new, seen from that moment (nanoseconds since 1970)."""
    newest = max(map(int, state.split(" ")[2:]), default=0)
    return "" if newest > moment - TICK else state


def discard(folder: Path) -> None:
    """Remove the kept file of a cache folder, if it is there."""
    for name in (FILE, f"{FILE}-journal"):
        with suppress(OSError):
            (folder / name).unlink()


class Lazily(dict[str, V]):
    """A dictionary whose values are found when they are asked for, each once."""

    def __init__(self, find: Callable[[str], V]) -> None:
        """Know how to find a value, which raises ``KeyError`` where there is none."""
        super().__init__()
        self._find = find

    def __missing__(self, name: str) -> V:
        found = self[name] = self._find(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or another where there is none."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None


class Keep:
    """The kept file of one output folder. Without a folder nothing is kept, and everything is read."""

    def __init__(self, folder: Path | None = None, code: str = "", *, shared: bool = False) -> None:
        """Open the file, or begin it anew.

        Args:
            folder: the cache folder, or ``None``.
            code: a digest of all that decides what is kept of a file, beside the file.
            shared: another process, maybe on another machine, has it and does not write it now: only read it, without
                a lock, which a shared folder may not know.

        Raises:
            UnreadableError: a shared one is not there, or of other code.
        """
        self.folder, self.code, self._shared = folder, code, shared
        self._path = folder / FILE if folder else None
        self._base: sqlite3.Connection | None = None
        self._process = os.getpid()
        self.rows: dict[str, Head] = {}
        """By path: state, SHA-256, problems, first part, links."""
        self.numbers: dict[str, int] = {}
        """By path: a number that no other file ever gets."""
        self.odd: dict[str, list[Any]] = {}
        """By path, what is told of prose that is not alone, or of which there is more to say than its digest."""
        self.digests: Mapping[str, Digests] = {}
        """By path, of the files that were read by a whole build."""
        self._told: dict[str, tuple[str, list[Any]]] = {}
        self._new: dict[str, Row] = {}
        self._near: dict[str, tuple[str, str | None]] = {}
        self._states: dict[str, str] = {}
        self._gone: set[str] = set()
        self.saved = True
        """Whether :meth:`save` could write what was new; else the file has what was found before."""
        self.last = 0
        """The number that was given last."""
        if self._path:
            try:
                self._base = self._open(self._path, code)
                rows = self._base.execute("SELECT path, state, sha256, problems, first, links, number FROM briefings")
                for path, *row, number in rows:
                    self.rows[path], self.numbers[path] = tuple(row), number
            except (sqlite3.Error, OSError) as error:
                if shared:
                    raise UnreadableError(str(error)) from error
                self._begin(code)

    @classmethod
    def recalled(cls, folder: Path) -> Keep:
        """The file as the last build left it, of which only the rows that are asked for are read.

        Raises:
            sqlite3.Error: it is damaged.
            OSError: there is none.
        """
        made = cls()
        made._path = folder / FILE
        if not made._path.exists():
            raise FileNotFoundError(made._path)
        made._base = sqlite3.connect(made._path, isolation_level=None)
        made._base.execute("PRAGMA synchronous = OFF")

        def row(path: str) -> tuple[Any, ...]:
            question = "SELECT state, sha256, problems, first, links, number FROM briefings WHERE path = ?"
            found = made.graph.ask(question, path)
            if not found:
                raise KeyError(path)
            return found[0]

        made.rows = Lazily(lambda path: row(path)[:5])
        made.numbers = Lazily(lambda path: int(row(path)[5]))
        made.last = int(made.graph.about()["last"])
        return made

    def _open(self, path: Path, code: str) -> sqlite3.Connection:
        if not path.exists():
            raise FileNotFoundError(path)
        if self._shared:
            name = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            base = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)
        else:
            base = sqlite3.connect(path, isolation_level=None)
        found = dict(base.execute("SELECT name, value FROM about"))
        if found.get("code") != code:
            base.close()
            raise sqlite3.DatabaseError("of other code")
        base.execute("PRAGMA synchronous = OFF")
        self.last = int(found.get("last", "0"))
        return base

    def _begin(self, code: str) -> None:
        """Begin the file anew; where it cannot be written, nothing is kept."""
        self.rows, self.numbers, self._base = {}, {}, None
        path = self._path
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            for old in (path, path.with_name(f"{path.name}-journal")):
                old.unlink(missing_ok=True)
            base = sqlite3.connect(path, isolation_level=None)
            base.executescript(_TABLES + graph.TABLES)
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
        if new := self._new.get(path):
            return new.rest
        near = self._near.get(path)
        return near[0] if near else self._ask("SELECT rest FROM briefings WHERE path = ?", path)

    def html(self, path: str) -> str:
        """A briefing's rendered prose."""
        if new := self._new.get(path):
            return new.html
        near = self._near.get(path)
        if near and near[1] is not None:
            return near[1]
        return self._ask("SELECT html FROM briefings WHERE path = ?", path)

    def bring(self, shown: Iterable[int], named: Iterable[int] = ()) -> None:
        """Have at hand what is about to be asked for of some files, by their numbers, and of no others.

        Asked for one by one it takes several times as long: whoever asks has to see whether somebody is writing.

        Args:
            shown: those of which the prose is asked for, and the second part.
            named: those of which the second part is.
        """
        self._near.clear()
        base = self._opened()
        if base is None:
            return
        for columns, numbers in (("path, rest, NULL", sorted(named)), ("path, rest, html", sorted(shown))):
            for start in range(0, len(numbers), _AT_ONCE):
                some = numbers[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                rows = base.execute(f"SELECT {columns} FROM briefings WHERE number IN ({marks})", some)  # noqa: S608
                self._near.update((path, (rest, html)) for path, rest, html in rows)

    def _opened(self) -> sqlite3.Connection | None:
        if self._process != os.getpid() and self._path and self._base:
            # A connection may not be shared with a forked process, nor be closed there.
            self._inherited = self._base
            self._base = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, isolation_level=None)
            self._process = os.getpid()
        return self._base

    def reopen(self) -> None:
        """Have a connection that can write, in a forked process which is to.

        Raises:
            sqlite3.Error: that cannot be.
        """
        if self._process != os.getpid() and self._path and self._base:
            self._inherited = self._base
            self._base = sqlite3.connect(self._path, isolation_level=None)
            self._base.execute("PRAGMA synchronous = OFF")
            self._process = os.getpid()

    def _ask(self, question: str, path: str) -> str:
        base = self._opened()
        found = base and base.execute(question, (path,)).fetchone()
        if not found:
            raise KeyError(path)
        return str(found[0])

    @property
    def graph(self) -> graph.Graph:
        """What units of the plan saw and made."""
        return graph.Graph(self._opened)

    def put(self, path: str, row: Row) -> None:
        """Keep what was found in a file."""
        self._new[path] = row
        self.rows[path] = row[:5]
        if path not in self.numbers:
            self.last += 1
            self.numbers[path] = self.last

    def touch(self, path: str, now: str) -> None:
        """Keep the new state of a file whose bytes are the same."""
        self._states[path] = now
        self.rows[path] = (now, *self.rows[path][1:])

    def close(self) -> None:
        """Have the file open no longer."""
        if self._base:
            self._base.close()

    def restate(self, states: Iterable[tuple[str, str, str]]) -> None:
        """Keep the new states of files whose bytes are the same, at once; where that cannot be, they are read again.

        Args:
            states: of each of them its state, its path and the SHA-256 of its bytes.
        """
        if self._base is None:
            return
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.executemany("UPDATE briefings SET state = ? WHERE path = ? AND sha256 = ?", states)
            self._base.execute("COMMIT")
        except sqlite3.Error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")

    def drop(self, path: str) -> None:
        """Forget a file."""
        self._gone.add(path)

    def only(self, paths: Iterable[str]) -> None:
        """Forget every file but these."""
        self._gone = self.rows.keys() - set(paths)
        for path in self._gone:
            del self.rows[path]
            self.numbers.pop(path, None)

    def spill(self) -> None:
        """Write what is new, and hold it no longer: from here on it is asked for.

        Where that cannot be written, it is held.
        """
        base = self._base
        if base is None or not self._new:
            return
        try:
            base.execute("BEGIN IMMEDIATE")
            self._insert(base)
            base.execute("COMMIT")
        except sqlite3.Error:
            if base.in_transaction:
                base.execute("ROLLBACK")
            return
        self._new = {}

    def _insert(self, base: sqlite3.Connection) -> None:
        base.executemany(
            "INSERT OR REPLACE INTO briefings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((self.numbers[path], path, *row) for path, row in sorted(self._new.items())),
        )
        base.execute("INSERT OR REPLACE INTO about VALUES ('last', ?)", (str(self.last),))

    def save(self) -> None:
        """Write what is new. A cache that cannot be written is none."""
        if self._base is None or not (self._new or self._states or self._gone):
            return
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.executemany("DELETE FROM briefings WHERE path = ?", [(path,) for path in sorted(self._gone)])
            self._insert(self._base)
            self._base.executemany(
                "UPDATE briefings SET state = ? WHERE path = ?",
                [(now, path) for path, now in sorted(self._states.items())],
            )
            self._base.execute("COMMIT")
            self._states, self._gone, self.saved = {}, set(), True
        except sqlite3.Error:
            self.saved = False
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
