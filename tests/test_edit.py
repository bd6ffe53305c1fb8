"""A build after the edit of a few briefings looks at little, and writes what a build from nothing would write."""

from __future__ import annotations

import os
import shutil
import time

import pytest

from briefings import edit, graph, look, plugin, run, state
from briefings.errors import ContentError
from tests.sites import NOW, about, briefing, identity
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


DOT = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"


class Desk(Newsroom):
    """Editors who touch nothing but briefings."""

    leave_out: tuple[str, ...] = ("search",)
    drafts = False

    def __init__(self, folder, seed):
        super().__init__(folder, seed)
        (self.content / "images").mkdir()
        (self.content / "images" / "dot.gif").write_bytes(DOT)

    def step(self):
        what = self.chance.choice([
            self.edit, self.edit, self.retitle, self.retag, self.move, self.redate, self.republish, self.note,
            self.withdraw, self.remove, self.restore, self.story, self.alias, self.image, self.link, self.unlink,
            self.picture,
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

    def unlink(self):
        slug = self.some()
        self.pages[slug]["body"] = "No link any more."
        self.write(slug)

    def picture(self):
        slug = self.some()
        self.pages[slug]["body"] = self.chance.choice(["![A dot](/images/dot.gif)", "Here: ![A dot](images/dot.gif)."])
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


class Years(Desk):
    """Many briefings over several years, some of them long: archives of feeds are cut by year, month, and weight."""

    def __init__(self, folder, seed):
        super().__init__(folder, seed)
        for number in range(24):
            self.add(f"y{number}")

    def step(self):
        other = super().step
        done = [self.chance.choice([self.grow, self.republish, other]) for _ in range(self.chance.choice([1, 1, 3]))]
        return [what() or what.__name__ for what in done]

    def add(self, slug):
        super().add(slug)
        self.when(slug)

    def when(self, slug):
        chance = self.chance
        month = chance.choice([(2026, 11), (2026, 10), (2024, 12), (2024, 1), (chance.randint(2019, 2025), 6)])
        self.pages[slug]["published"] = "{}-{:02}-{:02}T08:00:{:02}Z".format(*month, chance.randint(1, 20), len(slug))
        self.write(slug)

    def republish(self):
        self.when(self.some())

    def grow(self):
        slug = self.some()
        self.pages[slug]["body"] = "Long words. " * self.chance.choice([1, 1, 400, 9000])
        self.write(slug)

    def build(self, output, full):
        ours = {"key": KEY, "page_size": 3, "feed_items": 6, "feed_bytes": 60_000, "leave_out": self.leave_out}
        site = conf(self.folder, THEME=str(self.theme), BRIEFINGS=ours)
        return run.run(site, output=self.folder / output, full=full, drafts=self.drafts)


@pytest.mark.parametrize("seed", range(int(os.environ.get("BRIEFINGS_WALKS", "1"))))
@pytest.mark.parametrize("drafts", [False, True], ids=["public", "drafts"])
def test_archives_over_years_equal_those_of_a_build_from_nothing(tmp_path, monkeypatch, taken, seed, drafts):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    room = Years(tmp_path, seed)
    room.drafts = drafts
    walk(room, STEPS, taken, tmp_path / "clean")
    assert taken.count("") > STEPS / 2, taken


class Room:
    """A few briefings, edited by hand."""

    def __init__(self, folder, taken):
        self.folder, self.content, self.taken = folder, folder / "content", taken
        self.leave_out, self.drafts = ("search",), False
        about(self.content)
        for number in range(5):
            self.write(f"b{number}")

    def write(self, slug, body="Some words.", **fields):
        if slug[1:].isdigit():
            fields = {"published": f"2026-11-{10 + int(slug[1:])}T08:00:00Z", **fields}
        return briefing(self.content, slug, body, **fields)

    def remove(self, slug):
        (self.content / f"briefings/2026/{slug}.md").unlink()

    def table(self, name, text):
        (self.content / name).write_text(text, "utf-8")

    def build(self, output="output", *, full=False):
        settle(self.folder)
        time.sleep(2 * look.TICK / 1e9)
        ours = {"key": KEY, "page_size": 2, "feed_items": 4, "leave_out": self.leave_out}
        site = conf(self.folder, BRIEFINGS=ours)
        try:
            report, problems = run.run(site, output=self.folder / output, full=full, drafts=self.drafts)
        except ContentError as error:
            return None, tuple(sorted(error.problems))
        return (report.briefings, report.pages, report.files), problems

    def same(self):
        """Build upon the last build and from nothing: the same, or the same errors; whether it was an edit."""
        self.taken.clear()
        here = self.build()
        assert here == self.build("clean", full=True)
        if here[0]:
            assert tree(self.folder / "output") == tree(self.folder / "clean")
        shutil.rmtree(self.folder / "clean", ignore_errors=True)
        return self.taken[:1] == [""]


@pytest.fixture
def room(tmp_path, monkeypatch, taken):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    return Room(tmp_path, taken)


PALU = "{name: Palu, country: ID, latitude: -0.9, longitude: 119.87}"
IN_GORONTALO = PALU.replace("}", ", region: Gorontalo}")
SELECTION = "wet: {id: 5d1c4b9e-0c2d-4a57-9d7a-0f7f3f3a2b10, title: Wet"
ALIKE = ('"12345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa"', '"12345678-bbbb-4bbb-8bbb-bbbbbbbbbbbb"')


def test_links_to_briefings_that_stay_are_edits(room):
    room.write("b4", "See [that](b1.md).")  # in the newest feed, which is made again whatever else changes there
    room.build()
    room.write("b3", "See [this](b0.md) and [that](../2026/b1.md).")
    assert room.same()
    room.write("b3", "See [this](b0.md), and more of it.")
    assert room.same()
    room.write("b0", "Other words, where a link leads.")
    assert room.same()
    room.write("b5", "A new one, about [that](b2.md).")
    assert room.same()
    room.write("b4", "See nothing.")
    assert room.same()


@pytest.mark.parametrize(
    "body", ["See [that](gone.md).", "See [that](b1.md#part).", "See [that](b2.md).", "[A](/tags/)."]
)
def test_links_that_hang_on_more_are_left_to_a_whole_build(room, body):
    room.build()
    room.write("b0", body)
    room.write("b2", aliases="[old]")
    assert not room.same()


def test_what_a_link_of_an_edit_leads_to_may_move(room):
    room.build()
    room.write("b3", "See [that](b1.md).")
    assert room.same()
    path = room.write("b1")
    path.write_text(path.read_text("utf-8").replace("slug: b1", "slug: moved"), "utf-8")
    assert not room.same()
    room.remove("b1")
    assert not room.same()


def test_a_picture_in_the_text_is_an_edit(room):
    (room.content / "images").mkdir()
    (room.content / "images" / "dot.gif").write_bytes(DOT)
    room.build()
    room.write("b3", "![A dot](images/dot.gif)")
    assert room.same()
    room.write("b3", "![A dot](images/dash.gif)")
    assert not room.same()


def test_a_removal_is_an_edit(room):
    room.build()
    room.remove("b3")
    assert room.same()


def test_two_new_briefings_may_want_one_address(room):
    room.leave_out = ("search", "redirects")  # else the paths of two outputs meet
    room.build()
    room.write("b5")
    room.write("b6", aliases="[b5]")
    room.same()


def test_of_ids_that_begin_alike_the_older_one_has_the_shorter_address(room):
    room.write("b5", id=ALIKE[0])
    room.write("b6", id=ALIKE[1])
    room.build()
    room.write("b5", id=ALIKE[0], published="2026-11-18T08:00:00Z")
    room.same()
    room.remove("b6")
    room.same()


def test_two_new_ids_may_begin_alike(room):
    room.leave_out = ("search", "redirects")
    room.build()
    room.write("b5", id=ALIKE[0])
    room.write("b6", id=ALIKE[1])
    room.same()


def test_a_region_may_disagree_with_that_of_the_table(room):
    room.table("places.yaml", "palu-id: {region: Sulawesi Tengah}\n")
    room.write("b0", location=IN_GORONTALO)
    room.build()
    room.write("b1", location=PALU)
    room.same()


def test_a_page_leaves_the_sitemap_when_it_names_an_original_that_asks_for_it(room):
    room.table("sources.yaml", "harbour: {name: Harbour News, canonical: original}\nquay: {name: Quay Wire}\n")
    for slug in ("b0", "b1", "b2", "b3", "b4"):
        room.write(slug)
    room.build()
    listed = [(room.folder / "output" / "sitemap.xml").read_text("utf-8")]
    room.write("b1", source="{name: Harbour News, url: 'https://harbour.example.org/1'}")
    assert room.same()
    listed.append((room.folder / "output" / "sitemap.xml").read_text("utf-8"))
    room.write("b1")
    assert room.same()
    assert ["/briefings/b1/" in one for one in listed] == [True, False]


@pytest.mark.parametrize("fields", [{"aliases": "[old]"}, {"updated": "2026-11-20T12:00:00Z"}])
def test_a_link_from_the_root_may_come_to_lead_somewhere(room, fields):
    note = '[{on: 2026-11-20, kind: major, note: "It was another number."}]'
    changed = {"changes": note, "updated": "2026-11-20T12:00:00Z"}
    room.write("b0", "See [one](/briefings/old/) and [two](/changes/page/1/).")
    for slug in ("b1", "b2", "b3"):
        room.write(slug, **changed)
    room.build()
    room.write("b4", **({**changed, **fields} if "updated" in fields else fields))
    room.same()


@pytest.mark.parametrize("leads", [True, False])
def test_a_plain_page_may_link_to_what_moves(room, leads):
    about(room.content, "See [this](../briefings/2026/b1.md).")
    room.build()
    if leads:
        path = room.write("b1")
        path.write_text(path.read_text("utf-8").replace("slug: b1", "slug: moved"), "utf-8")
    else:
        room.remove("b1")
    room.same()


def test_what_has_gone_out_may_not_become_a_draft(room):
    room.drafts = True
    room.table("published.txt", f"# ids\n{identity('b1')} 2026-11-11T08:00:00Z briefings/2026/b1.md\n")
    room.build()
    room.write("b1", status="draft")
    room.same()


def test_a_selection_by_words_looks_at_titles(room):
    room.table("feeds.yaml", f"{SELECTION}, words: [flood]}}\n")
    room.write("b0", title='"A flood"')
    room.build()
    room.write("b1", title='"Another flood"')
    assert room.same()
    room.write("b0", title='"A fire"')
    assert room.same()


def test_a_selection_may_become_empty_and_be_filled(room):
    room.table("feeds.yaml", f"{SELECTION}, countries: [TD]}}\n")
    room.write("b0", location="{name: Chad, country: TD}")
    room.build()
    room.write("b0")
    room.same()
    room.write("b1", location="{name: Chad, country: TD}")
    room.same()


def test_a_merge_may_wait_for_a_briefing_that_goes_and_comes_back(room):
    room.build()
    (room.content / "briefings/2026/b1.md.proposed").write_text("As the seed says.")
    room.same()
    room.remove("b1")
    room.same()
    room.write("b1")
    room.same()


def test_another_build_may_have_stopped_midway(room, monkeypatch):
    room.build()
    room.write("b1", "Same words.")
    settle(room.folder)
    place, count = state.place, iter(range(99))

    def stop(aside, target):
        place(aside, target)
        if next(count) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(state, "place", stop)
    with pytest.raises(KeyboardInterrupt):
        plugin.run(room.folder / "conf.py", output=room.folder / "output")  # it keeps nothing, and leaves no stamp
    monkeypatch.setattr(state, "place", place)
    room.write("b1")
    room.write("b2", "More words.")
    room.same()


def test_another_build_may_end_between_the_look_and_the_lock(room, monkeypatch):
    room.build()
    room.write("b5")
    locked = state.locked

    def late(output):
        monkeypatch.setattr(state, "locked", locked)
        room.build()
        return locked(output)

    monkeypatch.setattr(state, "locked", late)
    room.taken.clear()
    here = room.build()
    assert here == room.build("clean", full=True)
    assert room.taken[:2] == ["", "another build has ended meanwhile"]
    room.same()


@pytest.mark.parametrize("seconds", [7, 7200, -9 * 86_400])
def test_time_goes_on_or_back(room, monkeypatch, seconds):
    room.drafts = True
    room.write("b5", status="draft", published=None)
    room.build()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp()) + seconds))
    room.write("b2", "More words.")
    room.same()


