"""Plain pages: ``content/pages/*.md``, written by hand, with a title and little else. Knows nothing of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from briefings import frontmatter, values, yamlio
from briefings.errors import Problem
from briefings.slugs import slugify
from briefings.values import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "pages"
"""Below the content folder."""


class Plain(Struct, frozen=True):
    """A plain page's file: its front matter, the prose, and the line where the prose begins."""

    title: str
    slug: str
    summary: str
    lang: str
    prose: str
    prose_line: int


class PlainPage(Struct, frozen=True):
    """A plain page as the site shows it. ``content`` is cleaned HTML; ``lang`` is empty when it is the site's."""

    slug: str
    title: str
    content: str
    owner: str
    description: str = ""
    lang: str = ""


def _front(title: str = "", slug: str = "", summary: str = "", lang: str = "") -> tuple[str, str, str, str]:
    return title, slug or slugify(title), summary, lang


_FRONT = values.record(
    _front, ["title"], title=values.plain, slug=values.slug, summary=values.text, lang=values.lang
)  # fmt: skip


def parse(text: str, path: str) -> Plain | Problem:
    """Read a plain page; what is wrong comes back as a problem."""
    parts = frontmatter.split(text)
    if parts is None:
        return Problem(path, 1, "", "no front matter (the first line is ---, and another --- closes it)")
    head, prose, line = parts
    try:
        title, slug, summary, lang = _FRONT(yamlio.load(head, first_line=2))
    except (ValueProblem, yamlio.YamlError) as error:
        return Problem(path, error.line, "front matter", str(error))
    return Plain(title, slug, summary, lang, prose, line)


def scan(content: Path) -> Iterator[tuple[str, Path]]:
    """Yield every plain page's file with its path below ``content``, sorted."""
    for path in sorted((content / FOLDER).glob("*.md")):
        yield path.relative_to(content).as_posix(), path


def strays(content: Path) -> Iterator[str]:
    """Yield what lies in the folder and is no plain page, by its path below ``content``, sorted.

    Hidden files and the copies that editing programs leave (``about.md~``) are nobody's pages.
    """
    folder = content / FOLDER
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if any(part.startswith(".") for part in below.parts) or path.name.endswith("~") or path.is_dir():
            continue
        if len(below.parts) > 1 or path.suffix != ".md":
            yield path.relative_to(content).as_posix()
