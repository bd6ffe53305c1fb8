"""Plain text: pasted wire copy and notes, wrapped or not, in any usual charset."""

from __future__ import annotations

from hashlib import sha256

from briefings.model import Seed
from briefings.seeds.blocks import paragraphs
from briefings.seeds.decode import decode


def sniff(name: str, head: bytes) -> bool:  # noqa: ARG001 - the last row takes what no other wants
    """Anything that got so far is taken for text; reading decides whether it is."""
    return True


def read(name: str, data: bytes) -> Seed:
    """Return the seed of a plain text.

    Raises:
        SeedError: empty, binary or not decodable.
    """
    text, notes = decode(data, name)
    return Seed(name, "text", sha256(data).hexdigest(), text, paragraphs(text), notes=notes)
