"""Corrections and withdrawals reach subscribers; a small mend reaches nobody."""

from __future__ import annotations

import json

import feedparser
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from msgspec.structs import replace
from sites import NOW, SITE, about, briefing, identity, settings

from briefings import check, ledger, plugin
from briefings.model import Briefing, CalendarDate, Change

NOTE = "The number of displaced people was corrected from 40,000 to 140,000."
MISSING = "missing: feeds tell nobody of a withdrawal without its time (write 2026-11-22T09:00:00Z)"
CORRECTED = {
    "updated": "2026-11-20T10:00:00Z",
    "changes": f'[{{on: 2026-11-20, kind: major, note: "{NOTE}"}}, {{on: 2026-11-19, kind: minor, note: "A typo."}}]',
}


@pytest.fixture
def site(tmp_path):
    about(tmp_path / "content")
    briefing(tmp_path / "content", "quiet")
    briefing(tmp_path / "content", "camps")
    conf = settings(tmp_path)

    def build():
        plugin.run(conf)
        return tmp_path / "output"

    return tmp_path / "content", build


def entries(output, name="feed.atom.xml"):
    return {entry.id: entry for entry in feedparser.parse((output / name).read_bytes()).entries}


def test_a_small_mend_is_quiet(site):
    content, build = site
    before = entries(build())[f"urn:uuid:{identity('camps')}"]
    briefing(content, "camps", "Some better words.", changes='[{on: 2026-11-19, kind: minor, note: "A typo."}]')
    output = build()
    after = entries(output)[f"urn:uuid:{identity('camps')}"]
    assert (after.updated, after.published) == (before.updated, before.published)
    assert "better" in after.content[0].value
    assert not entries(output, "changes/feed.atom.xml")


def test_a_correction_opens_the_entry_and_moves_updated_alone(site):
    content, build = site
    before = entries(build())[f"urn:uuid:{identity('camps')}"]
    briefing(content, "camps", **CORRECTED)
    output = build()
    after = entries(output)[f"urn:uuid:{identity('camps')}"]
    assert after.published == before.published
    assert after.updated == "2026-11-20T10:00:00Z"
    assert after.content[0].value.startswith(f"<p><strong>Changed 20 November 2026: {NOTE}</strong></p>")


@pytest.mark.parametrize("suffix", ["rss.xml", "atom.xml"])
def test_every_change_is_told_in_a_feed_of_changes(site, suffix):
    content, build = site
    briefing(content, "camps", **CORRECTED)
    briefing(content, "wrong", status="withdrawn", withdrawn_reason="A hoax.", updated="2026-11-21T09:00:00Z")
    output = build()
    found = list(entries(output, f"changes/feed.{suffix}").values())
    assert [entry.title for entry in found] == ["Withdrawn: Title of wrong", "Changed: Title of camps"]
    assert [entry.summary for entry in found] == ["A hoax.", NOTE]
    assert found[1].link == "https://briefs.example.org/briefings/camps/"
    assert not {entry.id for entry in found} & entries(output).keys()
    ids = [item["id"] for item in json.loads((output / "changes/feed.json").read_text("utf-8"))["items"]]
    assert ids == [entry.id for entry in found]


def test_the_id_of_a_change_outlives_another_change_and_its_wording(site):
    content, build = site
    briefing(content, "camps", **CORRECTED)
    (first,) = entries(build(), "changes/feed.atom.xml").values()
    later = '[{on: 2026-11-20, kind: major, note: "Reworded."}, {on: 2026-11-21, kind: major, note: "More."}]'
    briefing(content, "camps", updated="2026-11-21T10:00:00Z", changes=later)
    found = entries(build(), "changes/feed.atom.xml")
    assert len(found) == 2
    assert found[first.id].summary == "Reworded."


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-21"])
def test_a_change_keeps_its_id_and_time_when_another_one_follows(site, day):
    content, build = site
    briefing(content, "camps", **CORRECTED)
    (first,) = entries(build(), "changes/feed.atom.xml").values()
    later = f'[{{on: 2026-11-20, kind: major, note: "{NOTE}"}}, {{on: {day}, kind: major, note: "More."}}]'
    briefing(content, "camps", updated=f"{day}T11:00:00Z", changes=later)
    found = entries(build(), "changes/feed.atom.xml")
    assert [entry.summary for entry in found.values()] == ["More.", NOTE]
    kept = found[first.id]
    assert (kept.summary, kept.published, kept.updated) == (NOTE, first.published, first.updated)


