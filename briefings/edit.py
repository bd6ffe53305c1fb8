"""An edit: from the few files that have changed to the pages that show them, without a look at the others.

The last build left what every unit of the plan saw (:mod:`briefings.graph`). So a build that finds a few changed files
reads these, works out which facts are others now, plans the units that see one of them, and makes what differs. What
it does not know how to tell from the changed files alone, it leaves to a whole build, which gives the same bytes.
"""

from __future__ import annotations

import os
import shutil
from array import array
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from briefings import (
    build,
    check,
    conf,
    feeds,
    fresh,
    graph,
    kept,
    library,
    machines,
    media,
    pages,
    paths,
    reading,
    relate,
    selections,
    settings,
    state,
    tables,
    units,
    urls,
)
from briefings.desk import Desk
from briefings.errors import Problem
from briefings.kept import Keep, Lazily
from briefings.library import Digests
from briefings.makers import Workshop, prose_of, statics
from briefings.making import Bench
from briefings.prose import Links
from briefings.rearrange import Edited, groups, rearrange
from briefings.recall import Shelf, Shelved
from briefings.recall import library as recalled
from briefings.render import Renderer
from briefings.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from briefings.check import Checked
    from briefings.model import Briefing
    from briefings.rearrange import Effect
    from briefings.recall import Before
    from briefings.run import Wish
    from briefings.settings import Settings

MOST = 64
"""Changed files; a whole build is not much slower for more."""


class WholeError(Exception):
    """Only a whole build can tell; says why."""


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
        return _Edit(wish, stamp).build(explain)
    except WholeError as why:
        return str(why)
    except Exception as error:  # noqa: BLE001 - the whole build says it better, and needs nothing of what was kept
        return f"{error.__class__.__name__}: {error}"


def _rows(lines: bytes) -> dict[str, bytes]:
    rows = (line.partition(b"\0") for line in lines.split(b"\n") if line)
    return {os.fsdecode(name): told for name, _, told in rows}


def _differing(then: bytes, here: bytes) -> tuple[list[str], list[str]]:
    """Names of the files that have changed or are new, and of those that are gone."""
    before, now = set(then.split(b"\n")), set(here.split(b"\n"))
    unsure = {line for line in before & now if line.endswith(b"\0?")}
    changed = _rows(b"\n".join((now - before) | unsure))
    gone = _rows(b"\n".join((before - now) | unsure)).keys() - changed.keys()
    if len(changed) + len(gone) > MOST:
        raise WholeError("many files have changed")
    return sorted(changed), sorted(gone)


class _Edit:
    """One such build."""

    def __init__(self, wish: Wish, stamp: fresh.Stamp) -> None:
        if stamp.seen is None or stamp.left is None:
            raise WholeError("nothing is known of the last build")
        self.wish, self.stamp, self.seen, self.left = wish, stamp, stamp.seen, stamp.left
        self.moment = conf.now()
        if not self.left.looked(self.seen, period=False):
            raise WholeError("more has changed than briefings")
        if self.moment >= self.left.until:
            raise WholeError("something that waited goes out")
        if any(problem.severity == "error" for problem in self.left.problems):
            raise WholeError("the last build went on without files that have errors")
        if self.seen.period != self.left.look[1] and self.left.problems:
            raise WholeError("time has passed")
        if self.seen.period < self.left.look[1]:
            raise WholeError("the clock has gone back")
        self.changed, self.gone = _differing(self.left.seen, self.seen.briefings)
        self.named: dict[tuple[str, str], str] = {}

    def build(self, explain: dict[str, str] | None) -> tuple[Report, tuple[Problem, ...]]:
        """Build, holding the output folder."""
        found = settings.load(self.wish.file)
        self.content = self.wish.content.resolve() if self.wish.content else found.content
        self.output = self.wish.output.resolve() if self.wish.output else found.output
        self.site = replace(found.site, drafts=found.site.drafts or self.wish.drafts)
        if self.wish.index and self.site.makes("search") and (self.changed or self.gone):
            raise WholeError("the index for search is made of everything")
        with state.locked(self.output):
            if not self.left.latest(self.stamp.cache):
                raise WholeError("another build has ended meanwhile")
            self.manifest = state.Lines(self.output)
            self.keep = Keep.recalled(self.stamp.cache)
            self.shelf = Shelf(self.keep)
            if self.shelf.about.get("manifest") != self.manifest.mark:
                raise WholeError("the last build is not the one that is known")
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
        return _Placing(self, found, desk, edits, effect).done(problems, explain)

    def _company(self, edits: list[Edited], effect: Effect) -> Mapping[str, list[str]]:
        """Which briefings belong together; those whose company is another one are noted."""
        self.kin: dict[int, list[int]] = {}
        self.relations: relate.Kept | None = None
        if self.site.makes("related"):
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
        told = reading.Prose(*self.keep.told(name))
        problems = list(kept.problems_from(row[2]))
        if not told.alone or told.rooted:
            raise WholeError(f"{name} cannot be told from itself alone")
        briefing: Briefing = kept.decode(row[3], self.keep.rest, told.digest)
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
        problems += check.alone(briefing, told, self.pictures)
        if any(problem.severity == "error" for problem in problems):
            raise WholeError(f"{name} has errors")
        self._named(edit, briefing)
        return edit, problems

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


