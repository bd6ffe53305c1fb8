"""Regions between places and countries, and places that are spelled in several ways."""

from __future__ import annotations

import json

import pytest

from briefings import library
from briefings.find import gazetteer
from briefings.model import Place
from tests.sites import NOW, SITE, briefing
from tests.test_around import facet
from tests.test_pages import PALU, planned

POSO = "{name: Poso, country: ID, latitude: -1.4, longitude: 120.75, region: Sulawesi Tengah}"
PALU_THERE = "{name: Palu, country: ID, latitude: -0.9, longitude: 119.87, region: Sulawesi Tengah}"
ALEPPO = "{name: Aleppo, country: SY, latitude: 36.2, longitude: 37.16, geonames: 170063}"
ALEP = ALEPPO.replace("Aleppo", "Alep")
HALAB = ALEPPO.replace("Aleppo", "حلب")


def problems(content):
    """What is wrong, without where."""
    return [(one.file.rpartition("/")[2], one.severity, one.what) for one in library.load(content, SITE, NOW)[1]]


def labels(links):
    """Labels and addresses of links."""
    return [(link.label, link.url) for link in links]


class TestRegions:
    """A list between city and country, for briefings whose region is known."""

    def test_each_leads_to_the_others(self, tmp_path):
        briefing(tmp_path, "one", location=PALU_THERE)
        briefing(tmp_path, "two", location=POSO)
        briefing(tmp_path, "three", location="{name: Jakarta, country: ID, latitude: -6.2, longitude: 106.8}")
        place = facet(tmp_path, "places/palu-id/")
        region = facet(tmp_path, "regions/sulawesi-tengah-id/")
        country = facet(tmp_path, "countries/id/")
        assert labels(place.up) == [
            ("Indonesia", "/countries/id/"),
            ("Sulawesi Tengah", "/regions/sulawesi-tengah-id/"),
        ]
        assert (region.label, region.count, region.kind_label) == ("Sulawesi Tengah, Indonesia", 2, "Region")
        assert labels(region.up) == [("Indonesia", "/countries/id/")]
        ((title, places),) = region.down
        assert (title, labels(places)) == ("Places", [("Palu", "/places/palu-id/"), ("Poso", "/places/poso-id/")])
        assert [(title, [link.label for link in links]) for title, links in country.down] == [
            ("Regions", ["Sulawesi Tengah"]), ("Places", ["Jakarta", "Palu", "Poso"]),
        ]  # fmt: skip
        assert len(region.points) == 2
        assert [feed.url for feed in region.feeds] == [
            f"/regions/sulawesi-tengah-id/feed{suffix}" for suffix in (".rss.xml", ".atom.xml", ".json")
        ]
        assert region.data == "/regions/sulawesi-tengah-id/index.json"

    def test_nothing_is_invented(self, tmp_path):
        briefing(tmp_path, "one", location=PALU)
        assert labels(facet(tmp_path, "places/palu-id/").up) == [("Indonesia", "/countries/id/")]
        assert [path for path in planned(tmp_path) if path.startswith("regions/")] == ["regions/index.json"]

    def test_a_place_says_it_for_all_its_briefings(self, tmp_path):
        briefing(tmp_path, "one", location=PALU)
        (tmp_path / "places.yaml").write_text("palu-id: {region: Sulawesi Tengah}\n")
        assert facet(tmp_path, "regions/sulawesi-tengah-id/").count == 1
        document = planned(tmp_path)["briefings/one/index.json"].context["data"]
        assert document["location"]["region"] == "Sulawesi Tengah"

    def test_spellings_are_joined_under_one_name(self, tmp_path):
        briefing(tmp_path, "one", location=PALU_THERE)
        briefing(tmp_path, "two", location=POSO.replace("Sulawesi Tengah", "Central Sulawesi"))
        (tmp_path / "regions.yaml").write_text(
            "central-sulawesi-id: {name: Central Sulawesi, description: Four coasts., aliases: [sulawesi-tengah-id]}\n"
        )
        region = facet(tmp_path, "regions/central-sulawesi-id/")
        assert (region.label, region.count, region.description) == ("Central Sulawesi, Indonesia", 2, "Four coasts.")
        assert planned(tmp_path)["regions/sulawesi-tengah-id/index.html"].name == "redirect.html"

    def test_a_site_without_them(self, tmp_path):
        briefing(tmp_path, "one", location=PALU_THERE)
        outputs = planned(tmp_path, leave_out=("regions",))
        assert not [path for path in outputs if path.startswith("regions")]
        view = outputs["places/palu-id/index.html"].context["facet"]
        assert labels(view.up) == [("Indonesia", "/countries/id/")]

    def test_one_place_in_two_regions(self, tmp_path):
        briefing(tmp_path, "one", location=PALU_THERE)
        briefing(tmp_path, "two", location=PALU_THERE.replace("Tengah", "Barat"))
        assert problems(tmp_path) == [(
            "two.md", "warning",
            ('"Palu" lies in the region "Sulawesi Barat" here and in "Sulawesi Tengah" in briefings/2026/one.md (write the '
            "same, or join the two in regions.yaml: sulawesi-tengah-id: {aliases: [sulawesi-barat-id]})"),
        )]  # fmt: skip

    def test_a_region_that_the_country_does_not_have(self, tmp_path):
        briefing(tmp_path, "one", location=PALU_THERE.replace("Tengah", "Tenga"))
        briefing(tmp_path, "two", location=POSO.replace("Sulawesi Tengah", "Central Sulawesi"))
        assert problems(tmp_path) == [(
            "one.md", "warning", 'no region "Sulawesi Tenga" of ID is known (did you mean "Sulawesi Tengah"?)'
        )]  # fmt: skip


