"""What has gone out: ``content/published.txt``, a line for every briefing that subscribers have seen.

It has one for every feed of ``feeds.yaml`` and for every change that readers were told of, too.

Feed readers know a briefing by its id and sort it by its time. So ``check`` refuses a published id that changed or is
gone without a withdrawal, and a time that moved. ``publish`` (or ``check --write-ledger``) writes the file, nobody
else; it is committed with the content. Lines are sorted by id, so that two branches seldom touch the same place.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from msgspec import Struct

from briefings import contents, values
from briefings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from briefings.library import Library
    from briefings.model import Briefing, Change

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FILE = "published.txt"
_HEAD = "# What has gone out: id, time, file. Written by `briefings publish`; commit it, do not edit it.\n"


class Row(Struct, frozen=True):
    """A briefing, or a feed of ``feeds.yaml``, that went out. ``line`` is where the ledger says so."""

    id: str
    published: str
    """RFC 3339 in UTC; ``feed`` for a feed, ``change`` for a change."""
    name: str
    """The briefing's file below the content folder when it was last published; the key of a feed; the briefing's id,
    the name and the digest of a change."""
    line: int = 0


def read(content: Path) -> tuple[dict[str, Row], tuple[Problem, ...]]:
    """Read the ledger: rows by id, and what is wrong with it. Without one, nothing has gone out."""
    if (content / FILE).exists() and not (content / FILE).is_file():
        return {}, (Problem(FILE, 0, "", "not a regular file (take it from git again)"),)
    try:
        text = (content / FILE).read_text("utf-8")
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeDecodeError):
        return {}, (Problem(FILE, 0, "", "cannot be read as UTF-8 text (take it from git again)"),)
    rows: dict[str, Row] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        parts = line.split(" ", 2)
        if len(parts) != 3 or len(parts[0]) != 36:
            problems.append(Problem(FILE, number, "", "is not a line of the ledger (take the file from git again)"))
            continue
        rows.setdefault(parts[0], Row(parts[0], parts[1], parts[2], number))
    return rows, tuple(problems)


def compare(content: Path, shelf: Library, broken: Collection[str]) -> Iterator[Problem]:
    """Yield what subscribers would notice that they must not.

    Args:
        content: the content folder.
        shelf: what can be published now.
        broken: files with errors of their own: what stands in them is not missing.
    """
    rows, problems = read(content)
    yield from problems
    if not rows:
        return
    out = {briefing.id: briefing for briefing in shelf.briefings if briefing.status != "draft"}
    back = {briefing.id: briefing for briefing in (*shelf.drafts, *shelf.held)}
    by_path = {briefing.path: briefing for briefing in (*out.values(), *back.values())}
    texts = (contents.read(content / name, name) for name in sorted(broken) if name.endswith(".md"))
    unread = {identity for text in texts if isinstance(text, str) for identity in _UUID.findall(text)}
    feeds = {row.key: row.id for row in shelf.tables.selections.values()}
    for row in rows.values():
        if row.published == "feed":
            yield from _feed(row, feeds.get(row.name, ""), broken)
        elif row.published == "change":
            continue
        elif row.id in out:
            yield from _moved(out[row.id], row, values.stamp(shelf.moments[row.id]))
        elif row.id in back:
            yield _taken_back(back[row.id], row)
        elif row.id not in unread:
            yield _gone(row, by_path.get(row.name))


def changes(briefing: Briefing, told: Mapping[str, str]) -> tuple[tuple[str, Change], ...]:
    """The major changes of a briefing in the order of its file, each with the name that makes its id.

    ``2026-11-20/2`` is the second of that day. Which is the second the ledger remembers, by the words of its note, so
    that a note put above older ones of its day takes none of their names; without it the order of the file decides.

    Args:
        briefing: the briefing.
        told: digests of notes by ``ID NAME``, from :func:`told`.
    """
    major = [change for change in briefing.changes if change.kind == "major"]
    names: dict[int, str] = {}
    for day in dict.fromkeys(str(change.on) for change in major):
        places = [place for place, change in enumerate(major) if str(change.on) == day]
        known: dict[str, str] = {}
        while digest := told.get(f"{briefing.id} {day}/{len(known) + 1}"):
            known[f"{day}/{len(known) + 1}"] = digest
        free = dict(known)
        for place in places:  # first those whose words are as they were
            digest = note_digest(major[place])
            name = next((name for name, words in free.items() if words == digest), "")
            if name:
                names[place] = name
                del free[name]
        left = [place for place in places if place not in names]
        fresh = (f"{day}/{len(known) + number}" for number in range(1, len(left) + 1))
        # then those that were reworded, as they stand; then what is new
        names |= zip(left, [*free, *fresh], strict=False)
    return tuple((names[place], change) for place, change in enumerate(major))


def note_digest(change: Change) -> str:
    """Tells a note from another one, whatever its spaces."""
    return sha256(" ".join(change.note.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def told(content: Path) -> dict[str, str]:
    """What readers were told: the digest of each change's note, by the briefing's id and the change's name."""
    rows = (row.name.rpartition(" ") for row in read(content)[0].values() if row.published == "change")
    return {key: digest for key, _, digest in rows}


