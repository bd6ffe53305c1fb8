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
from typing import TYPE_CHECKING

from briefings import crew

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from briefings.library import Library
    from briefings.model import Briefing, CalendarDate
    from briefings.tables import Tables

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


class Terms:
    """What is asked of an index of terms; briefings are numbers here."""

    bits: int
    """Of the number of briefings: so many bits would a term tell that one of them had."""
    lengths: Mapping[str, int]
    """For each term that several briefings have, the bits of their number."""

    def own(self, one: int) -> AbstractSet[str]:
        """The terms of a briefing that others have, too."""
        raise NotImplementedError

    def beside(self, term: str, one: int) -> Sequence[int]:
        """``WINDOW`` briefings before and after one in the list of a term of it, and itself."""
        raise NotImplementedError

    def rank(self, one: int) -> int:
        """Its place among all, the newest first."""
        raise NotImplementedError

    def date(self, one: int) -> CalendarDate | None:
        """What date its source gives."""
        raise NotImplementedError

    weights: Mapping[str, int]
    """For each of these terms the bits that it tells, as :meth:`told` gives them."""

    def told(self, term: str) -> int:
        """Bits that a term tells: as many as for how few of all have it; those of lists count more."""
        return max(0, self.bits - self.lengths[term]) * _factor(term)

    def looked_up(self, own: AbstractSet[str]) -> set[str]:
        """Those of a briefing's terms by which others are found: the rarest, and its lists."""
        rare = sorted(own, key=lambda term: (self.lengths[term], term))[:RARE]
        return {*rare, *(term for term in own if ":" in term and self.weights[term])}

    def nearest(self, here: int, most: int) -> list[int]:
        """At most so many others, the nearest first; ties go to the newer one."""
        own = self.own(here)
        found: defaultdict[int, int] = defaultdict(int)
        for term in self.looked_up(own):
            weight = self.weights[term]
            for other in self.beside(term, here):
                found[other] += weight
        found.pop(here, None)
        likely = sorted(found, key=lambda one: (-found[one], self.rank(one)))[:SHORTLIST]
        scores = {one: self._score(own, here, one) for one in likely}
        best = sorted((one for one in likely if scores[one]), key=lambda one: (-scores[one], self.rank(one)))
        return best[:most]

    def _score(self, own: AbstractSet[str], here: int, there: int) -> int:
        shared = own & self.own(there)
        weights = self.weights
        total = sum(map(weights.__getitem__, shared))
        if total < LEAST * self.bits and not any(":" in term and weights[term] for term in shared):
            return 0
        return total + (self.bits // 2 if _near(self.date(here), self.date(there)) else 0)


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


class Related(Terms):
    """The terms of every published briefing, indexed; a briefing's number is its place among them."""

    def __init__(self, library: Library) -> None:
        """Index the library; ``library.briefings`` gives the order, newest first."""
        self._briefings = tuple(entry for entry in library.briefings if entry.status == "published")
        self._places = {entry.id: place for place, entry in enumerate(self._briefings)}
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
        self.lengths = {term: len(group).bit_length() for term, group in lists.items() if len(group) > 1}
        self.weights = {term: self.told(term) for term in self.lengths}
        self._terms = [own & self.lengths.keys() for own in everything]

    def own(self, one: int) -> AbstractSet[str]:
        """The terms of a briefing that others have, too."""
        return self._terms[one]

    def beside(self, term: str, one: int) -> Sequence[int]:
        """Briefings before and after one in the list of a term."""
        group = self._lists[term]
        at = bisect_left(group, one)
        return group[max(0, at - WINDOW) : at + WINDOW + 1]

    def rank(self, one: int) -> int:
        """Its number."""
        return one

    def date(self, one: int) -> CalendarDate | None:
        """What date its source gives."""
        return self._briefings[one].date

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


def _near(one: CalendarDate | None, other: CalendarDate | None) -> bool:
    """Whether two reports are of the same month, or of months that follow each other."""
    if one is None or other is None or not one.month or not other.month:
        return False
    return abs((one.year * 12 + one.month) - (other.year * 12 + other.month)) <= 1
