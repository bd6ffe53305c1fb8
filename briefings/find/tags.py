"""Which terms of the site's closed vocabulary an article is about: phrases that speak for a tag, weighed.

The vocabulary (``data/tags.json``) is the package's copy of ``content/tags.yaml``; the words that speak for each tag
are in ``data/triggers.txt``, a table for people. A tag is proposed only with the words of the article that triggered
it, and only proposed: an editor confirms.

The terms map to the themes of ReliefWeb (https://reliefweb.int/taxonomy-descriptions) and to IPTC Media Topics
(https://cv.iptc.org/newscodes/mediatopic/), for those who exchange news with other desks.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from math import log1p
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from briefings.model import Evidence, Finding, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefings.find.reading import Reading, Span

MOST = 4
"""So many tags are proposed at most."""

_DATA = Path(__file__).with_name("data")
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u0652\u0670]+[^\W_]*)*|[.!?;:()…،؛؟]|\n[^\S\n]*\n")
_SMALL = re.compile(r"[^\W\dA-Z_]{3}")
_STEM = 2
"""A prefix (``displac*``) has at least so many letters."""

# How mentions are weighed. Reports begin with their subject and end with everything else.
_READ = 5000
"""So many characters of an article are read."""
_HEAD, _HEADLINE = 110, 5.0
"""A mention among the first so many characters counts so many times."""
_OPENING, _LEAD = 400, 1.5
_SHORT, _LENGTH = 200, 0.5
"""Scores are divided by ``(1 + characters / _SHORT) ** _LENGTH``: long texts mention more in passing."""
_LEAST = 3.0
"""A tag with a lower score is not proposed."""
_SHARE = 0.55
"""Nor is one with less than this share of the best tag's score."""
_HALF = 5.0
"""The score that gives confidence 0.5."""
_SHOWN = 6
"""So many phrases are shown as evidence."""


# --- the tables -----------------------------------------------------------------------------------------------------


def _vocabulary() -> dict[str, Tag]:
    rows = json.loads((_DATA / "tags.json").read_text(encoding="utf-8"))
    return {
        key: Tag(key, row["label"], tuple(row["aliases"]), row["description"], tuple(row["reliefweb"]), row["iptc"])
        for key, row in rows.items()
    }


VOCABULARY = _vocabulary()
"""The terms by key, in the order of the file: related terms stand together."""


def reliefweb(key: str) -> tuple[str, ...]:
    """Names of the ReliefWeb themes that the term falls under; empty when none covers it or the term is unknown."""
    return VOCABULARY[key].reliefweb if key in VOCABULARY else ()


def iptc(key: str) -> str:
    """Number of the nearest IPTC Media Topic (``medtop:`` left off), eight digits; empty for an unknown term."""
    return VOCABULARY[key].iptc if key in VOCABULARY else ""


class Trigger(NamedTuple):
    """A phrase of ``data/triggers.txt``. A stop context has no tag (``""``), a needed word no language; weight 0."""

    tag: str
    lang: str
    weight: float
    phrase: str
    line: int


_HEAD_OF_ROW = re.compile(r"(?:needs|(?P<lang>[a-z]{2})(?: (?P<weight>\d+(?:\.\d+)?))?):")


def read_triggers(text: str) -> Iterator[Trigger]:
    """The rows of a table of triggers, in the form that its head describes.

    Raises:
        ValueError: ``line: what``, for the first line that cannot be read.
    """
    tags: list[str] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            tags = line.strip("[]").split()
            for tag in tags:
                if tag not in VOCABULARY and tag != "-":
                    raise ValueError(f'{number}: unknown tag "{tag}"')
            continue
        head = _HEAD_OF_ROW.match(line)
        if not tags or not head or (tags == ["-"]) != (head["lang"] is not None and not head["weight"]):
            raise ValueError(f'{number}: write "en 3: phrase; phrase" below a [tag], "en: phrase" below [-]')
        for phrase in filter(None, map(str.strip, line[head.end() :].split(";"))):
            for tag in tags:
                yield Trigger(tag.strip("-") and tag, head["lang"] or "", float(head["weight"] or 0), phrase, number)


class _Node(Struct):
    """A step of the table of phrases: the words that may follow, and what the phrase that ends here speaks for."""

    next: dict[str, _Node] = field(default_factory=dict)
    tags: dict[str, float] | None = None
    """Weights by tag; empty for a stop context, ``None`` when no phrase ends here."""


@lru_cache(maxsize=1)
def _tables() -> dict[str, _Node]:
    """The phrases by language; those of all languages together under ``""``, the needed words under ``"needs"``."""
    tables: dict[str, _Node] = defaultdict(_Node)
    for row in read_triggers((_DATA / "triggers.txt").read_text(encoding="utf-8")):
        for name in ("", row.lang) if row.lang else ("needs",):
            node = tables[name]
            for word in _words(row.phrase):
                node = node.next.setdefault(word, _Node())
            node.tags = node.tags or {}
            if row.tag:
                node.tags[row.tag] = max(row.weight, node.tags.get(row.tag, 0))
    return dict(tables)


@lru_cache(maxsize=1)
def _needing() -> frozenset[str]:
    """The tags that are proposed only where one of their needed words stands."""
    nodes = [_tables()["needs"]]
    found: set[str] = set()
    while nodes:
        node = nodes.pop()
        found.update(node.tags or ())
        nodes.extend(node.next.values())
    return frozenset(found)


# --- words ----------------------------------------------------------------------------------------------------------

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_CLITIC = re.compile(r"^[وفبلك]?ال(?=\w{3})|^لل(?=\w{3})|^و(?=\w{4})")


