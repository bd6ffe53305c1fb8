"""The measurements: scored as written down, and as the data's own program scores when it is at hand."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

measure = importlib.import_module("measure")
scoring = importlib.import_module("scoring")

SHARED = Path(os.environ.get("BRIEFINGS_SHARED", ROOT.parent / "shared"))
BEIRA = (-19.84, 34.84)


def location(country="MZ", status="inferred", confidence=0.9, **place):
    value = {"name": "Beira", "country": country, **place} if country else None
    return {"value": value, "status": status, "rule": "weighed", "confidence": confidence, "evidence": []}


def answer(**fields):
    empty = {"source": None, "author": None, "filed_from": None, "date": {"value": None, "status": "undated"}}
    return {"lang": "en", "tags": [], "questions": [], "location": location(), **empty, **fields}


def found(value):
    return {"value": value, "status": "stated", "rule": "test"}


def article(name="a", data_set="reuters", **gold):
    return {"id": name, "set": data_set, "text": "…", "gold": gold}


@pytest.mark.parametrize(
    ("gold", "read", "outcome"),
    [
        (None, None, "undated"),
        (None, "2016", "invented"),
        ("2016-12-13", None, "missed"),
        ("2016-12-13", "2016-12-13", "exact"),
        ("--03-09", "--03-09", "exact"),
        ("2016-12-13", "2016-12", "under"),
        ("2016-12-13", "--12-13", "under"),
        ("--03-09", "2016-03-09", "over"),
        ("2016-12", "2016-12-01", "over"),
        ("2016-12-13", "2016-12-14", "wrong"),
        ("--03-09", "--03-10", "wrong"),
        ("2016-12-13", "Monday", "wrong"),
    ],
)
def test_dates(gold, read, outcome):
    assert scoring.date_outcome(gold, read) == outcome


def test_a_degree_on_the_equator_is_111_kilometres():
    assert scoring.kilometres((0, 0), (0, 1)) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(
    ("gold", "given", "right"),
    [
        ({"country": "MZ"}, location("MZ"), 1),
        ({"country": "MZ"}, location("MW"), 0),
        ({"country": "MZ"}, location(None, "none"), 0),
        ({"country": None}, location(None, "none"), 1),
        ({"country": None}, location("MZ"), 0),
        ({"countries": [["RU", "UA"], ["US"]]}, location("UA"), 1),
        ({"focus": {"country": "MZ", "places_ok": []}}, location("MZ"), 1),
    ],
)
def test_countries(gold, given, right):
    count, misses = scoring.score(article(**gold), answer(location=given))
    assert (count["country_n"], count["country_right"], len(misses)) == (1, right, 1 - right)


@pytest.mark.parametrize(
    ("spot", "right"),
    [
        ({"latitude": -20.0, "longitude": 35.0}, 1),
        ({"latitude": -25.97, "longitude": 32.58}, 0),  # Maputo, 720 km away
        ({}, 0),  # withheld
    ],
)
def test_places(spot, right):
    gold = article(country="MZ", place="Beira", lat=BEIRA[0], lon=BEIRA[1])
    count, _ = scoring.score(gold, answer(location=location(**spot)))
    assert (count["place_n"], count["place_right"]) == (1, right)


@pytest.mark.parametrize(
    ("given", "sure"),
    [
        (location(status="stated", confidence=0.3), 1),
        (location(confidence=0.8), 1),
        (location(confidence=0.79), 0),
        (location(None, "none", confidence=1.0), 0),
    ],
)
def test_sure_answers(given, sure):
    count, _ = scoring.score(article(country="MZ"), answer(location=given))
    assert (count["sure"], count["sure_right"]) == (sure, sure)


def test_tags_are_compared_as_themes():
    gold = article(data_set="reliefweb", tags=["Health", "Agriculture", "Education"])
    tags = [
        {"value": "floods", "reliefweb": []},
        {"value": "cholera", "reliefweb": ["Health", "Water Sanitation Hygiene"]},
    ]
    count, _ = scoring.score(gold, answer(tags=tags))
    assert scoring.f1(count) == pytest.approx(2 * 1 / (2 + 3))


@pytest.mark.parametrize(
    ("fields", "whole"),
    [
        ({"source": found("Reuter"), "date": found("--03-04")}, 1),
        ({"source": found("AFP"), "date": found("--03-04")}, 0),
        ({"source": found("Reuters"), "date": found("2016-03-04")}, 0),
        ({"source": found("Reuters"), "date": found("--03-04"), "author": found("Nobody")}, 0),  # gold: no author
    ],
)
def test_a_trap_counts_when_all_its_fields_are_right(fields, whole):
    gold = article(data_set="traps", country="MZ", date="--03-04", source="Reuters", author=None)
    assert scoring.score(gold, answer(**fields))[0]["whole"] == whole


def test_questions_on_glued_words_count_by_article():
    question = 'text: "thathad" may be two words run together. Is it "that had"?'
    count, misses = scoring.score(article(), answer(questions=[question, question]))
    assert (count["glued"], count["glued_n"], len(misses)) == (1, 1, 2)


def test_halves_share_nothing_and_lose_nothing():
    articles = list(range(7))
    odd, even = measure.take(articles, "odd"), measure.take(articles, "even")
    assert (odd, even) == ([0, 2, 4, 6], [1, 3, 5])


def test_the_table_says_what_is_not_reached():
    aim = measure.Aim("country", "gwn", "country", 86, 90)
    speed = measure.Aim("time", "gwn", "ms", 13, 5, "ms", small=True)
    lines = measure.table([(aim, 89.94, 100), (aim, 89.96, 100), (speed, 5.04, 100), (speed, 5.06, 100)]).splitlines()
    assert [line.endswith("| NOT REACHED |") for line in lines[2:]] == [True, False, False, True]
    assert lines[2].startswith("| country | gwn | 100 | 86 % | ≥ 90 % | 89.9 % |")


def test_from_folder_to_table(tmp_path, capsys):
    text = "Floods in Beira\n\nBEIRA, Mozambique, March 4 (Reuters) - Rain cut the road from Beira, Mozambique said.\n"
    gold = {"country": "MZ", "lat": BEIRA[0], "lon": BEIRA[1], "date": "--03-04", "source": "Reuters", "author": None}
    lines = [{"id": f"trap-{name}", "set": "traps", "text": text, "gold": gold} for name in ("one", "hard-two")]
    (tmp_path / "traps.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    measure.main([str(tmp_path), "--json"])
    rows = {(row["field"], row["set"]): row for row in json.loads(capsys.readouterr().out)}
    assert rows["date exact, or rightly undated", "traps"]["reached"] == 100
    assert rows["source", "traps"]["reached"] == 100
    assert rows["traps, all fields right", "traps: hard"]["n"] == 1
    assert rows["start-up, a short seed in a new process", "-"]["reached"] > 0


def test_no_such_folder(tmp_path, capsys):
    assert measure.main([str(tmp_path)]) == 2
    assert "no such sets" in capsys.readouterr().err


# --- beside the data's own program ----------------------------------------------------------------------------------

THEIRS = SHARED / "tools" / "score.py"
PAIRS = {
    "country_n": "c_n", "country_right": "c_ok", "place_n": "p_n", "place_right": "p_ok", "date_n": "d_n",
    "date_exact": "d_exact", "date_undated": "d_undated-ok", "date_under": "d_under", "date_over": "d_over",
    "date_wrong": "d_wrong", "date_missed": "d_missed", "date_invented": "d_invented", "source_n": "s_n",
    "source_right": "s_ok", "tags_n": "t_n", "tags_both": "t_tp", "tags_extra": "t_fp", "tags_lacking": "t_fn",
}  # fmt: skip
"""Our counts, and what that program calls them."""


def guesses(articles):
    """Answers to real articles, right, vague, wrong and lacking in turn."""
    for number, item in enumerate(articles):
        gold, turn = item["gold"], number % 5
        countries, points = scoring.where(gold)
        country = (None, "FR", min(countries or {"SY"}), min(countries or {"SY"}), "US")[turn]
        spot = {}
        if country and turn > 1:
            near = points[0] if points else (10.0, 10.0)
            spot = {"latitude": near[0] + turn - 2, "longitude": near[1]}
        date = gold.get("date")
        date = (date, None, date and date[:7], "2016-12-13", date and f"2016{date[1:]}")[turn]
        source = (gold.get("source"), None, "AFP", "The Associated Press", (gold.get("source") or "").upper())[turn]
        themes = (gold.get("tags") or [])[: turn % 3] + ["Health"] * (turn > 2)
        yield answer(
            location=location(country, "inferred" if country else "none", **spot),
            date={"value": date, "status": "stated", "rule": "test"},
            source=found(source) if source else None,
            tags=[{"value": "x", "reliefweb": themes}],
        )


@pytest.mark.skipif(not THEIRS.is_file(), reason="the data's own program is not here")
@pytest.mark.parametrize("name", ["traps", "reuters", "muc", "lgl", "geovirus", "reliefweb", "humset", "seed"])
def test_agrees_with_the_scoring_program_of_the_data(name):
    spec = importlib.util.spec_from_file_location("their_score", THEIRS)
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    articles = measure.load(SHARED / "data" / f"{name}.jsonl")[:300]
    ours, predictions = Counter(), {}
    for item, given in zip(articles, guesses(articles), strict=True):
        ours += scoring.score(item, given)[0]
        place = given["location"]["value"] or {}
        predictions[item["id"]] = {
            "id": item["id"], "country": place.get("country"), "lat": place.get("latitude"),
            "lon": place.get("longitude"), "date": given["date"]["value"], "source": scoring.value(given, "source"),
        } | ({"tags": scoring.themes(given)} if name == "reliefweb" else {})  # fmt: skip
    per, _ = theirs.score(articles, predictions)
    assert {key: ours[key] for key in PAIRS} == {key: per[name][their] for key, their in PAIRS.items()}
    assert ours["country_n"] + ours["date_n"] + ours["tags_n"] > 0
