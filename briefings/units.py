"""Units of the plan: outputs that are planned together, with a digest of all that their planning looks at.

Planning a page costs more than seeing that nothing on it can have changed. A unit therefore says what its plan sees,
from digests that are at hand: of a briefing's file, of what lists show of it, of what sorting and grouping look at.
What holds for every unit (settings, tables, theme, program, pictures) is not in it; a change there plans everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefings.library import Library
    from briefings.model import Briefing, Output

ALWAYS = ""
"""Seen by a unit that is planned anew every time."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Outputs that are planned together. ``key`` is unique; ``sees`` is a digest, or ``ALWAYS``."""

    key: str
    sees: str
    plan: Callable[[], Iterable[Output]]


def digest(*parts: object) -> str:
    """A digest of what a unit sees: strings, numbers, and values whose ``repr`` says all of them."""
    text = "\0".join(part if isinstance(part, str) else repr(part) for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Sight:
    """Digests of briefings, for units."""

    def __init__(self, library: Library) -> None:
        """Look at a library; without its digests every unit sees something else."""
        self._library = library
        self._cards: dict[str, str] = {}
        self._fulls: dict[str, str] = {}

    def full(self, briefing: Briefing) -> str:
        """Of everything: the file, its rendered prose, and when it went out."""
        known = self._fulls.get(briefing.id)
        if known is None:
            file = self._library.digests[briefing.path].file
            known = f"{file} {briefing.prose} {self._library.moments[briefing.id]}"
            self._fulls[briefing.id] = known
        return known

    def card(self, briefing: Briefing | None) -> str:
        """Of what lists show of a briefing, and of all that they are sorted and grouped by."""
        if briefing is None:
            return "-"
        known = self._cards.get(briefing.id)
        if known is None:
            card = self._library.digests[briefing.path].card
            known = self._cards[briefing.id] = f"{card} {self._library.moments[briefing.id]}"
        return known

    def cards(self, briefings: Iterable[Briefing]) -> str:
        """Of what lists show of each of these, in their order."""
        return "\n".join(map(self.card, briefings))

    def fulls(self, briefings: Iterable[Briefing]) -> str:
        """Of everything of each of these, in their order."""
        return "\n".join(map(self.full, briefings))

    @cached_property
    def order(self) -> str:
        """Of all that briefings are sorted, grouped and counted by, without a word that readers see."""
        rows = (
            f"{self._library.digests[one.path].order} {self._library.moments[one.id]}"
            for one in self._library.briefings
        )
        return digest(*rows)

    @cached_property
    def terms(self) -> str:
        """Of every list that there is: its slug and its label."""
        facets = self._library.facets
        return digest(*(f"{kind} {slug} {facet.term.label}" for kind in facets for slug, facet in facets[kind].items()))

    @cached_property
    def company(self) -> str:
        """Of all that says which briefings belong together."""
        known = self._library
        return digest(self.order, self.terms, *(known.digests[one.path].words for one in known.briefings))

    @cached_property
    def shown(self) -> str:
        """Of what lists show, of every briefing."""
        return digest(self.cards(self._library.briefings))


def chain(units: Iterable[Unit]) -> Iterable[Output]:
    """Every output of some units."""
    for unit in units:
        yield from unit.plan()
