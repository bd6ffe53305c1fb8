"""A site whose slices are worked on elsewhere, for tests: the demo site's content, and executors that interfere."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import Executor

from briefings import afar, run
from tests.sites import ROOT, settings

EPOCH = "1795400000"
"""In November 2026, after all that the demo site tells of."""


KEY = "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1"


def site(folder):
    """A third of the demo site's content; return the settings file."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "content", folder / "content")
    for number, path in enumerate(sorted((folder / "content/briefings").rglob("*.md"))):
        if number % 3:
            path.unlink()  # what links to it is left out, as are those that are wrong
    return settings(folder, BRIEFINGS={"key": KEY, "page_size": 12})


def build(conf, output="output", **how):
    """Build without the index for search, which is made in one piece."""
    return run.run(conf, output=conf.parent / output, index=False, skip_invalid=True, **how)


class Meddler(Executor):
    """Hands everything on to another executor; something happens before the first slice of a kind of work.

    What ``happens`` gives, if anything, is what the workers are told instead.
    """

    def __init__(self, pool, work, happens):
        self.pool, self.work, self.happens = pool, work, happens
        self.told = None

    def submit(self, function, /, told, items):
        if function is self.work:
            self.told = self.told or self.happens(told) or told
            told = self.told
        return self.pool.submit(function, told, items)


class Fatal(Executor):
    """Its workers end in the middle of making."""

    def __init__(self, pool):
        self.pool = pool

    def submit(self, function, /, told, items):
        return self.pool.submit(die if function is afar.make else function, told, items)


def die(told, items):
    """End without an answer, as a process does that is killed for its memory."""
    os._exit(9)
