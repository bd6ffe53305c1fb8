"""Simple prose is made into HTML at once: into the same HTML as by parsing and cleaning, or it is left to the parser."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink

from briefings import clean, commonmark, headings, prose, simple
from tests.sites import SITE

EXAMPLES = int(os.environ.get("SIMPLE_EXAMPLES", "400"))
LINKS = prose.Links(SITE, {}, {})


def parsed(text):
    """As the parser and the cleaner have it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simple, "html", lambda _: None)
        return prose.render(text, "briefings/2026/a.md", "/briefings/a/", LINKS)


SIMPLE = (
    "",
    "One paragraph.",
    "One.\n\nTwo,\non two lines.\n\n\n\nThree: 5 > 3 & \"so\" 'on' — 1.5 % of $3 {x} a|b a~b a=b #b a+b @c !",
    "1999 was a year.\n\n1234567890. is a number.\n\n1\\. No list.",
    "**Bold** and *lean*, (*both*) “**quoted**” ‘_once_’ __more__.",
    "**Whole sentence.** Then *more*\n*on lines\nof it.*",
    "[A link](https://example.org/a/b_c?d=e&f=g#h) [and](http://a.example.co.uk)[more](https://example.org/).",
    "He [the mayor] said [sic] so [a [b](https://example.org) c].",
    "- one\n- **two**\n- [three](https://example.org/)",
    "- one\n\n- two\n- three\n\nText.\n\n- one\n\n* other\n\n+ third",
    "1. one\n2. two\n\n7. seven\n\nText.\n\n7. seven\n8. eight",
    "> Said so.\n> And so.\n>\n> - one\n> - two\n\n> Another.",
    "# One\n\n### Two\nText below.\n\n### Two\n\n## Three\n- item\n\nText\n\n***",
    "One.\n\n---\n\nTwo.\n\n___",
    "\\*not lean\\* \\[no\\](link) \\<b\\> \\& \\\\ \\> \\`a\\`",
    "Ракка 拉卡 الرقة 𝒜 ﬁ: *Ракка*, **拉卡**, 。",
)
OTHER = (
    "Two  \nlines", "A\\\nbreak", "a\tb", "    code", "`code`", "```\ncode\n```", "~~~\ncode\n~~~", "~~gone~~", "<b>raw</b>",
    "<https://example.org>", "a < b", "&amp; &#65; &nosuch;", "![x](images/a.png)", "[x](/map/)", "[x](other.md)", "[x](#part)",
    "[x](javascript:alert(1))", "[x](https://example.org 'title')", "[x](<https://example.org>)", "[x][y]\n\n[y]: https://a.org",
    "[y]\n\n[y]: https://example.org", "[x](https://1.2.3.4.5/)", "[x](https://256.1.1.1/)", "[x](https://xn--a.example/)",
    "[x](https://example.org:99999/)", "[x](https://EXAMPLE.org/)", "[x](https://user@example.org/)", "[x](https://a.org/(b))",
    "[x](https://a.org/%zz)", "[x](https://a.org/?a&copy;)", "a | b\n- | -\n1 | 2", "Head\n===", "Head\n---", "## Head ##",
    "## *Head*", "- a\n  - b", "- a\n\n  b", "- a\nb", "- ", "-", "1) a", "- 1. a", "- > a", "> > a", "> a\nb", "* * *", "- - -", "*", "**",
    "a * b", "*a", "a*b*c", "**a*", "*a**", "***a***", "*a **b***", "*a*b", "a*b*", "_a_b", "a_b_", "*a *", "** a**", "*(a)*",
    "**[x](https://example.org)**", "[*x*](https://example.org)", "[x](https://example.org)*a*", "a\u00a0b", "a\u200bb", "a\x00b",
    "a\ufffdb", "Text\n- a", "Text\n1. a", "Text\n> a", "Text\n# a", "Text\n***", "![", "!\\[x](https://example.org)",
)  # fmt: skip


@pytest.mark.parametrize("text", SIMPLE)
def test_simple_prose_needs_no_parser(text):
    html = simple.html(text)
    assert html is not None
    assert prose.Rendered(html) == parsed(text)


