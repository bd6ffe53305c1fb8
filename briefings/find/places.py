"""The place an article is about, and the other places it mentions.

Rules over an offline gazetteer: each mention of a place has a weight (:mod:`briefings.find.mentions`); a name that
may mean several places takes the sense that the rest of the article supports; the country with the largest sum wins,
then the place with the largest sum inside it. Coordinates are given only when one place is clear enough.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings.find import countries, namesakes
from briefings.find.gazetteer import Sense, entry, key, sense
from briefings.find.mentions import scan
from briefings.find.place_words import SEATS
from briefings.find.type_case import lowered
from briefings.model import Evidence, Finding, Place

if TYPE_CHECKING:
    from briefings.find.reading import Reading
    from briefings.find.toponyms import Mention
    from briefings.model import Seed, Status

NOISE = 0.55
"""Evidence that an article may always have against its winner: keeps one weak mention from counting as certain."""
LEAST = 0.35
"""With less evidence than this for any country, nothing fits."""
CLEAR = 0.35
"""With a smaller share than this the winner is no clear one, and gets no coordinates."""
WITHIN = 0.7
"""A town wins over its state when it has this share of the state's evidence."""
SLIGHT = 0.4
"""A mention of less weight is not worth listing."""
MOST_PLACES = 12
CITIES = ("city", "capital")
KIND_WORDS = frozenset(
    """
    province state region prefecture department governorate county district oblast city municipality park national the
    of de del du la région departamento provincia estado département
    """.split()  # noqa: SIM905 - a list to read
)
"""Words that say what kind of place a name is of."""
LATIN = frozenset(chr(code) for code in range(0x41, 0x250) if chr(code).isupper())
"""Capitals that names in the gazetteer begin with."""


def find(reading: Reading) -> tuple[Finding[Place | None], tuple[Finding[Place], ...]]:
    """Return the location the article is about, and the other places it mentions, the weightiest first.

    The location is ``stated`` when a header names the country, ``inferred`` when it is weighed with a clear winner,
    ``ambiguous`` (country and name, no coordinates; the evidence lists the candidates) when without, ``none`` when
    nothing fits. ``confidence`` is the share of the evidence for the country, 0 to 1.
    """
    mentions = scan(reading)
    _people(mentions)
    header = _header(reading, mentions)
    namesakes.resolve(mentions, reading.home, namesakes.cues(reading), header)
    scores, points = _sums(mentions)
    for code in header:
        scores[code] = scores.get(code, 0.0)
    choice = {code: scores[code] for code in header} or scores
    if not choice or (not header and max(choice.values()) < LEAST):
        return Finding(None, "none", "weighed"), _others(mentions, None, "", reading.seed)
    best = max(sorted(choice), key=lambda code: choice[code])
    place = _inside(best, points) or _city_state(best)
    rival = max((score for code, score in scores.items() if code != best), default=0.0)
    share = scores[best] / (scores[best] + rival + NOISE)
    status: Status = "inferred"
    rule = "weighed"
    evidence = _evidence(mentions, best, place, reading.seed)
    if len(header) == 1:
        status, rule, share = "stated", "header-country", 1.0
        evidence = (*_spoken(reading), *evidence)[:6]
    elif share < CLEAR:
        status = "ambiguous"
        evidence = _candidates(mentions, scores, reading.seed)
    value = _printed(place, mentions, reading.seed) if place else Place(countries.name(best), best)
    if status == "ambiguous":
        value = Place(value.name, value.country)
    found: Finding[Place | None] = Finding(value, status, rule, evidence, round(min(1.0, share), 3))
    return found, _others(mentions, place, best, reading.seed)


def _header(reading: Reading, mentions: list[Mention]) -> tuple[str, ...]:
    """Return the countries that the header names, in its order.

    Before the colon of a headline may stand a speaker (``Jordan: I will not run``): a country whose name people have
    counts there only when the text names the country or a place of it too.
    """
    if reading.country is None:
        return ()
    start, end = reading.country
    in_title = reading.title is not None and start == reading.title[0]
    found = []
    for part in reading.seed.text[start:end].replace(";", ",").replace("/", ",").replace("\n", " ").split(","):
        known = entry(key(part))
        nation = next((s for s in (known.senses if known else ()) if s.kind == "country"), None)
        if nation is None or known is None or nation.country in found:
            continue
        supported = not ("s" in known.flags or "g" in known.flags) or any(
            m.part != "title" and not m.person and any(s.country == nation.country and s.doubt < 2 for s in m.senses)
            for m in mentions
        )
        if supported or not in_title:
            found.append(nation.country)
    return tuple(found)


def _spoken(reading: Reading) -> tuple[Evidence, ...]:
    if reading.country is None:
        return ()
    start, end = reading.country
    return (Evidence(reading.seed.text[start:end], start, end),)


