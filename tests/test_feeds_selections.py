"""Lists that editors define in ``feeds.yaml``: each is a page and a feed like any other."""

from __future__ import annotations

from textwrap import dedent

import feedparser
import pytest
from sites import NOW, SITE, about, briefing, settings

from briefings import check, plugin

ID = "7d0f6a1e-52a5-4f0e-9c77-0d9f6c0b1a11"
OTHER = "7d0f6a1e-52a5-4f0e-9c77-0d9f6c0b1a12"

BRIEFINGS = {
    "flood-in-beira": {"tags": '["flood"]', "location": "{name: Beira, country: MZ}"},
    "flood-in-suva": {"tags": '["flood"]', "location": "{name: Suva, country: FJ, region: Central}"},
    "cholera-in-beira": {"title": '"Cholera cases rise"', "location": "{name: Beira, country: MZ}"},
    "trams": {"source": '{name: "Fjordposten"}'},
}


def site(folder, text):
    content = folder / "content"
    about(content)
    for slug, fields in BRIEFINGS.items():
        briefing(content, slug, **fields)
    (content / "feeds.yaml").write_text(dedent(text), "utf-8")
    return content


def held(folder, criteria):
    content = site(folder, f'chosen:\n  id: "{ID}"\n  title: Chosen\n' + criteria)
    checked = check.check(content, SITE, NOW)
    assert not checked.errors
    return sorted(one.slug for one in checked.library.facets["selection"]["chosen"].briefings)


@pytest.mark.parametrize(
    ("criteria", "slugs"),
    [
        ("  tags: [flood]\n", ["flood-in-beira", "flood-in-suva"]),
        ("  tags: [flood]\n  countries: [MZ]\n", ["flood-in-beira"]),
        ("  tags: [flood]\n  countries: [MZ]\n  match: any\n", ["cholera-in-beira", "flood-in-beira", "flood-in-suva"]),
        ("  places: [beira]\n  words: [CHOLERA, measles]\n", ["cholera-in-beira"]),
        ('  places: ["Beira, MZ", "Suva"]\n', ["cholera-in-beira", "flood-in-beira", "flood-in-suva"]),
        ("  regions: [Central]\n", ["flood-in-suva"]),
        ("  regions: [central-fj]\n", ["flood-in-suva"]),
        ('  regions: ["Central, FJ"]\n  tags: [flood]\n', ["flood-in-suva"]),
        ("  regions: [Sofala]\n", []),
        ("  sources: [Fjordposten]\n", ["trams"]),
        ("  words: [title of trams]\n", ["trams"]),
        ("  words: [tram]\n", []),
        ("  words: [tram*]\n", ["trams"]),
    ],
)
def test_what_a_selection_holds(tmp_path, criteria, slugs):
    assert held(tmp_path, criteria) == slugs


def complaints(folder, text):
    return [str(problem) for problem in check.check(site(folder, text), SITE, NOW).problems]


def test_what_is_wrong_is_said_with_its_line(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "tags.yaml").write_text("flood: {label: Floods}\n", "utf-8")
    said = complaints(
        tmp_path,
        f"""\
        one:
          id: "{ID}"
          title: One
          tags:
            - flod
        two:
          title: Two
          words: [rain]
        three:
          id: "{OTHER}"
          title: Three
        four:
          id: "{OTHER}"
          title: Four
          countries: [XX]
        five:
          id: "{OTHER}"
          title: Five
          words: [rain]
          colour: red
        six:
          id: "{OTHER}"
          title: Six
          words: [snow]
        seven:
          id: "{OTHER}"
          title: Seven
          words: [snow]
        """,
    )
    assert said == [
        'feeds.yaml:5: one: tags: unknown tag "flod" (did you mean "flood"?)',
        "feeds.yaml:7: two: id is missing (make one, once: python3 -c 'import uuid; print(uuid.uuid4())')",
        "feeds.yaml:10: three: chooses nothing (name tags, places, regions, countries, sources or words)",
        'feeds.yaml:15: four: countries: no country has the code "XX" (ISO 3166-1 alpha-2)',
        'feeds.yaml:20: five: unknown key "colour"',
        "feeds.yaml:21: warning: six: holds no briefing yet (are its words as the briefings write them?)",
        "feeds.yaml:26: seven: id: the same as that of six (a copied feed needs its own)",
    ]


def test_a_selection_has_a_page_and_feeds_that_are_listed(tmp_path):
    site(
        tmp_path,
        f"""\
        southern-floods:
          id: "{ID}"
          title: Floods & more
          description: Water where it should not be.
          tags: [flood]
        empty:
          id: "{OTHER}"
          title: Nothing yet
          words: [volcano]
        """,
    )
    plugin.run(settings(tmp_path))
    output = tmp_path / "output"
    parsed = feedparser.parse((output / "selections/southern-floods/feed.atom.xml").read_bytes())
    assert parsed.feed.id == f"urn:uuid:{ID}"
    assert parsed.feed.title == "Floods & more · Test site"
    assert parsed.feed.subtitle == "Water where it should not be."
    assert len(parsed.entries) == 2
    assert not feedparser.parse((output / "selections/empty/feed.rss.xml").read_bytes()).entries
    page = (output / "selections/southern-floods/index.html").read_text("utf-8")
    assert "Water where it should not be." in page
    for name in ("selections/index.html", "feeds/index.html"):
        assert "/selections/southern-floods/" in (output / name).read_text("utf-8")
    assert "/selections/southern-floods/feed.atom.xml" in (output / "feeds/briefings.opml").read_text("utf-8")


def test_without_the_table_there_is_no_page_of_selections(tmp_path):
    content = tmp_path / "content"
    about(content)
    briefing(content, "trams")
    plugin.run(settings(tmp_path))
    assert not (tmp_path / "output" / "selections" / "index.html").exists()