@dataclass(slots=True)
class _Placing:
    """The second half: from facts that have changed to files."""

    edit: _Edit
    settings: Settings
    desk: Desk
    edits: list[Edited]
    effect: Effect

    def done(self, problems: list[Problem], explain: dict[str, str] | None) -> tuple[Report, tuple[Problem, ...]]:
        """Plan, make, put in place, and note it all."""
        edit, desk = self.edit, self.desk
        changed = self._changed()
        bench = self._bench()
        focus = self._focus(changed)
        known = self._known(focus)
        everywhere = edit.shelf.about["everywhere"]
        todo: list[units.Unit] = []
        planned = list(pages.units(desk, (), bench.shop.renderer.statics, focus))
        for unit in planned:
            last = known.get(unit.key)
            if last is None or last.facts != "\n".join(unit.sees) or not changed.isdisjoint(unit.sees):
                todo.append(unit)
        found = build.Found()
        done = {one.key: one.outputs for one in bench.make(todo)}
        for unit in todo:
            for one in done[unit.key]:
                found.add(one)
            sees = f"{everywhere}{desk.sight.digest(unit.sees)}"
            found.kept.append(build.planned_as(unit, sees, done[unit.key]))
            if explain is not None:
                last_known = {unit.key: ("", known[unit.key].files)} if unit.key in known else {}
                found.why.update(build.why(unit.key, done[unit.key], last_known, edit.keep, bench.before))
        found.forgotten = sorted(known.keys() - {unit.key for unit in planned})
        gone = {path for key in found.forgotten for _, path in build.files(known[key].files)}
        for unit in todo:
            if unit.key in known:
                gone |= {path for _, path in build.files(known[unit.key].files)}
        gone -= found.rows.keys()
        change = self._change(changed, found, known, bench, gone)
        self._agree(found, bench.before)
        if not edit.stamp.standing():  # looked at by another process all the while
            raise WholeError("files of the site are gone or have another size")
        return self._place(found, sorted(gone), known, change, problems, explain)

    def _changed(self) -> set[str]:
        """Facts that are others than at the last build."""
        before, sight = self.edit.shelf.facts, self.desk.sight
        changed: set[str] = set()
        for name, told in self.effect.facts.items():
            if name[1:].isdigit():
                changed.add(name)
            elif name in before or told:
                now = told or sight.of(name)
                if before.get(name) != now:
                    changed.add(name)
        return changed

    def _bench(self) -> Bench:
        edit = self.edit
        theme = self.settings.theme
        files = statics(theme)
        pictures = self.desk.media
        addresses = Lazily(lambda path: urls.briefing(edit.shelf.briefing(edit.shelf.at(path))))

        def alone(path: str) -> str:
            told = reading.Prose(*edit.keep.told(path))
            if not told.alone:
                raise KeyError(path)
            return told.digest

        proses = check.Proses(edit.content, Links(edit.site, addresses, pictures), edit.keep, Lazily(alone))
        checked = check.Checked(self.desk.library, pictures, proses, ())
        renderer = Renderer(edit.site, theme, files, edit.stamp.cache)
        shop = Workshop(checked, edit.site, theme, renderer, _press(checked))
        return Bench(shop, str(edit.output.resolve()), edit.manifest, edit.shelf.about["surroundings"])

    def _focus(self, changed: set[str]) -> units.Focus:
        """The groups of units that see a changed fact, or may have other units than before."""
        edit, graph_of = self.edit, self.edit.keep.graph
        wanted = {row[0] for number in graph_of.seeing(changed) for row in graph_of.ask(_KIN, number)}
        wanted |= groups(self.effect, edit.site)
        if self.effect.moved or any(not one.quiet for one in self.edits):
            wanted |= {"home", "feed/site", f"api{urls.HOME}", "feed/digest/day", "feed/digest/week"}
            wanted |= self._periods()
        for one in self.edits:
            if one.resized:
                # Where the archive of a feed is cut hangs on how large its entries may be.
                wanted |= {"feed/site", "feed/digest/day", "feed/digest/week"}
                for kind, lists in edit.shelf.lists.items():
                    wanted |= {f"feed/{kind}/{slug}" for slug, row in lists.items() if one.number in row.members}
        numbers = set(self.effect.numbers)
        gone = {one.number for one in self.edits if one.now is None}
        for slug, row in edit.shelf.lists["story"].items():
            # The steps of a story name those beside them by their headlines.
            if ("story", slug) in self.effect.lists or any(one.number in row.members for one in self.edits):
                numbers |= set(row.members)
        for group in wanted:
            if group.startswith("briefing/"):
                numbers.add(edit.shelf.number(group.partition("/")[2]))
        return units.Focus(frozenset(wanted), tuple(sorted(numbers - gone)))

    def _periods(self) -> set[str]:
        """The digests of the days that gained or lost something, and those beside them."""
        from briefings import digest  # noqa: PLC0415 - of few edits

        if not self.edit.site.makes("digests"):
            return set()
        moments = [one.before.moment for one in self.edits if one.before]
        moments += [one.now.moment for one in self.edits if one.now]
        return {f"digest/{key}" for key in digest.touched(self.desk, {moment.date() for moment in moments})}

    def _known(self, focus: units.Focus) -> dict[str, graph.Planned]:
        """The units of a focus as they were."""
        ask = self.edit.keep.graph.ask
        kins = [*focus.groups, *(f"briefing/{self.edit.shelf.row(number).id}" for number in focus.briefings)]
        kins += [f"briefing/{one.before.id}" for one in self.edits if one.before]
        rows = (row for kin in dict.fromkeys(kins) for row in ask(_UNITS, kin))
        return {row[0]: graph.Planned(*row) for row in rows}

    def _change(
        self, changed: set[str], found: build.Found, known: Mapping[str, graph.Planned], bench: Bench, gone: set[str]
    ) -> graph.Change:
        """What is to be kept of it; the sitemap, if it says something else now."""
        edit, desk = self.edit, self.desk
        change = graph.Change()
        for one in self.edits:
            if one.now:
                row = one.now
                spot = desk.maker.point(row.briefing) if edit.site.makes("map") else None
                change.shelf.append(graph.shelved(one.number, row.briefing, row.moment, row.code, row.digests, spot))
                change.named.append(row.briefing)
            else:
                change.gone.append((one.number, one.path))
        for kind, slug in self.effect.lists:
            here = edit.shelf.lists[kind].get(slug)
            change.lists[kind, slug] = (here.label, here.members) if here else ("", None)
        facts = {name for name in self.effect.facts if not name[1:].isdigit()}
        seen = {name for unit in found.kept for name in unit.facts.split("\n")}
        for name in facts:
            if name in edit.shelf.facts or name in seen:
                change.facts[name] = self.effect.facts[name] or desk.sight.of(name)
        change.facts |= {name: told for name, told in desk.sight.whole().items() if name in seen}
        shelf = edit.shelf
        change.about = graph.of_all(shelf.order, shelf.changed, shelf.drafts)
        if edit.relations:
            change.postings = {term: edit.relations.lists[term] for term in edit.relations.changed}
            change.kin = {
                number: (graph.words_of(edit.relations.everything(number)), others)
                for number, others in edit.kin.items()
            }
            change.about |= {"related": str(edit.relations.count), "company": desk.sight.company}
            change.facts |= {name: told for name, told in desk.sight.whole().items() if name in shelf.facts}
        self._sitemap(changed, found, known, bench, gone, change)
        return change

    def _sitemap(
        self, changed: set[str], found: build.Found, known: Mapping[str, graph.Planned], bench: Bench, gone: set[str],
        change: graph.Change,
    ) -> None:  # fmt: skip
        edit, desk, ask = self.edit, self.desk, self.edit.keep.graph.ask
        here = set(found.pages)
        replanned = {unit.key for unit in found.kept} | set(found.forgotten or ())
        there = {
            build.address(path) for key in replanned if key in known
            for flag, path in build.files(known[key].files) if flag == "i"
        }  # fmt: skip
        then: dict[str, str] = {}
        for url in here | there:
            then |= dict(ask("SELECT url, lastmod FROM pages WHERE url = ?", url))
        edited = [one.now.briefing for one in self.edits if one.now]
        mods = {urls.briefing(one): machines.lastmod(desk, one) for one in edited}
        now = {url: mods.get(url, then.get(url, self._lastmod(url))) for url in here}
        change.pages = {url: now.get(url) for url in here | there if now.get(url) != then.get(url)}
        news = edit.site.makes("news") and any(name[0] == "c" and name[1:].isdigit() for name in changed)
        if not change.pages and not news:
            return
        every = {**dict(ask("SELECT url, lastmod FROM pages")), **change.pages}
        shown = {url: when for url, when in sorted(every.items()) if when is not None}
        outputs = list(machines.sitemap(desk, shown))
        before = build.sitemaps(edit.shelf.about)
        for output in outputs:
            found.add(bench.one(output))
        change.about["sitemaps"] = build.sitemaps_as_text(outputs)
        gone |= set(before) - {output.path for output in outputs}

    def _lastmod(self, url: str) -> str:
        for number in self.effect.numbers:
            one = self.edit.shelf.briefing(number)
            if urls.briefing(one) == url:
                return machines.lastmod(self.desk, one)
        return ""

    def _agree(self, found: build.Found, before: state.Lines | Mapping[str, state.Row]) -> None:
        new = [path for path in found.rows if path not in before]
        if found.twice or (new and any(paths.disagreements([(path, path) for path in {*before, *found.rows}]))):
            raise WholeError("two outputs meet")

    def _place(
        self, found: build.Found, gone: list[str], known: Mapping[str, graph.Planned], change: graph.Change,
        problems: list[Problem], explain: dict[str, str] | None,
    ) -> tuple[Report, tuple[Problem, ...]]:  # fmt: skip
        edit, left = self.edit, self.edit.left
        manifest = edit.manifest
        fresh.forget(edit.stamp.cache)
        edit.keep.graph.unsettle()
        counts = {path: flag in {"i", "p"} for unit in known.values() for flag, path in build.files(unit.files)}
        pages_before = sum(counts.get(path, False) for path in {*gone, *found.rows} if path in manifest)
        files_before = sum(path in manifest for path in {*gone, *found.rows})
        if found.aside or gone:
            state.begin(edit.output, dict.fromkeys(found.aside))
        build.put(found, edit.output)
        removed = sum(build.prune(edit.output.resolve(), path) for path in gone)
        shutil.rmtree(edit.output / state.FOLDER / state.ASIDE, ignore_errors=True)
        for path in gone:
            manifest.put(path, None)
        for path, row in found.rows.items():
            manifest.put(path, row)
        mark = manifest.save()
        edit.keep.save()
        edit.keep.graph.amend(mark, found.kept, found.forgotten or (), change)
        touched = {*gone, *found.rows}
        notes = [note for note in left.notes if note.file not in touched]
        notes += [Problem(path, 0, "", row.note, "warning") for path, row in found.rows.items() if row.note]
        files = {*edit.changed, *edit.gone}
        said = sorted([*(one for one in left.problems if one.file not in files and one not in left.notes), *problems])
        report = Report(
            len(edit.shelf.order), left.report[1] - pages_before + found.count,
            left.report[2] - files_before + len(found.rows), len(found.aside), removed, tuple(sorted(notes)),
            found.drawn,
        )  # fmt: skip
        everything = (*said, *report.notes)
        edit.stamp.note(left.until, _standing(left.standing, found.rows, gone), report, everything)
        if explain is not None:
            explain.update({path: found.why.get(path, "it differed from what the build makes") for path in found.aside})
        return report, everything


