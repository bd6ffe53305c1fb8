"""Citations of a briefing: plain text, Markdown, BibTeX and CSL-JSON. They name the source, our title, and this page.

The day on which the briefing went out here is its date of issue; the original's own date stands beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from briefings import documents

if TYPE_CHECKING:
    from datetime import datetime

    from briefings.model import CalendarDate

_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&])")


class Citation(Struct, frozen=True):
    """What a citation says. ``url`` is absolute and permanent; ``key`` is stable and holds letters, digits, hyphens."""

    key: str
    title: str
    url: str
    site: str
    issued: datetime
    agency: str = ""
    author: str = ""
    date: CalendarDate | None = None
    date_label: str = "undated"
    lang: str = "en"
    withdrawn: bool = False


def plain(of: Citation) -> str:
    """One line of plain text."""
    return "".join(pieces(of))


def pieces(of: Citation) -> tuple[str, ...]:
    """The same in pieces: every other one, from the second, is words of others, maybe of another direction."""
    who, full_stop = (_who(of), ". ") if _who(of) else ("", "")
    return "", who, f"{full_stop}“", of.title, f"” ({_when(of)}). Briefing: ", of.site, f", {of.url}"


def markdown(of: Citation) -> str:
    """One line of Markdown (CommonMark)."""
    who, title, site = (_MARKDOWN.sub(r"\\\1", words) for words in (_who(of), of.title, of.site))
    return f"{who}{'. ' if who else ''}[“{title}”](<{of.url}>) ({_when(of)}). Briefing: {site}"


def bibtex(of: Citation) -> str:
    """An entry for BibTeX and biblatex: ``@misc``, which both know, UTF-8."""
    who = f"{{{_latex(of.author)}}}" if of.author else f"{{{{{_latex(of.agency)}}}}}" if of.agency else ""
    said = " ".join(part for part in (of.agency, f"({_when(of)})") if part)
    fields = {
        "author": who,
        "title": f"{{{{{_latex(of.title)}}}}}",
        "year": f"{{{of.issued.year:04}}}",
        "month": f"{{{of.issued.month:02}}}",
        "howpublished": f"{{{_latex(of.site)}}}",
        "note": f"{{Briefing. Source: {_latex(said)}}}",
        "url": f"{{{of.url}}}",
        "langid": f"{{{of.lang}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{of.key},", *lines, "}"])


def csl(of: Citation) -> str:
    """An item of CSL-JSON (CSL 1.0.2 data schema), as a list of one."""
    item: dict[str, Any] = {
        "id": of.key,
        "type": "webpage",
        "title": of.title,
        "container-title": of.site,
        "URL": of.url,
        "language": of.lang,
        "issued": {"date-parts": [[of.issued.year, of.issued.month, of.issued.day]]},
    }
    if of.author or of.agency:
        item["author"] = [{"literal": of.author or of.agency}]
    if of.agency:
        item["publisher"] = of.agency
    if of.date:
        parts = [part for part in (of.date.year, of.date.month, of.date.day) if part]
        item["original-date"] = {"date-parts": [parts], **({"circa": True} if of.date.qualifier else {})}
    if of.withdrawn:
        item["status"] = "withdrawn"
    fields = (f'  "{name}": {documents.text(value)}' for name, value in item.items())
    return "[{\n" + ",\n".join(fields) + "\n}]"


def _who(of: Citation) -> str:
    return ", ".join(part for part in (of.author, of.agency) if part)


def _when(of: Citation) -> str:
    return f"{of.date_label}, withdrawn" if of.withdrawn else of.date_label


def _latex(words: str) -> str:
    return words.translate(_LATEX)
