"""Where an article names places, and how much each mention says of what the article is about.

A mention is the longest name of the gazetteer at that point of the text. Its weight begins with where it stands
(headline, dateline, lead, body) and falls when the words around it say that it is no place (a surname, an
organisation, an English word) or not the place of the story (a government called by its capital, a comparison, a
list of donors).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings.find import toponyms
from briefings.find.gazetteer import entry, key
from briefings.find.place_words import (
    AGAINST,
    COMMON,
    COMPARED,
    DIRECTIONS,
    GEOGRAPHIC,
    KINDS_AFTER,
    LOCALS,
    LOCATIVE,
    MONEY,
    NOT_FIRST,
    ORGANISATIONS,
    PEOPLE,
    POSTAL,
    PROVINCES,
    SEATS,
    SMALL_WORDS,
    SPEAKS,
    STATES,
    TITLES,
    VERBS,
)
from briefings.find.toponyms import Mention, Token

if TYPE_CHECKING:
    from briefings.find.reading import Reading, Span

HEADLINE, DATELINE, LEAD, BODY = 2.0, 3.5, 1.6, 1.0
LEAD_LENGTH = 400
"""Characters at the beginning of the text that count as the lead."""
MOST = 30_000
"""Characters that are looked at; a longer document says early what it is about."""


def scan(reading: Reading) -> list[Mention]:
    """Return the mentions of places in the article's own words, in the order of the text, with their weights."""
    text = reading.seed.text
    found: list[Mention] = []
    spans: list[tuple[str, Span]] = []
    if reading.title:
        spans.append(("title", reading.title))
    if reading.dateline:
        spans.append(("dateline", reading.dateline))
    left, lead = MOST, LEAD_LENGTH
    for start, end in reading.text:
        stop = min(end, start + left)
        left -= stop - start
        if lead > 0:
            spans.append(("lead", (start, min(stop, start + lead))))
            if start + lead < stop:
                cut = text.find("\n", start + lead, stop)
                cut = text.find(" ", start + lead, stop) if cut < 0 else cut
                cut = stop if cut < 0 else cut
                spans[-1] = ("lead", (start, cut))
                spans.append(("body", (cut, stop)))
            lead -= stop - start
        elif stop > start:
            spans.append(("body", (start, stop)))
        if left <= 0:
            break
    small: set[str] = set()
    parts = [(part, toponyms.read(text, *span)) for part, span in spans]
    for _, tokens in parts:
        small.update(token.text for token in tokens if not token.capital)
    for part, tokens in parts:
        found += _scan_part(part, tokens, small)
    found.sort(key=lambda mention: mention.start)
    return found


def _loud(tokens: list[Token]) -> bool:
    """Say whether capital letters mean nothing here: a title in capitals, or with each word capitalised."""
    words = [token for token in tokens if len(token.text) > 3]
    return bool(words) and sum(token.capital for token in words) >= 0.75 * len(words) and len(words) > 2


def _scan_part(part: str, tokens: list[Token], small: set[str]) -> list[Mention]:
    base = {"title": HEADLINE, "dateline": DATELINE, "lead": LEAD}.get(part, BODY)
    loud = part != "dateline" and _loud(tokens)
    found: list[Mention] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if not token.capital or not (hit := toponyms.match(tokens, i)):
            i += 1
            continue
        count, name, what, shift = hit
        last = tokens[i + count - 1]
        mention = Mention(
            name, token.start + shift, last.start + len(toponyms.bare(last.text)), base, part, what.senses, what.flags
        )
        for j in range(i, i + count):
            tokens[j].mention = mention
        _weigh(mention, tokens, i, i + count, loud=loud, small=small)
        found.append(mention)
        i += count
    where = {id(token.mention): n for n, token in enumerate(tokens) if token.mention} if found else {}
    _containers(found, tokens, where)
    _lists(found, tokens, where)
    return found


