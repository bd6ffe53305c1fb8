"""The command's first step: what it says without loading the rest, and what it leaves to the rest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from briefings import fresh, look, start, state
from tests.sites import ROOT, SITE, about, briefing, settings


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A built site in the folder that we are in, a moment old."""
    briefing(tmp_path / "content", "flood")
    about(tmp_path / "content")
    ours = {"key": SITE.key, "leave_out": ("search",)}
    settings(tmp_path, BRIEFINGS=ours, CACHE_PATH=str(tmp_path / "cache")).rename(tmp_path / "pelicanconf.py")
    monkeypatch.chdir(tmp_path)
    assert start.main(["build"]) == 0
    time.sleep(2 * look.TICK / 1e9)
    start.main(["build"])
    return tmp_path


def loaded(*arguments):
    """What a plain build says in a process of its own, and the modules that it loads."""
    code = (
        "import sys; from briefings.start import main; status = main(sys.argv[1:]);"
        "modules = sorted(sys.modules); import json; print(json.dumps([status, modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    *said, told = done.stdout.splitlines()
    return said, *json.loads(told), done.stderr


def test_where_nothing_has_changed_little_is_loaded(site):
    said, status, modules, wrong = loaded("build")
    assert (status, wrong) == (0, "")
    assert said[0].endswith(" 0 written, " + said[0].split(" files: ")[0].split()[-1] + " unchanged, 0 removed")
    ours = {name for name in modules if name.split(".")[0] == "briefings"}
    assert ours == {"briefings", *(f"briefings.{name}" for name in ("conf", "fresh", "look", "start"))}
    assert not {"argparse", "jinja2", "re", "typing"} & (set(modules) - set(empty()))


def empty():
    """What an empty process loads already: some installations have more than others."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; print(' '.join(sys.modules))"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_it_says_what_a_build_without_it_says(site, capsys):
    assert start.main(["build"]) == 0
    short = capsys.readouterr().out
    fresh.forget(next((site / "cache").iterdir()))
    assert start.main(["build"]) == 0
    assert capsys.readouterr().out == short


@pytest.mark.parametrize("damage", ["removed", "longer", "a link", "a stamp cut short", "another list of files"])
def test_a_site_that_does_not_stand_is_built(site, capsys, damage):
    page = site / "output" / "index.html"
    before = page.read_bytes()
    cache = next((site / "cache").iterdir())
    if damage == "removed":
        page.unlink()
    if damage == "longer":
        page.write_bytes(before + b" ")
    if damage == "a link":
        page.rename(site / "elsewhere.html")
        page.symlink_to(site / "elsewhere.html")
    if damage == "a stamp cut short":
        (cache / fresh.STAMP).write_bytes((cache / fresh.STAMP).read_bytes()[:-7])
    if damage == "another list of files":
        (cache / fresh.STANDING).write_bytes(b"")
    capsys.readouterr()
    assert start.main(["build"]) == 0
    written = int(capsys.readouterr().out.split(" files: ")[1].split()[0])
    assert written == (damage in {"removed", "longer", "a link"})
    assert page.read_bytes() == before
    assert not page.is_symlink()


def test_a_stamp_that_is_damaged_anywhere_is_none(site):
    cache = next((site / "cache").iterdir())
    whole = (cache / fresh.STAMP).read_bytes()
    assert fresh.left(cache)
    second = whole.index(b"\n") + 1
    third = whole.index(b"\n", second) + 1
    lengths = whole[second:third].split()
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in (*range(third + 20), len(whole) - 1)]
    damaged += [whole[:end] for end in (*range(third + 20), len(whole) - 1)]
    damaged += [whole + b"\n", whole[:second] + b"9" * 30 + b" " + whole[second:]]
    for wrong in (b"-1", b"9" * 18, b"9" * 9999, b"x", b""):
        damaged.append(whole[:second] + b" ".join([*lengths[:-1], wrong]) + b"\n" + whole[third:])
    for bytes_ in damaged:
        (cache / fresh.STAMP).write_bytes(bytes_)
        assert fresh.left(cache) is None


def test_where_there_are_many_files_another_process_looks(site, monkeypatch):
    monkeypatch.setattr(fresh, "_MANY", 1)
    monkeypatch.setattr(fresh, "_alone", lambda: True)  # it only looks, whatever else this process is at
    cache = next((site / "cache").iterdir())
    begun = []
    monkeypatch.setattr(os, "fork", lambda fork=os.fork: begun.append(1) or fork())
    page = site / "output" / "index.html"
    left = fresh.left(cache)
    assert left.watch(str(site / "output"))()
    page.write_bytes(page.read_bytes() + b" ")
    assert not left.watch(str(site / "output"))()
    assert not left.watch(str(site / "nowhere"))()
    assert begun == [1, 1, 1]


def test_what_is_to_be_complained_of_is_said_each_time(site, capsys):
    (site / "content" / "tags.yaml").write_text('floods:\n  label: "Floods"\n', "utf-8")
    briefing(site / "content", "fire", tags='["no-such-tag"]')
    start.main(["build"])
    time.sleep(2 * look.TICK / 1e9)
    start.main(["build"])
    first = capsys.readouterr().err
    start.main(["build"])
    again = capsys.readouterr().err
    assert "no-such-tag" in again
    assert first.endswith(again)


def test_anything_but_a_plain_build_is_left_to_the_command(site, capsys):
    with pytest.raises(SystemExit):
        start.main(["build", "--nonsense"])
    assert "--nonsense" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        start.main([])
    assert start.main(["build", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == 0


def test_settings_that_do_not_run_are_a_message(site, capsys):
    (site / "pelicanconf.py").write_text("1 / 0\n", "utf-8")
    assert start.main(["build"]) == 1
    assert "does not run: ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_a_cache_is_found_where_the_project_has_moved_to(site, capsys, monkeypatch):
    text = (site / "pelicanconf.py").read_text("utf-8").replace(f"{site}/", "")
    (site / "pelicanconf.py").write_text(text, "utf-8")
    assert start.main(["build"]) == 0
    clone = site.with_name(f"{site.name}-clone")
    shutil.copytree(site / "content", clone / "content")
    shutil.copytree(site / "cache", clone / "cache")
    shutil.copy(site / "pelicanconf.py", clone)
    monkeypatch.chdir(clone)
    monkeypatch.setattr("briefings.frontmatter.parse", None)  # nothing is read again
    assert start.main(["build"]) == 0
    assert (clone / "output/index.html").read_bytes() == (site / "output/index.html").read_bytes()
    assert sorted(path.name for path in (clone / "cache").iterdir()) == sorted(
        path.name for path in (site / "cache").iterdir()
    )


def test_two_output_folders_have_two_caches(tmp_path):
    inside = {fresh.folder(f"{tmp_path}/cache", f"{tmp_path}/{name}", f"{tmp_path}") for name in ("output", "a/output")}
    outside = {fresh.folder("/var/cache", f"{tmp_path}/{name}/output", f"{tmp_path}/{name}") for name in "ab"}
    assert len(inside) == len(outside) == 2


def test_a_reader_who_has_gone_away_ends_the_command_quietly(site):
    for what in ("idle", "build"):
        if what == "build":
            fresh.forget(next((site / "cache").iterdir()))
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m briefings build | true; echo ${{PIPESTATUS[0]}}"],
            cwd=site, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        assert done.stdout.strip() in {"0", "1"}  # 0: it had said all before the other end closed


def test_a_clock_that_goes_back_takes_back_what_is_not_due(site, monkeypatch, capsys):
    briefing(site / "content", "later", published="2026-11-01T08:05:00Z")
    for minute, count in ((10, 2), (1, 1), (10, 2)):
        time.sleep(2 * look.TICK / 1e9)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1793520000 + 60 * minute))  # 2026-11-01T08:00:00Z
        assert start.main(["build"]) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith(f"{count} briefings")


def test_files_of_a_theme_are_seen_whatever_their_folder_is_called(site, capsys):
    theme = site / "theme"
    shutil.copytree(ROOT / "theme", theme)
    text = (site / "pelicanconf.py").read_text("utf-8").replace(repr(str(ROOT / "theme")), repr(str(theme)))
    (site / "pelicanconf.py").write_text(text, "utf-8")
    time.sleep(2 * look.TICK / 1e9)
    assert start.main(["build"]) == 0
    (theme / "static" / "__pycache__").mkdir()
    (theme / "static" / "__pycache__" / "a.css").write_text("p {}", "utf-8")
    time.sleep(2 * look.TICK / 1e9)
    capsys.readouterr()
    assert start.main(["build"]) == 0
    assert " 0 written" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import sys; sys.path[:] = [p for p in sys.path if p != __file__.rpartition('/')[0]]", ""),
        ("raise GeneratorExit", "does not run: GeneratorExit"),
        ("import os; os.chdir('/')", ""),
        ("CACHE_PATH = 'a\\0b'", "CACHE_PATH is no folder"),
        ("class Odd:\n    def __repr__(self):\n        raise RuntimeError('odd')\nODD = Odd()", ""),
    ],
)
def test_settings_may_do_odd_things(site, capsys, line, said):
    path = site / "pelicanconf.py"
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    assert start.main(["build"]) == (1 if said else 0)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
@pytest.mark.parametrize("changed", [False, True])
def test_an_output_that_takes_nothing_is_a_message(site, where, changed):
    if changed:
        fresh.forget(next((site / "cache").iterdir()))
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m briefings build {where}"],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert ("standard output: cannot be written" in done.stderr) == ("full" in where)


def test_every_library_of_a_build_is_looked_at():
    assert {name for name in state._LIBRARIES if name not in {"markdown-it-py", "pyyaml"}} <= set(look.LIBRARIES)


def command(*arguments, then=""):
    """The command in a process of its own, with something before it, which holds back what it writes."""
    code = f"import sys; from briefings import start; sys.argv = ['briefings', *sys.argv[1:]]; {then or 'pass'}; start.command()"
    held = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=held
    )


def test_a_plain_build_leaves_its_process_to_the_system(site):
    later = "import atexit; atexit.register(print, 'at the end')"
    undone = "Last = type('Last', (), {'__del__': lambda self: print('taken apart')}); last = Last()"
    done = command("build", then=f"{later}; {undone}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == ["at the end"]
    briefing(site / "content", "flood", "A body that is another one.")
    done = command("build", then=undone)
    assert done.returncode == 0
    assert "taken apart" not in done.stdout


def test_the_exit_status_is_that_of_the_command(site):
    (site / "content" / "briefings" / "broken.md").write_text("no front matter")
    done = command("build")
    assert done.returncode == 1
    assert "broken.md" in done.stderr
    assert command("no-such").returncode == 2


def test_a_build_ends_as_any_process_does_while_other_threads_are_about(site):
    thread = "import threading, time; threading.Thread(target=lambda: (time.sleep(1), print('and last'))).start()"
    done = command("build", then=thread)
    assert done.stdout.splitlines()[1:] == ["and last"]


def test_files_that_another_plugin_leaves_open_are_written(site):
    (site / "ours.py").write_text("Log = open('log.txt', 'w')\nLog.write('at work')\ndef register(): pass\n")
    file = site / "pelicanconf.py"
    file.write_text(f"{file.read_text()}\nPLUGIN_PATHS = [{str(site)!r}]\nPLUGINS = [*PLUGINS, 'ours']\n")
    assert command("build").returncode == 0
    assert (site / "log.txt").read_text() == "at work"


def test_problems_do_not_come_out_with_results_where_their_stream_is_closed(site):
    (site / "content" / "briefings" / "broken.md").write_text("no front matter")
    call = ["bash", "-c", f"{sys.executable} -m briefings build 2>&-"]
    done = subprocess.run(call, cwd=site, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_the_settings_are_run_once(site):
    file = site / "pelicanconf.py"
    file.write_text(f"{file.read_text()}\nprint('said by the settings')\n")
    for change in ("another program", "an edit", "nothing"):
        if change == "an edit":
            briefing(site / "content", "flood", "Once more.")
            time.sleep(2 * look.TICK / 1e9)
        done = command("build")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[:-1] == ["said by the settings"], change
