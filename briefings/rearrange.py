"""What an edit does to the order and the lists of a library that is only recalled, and to the facts about it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from briefings import units
from briefings.library import FACETS, Term
from briefings.recall import List

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from briefings.model import Briefing, Site
    from briefings.recall import Before, Shelf, Shelved
    from briefings.tables import Tables

_KIND = {kind.name: kind for kind in FACETS}


class WholeError(Exception):
    """Only a whole build can tell; says why."""


class Edited(Struct, frozen=True):
    """A briefing whose file has changed."""

    number: int
    path: str
    now: Shelved | None
    """``None``: the site does not show it any more."""
    before: Before | None
    """``None``: the site did not show it."""

    @property
    def quiet(self) -> bool:
        """Whether it stays where it is in every list, and counts as it did."""
        if self.now is None or self.before is None:
            return False
        then, here = self.before, self.now
        return (then.moment, then.digests.order) == (here.moment, here.digests.order)

    @property
    def elsewhere(self) -> bool:
        """Whether it is about another place or day, or at another place among all."""
        if self.now is None or self.before is None:
            return True
        return (self.now.digests.member, self.now.moment) != (self.before.digests.member, self.before.moment)

    @property
    def resized(self) -> bool:
        """Whether it may take another part of a feed's room."""
        if self.now is None or self.before is None:
            return False
        return units.step(self.before.digests.size) != units.step(self.now.digests.size)


class Effect(Struct):
    """What hangs on it."""

    facts: dict[str, str] = field(default_factory=dict)
    """Facts with another digest than before; an empty one is to be worked out."""
    lists: dict[tuple[str, str], List] = field(default_factory=dict)
    """Lists that gained or lost one, or tell something else of one, by kind and slug, as they were."""
    order: array[int] = field(default_factory=lambda: array("I"))
    """All of them as they were."""
    numbers: set[int] = field(default_factory=set)
    """Briefings whose page may show others than before."""
    moved: bool = False
    """Whether the order of all of them, or a moment, is another one."""
    other: set[tuple[str, str]] = field(default_factory=set)
    """Lists that are new, or no more."""


def rearrange(shelf: Shelf, edits: Sequence[Edited], tables: Tables, site: Site) -> Effect:
    """Put edited briefings where they belong now.

    Args:
        shelf: what is recalled; it is changed.
        edits: the briefings as they were and are.
        tables: of the content folder.
        site: the settings.
    """
    effect = Effect()
    sums = _Sums(shelf.facts)
    for one in edits:
        _count(shelf, one, sums)
        effect.facts |= {f"c{one.number}": "", f"f{one.number}": ""} if _shows(one) else {f"f{one.number}": ""}
        effect.numbers.add(one.number)
        if one.now:
            shelf.edit(one.number, one.now)
    effect.order = shelf.order[:]
    by_words = any(row.words for row in tables.selections.values())
    moving = [one for one in edits if not one.quiet or (by_words and _shows(one))]
    _order(shelf, moving, effect)
    for one in edits:
        if one.now:
            place = shelf.order.index(one.number)
            shelf.sizes[place] = one.now.digests.size
            if one.elsewhere:
                shelf.column("dates").put(place, str(one.now.briefing.date or ""))
                shelf.column("langs").put(place, one.now.briefing.lang)
        _change(shelf, one, effect)
    _lists(shelf, moving, effect, sums, (tables, site))
    effect.facts |= sums.told()
    if effect.lists or effect.moved:
        kinds = {kind for kind, _ in effect.lists}
        doubtful = {f"{letter} {kind}" for kind in kinds for letter in "nk"}
        doubtful |= {f"w {slug.rpartition('-')[2]}" for kind, slug in effect.lists if kind in units.PLACES}
        doubtful.add("count")
        if any(one.elsewhere for one in edits):
            doubtful.add("spots")
        effect.facts |= dict.fromkeys(doubtful & shelf.facts.keys(), "")
    return effect