def change_id(briefing: Briefing, name: str) -> str:
    """The UUID of a change."""
    return str(uuid5(UUID(briefing.id), f"change/{name}"))


def _feed(row: Row, present: str, broken: Collection[str]) -> Iterator[Problem]:
    if present == row.id or "feeds.yaml" in broken:
        return
    if present:
        yield Problem("feeds.yaml", 0, row.name, f"id: was {row.id} when it went out, and never changes (put it back)")
    else:
        what = f"the feed {row.name} went out and is gone from feeds.yaml: its subscribers get an error"
        yield Problem(FILE, row.line, "", what, "warning")


def _moved(briefing: Briefing, row: Row, moment: str) -> Iterator[Problem]:
    if moment == row.published:
        return
    line = briefing.lines.get("published", 1)
    hint = f"was {row.published} when it went out, and never changes (write published: {row.published})"
    yield Problem(briefing.path, line, "published", hint)


def _taken_back(briefing: Briefing, row: Row) -> Problem:
    if briefing.status == "draft":
        what = (
            "it was published, so readers have it (status: withdrawn and a withdrawn_reason tell them why it is gone)"
        )
        return Problem(briefing.path, briefing.lines.get("status", 1), "status", what)
    what = f"was {row.published} when it went out, and never changes (write published: {row.published})"
    return Problem(briefing.path, briefing.lines.get("published", 1), "published", what)


def _gone(row: Row, there: Briefing | None) -> Problem:
    if there:
        what = f"was {row.id} when it was published, and never changes (put it back)"
        return Problem(there.path, there.lines.get("id", 1), "id", what)
    what = f"{row.name} was published and is gone (take it from git again, with status: withdrawn and its reason)"
    return Problem(FILE, row.line, "", what)


def update(content: Path, shelf: Library) -> int:
    """Put everything that is public into the ledger; return how many lines are new.

    Nothing is ever taken out, and a time once written stays. The file is replaced as a whole.

    Raises:
        OSError: the content folder cannot be written.
    """
    rows, _ = read(content)
    known, before = len(rows), told(content)
    for briefing in shelf.briefings:
        if briefing.status != "draft":
            moment = rows[briefing.id].published if briefing.id in rows else values.stamp(shelf.moments[briefing.id])
            rows[briefing.id] = Row(briefing.id, moment, briefing.path)
            for name, change in changes(briefing, before):
                identity = change_id(briefing, name)
                rows[identity] = Row(identity, "change", f"{briefing.id} {name} {note_digest(change)}")
    for selection in shelf.tables.selections.values():
        rows[selection.id] = Row(selection.id, "feed", selection.key)
    text = _HEAD + "".join(f"{row.id} {row.published} {row.name}\n" for _, row in sorted(rows.items()))
    path = content / FILE
    if path.exists() and path.read_text("utf-8") == text:
        return 0
    aside = path.with_name(f".{FILE}.{os.getpid()}.new")
    try:
        aside.write_text(text, "utf-8")
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return len(rows) - known
