"""From the plan to files: plan what can have changed, make what has, write what differs, prune what is gone.

A unit that sees what it saw at the last build is not planned again; an output whose fingerprint is that of the last
build is not made again. Every other output is made and put aside before the first one is put in place, so that a
template that fails or a feed that cannot be made leaves the folder as it was.
"""

from __future__ import annotations

import json
import math
import os
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from briefings import crew, fresh, library, pages, paths, state, units, urls
from briefings.desk import Desk
from briefings.errors import BuildError, Problem
from briefings.graph import Arranged, Kin, Planned
from briefings.kept import Keep
from briefings.makers import BUNDLERS, MAKERS, MOULDS, Workshop, statics
from briefings.making import Bench, Made, planned_as, standing
from briefings.render import COMPILED, DRAWN, Renderer
from briefings.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
    from pathlib import Path

    from briefings.check import Checked
    from briefings.model import Briefing, Output, Site
    from briefings.settling import Settling
    from briefings.snapshot import Snapshot
    from briefings.units import Unit
    from briefings.views import Point

__all__ = ["MAKERS", "Workshop", "build", "statics"]


class Found(Struct):
    """What a build gathers: the row and the flag of every file, and what has to be put in place."""

    rows: MutableMapping[str, state.Row] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    """Of what was planned anew, as far as it tells; the others had no quarrel at the last build."""
    pages: list[str] = field(default_factory=list)
    """Pages that may be indexed, in the order of the plan."""
    count: int = 0
    size: int = 0
    """Bytes of all files."""
    drawn: int = 0
    """Image cards that were drawn."""
    indexed: int = 0
    """New files of the index for search."""
    aside: dict[str, str] = field(default_factory=dict)
    """By path: the folder in which the file with new bytes waits, at its path."""
    twice: list[Made] = field(default_factory=list)
    kept: list[Planned] = field(default_factory=list)
    """What is to be kept of the units that were planned."""
    arranged: Arranged | None = None
    """What is to be kept of the library."""
    forgotten: list[str] | None = None
    """Keys of units that are no more; ``None``: all that were not planned."""
    settling: Settling | None = None
    """What has written of all that while it was made, where nothing was known of the last build."""
    plan: Callable[[], Iterable[Output]] = tuple
    """Plans again what has come without its owner."""
    why: dict[str, str] = field(default_factory=dict)

    def add(self, made: Made) -> None:
        """Take an output that was planned."""
        if made.path in self.rows:
            self.twice.append(made)
            return
        self.rows[made.path] = made.row
        self.size += made.row.size
        if made.owner:
            self.owners[made.path] = made.owner
        self._page(made.path, made.flag)
        if made.aside:
            self.aside[made.path] = made.aside
            self.drawn += made.flag == "c"
            self.indexed += made.flag == "s"

    def owner(self, path: str) -> str:
        """What asked for a file."""
        return self.owners.get(path) or next((one.owner for one in self.plan() if one.path == path), path)

    def _page(self, path: str, flag: str) -> None:
        self.count += flag in {"i", "p"}
        if flag == "i":
            self.pages.append(address(path))

    def stay(self, files: Iterable[tuple[str, str]], before: Mapping[str, state.Row]) -> None:
        """Take the outputs of a unit that need no look."""
        for flag, path in files:
            row = self.rows[path] = before[path]
            self.size += row.size
            self._page(path, flag)


def build(
    checked: Checked, site: Site, theme: Path, output: Path, *,
    full: bool = False, index: bool = True, stamp: fresh.Stamp | None = None, keep: Keep | None = None,
    explain: dict[str, str] | None = None, snapshot: Snapshot | None = None, renderer: Renderer | None = None,
) -> Report:  # fmt: skip
    """Write the whole site; files that stay the same are not touched.

    Args:
        checked: the content, without errors unless the caller decided to go on without the bad files.
        site: the settings.
        theme: the folder with ``templates/`` and ``static/``.
        output: the folder to write; it is created, and must be empty or ours.
        full: make everything anew, whatever the manifest says of the files that are there.
        index: bring the index for search up to date; else it stays as the last build left it.
        stamp: where to note what it was made from, once everything stands.
        keep: what is known of the units of the last build, and takes what is to be known of this one's.
        explain: takes the reason for every file that was written, by its path.
        snapshot: takes the bytes of the site, too.
        renderer: the templates of this theme for this site, where somebody has prepared them.

    Raises:
        BuildError: two outputs with one path, a template that fails, content that changed meanwhile, a full disk.
    """
    keep = keep or Keep()
    cache = stamp.cache if stamp else None
    renderer = renderer or Renderer(site, theme, statics(theme), cache)
    surroundings = state.digest([state.program(), site, renderer.digest(), renderer.statics])
    shop = Workshop(checked, site, theme, renderer, surroundings, cache)
    try:
        with state.locked(output), crew.none_beside():
            clear(output)
            ours = (cache, cache / COMPILED, cache / DRAWN, cache / MOULDS) if cache else ()
            state.sweep((output / state.FOLDER, *ours))
            before = state.load(output)
            bench = Bench(shop, str(output.resolve()), before, full, bare=state.bare(output), snapshot=snapshot)
            token = stamp.build if stamp else ""
            found = _made(checked, bench, keep, state.mark(output), token, index=index, explain=explain)
            _agree(found, before)
            if stamp:
                fresh.forget(stamp.cache)
            report = _place(found, output, before, len(checked.library.briefings), keep, snapshot)
            if stamp:
                sizes = ((path, row.size) for path, row in found.rows.items())
                stamp.leave(_until(checked, site), sizes, report, (*checked.problems, *report.notes))
    except OSError as error:
        what = f"cannot be written ({error.strerror}); the pages that were there are still there"
        raise BuildError(Problem(str(error.filename2 or error.filename or output), 0, "", what)) from error
    if explain is not None:
        explain.update({path: found.why.get(path, "it differed from what the build makes") for path in found.aside})
    return report


