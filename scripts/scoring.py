"""Compare what was found in articles with what people found: pure functions, no files.

An article is a line of a data set (``id``, ``set``, ``text``, ``gold``), an answer what ``briefings explain --json``
prints for its text. The measures are those of the set's own scoring program: a country is right when it is one of those
that gold accepts, a place when it lies within 161 km (100 miles, the custom of the field) of one, a date when it is
neither vaguer nor more precise than the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any, NamedTuple

Gold = dict[str, Any]
Answer = dict[str, Any]

NEAR_KM = 161
SURE = 0.8
"""An answer that is ``stated``, or weighed with at least this confidence, claims to be right."""
_DATE = re.compile(r"(\d{4}|-)?-?(?:(\d\d))?(?:-(\d\d))?$")
_ALIASES = {
    "agence france presse": "afp", "associated press": "ap", "the associated press": "ap", "reuter": "reuters",
    "m decins sans fronti res": "msf", "doctors without borders": "msf", "ocha": "un ocha",
}  # fmt: skip


class Where(NamedTuple):
    """Where an article plays according to gold: ``countries`` is ``None`` when gold is silent, empty for nowhere."""

    countries: set[str] | None
    points: list[tuple[float, float]]


class Miss(NamedTuple):
    """A wrong answer, for whoever mends the finder."""

    field: str
    id: str
    gold: str
    answer: str
    rule: str


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two points (latitude, longitude), on a sphere of 6,371 km."""
    phi, lam, phi2, lam2 = (math.radians(value) for value in (*a, *b))
    half = math.sin((phi2 - phi) / 2) ** 2 + math.cos(phi) * math.cos(phi2) * math.sin((lam2 - lam) / 2) ** 2
    return 12742 * math.asin(min(1, math.sqrt(half)))


def where(gold: Gold) -> Where:
    """Read gold's place in any of its three forms: a derived focus, lists of alternatives, one country."""
    if focus := gold.get("focus"):
        return Where({focus["country"]}, [(lat, lon) for lat, lon in focus["places_ok"]])
    if "countries" in gold:
        return Where({code for alternatives in gold["countries"] for code in alternatives}, [])
    if "country" in gold:
        points = [(lat, lon) for lat, lon in gold.get("places_ok") or ()]
        if not points and gold.get("lat") is not None:
            points = [(gold["lat"], gold["lon"])]
        return Where({gold["country"]} if gold["country"] else set(), points)
    return Where(None, [])


def date_outcome(gold: str | None, found: str | None) -> str:
    """Return ``exact``, ``undated`` (both), ``under`` (vaguer), ``over``, ``wrong``, ``missed`` or ``invented``."""
    if not gold:
        return "invented" if found else "undated"
    if not found:
        return "missed"
    if gold == found:
        return "exact"
    said, read = _parts(gold), _parts(found)
    if not said or not read or any(a and b and a != b for a, b in zip(said, read, strict=True)):
        return "wrong"
    vaguer = all(b is None or a is not None for a, b in zip(said, read, strict=True))
    return "under" if vaguer else "over"


def _parts(text: str) -> tuple[str | None, ...] | None:
    match = _DATE.match(text.replace("--", "-", 1) if text.startswith("--") else text)
    return tuple(None if part in {None, "-"} else part for part in match.groups()) if match else None


def fold(name: str | None) -> str:
    """A name without capitals, accents and points."""
    return re.sub(r"[^a-z0-9/]+", " ", (name or "").lower()).strip()


def agency(name: str | None) -> str:
    """A source's name, folded, and one name for agencies that have several."""
    return _ALIASES.get(fold(name), fold(name))


def value(answer: Answer, name: str) -> Any:
    """The value of a field, ``None`` when it was not found."""
    return (answer.get(name) or {}).get("value")


def themes(answer: Answer) -> list[str]:
    """The ReliefWeb themes of the tags, each once, the likeliest tag's first."""
    return list(dict.fromkeys(theme for tag in answer["tags"] for theme in tag["reliefweb"]))