_KIN = "SELECT kin FROM units WHERE number = ?"
_UNITS = "SELECT key, kin, sees, facts, files, parts FROM units WHERE kin = ?"


def _press(checked: Checked) -> feeds.Press:
    return feeds.Press(feeds.FORMATS, prose_of(checked))


def _standing(before: bytes, rows: Mapping[str, state.Row], gone: Iterable[str]) -> bytes:
    """The line of each file, with what has changed."""
    lines: dict[bytes, bytes] = dict.fromkeys(map(os.fsencode, gone), b"")
    lines |= {os.fsencode(path): b"%d %s\n" % (row.size, os.fsencode(path)) for path, row in rows.items()}
    cuts: list[tuple[int, int, bytes]] = []
    new: list[bytes] = []
    for name, line in lines.items():
        end = start = -1
        while (end := before.find(b" " + name + b"\n", end + 1)) >= 0:
            start = before.rfind(b"\n", 0, end) + 1
            if before[start:end].isdigit():  # else it is the end of another name, with a space in it
                break
        if end < 0:
            new.append(line)
        else:
            cuts.append((start, end + len(name) + 2, line))
    pieces: list[bytes] = []
    last = 0
    for start, end, line in sorted(cuts):
        pieces += (before[last:start], line)
        last = end
    return b"".join((*pieces, before[last:], *new))
