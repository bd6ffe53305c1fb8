"""What a build did, in numbers, and how it is told to people and to programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefings.errors import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, in numbers of files; ``briefings`` counts those on the site."""

    briefings: int
    pages: int
    files: int
    written: int
    removed: int
    notes: tuple[Problem, ...] = ()


def summary(report: Report) -> str:
    """One line for people."""
    return (
        f"{report.briefings} briefings, {report.pages} pages, {report.files} files: "
        f"{report.written} written, {report.files - report.written} unchanged, {report.removed} removed"
    )


def as_json(report: Report) -> str:
    """One line for programs."""
    counts = {name: getattr(report, name) for name in report.__slots__}
    return json.dumps({**counts, "notes": [str(note) for note in report.notes]})