def _until(checked: Checked, site: Site) -> float:
    """When the first of the briefings that wait goes out, in seconds since 1970; infinite if none waits.

    A draft that is shown and has no time yet, or a later one, stands there as if it went out now: that holds no longer
    than now does.
    """
    waiting = (library.moment(briefing, site) for briefing in checked.library.held)
    until = min((when.timestamp() for when in waiting if when), default=math.inf)
    now = checked.now
    if now and site.drafts:
        drafts = (library.moment(briefing, site) for briefing in checked.library.drafts)
        until = min(until, *(now.timestamp() + 1 for when in drafts if when is None or when > now), until)
    return until


def _made(
    checked: Checked, bench: Bench, keep: Keep, mark: str, token: str, *, index: bool, explain: dict[str, str] | None
) -> Found:
    """Make every output that can have changed; put aside what differs from what stands there."""
    shop = bench.shop
    desk = Desk(checked.library, shop.site, checked.media)
    kin = None
    if shop.site.makes("related"):
        company = keep.graph.company(desk.sight.company, checked.library.numbers)
        if company is None:
            kin = Kin(desk.sight.company, dict(desk.relations.everything()), desk.relations.postings(), desk.company)
        else:
            desk = Desk(checked.library, shop.site, checked.media, company, facts=desk.sight.whole())
        bench.company = desk.company
    everywhere = units.digest(
        bench.shop.surroundings, checked.library.tables, sorted(checked.media.items()), checked.plain, shop.site,
        state.releases(state.DRAWING) if shop.site.image_cards else "",
    )[:16]  # fmt: skip
    spot = desk.maker.point if desk.site.makes("map") else lambda _: None
    known = {} if bench.full else keep.graph.units(mark)
    if known:
        found = _again(desk, bench, keep, known, everywhere, explain)
    else:
        found = _anew(desk, bench, keep, spot)
        if explain is not None:
            new = {path: path not in bench.before for path in found.aside}
            found.why = {
                path: "it is new" if one else "nothing is known of the last build" for path, one in new.items()
            }
    from briefings import machines  # noqa: PLC0415 - an edit loads this room too, and seldom that one

    lastmods = machines.lastmods(desk, found.pages)
    maps = list(machines.sitemap(desk, lastmods))
    for output in maps:
        found.add(bench.one(output))
    _index(desk, bench, found, index=index)
    about = {"everywhere": everywhere, "surroundings": bench.shop.surroundings, "sitemaps": sitemaps_as_text(maps)}
    about |= {"build": token, "size": str(found.size)}
    about["rooted"] = "yes" if checked.proses.rooted else ""
    about["odd"] = json.dumps(sorted(paths.odd(found.rows)))
    found.arranged = Arranged(desk.library, desk.codes, desk.sight.whole(), lastmods, checked.linked, spot, kin, about)
    return found


