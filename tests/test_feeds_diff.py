"""``briefings feeddiff OLD NEW``: what subscribers would see, before they see it."""

from __future__ import annotations

import json
import shutil

import pytest
from sites import about, briefing, identity, settings

from briefings import cli, feeddiff, plugin


@pytest.fixture
def site(tmp_path):
    """A built site and a way to build it again: (content, the old output, build -> the new output)."""
    content = tmp_path / "content"
    about(content)
    briefing(content, "one", tags="[flood]")
    briefing(content, "two", published="2026-11-02T08:00:00Z")
    conf = settings(tmp_path)
    plugin.run(conf)
    old = tmp_path / "old"
    shutil.copytree(tmp_path / "output", old)

    def build():
        plugin.run(conf)
        return tmp_path / "output"

    return content, old, build


def on_front(old, new):
    return [(one.kind, one.title, one.detail) for one in feeddiff.compare(old, new) if one.feed == "/"]


def test_the_same_site(site):
    _, old, build = site
    new = build()
    assert feeddiff.compare(old, new) == ()
    assert feeddiff.as_text(()) == "Subscribers would see no difference."


def test_a_new_one_and_a_quiet_edit(site):
    content, old, build = site
    briefing(content, "three", published="2026-11-03T08:00:00Z")
    briefing(content, "one", "Other words.", tags="[flood]")
    found = on_front(old, build())
    assert found == [("edited", "Title of one", "content_html"), ("new", "Title of three", "2026-11-03T08:00:00Z")]


def test_a_correction(site):
    content, old, build = site
    changes = '[{on: 2026-11-20, kind: major, note: "So."}]'
    briefing(content, "one", tags="[flood]", updated="2026-11-20T10:00:00Z", changes=changes)
    found = feeddiff.compare(old, build())
    assert ("/tags/flood/", "updated") in {(one.feed, one.kind) for one in found}
    assert ("/changes/", "new") in {(one.feed, one.kind) for one in found}
    assert not feeddiff.grave(found)


def test_an_id_that_changed_a_time_that_moved_and_a_loss(site):
    content, old, build = site
    briefing(content, "one", tags="[flood]", id=f'"{identity("x")}"')
    briefing(content, "two", published="2026-11-05T08:00:00Z")
    found = feeddiff.compare(old, build())
    assert [(one.kind, one.detail) for one in found if one.feed == "/"] == [
        ("id changed", f"was urn:uuid:{identity('one')}"),
        ("re-dated", "2026-11-02T08:00:00Z -> 2026-11-05T08:00:00Z"),
    ]
    assert feeddiff.grave(found)
    (content / "briefings/2026/two.md").unlink()
    assert ("lost", "Title of two", "") in on_front(old, build())


def test_a_list_that_is_gone_and_one_that_is_new(site):
    content, old, build = site
    briefing(content, "one", tags="[storm]")
    kinds = {one.feed: one.kind for one in feeddiff.compare(old, build())}
    assert (kinds["/tags/flood/"], kinds["/tags/storm/"]) == ("feed gone", "new feed")


def test_the_oldest_may_be_pushed_out(tmp_path):
    content = tmp_path / "content"
    about(content)
    conf = settings(tmp_path, BRIEFINGS={"key": "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1", "feed_items": 2})
    for day in (1, 2):
        briefing(content, f"day-{day}", published=f"2026-11-0{day}T08:00:00Z")
    plugin.run(conf)
    shutil.copytree(tmp_path / "output", tmp_path / "old")
    briefing(content, "day-3", published="2026-11-03T08:00:00Z")
    plugin.run(conf)
    assert on_front(tmp_path / "old", tmp_path / "output") == [("new", "Title of day-3", "2026-11-03T08:00:00Z")]


def test_the_command(site, capsys):
    content, old, build = site
    briefing(content, "three", published="2026-11-03T08:00:00Z")
    new = build()
    assert cli.main(["feeddiff", str(old), str(new)]) == 0
    text = capsys.readouterr().out
    assert "  Title of three (2026-11-03T08:00:00Z): /, /sources/harbour-news/\n" in text
    assert cli.main(["feeddiff", str(new), str(old), "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {
        "feed": "/",
        "kind": "lost",
        "id": f"urn:uuid:{identity('three')}",
        "title": "Title of three",
        "detail": "",
    } in rows
    assert cli.main(["feeddiff", str(old), str(old / "nowhere")]) == 1
    assert "no such folder" in capsys.readouterr().err
