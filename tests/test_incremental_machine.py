"""Whatever editors, machines and accidents do in whatever order: the next build equals a build from nothing (R28)."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from briefings import plugin, run, state
from briefings.errors import BriefingsError
from tests.sites import NOW, ROOT
from tests.sites import settings as conf
from tests.test_build import tree
from tests.test_incremental import KEY, Newsroom

SEEDS = st.integers(0, 2**16)


class Room(Newsroom):
    """A newsroom whose theme can be changed."""

    def __init__(self, folder, seed):
        super().__init__(folder, seed)
        self.theme.unlink()
        shutil.copytree(ROOT / "theme", self.theme)

    def conf(self):
        ours = {"key": KEY, "page_size": 2, "leave_out": ("search",), **self.options}
        return conf(self.folder, THEME=str(self.theme), BRIEFINGS=ours)


def pages(folder):
    """The site without the build's own records."""
    return {path: data for path, data in tree(folder).items() if not path.startswith(".briefings/")}


class Builds(RuleBasedStateMachine):
    """Each rule is something that happens between two builds, or to one."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
        self.fresh = False

    @initialize(seed=SEEDS)
    def open(self, seed):
        self.room = Room(self.folder, seed)
        self.output = self.folder / "output"
        self.saved = None

    def settle(self):
        """Let the clock tick: the state of a file that is as old as its last look counts for nothing."""
        old = NOW.timestamp() - 86_400
        for path in self.room.content.rglob("*"):
            if path.is_file() and path.stat().st_mtime > old + 43_200:
                os.utime(path, (old + path.stat().st_size, old + path.stat().st_size))

    @rule(seed=SEEDS, times=st.integers(1, 3))
    def edit(self, seed, times):
        self.room.chance = Random(seed)
        for _ in range(times):
            self.room.step()
        self.fresh = False

    @rule(seed=SEEDS)
    def template(self, seed):
        name = Random(seed).choice(["briefing.html", "list.html", "parts/strip.html", "base.html"])
        path = self.room.theme / "templates" / name
        path.write_text(path.read_text("utf-8") + f"<!-- {seed} -->", "utf-8")
        self.fresh = False

    @rule()
    def save(self):
        self.saved = {path: path.read_bytes() for path in sorted((self.room.content / "briefings").rglob("*.md"))}

    @rule()
    def revert(self):
        if self.saved is not None:
            for path in (self.room.content / "briefings").rglob("*.md"):
                path.unlink()
            for path, data in self.saved.items():
                path.write_bytes(data)
            self.room.pages = {slug: fields for slug, fields in self.room.pages.items() if self.has(slug)}
            self.fresh = False

    def has(self, slug):
        return (self.room.content / f"briefings/2026/{slug}.md").exists()

    @rule(at=st.integers(1, 9))
    def crash(self, at):
        """A build that stops while files are put in place, as a full disk or a power cut would stop it."""
        left = [at]

        def place(aside, target, really=state.place):
            left[0] -= 1
            if not left[0]:
                raise OSError(28, "No space left on device")
            really(aside, target)

        self.patch.setattr(state, "place", place)
        try:
            run.run(self.room.conf(), output=self.output)
        except BriefingsError:
            pass
        finally:
            self.patch.setattr(state, "place", _PLACE)

    @rule(what=st.sampled_from(["cache", "output", "cache and output", "a kept row", "nonsense"]))
    def lose(self, what):
        cache = self.folder / "cache"
        if "cache" in what:
            shutil.rmtree(cache, ignore_errors=True)
        if "output" in what:
            shutil.rmtree(self.output, ignore_errors=True)
        if what == "nonsense":
            for path in cache.rglob("kept.sqlite"):
                path.write_bytes(b"SQLite format 3\0" + b"nonsense" * 512)
        if what == "a kept row":
            for path in cache.rglob("stamp.txt"):
                path.write_text("{}", "utf-8")
        self.fresh = False

    @rule()
    def host(self):
        """Somebody builds with the host's own command in between, which keeps nothing of ours."""
        plugin.run(self.room.conf(), output=self.output)

    @rule()
    def build(self):
        self.settle()
        run.run(self.room.conf(), output=self.output)
        self.fresh = True

    @invariant()
    def equal(self):
        if not self.fresh:
            return
        clean = self.folder / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        run.run(self.room.conf(), output=clean, full=True)
        assert pages(self.output) == pages(clean)
        assert (self.output / ".briefings/manifest.json").read_bytes() == (
            clean / ".briefings/manifest.json"
        ).read_bytes()
        self.fresh = False

    def teardown(self):
        self.patch.undo()
        shutil.rmtree(self.folder, ignore_errors=True)


_PLACE = state.place
Builds.TestCase.settings = settings(
    max_examples=int(os.environ.get("BRIEFINGS_MACHINE", "4")), stateful_step_count=12, deadline=None,
    suppress_health_check=list(HealthCheck), derandomize=True,
)  # fmt: skip
TestBuilds = Builds.TestCase
