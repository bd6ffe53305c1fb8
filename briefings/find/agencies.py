"""Names of news agencies that stand alone in a closing line, a dateline or a credit.

Only to recognise a name, never to rename it: what was printed is what the draft says. The table of sources
(``content/sources.yaml``) adds the site's own.
"""

# ruff: noqa: E501 - a pattern is read best on one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefings.model import Source

WIRES = (
    "AA", "AAP", "ABC", "Anadolu Agency", "ABI", "ACAN-EFE", "Adnkronos", "AFP", "Agence France-Presse", "Agência Brasil",
    "Agência Lusa", "AGI", "Al Jazeera", "ALDE", "ANP", "ANSA", "ANTARA", "Antara", "AP", "APA", "APP", "APS", "ATS", "BBC", "Belga",
    "Bernama", "Bloomberg", "BNS", "BTA", "CANA", "CNA", "CNN", "CTK", "Deutsche Welle", "dpa", "DPA", "DW", "EFE",
    "Europa Press", "Folha", "GNA", "HINA", "Interfax", "IPS", "IRIN", "IRNA", "ITAR-TASS", "Jiji", "JTA", "KUNA",
    "Kyodo", "Kyodo News", "LUSA", "Lusa", "MAP", "MENA", "MTI", "NAN", "NHK", "NNA", "Notimex", "NPR", "NTB", "PA",
    "PA Media", "PAP", "PNA", "Prensa Latina", "Press Association", "PTI", "QNA", "Reuter", "Reuters", "RIA Novosti",
    "Ritzau", "SANA", "SAPA", "SPA", "STT", "TASS", "Tanjug", "The Associated Press", "Associated Press",
    "The Canadian Press", "The New Humanitarian", "Thomson Reuters Foundation", "TT", "UN News", "UNB", "UPI", "VOA",
    "WAFA", "WAM", "Xinhua", "Yonhap", "رويترز", "أ ف ب", "فرانس برس", "وكالة الأنباء الفرنسية", "د ب أ", "أ ب",
    "وفا", "واس", "وام", "سانا", "قنا", "كونا", "بترا", "الأناضول", "شينخوا",
)  # fmt: skip

_CLOSING = re.compile(
    r"[ \t]*(?:Source[ ]?:[ ]?)?[(\[–—-]*[ ]?(?P<name>[^\W\d_][\w .’'/-]{0,40}?)[\d*^.… )\]–—-]*(?:\^M)?[ \t]*",
)
_OFFICE = re.compile(
    r"[ \t]+(?:newsroom|news desk|desk|staff|bureau|newsdesk|correspondents?|reporters?|rédaction|redacción)$",
    re.IGNORECASE,
)
_EDGE = re.compile(r"[\W_]+")


def known(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return every known name and alias, folded, with the name it stands for in the table."""
    names = {fold(name): name for name in WIRES}
    for source in sources.values():
        for name in (source.name, *source.aliases):
            names[fold(name)] = source.name
    return names


def fold(name: str) -> str:
    """Return a name without case, punctuation and a leading article, for comparing."""
    words = _EDGE.sub(" ", name.casefold()).strip()
    return words.removeprefix("the ")


def initials(name: str) -> str:
    """Return the capitals of a name, folded: ``Agence France-Presse`` gives ``afp``."""
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", name) if word[0].isupper()).casefold()


def closing(line: str, agencies: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the span of the agency's name in a line that holds nothing else, or ``None``.

    Its office may follow the name: `` REUTER3``, ``AP.``, ``Harbour Wire newsroom``.
    """
    match = _CLOSING.fullmatch(line)
    if match is None:
        return None
    name = _OFFICE.sub("", match["name"])
    start = match.start("name")
    return (start, start + len(name)) if fold(name) in agencies else None
