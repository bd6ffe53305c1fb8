"""What a build from nothing keeps for the next one, written while it makes.

A build that knows nothing of the last one need not spare what that left: so the tables of :mod:`briefings.graph` get
each unit once it is made, and the library in between, piece by piece. Nothing of it counts before the last piece.
"""

from __future__ import annotations

from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any

from briefings import graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from briefings.graph import Arranged, Graph, Planned
    from briefings.library import Library
    from briefings.model import Briefing
    from briefings.views import Point

PIECE = 1000
"""Rows of one transaction: workers read the file meanwhile."""
_BESIDE = 3
"""Pieces of the library that are written with one of units, so that little is left when all units are made."""
_NEAR = 4096
"""Facts that are written together."""
_UNITS = "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?)"

Statement = tuple[str, "Iterable[tuple[Any, ...]]"]


class Settling:
    """Writes what is to be kept. Where that cannot be written, nothing is kept."""

    def __init__(
        self, of: Graph, library: Library, codes: Mapping[str, str], point: Callable[[Briefing], Point | None]
    ) -> None:
        """Forget what was kept.

        Args:
            of: where it is kept.
            library: how the library is arranged.
            codes: as in :class:`briefings.graph.Arranged`.
            point: as there.
        """
        self._graph, self._kept = of, True
        self._last = 0
        self._leads: dict[int, tuple[array[int], array[int]]] = {}
        """Facts that are near each other as numbers, and beside each one the number of a unit that sees it."""
        tables = ("units", "seen", "shelf", "lists", "names", "pages", "facts")
        self._write(
            *((f"DROP INDEX IF EXISTS {name}", [()]) for name in graph.INDEXES),
            ("DELETE FROM about WHERE name = ?", [("manifest",)]),
            *((f"DELETE FROM {table}", [()]) for table in tables),  # noqa: S608 - one of these words
        )
        self._pieces = _pieces(graph.arranged(library, codes, point))

    def _write(self, *statements: Statement) -> None:
        """Write some rows at once; where that fails, all is lost."""
        self._kept = self._kept and self._graph.write(*statements)

    def take(self, made: Sequence[Planned]) -> None:
        """Write some units, none of which was there before, and some more of the library."""
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
        self._write((_UNITS, rows), *islice(self._pieces, _BESIDE))

    def done(self, mark: str, arranged: Arranged) -> None:
        """Write the rest, and that all of it counts.

        Args:
            mark: the digest of the manifest, which knows the same files.
            arranged: how the library is arranged.
        """
        for piece in self._pieces:
            self._write(piece)
        for _, (facts, units) in sorted(self._leads.items()):
            self._write(("INSERT INTO seen VALUES (?, ?)", _seen(facts, units)))
        self._leads.clear()
        self._write(*((statement, [()]) for statement in graph.INDEXES.values()))
        if self._kept:
            self._graph.settle(mark, (), (), arranged, shelved=True)


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
    """The same, with few rows each."""
    for statement, rows in statements:
        left = iter(rows)
        while piece := list(islice(left, PIECE)):
            yield statement, piece
