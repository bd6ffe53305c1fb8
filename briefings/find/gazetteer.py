"""Names of places: which places a name may mean, and where they are.

The table is one file of packed pages, ``data/gazetteer.bin``, made by ``scripts/build_gazetteer.py``. It is opened on
first use, a page is unpacked when it is first asked for (zlib, some 0.1 ms), and all of it takes some 20 MB.

Layout: a line of JSON (tables of codes, the first key of each page of keys, the packed length of every page), then the
pages:

* pages of ``rows`` places, the last shorter: eight columns, one little-endian number a place: GeoNames id,
  latitude and longitude in 1e-4 degrees, population, state, country, kind, fame; then their names, a line each;
* pages of keys: sorted lines ``key TAB flags TAB references``, the largest place first.

A reference is the number of a place in base 36, followed by ``*`` when the name is only an alternate one, or by
``~`` when it is an uncommon one that needs support from the rest of the article.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
import zlib
from array import array
from bisect import bisect_right
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from briefings.find import countries
from briefings.model import Place

Kind = Literal["country", "region", "state", "district", "city", "people", "capital"]
"""``state``: first-level subdivision; ``district``: second level; ``region``: other named areas, some without a
country; ``people``: an adjective or a people's name, which stands for its country; ``capital``: a city that is its
country's."""

KINDS: tuple[Kind, ...] = ("country", "region", "state", "district", "city", "people", "capital")

ATTRIBUTION = (
    "Place names, coordinates and populations: GeoNames (geonames.org), licensed under CC BY 4.0. "
    "Country names: Unicode CLDR. Some subdivision coordinates: iso3166-2."
)

DATA = Path(__file__).parent / "data" / "gazetteer.bin"

_COLUMNS = "IiiIHBBB"

_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a", "ħ": "h",
    "ة": "ه", "ى": "ي", "ـ": None, "'": None, "’": None, "‘": None, "ʼ": None, "ʻ": None, "ʿ": None, "ʾ": None,
    "`": None, "´": None, "′": None, ".": None,
})  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_NOT_WORD = re.compile(r"[\W_]+")
_INVERTED = re.compile(r"^([^,]+), ((?:(?! y | and )[^,])+)$")
"""ISO 3166-2 has "Valenciana, Comunidad" for its lists."""


class Sense(NamedTuple):
    """One place that a name may mean."""

    number: int
    name: str
    kind: Kind
    country: str
    """ISO 3166-1 alpha-2, or empty for a region of several countries."""
    state: str
    """Code of the first-level subdivision, ``US.GA``, or empty."""
    latitude: float
    longitude: float
    population: int
    geonames: int
    fame: int
    """How many alternate names it has, 255 at most."""
    doubt: int
    """0: the place's own name; 1: an alternate name; 2: an uncommon one."""

    @property
    def place(self) -> Place:
        """The place as the model knows it; a country has no coordinates, and nor has an area that lies in several."""
        known = self.geonames or None
        if self.kind in ("country", "people") or not self.country:
            return Place(self.name, self.country)
        return Place(self.name, self.country, self.latitude, self.longitude, known)


class Entry(NamedTuple):
    """What the table says of one key. ``flags`` holds some of ``w`` (an English word), ``s`` (a surname), ``g`` (a
    given name) and a digit: how many words the longest name has that begins with this one.
    """

    flags: str
    senses: tuple[Sense, ...]


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """Return the form in which names are compared: no case, accents, apostrophes, points; other marks are one space."""
    text = name.casefold()
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", text.translate(_LETTERS)).strip()


class _Places(NamedTuple):
    """A page of places, a column after the other."""

    columns: tuple[array[int], ...]
    labels: list[str]


