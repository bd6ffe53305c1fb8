"""What a build from nothing keeps for the next one, written while it makes.

A build that knows nothing of the last one need not spare what that left: so the tables of :mod:`briefings.graph` get
each unit once it is made. What is of the whole library is written by processes of their own: one begins while units are
being planned, and one when all are made, when there would be nothing to do for a second core. Nothing of it counts
before the last row is there.
"""

from __future__ import annotations

from array import array
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from briefings import crew, graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from briefings.crew import Beside
    from briefings.desk import Desk
    from briefings.graph import Arranged, Planned
    from briefings.kept import Keep
    from briefings.model import Briefing
    from briefings.views import Point

PIECE = 1000
"""Rows of one transaction: workers read the file meanwhile."""
_NEAR = 4096
"""Facts that are written together."""
_UNITS = "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)"

Statement = tuple[str, "Iterable[tuple[Any, ...]]"]


class Settling:
    """Writes what is to be kept. Where that cannot be written, nothing is kept."""

    def __init__(self, keep: Keep, desk: Desk, point: Callable[[Briefing], Point | None], facts: Iterable[str]) -> None:
        """Forget what was kept, and begin with the library, beside what this process goes on with.

        Args:
            keep: where it is kept.
            desk: the site's.
            point: as in :class:`briefings.graph.Arranged`.
            facts: those of more than one briefing that many units see; others are known once these are made.
        """
        self._keep, self._kept = keep, True
        self._last, self._sight, self._size = 0, desk.sight, len(desk.library.briefings)
        self._told, self._untold = set(facts), set[str]()
        """Facts of more than one briefing that are written at first, and those that are at last."""
        self._leads: dict[int, tuple[array[int], array[int]]] = {}
        """Facts that are near each other as numbers, and beside each one the number of a unit that sees it."""
        tables = ("units", "seen", "shelf", "lists", "names", "pages", "facts")
        self._write(
            *((f"DROP INDEX IF EXISTS {name}", [()]) for name in graph.INDEXES),
            ("DELETE FROM about WHERE name = ?", [("manifest",)]),
            *((f"DELETE FROM {table}", [()]) for table in tables),  # noqa: S608 - one of these words
        )
        arranged = partial(graph.arranged, desk.library, desk.codes, point)
        self._beside: list[Beside] = []
        self._aside(lambda: chain(arranged(), self._facts(self._told)))

    def _facts(self, names: Iterable[str]) -> Iterator[Statement]:
        return iter([(graph.FACTS, ((name, self._sight.of(name)) for name in sorted(names)))])

    def _aside(self, statements: Callable[[], Iterable[Statement]]) -> None:
        """Write rows in another process, which works them out as well."""
        if not self._kept:
            return

        def write() -> None:
            self._keep.reopen()
            for piece in _pieces(statements()):
                if not self._keep.graph.write(piece):
                    raise OSError

        self._beside.append(crew.beside(write, self._size))

    def _write(self, *statements: Statement) -> None:
        """Write some rows at once; where that fails, all is lost."""
        self._kept = self._kept and self._keep.graph.write(*statements)

    def take(self, made: Sequence[Planned]) -> None:
        """Write some units, none of which was there before."""
        if not self._kept:
            return
        first = self._last + 1
        self._last += len(made)
        for number, unit in enumerate(made, first):
            self._lead(number, set(graph.listed(unit.facts)))
        self._write((_UNITS, [(number, *graph.row_of(unit)) for number, unit in enumerate(made, first)]))

    def _lead(self, number: int, facts: Iterable[str]) -> None:
        """Note what leads to a unit; see :func:`briefings.graph.leading`."""
        leads, told, untold = self._leads, self._told, self._untold
        for name in facts:
            if name[0] == "=":
                continue
            one = graph.fact(name)
            if one < 0 and name not in told:
                untold.add(name)
            near = one // _NEAR if one > 0 else -1
            if near not in leads:
                leads[near] = array("q"), array("I")
            those, units = leads[near]
            those.append(one)
            units.append(number)

    def rest(self) -> None:
        """Write what hangs on all units, which have been taken; that too beside what this process goes on with."""
        self._aside(lambda: chain(self._seen(), self._facts(self._untold), _indexes()))
        self._leads.clear()

    def _seen(self) -> Iterator[Statement]:
        for _, (facts, those) in sorted(self._leads.items()):
            yield "INSERT INTO seen VALUES (?, ?)", _seen(facts, those)

    def done(self, mark: str, arranged: Arranged) -> None:
        """Write that all of it counts.

        Args:
            mark: the digest of the manifest, which knows the same files.
            arranged: how the library is arranged.
        """
        for one in self._beside:
            self._kept &= one.over()
        if self._kept and self._keep.saved:
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