def score(article: dict[str, Any], answer: Answer) -> tuple[Counter[str], list[Miss]]:
    """Score one answer: counts (``country_n`` asked, ``country_right``, …) that add up over articles, and misses."""
    gold = article["gold"]
    count: Counter[str] = Counter(n=1)
    misses: list[Miss] = []

    def tell(field: str, right: bool, said: object, found: object, finding: str = "") -> None:
        count[f"{field}_n"] += 1
        count[f"{field}_right"] += right
        if not right:
            key = finding or field
            rule = (answer.get(key) or {}).get("rule", "") if isinstance(answer.get(key), dict) else ""
            misses.append(Miss(field, article["id"], str(said), str(found), rule))

    _score_place(gold, answer, count, tell)
    if "date" in gold:
        outcome = date_outcome(gold["date"], value(answer, "date"))
        count[f"date_{outcome}"] += 1
        tell("date", outcome in {"exact", "undated"}, gold["date"], f"{value(answer, 'date')} ({outcome})")
    elif value(answer, "date"):
        count["date_unasked"] += 1
        misses.append(
            Miss("date-unasked", article["id"], "no gold", str(value(answer, "date")), answer["date"]["rule"])
        )
    if gold.get("source"):
        tell(
            "source", agency(gold["source"]) == agency(value(answer, "source")), gold["source"], value(answer, "source")
        )
    elif "source" in gold and value(answer, "source"):
        count["source_unasked"] += 1
        misses.append(Miss("source-unasked", article["id"], "none", value(answer, "source"), answer["source"]["rule"]))
    if gold.get("author"):
        tell("author", fold(gold["author"]) == fold(value(answer, "author")), gold["author"], value(answer, "author"))
    elif "author" in gold and value(answer, "author"):
        count["author_unasked"] += 1
        misses.append(Miss("author-unasked", article["id"], "none", value(answer, "author"), answer["author"]["rule"]))
    if filed := gold.get("filing_place"):
        tell("filed_from", fold(filed) in fold(value(answer, "filed_from")), filed, value(answer, "filed_from"))
    if article["set"] == "reliefweb" and gold.get("tags") is not None:
        said, found = set(gold["tags"]), set(themes(answer))
        count.update(
            tags_n=1, tags_both=len(said & found), tags_extra=len(found - said), tags_lacking=len(said - found)
        )
    glued = [question for question in answer["questions"] if "run together" in question]
    count.update(glued_n=answer["lang"].startswith("en"), glued=bool(glued))
    misses += [Miss("glued", article["id"], "?", question, "") for question in glued]
    count.update(whole=not _wrong(misses, gold))
    return count, misses


def _score_place(gold: Gold, answer: Answer, count: Counter[str], tell: Any) -> None:
    right, points = where(gold)
    if right is None:
        return
    location = answer["location"]
    place = location["value"] or {}
    country = place.get("country") if location["status"] != "none" else None
    hit = country in right if right else country is None
    known = f"{country} ({place.get('name')}, {location['status']} {location.get('confidence', '')})"
    tell("country", hit, "/".join(sorted(right)) or None, known, "location")
    if country and (location["status"] == "stated" or location.get("confidence", 0) >= SURE):
        count.update(sure=1, sure_right=hit)
    if points:
        spot = (place["latitude"], place["longitude"]) if place.get("latitude") is not None else None
        near = spot is not None and min(kilometres(spot, point) for point in points) <= NEAR_KM
        name = gold.get("place") or (gold.get("focus") or {}).get("place")
        tell("place", near, f"{name} {points[0]}", f"{place.get('name')} {spot or 'withheld'}", "location")


def _wrong(misses: list[Miss], gold: Gold) -> bool:
    """Whether a field is wrong; a source or author where gold knows that there is none is wrong too."""
    told = {"country", "place", "date", "source", "author"}
    told |= {f"{name}-unasked" for name in ("source", "author") if name in gold}
    return any(miss.field in told for miss in misses)


def f1(count: Counter[str]) -> float:
    """Micro-averaged F1 of the tags."""
    return 2 * count["tags_both"] / max(1, 2 * count["tags_both"] + count["tags_extra"] + count["tags_lacking"])
