"""What becomes of one seed, given what the content folder holds: written, updated, proposed, kept or refused (R12)."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from briefings import frontmatter, make, merge, near
from briefings.errors import ContentError, Problem
from briefings.shelf import PROPOSED, Item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from briefings.make import Made
    from briefings.model import Briefing
    from briefings.shelf import Shelf

STANDARD_INPUT = "standard input"
"""Name of what is pasted: it says nothing about what it is a version of."""
WHAT = ("written", "updated", "proposed", "kept", "refused")
_SAME = 0.25
"""Share of the shorter text's runs of words that two seeds of one name have in common, if they are versions of one."""
_TOGETHER = 256
"""Files that are synced together."""
_AT_LEAST_EVERY = 2.0
"""Seconds after which what is ready is written, however little."""


class Outcome(Struct, frozen=True):
    """What became of one seed: one of :data:`WHAT`. ``path`` is the draft's, or that of a merge that was proposed."""

    seed: str
    what: str
    path: str = ""
    questions: int = 0
    characters: int = 0
    removed: int = 0
    note: str = ""
    problems: tuple[Problem, ...] = ()

    def line(self) -> str:
        """One line for standard output; empty if the problems say it all."""
        note = f"; {self.note}" if self.note else ""
        if self.what == "kept":
            where = f" == {self.path}" if self.path else ""
            return f"{self.seed}{where} ({self.note or 'ingested before; nothing changed'})"
        if self.what == "refused":
            return ""
        asked = f"{self.questions} question{'s' if self.questions != 1 else ''}"
        how = {"written": "", "updated": "updated, ", "proposed": "proposed, "}[self.what]
        return f"{self.seed} -> {self.path} ({how}{asked}){note}"

    def as_json(self) -> str:
        """One JSON object on a line."""
        row = {name: getattr(self, name) for name in Outcome.__struct_fields__}
        return json.dumps({**row, "problems": [str(problem) for problem in self.problems]}, ensure_ascii=False)


def refused(problem: Problem) -> Outcome:
    """The outcome of a seed that cannot be taken."""
    return Outcome(problem.file, "refused", note=problem.what, problems=(problem,))


