"""The plan of the site: which outputs there are, and what each may look at."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from briefings import check, media, pages, paths, sitemap, state
from briefings.views import Link
from tests.sites import NOW, ROOT, SITE, about, briefing

PALU = "{name: Palu, country: ID, latitude: -0.9, longitude: 119.87}"
BEIRA = "{name: Beira, country: MZ, latitude: -19.84, longitude: 34.84}"


def planned(content, **settings):
    """Plan a content folder; return the outputs by path."""
    checked = check.check(content, replace(SITE, **{"page_size": 2, **settings}), NOW)
    assert checked.errors == ()
    site = replace(SITE, **{"page_size": 2, **settings})
    return {output.path: output for output in pages.plan(checked.library, site, checked.media, (), {})}


def context(content, path, **settings):
    """What one output may look at."""
    return planned(content, **settings)[path].context


def fingerprints(content, **settings):
    """The digest of every output's context by path."""
    return {
        path: state.digest([output.maker, output.name, output.context])
        for path, output in planned(content, **settings).items()
    }


def changed(before, after):
    """The paths that came, went, or would be made anew."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


class TestPlan:
    """Every output has a path of its own, and nothing but plain values to look at."""

    def test_the_same_content_gives_the_same_plan(self, tmp_path):
        for number in range(5):
            briefing(tmp_path, f"b{number}", tags="[flood]", location=PALU, date=f"2018-10-0{number + 1}")
        assert fingerprints(tmp_path) == fingerprints(tmp_path)

    def test_an_empty_folder_is_a_site(self, tmp_path):
        (tmp_path / "briefings").mkdir()
        names = set(planned(tmp_path))
        assert {"index.html", "404.html", "archive/index.html", "feed.atom.xml", "sitemap.xml"} <= names
        assert context(tmp_path, "index.html")["cards"] == ()

    @pytest.mark.parametrize(
        ("one", "two"), [("a/index.html", "A/index.html"), ("caf\u00e9.html", "cafe\u0301.html"), ("x", "x/index.html")]
    )
    def test_two_outputs_may_not_meet(self, one, two):
        (problem,) = paths.disagreements([(one, "the first"), (two, "the second")])
        assert re.search("second.*first", str(problem))

    def test_a_context_holds_values_that_can_be_digested(self, tmp_path):
        briefing(tmp_path, "one", tags="[flood]", location=PALU, date="2018-10-01")
        for output in planned(tmp_path).values():
            assert len(state.digest(output.context)) == 64


class TestBounds:
    """Adding a briefing changes the outputs that show it, and no others."""

    @pytest.fixture
    def shelf(self, tmp_path):
        for number in range(1, 10):
            where, tag = (PALU, "earthquakes") if number % 2 else (BEIRA, "cyclones")
            briefing(
                tmp_path, f"b{number}", f"Report number {number} from the coast.", tags=f"[{tag}]", location=where,
                date=f"2019-03-0{number}", published=f"2026-10-0{number}T08:00:00Z",
            )  # fmt: skip
        return tmp_path

    def test_a_new_briefing_elsewhere(self, shelf):
        before = fingerprints(shelf)
        briefing(
            shelf, "zz", "Sandbags along the quay.", tags="[floods]", date="2020-07-14", published="2026-10-20T08:00:00Z",
            location="{name: Wuhan, country: CN}", source='{name: "Meridian Wire"}',
        )  # fmt: skip
        touched = changed(before, fingerprints(shelf))
        own = {path for path in touched if "zz" in path.split("/")}
        assert own
        for part in ("tags/earthquakes/", "tags/cyclones/", "places/palu-id/", "countries/mz/", "archive/2019/"):
            assert not {path for path in touched if path.startswith(part)}, part
        new_page_and_the_one_that_names_it = ("page/4/", "page/3/")
        assert all(path.startswith(new_page_and_the_one_that_names_it) for path in touched if path.startswith("page/"))
        older = {path for path in touched if path.startswith("briefings/b")}
        assert older <= {f"briefings/b9/{name}" for name in ("index.html",)}, "only the one before it names it"

    def test_numbered_pages_stay(self, shelf):
        before = fingerprints(shelf)
        briefing(shelf, "zz", tags="[cyclones]", location=BEIRA, date="2019-03-20", published="2026-10-20T08:00:00Z")
        touched = changed(before, fingerprints(shelf))
        assert "tags/cyclones/index.html" in touched
        assert not {path for path in touched if path.startswith("tags/cyclones/page/1/")}
        assert not {path for path in touched if path.startswith(("tags/earthquakes/", "page/1/", "page/2/"))}

    def test_an_edit_of_the_prose_changes_no_list(self, shelf):
        before = fingerprints(shelf)
        briefing(
            shelf, "b5", "Other words about it.", tags="[earthquakes]", location=PALU, date="2019-03-05",
            published="2026-10-05T08:00:00Z",
        )  # fmt: skip
        touched = changed(before, fingerprints(shelf))
        assert "briefings/b5/index.html" in touched
        assert not {path for path in touched if path.endswith("/index.html") and not path.startswith("briefings/")}


class TestBriefing:
    """What a briefing's page is given."""

    def page(self, content, slug="one", **settings):
        return context(content, f"briefings/{slug}/index.html", **settings)

    def test_the_strip_leads_to_its_lists(self, tmp_path):
        briefing(tmp_path, "one", location=PALU, date="2018-10-05")
        strip = self.page(tmp_path)["card"].strip
        assert [part.url for part in (strip.place, strip.country, strip.date, strip.source)] == [
            "/places/palu-id/", "/countries/id/", "/archive/2018/10/", "/sources/harbour-news/",
        ]  # fmt: skip
        outputs = planned(tmp_path)
        assert all(f"{url[1:]}index.html" in outputs for url in ("/places/palu-id/", "/archive/2018/10/"))

    def test_the_strip_of_another_language_names_the_country_in_it(self, tmp_path):
        briefing(tmp_path, "one", location='{name: "بيروت", country: LB, latitude: 33.9, longitude: 35.5}', lang="ar")
        briefing(tmp_path, "two", location='{name: "Beirut", country: LB, latitude: 33.9, longitude: 35.5}', lang="ar")
        briefing(tmp_path, "three", location="{name: Köln, country: DE, latitude: 50.9, longitude: 6.9}", lang="fr")
        outputs = planned(tmp_path)
        strips = {
            slug: outputs[f"briefings/{slug}/index.html"].context["card"].strip for slug in ("one", "two", "three")
        }
        arabic = Link("لبنان", "/countries/lb/", lang="ar", dir="rtl")
        assert strips["one"].country == arabic
        assert (strips["one"].place.lang, strips["one"].place.dir) == ("ar", "rtl")
        assert strips["two"].country == Link("Lebanon", "/countries/lb/"), "the place is written in other letters"
        assert strips["three"].country == Link("Allemagne", "/countries/de/", lang="fr", dir="ltr")
        assert outputs["countries/lb/index.html"].context["facet"].label == "Lebanon"
        assert outputs["places/byrwt-lb/index.html"].context["facet"].label == "بيروت, Lebanon"
        assert arabic in [card.strip.country for card in outputs["index.html"].context["cards"]]

    def test_a_country_may_be_named_in_the_language_of_its_briefing(self, tmp_path):
        briefing(tmp_path, "one", location='{name: "لبنان", country: LB}', lang="ar")
        strip = self.page(tmp_path)["card"].strip
        assert (strip.place, strip.country.label) == (None, "لبنان")
        assert not {path for path in planned(tmp_path) if path.startswith("places/lbnan")}

    @pytest.mark.parametrize(
        ("cards", "status", "image"),
        [(True, "published", "https://briefs.example.org/news/briefings/one/card.png"), (False, "published", None),
         (True, "withdrawn", None)],
    )  # fmt: skip
    def test_the_card_stands_for_a_briefing_without_a_picture(self, tmp_path, cards, status, image):
        briefing(tmp_path, "one", status=status, withdrawn_reason="Wrong." if status == "withdrawn" else None)
        head = self.page(tmp_path, image_cards=cards)["head"]
        assert json.loads(head.jsonld).get("image") == image

    def test_its_picture_goes_before_the_card(self, tmp_path):
        about(tmp_path)
        (tmp_path / "images").mkdir()
        (tmp_path / "images/map.png").write_bytes((ROOT / "content/images/cape-town-water-limits.png").read_bytes())
        briefing(tmp_path, "one", image="{file: images/map.png, alt: A map}")
        head = self.page(tmp_path, image_cards=True)["head"]
        assert json.loads(head.jsonld)["image"] == f"{SITE.url}/images/map.png"

    def test_undated_is_said(self, tmp_path):
        briefing(tmp_path, "one")
        page = self.page(tmp_path)
        assert page["undated"]
        assert (page["card"].strip.date.label, page["card"].strip.date.url) == ("undated", "/archive/undated/")

    def test_a_country_alone_is_no_place(self, tmp_path):
        briefing(tmp_path, "one", location="{name: Chad, country: TD}")
        strip = self.page(tmp_path)["card"].strip
        assert (strip.place, strip.country.label) == (None, "Chad")
        assert not {path for path in planned(tmp_path) if path.startswith("places/chad")}

    def test_how_each_field_is_known(self, tmp_path):
        briefing(
            tmp_path, "one", location=PALU, date="2018-10-05",
            evidence='[{field: location, status: inferred, value: "Palu, ID", words: [Palu bay], confidence: "0.81"}, '
            '{field: source, status: stated, value: "Somebody Else", words: [filed for]}]',
        )  # fmt: skip
        known = {line.field: line for line in self.page(tmp_path)["known"]}
        assert (known["location"].status, known["location"].confidence, known["location"].words) == (
            "inferred", 81, ("Palu bay",),
        )  # fmt: skip
        assert known["source"].status == "editor", "an editor wrote another name than the machine found"
        assert known["date"].status == "editor"

    def test_changes_newest_first(self, tmp_path):
        briefing(
            tmp_path, "one", updated="2026-11-05T08:00:00Z",
            changes="[{on: 2026-11-02, kind: minor, note: A}, {on: 2026-11-05, kind: major, note: B}]",
        )  # fmt: skip
        assert [change.note for change in self.page(tmp_path)["changes"]] == ["B", "A"]

    def test_a_former_address_leads_on(self, tmp_path):
        briefing(tmp_path, "one", aliases="[once]")
        output = planned(tmp_path)["briefings/once/index.html"]
        assert (output.name, output.context["target"]) == ("redirect.html", "/briefings/one/")

    def test_neighbours(self, tmp_path):
        for day in (1, 2, 3):
            briefing(tmp_path, f"d{day}", published=f"2026-11-0{day}T08:00:00Z")
        page = self.page(tmp_path, "d2")
        assert (page["older"].url, page["newer"].url) == ("/briefings/d1/", "/briefings/d3/")
        assert self.page(tmp_path, "d3")["newer"] is None

    def test_a_picture_that_is_not_there_keeps_its_words(self, tmp_path):
        briefing(tmp_path, "one", image="{caption: The quay., credit: A. Photographer}")
        picture = self.page(tmp_path)["image"]
        assert (picture.url, picture.caption) == ("", "The quay.")

    def test_drafts_are_not_there(self, tmp_path):
        briefing(tmp_path, "one", status="draft")
        assert not {path for path in planned(tmp_path) if path.startswith("briefings/one/")}
        shown = planned(tmp_path, drafts=True)
        assert shown["briefings/one/index.html"].context["head"].robots == "noindex"
        assert "one" not in repr(shown["feed.atom.xml"].context)


