"""Duplicates: the same bytes, nearly the same text, the same link; asked about, never refused."""

from __future__ import annotations

import random
import re
import time

import pytest

from briefings import frontmatter, ingest, near
from briefings.shelf import _link
from scripts.generate_seeds import article

EPOCH = "1795305600"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def repasted(text):
    """Another paste: other line ends and quotes, hard-wrapped, all of it in one paragraph or two."""
    words = text.split()
    lines = [" ".join(words[at : at + 11]) for at in range(0, len(words), 11)]
    return "\r\n".join(lines).replace("'", "\u2019") + "\r\n"


def retitled(text):
    """Another headline and dateline."""
    body = text.partition("\n\n")[2].partition(" - ")[2]
    return f"Quite another headline for it\n\nMADRID, May 5 (Plainfield Press) - {body}"


def cut(text):
    """The first two thirds, as a paper with less room prints it."""
    parts = text.split("\n\n")
    return "\n\n".join(parts[: max(3, len(parts) * 2 // 3)])


def edited(text, chance):
    """Every twentieth word replaced, as a careful desk does."""
    return re.sub(r"\b[a-z]{4,}\b", lambda word: "altered" if chance.random() < 0.05 else word[0], text)


VERSIONS = {
    "repasted": repasted,
    "retitled": retitled,
    "cut": cut,
    "edited": lambda text: edited(text, random.Random(1)),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_story_from_another_paste_is_asked_about(tmp_path, version):
    content, seed, other = tmp_path / "content", tmp_path / "a.txt", tmp_path / "b.txt"
    seed.write_text(article(5))
    other.write_text(VERSIONS[version](article(5)), "utf-8", newline="")
    ingest.ingest([str(seed)], content)
    (first,) = content.rglob("*.md")
    report = ingest.ingest([str(other)], content)
    assert ([row.what for row in report.outcomes], report.errors) == (["written"], 0)
    path = first.relative_to(content).as_posix()
    (problem,) = report.problems
    assert (problem.field, problem.severity) == ("duplicate", "warning")
    assert path in problem.what
    (second,) = set(content.rglob("*.md")) - {first}
    draft, _ = frontmatter.parse(second.read_text("utf-8"), "x")
    assert re.fullmatch(
        rf"duplicate: nearly the same text as {re.escape(path)} \(\d+ % of the shorter one\): keep one of them, or delete this line",
        draft.questions[0],
    )
    assert "duplicate" not in first.read_text("utf-8")


def test_in_one_run_too_and_the_same_with_any_number_of_workers(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(
            article(number % 20) if number < 20 else retitled(article(number - 20))
        )
    found = []
    for workers in (1, 3):
        content = tmp_path / f"content{workers}"
        report = ingest.ingest([str(folder)], content, workers=workers)
        assert sum(problem.field == "duplicate" for problem in report.problems) == 10
        found.append({path.name: path.read_bytes() for path in content.rglob("*.md")})
    assert found[0] == found[1]
    dry = ingest.ingest([str(folder)], tmp_path / "dry", dry_run=True)
    assert sum(problem.field == "duplicate" for problem in dry.problems) == 10


PAGE = """<html><head><title>{title}</title><link rel="canonical" href="{url}"></head><body><article><h1>{title}</h1>
{text}</article></body></html>"""


def test_the_same_link(tmp_path):
    content = tmp_path / "content"
    for number, url in enumerate(
        ("https://www.news.example/a?utm_source=x", "http://news.example/a/#top", "https://news.example/b")
    ):
        text = "".join(f"<p>{part}</p>" for part in article(number).split("\n\n"))
        (tmp_path / f"{number}.html").write_text(PAGE.format(title=f"Headline {number}", url=url, text=text))
    report = ingest.ingest([str(tmp_path / f"{number}.html") for number in range(3)], content)
    assert [str(problem) for problem in report.problems] == [
        f"{tmp_path}/1.html: warning: duplicate: the same link as briefings/2026/headline-0.md"
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "http://www.a.example/x/", True),
        ("https://a.example/x?id=1&utm_medium=mail", "https://a.example/x?id=1#top", True),
        ("https://a.example/x?id=1", "https://a.example/x?id=2", False),
        ("https://a.example/x", "https://b.example/x", False),
        ("", "https://b.example/x", False),
        ("https://[", "https://b.example/x", False),
    ],
)
def test_links_are_compared_without_what_differs_between_copies(one, other, same):
    assert (_link(one) == _link(other)) is same


def test_of_many_versions_nearly_all_are_found_and_nothing_else():
    """1,000 articles of one small vocabulary, then four versions of every fifth: precision and recall."""
    index = near.Index()
    texts = {str(number): article(number) for number in range(1000)}
    for name, text in texts.items():
        index.add(name, near.signature(text))
    right = wrong = missed = 0
    for number in range(0, 1000, 5):
        for version in VERSIONS.values():
            text = version(article(number))
            said = set()
            for name, _ in index.like(near.signature(text))[:6]:
                whole, shorter = near.shared(text, texts[name])
                if whole >= near.LIKE or shorter >= near.WITHIN:
                    said.add(name)
            right += str(number) in said
            missed += str(number) not in said
            wrong += len(said - {str(number)})
    assert right + missed == 800
    assert wrong == 0
    assert right / 800 >= 0.97


def test_the_time_grows_with_the_number_not_with_its_square():
    """Also when very many are nearly the same: a band remembers few."""
    base = article(1)
    index = near.Index()
    signatures = [near.signature(f"{base}\n\nNumber {number} of many reports.") for number in range(600)]
    took = []
    for start in (0, 300):
        began = time.process_time()
        for number, signed in enumerate(signatures[start : start + 300]):
            assert len(index.like(signed)) <= 200
            index.add(str(start + number), signed)
        took.append(time.process_time() - began)
    assert took[1] < 4 * took[0] + 0.1


@pytest.mark.parametrize("text", ["", "Three words only.", "\n\n", "# *_*"])
def test_very_short_texts_are_like_nothing(text):
    assert near.signature(text) == b""
    index = near.Index()
    index.add("a", near.signature(text))
    assert index.like(near.signature(text)) == []


def test_scripts_without_spaces_have_words_too():
    text = "\u6771\u4eac\u306e\u6c34\u9053\u5c40\u306f\u706b\u66dc\u65e5\u306b\u65b0\u3057\u3044\u8a08\u753b\u3092\u767a\u8868\u3057\u305f"
    assert near.shared(text, text + "\u3002") == (1.0, 1.0)
    assert near.signature(text)
