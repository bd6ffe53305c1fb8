"""The measurements: their articles, the projects made of them, the checks that sites correspond, the table."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from argparse import Namespace
from statistics import median

import pytest

from briefings import frontmatter
from scripts.bench import __main__ as bench
from scripts.bench import checks, measure, ours, peers, profile, table
from scripts.bench.corpus import Corpus, texts
from scripts.bench.measure import Sample
from scripts.bench.scenarios import Project, added, body, cold, fresh, title


def bare(name="briefings"):
    """A generator without its tools: its articles, and a command that does nothing."""
    of = {"hugo": (peers._below, peers._hugo_text), "pelican": (peers._below, peers._pelican_text)}
    of |= {"eleventy": (peers._below, peers._eleventy_text), "briefings": (ours.path, ours.text)}
    path, text = of[name]
    return peers.Generator(name, "output", path, text, lambda _: None, ("true",), caches=("cache",))


# --- the articles


def test_the_same_seed_gives_the_same_articles():
    assert list(Corpus(30)) == list(Corpus(30))
    assert list(Corpus(30)) != list(Corpus(30, seed=7))


def test_an_article_does_not_depend_on_the_number_of_others_but_for_its_time():
    one, other = Corpus(10).article(5), Corpus(90_000).article(5)
    assert (one.title, one.body, one.tags, one.place, one.id) == (
        other.title,
        other.body,
        other.tags,
        other.place,
        other.id,
    )
    assert one.published > other.published


def test_every_article_is_newer_than_the_one_before_it_and_none_is_of_the_future():
    for count in (10, 100_000):
        corpus = Corpus(count)
        moments = [corpus.article(number).published for number in (0, 1, 2, count - 1, count, count + 20)]
        assert moments == sorted(set(moments))
        assert moments[-1].year < 2026


def test_lengths_tags_and_places_are_those_of_wire_copy():
    articles = list(Corpus(3000))
    sizes = sorted(len(article.body) for article in articles)
    assert 750 <= median(sizes) <= 900
    assert sizes[0] > 100
    assert sizes[-1] > 4 * median(sizes)
    lists = checks.lists(articles)
    tags = sorted((count for name, count in lists.items() if name.startswith("tags/")), reverse=True)
    places = sorted((count for name, count in lists.items() if name.startswith("places/")), reverse=True)
    assert (len(tags), len(places)) == (120, 170)
    assert tags[0] > 10 * median(tags)
    assert places[0] > 10 * median(places)
    assert len({article.slug for article in articles}) == len({article.id for article in articles}) == 3000


@pytest.mark.parametrize(("bodies", "size"), [("markup1", 1300), ("markup4", 4000)])
def test_marked_bodies(bodies, size):
    articles = list(Corpus(200, bodies))
    assert size * 0.9 < sum(len(article.body) for article in articles) / 200 < size * 1.1
    for article in articles:
        assert re.search(r"^- ", article.body, re.MULTILINE)
        assert all(mark in article.body for mark in ("**", "](https://"))
    assert any("\n> " in article.body for article in articles)


def test_real_text_from_a_folder(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.md").write_text("---\ntitle: Two\n---\n\nSecond text.\n", "utf-8")
    (tmp_path / "a.txt").write_text("First text.\r\n", "utf-8")
    (tmp_path / "c.json").write_text("{}", "utf-8")
    given = texts(tmp_path)
    assert given == ["First text.", "Second text."]
    assert [article.body for article in Corpus(3, given=given)] == ["First text.", "Second text.", "First text."]


def test_a_folder_without_text(tmp_path):
    with pytest.raises(ValueError, match=r"no \.txt or \.md file"):
        texts(tmp_path)


# --- the projects


@pytest.mark.parametrize("name", ["briefings", "hugo", "pelican", "eleventy"])
def test_every_article_is_converted(tmp_path, name):
    corpus = Corpus(40, "markup1")
    bare(name).make(tmp_path / "site", corpus)
    files = {path.stem: path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.md")}
    assert files.keys() == {article.slug for article in corpus}
    for article in corpus:
        text = files[article.slug]
        assert text.endswith(f"\n\n{article.body}\n")
        head = text.removesuffix(f"{article.body}\n")
        assert all(tag in head or tag.lower().replace(" ", "-") in head for tag in article.tags)
        assert article.source in head
        assert article.place.name in head


def test_front_matter_says_the_same():
    article = Corpus(40).article(7)
    briefing, problems = frontmatter.parse(ours.text(article), "a.md")
    assert problems == ()
    assert (briefing.title, briefing.published, briefing.location.name) == (
        article.title,
        article.published,
        article.place.name,
    )
    head = tomllib.loads(peers._hugo_text(article).split("+++")[1])
    assert (head["title"], head["date"], head["tags"]) == (article.title, article.published, list(article.tags))
    data = json.loads(peers._eleventy_text(article).split("---json")[1].split("\n---\n")[0])
    assert (data["title"], data["topics"], data["lead"]) == (article.title, list(article.tags), article.summary)
    lines = dict(line.split(": ", 1) for line in peers._pelican_text(article).split("\n\n")[0].splitlines())
    assert (lines["Title"], lines["Tags"], lines["Category"]) == (
        article.title,
        ", ".join(article.tags),
        article.place.term,
    )


def test_scenarios_change_what_they_say(tmp_path):
    project = Project(bare(), Corpus(12), tmp_path / "site")
    (project.folder / "output").mkdir()
    (project.folder / "cache").mkdir()
    before = project.articles()
    body(project, 0)
    title(project, 1)
    added(project, 0)
    after = project.articles()
    assert [number for number in range(12) if before[number] != after[number]] == [5, 6]
    assert len(after[6].body) > len(before[6].body)
    assert after[5].title == f"Corrected: {before[5].title}"
    assert after[5].tags != before[5].tags
    assert len(after) == 13
    assert after[12].published > max(article.published for article in before)
    for article in after:
        assert ours.path(project.folder, article).read_text("utf-8") == ours.text(article)
    clone = fresh(project, 0)
    assert {path.name for path in clone.iterdir()} == {"content", "cache"}
    cold(project, 0)
    assert {path.name for path in project.folder.iterdir()} == {"content"}


# --- the measurement


def test_a_run_is_measured_with_its_children(tmp_path):
    # The child keeps its memory for two seconds: a machine with other work may not look a hundred times a second.
    child = "import time; x = bytearray(60 << 20); sum(range(4_000_000)); time.sleep(2)"
    busy = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    sample = measure.run((peers.sys.executable, "-c", busy), tmp_path, {}, memory=True)
    assert sample.cpu > 0.03
    assert sample.wall > 0.03
    assert sample.peak > 50 << 20


def test_a_run_that_fails_says_why(tmp_path):
    with pytest.raises(measure.FailedError, match="no such theme"):
        measure.run((peers.sys.executable, "-c", "raise SystemExit('no such theme')"), tmp_path, {})


# --- the checks


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A minimal site of 45 articles, as this project builds it."""
    generator = peers.briefings()
    project = Project(generator, Corpus(45), tmp_path_factory.mktemp("bench") / "site")
    measure.run(generator.command, project.folder, generator.environment)
    return project


