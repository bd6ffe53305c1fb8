"""Names of places: looking up, spelling, and what the committed table holds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from briefings.find import countries, gazetteer
from briefings.find.gazetteer import DATA, key


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ("Aleppo", "aleppo"),
        ("Guéckédou", "gueckedou"),
        ("N'Djamena", "ndjamena"),
        ("N’Djamena", "ndjamena"),
        ("Port-au-\nPrince", "port au prince"),
        ("St. Louis", "st louis"),
        ("U.S.", "us"),
        ("Łódź", "lodz"),
        ("السُّودان", "السودان"),
    ],
)
def test_names_are_compared_without_case_accents_and_marks(name: str, known_as: str) -> None:
    assert key(name) == known_as


def test_lookup_gives_the_largest_first() -> None:
    found = [place.country for place in gazetteer.lookup("Birmingham")]
    assert found.index("GB") < found.index("US")
    aleppo = gazetteer.lookup("aleppo")[0]
    assert (aleppo.name, aleppo.country, aleppo.geonames) == ("Aleppo", "SY", 170063)
    assert aleppo.latitude == pytest.approx(36.2, abs=0.1)


def test_lookup_inside_one_country() -> None:
    assert {place.country for place in gazetteer.lookup("Birmingham", "US")} == {"US"}
    assert gazetteer.lookup("Birmingham", "MZ") == ()


def test_a_country_has_no_coordinates() -> None:
    (chad, *_) = gazetteer.lookup("Chad")
    assert (chad.name, chad.country, chad.latitude, chad.geonames) == ("Chad", "TD", None, None)


@pytest.mark.parametrize("name", ["Tchad", "تشاد", "CHAD"])
def test_countries_are_known_in_other_languages(name: str) -> None:
    assert gazetteer.lookup(name)[0].country == "TD"


@pytest.mark.parametrize("name", ["Alepo", "Kinshassa", "", "...", "Nowhereville-on-Sea"])
def test_slips_and_unknown_names_are_no_places(name: str) -> None:
    assert gazetteer.lookup(name) == ()


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Alepo", "Aleppo, Syria"),
        ("Kinshassa", "Kinshasa, Democratic Republic of the Congo"),
        ("Syira", "Syria"),
        ("Timbuctu", "Timbuktu, Mali"),
        ("", None),
        ("Qqqzzx", None),
    ],
)
def test_the_nearest_spelling_is_proposed(slip: str, meant: str | None) -> None:
    assert gazetteer.near(slip) == meant


def test_a_city_has_the_same_point_as_in_the_source() -> None:
    """A row of every kind is read back whole, so columns and labels are in step."""
    found = dict.fromkeys(gazetteer.KINDS)
    for name in ("Kenya", "Darfur", "Sofala", "Clarke County", "Kisumu", "Kenyan", "Nairobi"):
        known = gazetteer.entry(key(name))
        assert known, name
        for sense in known.senses:
            found[sense.kind] = found[sense.kind] or sense
    assert all(found.values()), found
    nairobi = next(s for s in gazetteer.entry("nairobi").senses if s.kind == "capital")  # type: ignore[union-attr]
    assert (nairobi.country, nairobi.geonames) == ("KE", 184745)
    assert nairobi.latitude == pytest.approx(-1.28, abs=0.02)
    assert nairobi.longitude == pytest.approx(36.82, abs=0.02)


def test_all_places_have_a_known_country_and_a_point_on_earth() -> None:
    table = gazetteer._table()
    pages = [table.places(page) for page in range(-(-table.size // table.rows))]
    assert (
        sum(len(page.labels) for page in pages) == sum(len(page.columns[0]) for page in pages) == table.size > 250_000
    )
    assert set(table.countries) - {""} <= countries.CODES
    assert all(-900_000 <= latitude <= 900_000 for page in pages for latitude in page.columns[1])
    assert all(-1_800_000 <= longitude <= 1_800_000 for page in pages for longitude in page.columns[2])


def test_keys_are_sorted_as_the_search_expects() -> None:
    table = gazetteer._table()
    pages = [table.keys(page).split(b"\n")[1:-1] for page in range(len(table.first))]
    assert [page[0].partition(b"\t")[0] for page in pages] == table.first
    keys = [line.partition(b"\t")[0] for page in pages for line in page]
    assert keys == sorted(set(keys))


def test_begins_says_whether_a_longer_key_follows() -> None:
    assert gazetteer.begins("port au")
    assert not gazetteer.begins("port au prince")
    assert not gazetteer.begins("kampal")
    table = gazetteer._table()
    # A longer name may stand first on the next page.
    for page in range(1, len(table.first)):
        words = table.first[page].decode().split(" ")
        assert all(gazetteer.begins(" ".join(words[:count])) for count in range(1, len(words)))


def test_countries() -> None:
    assert len(countries.CODES) == 250
    assert countries.name("CD") == "Democratic Republic of the Congo"
    assert countries.name("TR") == "Turkey"
    assert countries.name("??") == "??"


def test_the_table_is_small_and_opened_only_when_asked() -> None:
    assert DATA.stat().st_size < 8_500_000
    probe = "import briefings.find.gazetteer as g; print(g._table.cache_info().currsize)"
    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "0"


def test_attribution_names_the_source_and_the_licence() -> None:
    assert "GeoNames" in gazetteer.ATTRIBUTION
    assert "CC BY 4.0" in gazetteer.ATTRIBUTION
    assert "GeoNames" in (DATA.parent / "README.md").read_text(encoding="utf-8")
