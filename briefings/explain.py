"""What was found in a seed, and from which words: as JSON for programs, as marked-up text for the editor's terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefings.find import tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefings.model import Draft, Evidence, Finding, Image, Place, Removed

_COLORS = {
    "title": "1", "source": "32", "author": "32", "filed_from": "33", "url": "32", "date": "35", "location": "36",
    "places": "2;36", "tags": "34", "key_points": "1;33", "image": "95", "removed": "9;2",
}  # fmt: skip
"""SGR parameters by field (ECMA-48, 8.3.117)."""


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
        "date": {**_finding(draft.date, draft.date.value), "hints": [hint.text for hint in draft.date.hints]},
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
        "removed": [_removed(item) for item in (*draft.removed, *draft.seed.dropped)],
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
    data = {name: getattr(place, name) for name in place.__slots__}
    return {name: value for name, value in data.items() if value is not None}


def _image(image: Image) -> dict[str, str]:
    return {name: getattr(image, name) for name in image.__slots__ if getattr(image, name)}


def _removed(item: Removed) -> dict[str, Any]:
    return {"text": item.text, "reason": item.reason, "start": item.start, "end": item.end}


def as_text(draft: Draft, *, color: bool) -> str:
    """The seed with its findings marked, then the fields, then what was removed and what is asked."""
    parts = [f"=== {draft.seed.name} ===", _marked(draft, color=color), "", *_fields(draft)]
    if draft.removed or draft.seed.dropped:
        parts += ["", "removed:"]
        parts += [f"  - {_short(item.text)}  ({item.reason})" for item in (*draft.removed, *draft.seed.dropped)]
    if draft.seed.notes:
        parts += ["", "on reading:", *(f"  - {note}" for note in draft.seed.notes)]
    if draft.questions:
        parts += ["", "questions:", *(f"  - {question}" for question in draft.questions)]
    return "\n".join(parts) + "\n"


def _fields(draft: Draft) -> Iterator[str]:
    rows: list[tuple[str, Finding[Any] | None, str]] = [
        ("title", draft.title, draft.title.value if draft.title else ""),
        ("source", draft.source, draft.source.value if draft.source else ""),
        ("author", draft.author, draft.author.value if draft.author else ""),
        ("filed_from", draft.filed_from, draft.filed_from.value if draft.filed_from else ""),
        ("url", draft.url, draft.url.value if draft.url else ""),
        ("date", draft.date, draft.date.value or ""),
        ("location", draft.location, _where(draft.location.value)),
        *(("tag", found, found.value) for found in draft.tags),
        *(("key point", found, _short(found.value)) for found in draft.key_points),
        ("image", draft.image, _short(draft.image.value.caption) if draft.image else ""),
    ]
    for name, finding, value in rows:
        if finding is None:
            yield f"{name:>11}: not found"
            continue
        known = finding.status if finding.confidence is None else f"{finding.status} {finding.confidence:.0%}"
        words = "; ".join(f'"{_short(item.text, 60)}"' for item in (*finding.evidence, *finding.hints)[:4])
        yield f"{name:>11}: {value or '-'}  [{known}, {finding.rule}]{f' from {words}' if words else ''}"


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    spot = "" if place.latitude is None else f" ({place.latitude:.4f}, {place.longitude:.4f})"
    return f"{place.name}, {place.country}{spot}"


def _short(text: str, most: int = 100) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _spans(draft: Draft) -> Iterator[tuple[int, int, str]]:
    """(start, end, field) of everything that was found or removed."""
    named: list[tuple[str, Iterable[Finding[Any] | None]]] = [
        ("title", [draft.title]), ("source", [draft.source]), ("author", [draft.author]),
        ("filed_from", [draft.filed_from]), ("url", [draft.url]), ("date", [draft.date]),
        ("location", [draft.location]), ("tags", draft.tags), ("key_points", draft.key_points),
        ("image", [draft.image]),
    ]  # fmt: skip
    for name, findings in named:
        for finding in findings:
            for item in (*finding.evidence, *finding.hints) if finding else ():
                if item.start is not None and item.end is not None:
                    yield item.start, item.end, name
    for gone in draft.removed:
        if gone.start is not None and gone.end is not None:
            yield gone.start, gone.end, "removed"


def _marked(draft: Draft, *, color: bool) -> str:
    """The seed's text with marks: colours, or ``[field: words]``; of two that overlap, the first wins."""
    text = draft.seed.text
    out, at = [], 0
    for start, end, name in sorted(_spans(draft), key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        words = text[start:end]
        out += [text[at:start], f"\x1b[{_COLORS[name]}m{words}\x1b[0m" if color else f"[{name}: {words}]"]
        at = end
    return "".join([*out, text[at:]])
