"""The editor's desk: a page that shows seeds with their findings marked, and beside each its fields and questions.

One file that asks nobody for anything: no script, no picture, one style sheet whose digest its own
Content-Security-Policy names (CSP level 3, section 6.7.3), so that nothing of a seed can run or load even if a mark-up
error let it through. Everything from a seed passes :func:`_words`.
"""

from __future__ import annotations

import os
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from briefings import clean, explain, find, labels, marks
from briefings.errors import Problem, SeedError
from briefings.find import tags
from briefings.model import CalendarDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefings.marks import Mark
    from briefings.model import Draft, Evidence, Finding, Place, Removed

STYLE = Path(__file__).with_name("data").joinpath("explain.css").read_text("utf-8")
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
BEGINNING = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="briefings explain">
"""
"""What every such page begins with: a file that does not is somebody else's."""
_HEAD = f"""{BEGINNING}\
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{_DIGEST}'; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{{title}}</title>
<style>{STYLE}</style>
</head>
<body>
"""
_FAMILY = {
    "source": "who", "author": "who", "filed_from": "who", "url": "who", "lang": "who", "date": "when",
    "location": "where", "places": "where", "tags": "what", "title": "shape", "key_points": "shape", "image": "shape",
    "removed": "removed", "questions": "ask",
}  # fmt: skip
"""Colours by field: fields of a family share one, and differ by their label."""
_SPELLED_ONCE = {"location", "places", "tags"}
"""Fields that mark many words: their label is seen at the first, and only heard at the others."""
_SEVERAL = ("places", "tags", "key_points")
_MOST = 8
"""So many different words are shown as evidence of a field."""


class _Sheet(NamedTuple):
    """A seed on the page: ``key`` begins the ids of its elements, ``numbers`` are those of its marks."""

    draft: Draft
    key: str
    found: tuple[Mark, ...]
    numbers: dict[tuple[int, int, str], int]

    def link(self, item: Evidence | Removed, *fields: str) -> str:
        """The address of a stretch's mark, the first of these fields that has one; empty if none has."""
        if item.start is None or item.end is None:
            return ""
        numbers = (self.numbers.get((item.start, item.end, field)) for field in fields)
        return next((f"#{self.key}-m{number}" for number in numbers if number is not None), "")


def _sheet(draft: Draft, key: str) -> _Sheet:
    found = marks.marks(draft)
    return _Sheet(draft, key, found, {mark[:3]: number for number, mark in reversed(list(enumerate(found)))})


def page(items: Iterable[Draft | Problem]) -> Iterator[str]:
    """Yield the page piece by piece: of a single seed in full, of several as a list that unfolds."""
    waiting = iter(items)
    first = list(islice(waiting, 2))
    alone = len(first) == 1
    name = "" if not first else first[0].file if isinstance(first[0], Problem) else first[0].seed.name
    yield _HEAD.replace("{title}", f"{_plain(name)} – what was found" if alone else "What was found in these articles")
    if not alone:
        yield '<h1 class="all">What was found</h1>\n'
    if not first:
        yield '<p class="none">No seed was given.</p>\n'
    for number, item in enumerate(chain(first, waiting), 1):
        if isinstance(item, Problem):
            yield f'<article class="refused"><p><b>Refused</b> {_words(str(item))}</p></article>\n'
        elif alone:
            yield f"<article>\n{_seed(_sheet(item, f's{number}'))}</article>\n"
        else:
            asked = _count(len(item.questions), "question")
            asked = f'<b class="asked">{asked}</b>' if item.questions else asked
            title = item.title.value if item.title else "No headline"
            yield (
                f"<details><summary><bdi>{_words(title)}</bdi> "
                f"<small>{_words(item.seed.name)} · {_strip(item)} · {asked}</small></summary>\n"
                f"<article>\n{_seed(_sheet(item, f's{number}'))}</article></details>\n"
            )
    yield "</body>\n</html>\n"


