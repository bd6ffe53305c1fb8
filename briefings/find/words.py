"""Words run together (``disasterthat``): told by a word list, shown with both spellings, never corrected.

The list (``data/words.txt.gz``, made by ``scripts/words.py`` from SCOWL) holds common words and the real compounds that
look like two of them. A token is pointed at when it is no word at all but two common ones make it, and neither half is
of the kind from which English makes new compounds every day.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data" / "words.txt.gz"

FUNCTION = frozenset(
    """
    that which with and from the for was were have has had who whom when where while after before into over this
    these those their they them then than but not are been will would could should between through during under
    about another
    """.split()  # noqa: SIM905 - a list to read
)
"""Words that never end or begin a compound: next to one of these a half may be as short as three letters."""

MAKERS = frozenset(
    """
    air back bank banks base based bed beds bike board boat bodied book books borne bound box boy boys breaker
    breakers break breaks builder builders building bus car care case cast child class club coach country craft
    cross cut day door down drive driven earth eye face fall farm field fight fighter fighters fire fish flow food
    foot form free friendly front game girl goer goers going ground group hand hall hard head heavy high hill hold
    holder holders home hood horse house info keeper keepers keeping king kit land leader leaders less life light
    like line lines list load lock long made maker makers making man mark market mass master mate mates meal men
    milk mill mining mountain net news night north off oil out pack paint painted painting paper park pass path
    people person piece place plane play player players point points pool port post power press proof pump pumps
    rail rain raised rider road room rooms round run runner runners sail salt sand scape school sea seat seeker
    seekers self shed shelter ship shop shot show side sign site size skin sky smart snow soft song south space
    spray stand stands star state step stock stone store storm stream street stroke style sun super surf swim table
    take taker takers talk tax team tele test think time top touch town track trade trail train tree truck trunk
    under unit van vehicle view wall war ward ware wards washing watch water wave way ways wear web week wide wild
    wind wing winner winners wise woman women wood word work worker workers working works world worthy writer yard
    youth zone suit suits tank tanks graphic graphics scale sector sectoral oral crew
    """.split()  # noqa: SIM905 - a list to read
)
"""Words that English joins to others freely (``spraypainted``, ``waterpoint``): a token with one of them may be
new, not faulty."""

PREFIXES = frozenset(
    """
    over under after through out up down inter counter super ultra multi anti non pre post sub trans semi fore self
    micro macro mega mini radio video photo audio auto electro euro petro agro bio eco geo hydro socio cyber tele
    """.split()  # noqa: SIM905 - a list to read
)
"""What English puts before any word (``overallotment``, ``underhood``): such a left half is no sign, not even where the
word is one of :data:`FUNCTION`."""

SUFFIXES = frozenset(
    """
    able ability less like wise backs downs outs overs ups offs ins aways arounds throughs down up feed feeds grain
    grains
    """.split()  # noqa: SIM905 - a list to read
)
"""What English puts behind one (``exerciseable``, ``writedowns``)."""

_AGENT = re.compile(r"(?:ers?|ings?)$")
"""Trades are named by what is done to what: ``tuckpointing``, ``winegrowers``."""
SHORT = 5
"""Letters of the first half of such a word."""
_TRIPLE = re.compile(r"(.)\1\1")
"""A slip of the finger: ``billlion``."""

_TOKEN = re.compile(r"(?<![\w@/.#’'&=-])[a-z]{8,30}(?![\w@/=-]|\.\w)")


@cache
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    common, _, compounds = gzip.decompress(DATA.read_bytes()).decode("ascii").partition("\n\n")
    return frozenset(common.split()), frozenset(compounds.split())


def glued(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield ``(as printed, as two words)`` for what looks like two words of English without the space between."""
    common, compounds = _lists()
    for match in _TOKEN.finditer(text, start, end):
        token = match[0]
        if token in common or token in compounds or _TRIPLE.search(token):
            continue
        halves = [
            (token[:at], token[at:]) for at in range(3, len(token) - 2) if token[:at] in common and token[at:] in common
        ]
        small = [pair for pair in halves if pair[1] in FUNCTION or (pair[0] in FUNCTION and pair[0] not in PREFIXES)]
        if not small and any(map(_made, halves)):
            continue
        halves = small or [pair for pair in halves if min(map(len, pair)) >= 4]
        if halves:
            left, right = max(halves, key=lambda pair: min(map(len, pair)))
            yield token, f"{left} {right}"


def _made(halves: tuple[str, str]) -> bool:
    """Whether English may have made one word of these two."""
    left, right = halves
    return (
        not MAKERS.isdisjoint(halves)
        or left in PREFIXES
        or right in SUFFIXES
        or (len(left) <= SHORT and _AGENT.search(right) is not None)
    )