@pytest.mark.parametrize("published", ["2026-11-10T08:00:00Z", "2026-11-20T08:00:00Z"], ids=["before", "that day"])
def test_of_several_changes_of_one_day_the_lowest_is_the_latest(site, published):
    content, build = site
    notes = ", ".join(f'{{on: 2026-11-20, kind: major, note: "{note}"}}' for note in ("One.", "Two.", "Three."))
    briefing(content, "camps", published=published, updated="2026-11-20T10:00:00Z", changes=f"[{notes}]")
    found = list(entries(build(), "changes/feed.atom.xml").values())
    assert [entry.summary for entry in found] == ["Three.", "Two.", "One."]
    assert all(entry.published >= published for entry in found)


def test_a_change_keeps_its_id_whatever_is_put_above_it_once_it_has_gone_out(site):
    content, build = site
    briefing(content, "camps", **CORRECTED)
    (first,) = entries(build(), "changes/feed.atom.xml").values()
    ledger.update(content, check.check(content, SITE, NOW).library)
    above = f'[{{on: 2026-11-20, kind: major, note: "More."}}, {{on: 2026-11-20, kind: major, note: "{NOTE}"}}]'
    briefing(content, "camps", updated="2026-11-20T11:00:00Z", changes=above)
    found = entries(build(), "changes/feed.atom.xml")
    assert (found[first.id].summary, found[first.id].published) == (NOTE, first.published)
    assert [entry.summary for entry in found.values()] == ["More.", NOTE], "the latest first"
    ledger.update(content, check.check(content, SITE, NOW).library)
    again = f'[{{on: 2026-11-20, kind: major, note: "Most."}}, {above[1:]}'.replace("More.", "More, reworded.")
    briefing(content, "camps", updated="2026-11-20T12:00:00Z", changes=again)
    assert not check.check(content, SITE, NOW).errors
    now = entries(build(), "changes/feed.atom.xml")
    assert now[first.id].summary == NOTE
    assert len(now) == 3
    assert now.keys() > found.keys()


@settings_of_hypothesis(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("12"), st.sampled_from("abcdefgh")), unique=True, max_size=6), max_size=6
    )
)
def test_what_readers_were_told_keeps_its_name_in_any_order(histories):
    """Notes come, go and move; every one that stays keeps its name, and no two share one."""
    made = Briefing("one.md", identity("one"), "One", "one", "published")
    told, named = {}, {}
    for rows in histories:
        notes = tuple(Change(CalendarDate(2026, 11, int(day)), "major", note) for day, note in rows)
        found = ledger.changes(replace(made, changes=notes), told)
        assert [change for _, change in found] == list(notes)
        assert len({name for name, _ in found}) == len(found)
        now = {(str(change.on), change.note): name for name, change in found}
        assert all(now[key] == named[key] for key in now.keys() & named.keys())
        named = now
        told |= {f"{made.id} {name}": ledger.note_digest(change) for name, change in found}


def test_changes_have_a_page_that_the_page_of_feeds_names(site):
    content, build = site
    briefing(content, "camps", **CORRECTED)
    output = build()
    page = (output / "changes/index.html").read_text("utf-8")
    assert f"20 November 2026: {NOTE}" in page
    assert "Title of quiet" not in page
    assert "/changes/feed.atom.xml" in (output / "feeds/index.html").read_text("utf-8")
    assert "/changes/feed.atom.xml" in (output / "feeds/briefings.opml").read_text("utf-8")


def test_times_that_feeds_cannot_carry_are_refused(tmp_path):
    briefing(tmp_path, "early", updated="2026-12-24T10:00:00Z", changes='[{on: 2026-11-20, kind: major, note: "So."}]')
    briefing(tmp_path, "gone", status="withdrawn", withdrawn_reason="A hoax.")
    said = [str(problem) for problem in check.check(tmp_path, SITE, NOW).problems]
    assert said == [
        "briefings/2026/early.md:8: updated: has not come yet (it is 2026-11-22T00:00:00Z now)",
        f"briefings/2026/gone.md:1: warning: updated: {MISSING}",
    ]
