"""Slices of a build in processes that inherit nothing: the same bytes, or a message and nothing in place."""

from __future__ import annotations

import pickle
import re
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from msgspec.structs import replace

from briefings import afar, cluster, crew, plugin
from briefings.errors import BuildError, Problem
from tests.elsewhere import EPOCH, KEY, Fatal, Meddler, build, die
from tests.sites import ROOT, about, briefing, settings
from tests.test_build import tree


@pytest.fixture(autouse=True)
def far(monkeypatch):
    """Send whatever there is, at a fixed time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setenv("BRIEFINGS_WORKERS", "2")
    monkeypatch.setattr(crew, "FAR", 1)


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=crew.obey) as made:
        yield made


@pytest.fixture
def small(tmp_path):
    """A site of three briefings, built; return its settings file."""
    about(tmp_path / "content")
    for slug in ("one", "two", "three"):
        briefing(tmp_path / "content", slug)
    theme = tmp_path / "theme"
    theme.symlink_to(ROOT / "theme")
    return settings(tmp_path, THEME=str(theme))


def refused(conf, executor):
    """The message of a build that fails, and leaves everything as it is."""
    output = conf.parent / "output"
    before = {name: data for name, data in tree(output).items() if not name.startswith(".briefings/")}
    manifest = output / ".briefings/manifest.json"
    known = manifest.read_bytes() if before else b""
    with crew.using(executor, 2), pytest.raises(BuildError) as error:
        build(conf, full=True)
    after = {name: data for name, data in tree(output).items() if not name.startswith(".briefings/")}
    assert after == before
    assert (manifest.read_bytes() if before else b"") == known
    return str(error.value)


def test_spawned_workers_write_the_same_bytes_and_say_the_same(small, monkeypatch):
    for number in range(4):
        briefing(small.parent / "content", f"long-{number}", "Words and words. " * 300, tags="[floods]")
    conf = settings(small.parent, BRIEFINGS={"key": KEY, "feed_bytes": 8_000})
    monkeypatch.setattr(crew, "FAR", 512)
    here = build(conf, "here")
    assert any("were left out" in note.what for note in here[0].notes)  # what makers have to say comes back, too
    monkeypatch.setattr(crew, "FAR", 1)
    monkeypatch.setenv(crew.EXECUTOR, "spawn")
    try:
        assert build(conf, "there") == here
    finally:
        cluster.close()
    assert tree(small.parent / "there") == tree(small.parent / "here")


def test_all_that_is_told_can_be_pickled_and_functions_go_by_name(small):
    sent = []

    class Looking(ThreadPoolExecutor):
        def submit(self, function, /, *told):
            sent.append(pickle.dumps((function, *told)))
            return super().submit(function, *told)

    with Looking(1) as threads, crew.using(threads, 1):
        report, _ = build(small)
    assert report.briefings == 3
    assert {pickle.loads(one)[0] for one in sent} == {afar.read, afar.make}
    assert max(map(len, sent)) < 20_000


def test_a_site_that_the_host_builds_is_read_elsewhere_and_made_here(small, pool):
    build(small)
    sent = []
    with crew.using(Meddler(pool, afar.read, lambda told: sent.append("read")), 2):
        plugin.run(small, output=small.parent / "hosted", index=False)
    assert sent == ["read"]
    assert tree(small.parent / "hosted") == tree(small.parent / "output")


def test_a_few_items_are_not_sent(small, monkeypatch):
    monkeypatch.setattr(crew, "FAR", 512)
    with crew.using(None, 2):  # whoever asks it for anything fails
        assert build(small)[0].briefings == 3


def test_content_that_changes_before_the_making_is_refused(small, pool):
    build(small)
    path = small.parent / "content/briefings/2026/two.md"

    def edit(_):
        path.write_text(path.read_text("utf-8").replace("Some words", "Other words"), "utf-8")

    assert refused(small, Meddler(pool, afar.make, edit)) == (
        "briefings/2026/two.md: changed while the site was being built (build again)"
    )
    with crew.using(pool, 2):
        build(small)
    assert b"Other words" in (small.parent / "output/briefings/two/index.html").read_bytes()


@pytest.mark.parametrize("change", ["added", "removed", "tables", "page", "picture"])
def test_whatever_the_plan_hangs_on_is_compared(small, pool, change):
    content = small.parent / "content"
    (content / "images").mkdir()
    picture = next((ROOT / "content/images").iterdir())

    def happens(_):
        match change:
            case "added":
                briefing(content, "four")
            case "removed":
                (content / "briefings/2026/one.md").unlink()
            case "tables":
                (content / "sources.yaml").write_text("harbour:\n  name: Harbour News\n", "utf-8")
            case "page":
                about(content, "What this is not.")
            case "picture":
                (content / "images" / picture.name).write_bytes(picture.read_bytes())

    assert "changed while the site was being built" in refused(small, Meddler(pool, afar.make, happens))


def test_a_file_that_changes_before_it_is_read_is_refused(small, pool):
    path = small.parent / "content/briefings/2026/two.md"
    said = refused(small, Meddler(pool, afar.read, lambda _: path.write_text("x", "utf-8") and None))
    assert "briefings/2026/two.md: changed while the site was being built (build again)" in said


@pytest.mark.parametrize(
    ("work", "told", "said"),
    [
        (afar.read, {"content": "/nowhere"}, 'does not see the content folder "/nowhere"'),
        (afar.read, {"program": "another"}, "runs another program"),
        (afar.make, {"program": "another"}, "runs another program"),
        (afar.make, {"theme": "/nowhere"}, 'does not see the theme "/nowhere"'),
        (afar.make, {"token": "0" * 32}, "the output folder must be shared"),
        (afar.make, {"cache": "/"}, "the cache folder must be shared"),
        (afar.make, {"code": "another"}, "the cache folder must be shared"),
        (afar.make, {"surroundings": "another"}, "sees another theme"),
        (afar.make, {"before": "another"}, "sees another site"),
        (afar.make, {"seen": "another"}, "sees another site"),
    ],
)
def test_a_worker_that_sees_something_else_says_what(small, pool, work, told, said):
    assert said in refused(small, Meddler(pool, work, lambda given: replace(given, **told)))


def test_a_template_that_fails_is_named_as_ever(small, pool):
    theme = small.parent / "theme"
    theme.unlink()
    theme.mkdir()
    for name in ("templates", "static"):
        (theme / name).symlink_to(ROOT / "theme" / name)
    (theme / "templates").unlink()
    (theme / "templates").mkdir()
    for path in (ROOT / "theme/templates").iterdir():
        (theme / "templates" / path.name).symlink_to(path)
    (theme / "templates/briefing.html").unlink()
    (theme / "templates/briefing.html").write_text("<p>\n{{ nothing.of.this }}\n", "utf-8")
    assert refused(small, pool).startswith("theme/templates/briefing.html:2: UndefinedError")


def test_a_worker_that_dies_is_a_message(small):
    build(small)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        said = refused(small, Fatal(pool))
    # Python says one while it waits, and the other where it is to send more.
    why = r"A (process in the process pool was terminated|child process terminated) abruptly"
    assert re.match(rf"build: no answer from a worker elsewhere \({why}", said)
    assert "nothing was written" in said


def test_named_workers_that_were_lost_are_replaced(small, monkeypatch):
    monkeypatch.setenv(crew.EXECUTOR, "spawn")
    monkeypatch.setenv("BRIEFINGS_WORKERS", "1")
    try:
        lost = cluster.team("spawn")
        with pytest.raises(BuildError, match="no answer from a worker"):
            list(crew.spread(die, [1], afar=lambda: crew.Job(die, None, [1])))
        assert cluster.team("spawn") is not lost
        assert list(crew.spread(die, [1], afar=lambda: crew.Job(echo, "a", [1]))) == [("a", [1])]
    finally:
        cluster.close()


def echo(told, items):
    return told, list(items)


def test_slices_come_back_in_order_and_large_ones_are_cut(monkeypatch):
    monkeypatch.setattr(crew, "MOST", 3)
    with ThreadPoolExecutor(2) as threads, crew.using(threads, 1):
        found = list(crew.spread(die, range(20), afar=lambda: crew.Job(echo, "a", range(20))))
    assert [item for _, part in found for item in part] == [*range(20)]
    assert max(len(part) for _, part in found) == 3


def test_nobody_is_waited_for_who_is_gone(monkeypatch):
    monkeypatch.setattr(crew, "LOOK", 0.01)
    told = []

    class Silent(ThreadPoolExecutor):
        def submit(self, *_):
            from concurrent.futures import Future

            return Future()

    team = crew.Team(Silent(1), 1, wrong=lambda: "the scheduler is gone", lost=lambda: told.append(1))
    monkeypatch.setattr(crew, "_team", team)
    with pytest.raises(BuildError, match="the scheduler is gone; nothing was written"):
        list(crew.spread(die, [1], afar=lambda: crew.Job(echo, "a", [1])))
    assert told == [1]


def test_a_worker_spreads_nothing_itself(monkeypatch):
    monkeypatch.setattr(crew, "LEAST", 1)
    with crew.using(None, 2), crew.alone():
        assert list(crew.spread(len, [1, 2, 3], afar=lambda: crew.Job(echo, "a", [1]))) == [3]


@pytest.mark.parametrize("name", ["dusk", "dask", "dask:", "spawn:2", "DASK:tcp://127.0.0.1:1"])
def test_names_of_nobody_are_refused(monkeypatch, name):
    monkeypatch.setenv(crew.EXECUTOR, name)
    with pytest.raises(BuildError, match=r"BRIEFINGS_EXECUTOR: .* is no executor"):
        list(crew.spread(die, [1], afar=lambda: crew.Job(echo, "a", [1])))


def test_builds_here_and_there_go_on_from_each_other(small, pool, monkeypatch):
    path = small.parent / "content/briefings/2026/two.md"

    def edit(old, new):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with crew.using(pool, 2):
        build(small, "there")
        edit("Some words", "Other words")
        assert 0 < build(small, "there")[0].written < 30
    monkeypatch.setattr(crew, "FAR", 512)
    build(small, "here")
    assert tree(small.parent / "there") == tree(small.parent / "here")
    time.sleep(0.05)  # else the state of the file that was edited proves nothing, and is looked at again
    assert build(small, "there", explain={})[0].written == 0
    edit("Title of two", "Another title")
    assert build(small, "there")[0].written
    with crew.using(pool, 2):
        monkeypatch.setattr(crew, "FAR", 1)
        build(small, "here")
    assert tree(small.parent / "there") == tree(small.parent / "here")


def test_problems_come_through_as_they_were():
    error = BuildError(Problem("a.md", 3, "tags", "is wrong"), Problem("b.md", 0, "", "is gone", "warning"))
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
