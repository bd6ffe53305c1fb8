"""Digests: weeks and months by when something went out, as a page and as plain text."""

from __future__ import annotations

import pytest

from briefings import digest
from tests.sites import briefing
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


def test_digests_lead_to_each_other_and_are_listed(tmp_path):
    shelf(tmp_path)
    view = context(tmp_path, "digest/2026-W44/index.html")["digest"]
    assert (view.older, view.newer.url) == (None, "/digest/2026-W45/")
    ((year, months, weeks),) = context(tmp_path, "digest/index.html")["years"]
    assert year == "2026"
    assert [(link.label, link.count) for link in months] == [("November 2026", 3), ("October 2026", 1)]
    assert [link.url for link in weeks] == ["/digest/2026-W45/", "/digest/2026-W44/"]


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
    assert len(found) == 5
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
        "digest/index.html", "digest/2026-W45/index.html",
    }  # fmt: skip
