"""What a build did, in numbers, and how it is told to people and to programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from briefings.errors import Problem


class Report(Struct, frozen=True):
    """What a build did, in numbers of files; ``briefings`` counts those on the site."""

    briefings: int
    pages: int
    files: int
    written: int
    removed: int
    notes: tuple[Problem, ...] = ()
    cards: int = 0
    """Image cards among the files that were written."""
    index: int = 0
    """Files of the index for search among them."""


def summary(report: Report) -> str:
    """One line for people."""
    apart = {"image cards": report.cards, "files of the search index": report.index}
    among = ", ".join(f"{count} {name}" for name, count in apart.items() if count)
    return (
        f"{report.briefings} briefings, {report.pages} pages, {report.files} files: "
        f"{report.written} written{f' (with {among})' if among else ''}, {report.files - report.written} unchanged, "
        f"{report.removed} removed"
    )


def idle(report: Report) -> str:
    """The same of a build right after it, which changes nothing."""
    return summary(replace(report, written=0, removed=0, cards=0, index=0))


def as_json(report: Report, why: dict[str, str] | None = None) -> str:
    """One line for programs; ``why`` says of files that were written, by path, what the reason was."""
    counts = {name: getattr(report, name) for name in report.__struct_fields__}
    told = {**counts, "notes": [str(note) for note in report.notes]}
    return json.dumps(told if why is None else {**told, "why": why}, ensure_ascii=False)
