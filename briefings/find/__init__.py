"""Seed to draft: every field with the words that support it, every word accounted for, everything unsure asked.

To add a finder: one function in a file named after its field, one line in :func:`find`; a pass that marks parts of the
text is a row of :data:`~briefings.find.structure.PASSES`. What a finder may look at is the
:class:`~briefings.find.layout.Layout`; the finders of places and tags get a
:class:`~briefings.find.reading.Reading`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings import clean
from briefings.find import agencies, body, dates, image, key_points, language, notes, source, title
from briefings.find.account import account
from briefings.find.reading import Reading
from briefings.find.structure import lay_out
from briefings.model import Draft, Finding, Place, Removed
from briefings.seeds.decode import GUESSED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from briefings.find.layout import Layout
    from briefings.find.reading import Span
    from briefings.model import Seed, Source

__all__ = ["account", "find", "reading"]

_NONE: Mapping[str, Source] = {}


def find(seed: Seed, sources: Mapping[str, Source] = _NONE, today: date | None = None) -> Draft:
    """Return the draft of ``seed``.

    ``sources`` is the table of sources by key: it adds names of agencies and their home regions. ``today`` is the day
    of the import, against which a date is future; there is no hidden clock.
    """
    layout = lay_out(seed, agencies.known(sources))
    lang = language.find(layout)
    when, date_questions = dates.find(layout, today)
    who, others = source.find(layout)
    headline = title.find(layout)
    written = source.author(layout)
    weighed = _reading(layout, lang.value, _home(sources, who))
    location, places, tags = _weigh(weighed)
    return Draft(
        seed=seed,
        title=headline,
        source=who,
        author=written,
        filed_from=source.filed_from(layout),
        url=source.url(layout),
        date=when,
        location=location,
        places=places,
        tags=tags,
        key_points=key_points.find(layout),
        image=image.find(layout),
        lang=lang,
        body=body.write(layout),
        removed=_removed(layout),
        questions=(
            *_title_questions(layout, headline),
            *_source_questions(layout, who, others),
            *date_questions,
            *_location_questions(location),
            *_rights_questions(layout),
            *_embargo(layout),
            *_deceiving(headline, who, written),
            *_reading_questions(seed),
            *notes.find(layout, lang.value),
        ),
    )


def reading(seed: Seed, sources: Mapping[str, Source] = _NONE) -> Reading:
    """Return what the finders of places and tags weigh."""
    layout = lay_out(seed, agencies.known(sources))
    return _reading(layout, language.find(layout).value, _home(sources, source.find(layout)[0]))


def _weigh(weighed: Reading) -> tuple[Finding[Place | None], tuple[Finding[Place], ...], tuple[Finding[str], ...]]:
    from briefings.find import gazetteer, places, tags  # noqa: PLC0415 - the gazetteer is opened by the first article that asks

    location, mentioned = places.find(weighed)
    if location.value and _sure(location):
        where = replace(location.value, region=gazetteer.region(location.value))
        location = replace(location, value=where)
    return location, mentioned, tags.find(weighed)


def _home(sources: Mapping[str, Source], who: Finding[str] | None) -> str:
    if who is None:
        return ""
    name = agencies.fold(who.value)
    for row in sources.values():
        if name in {agencies.fold(known) for known in (row.name, *row.aliases)}:
            return row.home
    return ""


def _reading(layout: Layout, lang: str, home: str) -> Reading:
    text = layout.seed.text
    heads = [(part.start, part.end) for part in layout.of("title")]
    heads = heads or [span for part in layout.of("header") for span in part.spans("title")]
    head = (heads[0][0], heads[-1][1]) if heads else None
    spans: list[Span] = [span for block in layout.seed.blocks for span in layout.free(block)]
    own = {key_points.fold(text[start:end]) for start, end in spans}
    for part in layout.of("point"):
        for start, end in part.spans("point"):
            if key_points.fold(text[start:end]) not in own:
                spans.append((start, end))
    dateline = next((span for part in layout.of("dateline") for span in part.spans("place")), None)
    country = next((span for part in layout.of("header") for span in part.spans("country")), None)
    return Reading(layout.seed, lang, head, tuple(sorted(spans)), dateline, country or _prefix(text, head), home)


def _prefix(text: str, head: Span | None) -> Span | None:
    """The words before the colon of a title (``Chad: floods displace thousands``): a country or not, as it may be."""
    if head is None:
        return None
    colon = text.find(":", *head)
    words = text[head[0] : colon].split() if colon > 0 else []
    return (head[0], colon) if 0 < len(words) <= 6 and words[0][:1].isupper() else None


def _removed(layout: Layout) -> tuple[Removed, ...]:
    """What is not in the body and is not the whole of a field, in the order of the text; then what reading left out."""
    text = layout.seed.text
    shown = {(item.start, item.end) for finding in (image.find(layout),) if finding for item in finding.evidence}
    out: list[Removed] = []
    for part in layout.parts:
        if part.role in {"title", "point"} or (part.start, part.end) in shown:
            continue
        last = out[-1] if out else None
        if (
            last
            and last.end is not None
            and last.start is not None
            and last.reason == part.reason
            and not text[last.end : part.start].strip()
        ):
            out[-1] = Removed(text[last.start : part.end], part.reason, last.start, part.end)
        else:
            out.append(Removed(text[part.start : part.end], part.reason, part.start, part.end))
    return (*out, *layout.seed.dropped)


def _title_questions(layout: Layout, headline: Finding[str] | None) -> tuple[str, ...]:
    if headline:
        return ()
    if words := title.glued(layout):
        return (f'title: the headline seems to run on into the first paragraph. Is it "{words}"?',)
    return ("title: the text has no headline. What should it be?",)


def _source_questions(layout: Layout, who: Finding[str] | None, others: tuple[Finding[str], ...]) -> tuple[str, ...]:
    if who is None:
        for part in layout.of("header"):
            for start, end in part.spans("sender"):
                return (
                    (
                        "source: the text does not say whose it is; the e-mail is from "
                        f'"{layout.seed.text[start:end]}". Who says so?'
                    ),
                )
        if line := source.last_line(layout):
            return (f'source: the text does not say whose it is; its last line is "{line.text}". Who says so?',)
        told = source.told(layout)
        if told:
            return (
                f'source: the text does not say whose it is, only "{" ".join(told.text.split())}". Who published it?',
            )
        return ("source: the text does not say whose it is. Who published it?",)
    if others:
        names = " and ".join(f'"{name}"' for name in dict.fromkeys(other.value for other in others))
        return (f'source: the {_where(who.rule)} says "{who.value}", but the text also names {names}. Who says so?',)
    return ()


def _where(rule: str) -> str:
    return {
        "filed-for": "filing line",
        "first-appeared": "syndication notice",
        "copyright": "copyright notice",
        "closing-line": "closing line",
        "metadata": "page's own data",
    }.get(rule, rule)


def _sure(location: Finding[Place | None]) -> bool:
    return location.status != "ambiguous" and (location.confidence is None or location.confidence >= 0.6)


def _location_questions(location: Finding[Place | None]) -> tuple[str, ...]:
    if location.value is None:
        return (
            (
                "location: the text does not tell one place that it is about. "
                "Where did it happen? Leave it empty for nowhere."
            ),
        )
    where = location.value
    if not _sure(location):
        return (f'location: "{where.name}" ({where.country}) is likely, but not sure. Is it what the text is about?',)
    return ()


def _rights_questions(layout: Layout) -> tuple[str, ...]:
    asked = {"rights": "May it be published in full?", "syndication": "Does the licence cover us?"}
    out = []
    for role, question in asked.items():
        parts = [part for part in layout.parts if part.role == role]
        if parts:
            words = " ".join(layout.seed.text[part.start : part.end] for part in parts)
            out.append(f'rights: the text says "{_short(words)}" {question}')
    return tuple(out)


def _embargo(layout: Layout) -> tuple[str, ...]:
    text = layout.seed.text
    heads = (text[part.start : part.end] for part in layout.of("advisory") if part.rule == "release")
    return tuple(
        f'embargo: the text says "{_short(words)}". May it be published now?'
        for words in heads
        if "embargo" in words.casefold()
    )


def _deceiving(
    headline: Finding[str] | None, who: Finding[str] | None, written: Finding[str] | None
) -> tuple[str, ...]:
    """R5: what the eye cannot see has no place in a title or a name."""
    named = (("title", headline), ("source", who), ("author", written))
    return tuple(
        f"{field}: it holds characters that cannot be seen ({clean.names(unseen)}). What should it be?"
        for field, found in named
        if found and (unseen := clean.DECEIVING.findall(found.value))
    )


def _reading_questions(seed: Seed) -> tuple[str, ...]:
    """What reading had to guess, and characters that make a text look like another one (R4, R5)."""
    guesses = (note.removesuffix(GUESSED) for note in seed.notes if note.endswith(GUESSED))
    unseen = clean.DECEIVING.findall(seed.text)
    return (
        *(f"text: the file says no charset and was {guess}. Are all letters right?" for guess in guesses),
        *(
            [f"text: it holds characters that cannot be seen ({clean.names(unseen)}). Should they go?"]
            if unseen
            else ()
        ),
    )


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 120 else plain[:117].rstrip() + "…"
