"""What is done to a project before each measured build. Nothing here is part of the measured time."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from scripts.bench import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scripts.bench.corpus import Article, Corpus
    from scripts.bench.peers import Generator


class Project:
    """The project of one generator, with what its articles have become."""

    def __init__(self, generator: Generator, corpus: Corpus, folder: Path) -> None:
        """Make the project in ``folder``."""
        self.generator, self.corpus, self.folder = generator, corpus, folder
        self.changed: dict[int, Article] = {}
        self.count = corpus.count
        self._aside = folder.with_name(f"{folder.name}-aside")
        self._aside.mkdir()
        generator.make(folder, corpus)

    def article(self, number: int) -> Article:
        """An article as it is now."""
        return self.changed.get(number) or self.corpus.article(number)

    def articles(self) -> list[Article]:
        """Every article as it is now, the oldest first."""
        return [self.article(number) for number in range(self.count)]

    def put(self, article: Article) -> None:
        """Write an article anew."""
        self.changed[article.number] = article
        self.generator.write(self.folder, article)

    def clear(self) -> None:
        """Move what builds have left out of the way.

        It is not deleted: ext4 gives out the inode of a deleted file again only after minutes (``recently_deleted`` in
        fs/ext4/ialloc.c), and passes over each of those whenever it is asked for one: a build right after would take
        twice as long.
        """
        for name in (self.generator.output, *self.generator.caches):
            left = self.folder / name
            if left.exists():
                left.rename(self._aside / f"{len(list(self._aside.iterdir()))}-{left.name}")


def cold(project: Project, run: int) -> Path:  # noqa: ARG001
    """No output and no cache."""
    project.clear()
    return project.folder


def nothing(project: Project, run: int) -> Path:  # noqa: ARG001
    """The build before has made everything."""
    return project.folder


def body(project: Project, run: int) -> Path:
    """One sentence more in an article from the middle of the archive."""
    article = project.article(project.corpus.count // 2 + run)
    project.put(replace(article, body=f"{article.body}\n\nThe road was opened again after {run + 2} days."))
    return project.folder


def title(project: Project, run: int) -> Path:
    """Another title and another subject: lists, feeds and neighbours change."""
    article = project.article(project.corpus.count // 3 + run)
    other = next(tag for tag in words.TAGS[20 + run :] if tag not in article.tags)
    project.put(replace(article, title=f"Corrected: {article.title}", tags=(other, *article.tags[1:])))
    return project.folder


def added(project: Project, run: int) -> Path:  # noqa: ARG001
    """One article more, newer than all others."""
    project.put(project.corpus.article(project.count))
    project.count += 1
    return project.folder


def fresh(project: Project, run: int) -> Path:
    """Another folder with the same files, just written, the cache brought along, and no output."""
    folder = project.folder.with_name(f"{project.folder.name}-fresh-{run + 1}")
    leave = shutil.ignore_patterns(project.generator.output)
    shutil.copytree(project.folder, folder, ignore=leave, copy_function=shutil.copyfile)
    return folder


SCENARIOS: tuple[tuple[str, str, Callable[[Project, int], Path]], ...] = (
    ("cold", "cold", cold),
    ("nothing", "nothing changed", nothing),
    ("body", "one body edited", body),
    ("title", "title and tag edited", title),
    ("added", "one added at the newest end", added),
    ("fresh", "fresh clone, cache restored", fresh),
)
"""Key, name in the table, preparation; in the order in which they are run."""