@pytest.mark.parametrize("text", OTHER)
def test_other_prose_is_left_to_the_parser_wherever_it_stands(text):
    for whole in (text, f"Before.\n\n{text}", f"{text}\n\nAfter.", f"- a\n\n{text}\n\n- b"):
        assert prose.render(whole, "briefings/2026/a.md", "/briefings/a/", LINKS) == parsed(whole)
    assert simple.html(f"Before.\n\n{text}") is None or not clean.untouched(text)


PIECES = st.sampled_from(
    [
        "a",
        "b1",
        "|",
        "\n- | -\n",
        "Word",
        "Ракка",
        "拉",
        "0",
        "9",
        "12",
        "é",
        "ǅ",
        "²",
        "Ⅷ",
        "_",
        "*",
        "**",
        "***",
        "__",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "](",
        "]:",
        "![",
        "<",
        ">",
        "&",
        "&amp;",
        "&lt",
        "\\",
        "~",
        "~~",
        "#",
        "##",
        "-",
        "+",
        "=",
        ":",
        ".",
        ",",
        "!",
        "?",
        '"',
        "'",
        "“",
        "”",
        "—",
        "…",
        "€",
        "$",
        "%",
        "@",
        "/",
        "^",
        "{",
        "}",
        "1.",
        "1)",
        "2. ",
        "12. ",
        "- ",
        "* ",
        "+ ",
        "> ",
        ">",
        "# ",
        "## ",
        "### ",
        "---",
        "***",
        "___",
        "",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\n\n\n",
        "\n- ",
        "\n\n- ",
        "\n\n1. ",
        "\n> ",
        "\n\n> ",
        "\n\n## ",
        "\t",
        "[x](https://example.org/a)",
        "[y z](http://a.example.org?b=c&d=e)",
        "(https://example.org)",
        "https://example.org",
        "*a b*",
        "**a.**",
        "_a_",
        "\\*",
        "\\[",
        "\\]",
        "\\1",
        "\n\n[x]: https://a.org",
        "<b>",
        "www.a.org",
        "😀",
        "́",
        "\u2028",
        "\xa0",
    ]
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES, max_size=24).map("".join))
@example("- a\n\n* b\n\n- c")
@example("> - a\n\n- b")
@example("*a\n- b*")
def test_the_html_is_the_same_as_by_parsing_and_cleaning(text):
    assert prose.render(text, "briefings/2026/a.md", "/briefings/a/", LINKS) == parsed(text)


WORDS = st.lists(
    st.sampled_from(
        ["and", "the", "Word", "12", "(so)", '"said"', "A&B", ">", "**bold**", "*lean*", "_lean_", "(**x**)", "[link](https://example.org/a-b?c=d&e=f)", "[sic]", "5.", "-", "\\*", "—"]
    ),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip
LINES = st.tuples(st.sampled_from(["", "", "", "- ", "* ", "1. ", "3. ", "> ", "> - ", "## ", "#### "]), WORDS).map(
    "".join
)
ENDS = st.sampled_from(["\n", "\n\n", "\n\n", "\n\n\n", "\n>\n"])


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(LINES, ENDS).map("".join), max_size=8).map("".join))
def test_the_html_of_copy_is_the_same_as_by_parsing_and_cleaning(text):
    assert prose.render(text, "briefings/2026/a.md", "/briefings/a/", LINKS) == parsed(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.from_regex(re.compile(simple.WEB, re.ASCII), fullmatch=True))
def test_web_addresses_stay_as_they_are(url):
    assert normalizeLink(url) == url
    text = f"[x]({url})"
    assert simple.html(text) is not None
    assert prose.render(text, "briefings/2026/a.md", "/briefings/a/", LINKS) == parsed(text)


PLAIN = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_the_parser_takes_no_short_cut_that_shows(text):
    kept = text.replace("\u2028", " ")
    assert commonmark.parse(kept, {"whole": True}) == PLAIN.parse(kept, {})


def test_the_parser_looks_twice_at_other_addresses():
    for url in ("https://EXAMPLE.org/", "https://bücher.example/", "https://example.org/ä", "https://a.org/ b"):
        assert commonmark._MARKDOWN.normalizeLink(url) == normalizeLink(url)


def test_headings_have_no_gaps_and_no_id_twice():
    assert [*headings.levels([1, 3, 3, 2, 6, 1])] == [2, 3, 3, 3, 4, 2]
    assert [*headings.ids(["A b", "A b", "", "A-b-2"])] == ["p-a-b", "p-a-b-2", "p-untitled", "p-a-b-2-2"]
