"""Prose: what becomes of Markdown, where links lead, and what would be lost."""

from __future__ import annotations

import re

import pytest

from briefings import headings, prose
from briefings.media import Media
from tests.sites import SITE

PICTURE = Media("images/a.png", "image/png", 1000, "0" * 64, 640, 480)
LINKS = prose.Links(SITE, {"briefings/2026/b.md": "/briefings/bb/"}, {"images/a.png": PICTURE})


def render(text, whole=False):
    return prose.render(text, "briefings/2026/a.md", "/briefings/a/", LINKS, whole=whole)


@pytest.mark.parametrize(
    ("written", "page", "feed"),
    [
        ("[x](b.md)", "/news/briefings/bb/", "https://briefs.example.org/news/briefings/bb/"),
        ("[x](../2026/b.md#end)", "/news/briefings/bb/#p-end", "https://briefs.example.org/news/briefings/bb/#p-end"),
        (
            "[x](b.md#how-we-know)",
            "/news/briefings/bb/#how-we-know",
            "https://briefs.example.org/news/briefings/bb/#how-we-know",
        ),
        ("[x](/briefings/bb/#end)", "/news/briefings/bb/#p-end", "https://briefs.example.org/news/briefings/bb/#p-end"),
        ("[x](/map/)", "/news/map/", "https://briefs.example.org/news/map/"),
        ("## Part\n\n[x](#part)", "/news/briefings/a/#p-part", "https://briefs.example.org/news/briefings/a/#p-part"),
        ("## Part\n\n[x](#p-part)", "/news/briefings/a/#p-part", "https://briefs.example.org/news/briefings/a/#p-part"),
        (
            "[x](#what-changed)",
            "/news/briefings/a/#what-changed",
            "https://briefs.example.org/news/briefings/a/#what-changed",
        ),
        ("[x](https://a.org/?b=1&c=2)", "https://a.org/?b=1&amp;c=2", "https://a.org/?b=1&amp;c=2"),
        ("[x](mailto:desk@example.org)", "mailto:desk@example.org", "mailto:desk@example.org"),
        ("![x](images/a.png)", "/news/images/a.png", "https://briefs.example.org/news/images/a.png"),
        ("![x](../../images/a.png)", "/news/images/a.png", "https://briefs.example.org/news/images/a.png"),
    ],
)
def test_addresses(written, page, feed):
    for whole, expected in ((False, page), (True, feed)):
        rendered = render(written, whole)
        assert not rendered.wrong
        assert re.search(r'(?:href|src)="([^"]*)"', rendered.html)[1] == expected


def test_a_link_within_the_site_has_its_whole_address_for_paper():
    assert 'data-whole="https://briefs.example.org/news/map/"' in render("[x](/map/)").html
    assert "data-whole" not in render("[x](/map/)", whole=True).html
    assert "data-whole" not in render("[x](https://a.org/)").html


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[x](other.md)", 'the link "other.md" leads to no published briefing'),
        ("[x](foo/bar)", 'the link "foo/bar" leads nowhere (write a whole address, /path/ or ../2026/other.md)'),
        ("## Party\n\n[x](#part)", 'the link "#part" leads to no heading here (did you mean "p-party"?)'),
        ("[x](#)", 'the link "#" leads to no heading here'),
        ("[x](ftp://a.org/b)", 'the link "ftp://a.org/b" is not http, https or mailto'),
        (
            "![x](https://a.org/b.png)",
            'the picture "https://a.org/b.png" is on another host (put the file into content/images/)',
        ),
        ("![x](images/none.png)", 'no picture "images/none.png" in content/ (write images/name.jpg)'),
        ("Words.\n\n[a]: https://a.org", "the link definition [a] is never used, so it would not be shown"),
        (
            "[a]\n\n[a]: https://a.org\n[a]: https://b.org",
            "a link definition of this name stands above, so this one would not be shown",
        ),
        ("> " * 120 + "deep", "nested too deep; what is inside would be lost"),
    ],
)
def test_what_would_be_lost_or_lead_nowhere_is_said(written, said):
    assert said in [what for _, what in render(written).wrong]