def write(items: Iterable[Draft | Problem], path: Path) -> None:
    """Write the page to ``path``, which then is the old page or the whole new one.

    Raises:
        SeedError: something else than such a page is there already, or nothing can be written there.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.read_bytes().startswith(BEGINNING.encode()):
            raise SeedError(
                Problem(path.as_posix(), 0, "", "is there already, and no page of explain (name another file)")
            )
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(page(items))
        beside.replace(path)
    except OSError as error:
        raise SeedError(Problem(path.as_posix(), 0, "", f"cannot be written ({error.strerror})")) from None
    finally:
        beside.unlink(missing_ok=True)


def _seed(sheet: _Sheet) -> str:
    key = sheet.key
    return "".join(
        (
            _header(sheet),
            _questions(sheet),
            f'<div class="desk">\n<section class="text" aria-labelledby="{key}-text">',
            f'<h2 id="{key}-text">The article</h2>\n',
            _legend(sheet),
            _text(sheet),
            f'</section>\n<section class="fields" aria-labelledby="{key}-fields">',
            f'<h2 id="{key}-fields">The fields</h2>\n',
            *_fields(sheet),
            _removed(sheet),
            _body(sheet.draft),
            "</section>\n</div>\n",
        )
    )


# --- above ----------------------------------------------------------------------------------------------------------


def _header(sheet: _Sheet) -> str:
    draft, key = sheet.draft, sheet.key
    seed = draft.seed
    title = f"<bdi>{_words(draft.title.value)}</bdi>" if draft.title else "<i>No headline</i>"
    lost = find.account(draft)
    kept = (
        f'<span class="bad">{_count(len(lost), "stretch", "stretches")} of the text not accounted for</span>'
        if lost
        else "every word accounted for"
    )
    facts = [
        f"<b>{_words(seed.name)}</b>",
        _words(seed.format),
        f"{len(seed.text):,} characters, {kept}",
        f'<code title="SHA-256 {seed.sha256}">{seed.sha256[:12]}</code>',
        *(_words(note) for note in seed.notes),
    ]
    return (
        f'<header><h1>{title}</h1>\n<p class="strip">{_strip(draft)}</p>\n'
        f'<p class="facts">{" · ".join(facts)}</p>\n'
        f'<nav aria-label="On this page"><a href="#{key}-text">Article</a> <a href="#{key}-fields">Fields</a> '
        f'<a href="#{key}-removed">Removed</a></nav></header>\n'
    )


def _strip(draft: Draft) -> str:
    """Place, date and source in a line, as readers will see them."""
    place = draft.location.value
    where = f"<b><bdi>{_words(place.name)}</bdi></b>" if place else "<i>no place</i>"
    if place and labels.country(place.country) != place.name:
        where += f", {_words(labels.country(place.country))}"
    when = _words(_day(draft.date.value)) if draft.date.value else "<i>undated</i>"
    return f"{where} · {when} · " + (f"<bdi>{_words(draft.source.value)}</bdi>" if draft.source else "<i>no source</i>")


def _questions(sheet: _Sheet) -> str:
    draft, key = sheet.draft, sheet.key
    if not draft.questions:
        return '<section class="questions none"><h2>No questions</h2></section>\n'
    rows = []
    asked = {mark.note: number for number, mark in enumerate(sheet.found) if mark.field == "questions"}
    for question in draft.questions:
        field, colon, rest = question.partition(": ")
        shown = _words(question)
        if question in asked:
            shown = f'<a href="#{key}-m{asked[question]}">{_words(field)}</a> {_words(rest)}'
        elif colon and field in _FAMILY:
            shown = f'<a href="#{key}-{field}">{_words(field)}</a> {_words(rest)}'
        elif colon and field.isalpha():
            shown = f"<b>{_words(field)}</b> {_words(rest)}"
        rows.append(f"<li>{shown}</li>\n")
    title = _count(len(rows), "question")
    return f'<section class="questions"><h2>{title} for you</h2>\n<ol>\n{"".join(rows)}</ol></section>\n'


# --- left: the text -------------------------------------------------------------------------------------------------


def _legend(sheet: _Sheet) -> str:
    names = {
        "who": "who says so",
        "when": "when",
        "where": "where",
        "what": "topics",
        "shape": "parts",
        "removed": "removed",
        "ask": "asked",
    }
    used = {_FAMILY[mark.field] for mark in sheet.found}
    rows = "".join(
        f'<li><span class="m {family}">{name}</span></li>' for family, name in names.items() if family in used
    )
    return f'<ul class="legend" aria-label="Colours">{rows}</ul>\n' if rows else ""


def _text(sheet: _Sheet) -> str:
    """The seed's text. A mark that another one cuts in two is closed and opened again, its label shown once."""
    draft, key, found = sheet.draft, sheet.key, sheet.found
    numbers = {mark: number for number, mark in enumerate(found)}
    out: list[str] = []
    opened: tuple[Mark, ...] = ()
    begun: set[Mark] = set()
    spelled: set[tuple[str, str]] = set()
    for words, active in marks.pieces(draft.seed.text, found):
        kept = marks.common(opened, active)
        out += [f"</{_element(mark)}>" for mark in reversed(opened[kept:])]
        for mark in active[kept:]:
            identity = "" if mark in begun else f' id="{key}-m{numbers[mark]}"'
            out.append(
                f'<{_element(mark)} class="m {_FAMILY[mark.field]} {mark.field}"{identity}'
                f' title="{_plain(f"{mark.label}: {mark.note}")}">'
            )
            if mark not in begun:
                often = mark.field in _SPELLED_ONCE and (mark.field, mark.label) in spelled
                out.append(f'<span class="{"heard" if often else "label"}">{_words(mark.label)}: </span>')
                begun.add(mark)
                spelled.add((mark.field, mark.label))
        out.append(_words(words))
        opened = active
    out += [f"</{_element(mark)}>" for mark in reversed(opened)]
    lang = draft.lang.value
    return f'<div class="seed" lang="{_plain(lang)}" dir="{labels.direction(lang)}">{"".join(out)}</div>\n'


