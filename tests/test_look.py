"""What two looks at a content folder differ in."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings import look

names = st.sampled_from([f"briefings/{year}/{word}.md" for year in (2025, 2026) for word in ("a", "b", "été", "z z")])
states = st.sampled_from(["10 1 1 7", "10 2 2 7", "?"])


def lines(files):
    return "".join(sorted(f"{name}\0{state}\n" for name, state in files.items())).encode()


def told(then, here):
    """The same, the long way round."""
    changed = {name for name, state in here.items() if state == "?" or then.get(name) != state}
    return sorted(changed), sorted(then.keys() - here.keys())


@settings(deadline=None)
@given(st.dictionaries(names, states), st.dictionaries(names, states))
def test_what_has_changed_is_told(then, here):
    assert look.differing(lines(then), lines(here), 99) == told(then, here)


@pytest.mark.parametrize("seed", range(12))
def test_among_very_many_too(monkeypatch, seed):
    monkeypatch.setattr(look, "_STEP", 1 << 9)
    chance = Random(seed)
    then = {f"briefings/2026/{number:04}.md": f"{number} 5 5 {number}" for number in range(3000)}
    here = dict(then)
    for name in chance.sample(sorted(then), 20):
        match chance.randrange(4):
            case 0:
                here[name] = "11 6 6 12"
            case 1:
                del here[name]
            case 2:
                here[name.replace(".md", "-new.md")] = "1 1 1 1"
            case _:
                here[name] = "?"
    assert look.differing(lines(then), lines(here), 64) == told(then, here)


def test_more_than_is_worth_telling():
    then = {f"briefings/{number}.md": "1" for number in range(100)}
    here = dict.fromkeys(then, "2")
    assert look.differing(lines(then), lines(here), 64) is None
    assert look.differing(lines(then), b"", 64) is None
    assert look.differing(lines(then), lines(here), 100) is not None
