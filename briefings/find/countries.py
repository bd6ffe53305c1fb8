"""Countries: ISO 3166-1 alpha-2 codes and English names (Unicode CLDR, shortened where newspapers do)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "countries.tsv"


@cache
def _names() -> dict[str, str]:
    rows = (line.split("\t") for line in DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


def name(code: str) -> str:
    """Return the English name of a country, or the code itself when there is none."""
    return _names().get(code, code)


CODES: frozenset[str] = frozenset(_names())
"""The 249 codes of ISO 3166-1, and XK, which that standard leaves to users and by which Kosovo is known."""