class _Table:
    """The file: packed pages, unpacked on demand."""

    __slots__ = ("_keys", "_packed", "_places", "_split", "countries", "first", "rows", "size", "states")

    def __init__(self, path: Path) -> None:
        head, _, body = path.read_bytes().partition(b"\n")
        about = json.loads(head)
        at, self._packed = 0, list[bytes]()
        for length in about["pages"]:
            self._packed.append(body[at : at + length])
            at += length
        self.size: int = about["places"]
        self.rows: int = about["rows"]
        self.countries: list[str] = about["countries"]
        self.states: list[str] = about["states"]
        self.first = [name.encode() for name in about["first"]]
        self._split = len(self._packed) - len(self.first)
        self._places: list[_Places | None] = [None] * self._split
        self._keys: list[bytes | None] = [None] * len(self.first)

    def places(self, page: int) -> _Places:
        """Return a page of places; the number of a place divided by ``rows`` says which, the rest where in it."""
        known = self._places[page]
        if known is None:
            raw = zlib.decompress(self._packed[page])
            count = min(self.rows, self.size - page * self.rows)
            columns, at = [], 0
            for code in _COLUMNS:
                column = array(code)
                end = at + count * column.itemsize
                column.frombytes(raw[at:end])
                if sys.byteorder == "big":
                    column.byteswap()
                columns.append(column)
                at = end
            known = self._places[page] = _Places(tuple(columns), raw[at:].decode().split("\n"))
        return known

    def keys(self, page: int) -> bytes:
        """Return the lines of a page of keys, each with a line end before and after it."""
        known = self._keys[page]
        if known is None:
            known = self._keys[page] = zlib.decompress(self._packed[self._split + page])
        return known

    def page_of(self, word: bytes) -> int:
        """Return the page of keys on which a key stands if it is there at all."""
        return max(0, bisect_right(self.first, word) - 1)


@cache
def _table() -> _Table:
    return _Table(DATA)


def _line(name: str) -> tuple[str, str] | None:
    table, word = _table(), name.encode()
    keys = table.keys(table.page_of(word))
    at = keys.find(b"\n" + word + b"\t")
    if at < 0:
        return None
    at += len(word) + 2
    flags, _, references = keys[at : keys.index(b"\n", at)].decode().partition("\t")
    return flags, references


@lru_cache(maxsize=50_000)
def begins(words: str) -> bool:
    """Say whether a key of more words begins with these."""
    table, start = _table(), words.encode() + b" "
    page = table.page_of(start)
    if b"\n" + start in table.keys(page):
        return True
    return page + 1 < len(table.first) and table.first[page + 1].startswith(start)


