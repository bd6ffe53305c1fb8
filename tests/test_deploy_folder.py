"""Publishing into a folder: readers meet the whole old site or the whole new one, whatever goes wrong."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from deploy_examples import left_over, make_site, read_site

from briefings.deploy import TARGETS, folder
from briefings.deploy.folder import publish, rollback
from briefings.errors import DeployError

PROGRAM = Path(__file__).with_name("deploy_examples.py")


@pytest.fixture
def work(tmp_path):
    """Two versions of a site, ``a`` and ``b``."""
    make_site(tmp_path / "a", "a")
    make_site(tmp_path / "b", "b")
    return tmp_path


@pytest.fixture
def target(tmp_path):
    return tmp_path / "www"


def live(target):
    return (target / "current").readlink().name


def run(action, work, target):
    return subprocess.run(
        [sys.executable, PROGRAM, action, work, target], capture_output=True, text=True, timeout=120, check=False
    )


def snapshot(target):
    return {
        path.relative_to(target): path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes()
        for path in target.rglob("*")
        if path.name != "publish.lock"
    }


# --- the ordinary course --------------------------------------------------------------------------------------------


def test_first_publish_makes_release_1(work, target):
    report = publish(work / "a", target)
    assert report.release.startswith("000001-")
    assert (target / "current").readlink() == Path("releases", report.release)
    assert read_site(target / "current") == {"version a"}
    assert (report.pages, report.files, report.previous) == (7, 7, "")
    assert str(report) == f"{target}: {report.release} is live: 7 pages, 7 files (7 added, 0 changed, 0 removed)"


def test_next_publish_is_counted_on_and_reports_what_changed(work, target):
    first = publish(work / "a", target)
    (work / "b/new.txt").write_text("new")
    (work / "b/briefings/5/index.html").unlink()
    second = publish(work / "b", target, allow_shrink=True)
    assert second.release.startswith("000002-")
    assert second.previous == first.release == (target / "previous").readlink().name
    assert (second.added, second.removed, len(second.changed)) == (("new.txt",), ("briefings/5/index.html",), 6)


def test_publishing_what_is_live_does_nothing(work, target):
    publish(work / "a", target)
    before = snapshot(target)
    report = publish(work / "a", target)
    assert report.unchanged
    assert "nothing to do" in str(report)
    assert snapshot(target) == before


def test_release_is_a_copy_readable_by_a_web_server_with_the_time_of_change(work, target):
    page = work / "a/index.html"
    page.chmod(0o600)
    os.utime(page, (1_000_000_000, 1_000_000_000))
    umask = os.umask(0o077)
    try:
        publish(work / "a", target)
    finally:
        os.umask(umask)
    copy = target / "current/index.html"
    assert copy.stat().st_mode & 0o777 == 0o644
    assert copy.parent.stat().st_mode & 0o777 == 0o755
    assert (target / "current/briefings").stat().st_mode & 0o777 == 0o755
    assert copy.stat().st_mtime == 1_000_000_000
    page.write_text("a build that goes on")
    assert copy.read_text() == "version a"


def test_records_of_the_build_are_left_out_and_other_dot_names_are_not(work, target):
    for name in (".briefings/manifest.json", ".well-known/security.txt", ".nojekyll"):
        (work / "a" / name).parent.mkdir(exist_ok=True)
        (work / "a" / name).write_text("x")
    publish(work / "a", target)
    assert not (target / "current/.briefings").exists()
    assert (target / "current/.well-known/security.txt").exists()
    assert (target / "current/.nojekyll").exists()


def test_dry_run_says_what_would_happen_and_writes_nothing(work, target):
    report = publish(work / "a", target, dry_run=True)
    assert report.dry_run
    assert "would go live" in str(report)
    assert not target.exists()


def test_last_five_releases_stay_with_the_current_and_the_previous(work, target):
    for number in range(8):
        report = publish(make_site(work / "a", str(number)), target)
    assert [path.name[:6] for path in sorted((target / "releases").iterdir())] == [f"00000{n}" for n in range(4, 9)]
    assert len(report.pruned) == 1
    for _ in range(3):
        rollback(target)
    assert live(target).startswith("000005")
    for number in range(8, 13):
        publish(make_site(work / "a", str(number)), target, keep=1)
        assert len(list((target / "releases").iterdir())) == 2
        assert (target / "previous").exists()
    assert live(target).startswith("000013")


def test_numbers_go_on_after_a_rollback_and_no_clock_matters(work, target):
    publish(work / "a", target)
    second = publish(work / "b", target)
    os.utime(target / "releases" / second.release, (0, 0))
    rollback(target)
    third = publish(make_site(work / "c", "c"), target)
    assert third.release.startswith("000003-")
    assert rollback(target).release.startswith("000001-"), "back to what readers saw before, not to what was withdrawn"


def test_rollback_is_one_rename_and_goes_further_each_time(work, target):
    releases = [publish(make_site(work / "a", str(number)), target).release for number in range(3)]
    assert rollback(target, dry_run=True).release == releases[1]
    assert live(target) == releases[2]
    assert rollback(target).release == releases[1]
    assert read_site(target / "current") == {"version 1"}
    assert rollback(target).release == releases[0]
    with pytest.raises(DeployError, match="the oldest release here"):
        rollback(target)
    assert live(target) == releases[0]


def test_rollback_where_nothing_is_published(tmp_path):
    with pytest.raises(DeployError, match="nothing was published here yet"):
        rollback(tmp_path)


def test_table_of_targets_is_complete():
    assert dict(TARGETS)["folder"] is publish


# --- refusals -------------------------------------------------------------------------------------------------------


def refused(match, output, target, **options):
    before = snapshot(target)
    with pytest.raises(DeployError, match=match) as caught:
        publish(output, target, **options)
    assert "\n" not in str(caught.value)
    assert snapshot(target) == before, "what readers see is unchanged"
    assert not left_over(target)


def test_refused_outputs(work, target):
    publish(work / "a", target)
    (work / "empty").mkdir()
    refused("has no page", work / "empty", target, allow_shrink=True)
    refused("is no folder", work / "missing", target)
    refused("lie in one another", target / "current", target)
    refused("lie in one another", work, target)
    (work / "b/linked.html").symlink_to("/etc/hostname")
    refused(r"linked\.html", work / "b", target)
    (work / "b/linked.html").unlink()
    os.mkfifo(work / "b/pipe.html")
    refused(r"pipe\.html: is not a regular file", work / "b", target)


def test_loss_of_a_fifth_of_the_pages_needs_consent(work, target):
    publish(make_site(work / "ten", "1", pages=9), target)
    refused("has 8 pages, what is live has 10", make_site(work / "eight", "2", pages=7), target)
    assert publish(make_site(work / "nine", "3", pages=8), target).pages == 9
    assert publish(make_site(work / "few", "4", pages=1), target, allow_shrink=True).pages == 2


def test_folder_in_place_of_the_link_is_not_replaced(work, target):
    (target / "current").mkdir(parents=True)
    (target / "current/precious.html").write_text("kept")
    with pytest.raises(DeployError, match="is not a link"):
        publish(work / "a", target)
    assert (target / "current/precious.html").read_text() == "kept"


def test_missing_parent_of_the_target_is_not_made(work, tmp_path):
    with pytest.raises(DeployError, match="no such file or folder"):
        publish(work / "a", tmp_path / "not-mounted/www")
    assert not (tmp_path / "not-mounted").exists()


def test_output_that_changes_while_it_is_copied(work, target, monkeypatch):
    publish(work / "a", target)
    copy = folder.copy

    def rewrite_then_copy(source, place):
        if source.name == "index.html" and source.parent == work / "b":
            source.write_text("version c")
        return copy(source, place)

    monkeypatch.setattr(folder, "copy", rewrite_then_copy)
    refused("changed while it was copied", work / "b", target)


def test_disk_that_takes_no_more(work, target):
    publish(work / "a", target)
    (work / "b/large.json").write_bytes(b"x" * 50_000)
    before = snapshot(target)
    result = run("publish_within_limit", work, target)
    assert result.stdout.count("\n") == 1, result.stderr
    assert "larger than this process may write" in result.stdout
    assert "what readers see is unchanged" in result.stdout
    assert snapshot(target) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_full_disk(work):
    small = work / "small"
    small.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True, check=False)
    if mount.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        publish(work / "a", small / "www")
        (work / "b/large.json").write_bytes(b"x" * 100_000)
        refused("the disk is full", work / "b", small / "www")
        (work / "b/large.json").unlink()
        publish(work / "b", small / "www")
        (small / "filler").write_bytes(b"x" * 4096)
        assert rollback(small / "www").release.startswith("000001-")
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        refused("the file system is read-only", make_site(work / "c", "c"), small / "www")
    finally:
        subprocess.run(["umount", small], check=True)


def test_no_permission(work, target):
    publish(work / "a", target)
    before = snapshot(target)
    if os.geteuid() == 0:
        for folder in (work, *work.parents):
            if folder.stat().st_uid == 0 and folder.name.startswith("pytest-"):
                folder.chmod(0o755)
        work.chmod(0o755)
        result = run("publish_as_nobody", work, target).stdout
    else:
        target.chmod(0o555)
        (target / "publish.lock").chmod(0o444)
        try:
            with pytest.raises(DeployError) as caught:
                publish(work / "b", target)
            result = f"{caught.value}\n"
        finally:
            target.chmod(0o755)
    assert "no permission" in result
    assert result.count("\n") == 1
    assert snapshot(target) == before


# --- faults ---------------------------------------------------------------------------------------------------------


def test_death_at_every_call_leaves_the_old_site_or_the_new_one(tmp_path):
    """SIGKILL before each call that touches a file, then the next publish, which mends and clears away."""
    result = run("die_at_every_call", tmp_path, tmp_path / "www")
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 50


def test_death_at_random_times_under_a_reader(work, target):
    """A reader polls while publishes are started and killed: never a missing link, never two versions on one visit."""
    publish(work / "a", target)
    chance, visits, met, done = random.Random(36), 0, set(), threading.Event()

    def poll():
        nonlocal visits
        while not done.is_set():
            try:
                said = read_site(target / "current")
                met.add(" and ".join(sorted(said)))
            except OSError as error:
                met.add(str(error))
            visits += 1
            time.sleep(0.001)

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for _ in range(24):
            with subprocess.Popen(
                [sys.executable, PROGRAM, "publish_for_ever", work, target], stdout=subprocess.PIPE
            ) as publisher:
                publisher.stdout.readline()
                time.sleep(chance.uniform(0, 0.06))
                publisher.kill()
    finally:
        done.set()
        reader.join()
    assert met == {"version a", "version b"}
    assert visits > 100
    publish(make_site(work / "c", "c"), target)
    assert not left_over(target)
    assert len(list((target / "releases").iterdir())) <= 5


@pytest.mark.parametrize("whole", [True, False], ids=["syncfs", "fsync"])
def test_all_is_on_the_disk_before_the_link_moves(work, target, monkeypatch, whole):
    """For the power cut that no test can make: what is synced, renamed and linked, in this order."""
    if whole and folder._syncfs is None:
        pytest.skip("this kernel cannot sync one file system")
    steps = []
    sync, sync_tree, point = folder._sync, folder._sync_tree, folder._point

    def note_sync(path, flags):
        steps.append(f"sync {path.relative_to(target)}" if path.is_relative_to(target) else "sync parent")
        sync(path, flags)

    def note_tree(top, files, folders):
        steps.append(f"tree {len(files)} {len(folders)}")
        sync_tree(top, files, folders)

    def note_point(where, link, release):
        steps.append(f"link {link}")
        point(where, link, release)

    monkeypatch.setattr(folder, "_sync", note_sync)
    monkeypatch.setattr(folder, "_sync_tree", note_tree)
    monkeypatch.setattr(folder, "_point", note_point)
    if not whole:
        monkeypatch.setattr(folder, "_syncfs", None)
    name = publish(work / "a", target).release
    incoming = f"releases/.incoming-{name}"
    files = [f"{incoming}/{path}" for path in ["index.html", *(f"briefings/{n}/index.html" for n in range(6))]]
    folders = [*(f"{incoming}/briefings/{n}" for n in range(6)), f"{incoming}/briefings", incoming]
    assert steps[:2] == ["sync parent", "tree 7 8"]
    assert steps[-4:] == ["sync releases", "sync .", "link current", "sync ."]
    one_by_one = steps[2:-4]
    if whole:
        assert one_by_one == []
    else:
        assert sorted(one_by_one[:7]) == sorted(f"sync {path}" for path in files)
        assert sorted(one_by_one[7:13]) == sorted(f"sync {path}" for path in folders[:6])
        assert one_by_one[13:] == [f"sync {path}" for path in folders[6:]]


def test_disk_that_fails_while_syncing(work, target, monkeypatch):
    publish(work / "a", target)
    monkeypatch.setattr(folder, "_syncfs", lambda _: -1)
    monkeypatch.setattr(folder.ctypes, "get_errno", lambda: errno.ENOSPC)
    refused("the disk is full", work / "b", target)


def test_second_publish_says_who_is_at_work(work, target):
    publish(work / "a", target)
    with subprocess.Popen(
        [sys.executable, PROGRAM, "hold_lock", work, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        with pytest.raises(DeployError, match=f"process {other.pid} on .* is publishing here"):
            publish(work / "b", target)
        with pytest.raises(DeployError, match="is publishing here"):
            rollback(target)
        other.kill()
        other.wait()
        assert read_site(target / "current") == {"version a"}
    assert publish(work / "b", target).release.startswith("000002-"), "the lock ends with the process that held it"


def test_two_at_once_one_goes_live_and_the_site_is_whole(work, target):
    publish(make_site(work / "0", "0"), target)
    outcomes = []

    def attempt(version):
        try:
            outcomes.append(publish(work / version, target).release)
        except DeployError as error:
            outcomes.append(str(error))

    for _ in range(20):
        threads = [threading.Thread(target=attempt, args=(version,)) for version in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert read_site(target / "current") in ({"version a"}, {"version b"})
        assert not left_over(target)
    assert all(outcome.startswith("0") or "is publishing here" in outcome for outcome in outcomes)


def test_interrupted_publish_clears_up_at_once(work, target, monkeypatch):
    publish(work / "a", target)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "copy", interrupt)
    with pytest.raises(KeyboardInterrupt):
        publish(work / "b", target)
    assert read_site(target / "current") == {"version a"}
    assert not left_over(target)
