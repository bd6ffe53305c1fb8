"""Former and short addresses lead on, on any host."""

from __future__ import annotations

from datetime import UTC, datetime

from briefings.model import Briefing
from briefings.shorts import codes
from tests.sites import briefing
from tests.test_pages import PALU, planned


def target(outputs, path):
    """Where a redirect page leads."""
    assert outputs[path].name == "redirect.html"
    return outputs[path].context["target"]


def test_a_short_address_is_the_beginning_of_the_id(tmp_path):
    briefing(tmp_path, "one", id='"0a1b2c3d-0000-4000-8000-000000000001"')
    outputs = planned(tmp_path)
    assert target(outputs, "b/0a1b2c3d/index.html") == "/briefings/one/"
    assert "/b/0a1b2c3d/" not in repr(outputs["sitemap.xml"].context)


def test_the_later_of_two_that_begin_alike_takes_more_digits():
    def one(identity):
        return Briefing("p", identity, "t", "s", "published")

    first, second, third = (
        one("0a1b2c3d-1000-4000-8000-000000000001"),
        one("0a1b2c3d-1f00-4000-8000-000000000002"),
        one("0a1b2c3d-2000-4000-8000-000000000003"),
    )
    moments = {
        entry.id: datetime(2026, 1, day, tzinfo=UTC) for day, entry in enumerate((first, second, third), start=1)
    }
    assert codes([third, first, second], moments) == {
        first.id: "0a1b2c3d", second.id: "0a1b2c3d1", third.id: "0a1b2c3d2",
    }  # fmt: skip


def test_renamed_lists_lead_on(tmp_path):
    (tmp_path / "tags.yaml").write_text("conflict: {label: Conflict, aliases: [Civil war, Conflict]}\n")
    (tmp_path / "sources.yaml").write_text("harbour-news: {name: Harbour News, aliases: [HNS]}\n")
    (tmp_path / "stories.yaml").write_text("palu-2018: {title: Palu, aliases: [palu]}\n")
    (tmp_path / "places.yaml").write_text("palu-id: {description: A port., aliases: [paloe-id]}\nid: {aliases: [ri]}\n")
    briefing(tmp_path, "one", tags="[conflict]", location=PALU, story="palu-2018")
    outputs = planned(tmp_path)
    assert target(outputs, "tags/civil-war/index.html") == "/tags/conflict/"
    assert target(outputs, "sources/hns/index.html") == "/sources/harbour-news/"
    assert target(outputs, "stories/palu/index.html") == "/stories/palu-2018/"
    assert target(outputs, "places/paloe-id/index.html") == "/places/palu-id/"
    assert target(outputs, "countries/ri/index.html") == "/countries/id/"
    assert outputs["tags/conflict/index.html"].name == "list.html"


def test_an_alias_that_has_a_list_of_its_own_is_left_alone(tmp_path):
    briefing(tmp_path, "one", location=PALU)
    briefing(tmp_path, "two", location="{name: Beira, country: MZ, latitude: -19.84, longitude: 34.84}")
    (tmp_path / "places.yaml").write_text("palu-id: {aliases: [beira-mz]}\n")
    assert planned(tmp_path)["places/beira-mz/index.html"].name == "list.html"


def test_one_file_has_them_all_for_hosts_that_read_it(tmp_path):
    (tmp_path / "tags.yaml").write_text("conflict: {label: Conflict, aliases: [war]}\n")
    briefing(tmp_path, "one", id='"0a1b2c3d-0000-4000-8000-000000000001"', aliases="[once]", tags="[war]")
    assert planned(tmp_path)["_redirects"].context["text"].splitlines() == [
        "/news/briefings/once/ /news/briefings/one/ 301",
        "/news/tags/war/ /news/tags/conflict/ 301",
        "/news/tags/war/feed.rss.xml /news/tags/conflict/feed.rss.xml 301",
        "/news/tags/war/feed.atom.xml /news/tags/conflict/feed.atom.xml 301",
        "/news/tags/war/feed.json /news/tags/conflict/feed.json 301",
        "/news/b/0a1b2c3d/ /news/briefings/one/ 301",
    ]
