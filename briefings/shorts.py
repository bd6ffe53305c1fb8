"""Short permanent addresses: the first digits of a briefing's id, which never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from briefings.model import Briefing

SHORTEST = 8
"""Hexadecimal digits of a short address: the first block of the id (RFC 9562), 32 bits."""


def codes(briefings: Sequence[Briefing], moments: Mapping[str, datetime]) -> dict[str, str]:
    """The last part of each briefing's short address, by id.

    Where two ids begin alike, the one that went out first keeps the short form, and the later one takes more digits.
    """
    taken: dict[str, str] = {}
    for briefing in sorted(briefings, key=lambda entry: (moments[entry.id], entry.id)):
        digits = briefing.id.replace("-", "")
        size = SHORTEST
        while digits[:size] in taken and size < len(digits):
            size += 1
        taken[digits[:size]] = briefing.id
    return {identity: code for code, identity in taken.items()}
