"""The place an article is about, and the other places it mentions.

Rules over an offline gazetteer: each mention of a place has a weight (:mod:`briefings.find.mentions`); a name that may mean several
places takes the sense that the rest of the article supports; the country with the largest sum wins, then the place with the largest
sum inside it. Coordinates are given only when one place is clear enough.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from briefings.find import countries
from briefings.find.gazetteer import Sense, entry, key
from briefings.find.mentions import Mention, scan
from briefings.model import Evidence, Finding, Place

if TYPE_CHECKING:
    from briefings.find.reading import Reading
    from briefings.model import Seed, Status

FAME = 0.4
NOISE = 0.5
"""Evidence that an article may always have against its winner: keeps one weak mention from counting as certain."""
CITY = 1.0
STATE = 1.0
WITHIN = 0.7
LEAST = 0.35
C_W, S_W, SHARP = 1.3, 1.1, 2.2
CUE = 0.5
ALIAS = 1.8
MOST_PLACES = 12
MOST_SENSES = 14


def find(reading: Reading) -> tuple[Finding[Place | None], tuple[Finding[Place], ...]]:
    """Return the location the article is about, and the other places it mentions, the weightiest first.

    The location is ``stated`` when a header names the country, ``inferred`` when it is weighed with a clear winner, ``ambiguous``
    (country and name, no coordinates; the evidence lists the candidates) when without, ``none`` when nothing fits.
    ``confidence`` is the share of the evidence for the country, 0 to 1.
    """
    header = _header(reading)
    mentions = scan(reading)
    _people(mentions)
    _resolve(mentions, reading.home, _cues(reading), header)
    scores, points = _sums(mentions)
    for code in header:
        scores[code] = scores.get(code, 0.0)
    choice = {code: scores[code] for code in header} or scores
    if not choice or (not header and max(choice.values()) < LEAST):
        return Finding(None, "none", "weighed"), _others(mentions, None, reading.seed)
    best = max(sorted(choice), key=lambda code: choice[code])
    place, share_inside = _inside(best, points, scores)
    rival = max((score for code, score in scores.items() if code != best), default=0.0)
    share = scores[best] / (scores[best] + rival + NOISE)
    status: Status = "inferred"
    rule = "weighed"
    evidence = _evidence(mentions, best, place, reading.seed)
    if len(header) == 1:
        status, rule, share = "stated", "header-country", 1.0
        assert reading.country is not None
        start, end = reading.country
        evidence = (Evidence(reading.seed.text[start:end], start, end), *evidence)[:6]
    elif share < 0.3:
        status = "ambiguous"
        evidence = _candidates(mentions, scores, reading.seed)
    value = place.place if place else Place(countries.name(best), best)
    if status == "ambiguous":
        value = Place(value.name, value.country)
    found: Finding[Place | None] = Finding(value, status, rule, evidence, round(min(1.0, share), 3))
    return found, _others(mentions, place, reading.seed)


def _header(reading: Reading) -> tuple[str, ...]:
    """Return the countries that the header names, in its order."""
    if reading.country is None:
        return ()
    start, end = reading.country
    found = []
    for part in reading.seed.text[start:end].replace(";", ",").replace("/", ",").replace("\n", " ").split(","):
        known = entry(key(part))
        for sense in known.senses if known else ():
            if sense.kind == "country" and sense.country not in found:
                found.append(sense.country)
                break
    return tuple(found)


def _people(mentions: list[Mention]) -> None:
    """Take a name for a person's throughout when it is one somewhere and nothing says that it is a place."""
    persons = {m.key for m in mentions if m.person}
    companies = {m.key for m in mentions if m.organisation} - {m.key for m in mentions if m.located}
    for mention in mentions:
        strong = any(s.kind in ("country", "region", "state", "capital") or s.population > 1_000_000 for s in mention.senses)
        if mention.key in companies and not strong and not mention.organisation:
            mention.weight *= 0.2
    if not persons:
        return
    count = Counter(m.key for m in mentions if m.person)
    count.subtract(m.key for m in mentions if m.located and not m.person)
    places = {name for name in persons if count[name] < 0}
    for mention in mentions:
        if mention.person or (mention.key in persons and mention.key not in places):
            mention.weight *= 0.05
        elif mention.key in persons and not mention.located:
            mention.weight *= 0.3


