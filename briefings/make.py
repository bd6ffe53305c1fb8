"""From one seed file to what its draft will say: read, find, put into words. Runs in a worker and writes nothing."""

from __future__ import annotations

import os
import stat
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from msgspec import Struct

from briefings import clean, find, frontmatter, library, near, seeds
from briefings.errors import Problem
from briefings.model import Briefing, CalendarDate, SeedRef, SourceRef, Support
from briefings.seeds import containers
from briefings.slugs import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from briefings.model import Draft, Evidence, Finding, Place, Seed, Source

CONVERTER = 1
"""Version of what this step makes of a seed: recorded in each draft."""
_NAMESPACE = UUID("5b0e2f6e-6a55-4f0e-9e0b-7d7c9b6a0c11")
_MOST_WORDS = 6
_WORD_LENGTH = 200


class Task(Struct, frozen=True):
    """A file to be read. ``name`` is what messages and provenance print: the path, as the editor gave it, as a rule."""

    name: str
    path: Path


class Seen(Struct, frozen=True):
    """A document of an archive whose bytes were ingested before, so that nothing was looked for in it."""

    name: str
    sha256: str


class Made(Struct, frozen=True):
    """A draft as it is written if its slug is free. ``text`` is the whole file, ``prose`` what follows its fields."""

    briefing: Briefing
    prose: str
    text: str
    signature: bytes

    @property
    def name(self) -> str:
        """Of the seed, as the editor gave it."""
        return self.briefing.seed.file if self.briefing.seed else ""

    @property
    def sha256(self) -> str:
        """Of the seed's bytes."""
        return self.briefing.seed.sha256 if self.briefing.seed else ""

    @property
    def characters(self) -> int:
        """Of the seed's text."""
        return self.briefing.seed.characters if self.briefing.seed else 0


def digest(path: Path) -> str:
    """SHA-256 of a regular file that is not too large; of any other nothing, and reading it will say why (R1, R2)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return ""
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > containers.LARGEST:
            return ""
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    finally:
        os.close(handle)


def identity(digest_of_seed: str) -> str:
    """The id of the draft that is first made of these bytes: the same wherever they come in."""
    return str(uuid5(_NAMESPACE, digest_of_seed))


def read(task: Task) -> Iterator[Seed | Problem]:
    """Read the seeds of a file, one or (of an archive) many; one that cannot be read gives its problem."""
    return seeds.read_all(task.path, task.name)


def draft(seed: Seed, sources: Mapping[str, Source], received: datetime) -> Draft:
    """Find what a seed says."""
    return find.find(seed, sources, today=received.date())


def make(draft: Draft, received: datetime) -> Made | Problem:
    """Write a draft as text, under the slug that it has if that is free."""
    title = _said(draft.title)
    slug = slugify(title or Path(draft.seed.name).stem)
    path = f"{library.FOLDER}/{received.year}/{slug}.md"
    briefing = as_briefing(draft, identity(draft.seed.sha256), slug, path, received)
    try:
        text = frontmatter.dump(briefing, draft.body)
    except ValueError as error:
        return Problem(draft.seed.name, 0, "", f"the draft cannot be written ({error})")
    if len(text.encode("utf-8")) > frontmatter.MAX_BYTES:
        what = f"the draft would be larger than {frontmatter.MAX_BYTES // 1000} KB (split the article)"
        return Problem(draft.seed.name, 0, "", what)
    # As it will be read: the prose of the file, not of the draft.
    parts = frontmatter.split(text)
    prose = parts[1] if parts else ""
    return Made(briefing, prose, text, near.signature(prose))


def as_briefing(draft: Draft, identity: str, slug: str, path: str, received: datetime) -> Briefing:
    """Make the briefing that a draft is written as: every value with its evidence, every question asked."""
    date, partial = _date(draft)
    location = draft.location.value
    return Briefing(
        path=path,
        id=identity,
        title=_said(draft.title) or "Untitled",
        slug=slug,
        status="draft",
        source=SourceRef(_said(draft.source), _said(draft.author), _said(draft.filed_from), _url(draft.url)),
        date=date,
        location=location,
        places=tuple(dict.fromkeys(found.value.name for found in draft.places)),
        tags=tuple(found.value for found in draft.tags),
        key_points=tuple(dict.fromkeys(found.value for found in draft.key_points)),
        image=draft.image.value if draft.image else None,
        lang=draft.lang.value,
        received=received,
        questions=tuple(_questions(draft)),
        evidence=tuple(_evidence(draft, partial)),
        removed=tuple(draft.removed),
        seed=SeedRef(draft.seed.name, draft.seed.sha256, CONVERTER, len(draft.seed.text)),
    )


def _said(finding: Finding[str] | None) -> str:
    """The value without what deceives the eye, which no name may hold (R5); the question about it says what it was."""
    return clean.DECEIVING.sub("", finding.value).strip() if finding else ""


def _url(finding: Finding[str] | None) -> str:
    """The address; none if it holds what cannot be seen: without that it may be another one (R5)."""
    return finding.value if finding and not clean.DECEIVING.search(finding.value) else ""


def _questions(draft: Draft) -> Iterator[str]:
    yield from dict.fromkeys(draft.questions)
    if draft.url and (unseen := clean.DECEIVING.findall(draft.url.value)):
        yield f"url: it holds characters that cannot be seen ({clean.names(unseen)}). What is the address?"


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
        ("url", draft.url, _url(draft.url)),
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
