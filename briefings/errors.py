"""Errors that an editor reads: one sentence each, with the place and the cure.

A :class:`Problem` is a value, so that all of them can be collected, sorted and shown at once; the exceptions carry
problems across a boundary and are never shown as a traceback.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning"]

_HEAD, _TAIL = 200, 300
"""Characters that are shown of a message which is longer than both: the end says what is wrong."""
_UNSHOWN = r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
"""What would break a line, command a terminal or turn the order of the words around (Unicode TR 36, 3.2)."""


class Problem(Struct, frozen=True, order=True):
    """What is wrong, and where: ``file:line: field: what (and what to try)``.

    ``line`` counts from 1; 0 means that the file as a whole is meant. An ``error`` keeps a file from being published;
    a ``warning`` only asks for a look.
    """

    file: str
    line: int
    field: str
    what: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        note = "warning: " if self.severity == "warning" else ""
        what = self.what if len(self.what) <= _HEAD + _TAIL else f"{self.what[:_HEAD]} … {self.what[-_TAIL:]}"
        said = f"{place}: {note}{self.field}: {what}" if self.field else f"{place}: {note}{what}"
        return said if said.isprintable() else re.sub(_UNSHOWN, lambda found: ascii(found[0])[1:-1], said)


class BriefingsError(Exception):
    """Base of every error that ends as a message. ``problems`` is sorted and never empty."""

    outcome = ""
    """What became of the work, where that is not what every such error leaves."""

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[BriefingsError], tuple[Problem, ...]]:
        """Come through from another process as it was."""
        return type(self), self.problems


class SeedError(BriefingsError):
    """A raw document cannot be read: empty, binary, too large, not decodable, not a regular file."""


class ContentError(BriefingsError):
    """Briefings, tables or pages that cannot be published as they are."""


class BuildError(BriefingsError):
    """The site cannot be written: two outputs with one path, a template that fails, a disk that is full."""


class DeployError(BriefingsError):
    """The built site cannot be put in place; what readers see is unchanged."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``' (did you mean "…"?)'`` for the nearest known word, or an empty string."""
    from difflib import get_close_matches  # noqa: PLC0415 - seldom needed, and every start would wait for it

    choices = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(word.casefold(), choices, n=1, cutoff=0.6)
    return f' (did you mean "{choices[near[0]]}"?)' if near else ""


def tally(problems: Iterable[Problem], outcome: str) -> str:
    """Return the closing line: ``2 problems in 1 file. Nothing was written.``"""
    found = list(problems)
    files = len({problem.file for problem in found})
    return f"{len(found)} problem{'s' if len(found) != 1 else ''} in {files} file{'s' if files != 1 else ''}. {outcome}"
