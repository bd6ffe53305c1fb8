"""What was found in a seed, and from which words: as JSON for programs, as marked-up text for the editor's terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefings import marks
from briefings.find import tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.marks import Mark
    from briefings.model import Draft, Evidence, Finding, Image, Place, Removed

_COLORS = {
    "title": "1", "source": "32", "author": "32", "filed_from": "33", "url": "32", "date": "35", "location": "36",
    "places": "3;36", "tags": "34", "key_points": "1;33", "image": "95", "lang": "32", "removed": "9;2",
    "questions": "4;31",
}  # fmt: skip
"""SGR parameters by field (ECMA-48, 8.3.117). Of nested marks the inner colour is seen, with bold, italic and struck
through from all of them."""


def as_json(draft: Draft) -> str:
    """One line of JSON: absent or null means not found. Offsets count code points of the seed's text."""
    location = _finding(draft.location, _place(draft.location.value))
    data: dict[str, Any] = {
        "seed": draft.seed.name,
        "sha256": draft.seed.sha256,
        "format": draft.seed.format,
        "title": draft.title.value if draft.title else None,
        "lang": draft.lang.value,
        "source": _optional(draft.source),
        "author": _optional(draft.author),
        "filed_from": _optional(draft.filed_from),
        "url": _optional(draft.url),
        "date": {
            **_finding(draft.date, draft.date.value),
            "hints": [hint.text for hint in draft.date.hints],
            "hint_spans": [_evidence(hint) for hint in draft.date.hints],
        },
        "location": location,
        "places": [_finding(found, _place(found.value)) for found in draft.places],
        "tags": [
            {
                **_finding(found, found.value),
                "reliefweb": list(tags.reliefweb(found.value)),
                "iptc": tags.iptc(found.value),
            }
            for found in draft.tags
        ],
        "key_points": [_finding(found, found.value) for found in draft.key_points],
        "image": _finding(draft.image, _image(draft.image.value)) if draft.image else None,
        "removed": [_removed(item) for item in draft.removed],
        "questions": list(draft.questions),
        "problems": list(draft.seed.notes),
    }
    return json.dumps(data, ensure_ascii=False)


def _optional(finding: Finding[str] | None) -> dict[str, Any] | None:
    return _finding(finding, finding.value) if finding else None


def _finding(finding: Finding[Any], value: Any) -> dict[str, Any]:
    data = {"value": value, "status": finding.status, "rule": finding.rule}
    if finding.confidence is not None:
        data["confidence"] = round(finding.confidence, 2)
    data["evidence"] = [_evidence(item) for item in finding.evidence]
    return data


def _evidence(item: Evidence) -> dict[str, Any]:
    data: dict[str, Any] = {"text": item.text}
    if item.start is not None:
        data |= {"start": item.start, "end": item.end}
    if item.origin:
        data["origin"] = item.origin
    return data


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    data = {name: getattr(place, name) for name in place.__struct_fields__}
    return {name: value for name, value in data.items() if value is not None}


def _image(image: Image) -> dict[str, str]:
    return {name: getattr(image, name) for name in image.__struct_fields__ if getattr(image, name)}


def _removed(item: Removed) -> dict[str, Any]:
    return {"text": item.text, "reason": item.reason, "start": item.start, "end": item.end}


def as_text(draft: Draft, *, color: bool) -> str:
    """The seed with its findings marked, then the fields, then what was removed and what is asked.

    With ``color``, a field's name below has the colour of its marks in the text; without, marks are spelled out:
    ``[title: The fall of [location: Aleppo]]``. Lines are as long as the seed's: a terminal wraps them.
    """
    parts = [f"=== {marks.visible(draft.seed.name)} ===", _marked(draft, color=color), "", *_fields(draft, color=color)]
    if draft.removed:
        parts += ["", "removed:"]
        parts += [f"  - {_short(item.text)}  ({item.reason})" for item in draft.removed]
    if draft.seed.notes:
        parts += ["", "on reading:", *(f"  - {marks.visible(note)}" for note in draft.seed.notes)]
    if draft.questions:
        parts += ["", "questions:", *(f"  - {marks.visible(question)}" for question in draft.questions)]
    return "\n".join(parts) + "\n"


def rows(draft: Draft) -> Iterator[tuple[str, str, str, Finding[Any] | None]]:
    """Yield (field, name for people, value for people, finding) of every field, also of those not found."""
    image = draft.image.value if draft.image else None
    yield "title", "title", draft.title.value if draft.title else "", draft.title
    yield "source", "source", draft.source.value if draft.source else "", draft.source
    yield "author", "author", draft.author.value if draft.author else "", draft.author
    yield "filed_from", "filed from", draft.filed_from.value if draft.filed_from else "", draft.filed_from
    yield "url", "url", draft.url.value if draft.url else "", draft.url
    yield "lang", "language", draft.lang.value, draft.lang
    yield "date", "date", draft.date.value or "", draft.date
    yield "location", "location", _where(draft.location.value), draft.location
    for place in draft.places:
        yield "places", "place", _where(place.value), place
    for tag in draft.tags:
        yield "tags", "tag", tag.value, tag
    for point in draft.key_points:
        yield "key_points", "key point", point.value, point
    shown = " – ".join(filter(None, (image.caption, image.credit, image.alt))) if image else ""
    yield "image", "image", shown, draft.image


def _fields(draft: Draft, *, color: bool) -> Iterator[str]:
    for field, name, value, finding in rows(draft):
        shown = f"\x1b[{_COLORS[field]}m{name}\x1b[0m" if color else name
        shown = " " * (11 - len(name)) + shown
        if finding is None:
            yield f"{shown}: not found"
            continue
        words = "; ".join(dict.fromkeys(f'"{_short(item.text, 60)}"' for item in (*finding.evidence, *finding.hints)))
        known = f"{marks.known(finding)}, {finding.rule}"
        yield f"{shown}: {_short(value) or '-'}  [{known}]{f' from {_short(words, 200)}' if words else ''}"


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    spot = "" if place.latitude is None else f" ({place.latitude:.4f}, {place.longitude:.4f})"
    return f"{place.name}, {place.country}{spot}"


def _short(text: str, most: int = 100) -> str:
    words = " ".join(text.split())
    return marks.visible(words if len(words) <= most else f"{words[: most - 1]}…")


def _marked(draft: Draft, *, color: bool) -> str:
    out: list[str] = []
    opened: tuple[Mark, ...] = ()
    for words, active in marks.pieces(draft.seed.text, marks.marks(draft)):
        if color:
            codes = ";".join(dict.fromkeys(_COLORS[mark.field] for mark in active))
            out.append(f"\x1b[{codes}m{marks.visible(words)}\x1b[0m" if active else marks.visible(words))
            continue
        kept = marks.common(opened, active)
        out.append("]" * (len(opened) - kept))
        out += [f"[{mark.label}: " for mark in active[kept:]]
        out.append(marks.visible(words))
        opened = active
    return "".join([*out, "]" * len(opened)])
