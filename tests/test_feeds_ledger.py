"""What has gone out keeps its id and its time: the ledger that ``publish`` writes and ``check`` reads."""

from __future__ import annotations

import pytest
from sites import NOW, SITE, about, briefing, identity, settings

from briefings import check, cli, ledger, scan

BACK = "it was published, so readers have it (status: withdrawn and a withdrawn_reason tell them why it is gone)"
GONE = "(take it from git again, with status: withdrawn and its reason)"


@pytest.fixture
def content(tmp_path):
    """A content folder whose two briefings have gone out."""
    briefing(tmp_path, "one")
    briefing(tmp_path, "two", published=None, date="2016-12-13")
    (tmp_path / "feeds.yaml").write_text(f'rain: {{id: "{identity("feed")}", title: Rain, tags: [one]}}\n', "utf-8")
    assert ledger.update(tmp_path, check.check(tmp_path, SITE, NOW).library) == 3
    return tmp_path


def said(content):
    problems = check.check(content, SITE, NOW).problems
    return [str(problem) for problem in problems if "holds no briefing" not in str(problem)]


def test_nothing_changed_nothing_said_and_nothing_written(content):
    assert not said(content)
    before = (content / ledger.FILE).stat().st_mtime_ns
    assert ledger.update(content, check.check(content, SITE, NOW).library) == 0
    assert (content / ledger.FILE).stat().st_mtime_ns == before


def test_title_slug_file_and_withdrawal_are_free(content):
    (content / "briefings/2026/one.md").unlink()
    briefing(content, "new", title='"New"', aliases="[one]", id=f'"{identity("one")}"')
    withdrawn = {"status": "withdrawn", "withdrawn_reason": "Wrong.", "updated": "2026-11-20T08:00:00Z"}
    briefing(content, "two", published=None, date="2016-12-13", **withdrawn)
    assert not said(content)


def test_an_id_that_changed(content):
    briefing(content, "one", id=f'"{identity("other")}"')
    assert said(content) == [
        f"briefings/2026/one.md:2: id: was {identity('one')} when it was published, and never changes (put it back)"
    ]


def test_a_file_that_is_gone(content):
    (content / "briefings/2026/one.md").unlink()
    (line,) = [n for n, row in enumerate((content / ledger.FILE).read_text().split("\n"), 1) if "one.md" in row]
    assert said(content) == [f"published.txt:{line}: briefings/2026/one.md was published and is gone {GONE}"]


def test_a_file_with_an_error_of_its_own_is_not_gone(content):
    briefing(content, "one", colour="red")
    assert said(content) == ['briefings/2026/one.md:8: colour: unknown field "colour"']


def test_back_to_draft(content):
    briefing(content, "one", status="draft")
    assert said(content) == [f"briefings/2026/one.md:5: status: {BACK}"]


@pytest.mark.parametrize("moved", ["2026-11-02T08:00:00Z", "2027-01-01T08:00:00Z"])
def test_a_time_that_moved_now_or_into_the_future(content, moved):
    briefing(content, "one", published=moved)
    was = "2026-11-01T08:00:00Z"
    assert said(content) == [
        f"briefings/2026/one.md:7: published: was {was} when it went out, and never changes (write published: {was})"
    ]


def test_a_corrected_date_asks_for_the_time_that_it_stood_for(content):
    briefing(content, "two", published=None, date="2016-12-14")
    (problem,) = said(content)
    assert "published: was 2016-12-13T12:" in problem


def test_a_feed_of_the_editors_keeps_its_id(content):
    (content / "feeds.yaml").write_text(f'rain: {{id: "{identity("x")}", title: Rain, tags: [one]}}\n', "utf-8")
    (problem,) = said(content)
    assert problem.startswith(f"feeds.yaml: rain: id: was {identity('feed')} when it went out")
    (content / "feeds.yaml").unlink()
    (problem,) = said(content)
    assert "warning" in problem


def test_a_broken_ledger_is_named(content):
    with (content / ledger.FILE).open("a") as file:
        file.write("<<<<<<< ours\n")
    assert said(content) == ["published.txt:5: is not a line of the ledger (take the file from git again)"]


def test_publish_writes_it_and_check_can(tmp_path, capsys):
    content = tmp_path / "content"
    about(content)
    briefing(content, "one")
    conf = str(settings(tmp_path))
    (tmp_path / "www").mkdir()
    target = str(tmp_path / "www" / "site")
    assert cli.main(["publish", target, "--dry-run", "--settings", conf]) == 0
    assert not (content / ledger.FILE).exists()
    assert cli.main(["publish", target, "--settings", conf]) == 0
    assert identity("one") in (content / ledger.FILE).read_text("utf-8")
    assert "published.txt: 1 more went out; commit it with the content" in capsys.readouterr().err
    briefing(content, "two")
    assert cli.main(["check", "--write-ledger", "--settings", conf]) == 0
    assert identity("two") in (content / ledger.FILE).read_text("utf-8")


def test_what_comes_while_it_publishes_is_not_noted(tmp_path, monkeypatch):
    content = tmp_path / "content"
    about(content)
    briefing(content, "one")
    conf = str(settings(tmp_path))
    (tmp_path / "www").mkdir()
    look = scan.scan

    def late(output, url):
        briefing(content, "late")
        return look(output, url)

    monkeypatch.setattr(scan, "scan", late)
    assert cli.main(["publish", str(tmp_path / "www/site"), "--settings", conf]) == 0
    assert not (tmp_path / "www/site/current/briefings/late").exists()
    written = (content / ledger.FILE).read_text("utf-8")
    assert identity("one") in written
    assert identity("late") not in written


def test_every_broken_file_keeps_its_briefing_from_being_gone(content):
    for slug in ("three", "four"):
        briefing(content, slug)
    ledger.update(content, check.check(content, SITE, NOW).library)
    for slug in ("one", "three", "four"):
        briefing(content, slug, colour="red")
    assert [line.partition(": ")[2] for line in said(content)] == ['colour: unknown field "colour"'] * 3
