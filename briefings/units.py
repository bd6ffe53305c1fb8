"""Units of the plan: outputs that are planned together, with the names of all that their planning looks at.

Planning a page costs more than seeing that nothing on it can have changed. A unit therefore names what its plan sees:
facts, each with a digest. A unit whose facts have the digests of the last build is not planned again, and a fact that
changes leads to the units that see it: that is the graph of what depends on what.

What holds for every unit (settings, tables, theme, program, pictures) is no fact; a change there plans everything.

========== =========================================================================================================
``c12``    what lists show of briefing number 12, and all that it is sorted and grouped by
``f12``    everything of it: the file, its rendered prose, and when it went out
``m a/b``  the members of the list ``b`` of kind ``a``, and what its first page tells of all of them
``n a``    the lists of kind ``a``, slug and label; ``t a/b``: the label of one of them
``k a``    the same, with counts
``w de``   the same, of the places and regions of a country
``=…``     itself: a value that says all, such as the number of a page
========== =========================================================================================================

The others are of all briefings: ``order`` is what they are sorted, grouped and counted by, ``shown`` what lists show of
them, ``words`` the words that stand for them, ``count`` how many they are, ``days`` when they went out, ``addresses``
where they are, ``changes`` all of those that were changed or withdrawn, ``spots`` where the places are that have lists.

Digests of sets are sums, so that one that loses or gains a member need not be added up again.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from briefings.library import Digests, Facet, Library
    from briefings.model import Briefing, Output
    from briefings.views import Point

SUMS = 1 << 128
"""Sums of digests are taken modulo this."""
_SHORT = 64
"""Characters of values that stand for themselves."""
PLACES = ("place", "region")
"""The kinds of lists that lie in a country, whose code ends their slug."""


class Unit(Struct, frozen=True):
    """Outputs that are planned together. ``key`` is unique; ``sees`` are the names of the facts that they hang on."""

    key: str
    sees: tuple[str, ...]
    plan: Callable[[], Iterable[Output]]
    of: str = ""
    """The group of units that it is one of, such as the pages of a list; empty for one that is alone."""

    @property
    def group(self) -> str:
        """The group; its own key for one that is alone."""
        return self.of or self.key


class Focus(Struct, frozen=True):
    """A part of the plan: some groups, the units of some briefings, by their numbers, and some units of other groups.

    These are named by how their keys go on after the name of the group; of the documents of a feed, ``/2026*`` names
    all of a year, and the one after them.
    """

    groups: frozenset[str]
    briefings: tuple[int, ...] = ()
    parts: Mapping[str, AbstractSet[str]] = field(default_factory=dict)

    @property
    def names(self) -> Iterable[str]:
        """Every group of which something is asked for."""
        return (*self.groups, *self.parts)

    def __contains__(self, group: str) -> bool:
        """Whether a group belongs to it, or a part of one."""
        return group in self.groups or group in self.parts

    def some(self, group: str) -> AbstractSet[str] | None:
        """Which units of a group; ``None``: all of them."""
        return None if group in self.groups else self.parts.get(group, frozenset())

    def below(self, prefix: str) -> list[str]:
        """How the names of its groups go on after a prefix, sorted."""
        return sorted({name[len(prefix) :] for name in self.names if name.startswith(prefix)})


def wanted(focus: Focus | None, group: str) -> bool:
    """Whether a group, or some of it, is asked for: without a focus every one is."""
    return focus is None or group in focus


def reaches(focus: Focus | None, *begins: str) -> bool:
    """Whether a group that begins so is asked for: what plans it is loaded only then."""
    return focus is None or any(name.startswith(begins) for name in focus.names)


def pages(focus: Focus | None, group: str, paged: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Those pages of a list that are asked for, of (number, start, stop); keys go on with the number."""
    names = focus.some(group) if focus else None
    numbers = None if names is None else {int(name.strip("/")) for name in names}
    return (page for page in paged if numbers is None or page[0] in numbers)


def digest(*parts: object) -> str:
    """A digest of strings, numbers, and values whose ``repr`` says all of them."""
    text = "\0".join([part if part.__class__ is str else repr(part) for part in parts])
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def step(size: int) -> int:
    """Bytes, roughly: a power of two, so that small edits keep it."""
    return 1 << (size + 2047).bit_length()


