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

if TYPE_CHECKING:
    from briefings.library import Library
    from briefings.model import Briefing, CalendarDate

WORDS = 64
"""The most words that stand for a briefing."""
RARE = 12
"""So many of its rarest terms are looked up."""
WINDOW = 6
"""So many briefings before and after in the list of each term are candidates."""
SHORTLIST = 24
"""So many candidates are compared term by term."""
LEAST = 4
"""Without a story, place, country or topic in common, briefings are related when they share as much as so many words
that no other has."""
FACETS: tuple[tuple[str, int], ...] = (("story", 4), ("place", 3), ("country", 2), ("tag", 2))
"""What else makes a term, and how many times the weight of a word it has."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_LINK = re.compile(r"\]\([^)]*\)|https?://\S+")


def words(briefing: Briefing, prose: str) -> tuple[str, ...]:
    """The words that stand for a briefing: title, key points and summary first, then the prose's most used."""
    spot = briefing.location
    head = " ".join((briefing.title, *briefing.key_points, briefing.summary, spot.name if spot else ""))
    first = dict.fromkeys(_WORD.findall(head.casefold()))
    counts = Counter(_WORD.findall(_LINK.sub(" ", prose).casefold()))
    rest = sorted((word for word in counts if word not in first), key=lambda word: (-counts[word], -len(word), word))
    return tuple(intern(word) for word in [*first, *rest][:WORDS])


class Related:
    """The terms of every published briefing, indexed."""

    def __init__(self, library: Library) -> None:
        """Index the library; ``library.briefings`` gives the order, newest first."""
        self._briefings = tuple(entry for entry in library.briefings if entry.status == "published")
        self._places = {entry.id: place for place, entry in enumerate(self._briefings)}
        self._terms = {entry.id: set(entry.words) for entry in self._briefings}
        self._times = dict(FACETS)
        for kind, _ in FACETS:
            for slug, facet in library.facets[kind].items():
                for entry in facet.briefings:
                    if entry.id in self._terms:
                        self._terms[entry.id].add(intern(f"{kind}:{slug}"))
        self._lists: defaultdict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(self._briefings):
            for term in self._terms[entry.id]:
                self._lists[term].append(place)
        self._bits = len(self._briefings).bit_length()

    def to(self, briefing: Briefing, most: int) -> tuple[Briefing, ...]:
        """At most so many others, the nearest first; ties go to the newer one. Empty for what is not published."""
        own = self._terms.get(briefing.id)
        if own is None:
            return ()
        here = self._places[briefing.id]
        shared = sorted(
            (term for term in own if len(self._lists[term]) > 1), key=lambda term: (len(self._lists[term]), term)
        )
        facets = [term for term in shared if ":" in term]
        found: Counter[int] = Counter()
        for term in dict.fromkeys((*shared[:RARE], *facets)):
            weight, group = self._weight(term), self._lists[term]
            at = bisect_left(group, here)
            for other in group[max(0, at - WINDOW) : at + WINDOW + 1]:
                found[other] += weight
        del found[here]
        likely = sorted(found, key=lambda place: (-found[place], place))[:SHORTLIST]
        scores = {place: self._score(own, briefing, self._briefings[place]) for place in likely}
        best = sorted((place for place in likely if scores[place]), key=lambda place: (-scores[place], place))
        return tuple(self._briefings[place] for place in best[:most])

    def _weight(self, term: str) -> int:
        """Bits that a term tells: the logarithm of how many briefings there are for each one that has it."""
        told = max(0, self._bits - len(self._lists[term]).bit_length())
        kind, colon, _ = term.partition(":")
        return told * self._times[kind] if colon else told

    def _score(self, own: set[str], briefing: Briefing, other: Briefing) -> int:
        weights = {term: self._weight(term) for term in own & self._terms[other.id]}
        total = sum(weights.values())
        if total < LEAST * self._bits and not any(weight and ":" in term for term, weight in weights.items()):
            return 0
        return total + (self._bits // 2 if _near(briefing.date, other.date) else 0)


def _near(one: CalendarDate | None, other: CalendarDate | None) -> bool:
    """Whether two reports are of the same month, or of months that follow each other."""
    if one is None or other is None or not one.month or not other.month:
        return False
    return abs((one.year * 12 + one.month) - (other.year * 12 + other.month)) <= 1
