"""The front matter of a briefing: one table defines every field; reading, writing, schema and reference follow from it.

A file is ``---``, YAML, ``---``, then the prose in Markdown (CommonMark). See ``docs/frontmatter.md``, made from here.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from briefings import clean, simpleyaml, values, yamlio
from briefings.errors import Problem, did_you_mean
from briefings.model import Briefing, Change, Image, Place, Removed, SeedRef, SourceRef, Support
from briefings.values import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_BYTES = 1_000_000
"""Of a briefing's file (reliability R2)."""
MAX_FRONT_MATTER = 64_000
"""Characters of front matter (reliability R2)."""
_COUNTRY = re.compile("[A-Z]{2}")


class Field(Struct, frozen=True):
    """A field of the front matter. ``required``: in every briefing, once it is published, or never."""

    name: str
    parse: Callable[[yamlio.Node], Any]
    required: Literal["always", "published", ""]
    schema: dict[str, Any]
    """What the JSON Schema for editors' tools says of it (draft 2020-12)."""
    help: str
    """For the reference page; the first line stands alone."""
    often: bool = False
    """Whether many briefings have the same value: it is parsed once for all of them."""


def _place(name: str, country: str = "", **rest: Any) -> Place:
    place = Place(name, country, **rest)
    if (place.latitude is None) != (place.longitude is None):
        raise ValueError("latitude and longitude stand both or not at all")
    if place.latitude == 0 and place.longitude == 0:
        raise ValueError("0, 0 is a point in the sea (leave latitude and longitude out if they are not known)")
    return place


def _country(node: yamlio.Node) -> str:
    code = values.scalar(node)
    if not _COUNTRY.fullmatch(code):
        raise ValueProblem(node.line, f'"{code}" is not a country code (two capitals, ISO 3166-1 alpha-2: SY, FR)')
    return code


def _file(node: yamlio.Node) -> str:
    path = values.plain(node)
    if path.startswith("/") or ".." in path.split("/") or "\\" in path or ":" in path:
        raise ValueProblem(node.line, f'"{path}" is not a path inside content/ (write images/name.jpg)')
    return path


def _removed(text: str, reason: str, at: int | None = None, to: int | None = None) -> Removed:
    return Removed(text, reason, at, to)