def _anew(desk: Desk, bench: Bench, keep: Keep, spot: Callable[[Briefing], Point | None]) -> Found:
    """Make every unit; what is to be kept of it is written as it comes, and held no longer."""
    from briefings.packed import Rows  # noqa: PLC0415 - an edit loads this room too
    from briefings.settling import PIECE, Settling  # noqa: PLC0415

    plain, statics = bench.shop.checked.plain, bench.shop.renderer.statics
    numbers = desk.library.number_all(desk.library.briefings)
    others = list(pages.units(desk, plain, statics, briefings=False))
    settling = Settling(keep, desk, spot, (fact for unit in others for fact in units.whole(unit.sees)))
    bench.keeps = True
    bench.briefings = lambda some: pages.of_briefings(desk, some)
    found = Found(Rows(), settling=settling, plan=lambda: units.chain(pages.units(desk, plain, statics)))
    planned = cache(lambda: {unit.key: unit for unit in pages.units(desk, plain, statics)})
    kept: list[Planned] = []
    for made in bench.make(units.together([*others, *numbers], desk.library)):
        for one in made.outputs:
            found.add(one)
        kept.append(made.kept or planned_as(planned()[made.key], made.outputs))
        if len(kept) == PIECE:
            settling.take(kept)
            kept = []
    settling.take(kept)
    settling.rest()
    return found


def _again(
    desk: Desk, bench: Bench, keep: Keep, known: Mapping[str, tuple[str, str]], everywhere: str,
    explain: dict[str, str] | None,
) -> Found:  # fmt: skip
    """Make the units that see something else than at the last build."""
    planned = list(pages.units(desk, bench.shop.checked.plain, bench.shop.renderer.statics))
    found = Found()
    todo: list[Unit] = []
    facts = {fact for unit in planned for fact in unit.sees if fact[0] != "="}
    for fact in units.whole(facts):
        desk.sight.of(fact)  # to be kept
    before = keep.graph.facts() if keep.graph.about().get("everywhere") == everywhere else {}
    changed = {fact for fact in facts if desk.sight.of(fact) != before.get(fact)} if before else facts
    for unit in planned:
        last = known.get(unit.key) if before else None
        same = last and last[0] == "\n".join(unit.sees) and changed.isdisjoint(unit.sees)
        if not (last and same and _stand(bench, last[1])):
            todo.append(unit)
    found.forgotten = sorted(known.keys() - {unit.key for unit in planned})
    done = {one.key: one for one in bench.make(units.together(todo, desk.library))}
    for unit in planned:
        if (made := done.get(unit.key)) is None:
            found.stay(files(known[unit.key][1]), bench.before)
            continue
        for one in made.outputs:
            found.add(one)
        found.kept.append(planned_as(unit, made.outputs))
        if explain is not None:
            found.why.update(why(unit.key, made.outputs, known, keep, bench.before))
    return found


def files(lines: str) -> Iterator[tuple[str, str]]:
    for line in lines.split("\n") if lines else ():
        flag, _, path = line.partition("\t")
        yield flag, path


def _stand(bench: Bench, lines: str) -> bool:
    return standing(bench.top, (path for _, path in files(lines)), bench.before)


def why(
    key: str, outputs: Iterable[Made], known: Mapping[str, tuple[str, str]], keep: Keep, before: Mapping[str, state.Row]
) -> Iterator[tuple[str, str]]:
    """For each new file of a unit, which parts of its context have changed."""
    old = dict(line.split("\t") for line in keep.graph.parts(key).splitlines()) if key in known else {}
    for one in outputs:
        if not one.aside:
            continue
        if one.path not in before:
            yield one.path, "it is new"
        elif one.path not in old:
            yield one.path, "nothing is known of the last build"
        else:
            changed = sorted(state.changed(one.names, old[one.path], one.parts))
            what = f"changed: {', '.join(changed)}" if changed else "changed: settings, theme or program"
            yield one.path, what if before[one.path].fingerprint != one.row.fingerprint else "it was gone or damaged"


def _index(desk: Desk, bench: Bench, found: Found, *, index: bool) -> None:
    """The index for search: anew, or as it stands when nobody asks for it now."""
    if not index and desk.site.makes("search"):
        top = f"{urls.SEARCH_INDEX.strip('/')}/"
        rows = {path: row for path, row in bench.before.items() if path.startswith(top)}
        for path, row in rows.items() if standing(bench.top, rows, bench.before) else ():
            found.add(Made(path, row, "", "the search index"))
        return
    from briefings import search  # noqa: PLC0415 - the same

    for output in search.index(desk):
        for one in _bundle(output, bench):
            found.add(one)


def _bundle(output: Output, bench: Bench) -> list[Made]:
    """Make an output that is a folder, as it stands or anew as a whole: no template or setting is in it."""
    fingerprint = state.digest([state.program(), output.maker, output.name, output.context])
    rows = {path: row for path, row in bench.before.items() if path.startswith(f"{output.path}/")}
    there = bool(rows) and standing(bench.top, rows, bench.before)
    if there and not bench.full and {row.fingerprint for row in rows.values()} == {fingerprint}:
        return [Made(path, row, "", output.owner) for path, row in rows.items()]
    made = dict(BUNDLERS)[output.maker](output, bench.shop)
    return [bench.put(f"{output.path}/{name}", data, fingerprint, output.owner) for name, data in sorted(made.items())]