def found(built, folder):
    return list(checks.differences(built.generator, folder, built.articles()))


def test_what_was_built_corresponds(built):
    assert found(built, built.folder / "output") == []
    assert checks.files(built.folder / "output") > 45


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda site, slug: shutil.rmtree(site / "briefings" / slug), "is not there"),
        (
            lambda site, slug: shutil.copytree(site / "briefings" / slug, site / "briefings" / "other"),
            "is no article's",
        ),
        (lambda site, slug: (site / "sitemap.xml").write_text("<urlset/>", "utf-8"), "the sitemap lacks"),
        (lambda site, slug: (site / "page" / "1" / "index.html").unlink(), "home: 1 pages, not 2"),
        (lambda site, slug: (site / "feed.rss.xml").unlink(), "home: 0 entries in the feed, not 20"),
        (
            lambda site, slug: (site / "briefings" / slug / "index.html").write_text("<p></p>", "utf-8"),
            "lacks the words",
        ),
        (lambda site, slug: shutil.copytree(site / "tags", site / "tags" / "more"), "tags/more has no article"),
    ],
)
def test_what_is_missing_is_found(built, tmp_path, spoil, said):
    shutil.copytree(built.folder / "output", tmp_path / "site")
    if "tags/more" in said:
        (tmp_path / "site" / "tags" / "more").mkdir()
        (tmp_path / "site" / "tags" / "more" / "index.html").write_text("", "utf-8")
    else:
        spoil(tmp_path / "site", built.corpus.article(9).slug)
    assert any(said in line for line in found(built, tmp_path / "site"))


def test_lists_of_others_have_as_many_pages_as_they_need():
    assert [checks.pages(bare("hugo"), count) for count in (1, 20, 21, 40, 41)] == [1, 1, 2, 2, 3]
    assert [checks.pages(bare(), count) for count in (1, 20, 39, 40, 41)] == [1, 1, 1, 2, 2]


# --- the table


def samples(wall, peak=0):
    return [Sample(wall * factor, wall, peak) for factor in (0.5, 1, 9)]


