"""Where in a seed's text everything stands that was found or removed, and the text cut at every beginning and end.

Findings overlap: a town of the headline is evidence of the place, and a header line that is removed holds the date. So
the text is cut at each boundary, and each piece knows all that marks it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from briefings import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefings.model import Draft, Evidence, Finding

FIELDS = (
    "removed", "title", "key_points", "image", "source", "author", "filed_from", "url", "lang", "date", "location",
    "places", "tags", "questions",
)  # fmt: skip
"""The kinds of marks; of two over the same words, the one named first goes around the other."""


_ASKED = re.compile(r'text: "(.+?)" (?:may|ends)')
"""A question on the text's own words."""


class Mark(NamedTuple):
    """A stretch of the text, ``text[start:end]``, and what it was found to be.

    ``label`` is short (``place Beira``), ``note`` says how it is known (``inferred 81 %, weighed``).
    """

    start: int
    end: int
    field: str
    label: str
    note: str = ""


def known(finding: Finding[Any]) -> str:
    """How a value is known, in a few words: ``inferred 81 %``."""
    return finding.status if finding.confidence is None else f"{finding.status} {finding.confidence:.0%}"


def marks(draft: Draft) -> tuple[Mark, ...]:
    """Every mark in the order of the text, outer ones first; the same mark twice counts once.

    Words that speak for the location are not marked again as a place that is mentioned.
    """
    size = len(draft.seed.text)
    found = {mark for mark in _found(draft) if 0 <= mark.start < mark.end <= size}
    where = {mark[:2] for mark in found if mark.field == "location"}
    return tuple(sorted((mark for mark in found if mark.field != "places" or mark[:2] not in where), key=_order))


def _order(mark: Mark) -> tuple[int, int, int, str, str]:
    return mark.start, -mark.end, FIELDS.index(mark.field), mark.label, mark.note


def _found(draft: Draft) -> Iterator[Mark]:
    rows: list[tuple[str, str, Finding[Any] | None]] = [
        ("title", "title", draft.title),
        ("source", "source", draft.source),
        ("author", "author", draft.author),
        ("filed_from", "filed from", draft.filed_from),
        ("url", "url", draft.url),
        ("lang", "language", draft.lang),
        ("date", "date", draft.date),
        ("location", "location", draft.location),
        *(("places", f"place {found.value.name}", found) for found in draft.places),
        *(("tags", f"tag {found.value}", found) for found in draft.tags),
        *(("key_points", "key point", found) for found in draft.key_points),
        ("image", "image", draft.image),
    ]
    for field, label, finding in rows:
        if finding is None:
            continue
        note = f"{known(finding)}, {finding.rule}"
        yield from _stretches(finding.evidence, field, label, note)
        yield from _stretches(finding.hints, field, f"{label} hint", note)
    for gone in draft.removed:
        if gone.start is not None and gone.end is not None:
            yield Mark(gone.start, gone.end, "removed", f"removed ({gone.reason})", gone.reason)
    for question in draft.questions:
        if asked := _ASKED.match(question):
            start = draft.seed.text.find(asked[1])
            if start >= 0:
                yield Mark(start, start + len(asked[1]), "questions", "?", question)


def _stretches(items: Iterable[Evidence], field: str, label: str, note: str) -> Iterator[Mark]:
    for item in items:
        if item.start is not None and item.end is not None:
            yield Mark(item.start, item.end, field, label, note)


def pieces(text: str, found: Iterable[Mark]) -> Iterator[tuple[str, tuple[Mark, ...]]]:
    """Cut ``text`` wherever a mark begins or ends.

    Args:
        text: what was marked.
        found: marks in the order that :func:`marks` gives.

    Yields:
        A piece and the marks that cover it, outermost first. The pieces joined are the text.
    """
    waiting = list(found)
    bounds = sorted({0, len(text), *(mark.start for mark in waiting), *(mark.end for mark in waiting)})
    waiting.reverse()
    active: list[Mark] = []
    for start, end in pairwise(bounds):
        active = [mark for mark in active if mark.end > start]
        while waiting and waiting[-1].start <= start:
            active.append(waiting.pop())
        yield text[start:end], tuple(active)


def common(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> int:
    """How many outer marks two neighbours share: the ones that stay open between them."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


def visible(text: str) -> str:
    """Spell out characters that a terminal obeys or nobody sees: ``<U+001B>``."""
    for pattern in (clean.FORBIDDEN, clean.DECEIVING):
        text = pattern.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
    return text