class Placing(Struct):
    """Takes what was made of seeds, in order, and gives outcomes in the same order once they are on the disk."""

    shelf: Shelf
    received: datetime
    dry_run: bool
    _ready: list[Outcome] = field(default_factory=list)
    _since: float = 0.0

    def __enter__(self) -> None:
        if not self.dry_run:
            self.shelf.writer.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.dry_run:
            self.shelf.writer.clear()
            self.shelf.save()
        if isinstance(error, OSError):
            what = f"cannot be written to ({error.strerror}); what was reported so far is in place"
            raise ContentError(Problem(self.shelf.content.as_posix(), 0, "", what)) from error

    # --- in order ----------------------------------------------------------------------------------------------------

    def settle(self, outcome: Outcome) -> Iterator[Outcome]:
        """Give an outcome its turn."""
        if not self._ready:
            self._since = time.monotonic()
        self._ready.append(outcome)
        waiting = self.shelf.writer.waiting
        if not waiting or waiting >= _TOGETHER or time.monotonic() - self._since > _AT_LEAST_EVERY:
            yield from self.flush()

    def flush(self) -> Iterator[Outcome]:
        """Write what waits, and give all outcomes that are ready."""
        taken = {self.shelf.shown(path) for path in self.shelf.flush()}
        ready, self._ready = self._ready, []
        for outcome in ready:
            if outcome.what == "written" and outcome.path in taken:
                what = f"somebody made {outcome.path} meanwhile (ingest it once more)"
                yield refused(Problem(outcome.seed, 0, "", what))
            else:
                yield outcome

    # --- seeds that are known ----------------------------------------------------------------------------------------

    def recognise(self, sha256: str, name: str) -> Outcome | None:
        """What is known of these bytes; ``None`` if they have to be read."""
        if count := self.shelf.archives.get(sha256):
            return Outcome(name, "kept", note=f"its {count} documents were ingested before; nothing changed")
        first = make.identity(sha256)
        identity = self.shelf.holder(sha256, first) if sha256 else ""
        if not identity:
            return None
        now, base = self.shelf.items.get(identity), self.shelf.bases.get(identity)
        pending = self.shelf.pending.get(identity)
        if now is None:
            return self._deleted(name, base or pending)
        shown = self.shelf.shown(now.path)
        if sha256 == now.sha256:
            if sha256 in {base and base.sha256, pending and pending.sha256}:
                copy = f"the same bytes as {now.seed}; nothing changed" if name != now.seed else ""
                return Outcome(name, "kept", shown, note=copy)
            return None
        if pending and pending.sha256 == sha256:
            if base and self.shelf.text(now) == self.shelf.text(base):
                return None
            waiting = self.shelf.proposals(now.path)
            if not waiting:
                return Outcome(name, "kept", shown, note="the merge that was proposed was not taken over")
            what = f"a merge with a changed seed waits in {waiting[-1].name} (move it over this file, or delete it)"
            return Outcome(name, "kept", shown, note=what, problems=(Problem(shown, 0, "", what),))
        if name in {item.seed for item in (now, base, pending) if item}:
            return None
        return Outcome(name, "kept", shown, note="an earlier version of its seed; nothing changed")

    def _deleted(self, name: str, item: Item | None) -> Outcome:
        path = self.shelf.shown(item.path) if item else ""
        return Outcome(name, "kept", path, note="its briefing was deleted and does not come back")

    # --- seeds that were read ----------------------------------------------------------------------------------------

    def seen(self, sha256: str, name: str) -> Iterator[Outcome]:
        """Say what a document of an archive became, of which nothing was made since it is known."""
        yield from self.settle(self.recognise(sha256, name) or Outcome(name, "kept", note="ingested before"))

    def made(self, made: Made) -> Iterator[Outcome]:
        """Find a place for what was made of a seed."""
        if outcome := self.recognise(made.sha256, made.name):
            yield from self.settle(outcome)
        elif identity := self._earlier(made):
            # What it is merged with may still wait to be written.
            yield from self.flush()
            yield from self.settle(self._again(made, identity))
        else:
            yield from self.settle(self._new(made))

    def _earlier(self, made: Made) -> str:
        """The id of the briefing that an earlier version of this seed became; empty if there is none."""
        identity = self.shelf.holder(made.sha256, made.briefing.id)
        if identity or made.name == STANDARD_INPUT:
            return identity
        best, found = _SAME, ""
        for identity in self.shelf.of_seed(made.name):
            likeness = 0.0
            for item in (self.shelf.items.get(identity), self.shelf.bases.get(identity)):
                parts = frontmatter.split(self.shelf.text(item) or "")
                likeness = max(likeness, near.shared(made.prose, parts[1])[1] if parts else 0.0)
                if item and self.shelf.same_link(item, made.briefing.source.url):
                    likeness = 1.0
            if likeness > best:
                best, found = likeness, identity
        return found

    def _new(self, made: Made) -> Outcome:
        twice = self.shelf.duplicates(made.signature, made.prose, made.briefing.source.url)
        briefing, text = made.briefing, made.text
        slug = self.shelf.free(briefing.slug, self.received.year)
        if twice or slug != briefing.slug:
            asked = tuple(f"duplicate: {words}: keep one of them, or delete this line" for words in twice)
            path = briefing.path.removesuffix(f"{briefing.slug}.md") + f"{slug}.md"
            briefing = replace(briefing, slug=slug, path=path, questions=(*asked, *briefing.questions))
            text = frontmatter.dump(briefing, made.prose)
        self.shelf.add(_item(briefing, made.signature), text, write=not self.dry_run)
        problems = [Problem(made.name, 0, "duplicate", words, "warning") for words in twice]
        if others := self.shelf.of_seed(made.name)[:-1] if made.name != STANDARD_INPUT else []:
            before = self.shelf.items.get(others[-1]) or self.shelf.bases[others[-1]]
            what = f"{before.path} came from a file of this name too, with another text: this is a draft of its own"
            problems.append(Problem(made.name, 0, "", what, "warning"))
        return self._outcome(made, "written", briefing, problems=tuple(problems))

    def _outcome(
        self, made: Made, what: str, briefing: Briefing, *, note: str = "", problems: tuple[Problem, ...] = ()
    ) -> Outcome:
        return Outcome(
            made.name, what, self.shelf.shown(briefing.path), len(briefing.questions), made.characters,
            len(briefing.removed), note, problems,
        )  # fmt: skip

    def _again(self, made: Made, identity: str) -> Outcome:
        """A changed seed beside its briefing."""
        item = self.shelf.items.get(identity)
        if item is None:
            return self._deleted(made.name, self.shelf.bases.get(identity))
        place = self.shelf.content / item.path
        try:
            read = place.read_bytes()
        except OSError as error:
            return refused(Problem(made.name, 0, "", f"its briefing {item.path} cannot be read ({error.strerror})"))
        decoded = frontmatter.decode(read, item.path)
        text = decoded if isinstance(decoded, str) else ""
        yours, _ = frontmatter.parse(text, item.path)
        now = replace(
            made.briefing,
            id=identity,
            path=item.path,
            slug=yours.slug if yours else item.slug,
            received=yours.received if yours else made.briefing.received,
        )
        new = frontmatter.dump(now, made.prose)
        wrote = self.shelf.text(self.shelf.base(identity))
        if yours and item.sha256 == made.sha256:
            # Ingested before there was a ledger, or by a run that was killed before it came to that.
            if not self.dry_run:
                self.shelf.keep(_item(now), new)
            return self._outcome(made, "kept", yours)
        if yours and text == wrote and yours.status == "draft":
            if not self.dry_run:
                self.shelf.keep(_item(now), new, pending=True)
                if not self.shelf.writer.replace(place, new, read):
                    return self._again(made, identity)
                self.shelf.changed(_item(now, made.signature))
                self.shelf.settle(identity)
            return self._outcome(
                made, "updated", now, note="the seed changed, the draft was as the machine had left it"
            )
        return self._propose(made, item, yours, text, now, new)

    def _propose(self, made: Made, item: Item, yours: Briefing | None, text: str, now: Briefing, new: str) -> Outcome:
        """Write a merge beside a briefing that is an editor's by now, and leave the briefing as it is."""
        shown = self.shelf.shown(item.path)
        if yours is None:
            place = self._beside(item.path, new, [])
            self._write(place, new)
            what = (
                f"its seed {made.name} changed, but this file has an error, so nothing was merged: what the seed says "
                f"now is {place.name} (mend the error, then ingest it again)"
            )
            return self._proposed(made, place, now, "not merged", Problem(shown, 0, "", what))
        base = _version(self.shelf.text(self.shelf.base(item.id)), item.path)
        merged = merge.merge(base, merge.Version(yours, _prose(text)), merge.Version(now, _prose(new)))
        if replace(merged.briefing, seed=yours.seed) == yours and merged.prose == _prose(text):
            if not self.dry_run:
                self.shelf.keep(_item(now), new, pending=True)
            return self._outcome(made, "kept", yours, note="the seed changed, the briefing has it already")
        proposal = _written(yours, merged)
        earlier = _version(self.shelf.text(self.shelf.pending.get(item.id)), item.path)
        before = [new, self.shelf.text(self.shelf.pending.get(item.id)) or new]
        if earlier:
            before.append(_written(yours, merge.merge(base, merge.Version(yours, _prose(text)), earlier)))
        place = self._beside(item.path, proposal, before)
        self._write(place, proposal)
        if not self.dry_run:
            self.shelf.keep(_item(now), new, pending=True)
        names = ", ".join(dict.fromkeys(conflict.field for conflict in merged.conflicts))
        note = f"changed by both: {names}" if names else "no conflict"
        what = (
            f"its seed {made.name} changed, and so did the briefing: the merge is {place.name} ({note}; "
            "move it over this file, or delete it)"
        )
        return self._proposed(made, place, merged.briefing, note, Problem(shown, 0, "", what))

    def _proposed(self, made: Made, place: Path, briefing: Briefing, note: str, problem: Problem) -> Outcome:
        outcome = self._outcome(made, "proposed", briefing, note=note, problems=(problem,))
        return replace(outcome, path=place.as_posix())

    def _beside(self, path: str, text: str, before: list[str]) -> Path:
        """The first name for a proposal that nothing has, or that only has what a machine wrote there before."""
        place = self.shelf.content / path
        number = 1
        while True:
            found = place.with_name(f"{place.name}{PROPOSED}{'' if number == 1 else f'-{number}'}")
            if not found.exists() or found.read_bytes() in {old.encode() for old in (text, *before)}:
                return found
            number += 1

    def _write(self, place: Path, text: str) -> None:
        if self.dry_run:
            return
        if place.exists():
            if (read := place.read_bytes()) != text.encode():
                self.shelf.writer.replace(place, text, read)
        else:
            self.shelf.writer.put((place, text, True))
            self.shelf.writer.flush()


