"""The lists: what each kind shows around its cards, and the indexes."""

from __future__ import annotations

import pytest

from briefings import lists
from tests.sites import briefing
from tests.test_pages import BEIRA, PALU, context, planned


def facet(content, path):
    """What a list page says of its list."""
    return context(content, f"{path}index.html")["facet"]


def labels(links):
    return [link.label for link in links]


def test_a_tag_has_its_description_and_feeds(tmp_path):
    briefing(tmp_path, "one", tags="[war]")
    (tmp_path / "tags.yaml").write_text("conflict: {label: Armed conflict, aliases: [war], description: Fighting.}\n")
    view = facet(tmp_path, "tags/conflict/")
    assert (view.label, view.kind_label, view.description, view.count) == ("Armed conflict", "Topic", "Fighting.", 1)
    assert [feed.url for feed in view.feeds] == [
        "/tags/conflict/feed.rss.xml", "/tags/conflict/feed.atom.xml", "/tags/conflict/feed.json",
    ]  # fmt: skip
    outputs = planned(tmp_path)
    assert all(feed.url[1:] in outputs for feed in view.feeds)


def test_place_and_country_lead_to_each_other(tmp_path):
    briefing(tmp_path, "one", location=PALU)
    briefing(tmp_path, "two", location=PALU)
    briefing(tmp_path, "three", location=BEIRA)
    place, country = facet(tmp_path, "places/palu-id/"), facet(tmp_path, "countries/id/")
    assert [(link.label, link.url) for link in place.up] == [("Indonesia", "/countries/id/")]
    ((title, places),) = country.down
    assert (title, [(link.label, link.url, link.count) for link in places]) == (
        "Places",
        [("Palu", "/places/palu-id/", 2)],
    )
    assert [(point.label, point.count) for point in country.points] == [("Palu, Indonesia", 2)]


def test_a_source_has_its_profile_and_successor(tmp_path):
    briefing(tmp_path, "one")
    (tmp_path / "sources.yaml").write_text(
        "harbour-news: {name: Harbour News, homepage: https://harbour.example.org/, profile: Ports and coasts.,"
        " successor: Quay Wire}\nquay-wire: {name: Quay Wire}\n"
    )
    view = facet(tmp_path, "sources/harbour-news/")
    assert "Ports and coasts." in view.description
    assert ("Homepage", "https://harbour.example.org/") in [(link.label, link.url) for link in view.links]
    heir = next(link for link in view.links if "Quay Wire" in link.label)
    assert heir.url == "", "it has no list yet: nothing to lead to"
    briefing(tmp_path, "two", source='{name: "Quay Wire"}')
    heir = next(link for link in facet(tmp_path, "sources/harbour-news/").links if "Quay Wire" in link.label)
    assert heir.url == "/sources/quay-wire/"


def test_years_hold_months_and_the_undated_stand_apart(tmp_path):
    briefing(tmp_path, "one", date="2018-10-05")
    briefing(tmp_path, "two", date="2018-09-28")
    briefing(tmp_path, "three", date="2018")
    briefing(tmp_path, "four")
    year = facet(tmp_path, "archive/2018/")
    ((title, months),) = year.down
    assert (year.count, title, labels(months)) == (3, "Months", ["September 2018", "October 2018"])
    assert labels(facet(tmp_path, "archive/2018/10/").up) == ["2018"]
    assert "no date" in facet(tmp_path, "archive/undated/").description
    archive = context(tmp_path, "archive/index.html")
    assert [(term.label, labels(term.children)) for term in archive["years"]] == [("2018", ["September", "October"])]
    assert (archive["undated"].count, archive["total"]) == (1, 4)


def test_a_list_is_newest_first_and_its_first_page_never_looks_empty(tmp_path):
    for day in range(1, 8):
        briefing(tmp_path, f"d{day}", tags="[flood]", published=f"2026-11-0{day}T08:00:00Z")
    outputs = planned(tmp_path)
    shown = {
        path: [card.url.split("/")[2] for card in output.context["cards"]]
        for path, output in outputs.items()
        if path.startswith("tags/flood/") and output.name == "list.html"
    }
    assert shown == {
        "tags/flood/index.html": ["d7", "d6", "d5"],
        "tags/flood/page/2/index.html": ["d4", "d3"],
        "tags/flood/page/1/index.html": ["d2", "d1"],
    }
    second = outputs["tags/flood/page/2/index.html"].context
    assert (second["facet"].count, second["facet"].points) == (0, ()), "what changes with the list is on page one alone"


def test_an_index_is_sorted_as_readers_look_things_up(tmp_path):
    for number, place in enumerate(
        ("Juba, country: SS", "Jérémie, country: HT", "Kigali, country: RW", "Åre, country: SE")
    ):
        briefing(tmp_path, f"b{number}", location=f"{{name: {place}}}")
    terms = context(tmp_path, "places/index.html")["terms"]
    assert [term.label.partition(",")[0] for term in terms] == ["Åre", "Jérémie", "Juba", "Kigali"]


@pytest.mark.parametrize("kind", ["tags", "places", "countries", "sources"])
def test_an_index_has_every_term_with_its_letter(tmp_path, kind):
    briefing(tmp_path, "one", tags="[flood]", location=PALU)
    briefing(tmp_path, "two", tags="[\u00e9boulement]", location=BEIRA, source='{name: "\u00c9clair"}')
    terms = context(tmp_path, f"{kind}/index.html")["terms"]
    assert len(terms) == 2
    assert all(term.count == 1 and f"{term.url[1:]}index.html" in planned(tmp_path) for term in terms)
    assert {term.letter for term in terms} == {
        "tags": {"F", "E"}, "places": {"B", "P"}, "countries": {"I", "M"}, "sources": {"E", "H"},
    }[kind]  # fmt: skip


def test_search_offers_every_list(tmp_path):
    briefing(tmp_path, "one", tags="[flood]", location=PALU, date="2018-10-05")
    filters = context(tmp_path, "search/index.html")["filters"]
    assert {name: labels(options) for _, _, _, name, options in filters} == {
        "place": ["Palu, Indonesia"], "country": ["Indonesia"], "tag": ["Flood"], "source": ["Harbour News"],
        "year": ["2018"],
    }  # fmt: skip


def test_a_long_index_has_pages_named_by_both_ends(tmp_path, monkeypatch):
    """In the order of letters, whatever accents they bear; the addresses of the first page and its map stay."""
    briefing(tmp_path, "one", tags="[zeal, Ärger, bravery, action, courage]", location=PALU)
    monkeypatch.setattr(lists, "INDEXED", 2)
    outputs = planned(tmp_path)
    pages = [outputs[f"tags/{path}index.html"].context for path in ("", "page/2/", "page/3/")]
    assert [labels(page["terms"]) for page in pages] == [["Action", "Ärger"], ["Bravery", "Courage"], ["Zeal"]]
    assert [page["title"] for page in pages] == ["Topics", "Topics, Bra–Cou", "Topics, Zea–Zea"]
    assert {page["pager"].pages for page in pages} == {pages[0]["pager"].pages}
    assert [(link.label, link.url) for link in pages[0]["pager"].pages] == [
        ("Act–Ärg", "/tags/"), ("Bra–Cou", "/tags/page/2/"), ("Zea–Zea", "/tags/page/3/"),
    ]  # fmt: skip
    assert "tags/page/4/index.html" not in outputs


def test_a_short_index_is_one_page(tmp_path):
    briefing(tmp_path, "one", tags="[zeal]", location=PALU)
    assert len(context(tmp_path, "tags/index.html")["pager"].pages) == 1
    assert context(tmp_path, "places/index.html")["points"]
