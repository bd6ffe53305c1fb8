"""Articles in French, Spanish and Arabic: the country by its name, its people or a town, and the day, in the language.

``fixtures/languages.txt`` has ten of each; what is expected is the country's code and the date, or a hyphen.
"""

from __future__ import annotations

from datetime import date

import dotted
import pytest

from briefings import find, seeds

EXAMPLES = [
    pytest.param(text, expected, id=title) for title, text, expected in dotted.read(dotted.FIXTURES / "languages.txt")
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_country_and_date(text, expected):
    draft = find.find(seeds.read_bytes("example.txt", text.encode()), today=date(2026, 11, 22))
    assert draft.location.value
    assert f"{draft.location.value.country} {draft.date.value or '-'}" == expected
    assert draft.location.value not in [place.value for place in draft.places]
    assert find.account(draft) == ()


def test_there_are_ten_of_each():
    assert [sum(f": {lang}: " in param.id for param in EXAMPLES) for lang in ("fr", "es", "ar")] == [10, 10, 10]