def _item(briefing: Briefing, signature: bytes | None = None) -> Item:
    seed = briefing.seed
    return Item(
        briefing.path, briefing.id, briefing.slug, briefing.aliases, seed.file if seed else "",
        seed.sha256 if seed else "", briefing.source.url, signature,
    )  # fmt: skip


def _prose(text: str) -> str:
    parts = frontmatter.split(text)
    return parts[1] if parts else text


def _version(text: str | None, path: str) -> merge.Version | None:
    found = frontmatter.parse(text, path)[0] if text else None
    return merge.Version(found, _prose(text)) if found and text else None


def _written(yours: Briefing, merged: merge.Merged) -> str:
    """The file of a merge: what both changed is asked, and marked in the prose, so that it cannot be published so."""
    questions = tuple(dict.fromkeys((*_questions(yours, merged.conflicts), *merged.briefing.questions)))
    # The prose is added after the check that the front matter reads back: its marks are refused, and shall be.
    head = frontmatter.dump(replace(merged.briefing, status="draft", questions=questions), "").rstrip("\n")
    if yours.status != "draft":
        head = head.replace('\nstatus: "draft"\n', f'\nstatus: "{yours.status}"\n', 1)
    return f"{head}\n\n{merged.prose}"


def _questions(yours: Briefing, conflicts: tuple[merge.Conflict, ...]) -> Iterator[str]:
    """What the editor has to decide before a merge can be published."""
    if yours.status != "draft":
        yield "seed: it changed after the review (look at what is new, and say it under changes if readers should know)"
    for conflict in conflicts:
        if conflict.field == "text":
            yield "text: you and the changed seed both changed a paragraph (keep one of the two where it is marked)"
        else:
            yield f"{conflict.field}: the changed seed says {conflict.now} (you have {conflict.yours})"
