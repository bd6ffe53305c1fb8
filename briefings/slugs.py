"""Slugs: the one function that turns a name in any script into a part of an address. Alone in knowing anyascii."""

from __future__ import annotations

import re
import unicodedata

from briefings.values import RESERVED_SLUGS, SLUG_MAX


def slugify(text: str, limit: int = SLUG_MAX) -> str:
    """Return ``[a-z0-9-]`` of at most ``limit`` characters, cut at a word; ``untitled`` when nothing remains.

    The text is folded (NFKC, case) first, so that two spellings of one name give one slug.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        from anyascii import anyascii  # noqa: PLC0415 - loads slowly, and most names need none of it

        folded = anyascii(folded).lower()
    if "'" in folded or "`" in folded:
        folded = re.sub(r"(?<=[a-z0-9])['`](?=[a-z])", "", folded)
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if len(slug) > limit:
        cut = slug[: limit + 1].rsplit("-", 1)[0]
        slug = cut if 0 < len(cut) <= limit else slug[:limit].strip("-")
    if not slug:
        return "untitled"
    return f"{slug}-1" if slug in RESERVED_SLUGS else slug