@lru_cache(maxsize=50_000)
def sense(number: int, doubt: int = 0) -> Sense:
    """Return the place with this number in the table."""
    table = _table()
    page, row = divmod(number, table.rows)
    columns, labels = table.places(page)
    geonames, lat, lon, population, state, country, kind, fame = (column[row] for column in columns)
    return Sense(
        number, labels[row], KINDS[kind], table.countries[country], table.states[state],
        lat / 1e4, lon / 1e4, population, geonames, fame, doubt,
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def entry(name: str) -> Entry | None:
    """Return what the table says of a name in the form of :func:`key`, or ``None``.

    An entry may have no senses: then it only says something of the word (a given name, the first word of a longer
    name).
    """
    line = _line(name)
    if line is None:
        return None
    flags, references = line
    return Entry(flags, tuple(
        sense(int(ref.rstrip("*~"), 36), "*~".find(ref[-1]) + 1) for ref in references.split(",") if ref
    ))  # fmt: skip


def lookup(name: str, country: str = "") -> tuple[Place, ...]:
    """Return the places of that name, in any accents and case, the largest first; ``country`` limits them to one.

    Places whose own name it is stand before those that have it as an alternate name only. An alternate name that
    differs from the place's own in doubled letters alone ("Alepo") is taken for a slip. Empty when there is none.
    """
    found = entry(key(name))
    if not found:
        return ()
    senses = [
        s for s in found.senses
        if s.kind != "people" and s.country and country in ("", s.country)
        and not (s.doubt and _slip(key(name), key(s.name)))
    ]  # fmt: skip
    # A subdivision stands for all its towns: a fifth of its people keeps Aleppo the city before Aleppo the province.
    size = {"state": 5, "district": 5}
    senses.sort(key=lambda s: (s.doubt == 2, s.kind != "country", -s.population / size.get(s.kind, 1), s.number))
    return tuple(s.place for s in senses)


def region(place: Place) -> str:
    """Return the name of the first-level subdivision that a place lies in; empty when that is not sure.

    The place is known by its GeoNames id; a subdivision lies in itself.
    """
    found = entry(key(place.name)) if place.geonames else None
    states = {s.state for s in found.senses if s.geonames == place.geonames and s.state} if found else set()
    return _states().get(states.pop(), "") if len(states) == 1 else ""


def regions(country: str) -> tuple[str, ...]:
    """Return the names of a country's first-level subdivisions, sorted."""
    return tuple(sorted(name for code, name in _states().items() if code.partition(".")[0] == country))


def is_region(name: str, country: str) -> bool:
    """Whether a first-level subdivision of that country goes by a name, its own or an alternate one."""
    found = entry(key(name))
    return found is not None and any(s.kind == "state" and s.country == country for s in found.senses)


@cache
def _states() -> dict[str, str]:
    """Return the names of first-level subdivisions by their codes; those without a code are not among them."""
    lines = (DATA.parent / "states.tsv").read_text("utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {code: _INVERTED.sub(r"\2 \1", name) for code, _, name in rows}


def _slip(name: str, own: str) -> bool:
    return name != own and _DOUBLED.sub(r"\1", name) == _DOUBLED.sub(r"\1", own)


def near(name: str) -> str | None:
    """Return the nearest spelling that is a place, as ``"Aleppo, Syria"``, or ``None``; for messages to editors.

    Candidates are one edit away (a letter left out, put in, changed, or two swapped), else cities of at least 15,000
    people, states and countries with the same first letter that difflib holds similar (ratio 0.8 or more).
    """

    def label(best: Sense) -> str:
        return best.name if best.kind == "country" else f"{best.name}, {countries.name(best.country)}"

    word = key(name)
    if not word:
        return None
    close = [s for edit in sorted(_edits(word)) if (found := _meant(edit)) for s in found if s.doubt < 2]
    if not close:
        ratio = SequenceMatcher(b=word)
        scored = []
        for other, number in _known(word[0]):
            ratio.set_seq1(other)
            if ratio.real_quick_ratio() >= 0.8 and ratio.quick_ratio() >= 0.8 and (r := ratio.ratio()) >= 0.8:
                scored.append((round(r, 3), sense(number)))
        if not scored:
            return None
        best = max(score for score, _ in scored)
        close = [s for score, s in scored if score == best]
    return label(max(close, key=lambda s: (s.kind == "country", s.population, -s.number)))


def _meant(name: str) -> tuple[Sense, ...]:
    """Return the senses with a country of one key, without keeping them: spelling tries hundreds of keys."""
    line = _line(name)
    if line is None or not line[1]:
        return ()
    refs = line[1].split(",")[:5]
    senses = (sense(int(ref.rstrip("*~"), 36), "*~".find(ref[-1]) + 1) for ref in refs)
    return tuple(s for s in senses if s.country and s.kind != "people")


def _edits(word: str) -> set[str]:
    letters = "abcdefghijklmnopqrstuvwxyz "
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    found |= {a + c + b for a, b in cuts for c in letters}
    return found - {word, ""}


@cache
def _known(first: str) -> tuple[tuple[str, int], ...]:
    """Return ``(key, number)`` of the larger places whose key begins with that letter."""
    table, found = _table(), []
    labels = (label for page in range(-(-table.size // table.rows)) for label in table.places(page).labels)
    for number, label in enumerate(labels):
        name = key(label)
        if name.startswith(first):
            place = sense(number)
            large = place.kind not in ("people", "district") and (place.kind != "city" or place.population >= 15_000)
            if place.country and large:
                found.append((name, number))
    return tuple(found)