def point(*parts: object) -> int:
    """A digest as a number, to be summed."""
    text = "\0".join([part if part.__class__ is str else repr(part) for part in parts])
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:16], "big")


def total(points: Iterable[int]) -> str:
    """The sum of some digests: that of the set of what they are of."""
    return f"{sum(points) % SUMS:032x}"


def exactly(*values: object) -> str:
    """The fact that some values are what they are."""
    said = repr(values)
    return f"={said}" if len(said) <= _SHORT else f"={digest(said)}"


class Sight:
    """The facts of a library, and their digests."""

    def __init__(
        self, library: Library, spots: Callable[[], Iterable[Point]], known: Mapping[str, str] | None = None
    ) -> None:
        """Look at a library.

        Args:
            library: the briefings that the site shows, and their lists.
            spots: gives the places that have lists, with their counts.
            known: digests of facts that need not be worked out.
        """
        self._library, self._spots = library, spots
        self._known: dict[str, str] = dict(known or {})

    # --- names ------------------------------------------------------------------------------------------------------

    def card(self, briefing: Briefing | None) -> str:
        """What lists show of a briefing."""
        return f"c{self._library.numbers[briefing.id]}" if briefing else "=None"

    def cards(self, briefings: Sequence[Briefing]) -> tuple[str, ...]:
        """What lists show of each of these, in their order."""
        return tuple([f"c{number}" for number in self._library.number_all(briefings)])

    def fulls(self, briefings: Sequence[Briefing]) -> tuple[str, ...]:
        """Everything of each of these, in their order."""
        return tuple([f"f{number}" for number in self._library.number_all(briefings)])

    def full(self, briefing: Briefing) -> str:
        """Everything of a briefing."""
        return f"f{self._library.numbers[briefing.id]}"

    def counts(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """The lists of some kinds, with their counts."""
        return tuple(f"k {kind}" for kind in kinds)

    def names(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """The lists of some kinds."""
        return tuple(f"n {kind}" for kind in kinds)

    def whole(self) -> dict[str, str]:
        """Every digest that was worked out of more than one briefing."""
        return {name: told for name, told in self._known.items() if name[0] != "=" and not name[1:].isdigit()}

    # --- digests ----------------------------------------------------------------------------------------------------

    def digest(self, sees: Sequence[str]) -> str:
        """A digest of some facts; of their names too: a file that went and came back has another number."""
        known = self._known.get
        return digest("\n".join(sees), *[fact if fact[0] == "=" else known(fact) or self.of(fact) for fact in sees])

    def of(self, fact: str) -> str:
        """The digest of a fact, by its name."""
        known = self._known.get(fact)
        if known is None:
            known = self._known[fact] = self._found(fact)
        return known

    def _found(self, fact: str) -> str:
        library = self._library
        match fact[0], fact[1:2]:
            case "=", _:
                return fact
            case "c", mark if mark.isdigit():
                return library.card_of(int(fact[1:]))
            case "f", mark if mark.isdigit():
                return library.whole_of(int(fact[1:]))
            case "m", " ":
                kind, _, slug = fact[2:].partition("/")
                facet = library.facets[kind][slug]
                return f"{total(self.members(facet.briefings))} {len(facet.briefings)}"
            case "t", " ":
                kind, _, slug = fact[2:].partition("/")
                return library.facets[kind][slug].term.label
            case "n", " ":
                return total(map(named, library.facets[fact[2:]].values()))
            case "k", " ":
                return total(map(counted, library.facets[fact[2:]].values()))
            case "w", " ":
                return self._within.get(fact[2:], "")
            case _:
                return str(_WHOLE[fact](self))

    def members(self, briefings: Iterable[Briefing]) -> Iterator[int]:
        """Digests of what the first page of a list tells of all of its briefings."""
        points = self._points
        return (points[briefing.id] for briefing in briefings)

    @cached_property
    def _points(self) -> Mapping[str, int]:
        digests, moments = self._library.digests, self._library.moments_said
        return {one.id: member(digests[one.path], moments[one.id]) for one in self._library.briefings}

    @cached_property
    def _within(self) -> dict[str, str]:
        found: dict[str, list[int]] = {}
        for kind in PLACES:
            for slug, facet in self._library.facets[kind].items():
                found.setdefault(slug.rpartition("-")[2], []).append(counted(facet))
        return {code: total(some) for code, some in found.items()}

    @cached_property
    def company(self) -> str:
        """A digest of all that says which briefings belong together."""
        return self.digest(("order", "words", *self.names(self._library.facets)))

    def order(self) -> str:
        """Of all that briefings are sorted, grouped and counted by, without a word that readers see."""
        digests, moments = self._library.digests, self._library.moments_said
        return total(ordered(digests[one.path], moments[one.id]) for one in self._library.briefings)

    def words(self) -> str:
        """Of the words that stand for each."""
        digests = self._library.digests
        return total(word(one.id, digests[one.path]) for one in self._library.briefings)

    def shown(self) -> str:
        """Of what lists show of every briefing."""
        return total(point(self.of(name)) for name in self.cards(self._library.briefings))

    def count(self) -> str:
        """Of how many briefings there are."""
        return str(len(self._library.briefings))

    def days(self) -> str:
        """Of when each went out."""
        moments = self._library.moments_said
        return total(day(one.id, moments[one.id], draft=one.status == "draft") for one in self._library.briefings)

    def addresses(self) -> str:
        """Of where they are, and were."""
        moments = self._library.moments_said
        return total(address(one.id, where(one), moments[one.id]) for one in self._library.briefings)

    def changes(self) -> str:
        """Of all of those that were changed or withdrawn."""
        return total(point(self.of(name)) for name in self.fulls(self._library.changed))

    def spots(self) -> str:
        """Of where the places are that have lists, and roughly how many briefings each has."""
        return total(
            point(one.url, one.label, one.latitude, one.longitude, one.count.bit_length()) for one in self._spots()
        )


_WHOLE: Mapping[str, Callable[[Sight], str]] = {
    "order": Sight.order, "words": Sight.words, "shown": Sight.shown, "count": Sight.count, "days": Sight.days,
    "addresses": Sight.addresses, "changes": Sight.changes, "spots": Sight.spots,
}  # fmt: skip


def named(facet: Facet) -> int:
    """A list among the others of its kind."""
    return point(facet.term.slug, facet.term.label)


def counted(facet: Facet) -> int:
    """A list among the others of its kind, with its count."""
    return point(facet.term.slug, facet.term.label, len(facet.briefings))


def member(digests: Digests, moment: str) -> int:
    """What the first page of a list tells of all of its briefings, of one; moments are in the form of ISO 8601."""
    return point(digests.member, moment)


def ordered(digests: Digests, moment: str) -> int:
    """What briefings are sorted, grouped and counted by, of one."""
    return point(digests.order, moment)


def word(identity: str, digests: Digests) -> int:
    """The words that stand for a briefing, among those of the others."""
    return point(identity, digests.words)


def card(digests: Digests, moment: str) -> str:
    """The digest of what lists show of a briefing."""
    return f"{digests.card} {moment}"


def day(identity: str, moment: str, *, draft: bool) -> int:
    """When a briefing went out, among the others."""
    return point(identity, moment, draft)


def where(briefing: Briefing) -> str:
    """Where a briefing is and was."""
    return " ".join((briefing.slug, *briefing.aliases))


def address(identity: str, there: str, moment: str) -> int:
    """The same among all others, from what :func:`where` gives."""
    return point(identity, there, moment)


def together(units: Iterable[Unit | int], library: Library) -> list[Unit | int]:
    """Units in the order of the first briefing that each sees: those that show the same briefings are not far apart.

    So a slice of them needs few briefings, and makes what it shows of each once. The unit of a briefing may be given by
    the number of that.
    """

    def place(unit: Unit | int) -> int:
        if isinstance(unit, int):
            return library.place(unit)
        first = next((fact for fact in unit.sees if fact[0] in "cf" and fact[1:].isdigit()), "")
        return library.place(int(first[1:])) if first else -1

    return sorted(units, key=place)


def whole(facts: Iterable[str]) -> Iterator[str]:
    """Those of some facts that are of more than one briefing, and do not say themselves."""
    return (fact for fact in facts if fact[0] != "=" and not fact[1:].isdigit())


def chain(units: Iterable[Unit]) -> Iterable[Output]:
    """Every output of some units."""
    for unit in units:
        yield from unit.plan()
