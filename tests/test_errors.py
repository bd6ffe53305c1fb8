"""A problem is one line that an editor can read, whatever is quoted in it."""

from __future__ import annotations

from briefings.errors import Problem


def test_a_problem_says_where_and_what() -> None:
    assert str(Problem("a.md", 3, "lang", "missing")) == "a.md:3: lang: missing"
    assert str(Problem("a.md", 0, "", "empty", "warning")) == "a.md: warning: empty"


def test_a_quoted_value_neither_breaks_the_line_nor_turns_it_around() -> None:
    said = str(Problem("a.md", 3, "slug", '"x\ny\x1b[2J\u202ez\0" is not a slug'))
    assert said == r'a.md:3: slug: "x\ny\x1b[2J\u202ez\x00" is not a slug'


def test_letters_of_every_script_stay() -> None:
    said = str(Problem("a.md", 3, "tags", 'unknown tag "می\u200cخواهم 👩\u200d🚒 Ẽ"'))
    assert said.endswith('"می\u200cخواهم 👩\u200d🚒 Ẽ"')


def test_a_long_value_is_cut_in_the_middle_so_that_the_reason_is_seen() -> None:
    said = str(Problem("a.md", 3, "id", f'"{"x" * 20_000}" is not a UUID (it is made at ingest)'))
    assert said.startswith('a.md:3: id: "xxx')
    assert said.endswith('xxx" is not a UUID (it is made at ingest)')
    assert len(said) < 600