class TestReuse:
    """What a source allows holds on every output that shows its words."""

    WORDS = "The harbour master closed the eastern quay."
    POINT = "Eleven boats are missing."

    def plan(self, content, reuse):
        (content / "briefings").mkdir(exist_ok=True)
        (content / "sources.yaml").write_text(f"harbour-news: {{name: Harbour News, reuse: {reuse}}}\n", "utf-8")
        briefing(content, "one", self.WORDS, key_points=f'["{self.POINT}"]', summary="Boats are missing.")
        return planned(content)

    @pytest.mark.parametrize(("reuse", "points"), [("full", 1), ("excerpt", 1), ("summary", 1), ("link", 0)])
    def test_key_points_of_a_page(self, tmp_path, reuse, points):
        page = self.plan(tmp_path, reuse)["briefings/one/index.html"].context
        assert len(page["points"]) == points
        assert page["source"].reuse == reuse

    def test_search_engines_are_led_to_the_original_only_where_its_rights_ask_for_it(self, tmp_path):
        there = "https://harbour.example.org/1"
        for slug, source in (("told", f"{{name: Harbour News, url: '{there}'}}"), ("bare", "{name: Harbour News}")):
            briefing(tmp_path, slug, source=source)
        for canonical, led in (("here", ""), ("original", there)):
            (tmp_path / "sources.yaml").write_text(f"harbour-news: {{name: Harbour News, canonical: {canonical}}}\n")
            outputs = planned(tmp_path)
            told, bare = (outputs[f"briefings/{slug}/index.html"].context["head"] for slug in ("told", "bare"))
            assert (told.canonical, bare.canonical) == (led, "")
            assert told.url == "/briefings/told/", "its own address stays"
            for name in ("sitemap.xml", "sitemap-news.xml"):
                listed = repr(outputs[name].context)
                assert ("/briefings/told/" not in listed) == bool(led)
                assert "/briefings/bare/" in listed

    def test_withdrawn_shows_a_notice_alone(self, tmp_path):
        reason = "The agency took it back."
        briefing(
            tmp_path, "one", self.WORDS, status="withdrawn", withdrawn_reason=f'"{reason}"',
            key_points=f'["{self.POINT}"]',
        )  # fmt: skip
        outputs = planned(tmp_path)
        page = outputs["briefings/one/index.html"].context
        assert (page["withdrawn"], page["prose"], page["points"]) == (reason, None, ())
        assert page["head"].robots == "noindex"
        assert "briefings/one/" not in repr(outputs["sitemap.xml"].context)
        for path, output in outputs.items():
            assert self.POINT not in repr(output.context), path


