"""Citations: what each form says, and that awkward titles stay what they are in it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from briefings import cite
from briefings.cite import Citation
from briefings.model import CalendarDate
from tests.sites import briefing
from tests.test_pages import context

PALU = Citation(
    key="briefing-05762d2a",
    title="Palu: a week after",
    url="https://briefs.example.org/news/b/05762d2a/",
    site="Test site",
    issued=datetime(2026, 2, 17, 16, 40, tzinfo=UTC),
    agency="Lantern Relief Bulletin",
    date=CalendarDate(2018, 10, 5),
    date_label="5 October 2018",
)
AWKWARD = Citation(
    key="briefing-0", title=r"50% of A_B & C#1 [see <b>], ~{x}\y $5 ^2 *now*", url="https://e.example/b/0/", site="S & T",
    issued=datetime(2026, 1, 1, tzinfo=UTC), author="Ana O’Neil",
)  # fmt: skip


def test_a_withdrawn_briefing_is_cited_as_such():
    of = replace(PALU, withdrawn=True)
    assert "(5 October 2018, withdrawn)" in cite.plain(of)
    assert "(5 October 2018, withdrawn)" in cite.markdown(of)
    assert "(5 October 2018, withdrawn)" in cite.bibtex(of)
    assert json.loads(cite.csl(of))[0]["status"] == "withdrawn"


def test_words_of_others_stand_apart():
    """A title from right to left must not take the quotation marks along."""
    assert cite.pieces(PALU)[1::2] == ("Lantern Relief Bulletin", "Palu: a week after", "Test site")
    assert cite.pieces(replace(PALU, agency=""))[:4] == ("", "", "“", "Palu: a week after")


def test_plain():
    assert cite.plain(PALU) == (
        "Lantern Relief Bulletin. “Palu: a week after” (5 October 2018). "
        "Briefing: Test site, https://briefs.example.org/news/b/05762d2a/"
    )
    assert cite.plain(AWKWARD).startswith("Ana O’Neil. “50% of A_B")


@pytest.mark.parametrize("of", [PALU, AWKWARD])
def test_markdown_says_in_html_what_plain_text_says(of):
    html = MarkdownIt("commonmark").render(cite.markdown(of))
    words = re.sub(r"<[^>]+>", "", html).strip()
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, character)
    assert words == cite.plain(of).removesuffix(f", {of.url}")
    assert f'href="{of.url}"' in html


def test_bibtex():
    assert cite.bibtex(PALU) == (
        "@misc{briefing-05762d2a,\n"
        "  author = {{Lantern Relief Bulletin}},\n"
        "  title = {{Palu: a week after}},\n"
        "  year = {2026},\n"
        "  month = {02},\n"
        "  howpublished = {Test site},\n"
        "  note = {Briefing. Source: Lantern Relief Bulletin (5 October 2018)},\n"
        "  url = {https://briefs.example.org/news/b/05762d2a/},\n"
        "  langid = {en},\n"
        "}"
    )


def test_bibtex_keeps_its_braces():
    entry = cite.bibtex(AWKWARD)
    bare = entry.replace(r"\{", "").replace(r"\}", "")
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert r"50\% of A\_B \& C\#1" in entry
    assert "author = {Ana O’Neil}" in entry


def test_csl():
    (item,) = json.loads(cite.csl(PALU))
    assert item == {
        "id": "briefing-05762d2a",
        "type": "webpage",
        "title": "Palu: a week after",
        "container-title": "Test site",
        "URL": "https://briefs.example.org/news/b/05762d2a/",
        "language": "en",
        "issued": {"date-parts": [[2026, 2, 17]]},
        "author": [{"literal": "Lantern Relief Bulletin"}],
        "publisher": "Lantern Relief Bulletin",
        "original-date": {"date-parts": [[2018, 10, 5]]},
    }


def test_an_undated_report_by_nobody(tmp_path):
    (item,) = json.loads(cite.csl(Citation("k", "T", "https://e.example/", "S", datetime(2026, 1, 1, tzinfo=UTC))))
    assert "original-date" not in item
    assert "author" not in item


def test_the_page_has_every_form_and_the_short_address(tmp_path):
    briefing(tmp_path, "one", id='"0a1b2c3d-0000-4000-8000-000000000001"')
    box = context(tmp_path, "briefings/one/index.html")["cite"]
    assert box.permalink == "https://briefs.example.org/news/b/0a1b2c3d/"
    assert [name for name, _ in box.forms] == ["Markdown", "BibTeX", "CSL-JSON"]
    assert (box.json, box.ninjs) == ("/briefings/one/index.json", "/briefings/one/ninjs.json")
    assert "whole text" in box.reuse


@pytest.mark.parametrize(
    ("reuse", "words"), [("excerpt", "excerpt"), ("summary", "summary"), ("link", "Only headline")]
)
def test_what_may_be_reused_is_said(tmp_path, reuse, words):
    briefing(tmp_path, "one")
    (tmp_path / "sources.yaml").write_text(f"harbour-news: {{name: Harbour News, reuse: {reuse}}}\n")
    assert words in context(tmp_path, "briefings/one/index.html")["cite"].reuse
