"""What a build from nothing keeps while it makes: all of it, or nothing that counts; and digests that are packed."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from contextlib import closing

import pytest

from briefings import graph, run, settling
from briefings.library import Digests
from briefings.packed import Packed, Rows
from briefings.state import UNKNOWN, Row
from tests.sites import briefing, settings
from tests.test_build import tree

TABLES = ("units", "seen", "shelf", "lists", "names", "pages", "facts", "about")


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for number in range(9):
        write(tmp_path, number, f"Words of {number}.")
    return settings(tmp_path)


def write(folder, number, text):
    day = f"2019-03-{number % 28 + 1:02}"
    fields = {"date": day, "tags": "[]", "status": "published", "published": f"{day}T08:00:00Z"}
    briefing(folder / "content", f"b{number}", text, **fields)


def kept(folder):
    """Every row of what is kept of units and library, without the numbers of units, which follow from their order, and
    the name of the build, which no other one has.
    """
    (file,) = folder.glob("cache/*/kept.sqlite")
    with closing(sqlite3.connect(file)) as base:
        names = dict(base.execute("SELECT number, key FROM units"))
        found = {name: sorted(base.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
    found["about"] = [row for row in found["about"] if row[0] != "build"]
    found["units"] = sorted(row[1:] for row in found["units"])
    packed = [(fact, memoryview(units).cast("I").tolist()) for fact, units in found["seen"]]
    found["seen"] = sorted((fact, sorted(names[unit] for unit in units)) for fact, units in packed)
    return found


def test_what_is_written_piece_by_piece_is_what_one_writes_at_once(site, tmp_path, monkeypatch):
    monkeypatch.setattr(settling, "PIECE", 7)
    run.run(site)
    piecemeal = kept(tmp_path)
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    run.run(site, full=True)
    assert kept(tmp_path) == piecemeal
    assert len(piecemeal["units"]) > 30
    assert piecemeal["seen"]


@pytest.mark.parametrize("lasts", [0, 1, 3])
def test_what_cannot_be_written_does_not_count(site, tmp_path, monkeypatch, lasts):
    monkeypatch.setattr(settling, "PIECE", 20)
    left = [lasts]
    as_it_is = graph.Graph.write

    def fail(self, *statements):
        left[0] -= 1
        return left[0] >= 0 and as_it_is(self, *statements)

    monkeypatch.setattr(graph.Graph, "write", fail)
    run.run(site)
    assert "manifest" not in dict(kept(tmp_path)["about"])
    first = tree(tmp_path / "output")
    monkeypatch.setattr(graph.Graph, "write", as_it_is)
    write(tmp_path, 3, "Other words.")
    run.run(site)
    second = tree(tmp_path / "output")
    assert first != second
    run.run(site, output=tmp_path / "anew")
    assert tree(tmp_path / "anew") == second


def test_a_build_that_ends_midway_leaves_nothing_that_counts(site, tmp_path, monkeypatch):
    run.run(site)
    before = tree(tmp_path / "output")

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(settling.Settling, "done", fail)
    with pytest.raises(KeyboardInterrupt):
        run.run(site, full=True)
    assert "manifest" not in dict(kept(tmp_path)["about"])
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    run.run(site)
    assert tree(tmp_path / "output") == before
    assert "manifest" in dict(kept(tmp_path)["about"])


def test_digests_come_back_as_they_were():
    numbers = {"a.md": 1, "b.md": 5000, "c.md": 3}
    found = Packed(numbers)
    rows = {path: Digests(f"{n:064x}", f"{n + 1:032x}", f"{n + 2:032x}", f"{n + 3:032x}", f"{n:016x}", n * 70_000)
            for path, n in numbers.items() if n != 3}  # fmt: skip
    for path, row in rows.items():
        found.put(path, row)
    assert dict(found) == rows
    assert "c.md" not in found
    with pytest.raises(KeyError):
        found["d.md"]
    with pytest.raises(ValueError, match="other digests"):
        found.put("c.md", rows["a.md"]._replace(card="00"))


def test_rows_come_back_as_they_were():
    rows = {
        "a": Row("ab" * 32, "cd" * 32, 123456789012, "a note with ü"), "b": UNKNOWN, "c": Row("", "", 0),
        "d": Row("AB" * 32, "cd" * 32, 5), "e": Row("ab" * 31, "cd" * 32, 5), "f": Row("ab" * 32, "cd" * 32, 0),
    }  # fmt: skip
    found = Rows()
    found.update(rows)
    assert dict(found) == rows
    assert list(found) == list(rows)
    del found["a"]
    assert "a" not in found
    assert len(found) == 5


def test_new_folders_do_not_lead_out_of_the_site(site, tmp_path):
    run.run(site)
    outside = tmp_path / "outside"
    outside.mkdir()
    page = next(path for path in sorted((tmp_path / "output").rglob("index.html")) if "b7" in path.parts)
    shutil.rmtree(page.parent)
    page.parent.symlink_to(outside)
    with pytest.raises(Exception, match="outside the output folder"):
        run.run(site, full=True)
    assert list(outside.iterdir()) == []
    assert page.parent.is_symlink()


@pytest.mark.parametrize("looks", [True, False])
def test_a_build_leaves_the_look_for_garbage_as_it_was(site, looks):
    before = gc.isenabled()
    (gc.enable if looks else gc.disable)()
    try:
        run.run(site)
        assert gc.isenabled() is looks
    finally:
        (gc.enable if before else gc.disable)()
