"""Many feeds, each entry written once per format, and the same bytes as if each feed were written alone."""

from __future__ import annotations

from feeds_examples import OSLO, SUVA, feed, prose
from msgspec.structs import replace

from briefings import feeds
from briefings.feeds.press import Press


def press(asked, room=10**9):
    """A press over real formats that counts what is asked of it, in ``asked``."""

    def spy(row):
        def entry(ready):
            asked.append((row.key, ready.entry.id))
            return row.entry(ready)

        return replace(row, entry=entry)

    def said(entry):
        asked.append(("prose", entry.id))
        return prose(entry)

    return Press([spy(row) for row in feeds.FORMATS], said, room)


LISTS = [(SUVA, OSLO), (OSLO,), (SUVA,), (SUVA, OSLO)]


def written(pressed):
    return [pressed.compose(row.key, feed(*entries, key=row.key)) for entries in LISTS for row in feeds.FORMATS]


ALONE = [feeds.compose(row.key, feed(*entries, key=row.key), prose) for entries in LISTS for row in feeds.FORMATS]


def test_an_entry_is_written_once_per_format_for_all_its_feeds():
    asked = []
    assert written(press(asked)) == ALONE
    assert sorted(asked) == sorted(
        (what, entry.id) for what in ("prose", "rss", "atom", "json") for entry in (SUVA, OSLO)
    )


def test_little_room_costs_time_and_changes_no_byte():
    asked = []
    assert written(press(asked, room=1)) == ALONE
    assert len(asked) > 8


def test_an_entry_that_differs_is_written_anew():
    pressed = press([])
    assert b"Trams" in pressed.compose("atom", feed(OSLO)).data
    other = pressed.compose("atom", feed(replace(OSLO, title="Ferries stand still"))).data
    assert b"Ferries" in other
    assert b"Trams" not in other
    assert b"Trams" in pressed.compose("atom", feed(replace(OSLO))).data


def test_an_entry_may_hold_the_word_that_stands_for_its_content():
    odd = replace(OSLO, title="CONTENT", summary="CONTENT", points=(), notice="CONTENT")
    for row in feeds.FORMATS:
        data = feeds.write(row.key, feed(odd, key=row.key), lambda _: "<p>CONTENT</p>").decode()
        assert data.count("CONTENT") == 4, row.key