def _agree(found: Found, before: Mapping[str, state.Row]) -> None:
    """Refuse outputs whose paths meet. Those of the last build did not, so there is no look unless one is new."""
    if not found.twice and all(path in before for path in found.rows):
        return
    said = [(made.path, made.owner) for made in found.twice]
    named = [(path, found.owners.get(path) or f"what writes {path}") for path in found.rows]
    if not any(paths.disagreements([*named, *said])):
        return
    if again := [(output.path, output.owner) for output in found.plan()]:
        there = {path for path, _ in again}
        named = [*again, *(row for row in named if row[0] not in there)]
        said = [row for row in said if row[1]]
    raise BuildError(*paths.disagreements([*named, *said]))


def clear(output: Path) -> None:
    """Take away the folders of what was put aside, and what an earlier build left in them."""
    aside = output / state.FOLDER / state.ASIDE
    try:
        for folder, _, _ in os.walk(aside, topdown=False):
            os.rmdir(folder)  # noqa: PTH106 - many paths as text
    except OSError:
        import shutil  # noqa: PLC0415 - loads slowly, and files are seldom left

        shutil.rmtree(aside, ignore_errors=True)


def _place(
    found: Found, output: Path, before: Mapping[str, state.Row], count: int, keep: Keep, snapshot: Snapshot | None
) -> Report:
    """Put in place what was made, prune what is gone, and note it all."""
    gone = sorted(path for path in before if path not in found.rows)
    if found.aside or gone:
        keep.graph.unsettle()
        # What an earlier build began and did not finish is still to be known, also where it needs no new bytes.
        begun = [path for path, row in before.items() if row == state.UNKNOWN]
        state.begin(output, dict.fromkeys([*begun, *found.aside]))
    put(found, output)
    removed = sum(prune(output.resolve(), path) for path in gone)
    clear(output)
    settled = None
    if snapshot:
        snapshot.close()
        settled = crew.beside(lambda: snapshot.settle(str(output), found.rows), len(found.rows))
    mark = state.save(output, found.rows)
    if found.settling and found.arranged:
        found.settling.done(mark, found.arranged)
    elif keep.saved:
        keep.graph.settle(mark, found.kept, found.forgotten, found.arranged)
    if snapshot and settled and settled.over():
        snapshot.note(str(state.manifest_of(output)))
    notes = tuple(Problem(path, 0, "", row.note, "warning") for path, row in found.rows.items() if row.note)
    written = len(found.aside)
    return Report(
        count, found.count, len(found.rows), written, removed, tuple(sorted(notes)), found.drawn, found.indexed
    )


def put(found: Found, output: Path) -> None:
    """Put in place what was put aside.

    Raises:
        BuildError: somebody has put a link on the way, which leads out of the output folder.
        OSError: the folder cannot be written.
    """
    top = str(output.resolve())
    for aside in dict.fromkeys(found.aside.values()):
        _move(aside, top, found)


def _move(aside: str, target: str, found: Found, below: str = "") -> None:
    """Put in place what is in a folder: folders that the site does not have yet as a whole."""
    with os.scandir(aside) as entries:
        here = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, folder in here:
        source, there = f"{aside}/{name}", f"{target}/{name}"
        if not folder or not os.path.lexists(there):
            state.place(source, there)
        elif os.path.islink(there):  # noqa: PTH114
            path = next((path for path in found.aside if path.startswith(f"{below}{name}/")), f"{below}{name}")
            what = f'"{path}" would be written outside the output folder'
            raise BuildError(Problem(found.owner(path), 0, "", what))
        else:
            _move(source, there, found, f"{below}{name}/")


def address(path: str) -> str:
    """The address of a page, from the root of the site."""
    return "/" + path.removesuffix("index.html")


def linked(about: Mapping[str, str]) -> dict[str, bool]:
    """Files that prose leads to, as they were kept; see :class:`briefings.graph.Arranged`."""
    found: dict[str, bool] = json.loads(about["linked"])
    return found


def sitemaps(about: Mapping[str, str]) -> list[str]:
    """Paths of the sitemaps and what goes with them, as they were kept."""
    found: list[str] = json.loads(about["sitemaps"])
    return found


def sitemaps_as_text(outputs: Iterable[Output]) -> str:
    """The same, to be kept."""
    return json.dumps([output.path for output in outputs])


def prune(top: Path, name: str) -> bool:
    """Remove a file that the last build wrote and this one did not plan, and the folders that it leaves empty."""
    path = top / name
    if not path.resolve().is_relative_to(top):
        return False
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    for folder in path.parents:
        if folder == top or any(folder.iterdir()):
            break
        folder.rmdir()
    return True
