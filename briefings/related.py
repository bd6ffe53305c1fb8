"""Which briefings belong together: TF-IDF over words, place, topics and story, with an inverted index over rare terms.

Every briefing has a bounded number of terms and looks at a bounded number of others, so the work grows with the number
of briefings and no faster. Weights are whole numbers that move only when a count doubles: a new briefing changes the
company of those it is like, not of everybody, and no rounding depends on an order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from sys import intern
from typing import TYPE_CHECKING, Generic, TypeVar

from briefings import crew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from briefings.library import Library
    from briefings.model import Briefing, CalendarDate
    from briefings.tables import Tables

T = TypeVar("T")

WORDS = 64
"""The most words that stand for a briefing."""
RARE = 10
"""So many of its rarest terms are looked up."""
WINDOW = 6
"""So many briefings before and after in the list of each term are candidates."""
SHORTLIST = 16
"""So many candidates are compared term by term."""
LEAST = 4
"""Without a story, place, country or topic in common, briefings are related when they share as much as so many words
that no other has."""
FACETS: tuple[tuple[str, int], ...] = (("story", 4), ("place", 3), ("country", 2), ("tag", 2))
"""What else makes a term, and how many times the weight of a word it has."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = {code: chr(code).lower() if chr(code).isalpha() else " " for code in range(128)}
_LINK = re.compile(r"\]\([^)]*\)|https?://\S+")


def words(briefing: Briefing, prose: str) -> tuple[str, ...]:
    """The words that stand for a briefing: title, key points and summary first, then the prose's most used."""
    spot = briefing.location
    head = " ".join((briefing.title, *briefing.key_points, briefing.summary, spot.name if spot else ""))
    first = dict.fromkeys(_words(head))
    if "](" in prose or "://" in prose:
        prose = _LINK.sub(" ", prose)
    counts = Counter(_words(prose))
    rest = sorted(counts.keys() - first.keys())
    # The most used first, of these the longest, of these by the alphabet: sorting keeps what is alike in order.
    rest.sort(key=len, reverse=True)
    rest.sort(key=counts.__getitem__, reverse=True)
    return tuple(map(intern, [*first, *rest][:WORDS]))


def _words(text: str) -> list[str]:
    """Runs of four letters and more, in order and in small letters. As ``_WORD`` finds them, sooner."""
    if text.isascii():
        return [word for word in text.translate(_LETTERS).split() if len(word) > 3]
    found: list[str] = []
    for word in text.casefold().split():
        if not word.isalpha():
            found += _WORD.findall(word)
        elif len(word) > 3:
            found.append(word)
    return found


MOST = 4
"""Others that a briefing's page names."""


def companies(library: Library, related: Related | None = None) -> dict[str, list[str]]:
    """For each briefing the ids of those that belong with it, the nearest first."""
    index = related or Related(library)
    found: dict[str, list[str]] = {}

    def some(part: Sequence[Briefing]) -> list[tuple[str, list[str]]]:
        return [(one.id, [other.id for other in index.to(one, MOST)]) for one in part]

    for part in crew.spread(some, library.briefings):
        found.update(part)
    return found


