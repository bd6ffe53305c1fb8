"""Who says so, as printed: the agency or paper, its author, and where the article was filed.

Closed forms only. ``told AP`` names the source of a quotation, and a picture's credit its maker: neither is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings.find.agencies import fold, initials
from briefings.find.bylines import PERSON
from briefings.find.signoffs import reporters
from briefings.find.type_case import lowered
from briefings.model import Evidence, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.find.layout import Layout, Role

SOURCES: tuple[tuple[Role, str], ...] = (
    ("header", "header"),
    ("dateline", "dateline"),
    ("byline", "byline"),
    ("filing", "filed-for"),
    ("agency", "closing-line"),
    ("syndication", "first-appeared"),
    ("rights", "copyright"),
)
"""Where the source may be said, in the order of trust, and the name of the rule."""

AUTHORS: tuple[tuple[Role, str], ...] = (
    ("header", "header"),
    ("byline", "byline"),
    ("times", "times-line"),
    ("dateline", "dateline"),
    ("reporting", "reporting-by"),
    ("filing", "filed-for"),
    ("biography", "biography"),
)
FILED: tuple[tuple[Role, str], ...] = (("filing", "filed-for"), ("dateline", "dateline"), ("byline", "byline"))

_PERSON = re.compile(PERSON.replace("[ ]", r"\s+"))
_OFFICE = re.compile(
    r"://|@|\b(?:desk|staff|newsroom|editors?|team|service|agency|agencies|redacción|rédaction|admin)\b", re.IGNORECASE
)
_TOLD = re.compile(
    r"\b(?:told|a déclaré à|dijo a|declaró a)[ \n]"
    r"(?P<name>(?:the[ \n]|The[ \n])?[A-Z][\w’'-]*(?:[ \n][A-Z][\w’'-]*){0,2})"
)


def _said(layout: Layout, rows: tuple[tuple[Role, str], ...], name: str) -> Iterator[Finding[str]]:
    text = layout.seed.text
    for role, rule in rows:
        for part in layout.of(role):
            for start, end in part.spans(name):
                value = " ".join(text[start:end].split()).strip(" ,;|-–—")
                # "N.J." and "W.Va." keep their full stop; the one that ends a sentence goes.
                if name != "place" or (role == "filing" and not re.search(r"\b[A-Z]\.$", value)):
                    value = value.rstrip(".")
                if value:
                    yield Finding(
                        value, "stated", part.rule or rule, (_evidence(text, part.start, part.end, start, end),)
                    )


def _evidence(text: str, start: int, end: int, first: int, last: int) -> Evidence:
    """The whole stretch when it is short enough to read at a glance, else the words of the value."""
    return Evidence(text[start:end], start, end) if end - start <= 120 else Evidence(text[first:last], first, last)


def find(layout: Layout) -> tuple[Finding[str] | None, tuple[Finding[str], ...]]:
    """Return the source and everything else that claims to be one, in the order of trust."""
    found = list(_said(layout, SOURCES, "source"))
    found += [
        Finding(item.value, "stated", "metadata", (Evidence(item.value, origin=item.origin),))
        for item in layout.seed.stated
        if item.name == "publisher" and item.value.strip()
    ]
    found = found or list(_released(layout))
    if not found:
        return None, ()
    first = found[0]
    others = tuple(other for other in found[1:] if not same(other.value, first.value, layout))
    return first, others


def _released(layout: Layout) -> Iterator[Finding[str]]:
    """The issuer of a press release, when it is a known source and begins the headline: ``Port Press: quay opens``."""
    text = layout.seed.text
    if not any(part.rule == "release" for part in layout.of("advisory")):
        return
    for part in layout.of("title"):
        name, colon, _ = text[part.start : part.end].partition(":")
        if colon and fold(name) in layout.agencies:
            end = part.start + len(name)
            yield Finding(" ".join(name.split()), "stated", "release", (Evidence(name, part.start, end),))


def same(one: str, other: str, layout: Layout) -> bool:
    """Whether two names stand for one agency, by the table of sources or by one holding the other."""
    a, b = fold(one), fold(other)
    known_a, known_b = fold(layout.agencies.get(a, one)), fold(layout.agencies.get(b, other))
    return a == b or known_a == known_b or a in b or b in a or initials(one) == b or initials(other) == a


def author(layout: Layout) -> Finding[str] | None:
    """Return who wrote it, as printed."""
    for found in _said(layout, AUTHORS, "author"):
        value = reporters(found.value) if found.rule == "reporting-by" else found.value
        return Finding(value, found.status, found.rule, found.evidence)
    publishers = [item.value for item in layout.seed.stated if item.name == "publisher"]
    for item in layout.seed.stated:
        # A page's author is often its paper, its desk or an address; only a person's name is one.
        named = _PERSON.match(item.value.strip()) if item.name == "author" else None
        if named and not _OFFICE.search(item.value) and not any(same(named[0], name, layout) for name in publishers):
            return Finding(
                " ".join(item.value.split()), "stated", "metadata", (Evidence(item.value, origin=item.origin),)
            )
    return None


def filed_from(layout: Layout) -> Finding[str] | None:
    """Return where it was filed: the sign-off, then the dateline. Never what it is about.

    A dateline's capitals are its type, not the name's: ``BEIRA, Mozambique`` is given as ``Beira, Mozambique``.
    """
    found = next(_said(layout, FILED, "place"), None)
    if found:
        return replace(found, value=lowered(found.value))
    for item in layout.seed.stated:
        if item.name == "located" and (place := " ".join(item.value.split())):
            return Finding(place, "stated", "metadata", (Evidence(item.value, origin=item.origin),))
    return None


def url(layout: Layout) -> Finding[str] | None:
    """Return the address of the original, if the document states one."""
    found = next(_said(layout, (("header", "header"),), "url"), None)
    if found and re.match(r"https?://\S+$", found.value):
        return found
    for item in layout.seed.stated:
        if item.name == "url" and re.match(r"https?://\S+$", item.value.strip()):
            return Finding(item.value.strip(), "stated", "metadata", (Evidence(item.value, origin=item.origin),))
    return None


def last_line(layout: Layout) -> Evidence | None:
    """Return a last line that may be an agency nobody told us of: a few words in capitals, without a full stop."""
    blocks = layout.seed.blocks
    block = blocks[-1] if len(blocks) > 2 else None
    if (
        block
        and len(block.text) <= 40
        and len(block.text.split()) <= 4
        and block.text.isupper()
        and block.text[-1].isalnum()
    ):
        return Evidence(block.text, block.start, block.end)
    return None


def told(layout: Layout) -> Evidence | None:
    """Return the agency that somebody in the text told something: a candidate for the editor, no more."""
    text = layout.seed.text
    for match in _TOLD.finditer(text):
        if fold(match["name"]) in layout.agencies:
            return Evidence(text[match.start() : match.end()], match.start(), match.end())
    return None
