"""What stands around a list: places near by, the facts of a source, history, descriptions."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from briefings import nearby, sparkline
from briefings.model import CalendarDate
from briefings.nearby import Nearby
from briefings.views import Bar, Point
from tests.sites import briefing
from tests.test_pages import PALU, changed, context, fingerprints

DONGGALA = "{name: Donggala, country: ID, latitude: -0.67, longitude: 119.74}"
MAKASSAR = "{name: Makassar, country: ID, latitude: -5.15, longitude: 119.43}"


def facet(content, path):
    """What a list page says of its list."""
    return context(content, f"{path}index.html")["facet"]


class TestNearby:
    """Places within a day's drive, nearest first, without looking at all of them."""

    def test_the_nearest_first_and_none_too_far(self, tmp_path):
        briefing(tmp_path, "one", location=PALU)
        briefing(tmp_path, "two", location=DONGGALA)
        briefing(tmp_path, "three", location=MAKASSAR)
        near = facet(tmp_path, "places/palu-id/").near
        assert [(link.label, link.note) for link in near] == [("Donggala, Indonesia", "29 km")]

    def test_it_is_called_what_its_list_is_called(self, tmp_path):
        briefing(tmp_path, "one", location=PALU)
        briefing(tmp_path, "two", location='{name: "دونغالا", country: ID, latitude: -0.68, longitude: 119.73}')
        (tmp_path / "places.yaml").write_text("donggala-id: {name: Donggala, aliases: [dwnghl-id]}\n")
        (link,) = facet(tmp_path, "places/palu-id/").near
        assert (link.label, link.url) == ("Donggala, Indonesia", "/places/donggala-id/")
        assert [point.label for point in facet(tmp_path, "countries/id/").points] == [
            "Donggala, Indonesia",
            "Palu, Indonesia",
        ]

    def test_a_known_distance(self):
        london, paris = Point("", "a", 51.5074, -0.1278), Point("", "b", 48.8566, 2.3522)
        assert nearby.kilometres(london, paris) == pytest.approx(344, abs=1)

    def test_across_the_180th_meridian_and_far_north(self):
        east, west = Point("", "a", -17.0, 179.9), Point("", "b", -17.0, -179.9)
        assert [other.url for other, _ in Nearby((east, west)).to(east, 3)] == ["b"]
        one, two = Point("", "a", 78.2, 15.6), Point("", "b", 78.2, 22.6)
        assert [distance for _, distance in Nearby((one, two)).to(one, 3)] == [159]

    def test_it_finds_what_looking_at_all_finds(self):
        points = tuple(
            Point("", f"{n:03}", (n * 37 % 120) - 60 + n % 7 / 7, (n * 91 % 360) - 180 + n % 11 / 11)
            for n in range(400)
        )
        index = Nearby(points)
        for point in points[::20]:
            every = sorted(
                (round(nearby.kilometres(point, other)), other.url)
                for other in points
                if other is not point and nearby.kilometres(point, other) <= nearby.WITHIN
            )
            assert [(distance, other.url) for other, distance in index.to(point, 5)] == every[:5]

    def test_another_briefing_there_changes_nothing_here(self, tmp_path):
        briefing(tmp_path, "one", location=PALU)
        briefing(tmp_path, "two", location=DONGGALA)
        before = fingerprints(tmp_path)
        briefing(tmp_path, "three", location=DONGGALA, published="2026-11-05T08:00:00Z")
        assert "places/palu-id/index.html" not in changed(before, fingerprints(tmp_path))


class TestHistory:
    """Bars over time."""

    def test_years_with_gaps(self):
        dates = [CalendarDate(2016), None, CalendarDate(2018, 3), CalendarDate(2018, 4, 1)]
        assert sparkline.by_year(dates) == (Bar("2016", 1), Bar("2017", 0), Bar("2018", 2))

    @pytest.mark.parametrize("dates", [[], [None], [CalendarDate(2016)] * 9, [CalendarDate(2010), CalendarDate(2020)]])
    def test_little_is_no_history(self, dates):
        assert sparkline.by_year(dates) == ()

    def test_a_long_time_is_counted_in_larger_steps(self):
        bars = sparkline.by_year([CalendarDate(year) for year in range(1901, 2021)])
        assert len(bars) <= sparkline.MOST
        assert (bars[0], bars[-1]) == (Bar("1900–1904", 4), Bar("2020–2024", 1))
        assert sum(bar.count for bar in bars) == 120

    def test_months_of_a_year(self, tmp_path):
        for slug, date in (("one", "2018-09-28"), ("two", "2018-10-05"), ("three", "2018-10-06"), ("four", "2018")):
            briefing(tmp_path, slug, date=date)
        history = facet(tmp_path, "archive/2018/").history
        assert len(history) == 12
        assert [bar for bar in history if bar.count] == [Bar("September", 1), Bar("October", 2)]

    def test_the_drawing_says_what_it_shows(self):
        drawing = sparkline.svg((Bar("2016", 1), Bar("2017", 0), Bar("2018 <", 4)), "Flood & storm")
        tree = ET.fromstring(drawing)
        assert tree.attrib["aria-label"] == "Flood & storm: 2016: 1, 2018 <: 4"
        heights = [float(bar.attrib["height"]) for bar in tree]
        assert heights[2] == sparkline.HEIGHT > heights[0] > heights[1] > 0
        assert "style" not in drawing
        assert not re.search(r"NaN|e-\d", drawing)


class TestFacts:
    """Who a source is, in words."""

    ROW = (
        "harbour-news: {name: Harbour News, aliases: [HNS], home: MZ, scope: Ports., owner: Its readers., reuse: excerpt,"
        " rights: Ask first., feed: https://harbour.example.org/feed.xml, reviewed: 2026-11-01}\n"
    )

    def test_a_profile(self, tmp_path):
        briefing(tmp_path, "one", published="2026-11-01T08:00:00Z")
        briefing(tmp_path, "two", published="2026-11-02T08:00:00Z", lang="fr")
        briefing(tmp_path, "three", published="2026-11-03T08:00:00Z", lang="fr")
        (tmp_path / "sources.yaml").write_text(self.ROW)
        view = facet(tmp_path, "sources/harbour-news/")
        facts = {fact.label: fact.value for fact in view.facts}
        assert facts == {
            "Reports on": "Ports.", "Owned or funded by": "Its readers.", "Based in": "Mozambique",
            "Languages here": "French, English", "Also printed as": "HNS", "Rights": "Ask first.",
            "Reuse": "An excerpt may be reused with credit to the source; the rest is the source’s.",
            "Profile reviewed": "1 November 2026", "Last briefing": "3 November 2026",
        }  # fmt: skip
        assert view.facts[-1].url == "/briefings/three/"
        assert ("Its own feed", "https://harbour.example.org/feed.xml") in [
            (link.label, link.url) for link in view.links
        ]

    def test_facts_stand_on_the_first_page_alone(self, tmp_path):
        for day in range(1, 6):
            briefing(tmp_path, f"d{day}", published=f"2026-11-0{day}T08:00:00Z")
        (tmp_path / "sources.yaml").write_text(self.ROW)
        assert facet(tmp_path, "sources/harbour-news/page/1/").facts == ()

    def test_places_and_countries_have_a_description(self, tmp_path):
        briefing(tmp_path, "one", location=PALU)
        (tmp_path / "places.yaml").write_text("palu-id: {description: A port.}\nid: {description: Islands.}\n")
        assert facet(tmp_path, "places/palu-id/").description == "A port."
        assert facet(tmp_path, "countries/id/").description == "Islands."
