"""Which briefings belong with those that were edited, from terms that were kept; see :mod:`briefings.related`.

An edit moves a briefing in the lists of its terms. That concerns those beside it there, and, where the number of those
that have a term doubles or halves, all that have it; nobody else. Where it stays in the list of a term, it concerns of
those beside it only the ones that have a term which it gained or lost: to the others it is as like as before.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from briefings.kept import Lazily
from briefings.related import MOST, RARE, WINDOW, Terms, month, rarest, terms, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from briefings.graph import Graph
    from briefings.rearrange import Edited
    from briefings.recall import Shelf
    from briefings.tables import Tables

CROWD = 256
"""So many briefings are looked at anew because a term became twice as frequent, or half; more are left to a whole
build."""


_ASKED = 500
"""So many terms are asked for at once: SQLite takes at least 999."""


class CrowdError(Exception):
    """An edit concerns too many others."""


class Kept(Terms[str]):
    """The terms of all published briefings, of which only what is asked for is read."""

    def __init__(self, graph: Graph, shelf: Shelf) -> None:
        """Know where they are kept, and the order of the briefings as it is now."""
        self._graph, self._shelf = graph, shelf
        self.count = int(shelf.about["related"])
        self.lists: dict[str, array[int]] = Lazily(self._read)
        self._counts: dict[str, int] = {}
        self.terms: dict[int, frozenset[str]] = {}
        """Of those that were edited."""
        self._own: dict[int, frozenset[str]] = {}
        self.changed: set[str] = set()
        self._months: dict[int, int | None] = {}

    def _read(self, term: str) -> array[int]:
        found = self._graph.ask("SELECT members FROM postings WHERE term = ?", term)
        return array("I", found[0][0] if found else b"")

    def settle(self) -> None:
        """From here on terms and lists are those of now."""
        self.bits = self.count.bit_length()
        self._own.clear()
        self._counts.clear()
        self.lengths: Mapping[str, int] = Lazily(lambda term: self._count((term,))[term].bit_length())
        weights: Mapping[str, int] = Lazily(lambda term: told(term, self.lengths[term], self.bits))
        self.weight = weights.__getitem__
        self.rank = self._shelf.places.__getitem__

    def everything(self, one: int) -> frozenset[str]:
        """All terms of a briefing."""
        if one in self.terms:
            return self.terms[one]
        found = self._graph.ask("SELECT terms FROM kin WHERE number = ?", one)
        return frozenset(found[0][0].split()) if found else frozenset()

    def own(self, one: int) -> AbstractSet[str]:
        """The terms of a briefing that others have, too."""
        if one not in self._own:
            everything = self.everything(one)
            counts = self._count(everything)
            self._own[one] = frozenset(term for term in everything if counts[term] > 1)
        return self._own[one]

    def _count(self, terms: Iterable[str]) -> Mapping[str, int]:
        """How many briefings have each of some terms, and maybe of others; lists are not read for that."""
        wanted = [term for term in terms if term not in self._counts]
        for term in wanted:
            self._counts[term] = len(self.lists[term]) if term in self.changed else 0
        unread = [term for term in wanted if term not in self.changed]
        for start in range(0, len(unread), _ASKED):
            some = unread[start : start + _ASKED]
            marks = ",".join("?" * len(some))
            question = f"SELECT term, length(members) / 4 FROM postings WHERE term IN ({marks})"  # noqa: S608 - marks
            self._counts.update(self._graph.ask(question, *some))
        return self._counts

    def beside(self, term: str, one: int) -> Sequence[int]:
        """Briefings before and after one in the list of a term."""
        group = self.lists[term]
        at = group.index(one)
        return group[max(0, at - WINDOW) : at + WINDOW + 1]

    def looked_up(self, own: AbstractSet[str]) -> AbstractSet[str]:
        """Those of a briefing's terms by which others are found: the rarest, and its lists."""
        return {*rarest(own, self.lengths)[:RARE], *(term for term in own if ":" in term and self.weight(term))}

    def binds(self, shared: AbstractSet[str]) -> bool:
        """Whether a list is among some terms that tells anything."""
        return any(":" in term and self.weight(term) for term in shared)

    def month(self, one: int) -> int | None:
        """The month that its source gives."""
        if one not in self._months:
            self._months[one] = month(self._shelf.date(one))
        return self._months[one]

    def leave(self, term: str, one: int) -> Iterable[int]:
        """Take a briefing out of the list of a term; yield those whom that concerns."""
        yield from self.beside(term, one)
        yield from self._changes(term, -1)
        self.lists[term].remove(one)

    def join(self, term: str, one: int) -> Iterable[int]:
        """Put a briefing into the list of a term; yield those whom that concerns."""
        yield from self._changes(term, 1)
        group = self.lists[term]
        group.insert(bisect_left(group, self._shelf.key(one), key=self._shelf.key), one)
        yield from self.beside(term, one)

    def _changes(self, term: str, by: int) -> Iterable[int]:
        """All that have a term, if it tells something else when the number of those that have it changes."""
        group = self.lists[term]
        then, here = len(group), len(group) + by
        self.changed.add(term)
        if then.bit_length() == here.bit_length() and (then > 1) == (here > 1):
            return
        if then > CROWD:
            raise CrowdError(term)
        yield from group


