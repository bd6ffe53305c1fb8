"""Simple YAML is read at once: as the same nodes as by parsing, on the same lines, or it is left to the parser."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings import clean, frontmatter, simpleyaml, yamlio, yamlparser

EXAMPLES = int(os.environ.get("SIMPLE_EXAMPLES", "400"))


def parsed(text):
    try:
        return yamlparser.load(text, 2)
    except yamlio.YamlError as error:
        return error.line, str(error)


def read(text):
    try:
        return yamlio.load(text, 2)
    except yamlio.YamlError as error:
        return error.line, str(error)


SIMPLE = (
    "a: b\n",
    "a: b",
    'id: "x"\n\n# a comment\ntitle: "A \\"quoted\\" title: with # and \\\\"\nslug: a-b-c\nempty:\nquoted: ""\nno: NO\nn: 010\n',
    "date: 2016-12-14\ntime: 2016-12-14T06:00:00Z\nurl: https://example.org/a?b=c&d=e,f\nname: Côte d'Ivoire (west), 3/4 & more\n",
    'tags:\n  - "a"\n  - b\n  - "c d"\nplaces:\n- x\n- y\nafter: z\n',
    "source:\n  name: Wire\n  url: https://example.org/\nlat: -4.0017\n",
    'location: {"name": "Herat", "country": "AF", "latitude": 34.3482, "longitude": -62.1997}\n',
    'tags: [a, "b c", d e]\nnone: []\nnothing: {}\nplace: {name: X, country: YE}\n',
    'changes:\n  - on: 2016-12-14\n    kind: "minor"\n    words:\n      - "a"\n      - "b"\n  - on: 2017\n    note: x\nend: y\n',
    "a:\n\n  b: c\n# d\n  e: f\n   \n\n",
    "a:\n    b:\n     c: d\n    e: f\n",
)
OTHER = (
    "", "\n", "# only this\n", "a\n", "- a\n", "  a: b\n", "a: b\na: c\n", "{a: b}\n", "a: {b: c, b: d}\n", "a:\n  b: c\n  b: d\n", "a: 'b'\n",
    "a: |\n  b\n", "a: >\n  b\n", "a: b\n  c\n", 'a: "b\n  c"\n', "a: b # c\n", "a: b: c\n", "a: b:\n", "a: &b c\n", "a: *b\n", "a: !b c\n",
    "a: !!str c\n", "<<: b\n", "? a\n: b\n", "a: b\n---\nc: d\n", "--- \na: b\n", "a: b\n...\n", "%YAML 1.2\n---\na: b\n", "a:\tb\n", "\ta: b\n",
    'a: "\\n"\n', 'a: "\\x41"\n', 'a: "b\\"\n', 'a: "b" c\n', 'a: "b"c\n', "a: [b\n", "a: [b, [c]]\n", "a: {b: {c: d}}\n", "a: [b,c]\n", "a: [b, ]\n",
    'a: {"b":c}\n', 'a: {"b":"c"}\n', "a: {b}\n", "a: [b: c]\n", "a: [,]\n", "a:\n  b: c\n d: e\n", "a:\n - b\n  - c\n", "a:\n  - b\nc\n", "a:\n- b\n c: d\n",
    "a:\n  - - b\n", "a:\n  -\n    b: c\n", "a:\n  - b: c\n     d: e\n", "a: b  \n", "a: - b\n", "a: -\n", "a: ?\n", "a:b\n", "a :b\n", "a : b\n", "a: ~\n",
    "a: b\u2028c\n", "a: b\u200bc\n", "a: \ufffd\n", "a: b\u00a0c\n", "<<<<<<< HEAD\na: b\n", "a: <<<<<<< x\n", "a: @b\n", "a: `b`\n", "a: %b\n", "a: |b\n",
    "a:\n  b:\n    c:\n      d:\n        e:\n          f: g\n", f"{'a' * 2000}: b\n", "a: b\n\x00", "a: ]\n", "a: }\n", "a: ,b\n", "é: b\n", "a: b #c\n", "a: b#c\n",
)  # fmt: skip


@pytest.mark.parametrize("text", SIMPLE)
def test_simple_yaml_needs_no_parser(text):
    top = simpleyaml.load(text, 2)
    assert top is not None
    assert top == parsed(text)


def in_pieces(text):
    """The nodes of simple YAML, read key by key as front matter is; None when it is not simple."""
    line, items = 2, []
    simple = clean.untouched(text) and "\t" not in text
    for key, rest in (simpleyaml.pieces(text) or ()) if simple else ():
        items.append((yamlio.Scalar(key, line), simpleyaml.value(key, rest, line)))
        line += rest.count("\n")
    return yamlio.Mapping(tuple(items), 2) if items and all(value for _, value in items) else None


@pytest.mark.parametrize("text", [text for text in SIMPLE if not text.startswith("#")])
def test_simple_yaml_is_the_same_key_by_key(text):
    assert in_pieces(text) == simpleyaml.load(text, 2)


@pytest.mark.parametrize("text", OTHER)
def test_other_yaml_is_left_to_the_parser(text):
    assert simpleyaml.load(text, 2) is None
    for whole in (text, f"x: y\n{text}", f"{text}\nx: y\n", f"x:\n  {text}"):
        assert read(whole) == parsed(whole)


PIECES = st.sampled_from(
    [
        *("a", "b", "c: ", "d:", "e: f", "é", "0", "-", "- ", "  ", " ", "\n", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\n\n", ":", ": ", ",", ", "),
        *('"', '"a"', '"b c"', '\\"', "\\\\", "'", "#", " #", "# ", "{", "}", "[", "]", "[a, b]", '{"a": "b"}', "{a: b, c: d}", "|", ">", "&", "*", "!"),
        *("%", "@", "`", "?", "? ", "~", "---", "...", "\t", "<<", "<<: ", "/", "https://a.org", "1:2", "\u2028", "\ufeff", "😀", "=", "\x07"),
        *("a:\n  b: c\n", "a:\n  - b\n", 'x: "y"\n', "- a: b\n  c: d\n"),
    ]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_the_nodes_are_the_same_as_by_parsing(text):
    assert read(text) == parsed(text)
    assert (pieces := in_pieces(text)) is None or pieces == parsed(text)


VALUES = st.sampled_from(
    [
        "",
        "x",
        '"x y"',
        "12",
        "-1.5",
        "a, b",
        '""',
        "{a: b}",
        '{"a": 1, "b": "c"}',
        "[a]",
        "[]",
        "a:b",
        "don't",
        '"a\\"b"',
        "# c",
        "é è",
        "'q'",
    ]
)
ROWS = st.builds(
    "{}{}{} {}".format,
    st.sampled_from(["", "", "", "  ", "  ", "    ", "      ", " "]),
    st.sampled_from(["", "", "", "- "]),
    st.sampled_from(["a:", "b:", "c:", "d:", "e:", "", "f"]),
    VALUES,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(ROWS.map(str.rstrip), max_size=9).map("\n".join))
def test_the_nodes_of_lines_are_the_same_as_by_parsing(text):
    assert read(text) == parsed(text)
    assert (pieces := in_pieces(text)) is None or pieces == parsed(text)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
DATA = st.dictionaries(
    st.sampled_from([field.name for field in frontmatter.FIELDS]),
    st.one_of(
        TEXTS,
        st.integers(),
        st.lists(TEXTS, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from("abc"), TEXTS, min_size=1),
        st.lists(st.dictionaries(st.sampled_from("abc"), st.one_of(TEXTS, st.lists(TEXTS, min_size=1)), min_size=1), min_size=1, max_size=3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(DATA)
def test_what_is_written_is_read_the_same_as_by_parsing(data):
    text = yamlio.dump(data)
    assert read(text) == parsed(text)


def test_what_ingest_writes_is_simple():
    data = {
        "id": "x", "location": {"name": "X", "latitude": -1.5, "geonames": 3}, "tags": ["a", "b"],
        "evidence": [{"field": "date", "words": ['He said: "so"', "C:\\x"], "confidence": 0.5}, {"field": "title"}],
    }  # fmt: skip
    assert simpleyaml.load(yamlio.dump(data)) is not None