class Terms(Generic[T]):
    """What is asked of an index of terms; briefings are numbers here."""

    bits: int
    """Of the number of briefings: so many bits would a term tell that one of them had."""

    def own(self, one: int) -> AbstractSet[T]:
        """The terms of a briefing that others have, too."""
        raise NotImplementedError

    def looked_up(self, own: AbstractSet[T]) -> AbstractSet[T]:
        """Those of a briefing's terms by which others are found: the rarest, and its lists."""
        raise NotImplementedError

    def binds(self, shared: AbstractSet[T]) -> bool:
        """Whether a list is among some terms that tells anything."""
        raise NotImplementedError

    def beside(self, term: T, one: int) -> Sequence[int]:
        """``WINDOW`` briefings before and after one in the list of a term of it, and itself."""
        raise NotImplementedError

    rank: Callable[[int], int] | None = None
    """Gives its place among all, the newest first; by default that is its number."""

    def month(self, one: int) -> int | None:
        """The month that its source gives, counted on through the years; ``None`` without one."""
        raise NotImplementedError

    weight: Callable[[T], int]
    """Gives the bits that a term tells, as :func:`told` does."""

    def nearest(self, here: int, most: int) -> list[int]:
        """At most so many others, the nearest first; ties go to the newer one."""
        own = self.own(here)
        found: defaultdict[int, int] = defaultdict(int)
        for term in self.looked_up(own):
            weight = self.weight(term)
            for other in self.beside(term, here):
                found[other] += weight
        found.pop(here, None)
        likely = self._first(found, SHORTLIST)
        return self._first({one: score for one in likely if (score := self._score(own, here, one))}, most)

    def _first(self, found: Mapping[int, int], most: int) -> list[int]:
        """Those with the most points; of these the newer ones: sorting keeps what is alike in order."""
        return sorted(sorted(found, key=self.rank), key=found.__getitem__, reverse=True)[:most]

    def _score(self, own: AbstractSet[T], here: int, there: int) -> int:
        shared = own & self.own(there)
        total = sum(map(self.weight, shared))
        if total < LEAST * self.bits and not self.binds(shared):
            return 0
        one, other = self.month(here), self.month(there)
        near = one is not None and other is not None and abs(one - other) <= 1
        return total + (self.bits // 2 if near else 0)


def rarest(own: Iterable[str], lengths: Mapping[str, int]) -> list[str]:
    """Terms in the order in which they are looked up; lengths are the bits of how many briefings have each."""
    return sorted(own, key=lambda term: (lengths[term], term))


def told(term: str, length: int, bits: int) -> int:
    """Bits that a term tells: as many as for how few of all have it; those of lists count more."""
    return max(0, bits - length) * _factor(term)


def month(date: CalendarDate | None) -> int | None:
    """The month of a date, counted on through the years; ``None`` where it has none."""
    return date.year * 12 + date.month if date and date.month else None


_FACTORS = dict(FACETS)


def _factor(term: str) -> int:
    """How many times the weight of a word a term has: ``tag:floods`` that of its kind."""
    kind, colon, _ = term.partition(":")
    return _FACTORS[kind] if colon else 1


def terms(briefing: Briefing, tables: Tables, lang: str) -> frozenset[str]:
    """All terms of a briefing: its words, and its lists by kind and slug."""
    from briefings.library import FACETS as KINDS  # noqa: PLC0415 - it reads briefings with words of this module

    names = {kind.name: kind.terms for kind in KINDS}
    lists = (f"{kind}:{term.slug}" for kind in _FACTORS for term in names[kind](briefing, tables, lang))
    return frozenset((*briefing.words, *lists))


class Related(Terms[int]):
    """The terms of every published briefing, indexed; a briefing's number is its place among them.

    The terms that several of them have are numbers too, the rarest first: in that order they are looked up.
    """

    def __init__(self, library: Library) -> None:
        """Index the library; ``library.briefings`` gives the order, newest first."""
        self._briefings = tuple(entry for entry in library.briefings if entry.status == "published")
        self._places = {entry.id: place for place, entry in enumerate(self._briefings)}
        self._months = [month(entry.date) for entry in self._briefings]
        self.bits = len(self._briefings).bit_length()
        everything: list[set[str]] = [set(entry.words) for entry in self._briefings]
        for kind in _FACTORS:
            for slug, facet in library.facets[kind].items():
                for entry in facet.briefings:
                    if entry.id in self._places:
                        everything[self._places[entry.id]].add(f"{kind}:{slug}")
        lists: defaultdict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(everything):
            for term in own:
                lists[term].append(place)
        self._lists = lists
        self._everything = everything
        # What only one briefing says brings nothing together.
        lengths = {term: len(group).bit_length() for term, group in lists.items() if len(group) > 1}
        names = rarest(lengths, lengths)
        self._groups = [lists[name] for name in names]
        self.weight = [told(name, lengths[name], self.bits) for name in names].__getitem__
        self._binding = {term for term, name in enumerate(names) if ":" in name and self.weight(term)}
        numbers = {name: term for term, name in enumerate(names)}
        self._terms = [{numbers[name] for name in own & numbers.keys()} for own in everything]

    def own(self, one: int) -> AbstractSet[int]:
        """The terms of a briefing that others have, too."""
        return self._terms[one]

    def month(self, one: int) -> int | None:
        """The month that its source gives."""
        return self._months[one]

    def looked_up(self, own: AbstractSet[int]) -> AbstractSet[int]:
        """Those of a briefing's terms by which others are found: the rarest, and its lists."""
        return self._binding & own | {*sorted(own)[:RARE]}

    def binds(self, shared: AbstractSet[int]) -> bool:
        """Whether a list is among some terms that tells anything."""
        return not self._binding.isdisjoint(shared)

    def beside(self, term: int, one: int) -> Sequence[int]:
        """Briefings before and after one in the list of a term."""
        group = self._groups[term]
        at = bisect_left(group, one)
        return group[max(0, at - WINDOW) : at + WINDOW + 1]

    def to(self, briefing: Briefing, most: int) -> tuple[Briefing, ...]:
        """At most so many others, the nearest first; ties go to the newer one. Empty for what is not published."""
        here = self._places.get(briefing.id)
        return () if here is None else tuple(self._briefings[place] for place in self.nearest(here, most))

    def postings(self) -> Iterator[tuple[str, list[str]]]:
        """Each term with the ids of those that have it, the newest first."""
        ids = [one.id for one in self._briefings]
        return ((term, [ids[place] for place in group]) for term, group in self._lists.items())

    def everything(self) -> Iterator[tuple[str, set[str]]]:
        """Each briefing's id with all of its terms."""
        return ((one.id, own) for one, own in zip(self._briefings, self._everything, strict=True))
