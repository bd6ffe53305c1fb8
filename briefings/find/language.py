"""The language of a seed: declared, or told by its commonest small words. A dozen lines of table instead of a model."""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from briefings.model import Evidence, Finding

if TYPE_CHECKING:
    from briefings.find.layout import Layout

STOPWORDS = {
    "en": "the of and to in that is was for it with as on be at by this had are but from they which have not were said has their its an will would been who",
    "fr": "le la les de des et est une du dans que qui pour par sur au aux avec plus ce cette ont été sont pas ses leur mais comme il elle nous selon ces d l",
    "es": "el la los las de una y del que en por con para se es su al lo como más fue sus ha han pero sobre este esta entre son sin también desde hasta",
    "pt": "o os as um uma e de do da dos das não em no na nos nas que com para por se mais foi ao são pelo pela também",
    "de": "der die das und ist von mit den dem des ein eine nicht auf für sich im zu auch als es an werden aus wird sind",
    "it": "il lo gli della dei di che è per una con non sono del alla nel nella anche più come dalla le ha",
    "id": "yang dan di ini itu dengan untuk dari dalam tidak pada akan adalah ke telah oleh juga",
    "sw": "ya na wa kwa ni katika la za cha kuwa hiyo yake baada",
    "tr": "ve bir bu için ile olarak daha olan çok gibi",
}
"""The commonest function words of the languages a newsroom receives. Only these are told apart by words."""

SCRIPTS = (
    ("ar", re.compile(r"[\u0621-\u064a]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
)
"""Scripts told by their letters. Persian and Urdu share the Arabic script and have letters of their own."""

NAMES = {
    "english": "en",
    "french": "fr",
    "français": "fr",
    "spanish": "es",
    "español": "es",
    "arabic": "ar",
    "العربية": "ar",
}
_WORDS = {
    word: [lang for lang, words in STOPWORDS.items() if word in words.split()]
    for words in STOPWORDS.values()
    for word in words.split()
}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_TOKEN = re.compile(r"[^\W\d_]+")
_PERSIAN = re.compile(r"[\u067e\u0686\u0698\u06af\u06cc\u06a9]")
SAMPLE = 3000
"""Characters looked at."""


def find(layout: Layout) -> Finding[str]:
    """Return the language as a BCP 47 tag; ``und`` when nothing tells it."""
    text = layout.seed.text
    for part in layout.of("header"):
        for start, end in part.spans("lang"):
            if tag := _declared(text[start:end]):
                return Finding(tag, "stated", "header", (Evidence(text[start:end], start, end),))
    guess, share = guess_language(text[:SAMPLE])
    for item in layout.seed.stated:
        tag = _declared(item.value)
        # Templates declare "en" for pages in any language; the words decide when they clearly say otherwise.
        if item.name == "lang" and tag and (guess == "und" or share < 0.6 or tag.split("-")[0] == guess):
            return Finding(tag, "stated", "metadata", (Evidence(item.value, origin=item.origin),))
    return Finding(
        guess, "inferred" if guess != "und" else "none", "common-words", (), share if guess != "und" else None
    )


def guess_language(text: str) -> tuple[str, float]:
    """Return the likeliest language of ``text`` and its share of the evidence."""
    letters = sum(map(str.isalpha, text)) or 1
    foreign = len(text) - len(text.encode("ascii", "ignore")) > 0.4 * letters  # only then one may have the most
    for lang, script in SCRIPTS if foreign else ():
        share = len(script.findall(text)) / letters
        if share > 0.4:
            return ("fa" if lang == "ar" and len(_PERSIAN.findall(text)) > 0.03 * letters else lang), share
    counts: Counter[str] = Counter()
    for word in _TOKEN.findall(text.casefold()):
        langs = _WORDS.get(word)
        if langs:
            for lang in langs:
                counts[lang] += 6 // len(langs) if len(langs) < 6 else 1
    if not counts:
        return "und", 0.0
    best = max(counts, key=lambda lang: (counts[lang], lang == "en", lang))
    return best, round(counts[best] / sum(counts.values()), 2)


def _declared(value: str) -> str:
    value = value.strip()
    if value.casefold() in NAMES:
        return NAMES[value.casefold()]
    return value.replace("_", "-") if _TAG.fullmatch(value) else ""