class _Sums:
    """Facts that are sums, as they become."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts, self._added = facts, dict[str, int]()
        self.counts: dict[str, int] = {}

    def add(self, name: str, minus: int, plus: int) -> None:
        """Take something out of a sum, and put something into it."""
        self._added[name] = self._added.get(name, 0) + plus - minus

    def told(self) -> dict[str, str]:
        """Those that somebody sees."""
        found: dict[str, str] = {}
        for name, added in self._added.items():
            count = f" {self.counts[name]}" if name in self.counts else ""
            if name in self._facts or count:
                before = int(self._facts.get(name, "0").partition(" ")[0], 16)
                found[name] = units.total([before, added]) + count
        return found


def _shows(one: Edited) -> bool:
    """Whether what lists show of it is another."""
    if one.now is None or one.before is None:
        return True
    return units.card(one.now.digests, one.now.said) != units.card(one.before.digests, one.before.said)


def _count(shelf: Shelf, one: Edited, sums: _Sums) -> None:
    """Count it in the facts of all briefings as it is now, and no more as it was."""
    then, here = one.before, one.now
    minus, plus = dict.fromkeys(_ALL, 0), dict.fromkeys(_ALL, 0)
    if then:
        draft = one.number in shelf.drafts
        minus = {
            "shown": units.point(units.card(then.digests, then.said)),
            "order": units.ordered(then.digests, then.said),
            "words": units.word(then.id, then.digests),
            "days": units.day(then.id, then.said, draft=draft),
            "addresses": units.address(then.id, then.address, then.said),
        }  # fmt: skip
    if here:
        draft = here.briefing.status == "draft"
        plus = {
            "shown": units.point(units.card(here.digests, here.said)),
            "order": units.ordered(here.digests, here.said),
            "words": units.word(here.id, here.digests),
            "days": units.day(here.id, here.said, draft=draft),
            "addresses": units.address(here.id, units.where(here.briefing), here.said),
        }  # fmt: skip
    for name in _ALL:
        if minus[name] != plus[name]:
            sums.add(name, minus[name], plus[name])


_ALL = ("shown", "order", "words", "days", "addresses")


def _change(shelf: Shelf, one: Edited, effect: Effect) -> None:
    """Note whether it is among those that were changed after they went out, and whether it is a draft."""
    there = one.now.briefing if one.now else None
    changed = there is not None and bool(there.changes or there.status == "withdrawn")
    if changed or one.number in shelf.changed:
        effect.facts["changes"] = ""
        shelf.changed = [number for number in shelf.changed if number != one.number]
        if changed:
            shelf.changed.insert(bisect_left(shelf.changed, shelf.key(one.number), key=shelf.key), one.number)
    if there and there.status == "draft":
        shelf.drafts.add(one.number)
    else:
        shelf.drafts.discard(one.number)


def _order(shelf: Shelf, edits: Sequence[Edited], effect: Effect) -> None:
    """Put them at their places among all briefings; old and new neighbours name others now."""
    order = shelf.order
    moving = [one for one in edits if not (one.before and one.now and one.before.moment == one.now.moment)]
    for one in moving:
        if one.before:
            place = order.index(one.number)
            effect.numbers |= {*order[max(0, place - 1) : place], *order[place + 1 : place + 2]}
            shelf.remove(place)
    for one in moving:
        if one.now:
            place = bisect_left(order, shelf.key(one.number), key=shelf.key)
            shelf.insert(place, one.number, one.now)
            effect.numbers |= {*order[max(0, place - 1) : place], *order[place + 1 : place + 2]}
    effect.numbers -= {one.number for one in moving if not one.now}
    effect.moved = bool(moving)


def _lists(shelf: Shelf, edits: Sequence[Edited], effect: Effect, sums: _Sums, by: tuple[Tables, Site]) -> None:
    """Take them out of the lists that they were in, and put them into those that they belong to now."""
    tables, site = by
    terms: dict[tuple[str, str], Term] = {}
    joining: list[tuple[str, str, int]] = []
    left: set[tuple[str, str]] = set()
    members: dict[tuple[str, str], array[int]] = {}
    for one in edits:
        then, here = one.before, one.now
        olds = {
            (kind, slug) for kind, lists in shelf.lists.items() for slug, row in lists.items()
            if one.number in row.members
        }  # fmt: skip
        news = _terms(here.briefing, tables, site.lang) if here else {}
        minus = units.member(then.digests, then.said) if then else 0
        plus = units.member(here.digests, here.said) if here else 0
        for name in sorted(olds | news.keys()):
            kind, slug = name
            if name in olds and name in news and minus == plus:
                continue
            row = shelf.lists[kind].get(slug)
            known = members.setdefault(name, array("I", row.members if row else ()))
            if name in olds:
                known.remove(one.number)
                left.add(name)
            if name in news:
                joining.append((kind, slug, one.number))
                terms[name] = news[name]
            sums.add(f"m {kind}/{slug}", minus if name in olds else 0, plus if name in news else 0)
    for kind, slug, number in joining:
        key: Callable[[int], Any] = shelf.dated if _KIND[kind].order == "date" else shelf.key
        known = members[kind, slug]
        known.insert(bisect_left(known, key(number), key=key), number)
    for (kind, slug), known in sorted(members.items()):
        name, row = (kind, slug), shelf.lists[kind].get(slug)
        effect.lists[name] = row or List("", array("I"))
        sums.counts[f"m {kind}/{slug}"] = len(known)
        if not known and slug not in {term.slug for term in _KIND[kind].always(tables)}:
            del shelf.lists[kind][slug]
            effect.other.add(name)
            continue
        if row is None or not row.members or not known:
            effect.other.add(name)
        same = row is not None and (kind not in units.PLACES or (name not in left and terms[name].label == row.label))
        label = row.label if row and same else _label(shelf, name, known, (tables, site))
        shelf.lists[kind][slug] = List(label, known)
        effect.facts[f"t {kind}/{slug}"] = label


def _terms(briefing: Briefing, tables: Tables, lang: str) -> dict[tuple[str, str], Term]:
    return {(kind.name, term.slug): term for kind in FACETS for term in kind.terms(briefing, tables, lang)}


def _label(shelf: Shelf, name: tuple[str, str], members: Sequence[int], by: tuple[Tables, Site]) -> str:
    """What a list is called: two spellings of one name are one list, under the label that sorts first."""
    tables, site = by
    every = (_terms(shelf.briefing(number), tables, site.lang)[name] for number in members)
    return min((one.doubt, one.label) for one in every)[1]