def _weigh(mention: Mention, tokens: list[Token], i: int, j: int, *, loud: bool, small: set[str]) -> None:
    """Lower the weight of a mention by the words around it; ``i`` and ``j`` are its first token and the one after
    it.
    """
    before = tokens[i - 1] if i and not tokens[i].gap.strip(" \t\n") and not tokens[i].opens else None
    after = tokens[j] if j < len(tokens) and not tokens[j].gap.strip(" \t\n") and not tokens[j].opens else None
    prior = before.text.lower().rstrip(".") if before else ""
    follow = toponyms.bare(after.text).lower() if after else ""
    best = max(mention.senses, key=lambda s: s.population)
    kinds = ("country", "people", "region") if "w" in mention.flags else ("country", "people", "region", "state")
    nation = any(s.kind in kinds and not s.doubt for s in mention.senses)
    large = best.population >= 1_000_000 or any(s.kind == "capital" for s in mention.senses)
    if prior in LOCATIVE:
        mention.located = True
        mention.weight *= 1.2
    elif (follow in LOCALS and not loud) or (prior in DIRECTIONS and i > 1 and tokens[i - 2].text.lower() in LOCATIVE):
        mention.located = True
    if mention.part == "dateline":
        mention.located = True
        return
    if tokens[i].gap.endswith("<"):  # a company's name before its ticker
        mention.weight *= 0.1
        mention.organisation = True
        return
    if loud and mention.key in ("us", "car") and "." not in tokens[i].text:  # words, where all stands in capitals
        mention.weight *= 0.02
        return
    mention.wanted = KINDS_AFTER.get(follow, ())
    if follow in MONEY:
        mention.weight *= 0.25
    possessive = tokens[j - 1].end != mention.end
    # A word of the language, or a name that is somebody's.
    if j - i == 1 and not nation:
        word = "w" in mention.flags or mention.key in small or mention.key in COMMON
        if word and not (large and mention.key not in small and mention.key not in COMMON):
            mention.located = mention.located and not loud
            mention.damp = 1.0 if mention.located else 0.02 if loud or tokens[i].opens else 0.12
        elif ("s" in mention.flags or "g" in mention.flags) and not mention.located:
            both = "s" in mention.flags and "g" in mention.flags
            mention.damp = 0.8 if best.population >= 300_000 else 0.15 if both else 0.3
    elif j - i == 2 and not nation and not mention.located and best.population < 100_000 and _full_name(mention.key):
        mention.damp = 0.2
    if loud and not nation and best.population < 100_000 and not mention.located:
        mention.weight *= 0.3
    people = all(s.kind == "people" for s in mention.senses)
    if not people:
        _persons(mention, before, after, prior, follow, loud=loud, single=j - i == 1, possessive=possessive)
    if people:
        plural = mention.key.endswith("s") and bool(after) and not mention.key.endswith(("is", "us"))
        mention.weight *= 0.35 if follow in PEOPLE or plural else 0.7
    elif mention.key in SEATS or (
        any(s.kind == "capital" for s in mention.senses)
        and not mention.located
        and not possessive
        and (follow in VERBS or prior in AGAINST or prior in VERBS - {"and"} or _joined(tokens, i, "metonym"))
    ):
        mention.metonym = True
        mention.weight *= 0.45
    if prior == "of" and i > 1 and tokens[i - 2].capital and tokens[i - 2].text.lower() in ORGANISATIONS:
        mention.weight *= 0.2
        mention.organisation = True
    if prior in COMPARED:
        mention.weight *= 0.3
    elif (prior == "from" and i > 1 and tokens[i - 2].text.lower() in PEOPLE) or _joined(tokens, i, "origin"):
        mention.origin = True
        mention.weight *= 0.4


def _full_name(name: str) -> bool:
    """Say whether a name of two words may be a person's: Luis Gomes."""
    words = name.split(" ")
    first, last = entry(words[0]), entry(words[-1])
    return bool(len(words) == 2 and first and last and "g" in first.flags and "s" in last.flags)


def _joined(tokens: list[Token], i: int, what: str) -> bool:
    """Say whether a name follows another of that kind and ``and``: ``Washington and Moscow``."""
    before = tokens[i - 2].mention if i > 1 and tokens[i - 1].text == "and" else None
    return before is not None and bool(getattr(before, what))


def _persons(
    mention: Mention,
    before: Token | None,
    after: Token | None,
    prior: str,
    follow: str,
    *,
    loud: bool,
    single: bool,
    possessive: bool,
) -> None:
    """Lower the weight of a name that is part of a person's or an organisation's."""
    strong = any(s.kind in ("country", "region") for s in mention.senses)
    if after and after.capital and not possessive:
        if follow in ORGANISATIONS:
            mention.weight *= 0.35
            mention.organisation = True
            return
        if follow not in GEOGRAPHIC and not loud and single:
            known = entry(key(toponyms.bare(after.text)))
            small = max(s.population for s in mention.senses) < 500_000
            if (
                "g" in mention.flags
                and not strong
                and ((known and "s" in known.flags) or (small and follow not in LOCALS))
            ):
                mention.person = not (known and known.senses and mention.located)
            elif not strong and not (known and known.senses and after.gap != " "):
                mention.weight *= 0.5
    if single and follow in SPEAKS and not (strong or possessive) and ("s" in mention.flags or "g" in mention.flags):
        mention.person = max(s.population for s in mention.senses) < 1_000_000
    if not before or (loud and ("s" not in mention.flags or strong)):
        return
    if prior in TITLES and (not strong or (before.capital and prior in ("mr", "mrs", "ms", "dr", "coach"))):
        mention.person = single
        return
    if not before.capital or prior in DIRECTIONS or prior in LOCATIVE:
        return
    known = before.known or entry(key(before.text))
    first = bool(known and "g" in known.flags) and prior not in SMALL_WORDS and prior not in NOT_FIRST
    initial = len(before.text) == 2 and before.text.endswith(".")
    if before.mention is not None:
        # Two names side by side, the first of them somebody's first name: Chad Jordan. Not "Austin Texas".
        first = first or (before.mention.damp < 1.0 and " " in before.mention.key)
        if first and single and not before.mention.located and not any(s.kind == "state" for s in mention.senses):
            mention.person = before.mention.person = True
    elif first or initial:
        mention.person = single
    elif not before.opens and prior not in TITLES and not strong:
        mention.weight *= 0.4


