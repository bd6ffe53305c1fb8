"""An edit: from the few files that have changed to the pages that show them, without a look at the others.

The last build left what every unit of the plan saw (:mod:`briefings.graph`). So a build that finds a few changed files
reads these, works out which facts are others now, plans the units that see one of them, and makes what differs. What
it does not know how to tell from the changed files alone, it leaves to a whole build, which gives the same bytes.
"""

from __future__ import annotations

import os
from array import array
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from briefings import (
    build,
    check,
    crew,
    fresh,
    graph,
    kept,
    library,
    look,
    media,
    reading,
    selections,
    settings,
    state,
    tables,
    units,
    urls,
)
from briefings.amend import Placing
from briefings.desk import Desk
from briefings.kept import Keep, Lazily
from briefings.library import Digests
from briefings.prose import Links
from briefings.rearrange import Edited, WholeError, rearrange
from briefings.recall import Shelf, Shelved
from briefings.recall import library as recalled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from briefings.errors import Problem
    from briefings.model import Briefing
    from briefings.rearrange import Effect
    from briefings.recall import Before
    from briefings.report import Report
    from briefings.run import Wish
    from briefings.settings import Settings

MOST = 64
"""Changed files; a whole build is not much slower for more."""


def attempt(
    wish: Wish, stamp: fresh.Stamp, explain: dict[str, str] | None = None
) -> tuple[Report, tuple[Problem, ...]] | str:
    """Build what hangs on the few files that have changed since the last build.

    Args:
        wish: what was asked for.
        stamp: what there was at the last build, and what there is now.
        explain: takes the reason for every file that was written, by its path.

    Returns:
        What was written, and every problem; or why only a whole build can tell. Then nothing has changed, or what has
        is noted as unfinished, so that the whole build begins where this one ended.
    """
    try:
        # What is made for an edit is soon of no use: to look for garbage in it takes longer than to leave it.
        with crew.uncollected():
            return Edit(wish, stamp).build(explain)
    except WholeError as why:
        return str(why)
    except Exception as error:  # noqa: BLE001 - the whole build says it better, and needs nothing of what was kept
        return f"{error.__class__.__name__}: {error}"


