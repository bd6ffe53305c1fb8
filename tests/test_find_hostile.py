"""Texts made to be slow: the time to read and to find grows with the length, not faster."""

from __future__ import annotations

from time import process_time

import pytest

from briefings import find, seeds

PIECES = (
    "A-", "A B ", "a.b", "PARIS, ", "Aa Bb, ", "(Aa/", "A'", "A/", "Ab de ", "Mar, 12-", "1 May 2012 ", "1/2/", "x.Y", "— ",
    "By Aa Bb and ", "Reporting by Aa Bb in Cc and ", "Aa Bb contributed ", "Aa is a ", "© 2012 Aa ", "بيروت، ", "[", "(",
    "*", "`", "<", "|", "1", "a", "\u202e", "- a\n", "Aa\n\n", "Photo: ",
)  # fmt: skip
OPENINGS = ("", "(", "By ", "PARIS, March 1 - ", "Photo: ", "Updated: ", "First published by ", "© 2012 ")


SECONDS = 10
"""Of processor time. All of this takes a few seconds on a slow machine; what grows faster than the text, minutes."""


def seconds(data: bytes) -> float:
    start = process_time()
    find.find(seeds.read_bytes("a.txt", data))
    return process_time() - start


@pytest.fixture(scope="module", autouse=True)
def _warm():
    """The tables are loaded and the patterns compiled before time is taken."""
    seconds("Paris\n\nPARIS, March 3, 2012 (AFP) - (Photo: Aa) Aa in بيروت.".encode())


@pytest.mark.parametrize("piece", PIECES)
def test_a_paragraph_of_one_thing_is_no_burden(piece):
    paragraphs = [opening + piece * (size // len(piece)) for opening in OPENINGS for size in (118, 250, 410, 590)]
    for paragraph in paragraphs:
        whole = f"A headline\n\n{paragraph}\n\nSome of the text stands here.\n\n{paragraph}.\n\n{paragraph}"
        assert seconds(whole.encode()) < SECONDS, paragraph[:60]


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_one_thing_is_no_burden(piece):
    assert seconds((piece * (40_000 // len(piece))).encode()) < SECONDS


@pytest.mark.parametrize("character", "[a")
def test_megabytes_of_one_character(character):
    """What may come in at most is 10 MB, and a worker has 10 s for it."""
    few, many = (seconds(f"x\n\n{character * size}\n\nx".encode()) for size in (500_000, 4_000_000))
    assert many < 3 * 8 * few, "it grows with the length, whatever the machine; as its square it would be 64 times"
    assert many < 2 * SECONDS
