"""Digests: days, weeks and months by when something went out, as pages, calendars, plain text and feeds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings import check, digest, feeds, pages, state
from tests.sites import SITE, briefing
from tests.test_pages import changed, context, fingerprints, planned


def shelf(content):
    for slug, moment in (
        ("sunday", "2026-11-01T23:30:00Z"),
        ("monday", "2026-11-02T00:10:00Z"),
        ("friday", "2026-11-06T08:00:00Z"),
        ("october", "2026-10-30T08:00:00Z"),
    ):
        briefing(content, slug, published=moment, date="1999-01-01", key_points=f'["{slug} point."]')
    return content


def slugs(page):
    return [card.url.split("/")[2] for card in page["cards"]]


def test_weeks_begin_on_monday_and_count_by_when_it_went_out(tmp_path):
    shelf(tmp_path)
    week = context(tmp_path, "digest/2026-W45/index.html")
    assert slugs(week) == ["friday", "monday"]
    assert week["digest"].label == "2 November 2026 to 8 November 2026"
    assert slugs(context(tmp_path, "digest/2026-W44/index.html")) == ["sunday", "october"]
    assert slugs(context(tmp_path, "digest/2026-11/index.html")) == ["friday", "monday", "sunday"]


@pytest.mark.parametrize(
    ("moment", "key"), [("2024-12-30", "2025-W01"), ("2023-01-01", "2022-W52"), ("2020-12-31", "2020-W53")]
)
def test_weeks_at_the_turn_of_a_year(tmp_path, moment, key):
    briefing(tmp_path, "one", published=f"{moment}T08:00:00Z")
    outputs = planned(tmp_path)
    assert [path for path in outputs if path.endswith(".txt") and "W" in path] == [f"digest/{key}.txt"]
    assert digest.key(*digest.parsed(key)) == key
    assert context(tmp_path, f"digest/{moment}/index.html")["digest"].wider[1].url == f"/digest/{key}/"


def test_digests_lead_to_each_other_and_are_listed(tmp_path):
    shelf(tmp_path)
    view = context(tmp_path, "digest/2026-W44/index.html")["digest"]
    assert (view.older, view.newer.url) == (None, "/digest/2026-W45/")
    ((year, months),) = context(tmp_path, "digest/index.html")["years"]
    assert (year.label, year.url, year.count) == ("2026", "/digest/2026/", 4)
    assert [(link.label, link.count) for link in months] == [("November 2026", 3), ("October 2026", 1)]


def test_a_day_leads_to_its_month_and_week(tmp_path):
    shelf(tmp_path)
    page = context(tmp_path, "digest/2026-11-02/index.html")
    assert slugs(page) == ["monday"]
    view = page["digest"]
    assert view.label == "2 November 2026"
    assert [link.url for link in view.wider] == ["/digest/2026-11/", "/digest/2026-W45/"]
    assert (view.older.url, view.newer.url) == ("/digest/2026-11-01/", "/digest/2026-11-06/")


def test_a_year_as_calendars(tmp_path):
    shelf(tmp_path)
    october, november = context(tmp_path, "digest/2026/index.html")["months"]
    assert (october.month.label, november.month.url) == ("October 2026", "/digest/2026-11/")
    first, second = november.weeks[:2]
    assert [day and (day.number, day.count, day.url) for day in first.days] == [
        None, None, None, None, None, None, (1, 1, "/digest/2026-11-01/"),
    ]  # fmt: skip
    assert (second.week.label, second.week.url) == ("45", "/digest/2026-W45/")
    assert [day.count for day in second.days] == [1, 0, 0, 0, 1, 0, 0]
    assert sum(day.count for row in november.weeks for day in row.days if day) == 3
    assert {path for path in planned(tmp_path) if path.startswith("digest/2026-1")} >= {
        day.url[1:] + "index.html" for month in (october, november) for row in month.weeks for day in row.days if day and day.url
    }  # fmt: skip


@pytest.mark.parametrize("name", ["2026", "2026-W54", "2026-13", "2026-02-30", "last week", ""])
def test_what_is_no_period(name):
    with pytest.raises(ValueError, match=r"."):
        digest.parsed(name)


@given(
    st.lists(st.integers(0, 80).map("x".__mul__), max_size=30).map(" ".join) | st.text(), st.sampled_from(["", "  "])
)
def test_lines_are_cut_as_the_standard_library_cuts_them(words, indent):
    told = fill(words, 72, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    assert digest._wrapped(words, indent) == told


def test_the_plain_text(tmp_path):
    shelf(tmp_path)
    assert context(tmp_path, "digest/2026-W45.txt", rights="Free to reuse.")["text"] == (
        "Test site\n"
        "2 November 2026 to 8 November 2026\n"
        "https://briefs.example.org/news/digest/2026-W45/\n"
        "\n"
        "Title of friday\n"
        "1 January 1999 · Harbour News\n"
        "- friday point.\n"
        "https://briefs.example.org/news/briefings/friday/\n"
        "\n"
        "Title of monday\n"
        "1 January 1999 · Harbour News\n"
        "- monday point.\n"
        "https://briefs.example.org/news/briefings/monday/\n"
        "\n"
        "Free to reuse.\n"
    )


def test_lines_fit_into_a_mail(tmp_path):
    briefing(tmp_path, "one", key_points=f'["{"word " * 60}"]', title=f'"{"Title " * 30}"')
    text = next(output.context["text"] for path, output in planned(tmp_path).items() if path.endswith("-11.txt"))
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= digest.COLUMNS


def test_what_may_not_be_shown_is_not_sent(tmp_path):
    briefing(tmp_path, "linked", key_points='["Secret point."]', summary="Secret summary.")
    briefing(tmp_path, "gone", status="withdrawn", withdrawn_reason="Wrong.", key_points='["Secret point."]')
    briefing(tmp_path, "draft", status="draft", title='"Secret draft"')
    (tmp_path / "sources.yaml").write_text("harbour-news: {name: Harbour News, reuse: link}\n")
    outputs = planned(tmp_path, drafts=True)
    found = [output for path, output in outputs.items() if path.startswith("digest/")]
    assert len(found) > 5
    assert all("Secret" not in repr(output.context) for output in found)
    assert "Withdrawn: Wrong." in outputs["digest/2026-11.txt"].context["text"]


def test_a_full_month_shows_the_newest_and_says_how_many_more(tmp_path, monkeypatch):
    monkeypatch.setattr(digest, "MOST", 2)
    shelf(tmp_path)
    page = context(tmp_path, "digest/2026-11/index.html")
    assert (slugs(page), page["digest"].count, page["digest"].more) == (["friday", "monday"], 3, 1)
    assert "And 1 more" in context(tmp_path, "digest/2026-11.txt")["text"]


def test_past_digests_stay(tmp_path):
    before = fingerprints(shelf(tmp_path))
    briefing(tmp_path, "later", published="2026-11-20T08:00:00Z")
    touched = {path for path in changed(before, fingerprints(tmp_path)) if path.startswith("digest/")}
    assert touched == {
        "digest/2026-W47/index.html", "digest/2026-W47.txt", "digest/2026-11/index.html", "digest/2026-11.txt",
        "digest/2026-11-20/index.html", "digest/2026-11-20.txt", "digest/2026/index.html", "digest/index.html",
        "digest/2026-W45/index.html", "digest/2026-11-06/index.html",  # both name the one that follows
        "digest/daily/index.html", "digest/weekly/index.html",
        *(f"digest/{kind}/feed{suffix}" for kind in ("daily", "weekly") for suffix in (".rss.xml", ".atom.xml", ".json")),
    }  # fmt: skip


def entries(content, kind, **settings):
    """The entries of a digest feed, newest first."""
    return context(content, f"digest/{kind}/feed.atom.xml", **settings)["feed"].entries


class TestFeeds:
    """An entry for what is over; it stays as it is."""

    def test_a_day_is_over_when_a_later_one_has_begun(self, tmp_path):
        shelf(tmp_path)
        assert [entry.title for entry in entries(tmp_path, "daily")] == [
            "Digest: 2 November 2026", "Digest: 1 November 2026", "Digest: 30 October 2026",
        ]  # fmt: skip
        assert [entry.published for entry in entries(tmp_path, "weekly")] == ["2026-11-02T00:00:00Z"]

    def test_later_briefings_change_no_entry(self, tmp_path):
        shelf(tmp_path)
        before = {kind: entries(tmp_path, kind) for kind in ("daily", "weekly")}
        briefing(tmp_path, "later", published="2026-11-09T00:00:00Z")
        for kind, found in before.items():
            now = entries(tmp_path, kind)
            assert now[-len(found) :] == found
            assert len(now) == len(found) + 1

    def test_the_day_of_the_build_changes_nothing(self, tmp_path):
        shelf(tmp_path)
        plans = []
        for now in (datetime(2026, 11, 6, 8, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)):
            checked = check.check(tmp_path, SITE, now)
            outputs = pages.plan(checked.library, SITE, checked.media, (), {})
            plans.append({one.path: state.digest(one.context) for one in outputs if one.path.startswith("digest/")})
        assert plans[0] == plans[1]

    def test_a_correction_moves_updated_alone(self, tmp_path):
        shelf(tmp_path)
        before = entries(tmp_path, "daily")[0]
        briefing(
            tmp_path, "monday", published="2026-11-02T00:10:00Z", updated="2026-11-08T10:00:00Z",
            changes='[{on: 2026-11-08, kind: major, note: "Less <b>."}]',
        )  # fmt: skip
        after = entries(tmp_path, "daily")[0]
        assert (after.id, after.title, after.published) == (before.id, before.title, before.published)
        assert (before.updated, after.updated) == ("2026-11-03T00:00:00Z", "2026-11-08T10:00:00Z")
        assert "Changed 8 November 2026: Less &lt;b&gt;." in after.body

    def test_ids_do_not_follow_addresses(self, tmp_path):
        shelf(tmp_path)
        here = {entry.id for kind in ("daily", "weekly") for entry in entries(tmp_path, kind)}
        there = {
            entry.id for kind in ("daily", "weekly") for entry in entries(tmp_path, kind, url="https://other.example")
        }
        assert len(here) == 4
        assert here == there
        shown = {output.context["feed"].id for path, output in planned(tmp_path).items() if path.endswith("feed.json")}
        assert not here & shown

    def test_what_an_entry_says(self, tmp_path):
        briefing(tmp_path, "one", title='"A & <b>"', key_points='["Point <i>."]', published="2026-11-02T08:00:00Z")
        briefing(tmp_path, "ar", title='"عاجل"', lang="ar", published="2026-11-02T07:00:00Z")
        briefing(tmp_path, "next", published="2026-11-03T08:00:00Z")
        (only,) = entries(tmp_path, "daily")
        written = feeds.write("json", context(tmp_path, "digest/daily/feed.json")["feed"], lambda _: "")
        (item,) = json.loads(written)["items"]
        assert item["summary"] == "2 briefings: A & <b> · عاجل"
        url = "https://briefs.example.org/news/briefings"
        assert item["content_html"] == (
            f'<p><strong><a href="{url}/one/">A &amp; &lt;b&gt;</a></strong></p>\n<p>undated · Harbour News</p>\n'
            "<ul>\n<li>Point &lt;i&gt;.</li>\n</ul>\n"
            f'<div lang="ar" dir="rtl">\n<p><strong><a href="{url}/ar/">عاجل</a></strong></p>\n'
            "<p>undated · Harbour News</p>\n</div>"
        )
        assert item["url"] == only.url == "https://briefs.example.org/news/digest/2026-11-02/"

    def test_the_pages_of_feeds_and_digests_name_them(self, tmp_path):
        shelf(tmp_path)
        outputs = planned(tmp_path)
        names = [row.url for group in machines_groups(outputs) for row in group.rows if group.label == "Digests"]
        assert names == ["/digest/daily/", "/digest/weekly/"]
        assert {f"{url[1:]}index.html" for url in names} <= outputs.keys()
        assert [card.title for card in outputs["digest/weekly/index.html"].context["periods"][0][1]] == [
            "Title of friday", "Title of monday",
        ]  # fmt: skip


def machines_groups(outputs):
    return outputs["feeds/index.html"].context["groups"]