# --- which of several namesakes -------------------------------------------------------------------------------------


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


_CUES = (
    ("US", re.compile(
        r"[Ss]heriff|[Cc]ounty (?:[Cc]ommission|[Aa]ttorney|[Cc]ourt|[Bb]oard)|[Ss]chool (?:[Bb]oard|[Dd]istrict)|[Pp]olice [Dd]epartment|[Ii]nterstate|"
        r"(?:[Hh]igh|[Mm]iddle|[Ee]lementary) [Ss]chool|[Tt]ownship|[Ss]electmen|[Ss]tate (?:[Pp]olice|[Tt]rooper|[Ll]egislat|[Hh]ighway)|"
        r"[Cc]ity [Cc]ouncil|[Aa]ldermen|\$\d|[Ff]reeway|[Ss]ales tax|[Rr]epublican|[Dd]emocrats|\bGOP\b|\bHwy\b|grand jury|911|[Cc]ity [Mm]anager|[Nn]ational Guard"
    )),
    ("GB", re.compile(r"£|\bpence\b|\bpub\b|\bMP\b|[Cc]ouncillor|[Cc]onstabulary|\bNHS\b|\b[Bb]orough [Cc]ouncil|\bA\d{1,3}\b|\bM\d{1,2}\b|GCSE|headteacher")),
    ("CA", re.compile(r"\bRCMP\b|\bMLA\b|\bMPP\b|\bOPP\b|\bNDP\b|[Cc]anadian|[Pp]rovincial|\bCBC\b|\bOHL\b")),
    ("AU", re.compile(r"\bNSW\b|\bAFL\b|\bNRL\b|[Aa]ustralian|[Ss]hire [Cc]ouncil")),
)  # fmt: skip
"""Words of a country's own local news: they settle namesakes, and are no evidence by themselves."""


def _cues(reading: Reading) -> dict[str, float]:
    """Return how much the words of the article speak of local news of a country, 0 to 2.4."""
    text = "\n".join(reading.seed.text[start:end] for start, end in (*([reading.title] if reading.title else ()), *reading.text))[:6000]
    return {code: CUE * min(3, len(set(pattern.findall(text)))) for code, pattern in _CUES}


def _resolve(mentions: list[Mention], home: str, cues: dict[str, float], header: tuple[str, ...]) -> None:
    """Give each mention one sense; a name has one sense throughout an article."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.key].append(mention)
    options: dict[str, list[tuple[float, Sense]]] = {}
    for name, members in groups.items():
        wanted = next((m.wanted for m in members if m.wanted), ())
        inside = next((m.inside for m in members if m.inside[1]), next((m.inside for m in members if m.inside[0]), ("", "")))
        ranked = []
        own = any(not sense.doubt for sense in members[0].senses)
        nation = next((sense for sense in members[0].senses if sense.kind == "country" and not sense.doubt), None)
        for sense in members[0].senses:
            if nation and not inside[0] and not _rivals(nation, sense, home, wanted):
                continue
            score = _prior(sense, own) + (4.0 if sense.kind in wanted else 0.0)
            if inside[0]:
                if sense.country == inside[0] and (not inside[1] or sense.state == inside[1]):
                    score += 6.0
                elif sense.country == inside[0]:
                    score += 1.0
            if header and sense.country in header:
                score += 3.0
            score += cues.get(sense.country, 0.0) if sense.kind in ("city", "state", "district") else 0.0
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
                if turn:
                    own = old[n] * weights[name] if old else 0.0
                    own_country = sum(part for part, (_, s) in zip(old or (), ranked, strict=False) if s.country == sense.country)
                    there = by_country[sense.country] - own_country * weights[name]
                    score += C_W * math.log1p(max(0.0, there))
                    if sense.state:
                        score += S_W * math.log1p(max(0.0, by_state[sense.state] - own))
                scores.append(score)
            top = max(scores)
            raised = [math.exp(SHARP * (score - top)) for score in scores]
            total = sum(raised)
            fresh[name] = [part / total for part in raised]
        shares = fresh
    for name, members in groups.items():
        share = shares[name]
        n = max(range(len(share)), key=lambda k: share[k])
        chosen = options[name][n][1]
        there = sum(part for part, (_, s) in zip(share, options[name], strict=True) if s.country == chosen.country)
        for mention in members:
            mention.sense, mention.probability = chosen, there
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
        factor = 0.15 if sense.doubt == 2 else 1.0 if sense.population >= 200_000 else 0.7 if sense.population >= 20_000 else 0.45
        for mention in members:
            if not mention.inside[0]:
                mention.weight *= factor


# --- sums -----------------------------------------------------------------------------------------------------------


def _sums(mentions: list[Mention]) -> tuple[dict[str, float], dict[int, float]]:
    """Return the evidence for each country, and for each place by its number in the gazetteer."""
    scores: dict[str, float] = defaultdict(float)
    named: dict[str, float] = defaultdict(float)
    points: dict[int, float] = defaultdict(float)
    for mention in mentions:
        sense = mention.sense
        if not sense or not sense.country:
            continue
        weight = mention.weight * mention.probability
        scores[sense.country] += weight
        if sense.kind != "people":
            named[sense.country] += weight
        if sense.kind not in ("country", "people"):
            points[sense.number] += weight * (0.4 if mention.metonym else 1.0)
    if any(value > 1.0 for value in named.values()):
        for code in scores:
            if not named[code]:
                scores[code] *= 0.5
    return dict(scores), points


def _inside(country: str, points: dict[int, float], scores: dict[str, float]) -> tuple[Sense | None, float]:
    """Return the weightiest place inside a country, and its share of the country's evidence."""
    from briefings.find.gazetteer import sense as sense_of

    ranked = sorted((-weight, n) for n, weight in enumerate(points.values()))
    order = list(points)
    inside = [(-weight, sense_of(order[n])) for weight, n in ranked if sense_of(order[n]).country == country and -weight >= 0.3]
    if not inside:
        return None, 0.0
    weight, best = inside[0]
    if best.kind == "state":
        # The town in it that the article speaks of nearly as much says more.
        for other, sense in inside[1:]:
            if sense.state == best.state and sense.kind in ("city", "capital") and other >= WITHIN * weight:
                weight, best = other, sense
                break
    return best, weight / max(weight, scores[country])


