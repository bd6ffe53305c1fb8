"""Three-way merge: what one side changed is taken, what both changed is listed, and no word of the editor's is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from briefings import merge
from briefings.merge import Version
from briefings.model import Briefing, Place, SeedRef, SourceRef

BASE = Briefing(
    "briefings/2026/ferry.md", "8c9b0d0e-0000-4000-8000-000000000001", "Ferry resumes", "ferry", "draft",
    source=SourceRef("Harbour News", "", "Port Louis"), location=Place("Port Mathurin", "MU", -19.68, 63.42),
    tags=("transport", "weather"), key_points=("The ferry sails again.",), questions=("date: which year?",),
    seed=SeedRef("in/ferry.txt", "a" * 64),
)  # fmt: skip
PROSE = "The ferry sailed again on Monday.\n\nTwo ships wait.\n\nThe port is open.\n"


def merged(yours=None, now=None, mine=PROSE, new=PROSE, base=BASE, was=PROSE):
    ours, theirs = replace(BASE, **(yours or {})), replace(BASE, **(now or {}))
    return merge.merge(base and Version(base, was), Version(ours, mine), Version(theirs, new))


@pytest.mark.parametrize(
    ("field", "yours", "now", "expected", "conflict"),
    [
        ("title", "Ferry resumes", "Ferry sails", "Ferry sails", False),
        ("title", "The ferry is back", "Ferry resumes", "The ferry is back", False),
        ("title", "Ferry sails", "Ferry sails", "Ferry sails", False),
        ("title", "The ferry is back", "Ferry sails", "The ferry is back", True),
        ("location", None, BASE.location, None, False),
        ("location", None, Place("Rodrigues", "MU"), None, True),
        ("location", BASE.location, None, None, False),
        ("source", SourceRef("Harbour News", "A. Reporter", "Port Louis"), SourceRef("HNS", "", "Port Louis"), SourceRef("HNS", "A. Reporter", "Port Louis"), False),
        ("source", SourceRef("The Harbour News", "", "Port Louis"), SourceRef("HNS", "", "Port Louis"), SourceRef("The Harbour News", "", "Port Louis"), True),
        ("tags", ("transport", "islands"), ("transport", "weather", "economy"), ("transport", "islands", "economy"), False),
        ("tags", ("transport", "weather", "islands"), ("transport",), ("transport", "islands"), False),
        ("key_points", ("It sails.",), ("The ferry sails on.",), ("It sails.",), True),
        ("questions", (), ("date: which year?", "place: which port?"), ("place: which port?",), False),
        ("status", "published", "draft", "published", False),
        ("slug", "the-ferry", "ferry-2", "the-ferry", False),
        ("seed", BASE.seed, SeedRef("in/ferry.txt", "b" * 64), SeedRef("in/ferry.txt", "b" * 64), False),
    ],
    ids=str,
)  # fmt: skip
def test_fields(field, yours, now, expected, conflict):
    found = merged({field: yours}, {field: now})
    assert getattr(found.briefing, field) == expected
    assert [row.field.partition(".")[0] for row in found.conflicts] == [field] * conflict


def test_changes_of_different_paragraphs_are_both_taken():
    found = merged(mine=PROSE.replace("Monday", "Monday morning"), new=PROSE.replace("is open.", "is open again."))
    assert found.prose == "The ferry sailed again on Monday morning.\n\nTwo ships wait.\n\nThe port is open again.\n"
    assert found.conflicts == ()


def test_paragraphs_are_added_and_taken_away():
    found = merged(mine="A new opening.\n\n" + PROSE, new=PROSE.replace("Two ships wait.\n\n", "") + "\nMore later.\n")
    assert found.prose == "A new opening.\n\nThe ferry sailed again on Monday.\n\nThe port is open.\n\nMore later.\n"
    assert found.conflicts == ()


def test_the_same_paragraph_changed_by_both_is_marked_and_listed():
    found = merged(mine=PROSE.replace("Two ships", "Some ships"), new=PROSE.replace("Two ships", "Three ships"))
    assert found.prose.split("\n\n")[1:-1] == [
        "<<<<<<< yours", "Some ships wait.", "=======", "Three ships wait.", ">>>>>>> the changed seed",
    ]  # fmt: skip
    assert [(row.field, row.yours, row.now) for row in found.conflicts] == [
        ("text", "Some ships wait.", "Three ships wait.")
    ]


def test_a_paragraph_that_the_editor_deleted_and_the_seed_changed_is_a_conflict():
    found = merged(mine=PROSE.replace("Two ships wait.\n\n", ""), new=PROSE.replace("Two ships", "Three ships"))
    assert [(row.yours, row.now) for row in found.conflicts] == [("", "Three ships wait.")]


def test_without_a_base_every_difference_is_shown():
    found = merged({"title": "Mine"}, mine=PROSE.replace("Two ships", "Some ships"), base=None)
    assert {row.field for row in found.conflicts} == {"title", "text"}
    assert found.briefing.title == "Mine"
    assert "Some ships wait." in found.prose
    assert "Two ships wait." in found.prose


def test_empty_lines_in_code_are_kept():
    prose = "One.\n\n```\na\n\n\n\nb\n```\n\nTwo.\n"
    assert "\n\n".join(merge.paragraphs(prose)) + "\n" == prose
    assert merged(was=prose, mine=prose + "\nMine.\n", new="New.\n\n" + prose).prose == f"New.\n\n{prose}\nMine.\n"


def test_a_text_of_very_many_paragraphs_takes_no_long_time():
    many = "a\n\n" * 100_000
    found = merged(was=many, mine="mine\n\n" + many, new=many + "new\n")
    assert found.conflicts
    assert "mine" in found.prose
    assert "new" in found.prose


PARAGRAPHS = st.lists(
    st.sampled_from(["a", "b", "c", "d", "e\nf", "    g"]) | st.text("xy .", min_size=1).filter(str.strip), max_size=8
)
TEXTS = PARAGRAPHS.map(lambda parts: "\n\n".join(parts) + "\n")


@given(st.none() | TEXTS, TEXTS, TEXTS)
def test_no_line_of_the_editors_is_ever_lost(was, mine, new):
    """A line of the editor's is in the result, unless it is the machine's own and the changed seed no longer has it."""
    found = merged(base=BASE if was is not None else None, was=was, mine=mine, new=new)
    known = set() if was is None else set(was.splitlines())
    assert {line for line in mine.splitlines() if line and line not in known} <= set(found.prose.splitlines())


@given(st.none() | TEXTS, TEXTS, TEXTS)
def test_nothing_of_the_changed_seed_is_lost_unless_the_editor_took_it_away(was, mine, new):
    found = merged(base=BASE if was is not None else None, was=was, mine=mine, new=new)
    known = set() if was is None else set(was.splitlines())
    assert {line for line in new.splitlines() if line and line not in known} <= set(found.prose.splitlines())


@given(TEXTS, TEXTS)
def test_one_side_unchanged_gives_the_other(was, other):
    assert merged(was=was, mine=was, new=other).prose == other
    assert merged(was=was, mine=other, new=was).prose == other
    assert merged(was=was, mine=other, new=other).prose == other


WORDS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5).map(tuple)


@given(WORDS, WORDS, WORDS, st.sampled_from(["tags", "places", "key_points", "questions"]))
def test_no_item_of_the_editors_is_ever_lost(was, mine, new, field):
    found = merged({field: mine}, {field: new}, base=replace(BASE, **{field: was}))
    assert set(mine) - set(was) <= set(getattr(found.briefing, field))
    assert len(set(getattr(found.briefing, field))) == len(getattr(found.briefing, field))