def _stays(one: Edited, shelf: Shelf) -> bool:
    """Whether a briefing stands where it did in the lists of the terms that it keeps, and has the date that it had."""
    if one.now is None or one.before is None:
        return False
    return one.now.moment == one.before.moment and shelf.dated_before(one.number) == str(one.now.briefing.date or "")


def relate(
    graph: Graph, shelf: Shelf, edits: Sequence[Edited], tables: Tables, lang: str
) -> tuple[Kept, dict[int, list[int]]]:
    """Find what belongs together now.

    Args:
        graph: what was kept.
        shelf: the briefings as they are now.
        edits: those that were edited.
        tables: of the content folder.
        lang: the site's language.

    Returns:
        The terms as they are now, and for every briefing whose company is another one those that belong with it.

    Raises:
        CrowdError: an edit concerns too many others.
    """
    kept = Kept(graph, shelf)
    concerned: set[int] = set()
    before = kept.count
    olds = {one.number: kept.everything(one.number) for one in edits if one.before}
    news = {
        one.number: terms(one.now.briefing, tables, lang)
        for one in edits if one.now and one.now.briefing.status == "published"
    }  # fmt: skip
    stays = {
        one.number: olds[one.number] & news[one.number]
        for one in edits if one.number in olds and one.number in news and _stays(one, shelf)
    }  # fmt: skip
    none: frozenset[str] = frozenset()
    for number, own in olds.items():
        for term in own - stays.get(number, none):
            concerned.update(kept.leave(term, number))
        kept.count -= bool(own)
    for one in edits:
        kept.terms[one.number] = news.get(one.number, none)
        for term in kept.terms[one.number] - stays.get(one.number, none):
            concerned.update(kept.join(term, one.number))
        kept.count += bool(kept.terms[one.number])
        if one.now:
            concerned.add(one.number)
    for number, same in stays.items():
        other = {one for term in olds[number] ^ news[number] for one in kept.lists[term]}
        concerned.update(one for term in same if other for one in kept.beside(term, number) if one in other)
    if kept.count.bit_length() != before.bit_length():
        raise CrowdError("all of them")
    kept.settle()
    gone = {one.number for one in edits if not one.now}
    found: dict[int, list[int]] = {}
    for number in concerned - gone:
        others = kept.nearest(number, MOST) if kept.everything(number) else []
        was = graph.ask("SELECT others FROM kin WHERE number = ?", number)
        if not was or number in kept.terms or array("I", was[0][0]).tolist() != others:
            found[number] = others
    return kept, found
