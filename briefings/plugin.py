"""The plugin for Pelican: the host keeps settings, plain pages and the command; our generator makes the site.

Plugged in by public signals only (``readers_init``, ``get_generators``). ``run`` starts the same host in this process,
so that ``briefings build`` and ``pelican content`` write the same files.
"""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pelican import Pelican, signals
from pelican.generators import Generator
from pelican.settings import read_settings

from briefings import build, check, reader, settings
from briefings.errors import BriefingsError, BuildError, ContentError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from briefings.library import Library
    from briefings.report import Report

OURS = {
    "ARTICLE_PATHS": [],
    "DIRECT_TEMPLATES": [],
    "STATIC_PATHS": [],
    "THEME_STATIC_PATHS": [],
    "PAGE_PATHS": ["pages"],
    "PAGE_SAVE_AS": "",
    "PAGE_URL": "{slug}/",
    "PAGE_LANG_SAVE_AS": "",
    "DRAFT_PAGE_SAVE_AS": "",
    "DRAFT_PAGE_LANG_SAVE_AS": "",
    "READERS": {"html": None, "htm": None, "rst": None},
    "DELETE_OUTPUT_DIRECTORY": False,
    "FEED_ALL_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "TRANSLATION_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "AUTHOR_SAVE_AS": "",
    "CATEGORY_SAVE_AS": "",
    "TAG_SAVE_AS": "",
    "AUTHORS_SAVE_AS": "",
    "CATEGORIES_SAVE_AS": "",
    "TAGS_SAVE_AS": "",
    "ARCHIVES_SAVE_AS": "",
    "OUTPUT_SOURCES": False,
    "CACHE_CONTENT": False,
    "LOAD_CONTENT_CACHE": False,
}
"""What the host must leave to us, or must not do: its cache is a pickle, its default deletes the output, and its
readers of HTML and reStructuredText publish scripts and other files of the machine (reliability R20)."""


class BriefingsGenerator(Generator):  # type: ignore[misc]  # Pelican is untyped
    """Loads and checks the content, then plans and writes the whole site."""

    def generate_context(self) -> None:
        """Read and check everything, so that nothing is written for content that cannot be published.

        Raises:
            ContentError: with every problem, unless ``BRIEFINGS_SKIP_INVALID`` says to go on without the bad files.
        """
        self.site = settings.site(self.settings)
        self.checked = check.check(Path(self.settings["PATH"]), self.site, settings.reference_time())
        if self.checked.errors and not self.settings.get("BRIEFINGS_SKIP_INVALID"):
            raise ContentError(*self.checked.errors)

    def generate_output(self, writer: object) -> None:  # noqa: ARG002 - the host's signature
        """Write the site; the host's own writer has nothing to write.

        Raises:
            BuildError: also when the host complained of a page, which it would leave out.
        """
        if complaints := self.settings.get("BRIEFINGS_COMPLAINTS"):
            raise BuildError(*(Problem("pages", 0, "", " ".join(text.split())) for text in complaints))
        theme, output = Path(self.settings["THEME"]), Path(self.settings["OUTPUT_PATH"])
        full = bool(self.settings.get("BRIEFINGS_FULL"))
        index = bool(self.settings.get("BRIEFINGS_INDEX", True))
        report = build.build(self.checked, self.site, theme, output, full=full, index=index)
        self.settings["BRIEFINGS_LIBRARY"] = self.checked.library
        self.settings["BRIEFINGS_RESULT"] = report, (*self.checked.problems, *report.notes)


def _settle(pelican: Pelican) -> None:
    pelican.settings.update(OURS)


def _generators(pelican: Pelican) -> type[BriefingsGenerator]:  # noqa: ARG001 - the signal's signature
    return BriefingsGenerator


def register() -> None:
    """Plug in."""
    reader.register()
    signals.initialized.connect(_settle)
    signals.get_generators.connect(_generators)


class _Complaints(logging.Handler):
    """Collects what the host complains of: a warning there can mean a page that is left out (reliability R30)."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    logger = logging.getLogger("pelican")
    logger.setLevel(logging.WARNING)
    handler, propagate = _Complaints(), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield handler.found
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Have no bytecode written: that of settings would be taken for theirs after an edit in the same second."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def run(
    file: Path,
    content: Path | None = None,
    output: Path | None = None,
    *,
    skip_invalid: bool = False,
    drafts: bool = False,
    full: bool = False,
    index: bool = True,
    built: Callable[[Library], object] | None = None,
) -> tuple[Report, tuple[Problem, ...]]:
    """Build the site with the host in this process.

    Args:
        file: the settings file.
        content: instead of the settings' ``PATH``.
        output: instead of the settings' ``OUTPUT_PATH``.
        skip_invalid: go on without the files that have errors.
        drafts: show drafts, marked as such; never for a site that others read.
        full: make everything anew, whatever the last build left.
        index: bring the index for search up to date; else it stays as it is.
        built: is given what the site was made of, once it stands.

    Returns:
        What was written, and every problem that was found on the way.

    Raises:
        BriefingsError: with every problem; nothing was written, or what stood there still stands.
    """
    override: dict[str, Any] = {
        "BRIEFINGS_SKIP_INVALID": skip_invalid, "BRIEFINGS_FULL": full, "BRIEFINGS_INDEX": index,
    }  # fmt: skip
    if content:
        override["PATH"] = str(content.resolve())
    if output:
        override["OUTPUT_PATH"] = str(output.resolve())
    found = settings.load(file)  # for its messages: the host would end the process
    if not (content or found.content).is_dir():
        raise ContentError(Problem(str(content or found.content), 0, "", "no such folder (name one with --content)"))
    with _no_bytecode():
        host = read_settings(str(file), override=override)
    if drafts:
        host["BRIEFINGS"] = {**host.get("BRIEFINGS", {}), "drafts": True}
    with _listening() as complaints:
        host["BRIEFINGS_COMPLAINTS"] = complaints
        try:
            pelican = Pelican(host)
            with redirect_stdout(StringIO()):  # the host counts its own articles there
                pelican.run()
        except BriefingsError:
            raise
        except Exception as error:
            what = f"the host failed: {error.__class__.__name__}: {error}"
            raise BuildError(Problem(str(file), 0, "", what)) from error
    result: tuple[Report, tuple[Problem, ...]] | None = pelican.settings.get("BRIEFINGS_RESULT")
    if complaints:
        raise BuildError(*(Problem(str(file), 0, "", " ".join(text.split())) for text in complaints))
    if result is None:
        raise BuildError(Problem(str(file), 0, "PLUGINS", 'must name "briefings.plugin"'))
    if built:
        built(pelican.settings["BRIEFINGS_LIBRARY"])
    return result
