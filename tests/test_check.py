"""What check says of the content as a whole: plain pages, and what links to what cannot be published."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from briefings import cli, prose, shelf
from briefings.check import PROPOSED, check
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
        "digest", "changes", "offline", "static", "images", "b", "briefings",
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


# --- where addresses in prose lead --------------------------------------------------------------------------------------


def test_a_link_from_the_root_leads_to_a_page_that_is_made(tmp_path):
    about(
        tmp_path, "See [all](/), [topics](/tags/fire/), [feeds](/feeds/), [feed](/tags/fire/feed.atom.xml), [x](/map/)."
    )
    briefing(
        tmp_path, "one", "[us](/about/#main) and [it](/briefings/one/) and [style](/static/site.css).", tags="[fire]"
    )
    assert said(tmp_path) == []


def test_a_link_from_the_root_to_nothing_is_a_warning(tmp_path):
    about(tmp_path, "Words.\n\nSee [x](/tags/nope/).")
    briefing(tmp_path, "one", "[y](/tags/fires/) and [z](/tags/fire)", tags="[fire]")
    assert said(tmp_path) == [
        (
            'briefings/2026/one.md:11: warning: text: the link "/tags/fire" leads to no page of this site '
            '(did you mean "/tags/fire/"?)'
        ),
        (
            'briefings/2026/one.md:11: warning: text: the link "/tags/fires/" leads to no page of this site '
            '(did you mean "/tags/fire/"?)'
        ),
        (
            'pages/about.md:8: warning: text: the link "/tags/nope/" leads to no page of this site '
            '(did you mean "/tags/fire/"?)'
        ),
    ]
    assert check(tmp_path, SITE, NOW).errors == ()


def test_a_link_to_a_list_that_is_left_out(tmp_path):
    about(tmp_path, "See [x](/tags/fire/).")
    briefing(tmp_path, "one", tags="[fire]")
    found = check(tmp_path, replace(SITE, leave_out=("tags",)), NOW).problems
    assert [problem.severity for problem in found if "/tags/fire/" in problem.what] == ["warning"]


def test_a_heading_of_another_briefing(tmp_path):
    about(tmp_path)
    briefing(tmp_path, "one", "## What is known\n\nWords.")
    briefing(tmp_path, "two", "[x](one.md#what-is-known) [y](one.md#what-changed) [z](one.md#what-was-known)")
    assert said(tmp_path) == [
        (
            'briefings/2026/two.md:10: warning: text: the link "one.md#what-was-known" leads to no heading there '
            '(did you mean "p-what-is-known"?)'
        )
    ]


def test_a_language_that_nobody_knows(tmp_path):
    about(tmp_path)
    briefing(tmp_path, "one", lang="qq")
    briefing(tmp_path, "two", lang="ti")
    briefing(tmp_path, "three", lang="pt-BR")
    assert [line for line in said(tmp_path) if "lang" in line] == [
        'briefings/2026/one.md:8: lang: "qq" is no language that we know (write en, fr, ar, pt-BR …)'
    ]


def test_merges_that_wait_are_named(tmp_path):
    assert PROPOSED == shelf.PROPOSED
    about(tmp_path)
    path = briefing(tmp_path, "one")
    path.with_name(f"one.md{PROPOSED}").write_text("x", "utf-8")
    path.with_name(f"one.md{PROPOSED}-2").write_text("x", "utf-8")
    path.with_name(f"gone.md{PROPOSED}").write_text("x", "utf-8")
    assert said(tmp_path) == [
        (
            "briefings/2026/gone.md.proposed: warning: a merge with a changed seed waits, but gone.md is gone "
            "(move it there, or delete it)"
        ),
        (
            "briefings/2026/one.md.proposed: warning: a merge with a changed seed waits "
            "(compare it, then move it over one.md, or delete it)"
        ),
        (
            "briefings/2026/one.md.proposed-2: warning: a merge with a changed seed waits "
            "(compare it, then move it over one.md, or delete it)"
        ),
    ]


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ((1, 0, 1, 1), "1 briefing can be published, 0 wait for their time, 1 draft with 1 open question."),
        ((1200, 1, 2, 0), "1,200 briefings can be published, 1 waits for its time, 2 drafts with 0 open questions."),
    ],
)
def test_the_closing_line(counts, line):
    assert cli._ready(*counts) == line


def test_characters_that_deceive_are_named_in_the_text_too(tmp_path):
    """U+202E turns what follows around: "gpj.exe" reads "exe.jpg"."""
    about(tmp_path)
    briefing(tmp_path, "one", "Fine.\n\nSee gpj\u202eexe. here.")
    [line] = said(tmp_path)
    assert line.endswith("warning: text: invisible characters (U+202E): delete them if they are not meant")
    path, _, rest = line.partition(":")
    number = int(rest.partition(":")[0])
    assert "\u202e" in (tmp_path / path).read_text("utf-8").split("\n")[number - 1]


def test_one_character_is_one(tmp_path):
    about(tmp_path)
    briefing(tmp_path, "one", "A bell\u0007.")
    assert said(tmp_path)[0].endswith("1 character that cannot be published was left out")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"date": "2999-01-01"}, ["date: later than it went out (2026-11-01; is the year meant?)"]),
        ({"published": "2999-01-01T00:00:00Z"}, ["published: waits until 2999-01-01T00:00:00Z (is the year meant?)"]),
        ({"date": "2026-11-02"}, []),
        ({"date": "2026-11"}, []),
        ({"published": "2027-03-01T00:00:00Z"}, []),
    ],
)
def test_a_year_that_is_likely_a_slip(tmp_path, fields, expected):
    about(tmp_path)
    path = briefing(tmp_path, "one", **fields).relative_to(tmp_path)
    found = said(tmp_path)
    assert [line.partition("warning: ")[2] for line in found] == expected
    assert all(line.startswith(f"{path}:") for line in found)


@pytest.mark.parametrize("name", ["tags.yaml", "sources.yaml", "stories.yaml"])
def test_a_broken_table_is_one_fault(tmp_path, name):
    about(tmp_path)
    for slug in ("one", "two"):
        briefing(tmp_path, slug, tags="[floods, fires]", story="a-story")
    (tmp_path / name).write_text("floods: {label: [\n", "utf-8")
    [line] = said(tmp_path)
    assert line.startswith(f"{name}:2: not readable as YAML")
