"""Stories: the page of a developing event, and the way along it from each of its briefings."""

from __future__ import annotations

from briefings import library
from tests.sites import NOW, SITE, briefing
from tests.test_pages import changed, context, fingerprints, planned

STORIES = "harbour-fire: {title: The harbour fire, description: Silos burned for nine days., aliases: [quay-fire]}\n"


def shelf(content):
    (content / "briefings").mkdir(exist_ok=True)
    (content / "stories.yaml").write_text(STORIES)
    # Out of order on purpose: a story is told by the dates of what happened.
    for slug, date, published in (
        ("second", "2020-08-06", "03"),
        ("first", "2020-08-04", "05"),
        ("last", "2020-08-13", "04"),
    ):
        briefing(
            content, slug, story="harbour-fire", date=date, published=f"2026-11-{published}T08:00:00Z",
            key_points=f'["{slug} one.", "{slug} two.", "{slug} three.", "{slug} four."]',
        )  # fmt: skip
    return content


def story(content, page=""):
    return context(content, f"stories/harbour-fire/{page}index.html", page_size=20)


def test_it_is_told_by_the_dates_of_what_happened(tmp_path):
    page = story(shelf(tmp_path))
    assert [card.url for card in page["cards"]] == ["/briefings/last/", "/briefings/second/", "/briefings/first/"]
    assert (page["story"].since.label, page["story"].until.label) == ("4 August 2020", "13 August 2020")
    assert (page["facet"].label, page["facet"].description) == ("The harbour fire", "Silos burned for nine days.")


def test_key_points_so_far_are_the_newest_and_few(tmp_path):
    points = story(shelf(tmp_path))["story"].points
    assert [point.text for point in points] == [
        "last one.", "last two.", "last three.", "second one.", "second two.", "second three.", "first one.", "first two.",
    ]  # fmt: skip
    assert points[0].by.url == "/briefings/last/"


def test_what_a_source_does_not_allow_is_not_told_here(tmp_path):
    shelf(tmp_path)
    (tmp_path / "sources.yaml").write_text("harbour-news: {name: Harbour News, reuse: link}\n")
    page = story(tmp_path)
    assert page["story"].points == ()
    assert [card.lead for card in page["cards"]] == ["", "", ""]


def test_the_latest_change_is_a_new_briefing_or_a_correction(tmp_path):
    shelf(tmp_path)
    assert story(tmp_path)["story"].latest.by.url == "/briefings/first/", "it went out last"
    briefing(
        tmp_path, "second", story="harbour-fire", date="2020-08-06", published="2026-11-03T08:00:00Z",
        updated="2026-11-09T08:00:00Z", changes="[{on: 2026-11-09, kind: major, note: Nine silos were four.}]",
    )  # fmt: skip
    latest = story(tmp_path)["story"].latest
    assert (latest.text, latest.by.url) == ("Nine silos were four.", "/briefings/second/")


def test_a_withdrawal_is_of_the_day_it_was_made(tmp_path):
    briefing(
        shelf(tmp_path), "second", story="harbour-fire", date="2020-08-06", published="2026-11-03T08:00:00Z",
        status="withdrawn", withdrawn_reason="A hoax.", updated="2026-11-09T08:00:00Z",
    )  # fmt: skip
    latest = story(tmp_path)["story"].latest
    assert (latest.text, latest.by.url, latest.on.iso[:10]) == ("Withdrawn", "/briefings/second/", "2026-11-09")


def test_each_briefing_leads_along_its_story(tmp_path):
    shelf(tmp_path)
    step = context(tmp_path, "briefings/second/index.html")["story"]
    assert (step.story.url, step.older.url, step.newer.url) == (
        "/stories/harbour-fire/", "/briefings/first/", "/briefings/last/",
    )  # fmt: skip
    briefing(tmp_path, "alone")
    assert context(tmp_path, "briefings/alone/index.html")["story"] is None


def test_it_has_feeds_and_stands_in_the_index(tmp_path):
    outputs = planned(shelf(tmp_path))
    assert {f"stories/harbour-fire/feed{end}" for end in (".rss.xml", ".atom.xml", ".json")} <= set(outputs)
    (row,) = outputs["stories/index.html"].context["terms"]
    assert (row.label, row.count, row.note) == ("The harbour fire", 3, "Silos burned for nine days.")


def test_what_joins_a_story_leaves_the_rest_of_it_alone(tmp_path):
    before = fingerprints(shelf(tmp_path))
    briefing(tmp_path, "later", story="harbour-fire", date="2020-09-01", published="2026-11-09T08:00:00Z")
    touched = changed(before, fingerprints(tmp_path))
    assert "briefings/last/index.html" in touched, "it has a later one now"
    assert "briefings/second/index.html" not in touched


def test_the_front_page_names_the_stories_that_moved_last(tmp_path):
    briefing(tmp_path, "older", story="drought", published="2026-10-01T08:00:00Z")
    briefing(tmp_path, "newer", story="flood", published="2026-10-03T08:00:00Z")
    briefing(tmp_path, "middle", story="drought", published="2026-10-02T08:00:00Z")
    links = context(tmp_path, "index.html")["stories"]
    assert [(link.label, link.count) for link in links] == [("Flood", 1), ("Drought", 2)]


def test_an_unknown_story_is_an_error_where_there_is_a_table(tmp_path):
    shelf(tmp_path)
    briefing(tmp_path, "typo", story="harbor-fire")
    briefing(tmp_path, "renamed", story="quay-fire")
    known, problems = library.load(tmp_path, SITE, NOW)
    assert [str(problem) for problem in problems] == [
        'briefings/2026/typo.md:8: story: unknown story "harbor-fire" (did you mean "harbour-fire"?)'
    ]
    assert len(known.facets["story"]["harbour-fire"].briefings) == 4, "a former key leads to the story"
