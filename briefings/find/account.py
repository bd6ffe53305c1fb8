"""The promise that nothing is lost, made checkable: what of a seed is neither in body, field nor list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings.find import body, markers
from briefings.model import Removed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.model import Draft, Evidence


def account(draft: Draft) -> tuple[Removed, ...]:
    """Return the stretches of ``draft.seed.text`` that nobody accounts for; empty when the promise is kept.

    The characters that no field shows as evidence and no entry of ``removed`` covers must be those of the body, one by
    one and in order, white space apart. Markers of list items are what the body's own hyphens stand for.
    """
    text = draft.seed.text
    covered = bytearray(len(text))
    for start, end in _spans(draft):
        covered[start:end] = b"\x01" * (end - start)
    for block in draft.seed.blocks:
        for start, end in markers.spans(block, draft.seed):
            covered[start:end] = b"\x01" * (end - start)
    words = "".join(
        character for line in body.lines(draft.body, draft.seed.format) for character in line if not character.isspace()
    )
    at = 0
    missing: list[int] = []
    for place, character in enumerate(text):
        if covered[place] or character.isspace():
            continue
        if at < len(words) and words[at] == character:
            at += 1
        else:
            missing.append(place)
    return tuple(_stretches(text, missing))


def _spans(draft: Draft) -> Iterator[tuple[int, int]]:
    for item in draft.removed:
        if item.start is not None and item.end is not None:
            yield item.start, item.end
    for evidence in whole_fields(draft):
        if evidence.start is not None and evidence.end is not None:
            yield evidence.start, evidence.end


def whole_fields(draft: Draft) -> Iterator[Evidence]:
    """Yield the evidence of the fields that take their words out of the text, rather than only pointing at them."""
    for finding in (draft.title, draft.image, *draft.key_points):
        if finding is not None:
            yield from finding.evidence
    for named in (draft.source, draft.author, draft.filed_from, draft.url, draft.lang, draft.date):
        if named is not None:
            yield from named.evidence


def _stretches(text: str, places: list[int]) -> Iterator[Removed]:
    start = end = -2
    for place in places:
        if text[end:place].strip() or place - end > 40 or end < 0:
            if start >= 0:
                yield Removed(text[start:end], "not accounted for", start, end)
            start = place
        end = place + 1
    if start >= 0:
        yield Removed(text[start:end], "not accounted for", start, end)
