"""The scorer of web pages counts as the Article Extraction Benchmark does, and our own pages are told well from theirs.

The pages in ``fixtures/pages`` were written for this: the shapes of news sites (menus, cookie notices, related stories,
comments, JSON-LD, AMP, a live blog, tables, lists, captions) around made-up articles.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys

import pytest

from briefings import find, seeds
from tests.sites import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import measure_pages

PAGES = ROOT / "tests" / "fixtures" / "pages"


@pytest.mark.parametrize(
    ("expected", "found", "precision", "recall"),
    [
        ("one two three four five", "one two three four five", 1.0, 1.0),
        ("one two three four five", "One, two: three", 0.0, 0.0),
        ("one two three four five", "one two three four", 1.0, 0.5),
        ("one two three four", "one two three four five six", 1 / 3, 1.0),
        ("one two", "one two", 1.0, 1.0),
        ("a b c d a b c d", "a b c d", 1.0, 1 / 5),
        ("one two three four", "", 0.0, 0.0),
        ("", "", 1.0, 1.0),
    ],
)
def test_texts_are_compared_by_runs_of_four_words(expected, found, precision, recall):
    score = measure_pages.compare(expected, found)
    assert (score.precision, score.recall) == (pytest.approx(precision), pytest.approx(recall))


def test_every_page_counts_the_same_and_an_empty_answer_costs_no_precision():
    scores = [measure_pages.compare("a b c d e", "a b c d e"), measure_pages.compare("a b c d e", "")]
    assert measure_pages.overall(scores) == (1.0, 0.5, pytest.approx(2 / 3))


def test_folders_in_the_shape_of_the_benchmark_are_read(tmp_path, capsys):
    (tmp_path / "html").mkdir()
    page = (PAGES / "html" / "classic.html").read_bytes()
    (tmp_path / "html" / "x.html.gz").write_bytes(gzip.compress(page))
    truth = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"x": truth["classic"]}), "utf-8")
    assert measure_pages.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("1 pages\n")


def test_pages_of_which_only_the_beginning_is_known(tmp_path, capsys):
    shutil.copy(PAGES / "html" / "classic.html", tmp_path / "x.html")
    text = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))["classic"]["articleBody"]
    (tmp_path / "x.json").write_text(json.dumps({"expected": {"cleaned_text": text[100:200]}}), "utf-8")
    assert measure_pages.main([str(tmp_path)]) == 0
    assert "| briefings: the text that is read | 1 | 1 |" in capsys.readouterr().out


def test_no_such_folder(tmp_path, capsys):
    assert measure_pages.main([str(tmp_path / "none")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_our_own_pages_are_told_well_and_no_worse_than_by_trafilatura_alone():
    read, draft, plain = (row[1:] for row in measure_pages.measure(PAGES))
    assert len(list(measure_pages.pages(PAGES))) >= 12
    assert read[2] >= 0.98
    assert draft[2] >= 0.97
    assert read[2] > plain[2]


@pytest.mark.parametrize("page", list(measure_pages.pages(PAGES)), ids=lambda page: page[0])
def test_no_word_of_a_page_is_lost(page):
    """What is shown is in the text or listed with a reason."""
    name, data, expected = page
    score = measure_pages.compare(expected, measure_pages.seed(name, data))
    assert score.recall >= 0.95
    assert score.precision >= 0.9
    seed = seeds.read_bytes(f"{name}.html", data)
    kept = " ".join((seed.text, *(item.text for item in seed.dropped), *(item.value for item in seed.stated)))
    for words in expected.split("\n\n"):
        assert words.split()[0] in kept


def test_a_page_states_its_date_and_author_but_for_a_desk():
    draft = find.find(seeds.read_bytes("a.html", (PAGES / "html" / "classic.html").read_bytes()))
    assert (draft.date.value, draft.date.status) in {("2019-04-06", "stated"), ("2019-04-06", "ambiguous")}
    assert draft.author.value == "Ada Brenner"


# --- what real pages taught -------------------------------------------------------------------------------------------

TEXT = "The quay of Beira was closed for a week after the storm, the ports authority said on Tuesday afternoon. "


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def test_text_between_line_breaks_is_text():
    seed = seeds.read_bytes("a.html", page(f"<h1>Quay closed</h1><div>First. {TEXT * 3}<br><br>Second. {TEXT * 3}<p>Third. {TEXT * 3}</p>Fourth. {TEXT * 3}</div>"))  # fmt: skip
    for word in ("First.", "Second.", "Third.", "Fourth."):
        assert word in seed.text


def test_lists_of_links_below_the_headline_are_no_credits():
    links = "".join(f'<li><a href="/{number}">Another story number {number}</a></li>' for number in range(4))
    seed = seeds.read_bytes(
        "a.html",
        page(f"<article><h1>Quay closed</h1><p>By Ada Brenner</p><ul>{links}</ul>{f'<p>{TEXT * 3}</p>' * 4}</article>"),
    )
    assert "By Ada Brenner" in seed.text
    assert "Another story number 2" not in seed.text
    assert any("Another story number 2" in item.text for item in seed.dropped)


def test_the_name_of_the_site_is_not_the_headline():
    body = f"<h1>Harbour News</h1><div><h1>Quay closed for a week</h1>{f'<p>{TEXT * 3}</p>' * 4}</div>"
    head = '<meta property="og:site_name" content="Harbour News"><title>Quay closed for a week - Harbour News</title>'
    draft = find.find(seeds.read_bytes("a.html", page(body, head)))
    assert draft.title.value == "Quay closed for a week"
