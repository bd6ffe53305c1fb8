"""One value of every briefing, in the order of all of them: kept apart, so that it is told of many without their rows.

Values that many have in common (dates, languages, places) are kept once.
"""

from __future__ import annotations

import json
from array import array

NAMES = ("dates", "langs", "spots")
"""What date the source gives; the language; the place as a dot, as JSON. Empty where there is none."""


class Column:
    """Such values, as text."""

    def __init__(self) -> None:
        """Begin without one."""
        self.known: list[str] = []
        """Each value once."""
        self._places: dict[str, int] = {}
        self.of = array("I")
        """For each of them the place of its value among these."""
        self.changed = False

    @classmethod
    def read(cls, text: str) -> Column:
        """The column that :meth:`text` gave.

        Raises:
            ValueError: it is none.
            TypeError: the same.
            KeyError: the same.
        """
        made, told = cls(), json.loads(text)
        made.known = told["known"]
        made._places = {value: place for place, value in enumerate(made.known)}
        made.of.frombytes(bytes.fromhex(told["of"]))
        return made

    def text(self) -> str:
        """The column as it is kept."""
        return json.dumps({"known": self.known, "of": self.of.tobytes().hex()}, ensure_ascii=False)

    def _place(self, value: str) -> int:
        place = self._places.setdefault(value, len(self.known))
        if place == len(self.known):
            self.known.append(value)
        return place

    def append(self, value: str) -> None:
        """Put the value of one more at the end."""
        self.of.append(self._place(value))

    def insert(self, at: int, value: str) -> None:
        """Put the value of one more at a place."""
        self.of.insert(at, self._place(value))
        self.changed = True

    def remove(self, at: int) -> None:
        """Take one away."""
        del self.of[at]
        self.changed = True

    def put(self, at: int, value: str) -> None:
        """Change the value of one."""
        if self.known[self.of[at]] != value:
            self.of[at] = self._place(value)
            self.changed = True
