"""Names that were set in capitals, in the case that they have in a text."""

from __future__ import annotations

import re

_SHOUTED = re.compile(r"[^\W\d_]+")
_LINKS = frozenset(
    """
    of the and upon in on under de la le les du des d al el los las del da do das dos y et en sur aux au am an der
    """.split()  # noqa: SIM905 - a list to read
)
_INITIALS = frozenset("US USA UK UAE USSR DRC DR CAR EU UN DC PNG FYROM GDR FRG".split())  # noqa: SIM905 - as above


def lowered(name: str) -> str:
    """Return a place's name with its shouted words in normal case; initials (``N.J.``, ``UK``) stay.

    >>> lowered("PORT-AU-PRINCE, Haiti"), lowered("NEWARK, N.J."), lowered("LA PAZ")
    ('Port-au-Prince, Haiti', 'Newark, N.J.', 'La Paz')
    """

    def word(match: re.Match[str]) -> str:
        plain, start, end = match[0], match.start(), match.end()
        if not plain.isupper() or len(plain) < 2 or plain in _INITIALS:
            return plain
        inner = start > 0 and name[start - 1] in " -" and not name[:start].rstrip().endswith(",")
        if inner and plain.lower() in _LINKS and end < len(name) and name[end] in " -'’":
            return plain.lower()
        return plain.capitalize()

    return _SHOUTED.sub(word, name)
