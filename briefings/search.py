"""The index that the search page reads: every briefing as one row of JSON, newest first.

The page loads it when somebody searches, never before. ``theme/static/search.js`` is its only reader; ``COLUMNS`` is
what the two agree on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = 1
COLUMNS = ("url", "title", "lang", "dir", "strip", "place", "country", "tags", "source", "year", "lead", "text")


@dataclass(frozen=True, slots=True)
class Doc:
    """A briefing as search sees it; all plain text. ``url`` is the address from the root of the host."""

    url: str
    title: str
    lang: str
    dir: str
    strip: str
    place: str
    country: str
    tags: tuple[str, ...]
    source: str
    year: str
    lead: str
    text: str


def index(docs: Iterable[Doc]) -> bytes:
    """Return ``{"version", "columns", "rows"}`` as UTF-8 JSON: rows in the given order, values in that of columns."""
    rows = [[getattr(doc, name) for name in COLUMNS] for doc in docs]
    data = {"version": VERSION, "columns": COLUMNS, "rows": rows}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
