"""Which of several namesakes an article means: the sense that its size, the words around it and the rest of the
article support.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefings.find.gazetteer import Sense
    from briefings.find.reading import Reading
    from briefings.find.toponyms import Mention

FAME = 0.4
"""What a tenfold number of alternate names adds; the other figures are in powers of ten of population too."""
COUNTRY_CONTEXT, STATE_CONTEXT = 1.3, 1.5
"""What the other places of the article add to the places of their country and state."""
SHARPNESS = 2.2
CUE = 0.5
ALIAS = 1.8
"""What an alternate name loses against a place whose own name it is."""
LOCAL_KINDS = ("city", "capital", "state", "district")
MOST_SENSES = 20


def _prior(sense: Sense, namesakes: bool = False) -> float:
    size = math.log10(sense.population + 30)
    if sense.kind == "country":
        size = 7.6
    elif sense.kind == "people":
        size = 7.0 + size / 100
    elif sense.kind == "region":
        size = 6.5
    elif sense.kind == "state":
        size -= 0.8
    elif sense.kind == "district":
        size = min(size, 5.5) - 1.2
    elif sense.kind == "capital":
        size += 0.5
    if sense.kind in ("city", "capital"):
        size += FAME * math.log10(1 + sense.fame)
    return size - (0.0, ALIAS if namesakes else 0.8, 2.6)[sense.doubt]


def _spellings(*phrases: str) -> tuple[str, ...]:
    """Every phrase with each of its words in small letters and with a capital."""
    words = ([(word, word[0].upper() + word[1:]) for word in phrase.split()] for phrase in phrases)
    return tuple(" ".join(parts) for phrase in words for parts in product(*phrase))


_CUES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], re.Pattern[str] | None], ...] = (
    (
        "US",
        _spellings(
            "sheriff", "county commission", "county attorney", "county court", "county board", "school board",
            "school district", "high school", "middle school", "elementary school", "police department", "interstate",
            "township", "selectmen", "state police", "state trooper", "state legislat", "state highway", "city council",
            "city manager", "aldermen", "freeway", "sales tax", "republican", "democrats", "grand jury",
            "national guard",
        ),
        ("GOP", "Hwy", "911"),
        re.compile(r"\$\d"),
    ),
    (
        "GB",
        ("£", "GCSE", "headteacher", *_spellings("councillor", "constabulary", "borough council")),
        ("pence", "pub", "MP", "NHS"),
        re.compile(r"[AM](?<!\w.)\d{1,3}\b"),
    ),
    ("CA", _spellings("canadian", "provincial"), ("RCMP", "MLA", "MPP", "OPP", "NDP", "CBC", "OHL"), None),
    ("AU", _spellings("australian", "shire council"), ("NSW", "AFL", "NRL"), None),
)  # fmt: skip
"""Words of a country's own local news: they settle namesakes, and are no evidence by themselves. For each country, what
may stand anywhere, what must be a word of its own, and what has figures in it."""


def cues(reading: Reading) -> dict[str, float]:
    """Return how much the words of the article speak of local news of a country, 0 to 1.5."""
    text = "\n".join(
        reading.seed.text[start:end] for start, end in (*([reading.title] if reading.title else ()), *reading.text)
    )[:6000]
    # One search for each word in C is some ten times as fast as one pattern of all words.
    return {
        code: CUE * min(
            3,
            sum(phrase in text for phrase in phrases)
            + sum(word in text and re.search(rf"\b{word}\b", text) is not None for word in alone)
            + (len(set(figures.findall(text))) if figures else 0),
        )
        for code, phrases, alone, figures in _CUES
    }  # fmt: skip


def resolve(mentions: list[Mention], home: str, local: dict[str, float], header: tuple[str, ...]) -> None:
    """Give each mention one sense; a name has one sense throughout an article, unless
    the words around it tell two of them apart.
    """
    groups: dict[str, list[Mention]] = defaultdict(list)
    kinds = {mention.key for mention in mentions if mention.wanted}
    for mention in mentions:
        # "Washington state" and "Washington, D.C." in one article are two places.
        apart = mention.inside[1] if mention.key in kinds and not mention.wanted else ""
        groups[f"{mention.key}\n{apart}" if apart else mention.key].append(mention)
    options: dict[str, list[tuple[float, Sense]]] = {}
    for name, members in groups.items():
        wanted = next((m.wanted for m in members if m.wanted), ())
        inside = next(
            (m.inside for m in members if m.inside[1]), next((m.inside for m in members if m.inside[0]), ("", ""))
        )
        ranked = []
        named = any(not sense.doubt for sense in members[0].senses)
        nation = next((sense for sense in members[0].senses if sense.kind == "country" and not sense.doubt), None)
        vast = any(sense.kind == "region" and not sense.country for sense in members[0].senses)
        in_dateline = any(m.part == "dateline" for m in members)
        for sense in members[0].senses:
            if not inside[0] and (
                (nation and not _rivals(nation, sense, home, wanted)) or (vast and sense.country and not home)
            ):
                continue
            score = _prior(sense, named) + (4.0 if sense.kind in wanted else 0.0)
            if inside[0]:
                if sense.country == inside[0] and (not inside[1] or sense.state == inside[1]):
                    score += 6.0
                elif sense.country == inside[0]:
                    score += 1.0
            if in_dateline and sense.kind in ("city", "capital"):
                score += 1.0  # datelines name towns
            if header and sense.country in header:
                score += 3.0
            score += local.get(sense.country, 0.0) if sense.kind in LOCAL_KINDS else 0.0
            if home and sense.country == home[:2]:
                score += 1.5
                if len(home) > 2 and sense.state.replace(".", "-") == home:
                    score += 2.5
            ranked.append((score, sense))
        ranked.sort(key=lambda pair: (-pair[0], pair[1].number))
        options[name] = ranked[:MOST_SENSES]
    weights = {name: min(4.0, sum(m.weight for m in members)) for name, members in groups.items()}
    shares: dict[str, list[float]] = {}
    for turn in range(3):
        by_country: dict[str, float] = defaultdict(float)
        by_state: dict[str, float] = defaultdict(float)
        for name, share in shares.items():
            for part, (_, sense) in zip(share, options[name], strict=True):
                by_country[sense.country] += part * weights[name]
                if sense.state:
                    by_state[sense.state] += part * weights[name]
        fresh = {}
        for name, ranked in options.items():
            old = shares.get(name)
            scores = []
            for n, (score, sense) in enumerate(ranked):
                support = 0.0
                if turn:
                    # What the name itself gave to its country and state is no support for it.
                    here = [part for part, (_, s) in zip(old or (), ranked, strict=False) if s.country == sense.country]
                    there = by_country[sense.country] - sum(here) * weights[name]
                    support = COUNTRY_CONTEXT * math.log1p(max(0.0, there))
                    if sense.state:
                        own = old[n] * weights[name] if old else 0.0
                        support += STATE_CONTEXT * math.log1p(max(0.0, by_state[sense.state] - own))
                scores.append(score + support)
            top = max(scores)
            raised = [math.exp(SHARPNESS * (score - top)) for score in scores]
            total = sum(raised)
            fresh[name] = [part / total for part in raised]
        shares = fresh
    for name, members in groups.items():
        share = shares[name]
        n = max(range(len(share)), key=lambda k: share[k])
        chosen = options[name][n][1]
        likely: dict[str, float] = defaultdict(float)
        for part, (_, sense) in zip(share, options[name], strict=True):
            likely[sense.country] += part
        rivals = tuple((code, part) for code, part in likely.items() if code != chosen.country and part > 0.05)
        for mention in members:
            mention.sense, mention.probability, mention.rivals = chosen, likely[chosen.country], rivals
    _support(groups)


def _rivals(nation: Sense, sense: Sense, home: str, wanted: tuple[str, ...]) -> bool:
    """Say whether a place may be meant by a country's name without a word that says so: Georgia, not China in Maine."""
    if sense.country == nation.country or sense.kind in ("country", "people", "region"):
        return True
    return sense.kind in wanted or (home != "" and sense.country == home[:2]) or sense.population > nation.population


def _support(groups: dict[str, list[Mention]]) -> None:
    """Lower the weight of small places in countries that nothing else in the article speaks of."""
    support: dict[str, set[str]] = defaultdict(set)
    for name, members in groups.items():
        sense = members[0].sense
        if sense and max(m.weight for m in members) > 0.3:
            support[sense.country].add(name)
    for name, members in groups.items():
        sense = members[0].sense
        if not sense or sense.kind in ("country", "people", "region", "state", "capital"):
            continue
        if support[sense.country] - {name}:
            continue
        factor = (
            0.15
            if sense.doubt == 2
            else 1.0
            if sense.population >= 200_000
            else 0.7
            if sense.population >= 20_000
            else 0.45
        )
        for mention in members:
            if not mention.inside[0]:
                mention.weight *= factor
