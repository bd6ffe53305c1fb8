"""What docs/operating.md promises of ingest, one requirement after the other (R1 to R13), through the real command.

Every hostile file lies beside a good one: it is taken or refused alone, in one line, never with a traceback. More on
each stands in test_seeds, test_seeds_containers, test_seeds_limits, test_worker and test_ingest_again.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from briefings import cli, frontmatter, ingest, make
from tests.sites import ROOT

LEAD = "Wells run dry in Taiz\n\nTAIZ, March 4, 2019 (Harbour News) - The wells of Taiz ran dry on Monday.\n\n"
GOOD = "Ferry sails again\n\nPORT LOUIS, March 4, 2019 (Harbour News) - The ferry to Rodrigues sailed on Monday.\n"


@pytest.fixture
def run(tmp_path):
    """Ingest files, given as name and bytes, beside a good one, in a process of its own: rows by name, and messages."""
    inbox = tmp_path / "in"
    inbox.mkdir()

    def give(**more):
        (inbox / "zz-good.txt").write_text(GOOD, "utf-8")
        rows = tmp_path / "rows.jsonl"
        command = [sys.executable, "-m", "briefings", "ingest", str(inbox), "--content", str(tmp_path / "content")]
        done = subprocess.run(
            [*command, "--report", str(rows)], cwd=ROOT, capture_output=True, text=True, timeout=120, **more
        )
        assert "Traceback" not in done.stderr
        found = {
            row["seed"].removeprefix(f"{inbox}/"): row for row in map(json.loads, rows.read_text("utf-8").splitlines())
        }
        assert found["zz-good.txt"]["what"] in {"written", "kept"}
        errors = [line for line in done.stderr.splitlines() if line.startswith(str(inbox)) and ": warning:" not in line]
        refused = [row for row in found.values() if row["what"] == "refused"]
        assert len(errors) == len(refused)
        assert done.returncode == int(bool(refused))
        return found, errors

    give.inbox, give.content = inbox, tmp_path / "content"

    def put(name, data):
        (inbox / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))

    give.put = put
    return give


def one(content, slug):
    (path,) = content.rglob(f"{slug}.md")
    found, problems = frontmatter.parse(path.read_text("utf-8"), path.relative_to(content).as_posix())
    assert not [problem for problem in problems if problem.severity == "error"]
    return found


def test_r1_only_regular_files_are_read_and_none_is_waited_for(run, tmp_path):
    os.mkfifo(run.inbox / "fifo.txt")
    (run.inbox / "link.txt").symlink_to("/etc/hostname")
    (run.inbox / "loop").symlink_to(".")
    with socket.socket(socket.AF_UNIX) as plug:
        here = Path.cwd()
        os.chdir(run.inbox)  # the address of a socket is short
        try:
            plug.bind("sock.txt")
        finally:
            os.chdir(here)
        began = time.monotonic()
        rows, _ = run()
        assert time.monotonic() - began < 20
    assert {name: row["what"] for name, row in rows.items() if name != "zz-good.txt"} == dict.fromkeys(
        ("fifo.txt", "link.txt", "loop", "sock.txt"), "refused"
    )


def test_r1_names_that_are_no_text_or_more_than_one_line(run):
    names = ["new\nline.txt", "tab\there.txt", "-rf.txt", "right\u202eleft.txt", "y" * 200 + ".txt"]
    for number, name in enumerate(names):
        run.put(name, f"{LEAD}Number {number}.\n")
    (run.inbox / os.fsdecode(b"bad\xff.txt")).write_bytes(LEAD.encode() + b"Latin.\n")
    rows, errors = run()
    assert not errors
    assert {"new\\nline.txt", "tab\\there.txt", "right\\u202eleft.txt", "bad\\udcff.txt"} <= rows.keys()
    assert {row["what"] for row in rows.values()} == {"written"}


def test_r2_sizes_are_looked_at_before_anything_is_read(run):
    with (run.inbox / "huge.txt").open("wb") as file:
        file.truncate(40 * 1024**3)
    run.put("zeros.gz", gzip.compress(b"\0" * 60_000_000))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * 900_000)
    whole = packed.getvalue()
    central, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entry, count = whole[central:end], 900  # as many names for the same packed bytes
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, central, 0)
    run.put("overlap.zip", whole[:central] + entry * count + tail)
    inner = b"x"
    for _ in range(30):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.zip", inner)
        inner = packed.getvalue()
    run.put("nested.zip", inner)
    rows, errors = run()
    assert {row["what"] for name, row in rows.items() if name != "zz-good.txt"} == {"refused"}
    assert any("40960 MB, more than the 50 MB allowed" in line for line in errors)


def test_r3_what_takes_too_long_or_too_much_is_ended(run):
    run.put("nest.html", "<div>" * 100_000 + "text")
    run.put("nest.md", "# T\n\n" + "[" * 100_000 + "]" * 100_000)
    run.put("nest.json", '{"body_text":' + "[" * 100_000 + "]" * 100_000 + "}")
    run.put("line.txt", "word " * 1_900_000)
    rows, _ = run()
    assert rows["line.txt"]["what"] == rows["nest.json"]["what"] == "refused"


@pytest.mark.parametrize(
    "codec", ["undefined", "punycode", "idna", "unicode_escape", "hex", "zlib", "rot13", "no-such"]
)
def test_r4_a_charset_that_is_none_is_not_believed(run, codec):
    run.put("a.html", f'<meta charset="{codec}"><h1>Wells</h1><p>Caf\u00e9 \\u0041. {LEAD * 3}</p>')
    rows, _ = run()
    assert rows["a.html"]["what"] == "written"
    assert "Caf\u00e9" in next(run.content.rglob("wells*.md")).read_text("utf-8")


def test_r4_no_control_character_and_no_half_of_a_pair_comes_through(run):
    run.put("a.json", b'{"headline": "Da\\ud800ms\\u0000", "body_text": "x\\udc00 y", "byline": "J\\u0085 Roe"}')
    data = '{"@type": "NewsArticle", "headline": "Qu\\ud800ays\\u0000", "author": "Jo\\udfffe Doe"}'
    run.put("b.html", f'<script type="application/ld+json">{data}</script><p>{LEAD * 3}</p>')
    run.put("c.txt", b"Lone\n\n\xed\xa0\x80 half\n\n" + LEAD.encode())
    run.put("d.txt", f"Odd\u2028ends\x0bhere\x0c\n\n{LEAD}\x01\x7f")
    rows, _ = run()
    assert {row["what"] for row in rows.values()} == {"written"}
    for path in run.content.rglob("*.md"):
        assert not set(path.read_text("utf-8")) & {*map(chr, range(9)), "\x0b", "\x0c", "\x7f", "\x85", "\u2028", "\r"}
    assert one(run.content, "dams").title == "Dams"


def test_r5_what_cannot_be_seen_goes_from_names_and_is_asked_about(run):
    run.put("a.txt", f"Wells \u202eevil\u202c r\u200bun\n\n{LEAD}")
    run.put(
        "b.html", f'<title>Quay</title><meta property="og:url" content="https://a.example/\u202egpj"><p>{LEAD * 3}</p>'
    )
    run()
    made = one(run.content, "wells-evil-run")
    assert made.title == "Wells evil run"
    assert any(question.startswith("title: it holds characters that cannot be seen") for question in made.questions)
    quay = one(run.content, "quay")
    assert quay.source.url == ""
    assert "url: it holds characters that cannot be seen (U+202E). What is the address?" in quay.questions


def test_r6_nothing_of_a_seed_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was asked for"))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    page = tmp_path / "a.html"
    parts = '<base href="http://a.example/"><link rel="canonical" href="http://a.example/1"><img src="/x.png">'
    page.write_text(
        f'{parts}<iframe src="//b.example"></iframe><script src="/x.js"></script><p>{LEAD * 3}</p>', "utf-8"
    )
    assert ingest.ingest([str(page)], tmp_path / "content").counts["written"] == 1


def test_r7_what_a_page_shows_beside_the_article_or_hides_is_listed(run):
    hidden = '<div style="display:none">Buy pills</div><nav>Menu Sport</nav><script>alert(1)</script>'
    run.put("a.html", f"<h1>Wells</h1>{hidden}<article>{f'<p>{LEAD}</p>' * 4}</article>")
    run()
    made = one(run.content, "wells")
    assert {(item.reason, item.text) for item in made.removed} >= {
        ("text hidden by style", "Buy pills"), ("page navigation", "Menu Sport"),
    }  # fmt: skip
    assert "alert" not in next(run.content.rglob("wells.md")).read_text("utf-8")


def test_r8_text_stays_text(run):
    run.put(
        "a.txt", f"Wells\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))\n\n{LEAD}"
    )
    run()
    text = next(run.content.rglob("wells.md")).read_text("utf-8").partition("\n---\n")[2]
    assert "\\<script>" in text
    assert "<script>" not in text.replace("\\<script>", "")


def test_r9_front_matter_of_a_seed_is_never_run_and_ours_is_read_back(run, tmp_path):
    mark = tmp_path / "pwned"
    run.put("a.md", f"---\ntitle: !!python/object/apply:os.system ['touch {mark}']\n---\n\n# Tag\n\n{LEAD}")
    chain = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
    run.put("b.md", f"---\na: &a [x,x,x,x,x,x,x,x,x]\n{chain}---\n\n# Laughs\n\n{LEAD}")
    run.put("c.md", "---\na: " + "[" * 100_000 + f"\n---\n\n# Nest\n\n{LEAD}")
    rows, _ = run()
    assert not mark.exists()
    assert (rows["a.md"]["what"], rows["b.md"]["what"], rows["c.md"]["what"]) == ("written", "written", "refused")
    one(run.content, "tag")
    one(run.content, "laughs")


def test_r10_the_name_of_a_draft_comes_from_its_title_alone(run):
    run.put("x..%2f..%2fevil.txt", f"../../etc/passwd\n\n{LEAD}")
    run.put("CON.txt", f"{'T' * 5000}\n\n{LEAD}")
    run.put("a.txt", f"Stra\u00dfe\n\n{LEAD}a")
    run.put("b.txt", f"STRASSE\n\n{LEAD}b")
    run()
    names = sorted(path.stem for path in run.content.rglob("*.md") if ".ingested" not in path.parts)
    assert len(names) == 5
    assert all(len(name) <= 80 and name.replace("-", "").isalnum() and name == name.lower() for name in names)
    assert {"strasse", "strasse-2"} <= set(names)


def test_r11_a_draft_says_what_it_was_made_of(run):
    run.put("a.txt", LEAD)
    run()
    made = one(run.content, "wells-run-dry-in-taiz")
    assert made.seed.file.endswith("/in/a.txt")
    assert made.seed.sha256 == make.digest(run.inbox / "a.txt")
    assert (made.seed.converter, made.seed.characters) == (make.CONVERTER, len(LEAD))


def test_r12_nothing_is_written_twice_and_nothing_over_anything(run):
    """The matrix itself is tests/test_ingest_again.py: see the table at its top."""
    run.put("a.txt", LEAD)
    run()
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in run.content.rglob("*.md")}
    rows, _ = run()
    assert {row["what"] for row in rows.values()} == {"kept"}
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in run.content.rglob("*.md")} == before


def test_r13_mail_gives_no_line_to_smuggle_and_no_attachment(run):
    parts = "--b\nContent-Type: text/plain\n\n" + LEAD + "\n--b\nContent-Type: application/x-sh\n"
    parts += 'Content-Disposition: attachment; filename="../../evil.sh"\n\nrm -rf /\n--b--\n'
    head = "From: =?utf-8?q?a=0Abcc:x=40y?= <a@b.example>\nSubject: =?utf-8?q?Wells=0D=0AStatus:_published?=\n"
    run.put("a.eml", f"{head}Content-Type: multipart/mixed; boundary=b\n\n{parts}")
    run()
    (path,) = (path for path in run.content.rglob("wells*.md") if ".ingested" not in path.parts)
    made = frontmatter.parse(path.read_text("utf-8"), "a.md")[0]
    assert made.status == "draft"
    assert ("../../evil.sh (application/x-sh)", "attachment of the e-mail") in {
        (i.text, i.reason) for i in made.removed
    }
    assert not list(run.content.parent.rglob("evil.sh"))


def test_r13_links_and_devices_in_a_tar_are_refused_and_the_rest_is_read(run):
    with tarfile.open(run.inbox / "a.tar", "w") as archive:
        for name, kind in (
            ("l", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("d", tarfile.CHRTYPE),
            ("f", tarfile.FIFOTYPE),
        ):
            about = tarfile.TarInfo(name)
            about.type, about.linkname = kind, "/etc/passwd"
            archive.addfile(about)
        about = tarfile.TarInfo("../ok.txt")
        about.size = len(LEAD)
        archive.addfile(about, io.BytesIO(LEAD.encode()))
        about = tarfile.TarInfo("ok.txt")
        about.size = len(LEAD)
        archive.addfile(about, io.BytesIO(LEAD.encode()))
    rows, errors = run()
    assert rows["a.tar/ok.txt"]["what"] == "written"
    assert len(errors) == 5


def test_what_is_open_already_is_not_lacking(tmp_path, capsys):
    """Few open files allowed: one line, or all is well."""
    (tmp_path / "a.txt").write_text(LEAD, "utf-8")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    command = [sys.executable, "-m", "briefings", "ingest", str(tmp_path / "a.txt"), "--content", str(tmp_path / "c")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, limits[1])),
    )  # fmt: skip
    assert "Traceback" not in done.stderr


def test_a_file_that_may_not_be_read_is_refused(tmp_path, capsys, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text(LEAD, "utf-8")
    real = os.open

    def refuse(name, *rest, **more):
        if str(name) == str(path):
            raise PermissionError(13, "Permission denied")
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert cli.main(["ingest", str(path), "--content", str(tmp_path / "c")]) == 1
    assert "may not be read (check its permissions)" in capsys.readouterr().err
