"""What would cost more than it can be worth is refused before it is tried, in one clear line, or made cheap."""

from __future__ import annotations

import time

import pytest

from briefings import seeds
from briefings.errors import SeedError

FROM = "From: desk@harbour.example\n"
MULTIPART = "Content-Type: multipart/mixed; boundary=a\n\n"
NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(100))

REFUSED = {
    "20,000 nested parts": ("a.eml", FROM + MULTIPART + f"--a\n{MULTIPART}" * 20_000, "more than 1000 parts"),
    "20,000 parts": ("a.eml", FROM + MULTIPART + "--a\n\nhello\n" * 20_000, "more than 1000 parts"),
    "1,100 parts": ("a.eml", FROM + MULTIPART + "--a\n\nhello\n" * 1100, "more than 1000 parts"),
    "100 deep": ("a.eml", f"{FROM}{NESTED}\ntext", "nested more than 20 deep"),
    "messages in messages": (
        "a.eml",
        FROM + "Content-Type: message/rfc822\n\n" * 20_000 + "\ntext",
        "nested more than 20 deep",
    ),
    "a subject of 300 KB": (
        "a.eml",
        f"{FROM}Subject: {'=?utf-8?q?a?= ' * 25_000}\n\nText.",
        "a Subject field of more than 10,000 characters",
    ),
    "a folded subject of 300 KB": (
        "a.eml",
        f"{FROM}Subject: a{chr(10) + ' word' * 5}" + "\n word" * 50_000 + "\n\nText.",
        "a Subject field of more than 10,000 characters",
    ),
    "a parameter of 300 KB": (
        "a.eml",
        FROM + MULTIPART + f'--a\nContent-Type: image/png; name="{"x" * 300_000}"\n\nabc\n--a--\n',
        "a Content-Type field of more than 10,000 characters",
    ),
    "millions of lines": ("a.txt", "Wells\n\n" + "x\n" * 4_000_000, "more than 200,000 lines"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_a_line_and_at_once(case):
    name, text, said = REFUSED[case]
    began = time.process_time()
    with pytest.raises(SeedError, match=said) as caught:
        seeds.read_bytes(name, text.encode())
    assert time.process_time() - began < 3
    assert "(" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_long_list_of_receivers_is_no_reason_to_refuse_a_message():
    to = ",\n ".join(f"editor{number}@harbour.example" for number in range(5000))
    seed = seeds.read_bytes("a.eml", f"{FROM}To: {to}\nSubject: Wells\n\nSubject: {'word ' * 4000}\n".encode())
    assert seed.text.startswith("From: desk@harbour.example\nSubject: Wells\n\nSubject: word")


def test_a_sender_that_cannot_be_taken_apart_stands_as_it_was_written():
    seed = seeds.read_bytes("a.eml", f"From: {'(' * 9000}\nSubject: Wells\n\nText.".encode())
    assert seed.text.startswith("From: ((((")


@pytest.mark.parametrize("blank", ["\n", " \t\n", "\r\n", "\u2028"])
def test_ten_megabytes_of_empty_lines_are_two(blank):
    count = 9_000_000 // len(blank.encode())
    began = time.process_time()
    seed = seeds.read_bytes("a.txt", f"Wells\n\n{blank * count}end".encode())
    assert time.process_time() - began < 8
    assert seed.text == "Wells\n\nend"
    assert f"{count:,} empty lines taken out" in seed.notes


def test_the_empty_lines_that_people_write_are_kept():
    text = "Wells" + "\n" * 150 + "end"
    seed = seeds.read_bytes("a.txt", text.encode())
    assert (seed.text, seed.notes) == (text, ())


@pytest.mark.parametrize("line", ["# Wells" + " " * 20_000 + "dry", "#" + " \t" * 10_000 + "Wells", "# #" * 10_000])
def test_a_heading_with_a_long_run_of_blanks_takes_no_time(line):
    began = time.process_time()
    seed = seeds.read_bytes("a.md", f"{line}\n\nText.\n".encode())
    assert time.process_time() - began < 1
    assert [block.kind for block in seed.blocks] == ["title", "text"]
