"""From seed files to new drafts in the content folder. Never writes over a file that is there.

A draft's id follows from the bytes of its seed, so a seed that was ingested before is recognised wherever its briefing
has been moved, and left alone.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from briefings import find, frontmatter, library, seeds, settings, tables
from briefings.errors import Problem, SeedError
from briefings.model import Briefing, CalendarDate, Draft, SeedRef, SourceRef, Support
from briefings.slugs import slugify
from briefings.values import SLUG_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from briefings.model import Evidence, Finding, Place, Source

CONVERTER = 1
"""Version of what this step makes of a seed: recorded in each draft."""
STDIN = "-"
_NAMESPACE = UUID("5b0e2f6e-6a55-4f0e-9e0b-7d7c9b6a0c11")
_MOST_WORDS = 6
_WORD_LENGTH = 200
_ID = re.compile(r"^id: *[\"']?([0-9a-f-]{36})", re.MULTILINE)
_SLUG = re.compile(r"^slug: *[\"']?([a-z0-9-]+)", re.MULTILINE)
_SEED = re.compile(r"^seed:\n(?:  .*\n)*?  file: *\"(.*)\"$", re.MULTILINE)
_SHA256 = re.compile(r"^  sha256: *[\"']?([0-9a-f]{64})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one seed: ``written``, ``kept`` (ingested before) or ``refused``; ``path`` is the draft's."""

    seed: str
    what: str
    path: str = ""
    questions: int = 0
    characters: int = 0
    removed: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every seed, in order, and what is wrong."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    dry_run: bool = False

    def lines(self) -> Iterator[str]:
        """One line a seed, for standard output."""
        for row in self.outcomes:
            if row.what == "written":
                asked = f"{row.questions} question{'s' if row.questions != 1 else ''}"
                yield f"{row.seed} -> {row.path} ({asked})" + (f"; {row.note}" if row.note else "")
            elif row.what == "kept":
                yield f"{row.seed} == {row.path} (ingested before; nothing changed)"

    def summary(self) -> str:
        """The closing line."""
        counts = {what: sum(row.what == what for row in self.outcomes) for what in ("written", "kept", "refused")}
        verb = "would be written" if self.dry_run else "written"
        return f"{counts['written']} drafts {verb}, {counts['kept']} kept as they are, {counts['refused']} refused."

    def as_json_lines(self) -> str:
        """One JSON object a seed, a line each."""
        return "".join(
            json.dumps({name: getattr(row, name) for name in Outcome.__slots__}, ensure_ascii=False) + "\n"
            for row in self.outcomes
        )


