"""What the finders of places and tags weigh: the article's own words, without what only stands around them.

The structural finders (datelines, credits, sign-offs, key points, boilerplate) run first and say which stretches of the
seed are the article; what they set aside names other places and subjects and must not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from briefings.model import Seed

Span = tuple[int, int]
"""Start and end (exclusive) in ``Seed.text``, in code points."""


class Reading(Struct, frozen=True):
    """A seed with its parts told apart.

    ``text`` holds the spans that count as the article's own words, in order: captions, credits, sign-offs,
    biographies, boilerplate, text after an end mark and repeated paragraphs are left out (a key-points block that
    repeats the body counts once). The headline and the dateline are not in ``text``; they have spans of their own.
    """

    seed: Seed
    lang: str
    title: Span | None
    text: tuple[Span, ...]
    dateline: Span | None = None
    """The place words of the dateline: ``BEIRA, Mozambique``. Evidence of the subject, unlike a filing line."""
    country: Span | None = None
    """The value of a header line ``Country: CHAD``, or the prefix of a title ``Chad: …``."""
    home: str = ""
    """ISO 3166-1 or 3166-2 code of the source's home region (``US-GA``), from the table of sources."""
