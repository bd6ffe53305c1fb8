"""Sorted lines that are searched and changed without being cut apart."""

from __future__ import annotations

import random

from briefings import rows


def text(files):
    return b"".join(sorted(b"%s\0%d\n" % (name.encode(), size) for name, size in files.items()))


def test_any_changes_give_what_sorted_lines_would_be():
    chance = random.Random(3)
    names = [f"{chance.choice('ab é')}{chance.choice('xyz')}{number}" for number in range(30)]
    for _ in range(200):
        files = {name: chance.randint(0, 999) for name in chance.sample(names, chance.randint(0, 20))}
        lines = rows.ended(text(files))
        for name in chance.sample(names, chance.randint(0, 6)):
            start = name.encode() + b"\0"
            if chance.random() < 0.4:
                lines.put(start, b"")
                files.pop(name, None)
            else:
                files[name] = chance.randint(0, 999)
                lines.put(start, start + b"%d" % files[name])
        assert rows.joined(lines) == text(files)
        for name in names:
            assert (lines.find(name.encode() + b"\0") != b"") == (name in files)


def test_a_name_is_not_found_in_a_longer_one():
    lines = rows.ended(b"a 1\x002\nb\x003\n")
    assert lines.find(b"a\0") == b""
    assert lines.find(b"a 1\0") == b"a 1\x002"


def test_to_put_what_stands_there_is_no_change():
    lines = rows.ended(b"a\x001\nb\x003\n")
    lines.put(b"a\0", b"a\x001")
    lines.put(b"c\0", b"")
    assert not lines.changed
    lines.put(b"b\0", b"b\x004")
    assert lines.changed