def test_the_table_names_what_is_not_reached():
    results = {
        "briefings": {"cold": samples(6.0), "body": samples(0.3), "memory": samples(6, 300_000_000)},
        "hugo": {"cold": samples(8.0), "body": samples(10.0), "memory": samples(8, 700_000_000)},
        "pelican": {"cold": samples(60.0)},
    }
    lines = list(table.lines(20_000, "wire", results, dict.fromkeys(results, 22_000)))
    rows = {line.split("  ")[0]: line for line in lines}
    assert rows["cold"].endswith("0.75 x (CPU 0.75 x)  asked 0.70 x  NOT REACHED")
    assert rows["one body edited"].endswith("1/33 (CPU 1/33)  asked 1/25")
    assert rows["cold, ours / pelican: 1/10"].endswith("asked 1/9")
    assert rows["peak memory, cold"].endswith("at most 250 MB  NOT REACHED")
    other = list(table.lines(500, "wire", results, dict.fromkeys(results, 22_000)))
    assert not any("asked" in line or "NOT REACHED" in line for line in other)


def test_the_exponent_of_growth():
    sizes = (5_000, 10_000, 20_000, 40_000)
    assert table.exponent(sizes, [size / 1000 for size in sizes]) == pytest.approx(1.0)
    assert table.exponent(sizes, [size**2 / 1e6 for size in sizes]) == pytest.approx(2.0)


def test_the_profile_counts_by_room_and_function():
    stacks = [
        "main (briefings/cli.py:1);page (briefings/render.py:9);root (base.html:3);escape (markupsafe/__init__.py:2) 30",
        "main (briefings/cli.py:1);compose (briefings/feeds/press.py:9) 60",
        "main (briefings/cli.py:1);compose (briefings/feeds/press.py:10) 10",
    ]
    lines = list(profile.summary(stacks))
    assert lines[0] == "1.0 s of processes at work"
    assert "  70.0 %  feeds/press.py" in lines
    assert "  30.0 %  templates" in lines
    assert "  30.0 %  escape (markupsafe/__init__.py)" in lines
    assert " 100.0 %  main (briefings/cli.py)" in lines


# --- all of it


def options(**more):
    return Namespace(**{"scenarios": "", "runs": 1, "keep": False, **more})


def test_a_small_bench_of_ours_alone(tmp_path):
    corpus = Corpus(20)
    results, counts = bench.bench(corpus, [peers.briefings()], tmp_path, options())
    assert set(results["briefings"]) == {"cold", "nothing", "body", "title", "added", "fresh", "memory"}
    assert counts["briefings"] > 60
    assert "cold" in "\n".join(table.lines(20, "wire", results, counts))


def test_nothing_is_deleted_before_the_last_measurement_and_nothing_left_after_it(tmp_path, monkeypatch, capsys):
    gone, rmtree = [], bench.shutil.rmtree
    monkeypatch.setattr(bench.shutil, "rmtree", lambda folder: gone.append(folder) or rmtree(folder))
    bench.main(["--sizes", "3,4", "--with", "", "--runs", "2", "--scenarios", "cold,fresh", "--folder", str(tmp_path)])
    assert capsys.readouterr().out.count("fresh clone") == 2
    assert [folder.parent for folder in gone] == [tmp_path]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["hugo", "eleventy"])
def test_a_small_bench_beside_others(tmp_path, name):
    if not (peers.tools() / name / "done").exists():
        pytest.skip(f"{name} is not installed; invoke bench does so")
    generators = [peers.briefings(), dict(peers.GENERATORS)[name]()]
    results, counts = bench.bench(Corpus(20, "markup1"), generators, tmp_path, options(scenarios="cold,title"))
    assert set(results[name]) == {"cold", "title", "memory"}
    assert abs(counts["briefings"] - counts[name]) < 5


def test_a_site_that_does_not_correspond_is_refused(tmp_path):
    empty = peers.Generator("hugo", "output", peers._below, peers._hugo_text, lambda _: None, ("true",))
    with pytest.raises(SystemExit, match="hugo: the output does not correspond"):
        bench.bench(Corpus(3), [empty], tmp_path, options(scenarios="cold"))


def test_an_unknown_generator():
    with pytest.raises(SystemExit, match="no generator jekyll"):
        bench._generators(["jekyll"])


def test_programs_are_measured_with_their_modules_compiled_whatever_this_shell_says(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    said = "import os; raise SystemExit('PYTHONDONTWRITEBYTECODE' in os.environ)"
    assert measure.run((sys.executable, "-c", said), tmp_path, {}).wall > 0