# --- what is said about it ------------------------------------------------------------------------------------------


def _quote(mention: Mention, seed: Seed) -> Evidence:
    return Evidence(seed.text[mention.start : mention.end], mention.start, mention.end)


def _evidence(mentions: list[Mention], country: str, place: Sense | None, seed: Seed) -> tuple[Evidence, ...]:
    """Return the words for the place, then for its country: the weightiest, each name twice at most, in the order of the text."""
    chosen: list[Mention] = []
    seen: dict[str, int] = defaultdict(int)
    ranked = [m for m in mentions if m.sense and m.sense.country == country and m.weight > 0.1]
    ranked.sort(key=lambda m: (not (place and m.sense and m.sense.number == place.number), -m.weight, m.start))
    for mention in ranked:
        if seen[mention.key] < 2 and len(chosen) < 6:
            seen[mention.key] += 1
            chosen.append(mention)
    return tuple(_quote(m, seed) for m in sorted(chosen, key=lambda m: m.start))


def _candidates(mentions: list[Mention], scores: dict[str, float], seed: Seed) -> tuple[Evidence, ...]:
    """Return the weightiest mention of each of the countries that compete."""
    found = []
    for code in sorted(scores, key=lambda c: (-scores[c], c))[:5]:
        there = [m for m in mentions if m.sense and m.sense.country == code]
        best = max(there, key=lambda m: (m.weight, -m.start), default=None)
        if best and scores[code] > 0.2:
            found.append(best)
    return tuple(_quote(m, seed) for m in found)


def _others(mentions: list[Mention], place: Sense | None, seed: Seed) -> tuple[Finding[Place], ...]:
    """Return the other places, the weightiest first; peoples and areas of several countries are no places."""
    groups: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        sense = mention.sense
        if sense and sense.country and sense.kind != "people" and mention.weight >= 0.3 and not (place and sense.number == place.number):
            groups[sense.number].append(mention)
    ranked = sorted(groups.values(), key=lambda group: (-sum(m.weight for m in group), group[0].start))
    found = []
    for group in ranked[:MOST_PLACES]:
        sense = group[0].sense
        assert sense is not None
        quotes = tuple(_quote(m, seed) for m in group[:2])
        found.append(Finding(sense.place, "inferred", "mentioned", quotes, round(group[0].probability, 3)))
    return tuple(found)
