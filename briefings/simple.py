"""Prose of simple forms, which most is, as HTML at once: the same as by parsing and cleaning, in a tenth of the time.

Known are paragraphs, headings, flat lists, quotes and rules, with emphasis, links to the web and escaped characters, as
long as nothing about them is in doubt (CommonMark 0.31). Whatever else stands anywhere in a text leaves all of it to
the parser. What is made here needs no cleaning: every ``<``, ``>`` and ``&`` of the text is refused or escaped, tags
are the ones below, and addresses are of a closed set of characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings import headings
from briefings.patterns import Late

if TYPE_CHECKING:
    import re

HOST = r"(?:(?![a-z0-9-]{64})[a-z0-9]+(?:-[a-z0-9]+)*\.){1,3}[a-z]{2,24}"
"""Names whose last part is of letters: no IP address, none too long or with another spelling (RFC 1123)."""
WEB = rf"https?://{HOST}(?:/[A-Za-z0-9/._=,+-]*)?(?:\?[A-Za-z0-9/._=,+&-]*)?(?:#[A-Za-z0-9/._=-]*)?"
"""Addresses that stay as they are written, whoever reads them (RFC 3986, WHATWG URL)."""

_MARK = Late(
    # One of these characters first, so that all others are passed by quickly; then what it is the beginning of.
    r"([*_`\[\]<>&\\~!])"
    rf"(?:(?<=\[)([^*_`\[\]<>&\\~!]+)\]\((?P<link>{WEB})\)"
    # An opening run follows what ends no word and comes before a letter; a closing one the other way round.
    r"|(?<=[*_])(?<![^\s(\"'“„«‘—–].)(\1?)"
    r"(?P<said>[^\W_](?:[^*_`\[\]<>&\\~]*[^\W_])?(?=[*_]+(?:[\s.,;:!?)\"'”“»’—–]|\Z))"
    r"|[^\W_][^*_`\[\]<>&\\~]*[.,;:!?)\"'”](?=[*_]+(?:\s|\Z)))"
    r"\1\4(?![*_])"
    r"|(?<=\\)(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<literal>(?<=&)(?![#A-Za-z0-9]+;)|(?<=[>\[])|(?<=\])(?![(:])|(?<=~)(?!~)|(?<=!)(?!\[))"
    r"|)"
)
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_PARAGRAPH = Late(r"[^\W\d_]|[0-9](?![0-9]{0,8}[.)](?: |\Z))|[\"'(\[$%&,.;?!@{}/\\^]|[*_]{1,2}[^\W_]|[^\x00-\x7f]")
"""How a line of a paragraph begins: like no other block."""
_ITEM = Late(r"(?:([-+*])|([0-9]{1,9})\.) {1,4}(?! )")
_HEADING = Late(r"(#{1,6}) +([^#]+)")


class _NotSimpleError(Exception):
    """The text is for the parser."""


def html(text: str) -> str | None:
    """The HTML of simple prose.

    Args:
        text: Markdown of printable characters, tabs and line feeds.

    Returns:
        What parsing and cleaning give too, or ``None`` when the text is not simple.
    """
    if "\t" in text or " \n" in text or "\n " in text or text.startswith(" ") or text.endswith(" "):
        return None
    made = _Made()
    try:
        made.add(text, quoted=False)
    except _NotSimpleError:
        return None
    return made.html()


class _Made:
    """HTML in the making."""

    __slots__ = ("_headings", "_items", "_loose", "_marker", "_parts")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._headings: list[tuple[int, int, str]] = []
        """For each its place among the parts, level and words."""
        self._marker = ""
        self._items: list[str] = []
        """Of the list that may go on."""
        self._loose = False

    def html(self) -> str:
        """All of it."""
        if not self._headings:
            return "".join(self._parts)
        levels = headings.levels(level for _, level, _ in self._headings)
        ids = headings.ids(words for _, _, words in self._headings)
        for (place, _, words), level, name in zip(self._headings, levels, ids, strict=True):
            self._parts[place] = f'<h{level} id="{name}">{words}</h{level}>\n'
        return "".join(self._parts)

    def add(self, text: str, *, quoted: bool) -> None:
        """Add the blocks of a text."""
        marked = special(text)
        blocks = text.split("\n\n")
        blocks.reverse()
        while blocks:
            block = blocks.pop().strip("\n")
            first = block[:1]
            if not first:
                continue
            if first.isalpha() and "\n" not in block:
                if self._items:
                    self._close()
                self._parts.append(f"<p>{_inline(block) if marked else block}</p>\n")
            elif item := _ITEM.match(block):
                self._list(item[1] or ".", int(item[2] or 1), block.split("\n"))
            else:
                self._close()
                if block in {"---", "***", "___"}:
                    self._parts.append("<hr>\n")
                elif first == "#":
                    line, _, rest = block.partition("\n")
                    self._heading(line)
                    blocks.append(rest)
                elif first == ">" and not quoted:
                    self._quote(block.split("\n"))
                else:
                    for line in block.split("\n"):
                        if not _PARAGRAPH.match(line):
                            raise _NotSimpleError
                    self._parts.append(f"<p>{_inline(block)}</p>\n")
        self._close()

    def _list(self, marker: str, number: int, lines: list[str]) -> None:
        """Items of one line each; after an empty line they go on with the list above, which is loose then."""
        if not self._items or not self._marker.endswith(marker):
            self._close()
            self._marker = f"{number}{marker}"
        else:
            self._loose = True
        for line in lines:
            item = _ITEM.match(line)
            if not item or (item[1] or ".") != marker or not _PARAGRAPH.match(line, item.end()):
                raise _NotSimpleError
            self._items.append(_inline(line[item.end() :]))

    def _close(self) -> None:
        """End the list, if there is one."""
        if not self._items:
            return
        number = self._marker[:-1]
        tag = "ol" if self._marker.endswith(".") else "ul"
        start = f' start="{number}"' if tag == "ol" and number != "1" else ""
        before, after = ("<li>\n<p>", "</p>\n</li>\n") if self._loose else ("<li>", "</li>\n")
        items = "".join(f"{before}{item}{after}" for item in self._items)
        self._parts.append(f"<{tag}{start}>\n{items}</{tag}>\n")
        self._items, self._loose = [], False

    def _heading(self, line: str) -> None:
        heading = _HEADING.fullmatch(line)
        if not heading or special(heading[2]):
            raise _NotSimpleError
        self._headings.append((len(self._parts), len(heading[1]), heading[2]))
        self._parts.append("")

    def _quote(self, lines: list[str]) -> None:
        if not all(line.startswith(">") for line in lines):
            raise _NotSimpleError
        text = "\n".join(line[1:].removeprefix(" ") for line in lines)
        if not text.strip("\n"):
            raise _NotSimpleError
        self._parts.append("<blockquote>\n")
        self.add(text, quoted=True)
        self._parts.append("</blockquote>\n")


def _inline(text: str) -> str:
    """The HTML of what stands within a block."""
    return _MARK.sub(_put, text) if special(text) else text


def special(text: str) -> bool:
    """Whether a text has characters that may be more than text. One by one: sooner than by an expression."""
    return (
        "*" in text or "[" in text or "&" in text or "_" in text or ">" in text or "<" in text
        or "\\" in text or "]" in text or "`" in text or "~~" in text
    )  # fmt: skip


def _put(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "link":
            return f'<a href="{found["link"].replace("&", "&amp;")}">{found[2]}</a>'
        case "said":
            tag = "strong" if found[4] else "em"
            return f"<{tag}>{found['said']}</{tag}>"
        case "literal":
            return _ESCAPED.get(found[0], found[0])
        case "escaped":
            return _ESCAPED.get(found["escaped"], found["escaped"])
        case _:
            raise _NotSimpleError
