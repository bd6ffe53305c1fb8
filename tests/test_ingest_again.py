"""The same folder once more: {seed same, changed, gone} and {briefing untouched, edited, renamed, deleted, in conflict …}.

Whatever an editor wrote is there afterwards, byte by byte (reliability R12). Every cell of that matrix is a case here:

=========  =========================  =======================  =======================  ==========================
the seed   draft untouched            edited, uncommitted,     renamed, moved           deleted
                                      in conflict, broken,
                                      published
=========  =========================  =======================  =======================  ==========================
the same   ``test_changes_nothing_at_all`` for every edit, times of files too
gone       ``test_nor_when_it_is_gone`` for every edit
changed    ``test_an_untouched_       ``test_an_editors_       as untouched; and        ``test_a_deleted_
           draft_follows_it``         briefing_stays_and_…``   edited: as edited        briefing_does_not_…``
=========  =========================  =======================  =======================  ==========================
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from briefings import cli, durable, frontmatter, ingest, shelf
from briefings.shelf import LEDGER
from tests.sites import ROOT

EPOCH = "1795305600"
WIRE = """\
Ferry service resumes across the strait

PORT LOUIS, March 4 (Harbour News) - The ferry to Rodrigues sailed again on Monday after a week of high seas, the ports authority said.

Two cargo ships are still waiting outside the harbour, and a third one is expected.

Fishing boats were told to stay in the lagoon until the wind has dropped.
"""
CHANGED = WIRE.replace("Two cargo ships", "Three cargo ships") + "\nThe authority opened a telephone line.\n"
OTHER = """\
Museum of the postal service opens its doors

