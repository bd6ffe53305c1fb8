"""The second half of an edit: from facts that have changed to files, and to what is kept of them for the next one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from briefings import (
    build,
    check,
    focus,
    fresh,
    graph,
    pages,
    paths,
    rows,
    snapshot,
    state,
    units,
    urls,
)
from briefings.errors import Problem
from briefings.makers import Workshop, statics
from briefings.making import Bench, planned_as
from briefings.rearrange import WholeError
from briefings.render import Renderer
from briefings.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from briefings.desk import Desk
    from briefings.edit import Edit
    from briefings.rearrange import Edited, Effect
    from briefings.settings import Settings


class Placing(Struct):
    """The second half: from facts that have changed to files."""

    edit: Edit
    settings: Settings
    desk: Desk
    edits: list[Edited]
    effect: Effect

    def done(self, problems: list[Problem], explain: dict[str, str] | None) -> tuple[Report, tuple[Problem, ...]]:
        """Plan, make, put in place, and note it all."""
        edit, desk = self.edit, self.desk
        changed = self._changed()
        bench = self._bench()
        reached = focus.focus(edit.keep.graph, edit.shelf, desk, self.edits, self.effect, changed)
        known = self._known(reached)
        todo: list[units.Unit] = []
        planned = list(pages.units(desk, (), bench.shop.renderer.statics, reached))
        for unit in planned:
            last = known.get(unit.key)
            if last is None or last.facts != "\n".join(unit.sees) or not changed.isdisjoint(unit.sees):
                todo.append(unit)
        found = build.Found()
        done = {one.key: one.outputs for one in bench.make(todo)}
        for unit in todo:
            for one in done[unit.key]:
                found.add(one)
            found.kept.append(planned_as(unit, done[unit.key]))
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
        self._agree(found, gone, change)
        if not edit.stamp.standing():  # looked at by another process all the while
            raise WholeError("files of the site are gone or have another size")
        return self._place(found, sorted(gone), known, change, problems, explain, bench.snapshot)

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
        checked = check.Checked(self.desk.library, self.desk.media, edit.proses(), ())
        renderer = Renderer(edit.site, theme, files, edit.stamp.cache)
        shop = Workshop(checked, edit.site, theme, renderer, edit.shelf.about["surroundings"], edit.stamp.cache)
        shot = snapshot.of(edit.stamp.cache) if self.settings.snapshot else None
        return Bench(shop, str(edit.output.resolve()), edit.manifest, snapshot=shot)

    def _known(self, wanted: units.Focus) -> dict[str, graph.Planned]:
        """The units of a focus as they were."""
        ask = self.edit.keep.graph.ask
        kins = [*wanted.groups, *(f"briefing/{self.edit.shelf.row(number).id}" for number in wanted.briefings)]
        kins += [f"briefing/{one.before.id}" for one in self.edits if one.before]
        rows = [row for kin in dict.fromkeys(kins) for row in ask(f"{_UNITS} WHERE kin = ?", kin)]
        for group, names in wanted.parts.items():
            for name in names:
                if name.endswith("*"):
                    key = f"{group}{name[:-1]}"
                    rows += ask(f"{_UNITS} WHERE key >= ? AND key < ?", key, f"{key}~")
                else:
                    rows += ask(f"{_UNITS} WHERE key = ?", f"{group}{name}")
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
                change.shelf.append(graph.shelved(one.number, row.briefing, row.moment, row.code, row.digests))
                change.named.append(row.briefing)
                for name, value in graph.cells(row.briefing, spot).items() if one.elsewhere else ():
                    edit.shelf.column(name).put(edit.shelf.places[one.number], value)
            else:
                change.gone.append((one.number, one.path))
        for kind, slug in self.effect.lists:
            here = edit.shelf.lists[kind].get(slug)
            change.lists[kind, slug] = (here.label, here.members) if here else ("", None)
        facts = {name for name in self.effect.facts if not name[1:].isdigit()}
        seen = set(units.whole(name for unit in found.kept for name in graph.listed(unit.facts)))
        for name in facts:
            if name in edit.shelf.facts or name in seen:
                change.facts[name] = self.effect.facts[name] or desk.sight.of(name)
        change.facts |= {name: desk.sight.of(name) for name in sorted(seen)}
        shelf = edit.shelf
        change.columns = {name: column.text() for name, column in shelf.columns.items() if column.changed}
        told = graph.of_all(shelf.order, shelf.times, shelf.sizes, shelf.changed, shelf.drafts)
        change.about = {name: text for name, text in told.items() if shelf.about[name] != text}
        if edit.leads:
            linked = dict.fromkeys(sorted(edit.leads), False) | build.linked(shelf.about)
            change.about["linked"] = json.dumps(linked, sort_keys=True)
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
        mods = {urls.briefing(one): desk.lastmod(one) for one in edited}
        now = {url: mods.get(url, then.get(url, self._lastmod(url))) for url in here}
        change.pages = {url: now.get(url) for url in here | there if now.get(url) != then.get(url)}
        news = edit.site.makes("news") and any(name[0] == "c" and name[1:].isdigit() for name in changed)
        if not change.pages and not news:
            return
        from briefings import machines  # noqa: PLC0415 - of edits that reach the sitemap

        if not change.pages:
            found.add(bench.one(machines.news(desk)))
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
                return self.desk.lastmod(one)
        return ""

    def _agree(self, found: build.Found, gone: set[str], change: graph.Change) -> None:
        """Refuse paths that meet, and note those that are odd."""
        manifest, odd = self.edit.manifest, json.loads(self.edit.shelf.about["odd"])
        new = [path for path in found.rows if path not in manifest]
        if found.twice or paths.meet(new, odd, manifest, manifest.below):
            raise WholeError("two outputs meet")
        now = sorted({*odd, *paths.odd(new)} - gone)
        if now != odd:
            change.about["odd"] = json.dumps(now)

    def _place(
        self, found: build.Found, gone: list[str], known: Mapping[str, graph.Planned], change: graph.Change,
        problems: list[Problem], explain: dict[str, str] | None, shot: snapshot.Snapshot | None,
    ) -> tuple[Report, tuple[Problem, ...]]:  # fmt: skip
        edit, left = self.edit, self.edit.left
        manifest = edit.manifest
        fresh.forget(edit.stamp.cache)
        edit.keep.graph.unsettle()
        counts = {path: flag in {"i", "p"} for unit in known.values() for flag, path in build.files(unit.files)}
        pages_before = sum(counts.get(path, False) for path in {*gone, *found.rows} if path in manifest)
        sizes_before = [row.size for path in {*gone, *found.rows} if (row := manifest.get(path))]
        if found.aside or gone:
            state.begin(edit.output, dict.fromkeys(found.aside))
        build.put(found, edit.output)
        removed = sum(build.prune(edit.output.resolve(), path) for path in gone)
        build.clear(edit.output)
        for path in gone:
            manifest.put(path, None)
        for path, row in found.rows.items():
            manifest.put(path, row)
        mark = manifest.save()
        size = int(edit.shelf.about["size"]) - sum(sizes_before) + found.size
        if shot:
            shot.close()
            if shot.small() or shot.swollen(size):
                shot.settle(str(edit.output), state.load(edit.output))
            shot.note(str(manifest.file))
        change.about |= {"stood": manifest.stands(), "build": edit.stamp.build, "size": str(size)}
        edit.keep.save()
        if edit.keep.saved:  # else nothing is known, and the next build is a whole one
            edit.keep.graph.amend(mark, found.kept, found.forgotten or (), change)
        touched = {*gone, *found.rows}
        notes = [note for note in left.notes if note.file not in touched]
        notes += [Problem(path, 0, "", row.note, "warning") for path, row in found.rows.items() if row.note]
        files = {*edit.changed, *edit.gone}
        said = sorted([*(one for one in left.problems if one.file not in files and one not in left.notes), *problems])
        report = Report(
            len(edit.shelf.order), left.report[1] - pages_before + found.count,
            left.report[2] - len(sizes_before) + len(found.rows), len(found.aside), removed, tuple(sorted(notes)),
            found.drawn,
        )  # fmt: skip
        everything = (*said, *report.notes)
        edit.stamp.note(left.until, _standing(left.standing(), found.rows, gone), report, everything, left.seal)
        if explain is not None:
            explain.update({path: found.why.get(path, "it differed from what the build makes") for path in found.aside})
        return report, everything


_UNITS = "SELECT key, kin, facts, files, parts FROM units"


def _standing(before: bytes, made: Mapping[str, state.Row], gone: Iterable[str]) -> bytes:
    """The line of each file of the site, with what has changed."""
    lines = rows.ended(before)
    for path in gone:
        lines.put(fresh.standing(path, 0).removesuffix(b"0\n"), b"")
    for path, row in made.items():
        line = fresh.standing(path, row.size).removesuffix(b"\n")
        lines.put(line[: line.index(b"\0") + 1], line)
    return rows.joined(lines)
