"""The front matter: what is refused and how it is said, and that what is written reads back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings import clean, frontmatter
from briefings.model import Briefing, CalendarDate, Change, Place, Removed, SeedRef, SourceRef, Support
from tests.fixture_files import examples
from tests.sites import ROOT

BASE = 'id: "6f1c9d3e-0000-4000-8000-000000000001"\ntitle: "T"\nslug: a\nsource: {name: IRIN}'


@pytest.mark.parametrize(("title", "text", "expected"), list(examples("frontmatter_problems.txt")))
def test_problem(title, text, expected):
    briefing, problems = frontmatter.parse(text.replace("BASE", BASE) + "\n\nWords.\n", "a.md")
    assert briefing is None
    assert "\n".join(str(problem) for problem in sorted(problems)) == expected


@pytest.mark.parametrize("written", ["NO", "010", "12:30:45", "2016-12-13", "null", "1e3", "~"])
def test_a_scalar_is_the_text_that_stands_there(written):
    text = f'---\nid: "6f1c9d3e-0000-4000-8000-000000000001"\ntitle: {written}\nslug: a\nstatus: draft\n---\n'
    briefing, _ = frontmatter.parse(text, "a.md")
    assert briefing
    assert briefing.title == written


def test_an_invisible_line_break_cannot_smuggle_a_key():
    text = f"---\n{BASE}\nsummary: a\u2028status: published\nstatus: draft\n---\n"
    briefing, problems = frontmatter.parse(text, "a.md")
    assert briefing is None
    assert str(problems[0]).startswith("a.md:6: front matter: an invisible line break (U+2028)")


def test_control_characters_are_left_out_and_said():
    text = f'---\n{BASE}\nstatus: draft\nsummary: "be\\x07ll"\n---\n'
    briefing, problems = frontmatter.parse(text, "a.md")
    assert briefing
    assert briefing.summary == "bell"
    assert [str(problem) for problem in problems] == [
        "a.md:7: warning: summary: characters that cannot be published were left out (U+0007)"
    ]


HEADS = st.lists(
    st.sampled_from(["---", "---\n", "\n", " ", "\t", "a: b\n", "--", "-", "\n---", "--- x\n", "Text"]), max_size=10
)


@given(HEADS.map("".join))
def test_front_matter_ends_with_the_first_line_of_hyphens(text):
    """As the expression has it that says so."""
    whole = f"---\n{text}"
    end = re.compile(r"^---[ \t]*$", re.MULTILINE).search(whole, 4)
    parts = frontmatter.split(whole)
    assert bool(parts) == bool(end)
    if parts and end:
        head, prose, line = parts
        assert head == whole[4 : end.start()]
        assert prose == whole[end.end() :].lstrip("\n")
        assert line == 1 + whole[: len(whole) - len(prose)].count("\n")


@given(st.lists(st.sampled_from(["a", "\r", "\n", "\r\n", "\ufeff", "é", "\u2028"])).map("".join))
def test_line_ends_and_a_byte_order_mark_are_no_part_of_the_text(text):
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert frontmatter.decode(text.encode(), "a.md") == plain


def test_what_is_no_text_is_named_with_its_line():
    assert str(frontmatter.decode(b"\xef\xbb\xbfone\ntwo \xff", "a.md")).startswith("a.md:2: not UTF-8")


def full():
    return Briefing(
        path="briefings/2026/a.md",
        id="6f1c9d3e-0000-4000-8000-000000000001",
        title="Quotes \"double\" and 'single': & <b>",
        slug="a",
        status="withdrawn",
        withdrawn_reason="Two events were mixed up.",
        aliases=("old-a",),
        source=SourceRef("IRIN", "", "Stockholm", "https://example.org/x?a=1&b=2"),
        date=CalendarDate(2016, 12, 0, "~"),
        location=Place("Aleppo", "SY", 36.2012, 37.1612, 170063),
        places=("Damascus", "مدينة"),
        tags=("conflict",),
        key_points=("One.", "- Two: 3"),
        published=datetime(2026, 11, 1, 8, 0, 0, tzinfo=UTC),
        updated=datetime(2026, 11, 2, 8, 0, 0, tzinfo=UTC),
        changes=(Change(CalendarDate(2026, 11, 2), "major", "Mended."),),
        evidence=(Support("location", "inferred", "Aleppo, SY", "weighed", ("Aleppo", "Syria"), 0.81),),
        removed=(Removed("* * *\n", "a rule", 10, 15), Removed("menu", "navigation")),
        seed=SeedRef("seeds/a.txt", "0" * 64, 1, 4000),
    )


def test_every_field_reads_back_as_written():
    text = frontmatter.dump(full(), "Words.")
    again, problems = frontmatter.parse(text, "briefings/2026/a.md")
    assert not problems
    assert again
    assert again.removed == full().removed
    assert frontmatter.dump(again, "Words.") == text


@given(st.text(max_size=60))
def test_any_text_survives_the_emitter(text):
    kept = " ".join(clean.FORBIDDEN.sub("", clean.LINE_ENDS.sub(" ", text)).split())
    if not kept or clean.DECEIVING.search(kept):
        return
    import unicodedata

    from msgspec.structs import replace

    kept = unicodedata.normalize("NFC", kept)
    written = frontmatter.dump(replace(full(), title=kept), "")
    again, _ = frontmatter.parse(written, "briefings/2026/a.md")
    assert again
    assert again.title == kept


def test_reference_and_schema_are_those_of_the_table():
    assert (ROOT / "docs/frontmatter.md").read_text("utf-8") == frontmatter.reference()
    written = json.loads((ROOT / "docs/frontmatter.schema.json").read_text("utf-8"))
    assert written == frontmatter.schema()