def _element(mark: Mark) -> str:
    return "del" if mark.field == "removed" else "mark"


# --- right: the fields ----------------------------------------------------------------------------------------------


def _fields(sheet: _Sheet) -> Iterator[str]:
    key = sheet.key
    missing = []
    seen: set[str] = set()
    for field, name, value, finding in explain.rows(sheet.draft):
        if finding is None:
            missing.append(f'<span id="{key}-{field}">{name}</span>')
            continue
        if field == "places":
            if field not in seen:
                yield _places(sheet)
            seen.add(field)
            continue
        identity = "" if field in seen else f' id="{key}-{field}"'
        seen.add(field)
        yield (
            f'<div class="field {_FAMILY[field]} {field}"{identity}><h3>{name}</h3>\n'
            f'<p class="value">{_value(field, value, finding)}</p>\n'
            f'<p class="known"><span class="status {finding.status}">{finding.status}</span>{_meter(finding)} '
            f'<span class="rule">rule <code>{_words(finding.rule)}</code></span></p>\n'
            f"{_evidence(sheet, field, finding)}</div>\n"
        )
    missing += [f'<span id="{key}-{field}">{field.replace("_", " ")}</span>' for field in _SEVERAL if field not in seen]
    if missing:
        yield f'<p class="missing"><b>Not found:</b> {", ".join(missing)}</p>\n'


def _places(sheet: _Sheet) -> str:
    rows = "".join(
        f"<li><span>{_where(found.value)}</span> <small>{marks.known(found)}</small> "
        f"{_evidence(sheet, 'places', found)}</li>\n"
        for found in sheet.draft.places
        if found.value != sheet.draft.location.value
    )
    if not rows:
        return ""
    return (
        f'<div class="field where places" id="{sheet.key}-places"><h3>also named</h3>\n'
        f'<ul class="list">\n{rows}</ul></div>\n'
    )


def _value(field: str, value: str, finding: Finding[Any]) -> str:
    if field in {"location", "places"}:
        return _where(finding.value) or "<i>none</i>"
    if field == "date":
        return f"{_words(_day(finding.value))} <code>{_words(value)}</code>" if value else "<i>undated</i>"
    if field == "tags":
        row = tags.VOCABULARY.get(value)
        themes = f" <small>ReliefWeb: {_words(', '.join(row.reliefweb))}</small>" if row and row.reliefweb else ""
        return f"<bdi>{_words(row.label if row else value)}</bdi> <code>{_words(value)}</code>{themes}"
    if field == "lang":
        return f"{_words(labels.language(value))} <code>{_words(value)}</code>"
    if field == "url" and value.startswith(("https://", "http://")):
        return f'<a href="{_plain(value)}" rel="noreferrer">{_words(value)}</a>'
    return f"<bdi>{_words(value)}</bdi>" if value else "<i>none</i>"


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    name = f"<bdi>{_words(place.name)}</bdi>"
    if place.latitude is None or place.longitude is None:
        return name
    name += f", {_words(labels.country(place.country))}"
    spot = f"{place.latitude:.4f}, {place.longitude:.4f}"
    at = f"mlat={place.latitude:.5f}&amp;mlon={place.longitude:.5f}#map=8/{place.latitude:.5f}/{place.longitude:.5f}"
    return f'{name} <a class="spot" href="https://www.openstreetmap.org/?{at}" rel="noreferrer">{spot}</a>'


