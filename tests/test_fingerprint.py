"""Fingerprints: a digest of everything in a context, and what tells which part of it has changed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from briefings import state
from briefings.views import Card, Link, Strip, When

CARD = Card(
    "T",
    "/t/",
    "en",
    "ltr",
    "published",
    Strip(Link("Oslo", "/o/"), None, When("1"), None),
    "Lead.",
    (Link("A", "/a/"),),
)
CONTEXT = {
    "card": CARD, "cards": (CARD, replace(CARD, title="U")), "text": "Words\n\x00 é \ud800", "none": None, "empty": "",
    "nothing": (), "no": False, "yes": True, "zero": 0, "one": 1, "part": 0.5, "rows": ({"b": 1, "a": ["x"]},),
}  # fmt: skip


def parts(context, around="around"):
    return state.fingerprint(around, context)


OTHER = {
    "card": replace(CARD, strip=replace(CARD.strip, place=Link("Oslo", "/p/"))), "cards": (CARD, CARD), "text": "Words",
    "none": "", "empty": None, "nothing": None, "no": 0, "yes": 1, "zero": False, "one": True, "part": 0.25,
    "rows": ({"b": 1, "a": ["x", ""]},),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTEXT)
def test_a_change_of_any_part_changes_the_digest_and_is_told_of_that_part(name):
    changed = {**CONTEXT, name: OTHER[name]}
    assert parts(changed)[0] != parts(CONTEXT)[0]
    assert state.changed(CONTEXT, parts(CONTEXT)[1], parts(changed)[1]) == [name]


def test_parts_that_come_or_go_are_told_of():
    alone, more = parts({"a": 1})[1], parts({"a": 1, "b": 2})[1]
    assert state.changed(["a", "b"], alone, more) == ["b"]
    assert state.changed(["a"], more, alone) == []


def test_what_is_around_and_the_names_of_parts_count():
    assert (
        len({parts({"a": "b"})[0], parts({"a": "b"}, "")[0], parts({"b": "b"})[0], parts({"a": "b", "c": ""})[0]}) == 4
    )


def test_words_do_not_move_from_one_part_to_another():
    assert parts({"a": "x\ny", "b": "z"})[0] != parts({"a": "x", "b": "y\nz"})[0]
    assert parts({"a": 'x"\nb\n"y'})[0] != parts({"a": "x", "b": "y"})[0]


def test_equal_values_have_one_digest_whoever_made_them():
    again = {
        **CONTEXT,
        "card": replace(CARD),
        "cards": (replace(CARD), replace(CARD, title="U")),
        "rows": ({"a": ["x"], "b": 1},),
    }
    assert {parts(one) for one in (CONTEXT, again, CONTEXT)} == {parts(CONTEXT)}


def test_what_is_no_plain_data_is_refused():
    with pytest.raises(TypeError, match="a context may not hold object"):
        parts({"a": object()})