class TestGazetteer:
    """Where the region of a place comes from at ingest."""

    @pytest.mark.parametrize(
        ("name", "country", "region"),
        [("Palu", "ID", "Sulawesi Tengah"), ("Goma", "CD", "Nord-Kivu"), ("Paiporta", "ES", "Comunidad Valenciana")],
    )
    def test_the_region_of_a_place(self, name, country, region):
        assert gazetteer.region(gazetteer.lookup(name, country)[0]) == region

    def test_a_place_without_an_id_has_none(self):
        assert gazetteer.region(Place("Palu", "ID", -0.9, 119.87)) == ""
        assert gazetteer.region(Place("Nowhere at all", "ID", -0.9, 119.87, 1)) == ""

    def test_names_of_regions(self):
        assert gazetteer.is_region("Central Sulawesi", "ID")
        assert not gazetteer.is_region("Central Sulawesi", "MY")
        assert "Lazio" in gazetteer.regions("IT")


class TestSpellings:
    """One place under several names."""

    def test_two_lists_of_one_place(self, tmp_path):
        briefing(tmp_path, "one", location=ALEPPO)
        briefing(tmp_path, "two", location=ALEPPO)
        briefing(tmp_path, "three", location=ALEP)
        assert problems(tmp_path) == [(
            "three.md", "warning",
            ("GeoNames 170063 has the list alep-sy here and aleppo-sy in briefings/2026/one.md "
            "(join them in places.yaml: aleppo-sy: {aliases: [alep-sy]})"),
        )]  # fmt: skip

    def test_one_of_them_has_the_wrong_country(self, tmp_path):
        briefing(tmp_path, "one", location=ALEPPO)
        briefing(tmp_path, "two", location=ALEPPO.replace("SY", "TR"))
        assert "(one of them has the wrong country)" in problems(tmp_path)[0][2]

    @pytest.mark.parametrize("name", ["", "name: Aleppo, "])
    def test_joined(self, tmp_path, name):
        briefing(tmp_path, "one", location=ALEP)
        briefing(tmp_path, "two", location=ALEPPO)
        briefing(tmp_path, "three", location=HALAB)
        (tmp_path / "places.yaml").write_text(f"aleppo-sy: {{{name}aliases: [alep-sy, hlb-sy]}}\n")
        assert problems(tmp_path) == []
        outputs = planned(tmp_path)
        view = outputs["places/aleppo-sy/index.html"].context["facet"]
        assert (view.label, view.count) == ("Aleppo, Syria", 3)
        assert len(view.points) == 1
        assert outputs["places/alep-sy/index.html"].context["target"] == "/places/aleppo-sy/"
        strip = outputs["briefings/one/index.html"].context["card"].strip
        assert labels([strip.place]) == [("Alep", "/places/aleppo-sy/")]

    def test_the_address_stays_when_briefings_go(self, tmp_path):
        briefing(tmp_path, "one", location=ALEP)
        (tmp_path / "places.yaml").write_text("aleppo-sy: {name: Aleppo, aliases: [alep-sy]}\n")
        assert facet(tmp_path, "places/aleppo-sy/").label == "Aleppo, Syria"

    def test_no_row_moves_a_place_to_another_country(self, tmp_path):
        briefing(tmp_path, "one", location=ALEPPO)
        (tmp_path / "places.yaml").write_text("palu-id: {aliases: [aleppo-sy]}\n")
        assert facet(tmp_path, "places/aleppo-sy/").count == 1


def test_documents_of_regions(tmp_path):
    briefing(tmp_path, "one", location=PALU_THERE)
    context = planned(tmp_path)["regions/sulawesi-tengah-id/index.json"].context
    assert "Sulawesi Tengah, Indonesia" in json.dumps(context, default=str)
