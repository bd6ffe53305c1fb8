"""Nearly the same text: one number for two texts, and an index that finds such texts without comparing all of them.

A text is the set of its runs of three words. MinHash (Broder, "On the resemblance and containment of documents", 1997)
makes of it a signature whose likeness is that of the sets; texts that agree in one of the signature's bands are
compared (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3). So the
time grows with the number of texts, not with its square. The one file that knows rensa.
"""

from __future__ import annotations

import re
import sys
from array import array
from typing import TYPE_CHECKING

from rensa import RMinHash

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = 3
"""Words."""
LEAST = 10
"""Different runs of a text below which nothing can be said."""
NUMBERS = 63
ROWS = 3
"""Numbers of a band: of pairs that share half of their runs, 21 bands of 3 find 94 in 100; of those that share 60 %, 99
(1 - (1 - s ** 3) ** 21)."""
CROWD = 8
"""Texts that a band remembers. Where more agree, the first stand for all: the question to the editor is the same."""
LIKE = 0.5
"""Share of all runs of two texts that both have (Jaccard), from which they are nearly the same."""
WITHIN = 0.8
"""Share of the runs of the shorter text that the longer one has, from which one is a cut of the other."""
HINT = 0.25
"""Likeness by signature below which the texts themselves are not compared."""
VERSION = f"{RMinHash.ALGORITHM_VERSION}.{RUN}.{LEAST}.{NUMBERS}.{sys.byteorder}"
"""Signatures are comparable only with those of the same version."""

_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|\\w+")
"""A word, or a sign of a script that writes words without spaces between them."""


def runs(text: str) -> set[str]:
    """Every three words that stand together, without case, punctuation and Markdown; none of a very short text."""
    words = _WORD.findall(text.casefold())
    found = {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return found if len(found) >= LEAST else set()


def signature(text: str) -> bytes:
    """63 numbers of four bytes each; empty for a very short text."""
    found = runs(text)
    if not found:
        return b""
    hashed = RMinHash(num_perm=NUMBERS, seed=1)
    hashed.update(sorted(found))
    return array("I", hashed.digest()).tobytes()


def shared(one: str, other: str) -> tuple[float, float]:
    """Likeness of two texts: share of all their runs, and of those of the shorter one, that both have.

    Of very short texts single words are compared.
    """
    first, second = runs(one), runs(other)
    if not first or not second:
        first, second = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if not first or not second:
        return 0.0, 0.0
    both = len(first & second)
    return both / (len(first) + len(second) - both), both / min(len(first), len(second))


class Index:
    """Signatures by name, in the order in which they came."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers = array("I")
        self._first: dict[int, int] = {}
        self._others: dict[int, list[int]] = {}

    def add(self, name: str, signed: bytes) -> None:
        """Take note of a text; one without a signature is not found again."""
        if not signed:
            return
        number = len(self._names)
        self._names.append(name)
        self._numbers.frombytes(signed)
        for band in _bands(signed):
            if self._first.setdefault(band, number) != number:
                crowd = self._others.setdefault(band, [])
                if len(crowd) < CROWD - 1:
                    crowd.append(number)

    def like(self, signed: bytes) -> list[tuple[str, float]]:
        """Names of the texts that may be nearly the same, with the share of numbers that agree; the likest first."""
        if not signed:
            return []
        numbers = array("I", signed)
        found: dict[int, int] = {}
        for band in _bands(signed):
            if band not in self._first:
                continue
            for number in (self._first[band], *self._others.get(band, ())):
                if number not in found:
                    at = number * NUMBERS
                    found[number] = sum(map(int.__eq__, numbers, self._numbers[at : at + NUMBERS]))
        near = sorted((-same, number) for number, same in found.items() if same >= HINT * NUMBERS)
        return [(self._names[number], -same / NUMBERS) for same, number in near]


def _bands(signed: bytes) -> Iterator[int]:
    """Keys for this process only: what Python hashes to differs from run to run, what is found does not."""
    width = 4 * ROWS
    return (hash((at, signed[at : at + width])) for at in range(0, len(signed), width))
