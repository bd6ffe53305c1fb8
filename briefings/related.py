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
    from collections.abc import Iterable, Sequence

    from briefings.library import Library
    from briefings.model import Briefing, CalendarDate

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


def companies(library: Library, briefings: Iterable[Briefing]) -> dict[str, list[str]]:
    """For each of some briefings the ids of those that belong with it, the nearest first."""
    index = Related(library)
    found: dict[str, list[str]] = {}

    def some(part: Sequence[Briefing]) -> list[tuple[str, list[str]]]:
        return [(one.id, [other.id for other in index.to(one, MOST)]) for one in part]

    for part in crew.spread(some, [*briefings]):
        found.update(part)
    return found


class Related:
    """The terms of every published briefing, indexed."""

    def __init__(self, library: Library) -> None:
        """Index the library; ``library.briefings`` gives the order, newest first."""
        self._briefings = tuple(entry for entry in library.briefings if entry.status == "published")
        self._places = {entry.id: place for place, entry in enumerate(self._briefings)}
        self._bits = len(self._briefings).bit_length()
        terms: list[set[str]] = [set(entry.words) for entry in self._briefings]
        times: dict[str, int] = {}
        for kind, factor in FACETS:
            for slug, facet in library.facets[kind].items():
                name = f"{kind}:{slug}"
                times[name] = factor
                for entry in facet.briefings:
                    if entry.id in self._places:
                        terms[self._places[entry.id]].add(name)
        lists: defaultdict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(terms):
            for term in own:
                lists[term].append(place)
        # What only one briefing says brings nothing together.
        self._lists = {term: group for term, group in lists.items() if len(group) > 1}
        self._weights = {term: self._told(len(group)) * times.get(term, 1) for term, group in self._lists.items()}
        self._facets = frozenset(term for term in times if self._weights.get(term))
        self._terms = [own & self._lists.keys() for own in terms]

    def _told(self, count: int) -> int:
        """Bits that a term tells: the logarithm of how many briefings there are for each one that has it."""
        return max(0, self._bits - count.bit_length())

    def to(self, briefing: Briefing, most: int) -> tuple[Briefing, ...]:
        """At most so many others, the nearest first; ties go to the newer one. Empty for what is not published."""
        here = self._places.get(briefing.id)
        if here is None:
            return ()
        own, lists, weights = self._terms[here], self._lists, self._weights
        rare = sorted(own, key=lambda term: (len(lists[term]), term))[:RARE]
        found: defaultdict[int, int] = defaultdict(int)
        for term in {*rare, *(own & self._facets)}:
            group = lists[term]
            at = bisect_left(group, here)
            for other in group[max(0, at - WINDOW) : at + WINDOW + 1]:
                found[other] += weights[term]
        found.pop(here, None)
        likely = sorted(found, key=lambda place: (-found[place], place))[:SHORTLIST]
        scores = {place: self._score(here, place) for place in likely}
        best = sorted((place for place in likely if scores[place]), key=lambda place: (-scores[place], place))
        return tuple(self._briefings[place] for place in best[:most])

    def _score(self, here: int, there: int) -> int:
        shared = self._terms[here] & self._terms[there]
        total = sum(map(self._weights.__getitem__, shared))
        if total < LEAST * self._bits and shared.isdisjoint(self._facets):
            return 0
        return total + (self._bits // 2 if _near(self._briefings[here].date, self._briefings[there].date) else 0)


def _near(one: CalendarDate | None, other: CalendarDate | None) -> bool:
    """Whether two reports are of the same month, or of months that follow each other."""
    if one is None or other is None or not one.month or not other.month:
        return False
    return abs((one.year * 12 + one.month) - (other.year * 12 + other.month)) <= 1
