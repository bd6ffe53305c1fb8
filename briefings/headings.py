"""Headings in prose: their levels on the page and their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIX = "p-"
"""Begins the id of every heading in prose, so that none is one of the theme's."""


def levels(written: Iterable[int]) -> Iterator[int]:
    """Number headings below the page's own, h1, without a gap that readers who move by headings would stumble over.

    What was a sibling or a part stays one: levels 1, 3, 3, 2 become 2, 3, 3, 3.
    """
    above: list[int] = []
    for level in written:
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        yield min(6, 1 + len(above))


def ids(said: Iterable[str]) -> Iterator[str]:
    """The id of each heading, made of its words and the same as long as these are: so that it can be linked to."""
    from briefings.slugs import slugify  # noqa: PLC0415 - most prose has no headings

    taken: set[str] = set()
    for words in said:
        name = base = f"{PREFIX}{slugify(words)}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        yield name