_STATUSES = ("stated", "partial", "inferred", "ambiguous", "undated", "none", "editor")
_TEXT = {"type": "string"}
_WHOLE = {"type": "integer", "minimum": 0}
_TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
_INSTANT = {"type": "string", "format": "date-time"}
_SLUG = {"type": "string", "pattern": f"^{values.SLUG.pattern}$", "maxLength": values.SLUG_MAX}
_EDTF = {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?[~?%]?$"}


def _object(required: tuple[str, ...] = (), **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


FIELDS: tuple[Field, ...] = (
    Field(
        "id", values.uuid, "always", {"type": "string", "format": "uuid"},
        "A UUID, made at ingest.\nIt is the feed id and never changes: subscribers would see the briefing as new.",
    ),
    Field("title", values.plain, "always", {"type": "string", "minLength": 1}, "The headline."),
    Field(
        "slug", values.slug, "always", _SLUG,
        "The last part of the address.\nIt may change: put the old one under `aliases`.",
    ),
    Field("aliases", values.many(values.slug), "", {"type": "array", "items": _SLUG}, "Former slugs; each redirects."),
    Field(
        "status", values.one_of("draft", "published", "withdrawn"), "always",
        {"enum": ["draft", "published", "withdrawn"]},
        "`draft`, `published` or `withdrawn`.\nA withdrawn briefing keeps its address and shows the reason.",
        often=True,
    ),
    Field("withdrawn_reason", values.text, "", _TEXT, "Why it was withdrawn; readers see it."),
    Field(
        "source",
        values.record(
            SourceRef, (), name=values.plain, author=values.plain, filed_from=values.plain, url=values.url
        ),
        "published",
        _object((), name=_TEXT, author=_TEXT, filed_from=_TEXT, url={"type": "string", "format": "uri"}),
        "Who says so.\n`name` as printed, a key or alias of `content/sources.yaml`; `author`; `filed_from`, the "
        "dateline or sign-off place (never the location); `url` of the original.", often=True,
    ),
    Field(
        "date", values.date, "", _EDTF,
        "Of the original: `2016-12-13`, `2016-12` or `2016`, with `~` for about.\nAbsent: the briefing says *undated*.",
        often=True,
    ),
    Field(
        "location",
        values.record(
            _place, ["name", "country"], name=values.plain, country=_country, latitude=values.number(-90, 90),
            longitude=values.number(-180, 180), geonames=values.whole, region=values.plain,
        ),
        "",
        _object(
            ("name", "country"), name=_TEXT, country={"type": "string", "pattern": "^[A-Z]{2}$"},
            latitude={"type": "number", "minimum": -90, "maximum": 90},
            longitude={"type": "number", "minimum": -180, "maximum": 180}, geonames={"type": "integer"},
            region=_TEXT,
        ),
        "What the briefing is about.\n`name`, `country` (ISO 3166-1 alpha-2), `latitude` and `longitude` in degrees "
        "(WGS 84), `geonames` id; `region`, the name of the state or province it lies in.", often=True,
    ),
    Field("places", values.words, "", _TEXTS, "Places that are also mentioned."),
    Field("tags", values.many(values.plain), "", _TEXTS, "Keys or aliases of `content/tags.yaml`.", often=True),
    Field(
        "key_points", values.words, "", _TEXTS,
        "Two to four sentences: top of the page, feed summary, meta description.",
    ),
    Field("summary", values.text, "", _TEXT, "One or two sentences for lists, in place of the first key point."),
    Field(
        "image", values.record(Image, file=_file, caption=values.text, credit=values.text, alt=values.text), "",
        _object(file=_TEXT, caption=_TEXT, credit=_TEXT, alt=_TEXT),
        "A picture in `content/images/`.\n`file`, `caption`, `credit`, `alt`. Without `file` only the words are kept.",
    ),
    Field("lang", values.lang, "", _TEXT, "Language of the briefing (BCP 47), the site's if absent.", often=True),
    Field("story", values.slug, "", _SLUG, "Key of a developing story.", often=True),
    Field("received", values.instant, "", _INSTANT, "When the seed came in; written at ingest."),
    Field(
        "published", values.instant, "", _INSTANT,
        "When it went out here, written once.\nAbsent: the time it came in stands in for it.",
    ),
    Field("updated", values.instant, "", _INSTANT, "When it last changed in a way that readers should know."),
    Field(
        "changes",
        values.many(
            values.record(
                Change, ["on", "kind", "note"], on=values.date, kind=values.one_of("major", "minor"), note=values.text
            )
        ),
        "",
        {
            "type": "array",
            "items": _object(("on", "kind", "note"), on=_EDTF, kind={"enum": ["major", "minor"]}, note=_TEXT),
        },
        "What changed.\nEach with `on`, `kind` (`major` or `minor`) and `note`; a major one goes with `updated`.",
    ),
    Field("reviewed_by", values.plain, "", _TEXT, "Who vouches for it."),
    Field("questions", values.words, "", _TEXTS, "What the machine could not know.\nDelete each when it is answered."),
    Field(
        "evidence",
        values.many(
            values.record(
                Support, ["field", "status"], field=values.plain, status=values.one_of(*_STATUSES), value=values.text,
                rule=values.plain, words=values.many(values.text), confidence=values.number(0, 1),
            )
        ),
        "",
        {
            "type": "array",
            "items": _object(
                ("field", "status"), field=_TEXT, status={"enum": list(_STATUSES)}, value=_TEXT, rule=_TEXT,
                words={"type": "array", "items": _TEXT}, confidence={"type": "number", "minimum": 0, "maximum": 1},
            ),
        },
        "How the machine knew: `field`, `status`, `value`, `rule`, `words` of the seed, `confidence`.\n"
        "A field that no longer has this value is shown as set by an editor.",
    ),
    Field(
        "removed",
        values.many(
            values.record(
                _removed, ["text", "reason"], text=values.verbatim, reason=values.text, at=values.whole, to=values.whole
            )
        ),
        "",
        {
            "type": "array",
            "items": _object(("text", "reason"), text=_TEXT, reason=_TEXT, at=_WHOLE, to=_WHOLE),
        },
        "Text of the seed that is in neither the prose nor a field, with the reason.",
    ),
    Field(
        "seed",
        values.record(
            SeedRef, ["file", "sha256"], file=values.text, sha256=values.plain, converter=values.whole,
            characters=values.whole,
        ),
        "",
        _object(
            ("file", "sha256"), file=_TEXT, sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
            converter={"type": "integer"}, characters={"type": "integer"},
        ),
        "Where it comes from: file, SHA-256, version of the converter, number of characters.",
    ),
)  # fmt: skip

_BY_NAME = {field.name: field for field in FIELDS}
_NEEDED = tuple(field for field in FIELDS if field.required)
_CONFLICT = re.compile(r"^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)( |$)", re.MULTILINE)
_FENCE = re.compile(r"\n---[ \t]*(?=\n|\Z)")


Parts = tuple[str, str, int]
"""Of a file: its front matter, its prose, and the line (from 1) where that begins."""


def split(text: str) -> Parts | None:
    """Return front matter, prose, and the line (from 1) where the prose begins; ``None`` without front matter."""
    if not text.startswith("---\n"):
        return None
    start = text.find("\n---", 3)
    while start >= 0 and not (end := _FENCE.match(text, start)):
        start = text.find("\n---", start + 1)
    if start < 0 or not end:
        return None
    rest = text[end.end() :]
    prose = rest.lstrip("\n")
    return text[4 : start + 1], prose, text.count("\n", 0, end.end()) + 1 + len(rest) - len(prose)


def decode(data: bytes, path: str) -> str | Problem:
    """Decode a briefing's bytes: UTF-8, an optional byte-order mark, any line ends; or say what is wrong."""
    if len(data) > MAX_BYTES:
        return Problem(path, 0, "", f"larger than {MAX_BYTES // 1000} KB (is this a briefing?)")
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(path, line, "", "not UTF-8 (save the file as UTF-8)")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def parse(text: str, path: str, parts: Parts | None = None) -> tuple[Briefing | None, tuple[Problem, ...]]:
    """Read a briefing's file.

    Args:
        text: the decoded file (:func:`decode`).
        path: below the content folder, for messages.
        parts: what :func:`split` gives of it, by somebody who needs them too.

    Returns:
        The briefing, or ``None`` when there is an error; and every problem found, errors and warnings.
    """
    marked = "<<<<<<<" in text or ">>>>>>>" in text or "|||||||" in text
    if marked and (conflict := _CONFLICT.search(text)):
        line = text.count("\n", 0, conflict.start()) + 1
        return None, (Problem(path, line, "", "a git conflict marker (finish the merge)"),)
    parts = parts or split(text)
    if parts is None:
        what = "no front matter (the first line is ---, and another --- closes it)"
        return None, (Problem(path, 1, "", what),)
    head, prose, prose_line = parts
    if len(head) > MAX_FRONT_MATTER:
        return None, (Problem(path, 1, "", f"front matter longer than {MAX_FRONT_MATTER} characters"),)
    sound = clean.untouched(head)
    head, doubtful = (head, []) if sound else _published(head, path)
    entries = _simple(head) if sound and "\t" not in head else None
    # Simple values, and all without a backslash, hold no character that does not stand in the text.
    sound = sound and (entries is not None or "\\" not in head)
    try:
        entries = entries or _entries(yamlio.load(head, _FIRST_LINE))
    except yamlio.YamlError as error:
        return None, (*doubtful, Problem(path, error.line, "front matter", str(error)))
    briefing, problems = _briefing(entries, prose, prose_line, path, sound=sound)
    return briefing, (*doubtful, *problems)


_FIRST_LINE = 2
"""Of the front matter: line 1 opens it."""
_Entry = tuple[str, int, "yamlio.Node | None", Any]
"""A key, its line, and what it says: as a node, or as the value that was parsed of the same words before."""
_known: dict[tuple[str, str], Any] = {}
"""Values of fields that many briefings have in common, by key and words."""
_MANY = 16_384


def _entries(top: yamlio.Mapping) -> list[_Entry]:
    return [(key.text, key.line, node, None) for key, node in top.items]


def _simple(head: str) -> list[_Entry] | None:
    """The entries of simple front matter; ``None`` when it is not simple."""
    entries: list[_Entry] = []
    line = _FIRST_LINE
    for piece in simpleyaml.pieces(head) or ():
        key, words = piece
        known, node = _known.get(piece), None
        if known is None:
            node = simpleyaml.value(key, words, line)
            if node is None:
                return None
            known = _shared(piece, node)
        entries.append((key, line, node, known))
        line += words.count("\n")
    return entries or None


def _shared(piece: tuple[str, str], node: yamlio.Node) -> Any:
    """The value of a field that many briefings have in common; ``None`` of another one, or when something is wrong."""
    field = _BY_NAME.get(piece[0])
    if field is None or not field.often or _absent(node):
        return None
    try:
        value = field.parse(node)
    except ValueProblem:
        return None  # it is parsed again where that is told
    if len(_known) >= _MANY:
        _known.clear()
    _known[piece] = value
    return value


def _absent(node: yamlio.Node) -> bool:
    return isinstance(node, yamlio.Scalar) and node.plain and not node.text


def _published(head: str, path: str) -> tuple[str, list[Problem]]:
    """Leave out what YAML cannot even read, and say where it stood."""
    kept: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(head.split("\n")):
        clear, count = clean.strip(line)
        if count:
            found = clean.names(clean.FORBIDDEN.findall(line))
            what = f"characters that cannot be published were left out ({found})"
            problems.append(Problem(path, 2 + number, "front matter", what, "warning"))
        kept.append(clear)
    return "\n".join(kept), problems


def _briefing(
    entries: Iterable[_Entry], prose: str, prose_line: int, path: str, *, sound: bool
) -> tuple[Briefing | None, tuple[Problem, ...]]:
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for name, line, node, known in entries:
        lines[name] = line
        if known is not None or node is None:
            found[name] = known
            continue
        field = _BY_NAME.get(name)
        if field is None:
            problems.append(Problem(path, line, name, f'unknown field "{name}"{did_you_mean(name, _BY_NAME)}'))
            continue
        if not sound:
            problems += _doubtful(node, path, name)
        if _absent(node):
            continue
        try:
            found[name] = field.parse(node)
        except ValueProblem as error:
            problems.append(Problem(path, error.line, name, str(error)))
    wrong = {problem.field for problem in problems if problem.severity == "error"}
    status = found.get("status", "")
    for field in _NEEDED:
        if found.get(field.name) not in _EMPTY or field.name in wrong:
            continue
        if field.required == "always" or status in {"published", "withdrawn"}:
            line = lines.get(field.name, 1)
            problems.append(Problem(path, line, field.name, f"missing ({field.help.splitlines()[0].lower()})"))
    problems += [Problem(path, lines.get(name, 1), name, what) for name, what in _together(found) if name not in wrong]
    if problems and any(problem.severity == "error" for problem in problems):
        return None, tuple(problems)
    digest = sha256(prose.encode("utf-8", "surrogatepass")).hexdigest()
    return Briefing(path=path, **found, prose=digest, prose_line=prose_line, lines=lines), tuple(problems)


_EMPTY = (None, "", ())


def _doubtful(node: yamlio.Node, path: str, name: str) -> list[Problem]:
    """Warn of characters that are taken out or that deceive, wherever they stand in the field."""
    if isinstance(node, yamlio.Sequence):
        return [problem for item in node.items for problem in _doubtful(item, path, name)]
    if isinstance(node, yamlio.Mapping):
        return [problem for _, item in node.items for problem in _doubtful(item, path, name)]
    problems: list[Problem] = []
    if clean.untouched(node.text):
        return problems
    if found := clean.FORBIDDEN.findall(node.text):
        what = f"characters that cannot be published were left out ({clean.names(found)})"
        problems.append(Problem(path, node.line, name, what, "warning"))
    if found := clean.DECEIVING.findall(node.text):
        what = f"invisible characters ({clean.names(found)}): delete them if they are not meant"
        problems.append(Problem(path, node.line, name, what, "warning"))
    return problems


def _together(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Rules that concern more than one field: (field, sentence)."""
    wrong: list[tuple[str, str]] = []
    published, updated = found.get("published"), found.get("updated")
    if published and updated and updated < published:
        wrong.append(("updated", "earlier than published"))
    if found.get("status") != "draft" and "source" in found and not found["source"].name:
        wrong.append(("source", "name is missing (who says so, as the original printed it)"))
    if found.get("status") == "withdrawn" and not found.get("withdrawn_reason"):
        wrong.append(("withdrawn_reason", "missing (readers are told why)"))
    if found.get("status") == "published" and found.get("questions"):
        count = len(found["questions"])
        wrong.append(("questions", f"{count} still open (answer each, delete its line, or set status: draft)"))
    if found.get("slug") in found.get("aliases", ()):
        wrong.append(("aliases", f'"{found["slug"]}" is the present slug'))
    told = found.get("status") == "withdrawn" or any(change.kind == "major" for change in found.get("changes", ()))
    if updated and not told:
        wrong.append(("updated", "set without a major change (add one under changes, or delete updated)"))
    return wrong


def dump(briefing: Briefing, prose: str) -> str:
    """Write a briefing as a file: the fields in the order of the table, empty ones left out, then the prose.

    Raises:
        ValueError: when reading it back does not give the same briefing (reliability R9).
    """
    plain: dict[str, Any] = {}
    for field in FIELDS:
        value = getattr(briefing, field.name)
        if value in (None, "", ()):
            continue
        plain[field.name] = values.flat(value)
        if field.name == "removed":
            plain["removed"] = [
                {key: entry[name] for key, name in _REMOVED if name in entry} for entry in plain["removed"]
            ]
    text = f"---\n{yamlio.dump(plain)}---\n\n{prose.strip(chr(10))}\n"
    again, problems = parse(text, briefing.path)
    if again is None or replace(again, prose="", prose_line=1) != replace(briefing, prose="", prose_line=1):
        found = "; ".join(str(problem) for problem in problems if problem.severity == "error")
        raise ValueError(f"{briefing.path}: does not read back as written {found}".rstrip())
    return text


_REMOVED = (("text", "text"), ("reason", "reason"), ("at", "start"), ("to", "end"))


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the front matter, for editors' tools."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a briefing",
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in FIELDS if field.required == "always"],
        "properties": {field.name: {**field.schema, "description": " ".join(field.help.split())} for field in FIELDS},
    }


def reference() -> str:
    """Return the reference page of the front matter, in Markdown, made from the table."""
    needed = {"always": "always", "published": "once published", "": ""}
    rows = "\n".join(
        f"| `{field.name}` | {needed[field.required]} | {' '.join(field.help.split())} |" for field in FIELDS
    )
    return (
        "# Front matter\n\n"
        "Made from the table of fields in `briefings/frontmatter.py` by `invoke reference`; do not edit here.\n"
        "[`frontmatter.schema.json`](frontmatter.schema.json) is the same for editors' tools.\n\n"
        "| field | required | what it says |\n| --- | --- | --- |\n"
        f"{rows}\n"
    )
