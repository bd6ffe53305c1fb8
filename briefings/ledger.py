"""What has gone out: ``content/published.txt``, a line for every briefing that subscribers have seen.

Feed readers know a briefing by its id and sort it by its time. So ``check`` refuses a published id that changed or is
gone without a withdrawal, and a time that moved. ``publish`` (or ``check --write-ledger``) writes the file, nobody
else; it is committed with the content. Lines are sorted by id, so that two branches seldom touch the same place.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefings import reading, values
from briefings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from briefings.library import Library
    from briefings.model import Briefing

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FILE = "published.txt"
_HEAD = "# What has gone out: id, time, file. Written by `briefings publish`; commit it, do not edit it.\n"


@dataclass(frozen=True, slots=True)
class Row:
    """A briefing, or a feed of ``feeds.yaml``, that went out. ``line`` is where the ledger says so."""

    id: str
    published: str
    """RFC 3339 in UTC; ``feed`` for a feed."""
    name: str
    """The briefing's file below the content folder when it was last published; the key of a feed."""
    line: int = 0


def read(content: Path) -> tuple[dict[str, Row], tuple[Problem, ...]]:
    """Read the ledger: rows by id, and what is wrong with it. Without one, nothing has gone out."""
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
    texts = (reading.read(content / name, name) for name in sorted(broken) if name.endswith(".md"))
    unread = {identity for text in texts if isinstance(text, str) for identity in _UUID.findall(text)}
    feeds = {row.key: row.id for row in shelf.tables.selections.values()}
    for row in rows.values():
        if row.published == "feed":
            yield from _feed(row, feeds.get(row.name, ""), broken)
        elif row.id in out:
            yield from _moved(out[row.id], row, values.stamp(shelf.moments[row.id]))
        elif row.id in back:
            yield _taken_back(back[row.id], row)
        elif row.id not in unread:
            yield _gone(row, by_path.get(row.name))


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
    known = len(rows)
    for briefing in shelf.briefings:
        if briefing.status != "draft":
            moment = rows[briefing.id].published if briefing.id in rows else values.stamp(shelf.moments[briefing.id])
            rows[briefing.id] = Row(briefing.id, moment, briefing.path)
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
