"""Pages and mail: what they state of themselves, against what their text says."""

from __future__ import annotations

from datetime import date

import pytest

from briefings import find, seeds
from briefings.model import Finding

TODAY = date(2026, 11, 22)
PAGE = """<html lang="en"><head><title>Ship afloat again | Harbour Wire</title>
<meta property="og:site_name" content="Harbour Wire"><meta name="author" content="{author}">
<meta property="article:published_time" content="{published}"></head><body><article><h1>Ship afloat again</h1>
<p>{dateline}The ship that had blocked the canal for six days was pulled free on Monday afternoon, the port said.</p>
<p>Tugs had pushed and pulled at every high water, and dredgers had dug sand from under the bow for days.</p>
</article></body></html>"""


@pytest.fixture(autouse=True)
def _without_weighing(monkeypatch):
    monkeypatch.setattr(find, "_weigh", lambda _: (Finding(None, "none", "no-place"), (), ()))


def page(author="Jane Roe", published="2021-03-29T18:30:00+02:00", dateline=""):
    text = PAGE.format(author=author, published=published, dateline=dateline)
    return find.find(seeds.read_bytes("a.html", text.encode()), {}, TODAY)


def test_a_page_states_source_author_and_date():
    draft = page()
    assert draft.title.value == "Ship afloat again"
    assert (draft.source.value, draft.source.rule) == ("Harbour Wire", "metadata")
    assert draft.author.value == "Jane Roe"
    assert (draft.date.value, draft.date.status) == ("2021-03-29", "stated")
    assert draft.date.evidence[0].origin == "meta article:published_time"
    assert find.account(draft) == ()


def test_the_day_is_the_one_printed_never_moved_to_another_zone():
    assert page(published="2021-03-29T23:30:00-05:00").date.value == "2021-03-29"


@pytest.mark.parametrize("author", ["Harbour Wire", "Harbour Wire, shipping desk", "desk@harbour.example", "admin"])
def test_an_office_is_no_author(author):
    assert page(author=author).author is None


def test_what_the_text_says_comes_before_what_the_page_says_and_both_are_shown():
    draft = page(dateline="SUEZ, Egypt, 28 March 2021 (Reuters) - ")
    assert draft.source.value == "Reuters"
    assert (draft.date.value, draft.date.status) == ("2021-03-29", "ambiguous")
    assert (
        'source: the dateline says "Reuters", but the text also names "Harbour Wire". Who says so?' in draft.questions
    )
    assert any(question.startswith("date: the page's own data says 2021-03-29, but") for question in draft.questions)


def test_the_sender_of_a_mail_is_asked_about_and_not_taken():
    mail = b"From: Press Office <press@harbour.example>\nSubject: Clinic reopens\nDate: Wed, 20 Mar 2019 08:00:00 +0200\n\nThe clinic is open.\n"
    draft = find.find(seeds.read_bytes("a.eml", mail), {}, TODAY)
    assert (draft.title.value, draft.date.value) == ("Clinic reopens", "2019-03-20")
    assert draft.source is None
    assert (
        'source: the text does not say whose it is; the e-mail is from "Press Office <press@harbour.example>". '
        "Who says so?" in draft.questions
    )
    assert draft.body == "The clinic is open.\n"
    assert find.account(draft) == ()


def test_a_markdown_seed_keeps_its_emphasis_and_no_html():
    text = "# Wells\n\nOne *two* <b>three</b> ![x](http://x.example/p.png).\n\n> said\n"
    draft = find.find(seeds.read_bytes("a.md", text.encode()), {}, TODAY)
    assert draft.title.value == "Wells"
    assert draft.body == "One *two* \\<b>three\\</b> \\![x](http://x.example/p.png).\n\n> said\n"


def test_invisible_characters_in_a_title_are_asked_about():
    draft = find.find(seeds.read_bytes("a.txt", "Storm \u202ehits\n\nThe storm came ashore.".encode()), {}, TODAY)
    assert "title: it holds characters that cannot be seen (U+202E). What should it be?" in draft.questions


def test_the_name_of_a_mailing_list_is_no_part_of_a_title():
    mail = b"From: a@port.example\nDate: Thu, 25 Jun 2020 14:05:00 +0000\nSubject: [Port news] Ferry runs again\n\n"
    draft = find.find(
        seeds.read_bytes("a.eml", mail + b"Port news\n\nFerry runs again\n\nThe ferry runs, and it is full.")
    )
    assert draft.title
    assert draft.title.value == "Ferry runs again"
    assert draft.body == "Port news\n\nThe ferry runs, and it is full.\n"


def test_a_guessed_charset_is_asked_about_and_a_declared_one_not():
    page = "<html><head><meta charset=windows-1252></head><body><h1>Café</h1><p>Le café près du port est ouvert.</p>"
    asked = [
        [line for line in find.find(seeds.read_bytes(name, data)).questions if "charset" in line]
        for name, data in (
            ("a.txt", "Le café\n\nLe café près du port est ouvert de nouveau.".encode("cp1252")),
            ("a.html", page.encode("cp1252")),
            ("a.txt", "Le café\n\nLe café est ouvert.".encode()),
        )
    ]
    assert asked == [
        ["text: the file says no charset and was decoded as windows-1252. Are all letters right?"], [], [],
    ]  # fmt: skip


def test_characters_that_cannot_be_seen_are_asked_about():
    draft = find.find(seeds.read_bytes("a.txt", "Ferry\n\nThe ferry \u202eruns\u202c, and it is full.".encode()))
    assert "text: it holds characters that cannot be seen (U+202C, U+202E). Should they go?" in draft.questions
