"""What YAML says, as plain nodes with their lines: every scalar is the string that stands there."""

from __future__ import annotations

from typing import NamedTuple


class YamlError(ValueError):
    """Text that is not the YAML we take; ``line`` counts from 1 within the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Scalar(NamedTuple):
    """A scalar as it stands. ``plain`` is whether it was written without quotes (then empty means absent)."""

    text: str
    line: int
    plain: bool = True


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int


class Mapping(NamedTuple):
    """Keys in order, each with its value."""

    items: tuple[tuple[Scalar, Node], ...]
    line: int

    def get(self, key: str) -> Node | None:
        """Return the value of ``key``, or ``None``."""
        return next((value for name, value in self.items if name.text == key), None)


Node = Scalar | Sequence | Mapping
