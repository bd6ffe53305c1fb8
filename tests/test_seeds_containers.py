"""Archives of seeds: every document with a name of its own, nothing written, what is not fit refused in one line."""

from __future__ import annotations

import gzip
import io
import json
import stat
import tarfile
import zipfile

import pytest

from briefings import seeds
from briefings.errors import Problem
from briefings.model import Seed
from briefings.seeds import containers

ARTICLE = "Ferry runs again\n\nThe ferry across the bay runs again, the harbour master said."
PAGE = (
    "<html><head><title>Ferry</title></head><body><article><h1>Ferry runs again</h1>"
    "<p>The ferry across the bay runs again after three days of storm, the harbour master said on Monday.</p>"
    "<p>Two of the four boats are still in the dock, and the last crossing leaves at six in the evening.</p>"
    "</article></body></html>"
)


def texts(name, data):
    return {item.name: item.text for item in seeds.read_all_bytes(name, data) if isinstance(item, Seed)}


def problems(name, data):
    return [str(item) for item in seeds.read_all_bytes(name, data) if isinstance(item, Problem)]


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def tarred(*members, mode="w"):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def member(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_a_file_that_is_no_archive_is_itself():
    assert texts("a.txt", ARTICLE.encode()) == {"a.txt": ARTICLE}
    assert problems("a.txt", b"") == ["a.txt: seed: the file is empty (delete it, or paste the article again)"]


def test_zip(tmp_path):
    data = zipped([("one.txt", ARTICLE), ("pages/two.html", PAGE), (".DS_Store", "x"), ("__MACOSX/._one.txt", "x")])
    (tmp_path / "inbox.zip").write_bytes(data)
    found = [item for item in seeds.read_all(tmp_path / "inbox.zip", "inbox.zip") if isinstance(item, Seed)]
    assert [(seed.name, seed.format) for seed in found] == [
        ("inbox.zip/one.txt", "text"), ("inbox.zip/pages/two.html", "html"),
    ]  # fmt: skip
    assert found[0].sha256 == seeds.read_bytes("one.txt", ARTICLE.encode()).sha256
    assert [path.name for path in tmp_path.iterdir()] == ["inbox.zip"]


def test_a_word_document_is_no_archive():
    file = zipped([("word/document.xml", "<x/>"), ("[Content_Types].xml", "<x/>")])
    assert problems("a.xlsx", zipped([("xl/a.xml", ""), ("[Content_Types].xml", "")])) == [
        "a.xlsx: seed: the file is an Office or e-book file (save it as text or .docx)"
    ]
    assert problems("a.docx", file)[0].startswith("a.docx: seed: ")


def test_zip_entries_that_are_not_fit_are_refused_one_by_one():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("../out.txt", "/etc/out.txt", "c:\\out.txt", "good.txt"):
            archive.writestr(name, ARTICLE)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("empty.txt", "")
        archive.writestr("inner.zip", zipped([("a.txt", ARTICLE)]))
    data = bytearray(file.getvalue())
    assert list(texts("a.zip", bytes(data))) == ["a.zip/good.txt"]
    assert problems("a.zip", bytes(data)) == [
        'a.zip/../out.txt: seed: zip: the path "../out.txt" leads out of the archive (pack it again without)',
        'a.zip//etc/out.txt: seed: zip: the path "/etc/out.txt" leads out of the archive (pack it again without)',
        'a.zip/c:\\out.txt: seed: zip: the path "c:\\out.txt" leads out of the archive (pack it again without)',
        "a.zip/link.txt: seed: the entry is a symbolic link (pack the file itself)",
        "a.zip/empty.txt: seed: the file is empty (delete it, or paste the article again)",
        "a.zip/inner.zip: seed: the file is not text but a zip archive (unpack it first)",
    ]


def test_an_encrypted_entry_is_refused():
    data = bytearray(zipped([("a.txt", ARTICLE)], zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert problems("a.zip", bytes(data)) == [
        "a.zip/a.txt: seed: the entry is encrypted (pack it again without a password)"
    ]


def test_bombs_are_refused_as_a_whole():
    bomb = zipped([("a.txt", b"a" * 20_000_000)])
    assert problems("a.zip", bomb) == [
        "a.zip: seed: the archive has more than 50 MB unpacked, or 100 times its size (split it)"
    ]
    assert problems("a.txt.gz", gzip.compress(b"a" * 20_000_000))[0].endswith("100 times its size (split it)")
    many = zipped([(f"{number}.txt", "x") for number in range(containers.MOST + 1)])
    assert problems("a.zip", many) == ["a.zip: seed: the archive holds more than 1000 documents (split it)"]


def test_a_size_that_lies_is_no_way_around_the_limit():
    data = bytearray(zipped([("a.txt", b"a" * 4_000_000)]))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    found = list(seeds.read_all_bytes("a.zip", bytes(data)))
    assert all(isinstance(item, Problem) for item in found)


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz"])
def test_tar(name):
    data = tarred((member("one.txt"), ARTICLE.encode()), (member("b/two.txt"), ARTICLE.encode()))
    if name != "a.tar":
        data = gzip.compress(data)
    assert list(texts(name, data)) == [f"{name}/one.txt", f"{name}/b/two.txt"]


def test_tar_entries_that_are_not_fit_are_refused_one_by_one():
    data = tarred(
        (member("link.txt", tarfile.SYMTYPE, "/etc/passwd"), b""), (member("hard.txt", tarfile.LNKTYPE, "x"), b""),
        (member("pipe", tarfile.FIFOTYPE), b""), (member("../out.txt"), ARTICLE.encode()), (member("a.txt"), b"A text."),
    )  # fmt: skip
    assert list(texts("a.tar", data)) == ["a.tar/a.txt"]
    assert [line.partition(" (")[0] for line in problems("a.tar", data)] == [
        "a.tar/link.txt: seed: the entry is a link",
        "a.tar/hard.txt: seed: the entry is a link",
        "a.tar/pipe: seed: the entry is not a regular file",
        'a.tar/../out.txt: seed: tar: the path "../out.txt" leads out of the archive',
    ]


def test_json_lines():
    lines = [
        {"title": "Ferry runs again", "text": "The ferry runs.\n\nIt is full.", "date": "2020-03-01", "lang": "en"},
        {"headline": "Ferry", "articleBody": "<p>The ferry runs.</p>", "author": {"name": "Ada Holm"}, "url": "https://harbour.example/1"},
    ]  # fmt: skip
    data = "\n".join([json.dumps(lines[0]), "[1]", json.dumps(lines[1]), ""]).encode()
    found = [item for item in seeds.read_all_bytes("export.jsonl", data) if isinstance(item, Seed)]
    assert [(seed.name, seed.text) for seed in found] == [
        ("export.jsonl/1.json", "The ferry runs.\n\nIt is full."),
        ("export.jsonl/3.json", "The ferry runs."),
    ]
    assert {(item.name, item.value) for seed in found for item in seed.stated} == {
        ("title", "Ferry runs again"), ("date", "2020-03-01"), ("lang", "en"),
        ("title", "Ferry"), ("author", "Ada Holm"), ("url", "https://harbour.example/1"),
    }  # fmt: skip
    assert problems("export.jsonl", data) == [
        "export.jsonl:2: seed: the line is no JSON object (export one object a line)"
    ]
    assert problems("a.jsonl", b"[" * 100_000) == [
        "a.jsonl:1: seed: the line is no JSON object (export one object a line)"
    ]


def record(kind, url, content, media="application/http; msgtype=response"):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Type: {media}\r\n"
    return head.encode() + f"Content-Length: {len(content)}\r\n\r\n".encode() + content + b"\r\n\r\n"


def response(body, kind="text/html; charset=utf-8", status=200, more=""):
    return f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body


def test_web_archive():
    latin = PAGE.replace("harbour", "hârbour").encode("latin-1")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE.encode())
    data = b"".join((
        record("warcinfo", "", b"software: x", "application/warc-fields"),
        record("request", "https://a.example/1", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("response", "https://a.example/1", response(PAGE.encode())),
        record("response", "https://a.example/2", response(latin, "text/html; charset=iso-8859-1")),
        record("response", "https://a.example/3", response(gzip.compress(PAGE.encode()), more="Content-Encoding: gzip\r\n")),
        record("response", "https://a.example/4", response(chunked, more="Transfer-Encoding: chunked\r\n")),
        record("response", "https://a.example/x.png", response(b"\x89PNG", "image/png")),
        record("response", "https://a.example/gone", response(b"no", status=404)),
    ))  # fmt: skip
    packed = b"".join(gzip.compress(part) for part in (data[:1000], data[1000:]))
    for name, content in (("a.warc", data), ("a.warc.gz", packed)):
        found = list(seeds.read_all_bytes(name, content))
        assert [item.name for item in found if isinstance(item, Seed)] == [
            f"{name}/a.example/{number}" for number in "1234"
        ]
        assert all("three days of storm" in seed.text for seed in found)
        assert "hârbour" in found[1].text
        assert ("url", "https://a.example/1") in {(item.name, item.value) for item in found[0].stated}
    assert problems("a.warc", data[:-200])[0].startswith("a.warc: seed: the web archive is damaged at byte ")


def test_mailbox():
    message = "From: Press <press@port.example>\nSubject: Ferry runs again\n\nThe ferry runs.\n>From here to there.\n\n"
    data = "".join(f"From press@port.example Mon Mar  2 10:0{n}:00 2020\n{message}" for n in range(2)).encode()
    found = texts("press.mbox", data)
    assert list(found) == ["press.mbox/1.eml", "press.mbox/2.eml"]
    assert found["press.mbox/1.eml"].rstrip().endswith("The ferry runs.\nFrom here to there.")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.warc.gz", "a.mbox", "a.jsonl", "a.txt.gz"])
@pytest.mark.parametrize(
    "data", [b"PK\x03\x04", b"\x1f\x8b\x08", b"WARC/1.0", b"PK\x05\x06" + bytes(18), bytes(1024), b"ustar"]
)
def test_damage_is_one_line(name, data):
    for item in seeds.read_all_bytes(name, data):
        assert isinstance(item, Seed) or str(item).count("\n") == 0
