"""Small sites to publish, and programs that publish them while something goes wrong. Run as a program by the tests."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from briefings.deploy import folder
from briefings.deploy.folder import publish
from briefings.errors import DeployError

PAGES = 6


def make_site(folder: Path, version: str, pages: int = PAGES) -> Path:
    """A site whose every page says which version it belongs to."""
    for number in range(pages):
        page = folder / f"briefings/{number}/index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"version {version}", encoding="utf-8")
    (folder / "index.html").write_text(f"version {version}", encoding="utf-8")
    return folder


def read_site(current: Path) -> set[str]:
    """What a reader meets who opens the site once and then reads all its pages: the versions they say."""
    root = os.open(current, os.O_RDONLY | os.O_DIRECTORY)
    try:
        said = set()
        for page in ("index.html", *(f"briefings/{number}/index.html" for number in range(PAGES))):
            descriptor = os.open(page, os.O_RDONLY, dir_fd=root)
            said.add(os.read(descriptor, 100).decode())
            os.close(descriptor)
        return said
    finally:
        os.close(root)


def left_over(target: Path) -> list[str]:
    """Names that no finished publish leaves."""
    return [path.name for path in (*target.iterdir(), *(target / "releases").iterdir()) if path.name.startswith(".")]


def publish_for_ever(work: Path, target: Path) -> None:
    print("ready", flush=True)
    while True:
        for version in "ab":
            publish(work / version, target)


def hold_lock(work: Path, target: Path) -> None:
    """Publish, and stand still while the lock is held."""

    def stand_still(*_: object) -> NoReturn:
        print("held", flush=True)
        sys.stdin.read()
        raise SystemExit

    folder.copy = stand_still
    publish(work / "b", target)


def die_at_every_call(work: Path, target: Path) -> None:
    """Publish again and again, dying at the first, second, … call that touches files, until one run survives."""
    os.fsync = lambda _: None  # a process that dies loses nothing that it wrote; only a power cut would
    publish(make_site(work / "0", "0"), target)
    previous, call = "0", 0
    while True:
        call += 1
        site = make_site(work / str(call), str(call))
        child = os.fork()
        if child == 0:
            calls = iter(range(1, 1_000_000))

            def count(event: str, _: tuple[object, ...], calls=calls, last=call) -> None:
                if event.startswith(("os.", "open", "shutil.")) and next(calls) == last:
                    os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            publish(site, target)
            os._exit(0)
        survived = os.waitpid(child, 0)[1] == 0
        said = read_site(target / "current")
        assert said in ({f"version {previous}"}, {f"version {call}"}), f"call {call}: readers met {said}"
        publish(site, target)
        assert read_site(target / "current") == {f"version {call}"}, f"call {call}: the next publish did not mend it"
        assert not left_over(target), f"call {call}: {left_over(target)}"
        previous = str(call)
        if survived:
            print(call - 1)
            return


def publish_within_limit(work: Path, target: Path) -> None:
    """Publish where no file may grow beyond 4 KB, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    show_refusal(work / "b", target)


def publish_as_nobody(work: Path, target: Path) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    show_refusal(work / "b", target)


def show_refusal(output: Path, target: Path) -> None:
    try:
        publish(output, target)
    except DeployError as error:
        print(error)


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
