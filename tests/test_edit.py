"""A build after the edit of a few briefings looks at little, and writes what a build from nothing would write."""

from __future__ import annotations

import os
import shutil

import pytest

from briefings import edit, run
from tests.sites import NOW
from tests.sites import settings as conf
from tests.test_build import tree
from tests.test_incremental import KEY, Newsroom

LEAN = (
    "regions", "countries", "sources", "stories", "selections", "archive", "atom", "json", "feed-archives", "feed-list",
    "changes", "api", "cite", "digests", "hosting", "jsonld", "map", "news", "redirects", "related", "search",
)  # fmt: skip
SPOTS = (
    "{name: Palu, country: ID, latitude: -0.9, longitude: 119.87}",
    "{name: Beira, country: MZ, latitude: -19.84, longitude: 34.84}",
    "{name: Chad, country: TD}",
    "{name: Poso, country: ID, latitude: -1.4, longitude: 120.75}",
    None,
)
DATES = ["2018-10-01", "2018-10", "2018-11-30", "2019", None]


class Desk(Newsroom):
    """Editors who touch nothing but briefings."""

    leave_out: tuple[str, ...] = ("search",)
    drafts = False

    def step(self):
        what = self.chance.choice([
            self.edit, self.edit, self.retitle, self.retag, self.move, self.redate, self.republish, self.note,
            self.withdraw, self.remove, self.restore, self.story, self.alias, self.image,
        ])  # fmt: skip
        what()
        return what.__name__

    def move(self):
        slug = self.some()
        self.pages[slug]["location"] = self.chance.choice(SPOTS)
        self.write(slug)

    def redate(self):
        slug = self.some()
        self.pages[slug]["date"] = self.chance.choice(DATES)
        self.write(slug)

    def republish(self):
        slug = self.some()
        self.pages[slug]["published"] = f"2026-1{self.chance.randint(0, 1)}-{self.chance.randint(1, 20):02}T07:00:00Z"
        self.write(slug)

    def note(self):
        slug = self.some()
        self.pages[slug]["updated"] = f"2026-11-2{self.chance.randint(0, 1)}T12:00:00Z"
        self.pages[slug]["changes"] = '[{on: 2026-11-20, kind: major, note: "It was another number."}]'
        self.write(slug)

    def story(self):
        slug = self.some()
        self.pages[slug]["story"] = self.chance.choice(["quake", None])
        self.write(slug)

    def alias(self):
        slug = self.some()
        self.pages[slug]["aliases"] = self.chance.choice([f"[old-{slug}]", None])
        self.write(slug)

    def image(self):
        slug = self.some()
        self.pages[slug]["key_points"] = self.chance.choice(["[One., Two.]", None])
        self.write(slug)

    def build(self, output, full):
        ours = {"key": KEY, "page_size": 2, "feed_items": 4, "leave_out": self.leave_out}
        site = conf(self.folder, THEME=str(self.theme), BRIEFINGS=ours)
        return run.run(site, output=self.folder / output, full=full, drafts=self.drafts)


def settle(folder):
    """Let the clock tick: a file that is as new as the look at it is looked at again."""
    old = NOW.timestamp() - 86_400
    for path in (folder / "content").rglob("*"):
        if path.is_file() and path.stat().st_mtime > old + 43_200:
            os.utime(path, (old + path.stat().st_size, old + path.stat().st_size))


@pytest.fixture
def taken(monkeypatch):
    """Why each build was a whole one; an empty word for one that was not."""
    found = []
    really = edit.attempt

    def attempt(*given):
        done = really(*given)
        found.append(done if isinstance(done, str) else "")
        return done

    monkeypatch.setattr(edit, "attempt", attempt)
    return found


def walk(room, steps, taken, clean):
    room.build("output", full=False)
    for _ in range(steps):
        what = room.step()
        settle(room.folder)
        report, problems = room.build("output", full=False)
        shutil.rmtree(clean, ignore_errors=True)
        whole, all_problems = room.build(clean, full=True)
        assert tree(room.folder / "output") == tree(clean), (what, taken[-1:])
        assert problems == all_problems
        assert (report.briefings, report.pages, report.files) == (whole.briefings, whole.pages, whole.files), what


STEPS = int(os.environ.get("BRIEFINGS_EDITS", "14"))


@pytest.mark.parametrize("seed", range(int(os.environ.get("BRIEFINGS_WALKS", "2"))))
@pytest.mark.parametrize("leave_out", [("search",), LEAN], ids=["full", "lean"])
@pytest.mark.parametrize("drafts", [False, True], ids=["public", "drafts"])
def test_any_sequence_of_edits_equals_a_build_from_nothing(tmp_path, monkeypatch, taken, leave_out, seed, drafts):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    room = Desk(tmp_path, seed)
    (room.content / "stories.yaml").write_text("quake: {title: The quake}\n")
    room.leave_out, room.drafts = leave_out, drafts
    walk(room, STEPS, taken, tmp_path / "clean")
    assert taken.count("") > STEPS / 2, taken
