"""The content of an entry: what stands first, how much of it, and what never gets in."""

from __future__ import annotations

import pytest
from feeds_examples import PROSE, SITE, SUVA, Page
from msgspec.structs import replace

from briefings.feeds import content, ready, text
from briefings.feeds.content import excerpt

DATELINE = "<p>SUVA, Fiji · 30 September 2026 · Lagoon Wire</p>\n"
POINTS = "<ul>\n<li>Water is back in Suva.</li>\n<li>Health posts stay open &amp; staffed.</li>\n</ul>\n"
CLOSING = (
    '<p>Source: <a href="https://lagoonwire.example/">Lagoon Wire</a>, Night desk, '
    '<a href="https://lagoonwire.example/story?id=7&amp;lang=en">original</a></p>\n'
    "<p><small>© Lagoon Wire, CC BY 4.0</small></p>"
)
MORE = f'<p><a href="{SITE}/briefings/suva-harbour/">Read the briefing</a></p>\n'


def test_full_content_opens_with_the_dateline_and_the_key_points():
    assert content(SUVA, PROSE) == DATELINE + POINTS + PROSE + "\n" + CLOSING


def test_a_notice_stands_before_everything():
    withdrawn = replace(SUVA, notice="Withdrawn: the figures were those of <2025>.")
    first = "<p><strong>Withdrawn: the figures were those of &lt;2025&gt;.</strong></p>\n"
    assert content(withdrawn, "").startswith(first + DATELINE)


@pytest.mark.parametrize(
    ("reuse", "expected"),
    [
        ("full", DATELINE + POINTS + PROSE + "\n" + CLOSING),
        ("excerpt", DATELINE + POINTS + PROSE + "\n" + MORE + CLOSING),
        ("summary", DATELINE + POINTS + MORE + CLOSING),
        ("link", DATELINE + MORE + CLOSING),
    ],
)
def test_the_reuse_level_of_the_source_is_obeyed(reuse, expected):
    assert content(replace(SUVA, reuse=reuse), PROSE) == expected


def test_an_entry_that_may_only_be_linked_to_has_no_words_of_the_source_in_its_summary():
    assert ready(SUVA, PROSE).summary == SUVA.summary
    assert ready(replace(SUVA, reuse="link"), PROSE).summary == SUVA.strip


def test_a_summary_stands_in_for_missing_key_points_and_prose():
    pointless = replace(SUVA, points=(), summary="Water is back.")
    assert "<p>Water is back.</p>" in content(pointless, "")
    assert "<p>Water is back.</p>" not in content(pointless, PROSE), "the prose says it"
    assert "<p>Water is back.</p>" in content(replace(pointless, reuse="summary"), PROSE)


def test_right_to_left_content_says_so():
    arabic = content(replace(SUVA, lang="ar", points=("عادت المياه",)), "")
    assert arabic.startswith('<div lang="ar" dir="rtl">\n')
    assert arabic.endswith("\n</div>")


def test_an_address_that_is_none_is_no_link():
    entry = replace(SUVA, source_url="javascript:alert(1)", original="/local/page")
    html = content(entry, "")
    assert Page(html).addresses() == []
    assert "Source: Lagoon Wire, Night desk</p>" in html


PARAGRAPHS = "".join(f"<p>{letter * 190} <em>end</em> &amp; on</p>\n" for letter in "abcde")


def test_an_excerpt_is_cut_between_paragraphs():
    short = excerpt(PARAGRAPHS)
    assert [element for element, _ in Page(short).elements].count("p") == 3
    assert short == "\n".join(PARAGRAPHS.splitlines()[:3])


def test_an_excerpt_of_one_huge_paragraph_is_cut_between_words():
    short = excerpt("<p>" + "word " * 1000 + "</p>")
    assert short.endswith("word …</p>")
    assert len(short) < 620


def test_an_excerpt_keeps_what_fits_and_drops_nothing_of_a_short_text():
    assert excerpt("<p>One.</p>\n<ul>\n<li>Two</li>\n</ul>") == "<p>One.</p>\n<ul>\n<li>Two</li>\n</ul>"
    assert excerpt("loose <b>words</b>").startswith("<p>loose</p>")


# --- text -----------------------------------------------------------------------------------------------------------


def test_faults_are_named_for_the_editor():
    assert text.faults("a\x07b\ufffdc\x07\ud800") == ("U+0007", "U+D800", "U+FFFD")
    assert text.faults("tabs\t, lines\n, 👩‍👧, \u202e and \u00a0 are fine") == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://a.example/x?y=1&z#f", "https://a.example/x?y=1&z#f"),
        ("http://a.example", "http://a.example"),
        ("HTTPS://a.example/", "https://a.example/"),
        ("https://a.example/a b/ü?q=ö&r=[1]|2", "https://a.example/a%20b/%C3%BC?q=%C3%B6&r=%5B1%5D%7C2"),
        ("https://a.example/100%/%C3%BC", "https://a.example/100%25/%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        (" https://a.example/\x00 ", "https://a.example/"),
        ("", ""),
        ("/relative", ""),
        ("//a.example/", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:a@b.example", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://a b.example/", ""),
        ('https://a.example"onclick=/', ""),
    ],
)
def test_addresses_are_absolute_and_ascii_or_nothing(given, expected):
    assert text.address(given) == expected


def test_times_are_english_whatever_the_day():
    assert text.rfc822("2024-02-29T23:59:59Z") == "Thu, 29 Feb 2024 23:59:59 +0000"


@pytest.mark.parametrize(
    ("tag", "kept"), [("en", "en"), ("pt-BR", "pt-BR"), ("zh-Hans", "zh-Hans"), ("", ""), ("x y", "")]
)
def test_language_tags(tag, kept):
    assert text.language(tag) == kept
