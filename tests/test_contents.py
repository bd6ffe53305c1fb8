"""The bytes of a file of the content folder: all of them, of a regular file only."""

from __future__ import annotations

import os

import pytest

from briefings import contents, frontmatter
from briefings.errors import Problem


@pytest.mark.parametrize("data", [b"", b"a", b"text\n" * 4000])
def test_all_bytes_are_read(tmp_path, data):
    path = tmp_path / "a.md"
    path.write_bytes(data)
    read = contents.read_bytes(path, "a.md")
    assert not isinstance(read, Problem)
    assert read[0] == data
    assert read[1].st_size == len(data)


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(tmp_path, monkeypatch):
    path = tmp_path / "a.md"
    path.write_bytes(b"first ")
    state = os.fstat

    def grow(handle):
        about = state(handle)
        with path.open("ab") as stream:
            stream.write(b"second " * 3)
        return about

    monkeypatch.setattr(os, "fstat", grow)
    assert contents.read_bytes(path, "a.md")[0] == b"first " + b"second " * 3


def test_of_a_file_that_grows_for_ever_no_more_is_read_than_can_be_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * 600_000)
    monkeypatch.setattr(os, "read", lambda _, size: b"x" * size)
    data = contents.read_bytes(path, "a.md")[0]
    assert len(data) < 3 * frontmatter.MAX_BYTES
    assert "larger than" in str(frontmatter.decode(data, "a.md"))


def test_what_cannot_be_read_is_said(tmp_path, monkeypatch):
    path = tmp_path / "a.md"
    path.write_text("text")

    def fail(handle, size):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    assert str(contents.read_bytes(path, "a.md")) == "a.md: cannot be read (Input/output error)"
    assert "a link" in str(contents.read_bytes(linked(tmp_path), "b.md"))
    assert "not a regular file" in str(contents.read_bytes(tmp_path, "c.md"))


def linked(folder):
    (folder / "b.md").symlink_to(folder / "a.md")
    return folder / "b.md"
