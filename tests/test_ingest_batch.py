"""Many seeds, archives of seeds, and seeds that are made to do harm: all of them in one command, each by itself."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import subprocess
import sys
import time
import zipfile

import pytest

from briefings import cli, ingest, progress
from scripts.generate_seeds import article
from tests.sites import ROOT

EPOCH = "1795305600"
LEAD = "Title of it\n\nPARIS, May 5, 2020 (Lantern Wire) - "


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def folder(tmp_path, count):
    inbox = tmp_path / "in"
    for number in range(count):
        path = inbox / f"{number // 100:02}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number), "utf-8")
    return inbox


def drafts(content):
    return {path.relative_to(content): path.read_bytes() for path in content.rglob("*.md")}


class TestMany:
    def test_all_are_written_and_the_second_run_reads_none_of_them(self, tmp_path, monkeypatch):
        inbox, content = folder(tmp_path, 120), tmp_path / "content"
        report = ingest.ingest([str(inbox)], content)
        assert (report.counts["written"], report.errors) == (120, 0)
        assert [row.seed for row in report.outcomes] == sorted(row.seed for row in report.outcomes)
        before = drafts(content)
        assert len(before) == 120
        monkeypatch.setattr("briefings.make.read", None)
        again = ingest.ingest([str(inbox)], content)
        assert again.counts["kept"] == 120
        assert drafts(content) == before

    def test_one_worker_and_several_give_the_same_bytes(self, tmp_path):
        inbox = folder(tmp_path, 40)
        for number in range(10):
            (inbox / f"same-{number}.txt").write_text(f"One headline\n\nText number {number} of ten.\n")
        ingest.ingest([str(inbox)], tmp_path / "one", workers=1)
        ingest.ingest([str(inbox)], tmp_path / "three", workers=3)
        assert drafts(tmp_path / "one") == drafts(tmp_path / "three")
        assert len(drafts(tmp_path / "one")) == 50

    def test_the_report_says_everything_and_the_exit_status_counts_refusals(self, tmp_path, capsys):
        inbox, rows = folder(tmp_path, 5), tmp_path / "report.jsonl"
        (inbox / "empty.txt").write_bytes(b"")
        command = ["ingest", str(inbox), "--content", str(tmp_path / "content"), "--report", str(rows)]
        assert cli.main(command) == 1
        found = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
        assert [row["what"] for row in found] == ["refused"] + ["written"] * 5
        assert "empty" in found[0]["problems"][0]
        out, err = capsys.readouterr()
        assert len(out.splitlines()) == 5
        assert err.splitlines()[-1] == "5 drafts written, 0 kept as they are, 1 refused."

    def test_progress_is_for_terminals(self, tmp_path, capfd):
        inbox = folder(tmp_path, 30)
        command = [
            sys.executable,
            "-m",
            "briefings",
            "ingest",
            str(inbox),
            "--dry-run",
            "--content",
            str(tmp_path / "c"),
        ]
        quiet = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert quiet.stderr == "30 drafts would be written, 0 kept as they are, 0 refused.\n"
        ours, theirs = pty.openpty()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs) as process:
            os.close(theirs)
            seen = b""
            try:
                while data := os.read(ours, 4096):
                    seen += data
            except OSError:  # Linux says EIO when the other end is closed
                pass
            assert process.wait() == 0
        os.close(ours)
        assert re.search(rb"\r\d+ of 30 seeds", seen)
        assert seen.endswith(b"\r\x1b[K30 drafts would be written, 0 kept as they are, 0 refused.\r\n")

    @pytest.mark.parametrize(
        ("done", "total", "rate", "note", "expected"),
        [
            (1, 20000, 0.0, "", "1 of 20,000 seeds"),
            (1234, 20000, 245.2, "", "1,234 of 20,000 seeds · 245 a second · 1 min 17 s left"),
            (5, 20000, 2.5, "1 refused", "5 of 20,000 seeds · 2.5 a second · 2 h 13 min left · 1 refused"),
            (20000, 20000, 245.2, "", "20,000 of 20,000 seeds · 245 a second"),
            (7, 0, 0.0, "", "7 seeds"),
        ],
    )
    def test_the_line_of_progress(self, done, total, rate, note, expected):
        assert progress.line(done, total, "seeds", rate, note) == expected

    def test_what_cannot_be_written_is_one_line(self, tmp_path):
        """A disk that is full, seen as a limit on the size of files: what was reported is in place, no more."""
        inbox, content = folder(tmp_path, 3), tmp_path / "content"
        done = subprocess.run(
            [sys.executable, "-m", "briefings", "ingest", str(inbox), "--content", str(content)],
            cwd=ROOT, capture_output=True, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        )  # fmt: skip
        assert done.returncode == 1
        assert "cannot be written to" in done.stderr
        assert len(done.stderr.splitlines()) == 2
        assert drafts(content) == {}


class TestArchives:
    def test_its_documents_are_drafts_and_it_is_not_opened_again(self, tmp_path, monkeypatch):
        archive, content = tmp_path / "day.zip", tmp_path / "content"
        with zipfile.ZipFile(archive, "w") as packed:
            for number in range(4):
                packed.writestr(f"{number}.txt", article(number))
        assert ingest.ingest([str(archive)], content).counts["written"] == 4
        before = drafts(content)
        assert ingest.ingest([str(archive)], content).counts["kept"] == 4
        monkeypatch.setattr("briefings.make.read", None)
        (row,) = ingest.ingest([str(archive)], content).outcomes
        assert (row.what, row.note) == ("kept", "its 4 documents were ingested before; nothing changed")
        assert drafts(content) == before

    def test_a_changed_one_changes_what_changed_in_it(self, tmp_path):
        archive, content = tmp_path / "day.zip", tmp_path / "content"
        for words in ("first", "second"):
            with zipfile.ZipFile(archive, "w") as packed:
                packed.writestr("a.txt", article(1))
                packed.writestr("b.txt", f"{article(2)}\nAdded in the {words} edition.\n")
            report = ingest.ingest([str(archive)], content)
        assert [row.what for row in report.outcomes] == ["kept", "updated"]


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("word/document.xml", "w") as stream:
            for _ in range(300):
                stream.write(b" " * 1_000_000)


HOSTILE = {
    "brackets.txt": LEAD + "[" * 100_000 + "]" * 100_000,
    "brackets.md": "# T\n\n" + "[" * 100_000 + "]" * 100_000,
    "links.md": "# T\n\n" + "[a](" * 50_000,
    "quotes.md": "# T\n\n" + "> " * 100_000 + "x",
    "stars.md": "# T\n\n" + "*a **a " * 100_000,
    "ticks.md": "# T\n\n" + "".join("`" * number + " " for number in range(1, 1500)),
    "a.txt": "a" * 10_000_000,
    "spaces.txt": LEAD + " " * 10_000_000 + "end",
    "newlines.txt": LEAD + "\n" * 10_000_000 + "end",
    "words.txt": LEAD + "Paris London " * 100_000,
    "dates.txt": LEAD + "March 4 2020 " * 100_000,
    "dots.txt": LEAD + "." * 2_000_000,
    "marks.txt": LEAD + "\"'" * 1_000_000,
    "bidi.txt": LEAD + "\u202e" * 300_000,
    "divs.html": "<html><body>" + "<div>" * 100_000 + "text" + "</div>" * 100_000,
    "bold.html": "<html><body>" + "<b>" * 200_000 + "text",
    "lists.html": "<html><body>" + "<ul><li>x" * 30_000,
    "attributes.html": "<p " + "a=b " * 500_000 + ">x</p>",
    "entities.html": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x; ' + "&lt;" * 200_000 + "</p>",
    "nested.json": "[" * 100_000 + "]" * 100_000,
    "text.json": '{"type": "text", "headline": "x", "body_text": "' + "[" * 200_000 + '"}',
    "parts.eml": "From: a@b.example\nContent-Type: multipart/mixed; boundary=a\n\n" + "--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3_000,
    "subject.eml": "From: a@b.example\nSubject: " + "=?utf-8?q?a?= " * 50_000 + "\n\nText.",
    "folded.eml": "From: a@b.example\n" + "X: y\n" * 300_000 + "\nText.",
}  # fmt: skip


def test_hostile_seeds_are_taken_or_refused_each_in_one_line_within_the_limits(tmp_path):
    """The whole of them, beside good ones: time, memory, lines, exit status, and nothing of the machine's own in it."""
    inbox, content = tmp_path / "in", tmp_path / "content"
    inbox.mkdir()
    for name, text in HOSTILE.items():
        (inbox / name).write_text(text, "utf-8")
    bomb(inbox / "bomb.docx")
    bomb(inbox / "bomb.zip")
    for number in range(3):
        (inbox / f"zz-good-{number}.txt").write_text(article(number))
    rows = tmp_path / "rows.jsonl"
    command = [
        sys.executable,
        "-m",
        "briefings",
        "ingest",
        str(inbox),
        "--content",
        str(content),
        "--report",
        str(rows),
    ]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250)
    took = time.monotonic() - began
    assert took < 10 * (len(HOSTILE) + 5)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    found = {row["seed"].rpartition("/")[2]: row for row in map(json.loads, rows.read_text("utf-8").splitlines())}
    assert found.keys() >= {*HOSTILE, "bomb.docx", "bomb.zip"}
    assert {found[f"zz-good-{number}.txt"]["what"] for number in range(3)} == {"written"}
    assert found["bomb.docx"]["what"] == found["bomb.zip"]["what"] == "refused"
    for name, row in found.items():
        assert row["what"] in {"written", "refused"}
        lines = [
            line for line in done.stderr.splitlines() if line.startswith(f"{inbox}/{name}:") and "warning" not in line
        ]
        assert len(lines) == (row["what"] == "refused")
        assert all(len(line) < 300 + len(str(inbox)) for line in lines)
    assert "root:" not in "".join(path.read_text("utf-8") for path in content.rglob("*.md"))


@pytest.mark.parametrize("name", ["brackets.txt", "nested.json", "divs.html"])
def test_explain_has_the_same_limits(tmp_path, name, capsys):
    seed = tmp_path / name
    seed.write_text(HOSTILE[name])
    cli.main(["explain", str(seed), "--json", "--settings", str(tmp_path / "none.py")])
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["seed"] == str(seed)