def _fold(word: str) -> str:
    """Case, accents, Arabic vowel marks and the Arabic article taken off, so that spellings meet."""
    if word.isascii():
        return word.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return _CLITIC.sub("", bare.translate(_ARABIC))


def _words(phrase: str) -> list[str]:
    """The steps of a phrase of the table: folded words, ``=WASH`` for capitals, ``displac*`` for a prefix."""
    steps = []
    for word in phrase.replace("-", " ").split():
        bare = word.rstrip("*")
        capitals = word == bare and len(bare) > 1 and bare.isupper() and bare.isascii()
        steps.append("=" + bare if capitals else _fold(bare) + word[len(bare) :])
    return steps


@lru_cache(maxsize=1 << 16)
def _steps(word: str) -> tuple[str, ...]:
    """The steps of the tables that a word of the text may take, the most particular first; most words take none."""
    folded, known = _fold(word), _known()
    steps = ["=" + word] if word.isupper() else []
    steps.append(folded)
    steps.extend(folded[:size] + "*" for size in range(len(folded), _STEM - 1, -1))
    return tuple(step for step in steps if step in known)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """All steps of all tables."""
    nodes = [_tables()[""], _tables()["needs"]]
    found: set[str] = set()
    while nodes:
        node = nodes.pop()
        found.update(node.next)
        nodes.extend(node.next.values())
    return frozenset(found)


# --- finding --------------------------------------------------------------------------------------------------------


class _Mention(NamedTuple):
    tags: dict[str, float]
    start: int
    end: int
    place: float


def _longest(node: _Node, words: list[tuple[str, ...]], at: int) -> tuple[int, _Node] | None:
    """The longest phrase that begins with the word ``at``: the word after it, and where it ends in the table."""
    best = None
    if at < len(words):
        for step in words[at]:
            following = node.next.get(step)
            if following is None:
                continue
            found = _longest(following, words, at + 1) or ((at + 1, following) if following.tags is not None else None)
            if found and (best is None or found[0] > best[0]):
                best = found
    return best


class _Words(NamedTuple):
    """The words of a stretch of text, and the steps that each may take."""

    found: list[re.Match[str]]
    steps: list[tuple[str, ...]]
    before: int
    """What to add to an offset in the text to get how many characters were read before it."""


def _read(text: str, spans: Iterable[Span]) -> list[_Words]:
    stretches, read = [], 0
    for start, end in spans:
        found = list(_WORD.finditer(text, start, min(end, start + _READ - read)))
        # In a headline or a wire story all in capitals, WHO and AIDS are any word.
        shouted = not _SMALL.search(text, start, end)
        steps = [_steps(match[0].lower() if shouted else match[0]) for match in found]
        stretches.append(_Words(found, steps, read - start))
        read += end - start
        if read >= _READ:
            break
    return stretches


def _mentions(stretches: Iterable[_Words], table: _Node) -> Iterator[_Mention]:
    """Phrases of the table in an article's own words, from left to right, not overlapping."""
    for found, steps, before in stretches:
        at = 0
        while at < len(steps):
            hit = None if table.next.keys().isdisjoint(steps[at]) else _longest(table, steps, at)
            if hit is None:
                at += 1
                continue
            begin, (at, node) = found[at].start(), hit
            if node.tags:
                offset = before + begin
                place = _HEADLINE if offset < _HEAD else _LEAD if offset < _OPENING else 1.0
                yield _Mention(node.tags, begin, found[at - 1].end(), place)


def find(reading: Reading) -> tuple[Finding[str], ...]:
    """The terms that the article is most about, best first, at most ``MOST``; none when its words speak for none.

    The value is a key of ``VOCABULARY``; the evidence holds the first mention of each phrase that spoke for it, the
    strongest first. A text in a language without phrases of its own is read with those of all languages.
    """
    text = reading.seed.text
    tables = _tables()
    table = tables.get(reading.lang.partition("-")[0].lower(), tables[""])
    spans = ((reading.title,) if reading.title else ()) + reading.text
    support: dict[str, dict[int, list[_Mention]]] = defaultdict(lambda: defaultdict(list))
    stretches = _read(text, spans)
    for mention in _mentions(stretches, table):
        for tag in mention.tags:
            support[tag][id(mention.tags)].append(mention)
    if needing := _needing() & support.keys():
        met = {tag for mention in _mentions(stretches, tables["needs"]) for tag in mention.tags}
        for tag in needing - met:
            del support[tag]
    size = min(sum(end - start for start, end in spans), _READ)
    norm = (1 + size / _SHORT) ** _LENGTH
    weighed = {tag: _weigh(tag, phrases.values()) for tag, phrases in support.items()}
    scores = [(sum(weights) / norm, tag) for tag, (weights, _) in weighed.items()]
    ranked = sorted(scores, key=lambda row: (-row[0], row[1]))
    found = []
    for score, tag in ranked[:MOST]:
        if score < _LEAST or score < _SHARE * ranked[0][0]:
            break
        shown = weighed[tag][1][:_SHOWN]
        evidence = tuple(Evidence(text[mention.start : mention.end], mention.start, mention.end) for mention in shown)
        found.append(Finding(tag, "inferred", "trigger", evidence, round(score / (score + _HALF), 2)))
    return tuple(found)


def _weigh(tag: str, phrases: Iterable[list[_Mention]]) -> tuple[list[float], list[_Mention]]:
    """What each phrase says for a tag and its first mention, the strongest first.

    The logarithm makes two phrases said once count more than one phrase said twice.
    """
    rows = [
        (mentions[0].tags[tag] * log1p(sum(mention.place for mention in mentions)), mentions[0]) for mentions in phrases
    ]
    rows.sort(key=lambda row: (-row[0], row[1].start))
    return [weight for weight, _ in rows], [mention for _, mention in rows]