def test_more_pages_than_a_sitemap_may_hold(tmp_path, monkeypatch):
    for number in range(4):
        briefing(tmp_path, f"b{number}", published=f"202{5 + number // 2}-01-0{number + 1}T08:00:00Z")
    whole = planned(tmp_path)["sitemap.xml"].context["rows"]
    monkeypatch.setattr(sitemap, "URLS", 10)
    outputs = planned(tmp_path)
    index = outputs["sitemap.xml"]
    assert index.name == "index"
    parts = [outputs[url.removeprefix(f"{SITE.url}/")].context["rows"] for url, _ in index.context["rows"]]
    assert sorted(row for part in parts for row in part) == sorted(whole)
    assert max(map(len, parts)) <= 10
    assert dict(index.context["rows"])[f"{SITE.url}/sitemap-2025.xml"] == "2025-01-02T08:00:00Z"
    before = fingerprints(tmp_path)
    briefing(tmp_path, "later", published="2026-05-01T08:00:00Z")
    touched = changed(before, fingerprints(tmp_path))
    assert "sitemap-2026.xml" in touched
    assert "sitemap-2025.xml" not in touched


@pytest.mark.parametrize("name", [b"caf\xe9.gif", b"a\tb.gif", b"a\nb.gif", "a\u2028b.gif".encode(), b"a\xc2\x85b.gif"])
def test_a_picture_whose_name_nothing_can_hold_is_told_of(tmp_path, name):
    (tmp_path / "images").mkdir()
    for one in (os.fsdecode(name), "Écran à 3.04\u202fPM.gif"):
        (tmp_path / "images" / one).write_bytes(b"GIF89a\1\0\1\0\0\0\0")
    found, (wrong,) = media.scan(tmp_path)
    assert list(found) == ["images/Écran à 3.04\u202fPM.gif"]
    assert str(wrong).isprintable()
    assert "its name" in str(wrong)


def test_pictures_are_copied_by_their_hash(tmp_path):
    about(tmp_path)
    picture = Path(__file__).parent.parent / "content/images/cape-town-water-limits.png"
    (tmp_path / "images").mkdir()
    (tmp_path / "images/map.png").write_bytes(picture.read_bytes())
    (tmp_path / "briefings").mkdir()
    output = planned(tmp_path)["images/map.png"]
    found, _ = media.scan(tmp_path)
    assert (output.maker, output.context["sha256"]) == ("copy", found["images/map.png"].sha256)