def files(names: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Expand what the editor named: a file as it is, a folder to its files (sorted, none that are hidden)."""
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield "standard input", None
        elif path.is_dir() and not path.is_symlink():
            for folder, folders, entries in os.walk(path):
                folders[:] = sorted(entry for entry in folders if not entry.startswith("."))
                for entry in sorted(entries):
                    if not entry.startswith("."):
                        inner = Path(folder) / entry
                        yield inner.as_posix(), inner
        else:
            yield path.as_posix(), path


def drafts(names: Iterable[str], content: Path | None = None) -> Iterator[Draft | Problem]:
    """Read seeds and find what they say; nothing is written.

    Args:
        names: files, folders, or ``-``.
        content: whose ``sources.yaml`` tells where a source is at home.

    Yields:
        A draft a seed, or the problem for which it was refused, in order.
    """
    known: Mapping[str, Source] = tables.load(content)[0].sources if content else {}
    today = settings.reference_time().date()
    for name, path in files(names):
        try:
            seed = seeds.read_bytes(name, sys.stdin.buffer.read()) if path is None else seeds.read(path, name)
            yield find.find(seed, known, today=today)
        except SeedError as error:
            yield from error.problems


def ingest(names: Iterable[str], content: Path, *, dry_run: bool = False) -> Report:
    """Turn seeds into new drafts below ``content/briefings/YYYY``.

    A seed that is refused does not keep the others from being written; an existing file is never opened for writing.
    """
    received = settings.reference_time()
    shelf = _Shelf(content)
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    for item in drafts(names, content):
        if isinstance(item, Problem):
            problems.append(item)
            outcomes.append(Outcome(item.file, "refused", note=item.what))
            continue
        try:
            outcomes.append(_one(item, shelf, received, problems, dry_run=dry_run))
        except (OSError, ValueError) as error:
            what = f"the draft cannot be written ({error})"
            problems.append(Problem(item.seed.name, 0, "", what))
            outcomes.append(Outcome(item.seed.name, "refused", note=what))
    return Report(tuple(outcomes), tuple(sorted(problems)), dry_run)


def _one(draft: Draft, shelf: _Shelf, received: datetime, problems: list[Problem], *, dry_run: bool) -> Outcome:
    identity = str(uuid5(_NAMESPACE, draft.seed.sha256))
    if earlier := shelf.ids.get(identity) or shelf.digests.get(draft.seed.sha256):
        return Outcome(draft.seed.name, "kept", earlier, characters=len(draft.seed.text))
    note = ""
    if draft.seed.name in shelf.seeds:
        note = f"an earlier version of this seed is {shelf.seeds[draft.seed.name]}"
        problems.append(Problem(draft.seed.name, 0, "", f"{note}; the new one is a draft of its own", "warning"))
    title = draft.title.value if draft.title else ""
    slug = shelf.free(slugify(title or Path(draft.seed.name).stem), received.year)
    path = f"{library.FOLDER}/{received.year}/{slug}.md"
    briefing = as_briefing(draft, identity, slug, path, received)
    text = frontmatter.dump(briefing, draft.body)
    if len(text.encode("utf-8")) > frontmatter.MAX_BYTES:
        raise ValueError(f"larger than {frontmatter.MAX_BYTES // 1000} KB; split the article")
    if not dry_run:
        _create(shelf.content / path, text)
    shelf.add(identity, slug, path, draft.seed.name, draft.seed.sha256)
    shown = (shelf.content / path).as_posix()
    return Outcome(
        draft.seed.name, "written", shown, len(draft.questions), len(draft.seed.text), len(draft.removed), note
    )


class _Shelf:
    """What the content folder holds already: by id, by slug, by seed. Files with errors count too."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.ids: dict[str, str] = {}
        self.slugs: set[str] = set()
        self.seeds: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        for name, path in library.scan(content):
            text = library.read(path, name)
            if isinstance(text, Problem):
                self.slugs.add(path.stem.casefold())
                continue
            parts = frontmatter.split(text)
            head = parts[0] if parts else text
            found = [pattern.search(head) for pattern in (_ID, _SLUG, _SEED, _SHA256)]
            identity, slug, seed, digest = (match[1] if match else "" for match in found)
            self.add(identity, slug or path.stem, name, seed, digest)

    def add(self, identity: str, slug: str, path: str, seed: str, digest: str) -> None:
        """Take note of a file that is there."""
        self.slugs |= {slug.casefold(), Path(path).stem.casefold()}
        shown = (self.content / path).as_posix()
        if identity:
            self.ids[identity] = shown
        if seed:
            self.seeds[seed] = shown
        if digest:
            self.digests[digest] = shown

    def free(self, slug: str, year: int) -> str:
        """The slug, or the first of ``slug-2``, ``slug-3`` … that nothing has yet."""
        number, candidate = 1, slug
        while candidate in self.slugs or (self.content / library.FOLDER / str(year) / f"{candidate}.md").exists():
            number += 1
            tail = f"-{number}"
            candidate = slug[: SLUG_MAX - len(tail)].rstrip("-") + tail
        return candidate


def _create(path: Path, text: str) -> None:
    """Put a new file in place as a whole; an existing one makes it fail (reliability R12)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with aside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def as_briefing(draft: Draft, identity: str, slug: str, path: str, received: datetime) -> Briefing:
    """Make the briefing that a draft is written as: every value with its evidence, every question asked."""
    date, partial = _date(draft)
    location = draft.location.value
    return Briefing(
        path=path,
        id=identity,
        title=draft.title.value if draft.title else "Untitled",
        slug=slug,
        status="draft",
        source=SourceRef(_said(draft.source), _said(draft.author), _said(draft.filed_from), _said(draft.url)),
        date=date,
        location=location,
        places=tuple(dict.fromkeys(found.value.name for found in draft.places)),
        tags=tuple(found.value for found in draft.tags),
        key_points=tuple(dict.fromkeys(found.value for found in draft.key_points)),
        image=draft.image.value if draft.image else None,
        lang=draft.lang.value,
        received=received,
        questions=tuple(dict.fromkeys(draft.questions)),
        evidence=tuple(_evidence(draft, partial)),
        removed=tuple(draft.removed),
        seed=SeedRef(draft.seed.name, draft.seed.sha256, CONVERTER, len(draft.seed.text)),
    )


def _said(finding: Finding[str] | None) -> str:
    return finding.value if finding else ""


def _date(draft: Draft) -> tuple[CalendarDate | None, str]:
    """The date if it is whole and sure, and else what was found, for the editor to decide (``--03-09``)."""
    if not draft.date.value:
        return None, ""
    if draft.date.status == "ambiguous":
        return None, draft.date.value
    try:
        return CalendarDate.parse(draft.date.value), ""
    except ValueError:
        return None, draft.date.value


def _evidence(draft: Draft, partial: str) -> Iterator[Support]:
    named: list[tuple[str, Finding[Any] | None, str]] = [
        ("title", draft.title, _said(draft.title)),
        ("source", draft.source, _said(draft.source)),
        ("author", draft.author, _said(draft.author)),
        ("filed_from", draft.filed_from, _said(draft.filed_from)),
        ("url", draft.url, _said(draft.url)),
        ("date", draft.date, partial or draft.date.value or ""),
        ("location", draft.location, _place(draft.location.value)),
        ("image", draft.image, draft.image.value.caption if draft.image else ""),
        *(("tags", found, found.value) for found in draft.tags),
    ]
    for name, finding, value in named:
        if finding is None:
            continue
        words = _words((*finding.evidence, *finding.hints))
        confidence = None if finding.confidence is None else round(finding.confidence, 2)
        yield Support(name, finding.status, " ".join(value.split()), finding.rule, words, confidence)


def _place(place: Place | None) -> str:
    return f"{place.name}, {place.country}" if place else ""


def _words(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    words = (" ".join(item.text.split())[:_WORD_LENGTH] for item in evidence)
    return tuple(dict.fromkeys(word for word in words if word))[:_MOST_WORDS]
