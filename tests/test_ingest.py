"""From seed files to drafts: what is written, what is left alone, and what is refused in one line."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from briefings import cli, frontmatter, ingest
from tests.sites import ROOT

EPOCH = "1795305600"
SHARED = Path(os.environ.get("BRIEFINGS_SHARED", ROOT.parent / "shared"))
WIRE = """\
Ferry service resumes across the strait

PORT LOUIS, March 4 (Harbour News) - The ferry to Rodrigues sailed again on Monday after a week of high seas, the ports authority said.

Two cargo ships are still waiting outside the harbour.
"""


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture
def content(tmp_path):
    return tmp_path / "content"


def seed(tmp_path, name="ferry.txt", text=WIRE):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def only(content):
    """The one draft below ``content``: (briefing, prose)."""
    (path,) = content.rglob("*.md")
    text = path.read_text("utf-8")
    found, problems = frontmatter.parse(text, path.relative_to(content).as_posix())
    assert not problems
    assert found
    return found, frontmatter.split(text)[1]


def test_a_draft_says_what_the_seed_says_and_asks_the_rest(tmp_path, content):
    report = ingest.ingest([seed(tmp_path)], content)
    draft, prose = only(content)
    assert report.summary() == "1 draft written, 0 kept as they are, 0 refused."
    assert draft.path == "briefings/2026/ferry-service-resumes-across-the-strait.md"
    assert (draft.status, draft.title) == ("draft", "Ferry service resumes across the strait")
    assert (draft.source.name, draft.source.filed_from.casefold()) == ("Harbour News", "port louis")
    assert draft.date is None
    assert any(question.startswith("date: ") for question in draft.questions)
    partial = next(row for row in draft.evidence if row.field == "date")
    assert (partial.status, partial.value, partial.words) == ("partial", "--03-04", ("March 4", "Monday"))
    assert prose.startswith("The ferry to Rodrigues sailed again")
    assert draft.location
    assert draft.location.country == "MU"


def test_the_same_seed_changes_nothing(tmp_path, content):
    name = seed(tmp_path)
    ingest.ingest([name], content)
    (path,) = content.rglob("*.md")
    before = path.read_bytes(), path.stat().st_mtime_ns
    report = ingest.ingest([name], content)
    assert [row.what for row in report.outcomes] == ["kept"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_an_edited_and_renamed_draft_is_known_again(tmp_path, content):
    name = seed(tmp_path)
    ingest.ingest([name], content)
    (path,) = content.rglob("*.md")
    moved = path.rename(path.with_name("elsewhere.md"))
    moved.write_text(moved.read_text("utf-8").replace("sailed again", "left again"), "utf-8")
    edited = moved.read_bytes()
    report = ingest.ingest([name], content)
    assert [row.what for row in report.outcomes] == ["kept"]
    assert [file.read_bytes() for file in content.rglob("*.md")] == [edited]


def test_a_file_in_the_way_is_never_opened(tmp_path, content):
    taken = content / "briefings/2026/ferry-service-resumes-across-the-strait.md"
    taken.parent.mkdir(parents=True)
    taken.write_text("somebody's notes")
    ingest.ingest([seed(tmp_path)], content)
    assert taken.read_text() == "somebody's notes"
    assert (taken.with_name("ferry-service-resumes-across-the-strait-2.md")).is_file()


def test_a_dry_run_writes_nothing(tmp_path, content, capsys):
    assert cli.main(["ingest", seed(tmp_path), "--content", str(content), "--dry-run"]) == 0
    assert "1 draft would be written" in capsys.readouterr().err
    assert not content.exists()


def test_the_same_seed_gives_the_same_bytes_anywhere(tmp_path):
    name = seed(tmp_path)
    ingest.ingest([name], tmp_path / "one")
    ingest.ingest([name], tmp_path / "two")
    one, two = (next((tmp_path / folder).rglob("*.md")).read_bytes() for folder in ("one", "two"))
    assert one == two


def test_standard_input_and_the_report(tmp_path, content, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WIRE.encode())))
    report = tmp_path / "report.jsonl"
    assert cli.main(["ingest", "-", "--content", str(content), "--report", str(report)]) == 0
    row = json.loads(report.read_text("utf-8"))
    assert (row["seed"], row["what"]) == ("standard input", "written")
    assert capsys.readouterr().out.startswith("standard input -> ")


class TestStandardInput:
    """It may hold what a file may hold; it is kept in a temporary file, which is gone afterwards."""

    @pytest.fixture(autouse=True)
    def _room(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
        (tmp_path / "tmp").mkdir()
        yield
        assert list((tmp_path / "tmp").iterdir()) == []

    def give(self, monkeypatch, data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    def test_an_archive_as_large_as_in_a_file(self, content, monkeypatch):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for number in range(3):
                text = (WIRE + f"\nEdition {number}.\n" + " \n" * 3_500_000).encode()
                about = tarfile.TarInfo(f"{number}.txt")
                about.size = len(text)
                archive.addfile(about, io.BytesIO(text))
        assert len(packed.getvalue()) > 20_000_000
        self.give(monkeypatch, packed.getvalue())
        report = ingest.ingest(["-"], content)
        assert [outcome.seed for outcome in report.outcomes] == [f"standard input/{number}.txt" for number in range(3)]
        assert report.counts["written"] == 3
        self.give(monkeypatch, packed.getvalue())
        assert ingest.ingest(["-"], content).counts["kept"] == 3

    def test_what_is_too_large_is_refused_and_not_cut(self, content, monkeypatch, capsys):
        self.give(monkeypatch, b'{"headline": "Wells", "body_text": "One."}\n' * 1_300_000)
        assert cli.main(["ingest", "-", "--content", str(content)]) == 1
        (line, _) = capsys.readouterr().err.splitlines()
        assert line == "standard input: seed: the file has 51 MB, more than the 50 MB allowed (split it)"

    def test_a_text_as_before(self, content, monkeypatch, capsys):
        self.give(monkeypatch, b"a" * 11_000_000)
        assert cli.main(["explain", "-", "--content", str(content)]) == 1
        assert "more than the 10 MB allowed" in capsys.readouterr().err

    def test_no_room_for_it_is_one_line(self, content, monkeypatch, capsys, tmp_path):
        self.give(monkeypatch, WIRE.encode())
        monkeypatch.setattr(
            "briefings.ingest.TemporaryDirectory", lambda **_: nullcontext(str(tmp_path / "none" / "x"))
        )
        assert cli.main(["ingest", "-", "--content", str(content)]) == 1
        assert "standard input: cannot be kept in" in capsys.readouterr().err


class TestRefused:
    """One line each, the others go on, and the exit status says so."""

    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [
            ("empty.txt", b"", "empty"),
            ("blank.txt", b" \n\t\n", "empty"),
            ("binary.txt", bytes(range(256)) * 20, "binary"),
            ("program.exe", b"MZ\x90\x00" + b"\x00" * 400, "binary"),
            ("big.txt", b"a" * 11_000_000, "MB"),
            ("long.txt", b"Title\n\n" + b"word " * 300_000, "KB"),
        ],
    )
    def test_bad_input(self, tmp_path, content, capsys, name, data, said):
        bad = seed(tmp_path, name, data)
        assert cli.main(["ingest", bad, seed(tmp_path), "--content", str(content)]) == 1
        out, err = capsys.readouterr()
        (line,) = [line for line in err.splitlines() if name in line]
        assert said in line
        assert line.startswith(bad)
        assert "1 draft written, 0 kept as they are, 1 refused." in err
        assert len(list(content.rglob("*.md"))) == 1
        assert "Traceback" not in out + err

    def test_what_is_no_regular_file(self, tmp_path, content, capsys):
        os.mkfifo(tmp_path / "pipe.txt")
        (tmp_path / "link.txt").symlink_to(seed(tmp_path))
        names = [str(tmp_path / name) for name in ("pipe.txt", "link.txt", "none.txt")]
        assert cli.main(["ingest", *names, "--content", str(content)]) == 1
        err = capsys.readouterr().err
        assert [line.partition(":")[0] for line in err.splitlines()[:3]] == names
        assert "0 drafts written, 0 kept as they are, 3 refused." in err
        assert not content.exists()


def test_every_sample_seed_becomes_a_draft(content):
    report = ingest.ingest([str(ROOT / "seeds")], content)
    assert [str(problem) for problem in report.problems] == []
    assert len(report.outcomes) >= 16
    assert {row.what for row in report.outcomes} == {"written"}


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the folder of real seeds is not here")
def test_a_real_article(content):
    ingest.ingest([str(SHARED / "seeds")], content)
    draft, prose = only(content)
    assert (draft.source.name, draft.source.author, draft.source.filed_from) == ("IRIN", "", "Stockholm")
    assert draft.date is None
    assert draft.location
    assert (draft.location.name, draft.location.country, draft.location.latitude) == ("Aleppo", "SY", 36.2012)
    when = next(row for row in draft.evidence if row.field == "date")
    assert when.status == "undated"
    assert {"Monday evening", "Tuesday evening"} <= set(when.words)
    asked = "\n".join(draft.questions)
    for word in ("date:", "yearstruggle", "disasterthat", "uncertain"):
        assert word in asked
    assert "yearstruggle" in prose
    assert len(draft.key_points) == 1
    assert prose.count("By midnight") + draft.key_points[0].count("By midnight") == 2
    assert draft.image
    assert draft.image.credit == "IRIN"
