"""The words of a text, and the longest name of the gazetteer at each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from briefings.find.gazetteer import Entry, Sense, begins, entry, key
from briefings.find.place_words import NEVER, SMALL_WORDS, TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN = re.compile(r"(?:[A-Z]\.)+(?:[A-Z](?![^\W\d_])\.?)?(?![^\W\d_])|[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
_JOIN = re.compile(r"[ \t]*\n?[ \t]*|[-–]\n?|\. ")
_ELIDED = re.compile(r"^(?:[ldLD]|qu|Qu|[nsjcNSJC])['’](?=\w{3})")
_BREAK = re.compile(r"[.!?:;\n\"“”«»•*|]")


class Mention(Struct, eq=False):
    """A name in the text. ``start`` and ``end`` are offsets in ``Seed.text``."""

    key: str
    start: int
    end: int
    weight: float
    part: str
    """``title``, ``dateline``, ``lead`` or ``body``."""
    senses: tuple[Sense, ...]
    flags: str = ""
    located: bool = False
    """The words before it (``in``, ``near``) or after it (``, Alabama``) say that it is a place."""
    person: bool = False
    metonym: bool = False
    """The capital stands for its government."""
    origin: bool = False
    """It says where somebody comes from: ``experts from Japan``."""
    sense: Sense | None = None
    probability: float = 1.0
    """Of the country of that sense."""
    rivals: tuple[tuple[str, float], ...] = ()
    """Other countries that the name may lie in, with their probabilities."""
    organisation: bool = False
    damp: float = 1.0
    """Factor for a name that is an English word or a surname; it falls away when the article says it is a place."""
    wanted: tuple[str, ...] = ()
    """Kinds of place that the word after it asks for: ``Washington state``."""
    inside: tuple[str, str] = ("", "")
    """Country and state that the words after it name: ``Birmingham, Alabama``."""


class Token(Struct):
    text: str
    start: int
    end: int
    capital: bool
    gap: str
    """What stands between the token before it and this one."""
    opens: bool
    """It is the first word of a sentence."""
    known: Entry | None = None
    mention: Mention | None = None


def read(text: str, start: int, end: int) -> list[Token]:
    """Return the words of ``text[start:end]`` in order; initials (``N.J.``) are one word."""
    found: list[Token] = []
    last = start
    for match in _TOKEN.finditer(text, start, end):
        a, b = match.span()
        word = match[0]
        gap = text[last:a]
        # Most words are in small letters with a blank before them: the rest is asked only of the others.
        opens = gap != " " and (not found or _opens(gap, found[-1].text))
        first = word[0]
        capital = not ("a" <= first <= "z" and word.isalpha()) and (
            first.isupper()
            or "\u0621" <= first <= "\u064a"
            or (len(word) > 2 and word[1] in "'’" and word[2].isupper())
        )
        found.append(Token(word, a, b, capital, gap, opens))
        last = b
    return found


def _opens(gap: str, before: str) -> bool:
    """Whether a sentence begins after this gap."""
    return "\n\n" in gap or (bool(gap.strip()) and bool(_BREAK.search(gap)) and not _initials(before))


def bare(word: str) -> str:
    """Return a word without the ending of the possessive: ``Kisumu's`` is about Kisumu."""
    return word[:-2] if len(word) > 2 and word[-1] in "sS" and word[-2] in "'’`" else word


def _initials(word: str) -> bool:
    return word.endswith(".") or (len(word) <= 5 and word.lower() in TITLES)


def _arabic(word: str) -> Iterable[str]:
    """Yield an Arabic word without the letters that are written onto it: and, with, for, so, as; the article."""
    yield word
    for count in (1, 2):
        rest = word[count:]
        if len(rest) > 2 and all(letter in "وبلفك" for letter in word[:count]):
            yield rest
            if rest.startswith("ل"):
                yield "ال" + rest[1:]
    if word.startswith("لل"):
        yield "ال" + word[2:]


def _joins(gap: str) -> bool:
    return gap == " " or _JOIN.fullmatch(gap) is not None


def _longest(tokens: list[Token], i: int, first: str, most: int) -> tuple[int, str, Entry] | None:
    """Return the longest name of two words or more that begins with ``first`` at ``i``."""
    begun, ends = first, []
    for j in range(i + 1, min(i + most, len(tokens))):
        after = tokens[j]
        if not (after.capital or after.text in SMALL_WORDS) or not _joins(after.gap):
            break
        whole = f"{begun} {key(after.text)}"
        if after.capital:
            ends.append((j - i + 1, f"{begun} {key(bare(after.text))}"))
        if not begins(whole):
            break
        begun = whole
    for count, name in reversed(ends):
        if name not in NEVER and (found := entry(name)) and found.senses:
            return count, name, found
    return None


def match(tokens: list[Token], i: int) -> tuple[int, str, Entry, int] | None:
    """Return how many tokens the longest name at ``i`` takes, its key, its entry and where in the token it begins."""
    token = tokens[i]
    plain = bare(token.text)
    shift = 0
    first = key(plain)
    head = entry(first)
    if ("'" in plain or "’" in plain) and (elided := _ELIDED.match(plain)) and not (head and head.senses):
        shift = elided.end()
        if not plain[shift].isupper():
            return None
        plain = plain[shift:]
        first = key(plain)
        head = entry(first)
    if head is None and "\u0621" <= plain[0] <= "\u064a":
        for form in _arabic(first):
            if head := entry(form):
                shift = max(0, len(plain) - len(form)) if not form.startswith("ال") else 0
                first = form
                break
    # A possessive may be part of a longer name (Cox's Bazar), and then only its own form begins it.
    whole = first if plain == token.text[shift:] else key(token.text[shift:])
    longer = head if whole == first else entry(whole)
    if longer and longer.flags and (found := _longest(tokens, i, whole, int(longer.flags[-1]))):
        return (*found, shift)
    if head is None:
        return None
    token.known = head
    if head.senses and first not in NEVER and (len(first) > 2 or plain.isupper()):
        if len(first) == 2 and first not in ("us", "uk", "dc"):
            return None
        if first == "us" and plain not in ("US", "U.S.", "U.S"):
            return None
        return 1, first, head, shift
    return None
