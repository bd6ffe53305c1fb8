"""Articles for measurements: news-like text from a seeded generator, or real text from a folder.

Lengths, subjects and places are distributed as in wire copy: a median of about 800 characters with a long tail, some
120 subjects and 170 places of which a few are frequent and most are rare, several articles a day over years.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from briefings.find import gazetteer
from briefings.slugs import slugify
from scripts.bench import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

OLDEST = datetime(2006, 1, 2, 6, 0, tzinfo=UTC)
"""When the first article went out."""
MINUTES = 19 * 365 * 24 * 60
"""Over which a large corpus is spread; a small one has an article a day."""
Bodies = Literal["wire", "markup1", "markup4"]
MEDIAN, SPREAD, LEAST, MOST = 800, 0.55, 200, 6000
"""Characters of wire copy: median, standard deviation of the logarithm, and where the tails are cut."""
MARKED = {"markup1": 1300, "markup4": 4000}
"""Characters of marked-up bodies."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its point in degrees (WGS 84)."""

    name: str
    country: str
    latitude: float
    longitude: float

    @property
    def term(self) -> str:
        """As a generator without a notion of countries may list it: ``Beira MZ``."""
        return f"{self.name} {self.country}"


@dataclass(frozen=True, slots=True)
class Article:
    """An article, whatever generator is to read it. ``tags`` are labels; ``body`` is Markdown."""

    number: int
    """0 is the oldest."""
    id: str
    title: str
    slug: str
    published: datetime
    source: str
    tags: tuple[str, ...]
    place: Place
    summary: str
    body: str


def _rare(count: int, slope: float) -> list[float]:
    """Cumulative weights of ``count`` choices by Zipf's law with the exponent ``slope``."""
    return list(accumulate(1 / (rank + 2) ** slope for rank in range(count)))


_PLACES: list[Place] = []


def places() -> list[Place]:
    """Every place of the word list, with the point that the gazetteer has for it."""
    if not _PLACES:
        for name, country in words.PLACES:
            spot = gazetteer.lookup(name, country)[0]
            _PLACES.append(Place(name, country, round(spot.latitude or 0, 4), round(spot.longitude or 0, 4)))
    return _PLACES


def _sentence(chance: random.Random) -> str:
    pick = chance.choice
    match chance.randrange(5):
        case 0:
            text = (
                f"{pick(words.WHO)} {pick(words.SAID)} {pick(words.WHEN)} that {pick(words.WHAT)} {pick(words.WHERE)}"
            )
        case 1:
            text = f"{pick(words.WHEN)}, {pick(words.WHO)} {pick(words.SAID)} that {pick(words.WHAT)}"
        case 2:
            text = f"{pick(words.WHAT)} {pick(words.WHERE)}, {pick(words.WHO)} {pick(words.SAID)}"
        case 3:
            number = chance.randrange(12, 9000)
            text = f"some {number:,} people {pick(words.WHERE)} were told {pick(words.WHEN)} that {pick(words.WHAT)}"
        case _:
            return pick(words.MORE)
    return f"{text[0].upper()}{text[1:]}."


def _paragraphs(chance: random.Random, size: int) -> Iterator[str]:
    """Paragraphs of one to three sentences, ``size`` characters or a little more."""
    total = 0
    while total < size:
        text = " ".join(_sentence(chance) for _ in range(chance.choice((1, 1, 2, 2, 3))))
        total += len(text) + 2
        yield text


def _blocks(chance: random.Random) -> Iterator[str]:
    """Markdown without end: emphasis, links, lists and quotes in turn, some 900 characters a turn."""
    pick = chance.choice
    while True:
        text = _sentence(chance).split(" ")
        start = chance.randrange(max(1, len(text) - 3))
        strong = " ".join(text[start : start + 3])
        yield " ".join([*text[:start], f"**{strong}**", *text[start + 3 :], _sentence(chance)])
        link = f"[{pick(words.WHO)}](https://example.org/{chance.randrange(10**6)})"
        yield f"{_sentence(chance)} More from {link} and *{pick(words.WHERE)}*."
        yield "\n".join(f"- {_sentence(chance)}" for _ in range(3))
        yield f"> {_sentence(chance)} {_sentence(chance)}"
        yield f"Of *{pick(words.WHAT)}* nothing was said, see [the report](https://example.org/r)."


def _marked(chance: random.Random, size: int) -> str:
    made: list[str] = []
    total = 0
    for block in _blocks(chance):
        made.append(block)
        total += len(block) + 2
        if total >= size:
            break
    return "\n\n".join(made)


def _body(chance: random.Random, bodies: Bodies) -> str:
    if bodies != "wire":
        return _marked(chance, int(MARKED[bodies] * chance.uniform(0.8, 1.1)))
    size = min(MOST, max(LEAST, int(math.exp(chance.gauss(math.log(MEDIAN), SPREAD)))))
    return "\n\n".join(_paragraphs(chance, size - 70))


def texts(folder: Path) -> list[str]:
    """The text of every ``.txt`` and ``.md`` file below a folder, sorted by path, without front matter.

    Raises:
        ValueError: when there is none.
    """
    found = sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".md"})
    bodies = [re.sub(r"\A---\n.*?\n---\n", "", path.read_text("utf-8", "replace"), flags=re.DOTALL) for path in found]
    bodies = [text.replace("\r\n", "\n").strip() for text in bodies]
    if not any(bodies):
        raise ValueError(f"{folder}: no .txt or .md file with text in it")
    return [text for text in bodies if text]


@dataclass(frozen=True, slots=True)
class Corpus:
    """``count`` articles, and as many more as a measurement adds to them.

    ``bodies`` is ``wire`` for short plain text, ``markup1`` or ``markup4`` for marked-up text of 1.3 or 4 KB. ``given``
    are texts to use instead, in turn. Another ``seed`` gives another corpus.
    """

    count: int
    bodies: Bodies = "wire"
    given: Sequence[str] = ()
    seed: int = 6

    def __iter__(self) -> Iterator[Article]:
        """Every article, the oldest first."""
        return (self.article(number) for number in range(self.count))

    def article(self, number: int) -> Article:
        """The article of a number; from ``count`` on, one that goes out after all others."""
        chance = random.Random(f"{self.seed}/{self.bodies}/{number}")  # noqa: S311 - nothing secret
        spots = places()
        place = spots[int(len(spots) * chance.random() ** 2.2)]
        chosen = chance.choices(words.TAGS, cum_weights=_TAG_WEIGHTS, k=chance.choice((1, 2, 2, 3, 3, 4)))
        tags = tuple(dict.fromkeys(chosen))
        title = chance.choice(words.HEADS).format(place=place.name, tag=tags[0].lower())
        title = f"{title[0].upper()}{title[1:]}"
        return Article(
            number=number,
            id=str(UUID(int=chance.getrandbits(128), version=4)),
            title=f"{title} ({number})",
            slug=f"{slugify(title)}-{number}",
            published=OLDEST + timedelta(minutes=min(24 * 60, MINUTES // self.count) * number),
            source=chance.choices(words.SOURCES, cum_weights=_SOURCE_WEIGHTS)[0],
            tags=tags,
            place=place,
            summary=_sentence(chance),
            body=self.given[number % len(self.given)] if self.given else _body(chance, self.bodies),
        )


_TAG_WEIGHTS = _rare(len(words.TAGS), 1.0)
_SOURCE_WEIGHTS = _rare(len(words.SOURCES), 0.8)
