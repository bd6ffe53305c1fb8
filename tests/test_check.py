"""What check says of the content as a whole: plain pages, and what links to what cannot be published."""

from __future__ import annotations

import pytest

from briefings import prose
from briefings.check import check
from tests.sites import NOW, SITE, about, briefing


def said(content):
    return [str(problem) for problem in check(content, SITE, NOW).problems]


def page(content, name, slug):
    path = content / "pages" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: A page\nslug: {slug}\n---\n\nWords.\n", "utf-8")


def test_what_is_no_page_is_said(tmp_path):
    about(tmp_path)
    for name in ("team/x.md", "x.html", "x.markdown", "x.rst", "Y.MD"):
        page(tmp_path, name, "other")
    cure = "not a page we read (write it as Markdown, NAME.md, in pages/)"
    names = ["pages/Y.MD", "pages/team/x.md", "pages/x.html", "pages/x.markdown", "pages/x.rst"]
    assert said(tmp_path) == [f"{name}: {cure}" for name in names]


def test_hidden_files_and_copies_of_editing_programs_are_let_be(tmp_path):
    about(tmp_path)
    for name in (".about.md.swp", ".git/x.html", "about.md~"):
        page(tmp_path, name, "other")
    assert said(tmp_path) == []


def test_two_pages_with_one_slug(tmp_path):
    about(tmp_path)
    page(tmp_path, "who.md", "about")
    expected = 'pages/who.md: slug: would write "about/index.html", as pages/about.md does (change the slug of one)'
    assert said(tmp_path) == [expected]


@pytest.mark.parametrize(
    "slug",
    [
        "tags", "places", "countries", "sources", "stories", "selections", "archive", "feeds", "search", "map",
        "digest", "changes", "static", "images", "b", "briefings",
    ],
)  # fmt: skip
def test_a_slug_that_the_site_needs(tmp_path, slug):
    page(tmp_path, "mine.md", slug)
    assert said(tmp_path) == [f'pages/mine.md: slug: "{slug}" is taken by the site itself (choose another)']


def test_other_slugs_are_free(tmp_path):
    for slug in ("about", "tag", "contact", "x"):
        page(tmp_path, f"{slug}.md", slug)
    assert said(tmp_path) == []


def test_what_links_to_broken_briefings_is_dropped_and_each_is_rendered_once(tmp_path, monkeypatch):
    briefing(tmp_path, "n0", "See [this](gone.md).")
    for number in range(1, 30):
        briefing(tmp_path, f"n{number}", f"Words.\n\nSee [before](n{number - 1}.md#part).")
    briefing(tmp_path, "ring", "See [a](round.md).")
    briefing(tmp_path, "round", "See [a](ring.md) and [b](round.md).")
    about(tmp_path, "See [it](../briefings/2026/n7.md).")
    rendered = []
    render = prose.render
    monkeypatch.setattr(prose, "render", lambda *a, **k: rendered.append(a[1]) or render(*a, **k))
    found = check(tmp_path, SITE, NOW)
    assert sorted(one.slug for one in found.library.briefings) == ["ring", "round"]
    assert set(found.proses.links.briefings) == {"briefings/2026/ring.md", "briefings/2026/round.md"}
    expected = ['briefings/2026/n0.md:10: text: the link "gone.md" leads to no published briefing']
    expected += [
        f'briefings/2026/n{number}.md:12: text: the link "n{number - 1}.md#part" leads to no published briefing'
        for number in range(1, 30)
    ]
    expected += ['pages/about.md:6: text: the link "../briefings/2026/n7.md" leads to no published briefing']
    assert sorted(map(str, found.problems)) == sorted(expected)
    assert len(rendered) == len(set(rendered)) == 33
