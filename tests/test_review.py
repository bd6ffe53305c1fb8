"""Faults that were found by reading: each stays mended."""

from __future__ import annotations

from contextlib import suppress

import pytest

from briefings import check, frontmatter, plugin, state
from briefings.cards import Maker
from briefings.errors import BriefingsError
from tests.sites import NOW, SITE, about, briefing, settings
from tests.test_build import tree


@pytest.fixture
def content(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    about(tmp_path / "content")
    briefing(tmp_path / "content", "one")
    return tmp_path / "content"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("evil.html", "<html><head><title>E</title></head><body><p onclick=alert(1)>x<script>1</script></body></html>"),
        ("inc.rst", "Title\n=====\n\n.. include:: /etc/hostname\n"),
    ],
)
def test_only_our_own_reader_reads_pages(content, tmp_path, name, text):
    (content / "pages" / name).write_text(text)
    with suppress(BriefingsError):  # refused, or left out; never published
        plugin.run(settings(tmp_path))
    assert not (tmp_path / "output" / name.partition(".")[0]).exists()


def known(content, **fields):
    briefing(content, "one", **fields)
    checked = check.check(content, SITE, NOW)
    (found,) = checked.library.briefings
    return {row.field: row.status for row in Maker(SITE, checked.library).known(found)}


class TestHowWeKnow:
    """The machine is not credited with what an editor wrote."""

    def test_the_same_name_in_another_country(self, content):
        evidence = '[{field: location, status: inferred, value: "Tripoli, LY"}]'
        place = "{name: Tripoli, country: LB, latitude: 34.4, longitude: 35.8}"
        assert known(content, location=place, evidence=evidence)["location"] == "editor"

    def test_a_place_recorded_without_its_country(self, content):
        evidence = "[{field: location, status: inferred, value: Tripoli}]"
        place = "{name: Tripoli, country: LB, latitude: 34.4, longitude: 35.8}"
        assert known(content, location=place, evidence=evidence)["location"] == "inferred"

    def test_another_author_of_one_surname(self, content):
        evidence = '[{field: author, status: stated, value: "Desk, night"}]'
        source = '{name: "Harbour News", author: "Desk, day"}'
        assert known(content, source=source, evidence=evidence)["author"] == "editor"


def test_a_withdrawn_briefing_takes_its_picture_along(content, tmp_path):
    png = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
    (content / "images").mkdir()
    (content / "images/p.png").write_bytes(png)
    briefing(
        content, "one", status="withdrawn", withdrawn_reason='"The picture was not ours."',
        image="{file: images/p.png, alt: A bridge, caption: The bridge}",
    )  # fmt: skip
    plugin.run(settings(tmp_path))
    shown = [name for name, data in tree(tmp_path / "output").items() if b"p.png" in data or b"The bridge" in data]
    assert shown == [".briefings/manifest.json"]


def test_a_build_that_stops_midway_is_made_good_by_the_next(content, tmp_path, monkeypatch):
    conf = settings(tmp_path)
    plugin.run(conf)
    good = tree(tmp_path / "output")
    two = briefing(content, "two")
    calls = []

    def full_disk(aside, target, place=state.place):
        calls.append(target)
        if len(calls) == 9:
            raise OSError(28, "No space left on device")
        return place(aside, target)

    monkeypatch.setattr(state, "place", full_disk)
    with pytest.raises(BriefingsError, match="No space left on device"):
        plugin.run(conf)
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    two.unlink()
    plugin.run(conf)
    assert tree(tmp_path / "output") == good


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "0000-01-01"),
        ("published", "0001-01-01T00:00:00+14:00"),
        ("published", "0999-01-01T00:00:00Z"),
    ],
)
def test_years_that_no_feed_can_carry(name, value):
    text = f'---\nid: "6f1c9d3e-0000-4000-8000-000000000001"\ntitle: T\nslug: a\nstatus: draft\n{name}: {value}\n---\n'
    found, problems = frontmatter.parse(text, "a.md")
    assert found is None
    assert problems[0].field == name


def test_an_update_before_it_went_out(content):
    briefing(
        content, "one", published=None, received="2026-05-01T00:00:00Z", updated="2026-02-01T00:00:00Z",
        changes="[{on: 2026-02-01, kind: major, note: x}]",
    )  # fmt: skip
    (problem,) = check.check(content, SITE, NOW).errors
    assert problem.field == "updated"


def test_a_file_name_that_would_break_a_line(content):
    (content / "briefings/2026/a\nb.md").write_text("---\n---\n")
    (problem,) = check.check(content, SITE, NOW).errors
    assert str(problem) == "'briefings/2026/a\\nb.md': a file name with a control character (rename it)"