def _meter(finding: Finding[Any]) -> str:
    if finding.confidence is None:
        return ""
    share = f"{finding.confidence:.0%}"
    return f' <meter min="0" max="1" value="{finding.confidence:.2f}">{share}</meter> <span>{share}</span>'


def _evidence(sheet: _Sheet, field: str, finding: Finding[Any]) -> str:
    """The words that support a value, each once, as links to where they stand in the text."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in (*finding.evidence, *finding.hints):
        links = found.setdefault((" ".join(item.text.split()), item.origin), [])
        if link := sheet.link(item, field, "location"):
            links.append(link)
    rows = []
    for (words, origin), links in islice(found.items(), _MOST):
        whole = words == " ".join(str(finding.value).split())
        shown = "where it stands" if whole and links else f"“<bdi>{_words(_short(words))}</bdi>”"
        shown = f'<a href="{links[0]}">{shown}</a>' if links else shown
        shown += "".join(
            f' <a href="{link}" aria-label="{_plain(words)}, place {count}">{count}</a>'
            for count, link in enumerate(links[1:6], 2)
        )
        rows.append(f"<li>{shown}{f' <small>{_words(origin)}</small>' if origin else ''}</li>")
    if len(found) > _MOST:
        rows.append(f"<li>and {len(found) - _MOST} more</li>")
    return f'<ul class="evidence">{"".join(rows)}</ul>\n' if rows else ""


def _removed(sheet: _Sheet) -> str:
    lost = find.account(sheet.draft)
    rows = "".join(f"<li>{_gone(sheet, item)}</li>\n" for item in (*sheet.draft.removed, *lost))
    rows = f"<ul>\n{rows}</ul>" if rows else "<p>Nothing: the whole text is in the draft.</p>"
    return f'<div class="gone" id="{sheet.key}-removed"><h3>Removed</h3>\n{rows}</div>\n'


def _gone(sheet: _Sheet, item: Removed) -> str:
    words = " ".join(item.text.split())
    struck = f"<del>{_words(_short(words, 120))}</del>"
    if link := sheet.link(item, "removed"):
        struck = f'<a href="{link}">{struck}</a>'
    elif len(words) > 120:
        struck = f"<details><summary>{struck}</summary><del>{_words(item.text)}</del></details>"
    return f"<b>{_words(item.reason)}</b> {struck}"


def _body(draft: Draft) -> str:
    lang = draft.lang.value
    return (
        '<details class="body"><summary>The draft’s text, as Markdown</summary>\n'
        f'<pre lang="{_plain(lang)}" dir="{labels.direction(lang)}">{_words(draft.body)}</pre></details>\n'
    )


# --- words ----------------------------------------------------------------------------------------------------------


def _day(value: str | None) -> str:
    """A date in words, no more than it says: ``4 March, no year``."""
    if value is None:
        return ""
    if value.startswith("--"):
        return f"{int(value[5:7])} {labels.month(int(value[2:4]))}, no year"
    return labels.day(CalendarDate.parse(value))


def _plain(text: str) -> str:
    """Text for an attribute or the title, where no mark-up can stand."""
    return escape(marks.visible(text), quote=True)


def _words(text: str) -> str:
    """Text of a seed as HTML: escaped, and characters that cannot be seen spelled out."""
    safe = escape(text, quote=True)
    for pattern in (clean.FORBIDDEN, clean.DECEIVING):
        safe = pattern.sub(
            lambda match: f'<span class="unseen" title="a character that cannot be seen">U+{ord(match[0]):04X}</span>',
            safe,
        )
    return safe


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number or 'no'} {one if number == 1 else many or f'{one}s'}"