class Edit:
    """One such build."""

    def __init__(self, wish: Wish, stamp: fresh.Stamp) -> None:
        if stamp.seen is None or stamp.left is None:
            raise WholeError("nothing is known of the last build")
        self.wish, self.stamp, self.seen, self.left = wish, stamp, stamp.seen, stamp.left
        self.moment = stamp.moment
        if not self.left.look.same(self.seen, period=False):
            raise WholeError("more has changed than briefings")
        if self.moment >= self.left.until:
            raise WholeError("something that waited goes out")
        if any(problem.severity == "error" for problem in self.left.problems):
            raise WholeError("the last build went on without files that have errors")
        if self.seen.period != self.left.look.period and self.left.problems:
            raise WholeError("time has passed")
        if self.moment < self.left.moment:
            raise WholeError("the clock has gone back")
        differing = look.differing(self.left.seen, self.seen.briefings, MOST)
        if differing is None:
            raise WholeError("many files have changed")
        self.changed, self.gone = differing
        self.named: dict[tuple[str, str], str] = {}
        self.leads: set[str] = set()
        """Files that the prose of a changed one leads to."""

    def build(self, explain: dict[str, str] | None) -> tuple[Report, tuple[Problem, ...]]:
        """Build, holding the output folder."""
        found = settings.load(self.wish.file, self.wish.names)
        self.content = self.wish.content.resolve() if self.wish.content else found.content
        self.output = self.wish.output.resolve() if self.wish.output else found.output
        self.site = replace(found.site, drafts=found.site.drafts or self.wish.drafts)
        if self.wish.index and self.site.makes("search") and (self.changed or self.gone):
            raise WholeError("the index for search is made of everything")
        with state.locked(self.output):
            if not self.left.latest():
                raise WholeError("another build has ended meanwhile")
            self.keep = Keep.recalled(self.stamp.cache)
            self.shelf = Shelf(self.keep)
            self.manifest = state.Lines(self.output, self.shelf.about.get("stood", ""))
            if self.shelf.about.get("manifest") != self.manifest.mark:
                raise WholeError("the last build is not the one that is known")
            if self.shelf.about.get("build") != self.left.build:
                raise WholeError("the stamp is of another build than what was kept")
            return self._build(found, explain)

    def _build(self, found: Settings, explain: dict[str, str] | None) -> tuple[Report, tuple[Problem, ...]]:
        known, _ = tables.load(self.content)
        chosen, _ = selections.load(self.content, known)
        self.tables = replace(known, selections=chosen)
        edits, problems = self._read()
        effect = rearrange(self.shelf, edits, self.tables, self.site)
        self._refuse(edits, effect)
        company = self._company(edits, effect)
        shelf = recalled(self.shelf, self.content, self.tables)
        # What it was at the last build is what a fact is compared with; what is to be worked out is not known yet.
        facts = {**self.shelf.facts, **{name: told for name, told in effect.facts.items() if told}}
        for name, told in effect.facts.items():
            if not told:
                facts.pop(name, None)
        codes = Lazily(lambda identity: self.shelf.row(self.shelf.number(identity)).code)
        desk = Desk(shelf, self.site, self.pictures, company, codes, facts)
        return Placing(self, found, desk, edits, effect).done(problems, explain)

    def _company(self, edits: list[Edited], effect: Effect) -> Mapping[str, list[str]]:
        """Which briefings belong together; those whose company is another one are noted."""
        self.kin: dict[int, list[int]] = {}
        self.relations: relate.Kept | None = None
        if self.site.makes("related"):
            from briefings import relate  # noqa: PLC0415 - sites may do without

            try:
                told = relate.relate(self.keep.graph, self.shelf, edits, self.tables, self.site.lang)
            except relate.CrowdError as error:
                raise WholeError(f"{error} counts for others") from None
            self.relations, self.kin = told
            effect.numbers |= self.kin.keys()

        def find(identity: str) -> list[str]:
            number = self.shelf.number(identity)
            others: Iterable[int] | None = self.kin.get(number)
            if others is None:
                others = array("I", self.keep.graph.ask("SELECT others FROM kin WHERE number = ?", number)[0][0])
            return [self.shelf.row(other).id for other in others]

        return Lazily(find)

    @cached_property
    def pictures(self) -> Mapping[str, media.Media]:
        """Pictures of the content folder; they are read when somebody asks for one."""
        scanned = cache(lambda: media.scan(self.content)[0])
        return Lazily(lambda file: scanned()[file])

    # --- what has changed -------------------------------------------------------------------------------------------

    def _read(self) -> tuple[list[Edited], list[Problem]]:
        """Read the changed files."""
        edits: list[Edited] = []
        problems: list[Problem] = []
        now = datetime.fromtimestamp(self.moment, UTC)
        for name in self.gone:
            number = self.keep.numbers[name]
            before = self._before(number, name)
            self.keep.drop(name)
            edits.append(Edited(number, name, None, before))
        for name in self.changed:
            found = reading.one(self.content, name, self.site, self.keep)
            if found.problem:
                raise WholeError(f"{name} cannot be read")
            if found.row:
                self.keep.put(name, found.row)
            else:
                self.keep.touch(name, found.state)
            number = self.keep.numbers[name]
            edit, told = self._edited(number, name, now)
            edits.append(edit)
            problems += told
        return edits, problems

    def _before(self, number: int, name: str) -> Before | None:
        """What a file was at the last build.

        One that went and came back, with a build in between that was not finished, has another number now.
        """
        found = self.shelf.before(number)
        if found is None and b"\n%b\0" % os.fsencode(name) in b"\n" + self.left.seen:
            ask = self.keep.graph.ask
            for row in ask("SELECT name FROM names WHERE kind = 'id' AND path = ?", name):
                if ask("SELECT 1 FROM shelf WHERE id = ?", *row):
                    raise WholeError(f"{name} was forgotten meanwhile")
        return found

    def _edited(self, number: int, name: str, now: datetime) -> tuple[Edited, list[Problem]]:
        """A changed file as a briefing, if nothing about it needs a look at the others."""
        row = self.keep.rows[name]
        if not row[3]:
            raise WholeError(f"{name} has errors")
        self.keep.odd[name] = self.keep.told(name)
        told = reading.Prose(*self.keep.told(name))
        read = kept.decode(row[3], self.keep.rest, told.digest)
        briefing, prose, targets = self.proses(read).admit(read)
        problems = list(kept.problems_from(row[2]))
        if prose.rooted:
            raise WholeError(f"{name} links to pages by their addresses")
        self._lead(name, targets)
        before = self._before(number, name)
        when = library.moment(briefing, self.site)
        if when is None or when > now or (briefing.status == "draft" and not self.site.drafts):
            raise WholeError(f"{name} waits")
        if before and before.id != briefing.id:
            raise WholeError(f"{name} has another id")
        digests = Digests(row[1], told.card, told.order, told.member, told.words, told.size)
        code = before.code if before else briefing.id.replace("-", "")[:8]
        here = Shelved(briefing.id, when, code, digests, briefing)
        edit = Edited(number, name, here, before)
        problems += [*library.unknown(briefing, self.tables, self.site), *library.untimely(briefing, self.site, now)]
        problems += check.alone(briefing, prose, self.pictures)
        if any(problem.severity == "error" for problem in problems):
            raise WholeError(f"{name} has errors")
        self._named(edit, briefing)
        return edit, problems

    def _lead(self, name: str, targets: Iterable[tuple[int, str, str]]) -> None:
        """Note what the prose of a changed file leads to: only to briefings that stay where they are."""
        for _, href, target in targets:
            if "#" in href:
                raise WholeError(f"{name} links to a part of {target}")
            if target in self.changed or target in self.gone:
                raise WholeError(f"{name} links to {target}, which has changed too")
            self.leads.add(target)

    def proses(self, *edited: Briefing) -> check.Proses:
        """The prose of all briefings, rendered where it leads to others.

        Args:
            edited: briefings that the shelf does not have yet as they are now.
        """
        addresses = Lazily(lambda path: urls.briefing(self.shelf.briefing(self.keep.numbers[path])))
        addresses.update((one.path, urls.briefing(one)) for one in edited)

        def alone(path: str) -> str:
            told = reading.Prose(*self.keep.told(path))
            if not told.alone:
                raise KeyError(path)
            return told.digest

        source = Lazily(lambda path: reading.Prose(*self.keep.told(path)).digest)
        digest = Lazily(lambda path: self.shelf.briefing(self.keep.numbers[path]).prose)
        links = Links(self.site, addresses, self.pictures)
        return check.Proses(self.content, links, self.keep, Lazily(alone), source, digest)

    def _named(self, edit: Edited, briefing: Briefing) -> None:
        """Refuse names that another briefing has, and places that could disagree with those of others."""
        then, here = edit.before, edit.now
        same = then is not None and here is not None and then.digests.member == here.digests.member
        place = briefing.location
        plain = place and not place.geonames and not library.region_of(place, self.tables)
        for kind, name, path in graph.names(briefing):
            known = self.keep.graph.ask("SELECT path FROM names WHERE kind = ? AND name = ?", kind, name)
            there = known[0][0] if known else self.named.setdefault((kind, name), path)
            if (path and there != path) or (not path and not known and not same and not plain):
                raise WholeError(f"{briefing.path} has a {kind} to be compared")

    def _refuse(self, edits: Iterable[Edited], effect: Effect) -> None:
        """Leave to a whole build what is told of other files, or by them."""
        about, linked = self.shelf.about, build.linked(self.shelf.about)
        waiting = [problem.file for problem in self.left.problems if check.PROPOSED in problem.file]
        begins: set[str] = set()
        for one in edits:
            self._short(one, begins)
            if (one.now is None or one.before is None) and any(
                name.startswith(f"{one.path}{check.PROPOSED}") for name in waiting
            ):
                raise WholeError(f"a merge waits for {one.path}")
            if one.now and one.now.briefing.status == "draft" and self._told(one.now.id):
                raise WholeError(f"{one.path} has gone out")
            gone = one.now is None or one.before is None or one.before.address != _address(one)
            if one.path in linked and (linked[one.path] or gone):
                raise WholeError(f"other briefings link to {one.path}")
            if one.before and (one.now is None or one.now.moment != one.before.moment) and self._told(one.before.id):
                raise WholeError(f"{one.path} has gone out")
            if one.now and one.before is None and self._told(one.now.id):
                raise WholeError(f"{one.path} had gone out")
            loud = one.before is None or one.now is None or one.before.digests.member != one.now.digests.member
            if loud and any(problem.field == "location" for problem in self.left.problems):
                raise WholeError("places are in doubt")
            if any(problem.file == one.path and problem.field == "location" for problem in self.left.problems):
                raise WholeError("its place is in doubt")
        other = effect.lists or "changes" in effect.facts or any(not one.quiet or one.resized for one in edits)
        if other and about.get("rooted"):
            raise WholeError("pages are linked to by their addresses")
        if any(kind in {"source", "selection"} for kind, _ in effect.other):
            raise WholeError("a list of a source, or of the editors, comes or goes")

    def _short(self, one: Edited, begins: set[str]) -> None:
        """Refuse ids that begin alike: which one has the shorter address follows from when each of them went out."""
        there = one.now or one.before
        if there is None:
            return
        start = there.id[:8]
        others = "SELECT 1 FROM shelf WHERE id > ? AND id < ? AND id != ?"
        if start in begins or self.keep.graph.ask(others, f"{start}-", f"{start}~", there.id):
            raise WholeError(f"{one.path} begins like another id")
        begins.add(start)

    def _told(self, identity: str) -> bool:
        """Whether a briefing is in the ledger of what has gone out."""
        try:
            return f"\n{identity} ".encode() in (self.content / "published.txt").read_bytes()
        except FileNotFoundError:
            return False


def _address(one: Edited) -> str:
    return units.where(one.now.briefing) if one.now else ""
