"""Pages of a list: numbered from the oldest, so that adding a briefing moves none of them."""

from __future__ import annotations

import pytest

from briefings.desk import pagers, paginate


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (0, [(0, [])]),
        (1, [(0, [1])]),
        (5, [(0, [5, 4, 3, 2, 1])]),
        (6, [(0, [6, 5, 4]), (1, [3, 2, 1])]),
        (8, [(0, [8, 7, 6, 5, 4]), (1, [3, 2, 1])]),
        (9, [(0, [9, 8, 7]), (2, [6, 5, 4]), (1, [3, 2, 1])]),
    ],
)
def test_pages_of_three(total, expected):
    newest_first = list(range(total, 0, -1))
    assert [(number, list(items)) for number, items in paginate(newest_first, 3)] == expected


@pytest.mark.parametrize("total", range(40))
def test_nothing_is_lost_and_an_addition_moves_no_numbered_page(total):
    before = dict(paginate(list(range(total, 0, -1)), 4))
    after = dict(paginate(list(range(total + 1, 0, -1)), 4))
    assert [item for items in before.values() for item in items] == list(range(total, 0, -1))
    assert all(after[number] == items for number, items in before.items() if number)


def test_a_pager_names_only_what_is_near():
    first, second, third = pagers("/tags/a/", 3, 9)
    assert (first.newer, first.older.url, first.current) == (None, "/tags/a/page/2/", 0)
    assert (second.newer.url, second.older.url) == ("/tags/a/", "/tags/a/page/1/")
    assert (third.newer.url, third.older) == ("/tags/a/page/2/", None)
    assert [(link.label, link.url) for link in second.pages] == [("Newest", "/tags/a/"), ("Oldest", "/tags/a/page/1/")]
