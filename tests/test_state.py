"""The manifest of the last build: read in parts, changed line by line, and the same bytes as one written at once."""

from __future__ import annotations

import importlib.metadata
import random
import sys

import pytest

from briefings import paths, state
from briefings.state import Row


def row(size, note=""):
    return Row("a" * 64, "b" * 64, size, note)


FILES = {"index.html": row(3), "tags/floods/index.html": row(4), "tags/floods/feed.rss.xml": row(50, 'too "large"')}


@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("index.html", row(7)),
        ("index.html", row(7000, "grown")),
        ("index.html", None),
        ("tags/floods/index.html", None),
        ("404.html", row(1)),
        ("tags/zebras/index.html", row(1)),
        ("tags/épices/index.html", row(1)),
        ("tags/floods/feed.rss.xml", row(50, 'too "large"')),
    ],
)
def test_a_changed_line_gives_the_bytes_of_a_manifest_written_at_once(tmp_path, path, now):
    state.save(tmp_path, FILES)
    lines = state.Lines(tmp_path)
    lines.put(path, now)
    mark = lines.save()
    changed = (tmp_path / ".briefings/manifest.json").read_bytes()
    after = {name: told for name, told in {**FILES, path: now}.items() if told}
    assert state.save(tmp_path, after) == mark
    assert (tmp_path / ".briefings/manifest.json").read_bytes() == changed
    assert state.load(tmp_path) == after


def test_any_changes_are_found_again(tmp_path):
    chance = random.Random(7)
    names = [f"{chance.choice('ab/é')}{chance.choice('xyz')}{number}" for number in range(40)]
    files = {name: row(1) for name in names[:20]}
    for _ in range(40):
        state.save(tmp_path, files)
        lines = state.Lines(tmp_path)
        for name in chance.sample(names, 6):
            now = chance.choice([None, row(chance.randint(0, 9999))])
            lines.put(name, now)
            files.pop(name, None)
            files |= {name: now} if now else {}
        assert {name: lines.get(name) for name in names} == {name: files.get(name) for name in names}
        assert set(lines) == set(files)
        assert len(lines) == len(files)
        lines.save()
        assert state.load(tmp_path) == files


def test_it_tells_what_lies_below_a_folder(tmp_path):
    state.save(tmp_path, FILES)
    lines = state.Lines(tmp_path)
    assert lines.below("tags/floods") == "tags/floods/feed.rss.xml"
    assert not lines.below("tags/flood")
    assert not lines.below("index.html")


@pytest.mark.parametrize(
    ("new", "meets"),
    [
        ("tags/drought/index.html", False),
        ("tags/Drought/index.html", False),
        ("tags/FLOODS/index.html", True),  # on a file system that takes large and small letters for the same
        ("digest/2026-w47/index.html", True),
        ("tags/floods", True),  # a file where others need a folder
        ("digest/2026-W47", True),
        ("index.html/index.html", True),
        ("caf\u00e9.html", True),  # the other Unicode form of a name that is there
        ("../x.html", True),
    ],
)
def test_new_outputs_are_compared_with_the_few_that_they_could_meet(tmp_path, new, meets):
    files = {**FILES, "digest/2026-W47/index.html": row(1), "cafe\u0301.html": row(1)}
    state.save(tmp_path, files)
    lines = state.Lines(tmp_path)
    assert paths.meet([new], paths.odd(files), lines, lines.below) is meets
    assert any(paths.disagreements((path, path) for path in (*files, new))) is meets


def test_two_new_outputs_may_meet_each_other(tmp_path):
    state.save(tmp_path, FILES)
    lines = state.Lines(tmp_path)
    assert paths.meet(["a/B.html", "a/b.html"], (), lines, lines.below)


def test_a_manifest_that_stands_as_it_was_written_is_not_digested_again(tmp_path, monkeypatch):
    state.save(tmp_path, FILES)
    lines = state.Lines(tmp_path)
    lines.put("404.html", row(1))
    mark = lines.save()
    stood = lines.stands()
    with monkeypatch.context() as patch:
        patch.setattr(state, "digest_of", lambda _: "digested")
        assert state.Lines(tmp_path, stood).mark == mark
        assert state.Lines(tmp_path).mark == "digested"
    path = tmp_path / ".briefings/manifest.json"
    path.write_bytes(path.read_bytes().replace(b"404.html", b"405.html"))
    assert state.Lines(tmp_path, stood).mark not in {mark, "digested"}


def test_releases_of_packages_are_those_that_python_tells():
    found = state._releases()
    for name in state._LIBRARIES:
        assert found[name] == importlib.metadata.version(name)


def test_older_installers_leave_releases_too(tmp_path, monkeypatch):
    """pip without wheel, as Debian ships it, installs packages that are only sources so."""
    for name in ("odd_feed-1.0.0-py3.11.egg-info", "plain.egg-info", "New_Feed-2.1.dist-info"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert state._releases() == {"odd-feed": "1.0.0", "new-feed": "2.1"}