def test_the_line_is_that_of_the_prose():
    assert render("One.\n\nTwo.\n\n[x](other.md)").wrong[0][0] == 5


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        '<svg onload="alert(1)">',
        "<iframe src=//evil.example></iframe>",
        "[a]: javascript:alert(1)\n\n[a]",
        "`<b onclick=x>`",
        "# T {onclick=alert(1)}",
    ],
)
def test_nothing_in_prose_runs(hostile):
    html = render(hostile).html
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(r"\son\w+=|javascript:|data:|<(script|iframe|svg|style)", tag, re.IGNORECASE)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## A\n\n### B\n\n## C", "h2 h3 h2"),
        ("# A\n\n## B", "h2 h3"),
        ("### A\n\n### B", "h2 h2"),
        ("## A\n\n# B", "h2 h2"),
        ("# A\n\n### B\n\n### C\n\n## D", "h2 h3 h3 h3"),
        ("## A\n\n###### B\n\n> # C", "h2 h3 h2"),
    ],
)
def test_headings_stand_below_the_title_of_the_page_without_a_gap(written, shown):
    assert " ".join(re.findall(r"<(h\d)", render(written).html)) == shown


def test_every_heading_has_an_id_of_its_own_that_is_made_of_its_words():
    html = render("## What *is* known\n\n## What is known\n\n### …\n\n## Où `x` ?").html
    assert re.findall(r'<h\d id="([^"]*)"', html) == ["p-what-is-known", "p-what-is-known-2", "p-untitled", "p-ou-x"]
    assert not {f"{headings.PREFIX}x", *re.findall(r'id="([^"]*)"', html)} & prose.PARTS


def test_links_from_the_root_are_told_of():
    assert render("One.\n\n[x](/tags/fire/) [y](https://a.org/) ![z](/images/a.png)").rooted == ((3, "/tags/fire/"),)


def test_a_wide_table_scrolls_on_a_page_and_is_plain_in_a_feed():
    table = "| a | b |\n| --- | --: |\n| 1 | 2 |"
    assert '<div class="table" tabindex="0"><table>' in render(table).html
    assert '<td class="right">2</td>' in render(table).html
    assert "<div" not in render(table, whole=True).html


@pytest.mark.parametrize(
    "text",
    [
        "One.",
        "[x](https://a.org/?b=1&c=2)",
        '[x](http://a.org "y") and [z](mailto:desk@example.org)',
        "<https://a.org/é> <desk@example.org>",
        "[x](b.md)",
        "[x](/map/)",
        '[x](/map/ "https://a.org")',
        "[x](HTTPS://a.org/) [y](b.md)",
        "## Part\n\n[x](#part)",
        "![x](images/a.png)",
        "| a |\n| --- |\n| 1 |",
        "`<a ` and \\<a href",
    ],
)
def test_what_is_told_to_be_the_same_in_feeds_is(text):
    page, feed = render(text).html, render(text, whole=True).html
    assert prose.differs(page) == (page != feed) or page == feed


def test_links_to_the_web_are_the_same_in_feeds():
    assert not prose.differs(render("[x](https://a.org/) <desk@example.org>").html)


def test_a_picture_has_its_size_and_must_be_described():
    assert 'width="640"' in render("![what it shows](images/a.png)").html
    assert [what for _, what in render("![](images/a.png)").wrong] == [
        "!a picture without a description (write ![what it shows](images/…))"
    ]


def test_plain_text_for_the_search_index():
    assert prose.words(render("**Two** words &amp; *more*,\n\n- one\n- item").html) == "Two words & more, one item"


def test_templates_in_prose_are_words():
    assert "{{ 1234*4321 }}" in render("{{ 1234*4321 }}").html