@pytest.mark.parametrize("back", ["b1", "b5", None])
def test_a_build_that_failed_may_have_forgotten_a_file(room, back):
    room.build()
    room.remove("b1")
    room.write("b2", status="unheard-of")
    assert room.build()[0] is None
    path = room.write("b1", "More words.", **({"id": f'"{identity(back)}"'} if back else {}))
    if back is None:
        assert room.build()[0] is None
        path.unlink()
    room.write("b2")
    room.same()


def test_a_file_that_comes_back_as_it_was_is_still_found(room):
    room.build()
    room.remove("b1")
    room.write("b3", status="unheard-of")
    assert room.build()[0] is None
    room.write("b1")
    room.write("b3")
    room.same()
    room.write("b1", title='"Another title"')
    assert room.same()


def test_what_cannot_be_kept_is_left_to_a_whole_build(room, monkeypatch):
    room.build()
    room.write("b1", "Other words.")
    with monkeypatch.context() as patch:
        patch.setattr(graph.Graph, "_take", lambda *_: 1 / 0)
        begun = time.monotonic()
        assert not room.same()
        assert time.monotonic() - begun < 5, "nobody waits for a lock that nobody lets go"
    room.write("b1", "Other words again.")
    assert room.same()


def test_after_an_error_is_mended_an_edit_is_an_edit_again(room):
    room.build()
    room.write("b1", status="unheard-of")
    assert room.build()[0] is None
    assert room.taken[-1] == "briefings/2026/b1.md has errors"
    room.write("b1", "Mended words.")
    assert room.same()
