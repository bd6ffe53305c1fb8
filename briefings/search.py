"""Search: its page, what the index is made of, and the index itself.

The records are planned, oldest publication first, so that a new briefing gets the next number and moves no other.
``theme/static/search.js`` reads the index in the reader's browser; ``FILTERS`` and ``META`` are what the two agree on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from briefings import labels, urls
from briefings.cards import KIND
from briefings.model import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from briefings import pagefind
    from briefings.desk import Desk
    from briefings.model import Briefing

FILTERS = ("place", "country", "tag", "source", "year")
"""What results can be narrowed by, in the order of the form: names in the address, and of kinds of lists."""
META = ("title", "strip", "terms")
"""What is searched beside the text, and weighs more: headline, dateline strip, tags with their other names."""
EVERY = "ꙮ"
"""A letter that every record begins with, and no text has: to list all that passes a filter, the script asks for it,
and takes it out of what it shows. Asked for nothing, Pagefind fetches all of its index.
"""
OFFERED = 100
"""Terms of a kind that the page itself offers, the most frequent; the browser has the others once the kind is used."""

_MARK = "[\u064b-\u065f\u0670]*"
_ARTICLE = re.compile(
    rf"(?<!\w)(?:[وفبك]?{_MARK}ا{_MARK}ل|و?{_MARK}ل{_MARK}ل){_MARK}(?=(?:[\u0620-\u064a]{_MARK}){{2}})"
)
_BREAK = "\u2060 "


def page(desk: Desk) -> Iterator[Output]:
    """The search page, where the site has one."""
    if not desk.site.makes("search"):
        return
    from briefings import pagefind  # noqa: PLC0415 - loads much, and only publishing makes the index

    kinds = [KIND[name] for name in FILTERS if desk.site.makes(KIND[name].path)]
    filters = []
    for kind in kinds:
        most = desk.terms(kind.name, OFFERED)
        label = (kind.label, kind.plural, urls.index(kind))
        filters.append((*label, kind.name, tuple(sorted(most, key=lambda link: (link.label.casefold(), link.url)))))
    head = desk.head("Search", urls.SEARCH, "Search every briefing by word, place, tag, source and year.")
    yield desk.page(
        "search", head, "the search page", index=f"{urls.SEARCH_INDEX}{pagefind.SCRIPT}", filters=tuple(filters)
    )


def index(desk: Desk) -> Iterator[Output]:
    """What the search page looks in: a folder of files, made from a row for each briefing."""
    if not desk.site.makes("search"):
        return
    rows = tuple(_row(desk, briefing) for briefing in reversed(desk.library.briefings))
    context = {"lang": desk.site.lang.partition("-")[0].lower(), "rows": rows}
    yield Output(urls.SEARCH_INDEX.strip("/"), "search", "pagefind", context, "the search index")


def _row(desk: Desk, briefing: Briefing) -> dict[str, Any]:
    withdrawn = briefing.status == "withdrawn"
    source = desk.library.tables.source(briefing.source.name) if briefing.source.name else None
    tags = [tag for name in briefing.tags if (tag := desk.library.tables.tag(name))]
    return {
        "url": urls.briefing(briefing),
        "title": briefing.title,
        "lang": briefing.lang,
        "dir": labels.direction(briefing.lang),
        "strip": desk.maker.line(briefing),
        "terms": tuple(word for tag in tags for word in (tag.label, *tag.aliases)),
        "filters": {name: _labels(desk, briefing, name) for name in FILTERS},
        "lead": " ".join(desk.maker.points(briefing)) or desk.maker.lead(briefing),
        "reuse": source.reuse if source else "full",
        "prose": None if withdrawn else (briefing.path, briefing.prose),
    }


def _labels(desk: Desk, briefing: Briefing, name: str) -> tuple[str, ...]:
    """A briefing's terms of a kind, as their lists are called."""
    facets = desk.library.facets[name]
    return tuple(
        facets[term.slug].term.label for term in KIND[name].terms(briefing, desk.library.tables, desk.site.lang)
    )


def bundle(context: Mapping[str, Any], words: Callable[[tuple[str, str] | None, str], str]) -> dict[str, bytes]:
    """Make the index.

    Args:
        context: of the output that ``index`` planned.
        words: gives as much of a briefing's prose as its source's reuse level allows, as plain text.

    Returns:
        Its files by their path below the index's folder.

    Raises:
        BuildError: see ``pagefind.index``.
    """
    from briefings import pagefind  # noqa: PLC0415 - as above

    return pagefind.index((_record(row, words) for row in context["rows"]), context["lang"])


def _record(row: dict[str, Any], words: Callable[[tuple[str, str] | None, str], str]) -> pagefind.Record:
    from briefings import pagefind  # noqa: PLC0415 - as above

    # A page without words is none to Pagefind.
    text = f"{row['lead']} {words(row['prose'], row['reuse'])}".strip() or row["title"]
    meta = {"title": row["title"], "strip": row["strip"], "terms": " · ".join(row["terms"])}
    filters = {**row["filters"], "lang": (row["lang"],), "dir": (row["dir"],)}
    return pagefind.Record(
        url=row["url"],
        lang=row["lang"],
        text=f"{EVERY} {apart(text)}",
        meta={name: apart(value) for name, value in meta.items() if value},
        filters={name: list(values) for name, values in filters.items() if values},
    )


def apart(text: str) -> str:
    """Set the Arabic article, and the particles before it, off from its noun: "والفيضانات" is found by "فيضانات".

    Pagefind knows words by the white space between them; the word joiner before ours tells the script which of it to
    take out again.
    """
    return _ARTICLE.sub(lambda found: found[0] + _BREAK, text.replace(_BREAK[0], ""))
