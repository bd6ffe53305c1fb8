"""The library: what is read, what clashes, in which order, and in which lists."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from briefings import library
from tests.sites import NOW, SITE, briefing, identity


def load(content, site=SITE, now=NOW):
    return library.load(content, site, now)


def said(problems):
    return [str(problem) for problem in problems]


def test_newest_first_with_ties_by_id(tmp_path):
    briefing(tmp_path, "older", published="2026-10-01T08:00:00Z")
    briefing(tmp_path, "one")
    briefing(tmp_path, "two")
    shelf, problems = load(tmp_path)
    assert not problems
    tied = sorted(["one", "two"], key=identity)
    assert [entry.slug for entry in shelf.briefings] == [*tied, "older"]


def test_every_kind_of_list(tmp_path):
    (tmp_path / "tags.yaml").write_text("conflict: {label: Conflict, aliases: [war]}\n")
    briefing(
        tmp_path, "a", date="2016-12-13", tags="[war]",
        location="{name: Aleppo, country: SY, latitude: 36.2, longitude: 37.16}",
    )  # fmt: skip
    briefing(tmp_path, "b", location="{name: Syria, country: SY}")
    shelf, problems = load(tmp_path)
    assert not problems
    lists = {
        kind: {slug: len(facet.briefings) for slug, facet in facets.items()} for kind, facets in shelf.facets.items()
    }
    assert lists == {
        "tag": {"conflict": 1},
        "place": {"aleppo-sy": 1},
        "region": {},
        "country": {"sy": 2},
        "source": {"harbour-news": 2},
        "story": {},
        "selection": {},
        "year": {"2016": 1, "undated": 1},
        "month": {"2016/12": 1},
    }


def test_lists_by_date_are_sorted_by_date(tmp_path):
    briefing(tmp_path, "late-report", date="2016-01-02", published="2026-11-02T08:00:00Z")
    briefing(tmp_path, "early-report", date="2016-11-02", published="2026-11-01T08:00:00Z")
    shelf, _ = load(tmp_path)
    assert [entry.slug for entry in shelf.briefings] == ["late-report", "early-report"]
    assert [entry.slug for entry in shelf.facets["year"]["2016"].briefings] == ["early-report", "late-report"]


def test_two_files_with_one_id_are_both_named(tmp_path):
    briefing(tmp_path, "a")
    briefing(tmp_path, "b", id=f'"{identity("a")}"')
    shelf, problems = load(tmp_path)
    assert said(problems) == [
        "briefings/2026/b.md:2: id: the same as in briefings/2026/a.md (a copied file needs an id of its own)"
    ]
    assert [entry.slug for entry in shelf.briefings] == ["a"]


def test_an_alias_that_is_an_address_in_use(tmp_path):
    briefing(tmp_path, "a")
    briefing(tmp_path, "b", aliases="[a]")
    _, problems = load(tmp_path)
    assert said(problems) == ['briefings/2026/b.md:8: aliases: "a" is already the address of briefings/2026/a.md']


def test_names_that_no_table_holds(tmp_path):
    (tmp_path / "tags.yaml").write_text("displacement: {label: Displacement}\n")
    (tmp_path / "sources.yaml").write_text("irin: {name: IRIN}\n")
    briefing(tmp_path, "a", tags="[displacment]", source="{name: IRN}")
    shelf, problems = load(tmp_path)
    assert said(problems) == [
        'briefings/2026/a.md:6: source: "IRN" is not in sources.yaml (did you mean "IRIN"?)',
        'briefings/2026/a.md:8: tags: unknown tag "displacment" (did you mean "displacement"?)',
    ]
    assert not shelf.briefings


def test_without_tables_any_name_goes(tmp_path):
    briefing(tmp_path, "a", tags="[anything at all]")
    shelf, problems = load(tmp_path)
    assert not problems
    assert list(shelf.facets["tag"]) == ["anything-at-all"]


def test_two_spellings_of_one_name_are_one_list(tmp_path):
    briefing(tmp_path, "a", tags="[Storms, storms]")
    briefing(tmp_path, "b", tags="[storms]")
    shelf, _ = load(tmp_path)
    facet = shelf.facets["tag"]["storms"]
    assert (facet.term.label, len(facet.briefings)) == ("Storms", 2)


def test_one_name_for_two_places(tmp_path):
    briefing(tmp_path, "a", location="{name: Tripoli, country: LY, geonames: 1}")
    briefing(tmp_path, "b", location="{name: Tripoli, country: LY, geonames: 2}")
    _, problems = load(tmp_path)
    assert said(problems) == [
        (
            'briefings/2026/b.md:8: location: "Tripoli" is GeoNames 2 here and 1 in briefings/2026/a.md '
            "(one of them is wrong, or two places need two names)"
        )
    ]


def test_what_is_due_later_is_held_back(tmp_path):
    briefing(tmp_path, "tomorrow", published="2026-11-23T00:00:00Z")
    shelf, problems = load(tmp_path)
    assert not problems
    assert not shelf.briefings
    assert [entry.slug for entry in shelf.held] == ["tomorrow"]


def test_drafts_are_shown_only_when_asked_for(tmp_path):
    briefing(tmp_path, "a", status="draft", questions='["date: when?"]')
    shelf, problems = load(tmp_path)
    assert not problems
    assert (len(shelf.briefings), len(shelf.drafts)) == (0, 1)
    shelf, _ = load(tmp_path, replace(SITE, drafts=True))
    assert len(shelf.briefings) == 1


class TestMoment:
    """When a briefing went out, if its file does not say so."""

    def of(self, tmp_path, slug, **fields):
        briefing(tmp_path, slug, **fields)
        shelf, problems = load(tmp_path)
        return said(problems) or shelf.moments[identity(slug)]

    def test_published_is_taken_as_it_is(self, tmp_path):
        assert self.of(tmp_path, "a") == datetime(2026, 11, 1, 8, tzinfo=UTC)

    def test_two_of_one_day_differ_and_stay(self, tmp_path):
        first = self.of(tmp_path, "a", published=None, date="2016-12-13")
        second = self.of(tmp_path, "b", published=None, date="2016-12-13")
        assert first.date() == second.date() == datetime(2016, 12, 13, tzinfo=UTC).date()
        assert first != second
        shelf, _ = load(tmp_path)
        assert shelf.moments[identity("a")] == first

    def test_the_time_it_came_in_stands_in(self, tmp_path):
        moment = self.of(tmp_path, "a", published=None, received="2026-11-20T10:00:00Z")
        assert datetime(2026, 11, 20, 9, tzinfo=UTC) <= moment <= datetime(2026, 11, 20, 10, tzinfo=UTC)

    def test_nothing_is_made_up(self, tmp_path):
        assert self.of(tmp_path, "a", published=None, date="2016-12") == [
            (
                "briefings/2026/a.md:1: published: missing, and there is no whole date to stand in "
                "(write 2026-11-22T09:00:00Z)"
            )
        ]


class TestFiles:
    """Only regular files are read, at once or not at all."""

    def test_a_link_is_refused(self, tmp_path):
        target = tmp_path / "secret.md"
        target.write_text("secret")
        (tmp_path / "briefings").mkdir()
        (tmp_path / "briefings" / "a.md").symlink_to(target)
        _, problems = load(tmp_path)
        assert said(problems) == ["briefings/a.md: a link (put the file itself here)"]

    def test_a_pipe_does_not_hang(self, tmp_path):
        (tmp_path / "briefings").mkdir()
        os.mkfifo(tmp_path / "briefings" / "a.md")
        _, problems = load(tmp_path)
        assert said(problems) == ["briefings/a.md: not a regular file"]

    def test_a_large_file_is_not_read(self, tmp_path):
        path = briefing(tmp_path, "a")
        path.write_text("x" * 2_000_000)
        _, problems = load(tmp_path)
        assert said(problems) == ["briefings/2026/a.md: larger than 1000 KB (is this a briefing?)"]

    def test_another_encoding_names_the_line(self, tmp_path):
        path = briefing(tmp_path, "a")
        path.write_bytes(path.read_bytes() + "Café\n".encode("latin-1"))
        _, problems = load(tmp_path)
        assert said(problems) == ["briefings/2026/a.md:11: not UTF-8 (save the file as UTF-8)"]

    @pytest.mark.parametrize("text", ["irin: {name: IRIN", "irin: IRIN", "irin: {nmae: IRIN}"])
    def test_a_broken_table_is_named(self, tmp_path, text):
        (tmp_path / "sources.yaml").write_text(f"{text}\n")
        _, problems = load(tmp_path)
        assert [problem.file for problem in problems] == ["sources.yaml"]
        assert problems[0].line == 1


@pytest.mark.parametrize("name", ["tags.yaml", "sources.yaml", "stories.yaml", "places.yaml", "feeds.yaml"])
def test_a_table_that_is_a_pipe_is_refused_without_waiting(tmp_path, name):
    os.mkfifo(tmp_path / name)
    _, problems = load(tmp_path)
    assert said(problems) == [f"{name}: not a regular file"]


def test_a_table_with_a_merge_that_is_not_finished(tmp_path):
    (tmp_path / "tags.yaml").write_text("a: {label: A}\n<<<<<<< HEAD\nb: {label: B}\n=======\n>>>>>>> other\n")
    _, problems = load(tmp_path)
    assert said(problems) == ["tags.yaml:2: a git conflict marker (finish the merge)"]
