"""What editors and CI run before anything is published: all that is wrong with the content, at once.

The build starts from here, so that what ``check`` accepts, ``build`` publishes (reliability R24).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from briefings import frontmatter, library, media, plain, prose, urls
from briefings.errors import BuildError, Problem
from briefings.prose import Links, Rendered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from briefings.library import Library
    from briefings.media import Media
    from briefings.model import Briefing, Site


@dataclass(slots=True)
class Proses:
    """The prose of every briefing, rendered when it is asked for and kept while a build lasts."""

    content: Path
    links: Links
    _kept: dict[tuple[str, bool], Rendered] = field(default_factory=dict)

    def get(self, path: str, digest: str, *, whole: bool = False) -> Rendered:
        """Render the prose of the briefing at ``path``, whose SHA-256 the plan knows.

        Raises:
            BuildError: the file is gone or has changed since it was planned (reliability R40).
        """
        key = path, whole
        if key not in self._kept:
            text = library.read(self.content / path, path)
            parts = None if isinstance(text, Problem) else frontmatter.split(text)
            if parts is None or sha256(parts[1].encode("utf-8", "surrogatepass")).hexdigest() != digest:
                raise BuildError(Problem(path, 0, "", "changed while the site was being built (build again)"))
            self._kept[key] = prose.render(parts[1], path, self.links.briefings[path], self.links, whole=whole)
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class Checked:
    """The content, and everything that is wrong with it. The library holds only what is free of errors."""

    library: Library
    media: Mapping[str, Media]
    proses: Proses
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep something from being published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check(content: Path, site: Site, now: datetime) -> Checked:
    """Read and check the whole content folder; nothing is written and nothing raised for bad content.

    Args:
        content: the folder with ``briefings/``, ``pages/``, ``images/`` and the tables.
        site: the settings.
        now: the reference time, in UTC: what goes out later is held back.
    """
    shelf, problems = library.load(content, site, now)
    pictures, more = media.scan(content)
    found = [*problems, *more]
    everything = (*shelf.briefings, *shelf.held, *(() if site.drafts else shelf.drafts))
    addresses = {briefing.path: urls.briefing(briefing) for briefing in everything}
    links = Links(site, addresses, pictures)
    proses = Proses(content, links)
    bad = set()
    for briefing in everything:
        wrong = _briefing(briefing, proses, pictures)
        found += wrong
        if any(problem.severity == "error" for problem in wrong):
            bad.add(briefing.path)
    if bad:
        good = [briefing for briefing in everything if briefing.path not in bad]
        shelf = library.arrange(content, good, shelf.tables, site, now)
    found += _plain(content, links)
    return Checked(shelf, pictures, proses, tuple(sorted(found)))


def _briefing(briefing: Briefing, proses: Proses, pictures: Mapping[str, Media]) -> list[Problem]:
    """What only shows when a briefing is rendered or its place looked up."""
    try:
        rendered = proses.get(briefing.path, briefing.prose)
    except BuildError as error:
        return list(error.problems)
    problems = [_said(briefing.path, briefing.prose_line + line - 1, what) for line, what in rendered.wrong]
    lines = briefing.lines
    if not rendered.html.strip() and not briefing.key_points and briefing.status == "published":
        problems.append(Problem(briefing.path, briefing.prose_line, "", "no text and no key points: nothing to read"))
    image = briefing.image
    if image and image.file and image.file not in pictures:
        what = f'no picture "{image.file}" in content/ (write images/name.jpg)'
        problems.append(Problem(briefing.path, lines.get("image", 1), "image", what))
    elif image and image.file and not image.alt:
        what = "alt is missing (say what the picture shows, for those who do not see it)"
        problems.append(Problem(briefing.path, lines.get("image", 1), "image", what, "warning"))
    problems += _place(briefing)
    return problems


def _place(briefing: Briefing) -> list[Problem]:
    """A place without coordinates must be one that the gazetteer knows, else it is likely misspelt."""
    place = briefing.location
    if place is None or place.latitude is not None or briefing.status == "draft":
        return []
    if library.is_country(place.name, place.country, "en") or library.is_country(
        place.name, place.country, briefing.lang
    ):
        return []
    from briefings.find import gazetteer  # noqa: PLC0415 - large, and seldom needed here

    if gazetteer.lookup(place.name, place.country):
        return []
    near = gazetteer.near(place.name)
    hint = f' (did you mean "{near}"?)' if near else " (or give latitude and longitude)"
    what = f'no such place "{place.name}" in {place.country}{hint}'
    return [Problem(briefing.path, briefing.lines.get("location", 1), "location", what)]


def _plain(content: Path, links: Links) -> list[Problem]:
    problems = []
    for name, path in plain.scan(content):
        text = library.read(path, name)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        page = plain.parse(text, name)
        if isinstance(page, Problem):
            problems.append(page)
            continue
        rendered = prose.render(page.prose, name, urls.plain(page.slug), links)
        problems += [_said(name, page.prose_line + line - 1, what) for line, what in rendered.wrong]
    return problems


def _said(path: str, line: int, what: str) -> Problem:
    """A sentence of the renderer as a problem; one that begins with ``!`` is only a warning."""
    return Problem(path, line, "text", what.removeprefix("!"), "warning" if what.startswith("!") else "error")
