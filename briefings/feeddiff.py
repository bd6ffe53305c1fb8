"""What subscribers would see if one built site replaced another, feed by feed.

Read from the built JSON feeds, which say the same as the others, and from the ids of the Atom feeds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from lxml import etree
from msgspec import Struct

from briefings.errors import ContentError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Kind = Literal["feed gone", "feed id changed", "id changed", "lost", "re-dated", "updated", "edited", "new", "new feed"]

KINDS: tuple[tuple[Kind, bool, str], ...] = (
    ("feed gone", True, "subscribers get an error"),
    ("feed id changed", True, "readers may show everything as new"),
    ("id changed", True, "the old briefing comes back as new"),
    ("lost", True, "gone from readers that keep what the feed holds"),
    ("re-dated", True, "moves to another place in readers"),
    ("updated", False, "readers may mark it as changed"),
    ("edited", False, "the text differs, quietly"),
    ("new", False, ""),
    ("new feed", False, ""),
)
"""Kind, whether it must not happen to subscribers, and what it means to them; the gravest first."""

_ATOM = "{http://www.w3.org/2005/Atom}"
_TEXT = ("title", "content_html", "summary", "url", "external_url", "tags", "image", "_geo")


class Difference(Struct, frozen=True):
    """One difference in one feed. ``feed`` is the address of its list (``/tags/flood/``)."""

    feed: str
    kind: Kind
    id: str
    title: str
    detail: str = ""


class _Feed(Struct, frozen=True):
    id: str
    title: str
    items: tuple[Mapping[str, Any], ...]


def compare(old: Path, new: Path) -> tuple[Difference, ...]:
    """Compare two output folders.

    Returns:
        The differences, by feed and in the order of :data:`KINDS`; the newest entries first.

    Raises:
        ContentError: a folder is not there, or holds a feed that cannot be read.
    """
    before, after = _feeds(old), _feeds(new)
    found: list[Difference] = []
    for name in sorted({*before, *after}):
        if name not in after:
            found.append(Difference(name, "feed gone", before[name].id, before[name].title))
        elif name not in before:
            count = len(after[name].items)
            found.append(Difference(name, "new feed", after[name].id, after[name].title, f"{count} entries"))
        else:
            found += sorted(_of(name, before[name], after[name]), key=lambda one: _RANK[one.kind])
    return tuple(found)


_RANK = {kind: place for place, (kind, _, _) in enumerate(KINDS)}


def _of(name: str, before: _Feed, after: _Feed) -> Iterator[Difference]:
    if before.id != after.id:
        yield Difference(name, "feed id changed", after.id, after.title, f"was {before.id}")
    old = {item["id"]: item for item in before.items}
    new = {item["id"]: item for item in after.items}
    added = [item for key, item in new.items() if key not in old]
    by_address = {item["url"]: item for item in added}
    oldest = min((item["date_published"] for item in after.items), default="")
    for key, item in old.items():
        if key in new:
            yield from _same(name, item, new[key])
        elif item["url"] in by_address:
            twin = by_address.pop(item["url"])
            yield Difference(name, "id changed", twin["id"], twin["title"], f"was {key}")
        elif item["date_published"] >= oldest or len(new) < len(old):  # else newer ones have pushed it out
            yield Difference(name, "lost", key, item["title"])
    for item in added:
        if by_address.get(item["url"]) is item:
            yield Difference(name, "new", item["id"], item["title"], item["date_published"])


def _same(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    if old["date_published"] != new["date_published"]:
        detail = f"{old['date_published']} -> {new['date_published']}"
        yield Difference(name, "re-dated", new["id"], new["title"], detail)
    elif old.get("date_modified") != new.get("date_modified"):
        yield Difference(name, "updated", new["id"], new["title"], new.get("date_modified", ""))
    elif changed := [field.strip("_") for field in _TEXT if old.get(field) != new.get(field)]:
        yield Difference(name, "edited", new["id"], new["title"], ", ".join(changed))


def _feeds(output: Path) -> dict[str, _Feed]:
    if not output.is_dir():
        raise ContentError(Problem(str(output), 0, "", "no such folder (name two output folders of a build)"))
    found = {}
    for path in sorted(output.rglob("feed.json")):
        name = f"/{path.parent.relative_to(output).as_posix()}/".replace("/./", "/")
        try:
            data = json.loads(path.read_bytes())
            identity = etree.parse(path.with_name("feed.atom.xml")).findtext(f"{_ATOM}id") or ""
            found[name] = _Feed(identity, str(data["title"]), tuple(data["items"]))
        except (OSError, ValueError, KeyError, etree.XMLSyntaxError) as error:
            raise ContentError(Problem(str(path), 0, "", f"is not a feed of this project ({error})")) from None
    if not found:
        raise ContentError(Problem(str(output), 0, "", "holds no feed (name the output folder of a build)"))
    return found


def grave(differences: Iterable[Difference]) -> bool:
    """Whether there is a difference that subscribers must not see."""
    bad = {kind for kind, must_not, _ in KINDS if must_not}
    return any(one.kind in bad for one in differences)


def as_text(differences: Iterable[Difference], most: int = 3) -> str:
    """Tell people: each entry once, with the feeds that it concerns (at most ``most`` by name), the gravest first."""
    groups: dict[tuple[Kind, str, str], list[Difference]] = {}
    for one in differences:
        groups.setdefault((one.kind, one.id, one.detail), []).append(one)
    lines = []
    for kind, _, meaning in KINDS:
        some = [group for (what, _, _), group in groups.items() if what == kind]
        if some:
            lines.append(f"{len(some)} {kind}" + (f": {meaning}" if meaning else ""))
        for group in some:
            names = [one.feed for one in group]
            more = f" and {len(names) - most} more" if len(names) > most else ""
            detail = f" ({group[0].detail})" if group[0].detail else ""
            lines.append(f"  {group[0].title}{detail}: {', '.join(names[:most])}{more}")
    return "\n".join(lines) or "Subscribers would see no difference."


def as_json(differences: Iterable[Difference]) -> str:
    """Tell programs: one object a difference, a line each."""
    return "\n".join(
        json.dumps({name: getattr(one, name) for name in Difference.__struct_fields__}, ensure_ascii=False)
        for one in differences
    )