def _people(mentions: list[Mention]) -> None:
    """Take a name for a person's throughout when it is one somewhere and nothing says that it is a place."""
    settled = {m.key for m in mentions if m.inside[0] and not m.person}
    located = {m.key for m in mentions if m.located and not m.person}
    for mention in mentions:
        if mention.key not in settled:
            mention.weight *= max(mention.damp, 0.5) if mention.key in located else mention.damp
    persons = {m.key for m in mentions if m.person}
    companies = {m.key for m in mentions if m.organisation} - {m.key for m in mentions if m.located}
    for mention in mentions:
        strong = any(
            s.kind in ("country", "region", "state", "capital") or s.population > 1_000_000 for s in mention.senses
        )
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


# --- sums -----------------------------------------------------------------------------------------------------------


def _sums(mentions: list[Mention]) -> tuple[dict[str, float], dict[int, float]]:
    """Return the evidence for each country, and for each place by its number in the gazetteer."""
    scores: dict[str, float] = defaultdict(float)
    named: dict[str, float] = defaultdict(float)
    points: dict[int, float] = defaultdict(float)
    for mention in mentions:
        meant = mention.sense
        if not meant or not meant.country:
            continue
        weight = mention.weight * mention.probability
        scores[meant.country] += weight
        if meant.kind != "people":
            named[meant.country] += weight
        for code, probability in mention.rivals:
            scores[code] += mention.weight * probability
        if meant.kind not in ("country", "people"):
            points[meant.number] += weight * (0.4 if mention.metonym else 1.0)
    if any(value > 1.0 for value in named.values()):
        for code in scores:
            if not named[code]:
                scores[code] *= 0.5
    return dict(scores), points


def _inside(country: str, points: dict[int, float]) -> Sense | None:
    """Return the weightiest place inside a country, the first mentioned of equals, or ``None`` without a place of
    some weight.
    """
    there = [(weight, sense(number)) for number, weight in points.items() if weight >= 0.3]
    there = sorted((pair for pair in there if pair[1].country == country), key=lambda pair: -pair[0])
    if not there:
        return None
    most, best = there[0]
    if best.kind == "state":
        # A town in it that the article speaks of nearly as much says more.
        towns = (s for weight, s in there[1:] if s.state == best.state and s.kind in CITIES and weight >= WITHIN * most)
        best = next(towns, best)
    return best


def _city_state(country: str) -> Sense | None:
    """Return the capital of a country that is hardly more than it: Singapore, Monaco."""
    known = entry(key(countries.name(country)))
    senses = known.senses if known else ()
    nation = next((s for s in senses if s.kind == "country" and s.country == country), None)
    capital = next((s for s in senses if s.kind == "capital" and s.country == country), None)
    return capital if nation and capital and capital.population >= 0.8 * nation.population else None


# --- what is said about it ------------------------------------------------------------------------------------------


def _printed(place: Sense, mentions: list[Mention], seed: Seed) -> Place:
    """Return a place under the name that the article prints: Palmyra, where the gazetteer has Tadmur.

    Its first mention decides; capitals are taken for type. Initials, names in another script than the gazetteer's, and
    countries keep the gazetteer's name, so that lists of many articles stay readable.
    """
    known = place.place
    own = set(key(place.name).split())
    names = (m for m in mentions if m.sense and m.sense.number == place.number and m.key not in SEATS)
    for mention in names if place.kind != "country" else ():
        said = set(mention.key.split())
        if own == said or (own < said and said - own <= KIND_WORDS):
            return known  # "Borno State" is no other name than "Borno"
        if said < own and place.kind in ("state", "district"):
            return known  # nor "Donetsk" than "Donetsk Oblast", which is not the town
        words = " ".join(seed.text[mention.start : mention.end].split())
        if len(words) > 4 and words[0] in LATIN and "." not in words:
            return replace(known, name=lowered(words) if words.isupper() else words)
    return known


def _quote(mention: Mention, seed: Seed) -> Evidence:
    return Evidence(seed.text[mention.start : mention.end], mention.start, mention.end)


def _evidence(mentions: list[Mention], country: str, place: Sense | None, seed: Seed) -> tuple[Evidence, ...]:
    """Return the words for the place, then for its country: the weightiest, each name twice at most, in the order of
    the text.
    """
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


def _others(mentions: list[Mention], place: Sense | None, country: str, seed: Seed) -> tuple[Finding[Place], ...]:
    """Return the other places, the weightiest first; not the country of the location, nor peoples and vast areas."""
    groups: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        meant = mention.sense
        if not meant or not meant.country or meant.kind == "people" or (place and meant.number == place.number):
            continue
        if mention.weight >= SLIGHT and not (meant.kind == "country" and meant.country == country):
            groups[meant.number].append(mention)
    ranked = sorted(groups.items(), key=lambda item: (-sum(m.weight for m in item[1]), item[1][0].start))
    found = []
    for number, group in ranked[:MOST_PLACES]:
        quotes = tuple(_quote(m, seed) for m in group[:2])
        found.append(
            Finding(
                _printed(sense(number), mentions, seed), "inferred", "mentioned", quotes, round(group[0].probability, 3)
            )
        )
    return tuple(found)
