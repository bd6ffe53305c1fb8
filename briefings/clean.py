"""Characters that have no place in a text that is published, and the ones that deceive the eye.

XML 1.0 (section 2.2) cannot carry most control characters even escaped, and one of them breaks a whole feed; so they
are taken out where text comes in, and said.
"""

from __future__ import annotations

from briefings.patterns import Late

FORBIDDEN = Late(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(1, 17))
    + "]"
)
"""C0 (but tab and line ends), DEL, C1, lone surrogates, noncharacters, U+FFFD."""

LINE_ENDS = Late("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Everything that some program takes for the end of a line."""

DECEIVING = Late("[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
"""Bidirectional controls, zero-width characters other than joiners and direction marks, tag characters."""


def untouched(text: str) -> bool:
    """Whether a text is free of all of these but tabs and line feeds, at a glance: most are."""
    # What the patterns above hold is not printable, but for U+FFFD; what is not printable may still be allowed.
    if not text.isprintable() and not text.replace("\n", " ").replace("\t", " ").isprintable():
        return False
    return "\ufffd" not in text


def strip(text: str) -> tuple[str, int]:
    """Return the text without forbidden characters, and how many there were."""
    stripped: tuple[str, int] = FORBIDDEN.subn("", text)
    return stripped


def escape(text: str, *, quote: bool = True) -> str:
    """Return the text as it stands in HTML: the same as :func:`html.escape`, which loads every character's name."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#x27;") if quote else text


def names(characters: list[str]) -> str:
    """Name characters for a message: ``U+0007, U+202E``."""
    return ", ".join(sorted({f"U+{ord(character):04X}" for character in characters}))


def printable(name: str) -> str:
    """A name as it can be shown on one line: what does not print, bytes that are no UTF-8 too, stands as an escape."""
    if name.isprintable():
        return name
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in name
    )