def _containers(found: list[Mention], tokens: list[Token], where: dict[int, int]) -> None:
    """Read ``Birmingham, Alabama``, ``Athens (Georgia)``, ``Goma in DR Congo`` and ``Newark, N.J.``.

    ``where`` says for the id of each mention which token is its last.
    """
    for mention in found:
        n = where[id(mention)] + 1
        if n >= len(tokens):
            continue
        after = tokens[n]
        joined = not after.gap.strip()
        comma = after.gap.strip(" \n\t") in (",", "(")
        if comma:
            code = _abbreviation(after)
            if code and any(s.state == code for s in mention.senses):
                mention.inside = (code[:2], code)
                mention.located = True
                mention.weight = max(mention.weight, 0.8)
                continue
            if code:
                mention.inside = (code[:2], code)
        other = after.mention
        if (
            other is None
            and joined
            and after.text.lower() in ("in", "de", "en", "au")
            and n + 1 < len(tokens)
            and not tokens[n + 1].gap.strip()
        ):
            other, comma = tokens[n + 1].mention, False
            weak = True
        else:
            weak = False
        if other is None or other is mention or not (comma or weak):
            continue
        named = {s.kind for s in mention.senses if not s.doubt}
        kinds = {s.kind for s in other.senses if not s.doubt}
        if ("country" in named and "country" in kinds) or ("state" in named and "state" in kinds):
            continue  # a list of countries or states, not China, Maine
        pairs = [
            (inner.population, outer.kind == "state", inner, outer)
            for outer in other.senses
            if outer.kind in ("country", "state", "district", "region") and outer.country and outer.doubt != 2
            for inner in mention.senses
            if inner.kind not in ("country", "people")
            and inner.country == outer.country and inner.number != outer.number
            and (outer.kind == "country" or (outer.state and inner.state == outer.state))
        ]  # fmt: skip
        if not pairs:
            continue
        _, _, inner, outer = max(pairs, key=lambda pair: (pair[0], pair[1], -pair[2].number))
        if weak and inner.doubt == 2:
            continue
        mention.inside = (outer.country, outer.state if outer.kind != "country" else "")
        mention.located = True
        mention.person = False
        other.inside = (outer.country, outer.state)
        if comma:
            mention.weight = max(mention.weight, 1.0 if mention.part == "body" else mention.weight)


def _abbreviation(token: Token) -> str:
    word = key(token.text)
    if word in STATES and (token.text[0].isupper()):
        return "US." + STATES[word]
    if token.text in POSTAL:
        return "US." + token.text
    return PROVINCES.get(word, "") if token.text[0].isupper() else ""


def _lists(found: list[Mention], tokens: list[Token], where: dict[int, int]) -> None:
    """Lower the weight of three or more countries in a row: donors, neighbours, a ranking."""
    run: list[Mention] = []
    last = -9
    for mention in [*found, None]:
        if mention is not None and any(s.kind == "country" for s in mention.senses):
            end = where[id(mention)]
            begin = end - mention.key.count(" ")
            between = tokens[last + 1 : begin] if last >= 0 else tokens[:0]
            linked = (
                run
                and all(token.text.lower() in ("and", "the", "or", "et", "y", "as", "well") for token in between)
                and begin - last <= 4
            )
            if linked and ("," in tokens[min(begin, last + 1)].gap or between):
                run.append(mention)
                last = end
                continue
            _settle(run)
            run, last = [mention], end
        elif mention is None:
            _settle(run)


def _settle(run: list[Mention]) -> None:
    if len(run) > 2:
        for mention in run:
            mention.weight *= 0.4
