"""What a build from nothing keeps for the next one, written while it makes.

A build that knows nothing of the last one need not spare what that left: so the tables of :mod:`briefings.graph` get
each unit once it is made. What is of the whole library is written by processes of their own: one begins while units are
being planned, and one when all are made, when there would be nothing to do for a second core. Nothing of it counts
before the last row is there.
"""

from __future__ import annotations

from array import array
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from briefings import crew, graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from briefings.crew import Beside
    from briefings.graph import Arranged, Planned
    from briefings.kept import Keep
    from briefings.library import Library
    from briefings.model import Briefing
    from briefings.views import Point

PIECE = 1000
"""Rows of one transaction: workers read the file meanwhile."""
_NEAR = 4096
"""Facts that are written together."""
_UNITS = "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?)"

Statement = tuple[str, "Iterable[tuple[Any, ...]]"]


class Settling:
    """Writes what is to be kept. Where that cannot be written, nothing is kept."""

    def __init__(
        self, keep: Keep, library: Library, codes: Mapping[str, str], point: Callable[[Briefing], Point | None]
    ) -> None:
        """Forget what was kept, and begin with the library, beside what this process goes on with.

        Args:
            keep: where it is kept.
            library: how the library is arranged.
            codes: as in :class:`briefings.graph.Arranged`.
            point: as there.
        """
        self._keep, self._kept = keep, True
        self._last, self._size = 0, len(library.briefings)
        self._leads: dict[int, tuple[array[int], array[int]]] = {}
        """Facts that are near each other as numbers, and beside each one the number of a unit that sees it."""
        tables = ("units", "seen", "shelf", "lists", "names", "pages", "facts")
        self._write(
            *((f"DROP INDEX IF EXISTS {name}", [()]) for name in graph.INDEXES),
            ("DELETE FROM about WHERE name = ?", [("manifest",)]),
            *((f"DELETE FROM {table}", [()]) for table in tables),  # noqa: S608 - one of these words
        )
        _ = library.numbers  # this process needs them, too
        self._beside = [self._aside(lambda: graph.arranged(library, codes, point))]

    def _aside(self, statements: Callable[[], Iterable[Statement]]) -> Beside:
        """Write rows in another process, which works them out as well."""

        def write() -> None:
            self._keep.reopen()
            for piece in _pieces(statements()):
                if not self._keep.graph.write(piece):
                    raise OSError

        return crew.beside(write, self._size if self._kept else 0)

    def _write(self, *statements: Statement) -> None:
        """Write some rows at once; where that fails, all is lost."""
        self._kept = self._kept and self._keep.graph.write(*statements)

    def take(self, made: Sequence[Planned]) -> None:
        """Write some units, none of which was there before."""
        if not self._kept:
            return
        rows: list[tuple[object, ...]] = []
        for unit in made:
            self._last += 1
            rows.append((self._last, *graph.row_of(unit)))
            for one in graph.leading(unit.facts):
                near = one // _NEAR if one > 0 else -1
                if near not in self._leads:
                    self._leads[near] = array("q"), array("I")
                facts, units = self._leads[near]
                facts.append(one)
                units.append(self._last)
        self._write((_UNITS, rows))

    def rest(self) -> None:
        """Write what hangs on all units, which have been taken; that too beside what this process goes on with."""
        self._beside.append(self._aside(lambda: chain(self._seen(), _indexes())))
        self._leads.clear()

    def _seen(self) -> Iterator[Statement]:
        for _, (facts, units) in sorted(self._leads.items()):
            yield "INSERT INTO seen VALUES (?, ?)", _seen(facts, units)

    def done(self, mark: str, arranged: Arranged) -> None:
        """Write that all of it counts.

        Args:
            mark: the digest of the manifest, which knows the same files.
            arranged: how the library is arranged.
        """
        for one in self._beside:
            self._kept &= one.over()
        if self._kept:
            self._keep.graph.settle(mark, (), (), arranged, shelved=True)


def _indexes() -> Iterator[Statement]:
    return ((statement, [()]) for statement in graph.INDEXES.values())


def _seen(facts: Iterable[int], units: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Rows of facts with all units that see them, in their order."""
    found: dict[int, list[int]] = {}
    for one, unit in zip(facts, units, strict=True):
        if one in found:
            found[one].append(unit)
        else:
            found[one] = [unit]
    return ((one, array("I", found[one]).tobytes()) for one in sorted(found))


def _pieces(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The same statements, with few rows each."""
    for statement, rows in statements:
        left = iter(rows)
        while piece := list(islice(left, PIECE)):
            yield statement, piece