The collection shows stamps, bicycles and the first telegraph of the island, and entry is free on Sundays for residents.
"""


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


class Room:
    """A seed, its content folder, and what an editor does there."""

    def __init__(self, top):
        self.seed = top / "in/ferry.txt"
        self.content = top / "content"
        self.seed.parent.mkdir()
        self.write(WIRE)

    def write(self, text):
        self.seed.write_text(text, "utf-8")

    def run(self, **how):
        return ingest.ingest([str(self.seed)], self.content, **how)

    def what(self):
        return [row.what for row in self.run().outcomes]

    @property
    def draft(self):
        (path,) = self.content.rglob("*.md")
        return path

    def edit(self, old, new):
        text = self.draft.read_text("utf-8")
        assert old in text
        self.draft.write_text(text.replace(old, new), "utf-8")

    @property
    def proposals(self):
        return sorted(self.content.rglob("*.proposed*"))

    def state(self):
        """Bytes and times of everything that an editor sees."""
        return {
            path.relative_to(self.content).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.content.rglob("*")
            if path.is_file() and path.name != "index.jsonl"
        }


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    assert room.what() == ["written"]
    return room


def uncommitted(room):
    """The draft is committed, then edited: git has not seen the edit."""
    git = ["git", "-C", str(room.content), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    room.edit("sailed again", "left again")


def renamed_and_edited(room):
    room.draft.rename(room.draft.with_name("elsewhere.md"))
    room.edit("sailed again", "left again")


EDITS = {
    "untouched": lambda room: None,
    "edited": lambda room: room.edit("sailed again", "left again"),
    "field edited": lambda room: room.edit('title: "Ferry', 'title: "The ferry'),
    "renamed": lambda room: room.draft.rename(room.draft.with_name("elsewhere.md")),
    "moved": lambda room: (room.content / "briefings/2016").mkdir() or room.draft.rename(room.content / "briefings/2016/x.md"),
    "renamed and edited": renamed_and_edited,
    "deleted": lambda room: room.draft.unlink(),
    "uncommitted": uncommitted,
    "in conflict": lambda room: room.edit("Two cargo", "<<<<<<< HEAD\nSome cargo\n=======\nMany cargo\n>>>>>>> other\nTwo cargo"),
    "broken": lambda room: room.edit('title: "Ferry', 'title: ["Ferry'),
    "published": lambda room: room.edit('status: "draft"', 'status: "published"'),
}  # fmt: skip


class TestTheSameSeed:
    @pytest.mark.parametrize("edit", EDITS)
    def test_changes_nothing_at_all(self, room, edit):
        EDITS[edit](room)
        before = room.state()
        report = room.run()
        assert [row.what for row in report.outcomes] == ["kept"]
        assert report.errors == 0
        assert room.state() == before

    @pytest.mark.parametrize("edit", EDITS)
    def test_nor_when_it_is_gone(self, room, edit):
        EDITS[edit](room)
        before = room.state()
        room.seed.unlink()
        other = room.seed.with_name("other.txt")
        other.write_text(OTHER)
        assert [row.what for row in ingest.ingest([str(other.parent)], room.content).outcomes] == ["written"]
        assert before.items() <= room.state().items()

    def test_under_another_name_is_the_same_bytes(self, room):
        copy = room.seed.with_name("copy.txt")
        copy.write_text(WIRE)
        (row,) = ingest.ingest([str(copy)], room.content).outcomes
        assert (row.what, row.note) == ("kept", f"the same bytes as {room.seed}; nothing changed")

    def test_twice_in_one_run(self, tmp_path):
        room = Room(tmp_path)
        copy = room.seed.with_name("copy.txt")
        copy.write_text(WIRE)
        assert [row.what for row in ingest.ingest([str(copy), str(room.seed)], room.content).outcomes] == [
            "written",
            "kept",
        ]

    def test_mends_a_ledger_that_is_lost(self, room):
        room.edit("sailed again", "left again")
        draft = room.draft.read_bytes()
        shutil.rmtree(room.content / LEDGER)
        assert room.what() == ["kept"]
        assert len(list((room.content / LEDGER).rglob("*.base"))) == 1
        assert room.draft.read_bytes() == draft


class TestAChangedSeed:
    @pytest.mark.parametrize("edit", ["untouched", "renamed", "moved"])
    def test_an_untouched_draft_follows_it(self, room, edit):
        EDITS[edit](room)
        path, text = room.draft, room.draft.read_text("utf-8")
        first, _ = frontmatter.parse(text, "x")
        room.write(CHANGED)
        report = room.run()
        assert ([row.what for row in report.outcomes], report.errors) == (["updated"], 0)
        assert room.draft == path
        now, _ = frontmatter.parse(path.read_text("utf-8"), "x")
        assert (now.id, now.slug, now.received) == (first.id, first.slug, first.received)
        assert now.seed.sha256 != first.seed.sha256
        assert "Three cargo ships" in path.read_text("utf-8")
        assert room.proposals == []
        assert room.what() == ["kept"]
        room.write(WIRE)
        assert room.what() == ["updated"]
        assert room.draft.read_text("utf-8") == text

    @pytest.mark.parametrize(
        "edit", [edit for edit in EDITS if edit not in {"untouched", "renamed", "moved", "deleted"}]
    )
    def test_an_editors_briefing_stays_and_a_merge_lies_beside_it(self, room, edit, capsys):
        EDITS[edit](room)
        before = room.draft.read_bytes(), room.draft.stat().st_mtime_ns
        room.write(CHANGED)
        assert cli.main(["ingest", str(room.seed), "--content", str(room.content)]) == 1
        assert (room.draft.read_bytes(), room.draft.stat().st_mtime_ns) == before
        (proposal,) = room.proposals
        assert proposal.name == f"{room.draft.name}.proposed"
        assert "Three cargo ships" in proposal.read_text("utf-8")
        err = capsys.readouterr().err
        unread = edit in {"in conflict", "broken", "published"}
        assert f"{room.draft}: its seed {room.seed} changed" in err
        assert ("nothing was merged" if unread else f"the merge is {proposal.name}") in err
        assert "1 proposed" in err
        state = room.state()
        assert cli.main(["ingest", str(room.seed), "--content", str(room.content)]) == 1
        assert ("nothing was merged" if unread else "waits in") in capsys.readouterr().err
        assert room.state() == state

    def test_what_does_not_overlap_is_merged(self, room):
        room.edit("sailed again", "left again")
        room.edit('title: "Ferry service', 'title: "Service')
        room.write(CHANGED)
        (row,) = room.run().outcomes
        assert row.note == "no conflict"
        room.proposals[0].replace(room.draft)
        text = room.draft.read_text("utf-8")
        found, problems = frontmatter.parse(text, "x")
        assert not problems
        assert found.title == "Service resumes across the strait"
        for words in ("left again", "Three cargo ships", "telephone line"):
            assert words in text
        assert room.what() == ["kept"]
        room.write(CHANGED.replace("telephone", "radio"))
        room.run()
        assert "left again" in room.proposals[0].read_text("utf-8")
        assert "radio line" in room.proposals[0].read_text("utf-8")
        assert "telephone" not in room.proposals[0].read_text("utf-8")

    def test_what_overlaps_is_listed_and_refused_until_it_is_settled(self, room):
        room.edit("Two cargo ships", "Some cargo ships")
        room.edit('title: "Ferry service', 'title: "Service')
        room.write(CHANGED.replace("Ferry service resumes", "Ferries sail again"))
        (row,) = room.run().outcomes
        assert row.note == "changed by both: title, text"
        text = room.proposals[0].read_text("utf-8")
        assert 'title: "Service resumes across the strait"' in text
        assert "title: the changed seed says Ferries sail again across the strait (you have Service resumes" in text
        assert "\n<<<<<<< yours\n\nSome cargo ships" in text
        assert "\n=======\n\nThree cargo ships" in text
        found, (problem,) = frontmatter.parse(text, "x")
        assert found is None
        assert "conflict marker" in problem.what

    def test_a_merge_that_is_deleted_is_not_made_again(self, room):
        room.edit("sailed again", "left again")
        room.write(CHANGED)
        room.run()
        room.proposals[0].unlink()
        report = room.run()
        assert ([row.what for row in report.outcomes], report.errors) == (["kept"], 0)
        assert room.proposals == []

    def test_a_merge_that_nobody_touched_gives_way_to_the_next(self, room):
        room.edit("sailed again", "left again")
        room.write(CHANGED)
        room.run()
        (first,) = room.proposals
        room.write(CHANGED.replace("telephone", "radio"))
        room.run()
        assert room.proposals == [first]
        assert "radio line" in first.read_text("utf-8")

    def test_a_briefing_with_an_error_is_merged_once_it_is_mended(self, room):
        EDITS["in conflict"](room)
        room.write(CHANGED)
        (row,) = room.run().outcomes
        assert row.note == "not merged"
        assert "mend the error" in row.problems[0].what
        room.edit("<<<<<<< HEAD\nSome cargo\n=======\nMany cargo\n>>>>>>> other\nTwo cargo", "Many cargo")
        (row,) = room.run().outcomes
        assert row.note == "changed by both: text"
        assert len(room.proposals) == 1
        assert "Many cargo" in room.proposals[0].read_text("utf-8")

    def test_a_merge_that_an_editor_works_on_is_left_alone(self, room):
        room.edit("sailed again", "left again")
        room.write(CHANGED)
        room.run()
        (first,) = room.proposals
        first.write_text("half done")
        room.write(CHANGED.replace("telephone", "radio"))
        room.run()
        assert [path.name for path in room.proposals] == [first.name, f"{first.name}-2"]
        assert first.read_text() == "half done"

    def test_a_published_briefing_asks_what_readers_should_know(self, room):
        room.draft.write_text(re.sub(r"(?m)^questions:\n(  - .*\n)+", "", room.draft.read_text("utf-8")), "utf-8")
        EDITS["published"](room)
        assert frontmatter.parse(room.draft.read_text("utf-8"), "x")[1] == ()
        room.write(CHANGED)
        assert room.run().outcomes[0].note == "no conflict"
        found, problems = frontmatter.parse(room.proposals[0].read_text("utf-8"), "x")
        assert found is None
        assert any("still open" in problem.what for problem in problems)
        assert "say it under changes" in room.proposals[0].read_text("utf-8")

    def test_what_the_editor_has_already_is_no_news(self, room):
        room.edit("Two cargo ships", "Three cargo ships")
        room.write(WIRE.replace("Two cargo ships", "Three cargo ships"))
        report = room.run()
        assert ([row.what for row in report.outcomes], report.errors) == (["kept"], 0)
        assert room.proposals == []
        assert room.what() == ["kept"]

    def test_a_deleted_briefing_does_not_come_back(self, room):
        room.draft.unlink()
        room.write(CHANGED)
        report = room.run()
        assert ([row.what for row in report.outcomes], report.errors) == (["kept"], 0)
        assert "does not come back" in report.outcomes[0].note
        assert list(room.content.rglob("*.md")) == []

    def test_without_a_ledger_nothing_is_replaced(self, room):
        shutil.rmtree(room.content / LEDGER)
        before = room.draft.read_bytes()
        room.write(CHANGED)
        assert room.what() == ["proposed"]
        assert room.draft.read_bytes() == before

    def test_a_dry_run_says_it_and_writes_nothing(self, room):
        room.write(CHANGED)
        before = room.state()
        assert [row.what for row in room.run(dry_run=True).outcomes] == ["updated"]
        room.edit("sailed again", "left again")
        before = room.state()
        assert [row.what for row in room.run(dry_run=True).outcomes] == ["proposed"]
        assert room.state() == before

    def test_another_article_in_a_file_of_the_same_name_is_a_draft_of_its_own(self, room):
        before = room.draft.read_bytes()
        first = room.draft
        room.write(OTHER)
        report = room.run()
        assert ([row.what for row in report.outcomes], report.errors) == (["written"], 0)
        assert "a file of this name" in str(report.problems[0])
        assert first.read_bytes() == before
        room.write(OTHER.replace("stamps", "letters"))
        assert room.what() == ["updated"]
        assert first.read_bytes() == before

    def test_a_file_that_changes_between_reading_and_replacing_is_kept(self, room, monkeypatch):
        room.write(CHANGED)
        path, replace = room.draft, durable.Writer.replace

        def late(writer, place, text, read):
            if "left again" not in path.read_text("utf-8"):
                room.edit("sailed again", "left again")
            return replace(writer, place, text, read)

        monkeypatch.setattr(durable.Writer, "replace", late)
        assert room.what() == ["proposed"]
        assert "left again" in room.draft.read_text("utf-8")


class TestAnything:
    def test_an_uncommitted_edit_is_an_edit(self, room):
        git = ["git", "-C", str(room.content), "-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "."], check=True)
        listed = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout
        assert "index.jsonl" not in listed
        subprocess.run([*git, "commit", "-qm", "x"], check=True)
        room.edit("sailed again", "left again")
        before = room.draft.read_bytes()
        room.write(CHANGED)
        assert room.what() == ["proposed"]
        assert room.draft.read_bytes() == before

    @pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b'["briefings ingest index", 2, "x"]\n', None])
    def test_a_broken_index_is_made_anew(self, room, damage, monkeypatch):
        monkeypatch.setattr(shelf, "_SETTLED", 0)
        assert room.what() == ["kept"]
        index = room.content / LEDGER / "index.jsonl"
        assert len(index.read_text("utf-8").splitlines()) == 4
        index.write_bytes(index.read_bytes()[:-40] if damage is None else damage)
        room.write(CHANGED)
        assert room.what() == ["updated"]

    def test_random_work_of_editors_machines_and_seeds(self, tmp_path):
        """Whatever happens in whatever order: the words of the editor are in the briefing."""
        chance = random.Random(4)
        room = Room(tmp_path)
        words = set()
        for number in range(25):
            parts = WIRE.split("\n\n") + [f"Line {number}, which stands alone." for _ in range(chance.random() < 0.5)]
            room.write("\n\n".join(parts).replace("cargo", chance.choice(["cargo", "coal", "container"])))
            room.run()
            if chance.random() < 0.5:
                words.add(f"edit {number},")
                room.edit(*chance.choice([("seas,", f"seas, edit {number},"), ("harbour", f"edit {number}, harbour")]))
                room.run()
            if room.proposals:
                taken = room.proposals[-1]
                text = taken.read_text("utf-8")
                # One that was made before the latest edit does not know of it.
                if "<<<<<<<" not in text and all(word in text for word in words):
                    taken.replace(room.draft)
            for word in words:
                assert word in room.draft.read_text("utf-8")


class TestKilled:
    def test_at_any_moment_nothing_is_lost(self, tmp_path):
        """Kill -9 at random moments of a run that writes, updates and proposes; then run to the end."""
        inbox, content = tmp_path / "in", tmp_path / "content"
        inbox.mkdir()
        command = [sys.executable, "-m", "briefings", "ingest", str(inbox), "--content", str(content)]
        chance = random.Random(1)

        def write(edition):
            for number in range(40):
                text = WIRE.replace("Rodrigues", f"Island {number}").replace("March 4", f"March {edition}")
                (inbox / f"{number:02}.txt").write_text(f"Headline {number}\n\n{text}")

        def killed(seconds):
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            process.wait()

        write(1)
        started = time.monotonic()
        subprocess.run([*command, "--dry-run"], cwd=ROOT, check=True, capture_output=True)
        whole = time.monotonic() - started
        for _ in range(12):
            killed(whole * chance.uniform(0.4, 1.1))
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        drafts = sorted(content.rglob("*.md"))
        assert len(drafts) == 40
        edits = {}
        for path in drafts[::4]:
            path.write_text(path.read_text("utf-8").replace("sailed again", "left again"), "utf-8")
            edits[path] = path.read_bytes()
        write(9)
        for _ in range(12):
            killed(whole * chance.uniform(0.4, 1.1))
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert sorted(content.rglob("*.md")) == drafts
        assert {path: path.read_bytes() for path in edits} == edits
        assert len(list(content.rglob("*.proposed"))) == len(list(content.rglob("*.proposed*"))) == len(edits)
        for path in drafts:
            assert frontmatter.parse(path.read_text("utf-8"), "x")[0]
            assert ("March 9" in path.read_text("utf-8")) == (path not in edits)
        assert not (content / LEDGER / "new").exists()
        assert not os.path.lexists(content / "briefings/new")

    def test_two_at_once_give_one_draft_each(self, tmp_path):
        room = Room(tmp_path)
        command = [sys.executable, "-m", "briefings", "ingest", str(room.seed), "--content", str(room.content)]
        running = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
        ]
        assert [process.wait() for process in running if process.communicate()] == [0, 0, 0]
        assert len(list(room.content.rglob("*.md"))) == 1
