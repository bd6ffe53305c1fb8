"""A clone that has the cache and no pages, or files with other times: it is built as an edit, and equals a clean build."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from briefings import build, cli, clone, edit, kept, look, run, snapshot, state
from briefings.errors import BriefingsError, ContentError
from tests.sites import NOW, ROOT, about, briefing
from tests.sites import settings as conf
from tests.test_build import tree
from tests.test_edit import DOT, STEPS, Desk
from tests.test_incremental import KEY


def wait():
    """Until no file is too new to be sure of."""
    time.sleep(2 * look.TICK / 1e9)


class Project:
    """A site that is cloned from folder to folder, its theme beside it."""

    def __init__(self, folder):
        self.folder = folder
        self.content, self.output = folder / "content", folder / "output"
        self.ours = {"key": KEY, "page_size": 2, "leave_out": ("search",)}

    @property
    def packs(self):
        (cache,) = (self.folder / "cache").iterdir()
        return cache / snapshot.FOLDER

    def build(self, output=None, **how):
        file = conf(self.folder, BRIEFINGS=self.ours, THEME="theme")
        wait()
        return run.run(file, output=output, **how)

    def clone(self, folder):
        """The same files in another folder, with other times, and the cache; no output."""
        leave = shutil.ignore_patterns("output", "clean")
        shutil.copytree(self.folder, folder, ignore=leave, copy_function=shutil.copyfile)
        made = Project(folder)
        made.ours = self.ours
        return made

    def equals_a_clean_build(self):
        clean = self.folder / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        self.build(clean, full=True)
        return tree(self.output) == tree(clean)


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    folder = tmp_path / "one"
    shutil.copytree(ROOT / "theme", folder / "theme")
    about(folder / "content")
    (folder / "content" / "images").mkdir()
    (folder / "content" / "tags.yaml").write_text("floods: {label: Floods}\n")
    (folder / "content" / "images" / "dot.gif").write_bytes(DOT)
    for number in range(5):
        day = f"2026-11-{10 + number}T08:00:00Z"
        briefing(folder / "content", f"b{number}", "Some words.", status="published", published=day)
    briefing(folder / "content", "waits", "A draft.", status="draft")
    made = Project(folder)
    made.build()
    return made


@pytest.fixture
def whole(monkeypatch):
    """How many whole builds there were."""
    done = []
    really = build.build
    monkeypatch.setattr(build, "build", lambda *given, **how: done.append(1) or really(*given, **how))
    return done


# --- what needs no whole build --------------------------------------------------------------------------------------


def test_a_fresh_clone_takes_its_pages_from_the_cache(site, tmp_path, whole):
    two = site.clone(tmp_path / "two")
    report, _ = two.build()
    assert whole == []
    assert tree(two.output) == tree(site.output)
    assert (report.written, report.removed) == (report.files, 0)
    assert two.build()[0].written == 0
    assert whole == []
    assert two.equals_a_clean_build()


def test_what_a_commit_changed_is_made_on_top_of_that(site, tmp_path, whole):
    two = site.clone(tmp_path / "two")
    briefing(two.content, "b2", "Other words.", status="published", published="2026-11-12T08:00:00Z")
    (two.content / "briefings/2026/b1.md").unlink()
    why: dict[str, str] = {}
    report, _ = two.build(explain=why)
    assert whole == []
    assert report.written == report.files
    assert "it was gone or damaged" in why.values()
    assert any(reason.startswith("changed") for reason in why.values())
    assert two.equals_a_clean_build()


def test_from_clone_to_clone_with_an_edit_in_each(site, tmp_path, whole):
    here = site
    for number in range(5):
        here = here.clone(tmp_path / f"clone-{number}")
        briefing(here.content, f"b{number}", f"Words {number}.", status="published", published="2026-11-12T08:00:00Z")
        here.build()
    assert whole == []
    assert here.equals_a_clean_build()


def test_an_output_folder_that_is_gone_comes_back(site, whole):
    before = tree(site.output)
    shutil.rmtree(site.output)
    assert site.build()[0].written == len(before) - 2  # the manifest and the lock
    assert tree(site.output) == before
    assert whole == []


def test_files_with_other_times_and_the_same_bytes_are_the_same(site, whole):
    for path in [*site.content.rglob("*"), *(site.folder / "theme").rglob("*")]:
        os.utime(path)
    assert site.build()[0].written == 0
    assert whole == []
    os.utime(site.content / "briefings/2026/b1.md")
    briefing(site.content, "b3", "Other words.", status="published", published="2026-11-13T08:00:00Z")
    assert site.build()[0].written
    assert whole == []
    assert site.equals_a_clean_build()


def test_more_files_with_other_times_than_an_edit_may_have(site, whole, monkeypatch):
    monkeypatch.setattr(edit, "MOST", 3)
    for path in site.content.rglob("*.md"):
        os.utime(path)
    assert site.build()[0].written == 0
    assert whole == []


@pytest.mark.parametrize("seed", range(int(os.environ.get("BRIEFINGS_WALKS", "2"))))
def test_any_sequence_of_edits_with_clones_in_between(tmp_path, monkeypatch, seed, whole):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    room = Desk(tmp_path / "0", seed)
    room.theme.unlink()
    shutil.copytree(ROOT / "theme", room.theme)
    (room.content / "stories.yaml").write_text("quake: {title: The quake}\n")
    here = Project(room.folder)
    here.build()
    for number in range(1, STEPS):
        whole.clear()
        here = here.clone(tmp_path / f"{number}")
        shutil.rmtree(room.folder, ignore_errors=True)
        room.folder, room.content, room.theme = here.folder, here.content, here.folder / "theme"
        done = [room.step() for _ in range(room.chance.choice([0, 1, 1, 3]))]
        here.build()
        assert len(whole) <= 1, done
        assert here.equals_a_clean_build(), done


# --- what does ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["content/tags.yaml", "theme/templates/list.html", "theme/static/site.css", "content/images/dot.gif"]
)
def test_whatever_else_changed_needs_a_whole_build(site, tmp_path, whole, path):
    two = site.clone(tmp_path / "two")
    file = two.folder / path
    assert file.exists()
    if path.endswith(".gif"):
        file.write_bytes(DOT[:-2] + b"\1;")
    elif path.endswith(".html"):
        file.write_text(file.read_text().replace("<main", "<main data-x", 1) + "<!-- x -->")
    else:
        file.write_text(file.read_text() + ("\n" if path.endswith(".yaml") else "/* x */"))
    two.build()
    assert len(whole) == 1
    assert two.equals_a_clean_build()


def test_another_setting_needs_a_whole_build(site, tmp_path, whole):
    two = site.clone(tmp_path / "two")
    two.ours = {**site.ours, "page_size": 3}
    two.build()
    assert len(whole) == 1
    assert two.equals_a_clean_build()


def test_bytes_that_a_refused_build_has_read_are_not_those_of_the_site(site, tmp_path, whole):
    """It keeps what it read of the good file, but the site was made of what that said before."""
    briefing(site.content, "b1", "Other words.", status="published", published="2026-11-11T08:00:00Z")
    good = (site.content / "briefings/2026/b2.md").read_text()
    (site.content / "briefings/2026/b2.md").write_text("no front matter")
    with pytest.raises(ContentError):
        site.build()
    (site.content / "briefings/2026/b2.md").write_text(good)
    whole.clear()
    two = site.clone(tmp_path / "two")
    two.build()
    assert two.equals_a_clean_build()
    assert "Other words." in "".join(path.read_text() for path in two.output.rglob("index.html"))


def test_a_site_that_was_put_back_before_an_error_is_told_of(site, tmp_path, capsys):
    two = site.clone(tmp_path / "two")
    (two.content / "briefings/2026/b2.md").write_text("no front matter")
    with pytest.raises(ContentError) as refused:
        two.build()
    assert "is again what the last build made of it" in str(refused.value)
    assert tree(two.output).keys() == tree(site.output).keys()
    shutil.rmtree(two.output)
    assert cli.main(["build", "--settings", str(two.folder / "conf.py")]) == 1
    assert "Nothing else was written." in capsys.readouterr().err


@pytest.mark.parametrize(
    "what", ["a pack gone", "a pack cut", "other bytes", "no manifest", "another manifest", "no snapshot"]
)
def test_a_snapshot_that_is_not_whole_is_none(site, tmp_path, whole, what):
    two = site.clone(tmp_path / "two")
    packs = sorted(path for path in two.packs.iterdir() if path.name != snapshot.MANIFEST)
    manifest = two.packs / snapshot.MANIFEST
    if what == "a pack gone":
        packs[0].unlink()
    elif what == "a pack cut":
        packs[0].write_bytes(packs[0].read_bytes()[:-9])
    elif what == "other bytes":
        packs[0].write_bytes(b"?" + packs[0].read_bytes()[1:])
    elif what == "no manifest":
        manifest.unlink()
    elif what == "another manifest":
        manifest.write_bytes(manifest.read_bytes().replace(b"index.html", b"index.htm1"))
    else:
        shutil.rmtree(two.packs)
    two.build()
    assert len(whole) == 1
    assert two.equals_a_clean_build()
    whole.clear()
    three = two.clone(tmp_path / "three")
    three.build()  # that build has mended it
    assert whole == []
    assert three.equals_a_clean_build()


def parts(cache, *names):
    """Parts of a cache folder as they are now: what puts them back."""
    held = {name: (cache / name).read_bytes() for name in names}
    return lambda: [(cache / name).write_bytes(data) for name, data in held.items()]


@pytest.mark.parametrize(
    "older", [("stamp.txt", "standing.txt"), ("kept.sqlite", "site/manifest.json")], ids=["stamp", "graph"]
)
def test_a_cache_of_two_builds_is_none(site, whole, older):
    """It was copied while a build wrote it, say: what the stamp saw is not what the graph was made of."""
    cache = site.packs.parent
    put_back = parts(cache, *older)
    briefing(site.content, "b2", "Other words.", status="published", published="2026-11-12T08:00:00Z")
    briefing(site.content, "b9", "A new one.", status="published", published="2026-11-19T08:00:00Z")
    told, _ = site.build()
    put_back()
    shutil.rmtree(site.output)
    report, _ = site.build()
    assert (report.briefings, report.pages, report.files) == (told.briefings, told.pages, told.files)
    assert site.equals_a_clean_build()


def test_a_stamp_of_another_build_does_not_say_when_what_waits_goes_out(site, tmp_path, monkeypatch):
    briefing(site.content, "held", "It waits.", status="published", published="2026-11-25T08:00:00Z")
    site.build()
    put_back = parts(site.packs.parent, "stamp.txt", "standing.txt")
    briefing(site.content, "held", "It waits.", status="published", published="2026-11-23T08:00:00Z")
    site.build()
    put_back()
    two = site.clone(tmp_path / "two")
    two.build()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp()) + 2 * 86400))
    assert two.build()[0].briefings == 6
    assert two.equals_a_clean_build()


def test_a_build_that_is_stopped_while_files_are_put_back(site, tmp_path, monkeypatch, whole):
    two = site.clone(tmp_path / "two")
    left = [3]

    def place(aside, target, really=state.place):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        really(aside, target)

    monkeypatch.setattr(state, "place", place)
    with pytest.raises(KeyboardInterrupt):
        two.build()
    monkeypatch.setattr(state, "place", os.replace)
    two.build()
    assert two.equals_a_clean_build()


@pytest.mark.parametrize("written", [False, True], ids=["no manifest", "a manifest"])
def test_a_build_that_is_stopped_when_all_files_are_back(site, monkeypatch, written):
    """The files are those of the stamp, which still stands: there is more to do than nothing."""
    before = tree(site.output)
    shutil.rmtree(site.output)

    def finish(output, manifest):
        if written:
            state.write(state.manifest_of(output), manifest)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(state, "finish", finish)
        with pytest.raises(KeyboardInterrupt):
            site.build()
    site.build()
    assert tree(site.output) == before


def test_edits_do_not_swell_the_cache(site, monkeypatch):
    """However much each of them writes."""
    monkeypatch.setattr(snapshot, "_SMALL", 0)
    monkeypatch.setattr(snapshot, "_SPARE", 0)
    most = 0
    for number in range(25):
        briefing(site.content, "b2", f"Words {number}.", status="published", published="2026-11-12T08:00:00Z")
        site.build()
        size = sum(path.stat().st_size for path in site.output.rglob("*") if path.name not in {"manifest.json", "lock"})
        packs = [path.stat().st_size for path in site.packs.iterdir() if path.name != snapshot.MANIFEST]
        most = max(most, len(packs))
        assert sum(packs) <= 3 * size + 2**17
    assert most > 3
    assert site.equals_a_clean_build()


@pytest.mark.parametrize(
    "damage", [None, "DELETE FROM about WHERE name = 'last'", "UPDATE about SET value = '[[1]]' WHERE name = 'hidden'"]
)
def test_a_graph_that_is_damaged_is_none(site, tmp_path, whole, damage):
    two = site.clone(tmp_path / "two")
    file = two.packs.parent / "kept.sqlite"
    if damage:
        with closing(sqlite3.connect(file)) as base, base:
            base.execute(damage)
    else:
        file.write_bytes(b"")
    two.build()
    assert len(whole) == 1
    assert two.equals_a_clean_build()


def test_an_output_folder_with_something_in_it_is_left_to_a_whole_build(site, tmp_path, whole):
    two = site.clone(tmp_path / "two")
    two.output.mkdir()
    (two.output / "mine.txt").write_text("mine")
    with pytest.raises(BriefingsError, match="is not empty"):
        two.build()
    assert [path.name for path in two.output.iterdir()] == ["mine.txt"]


def test_a_folder_held_by_another_build_is_not_touched(site, tmp_path):
    two = site.clone(tmp_path / "two")
    two.output.mkdir()
    with state.locked(two.output), pytest.raises(BriefingsError, match="another build"):
        two.build()
    assert [path.name for path in two.output.iterdir()] == [state.FOLDER]


# --- a cache that cannot be written ------------------------------------------------------------------------------------


def full(*_):
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("anew", [False, True])
def test_what_cannot_be_kept_is_published(site, monkeypatch, anew):
    """What is kept of the file is older than what was read of it."""
    page = site.output / "briefings/b2/index.html"
    with monkeypatch.context() as patch:
        patch.setattr(kept.Keep, "_insert", full)
        for number in range(3):
            words = f"Other words, {number}."
            briefing(site.content, "b2", words, status="published", published="2026-11-12T08:00:00Z")
            site.build(full=anew)
            assert words in page.read_text()
    assert site.equals_a_clean_build()
    briefing(site.content, "b3", "Last words.", status="published", published="2026-11-13T08:00:00Z")
    site.build()
    assert site.equals_a_clean_build()


def test_nothing_is_known_where_only_a_part_could_be_kept(site, tmp_path, monkeypatch):
    """The disk had room again when the graph was written: of the file it would still have an older title."""
    fields = {"status": "published", "published": "2026-11-12T08:00:00Z", "title": '"Another title"'}
    briefing(site.content, "b2", "Some words.", **fields)
    with monkeypatch.context() as patch:
        patch.setattr(kept.Keep, "_insert", full)
        site.build()
    two = site.clone(tmp_path / "two")
    briefing(two.content, "b3", "Other words.", status="published", published="2026-11-12T09:00:00Z")
    two.build()
    assert two.equals_a_clean_build()


# --- the setting ----------------------------------------------------------------------------------------------------


def test_without_a_snapshot(site, tmp_path, whole):
    assert site.packs.is_dir()
    site.ours = {**site.ours, "snapshot": False}
    site.build()
    assert not site.packs.exists()
    briefing(site.content, "b2", "Other words.", status="published", published="2026-11-12T08:00:00Z")
    site.build()
    assert not site.packs.exists()
    whole.clear()
    two = site.clone(tmp_path / "two")
    two.build()
    assert len(whole) == 1
    assert two.equals_a_clean_build()


def test_one_that_is_wanted_again_is_made_of_the_site_that_stands(site, tmp_path, whole):
    site.ours = {**site.ours, "snapshot": False}
    site.build()
    site.ours = {**site.ours, "snapshot": True}
    assert site.build()[0].written == 0
    whole.clear()
    two = site.clone(tmp_path / "two")
    two.build()
    assert whole == []
    assert two.equals_a_clean_build()


def test_a_page_that_names_the_folder_of_the_project_is_made_anew_in_another_one(site, tmp_path, monkeypatch):
    monkeypatch.setattr(Project, "build", lambda here, output=None, **how: built(here, output, how, here.folder))
    site.build()
    two = site.clone(tmp_path / "two")
    two.build()
    assert f"{two.folder}/wire" in (two.output / "index.html").read_text()
    assert two.equals_a_clean_build()


def built(site, output, how, name):
    file = conf(site.folder, BRIEFINGS=site.ours, THEME="theme", SITENAME=f"{name}/wire")
    wait()
    return run.run(file, output=output, **how)


# --- the seal -------------------------------------------------------------------------------------------------------


def seen(site, **asked):
    from briefings.fresh import Folders

    wait()
    here = str(site.folder)
    found = look.look(f"{here}/content", f"{here}/theme", {"settings": here, **asked})
    return found, Folders(here, f"{here}/content", f"{here}/theme", f"{here}/output")


def test_a_seal_is_the_same_in_another_folder_and_another_one_for_other_bytes(site, tmp_path):
    two = site.clone(tmp_path / "two")
    assert clone.seal(*seen(site)) == clone.seal(*seen(two))
    assert clone.seal(*seen(site, drafts=True)) != clone.seal(*seen(two))
    (two.content / "tags.yaml").rename(two.content / "tags2.yaml")
    assert clone.seal(*seen(two)) != clone.seal(*seen(site))


def test_a_file_that_goes_from_one_folder_of_the_theme_to_the_other_breaks_the_seal(site):
    """Beside each other, the last templates and the first static files stand in one row."""
    theme = site.folder / "theme"
    shutil.rmtree(theme)
    for name in ("templates/a.html", "static/b.css", "static/c.css"):
        (theme / name).parent.mkdir(parents=True, exist_ok=True)
        (theme / name).write_text("")
    before = clone.seal(*seen(site))
    (theme / "static/b.css").rename(theme / "templates/b.css")
    assert clone.seal(*seen(site)) != before


def test_other_releases_of_what_draws_break_the_seal(site, monkeypatch):
    before = clone.seal(*seen(site))
    monkeypatch.setattr(state, "releases", lambda names: f"{names} of tomorrow")
    assert clone.seal(*seen(site)) != before


def test_there_is_no_seal_of_files_that_changed_since_they_were_seen(site):
    found, folders = seen(site)
    assert clone.seal(found, folders)
    (site.content / "tags.yaml").write_text((site.content / "tags.yaml").read_text())
    assert clone.seal(found, folders) == ""


def test_what_a_killed_build_wrote_aside_is_taken_away_by_a_whole_one(site):
    cache = site.packs.parent
    there = [
        site.output / ".briefings" / ".manifest.json.4711.new",
        cache / "stamp.txt.4711.new",
        cache / "templates" / "plain-0.4711.new",
        cache / "moulds" / "0.4711.new",
        cache / "maps" / "0.4711.new",
    ]
    others = [cache / "mine.new", site.output / ".briefings" / "new.4711"]
    for path in (*there, *others):
        path.parent.mkdir(exist_ok=True)
        path.write_text("begun")
    site.build(full=True)
    assert not any(path.exists() for path in there)
    assert all(path.exists() for path in others)
