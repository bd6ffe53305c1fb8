"""What editors and CI run before anything is published: all that is wrong with the content, at once.

The build starts from here, so that what ``check`` accepts, ``build`` publishes (reliability R24).
"""

from __future__ import annotations

import operator
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct, field, structs

from briefings import contents, frontmatter, labels, library, media, plain, prose, urls
from briefings.errors import BuildError, Problem
from briefings.kept import Keep, proved
from briefings.plain import PlainPage
from briefings.prose import Links, Rendered
from briefings.reading import Prose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from briefings.library import Library
    from briefings.media import Media
    from briefings.model import Briefing, Site


PROPOSED = ".proposed"
"""How the name of a merge ends that waits beside its briefing; as :mod:`briefings.shelf` has it, which loads slowly."""


class Proses(Struct):
    """The prose of every briefing: as it was kept, or rendered when it is asked for and held while a build lasts."""

    content: Path
    links: Links
    keep: Keep
    alone: dict[str, str] = field(default_factory=dict)
    """By file: the digest of the HTML of prose that hangs on no other file."""
    _sources: dict[str, str] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _kept: dict[tuple[str, bool], str] = field(default_factory=dict)
    linked: dict[str, bool] = field(default_factory=dict)
    """Files that the prose leads to, and whether to a part of them."""
    rooted: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """By file: (line, address) of the links from the root of the site."""

    def admit(self, briefing: Briefing) -> tuple[Briefing, Prose, tuple[tuple[int, str, str], ...]]:
        """Render a briefing's prose for its page, unless what is kept of it still holds.

        Returns:
            The briefing with the SHA-256 of that HTML for its ``prose``, so that whatever looks at it changes when a
            link in it leads elsewhere, though not a word was edited; what is told of it; and the targets of its links.

        Raises:
            BuildError: the file is gone or has changed since it was read (reliability R40).
        """
        odd = self.keep.odd.get(briefing.path)
        known = Prose(*odd) if odd else Prose(briefing.prose, alone=True)
        if known.alone:
            self.note(briefing.path, briefing.prose_line, known.rooted)
            self.alone[briefing.path] = known.digest
            return briefing, known, ()
        self._sources[briefing.path] = briefing.prose
        rendered = self._render(briefing.path, whole=False)
        self._kept[briefing.path, False] = rendered.html
        told = Prose.of(rendered)
        self._digests[briefing.path] = told.digest
        self.note(briefing.path, briefing.prose_line, told.rooted)
        for _, href, target in rendered.targets:
            self.linked[target] = self.linked.get(target, False) or "#" in href
        return proved(briefing, told.digest), told, rendered.targets

    def note(self, path: str, first: int, rooted: Iterable[tuple[int, str]]) -> None:
        """Keep the links from the root in prose whose first line is ``first`` of its file."""
        if found := [(first + line - 1, href) for line, href in rooted]:
            self.rooted[path] = found

    def html(self, path: str) -> str:
        """The HTML of an admitted briefing's prose for its page."""
        return self.get(path, self.alone.get(path) or self._digests[path])

    def get(self, path: str, digest: str, *, whole: bool = False) -> str:
        """The HTML of an admitted briefing's prose; ``whole`` as in :func:`briefings.prose.render`.

        Raises:
            BuildError: as :meth:`admit`.
            KeyError: the digest is not that of the admitted prose: a context that was not made from it.
        """
        if (self.alone.get(path) or self._digests[path]) != digest:
            raise KeyError(path)
        if path in self.alone:
            html = self.keep.html(path)
            if not whole or not prose.differs(html):
                return html
        if (path, whole) not in self._kept:
            self._kept[path, whole] = self._render(path, whole=whole).html
        return self._kept[path, whole]

    def without(self, paths: Collection[str]) -> None:
        """Forget some briefings, which none of the others may link to."""
        if not paths:
            return
        self.links = structs.replace(
            self.links, briefings={path: url for path, url in self.links.briefings.items() if path not in paths}
        )
        for path in paths:
            for known in (self.alone, self._sources, self._digests, self.rooted):
                known.pop(path, None)
            self._kept.pop((path, False), None)

    def _render(self, path: str, *, whole: bool) -> Rendered:
        text = contents.read(self.content / path, path)
        parts = None if isinstance(text, Problem) else frontmatter.split(text)
        if parts is None or not self._unchanged(path, parts[1]):
            raise BuildError(Problem(path, 0, "", "changed while the site was being built (build again)"))
        return prose.render(parts[1], path, self.links.briefings[path], self.links, whole=whole)

    def _unchanged(self, path: str, text: str) -> bool:
        if path in self.alone:
            rendered = prose.render(text, path, self.links.briefings[path], self.links)
            return Prose.of(rendered).digest == self.alone[path]
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest() == self._sources[path]


class Checked(Struct, frozen=True):
    """The content, and everything that is wrong with it. The library holds only what is free of errors."""

    library: Library
    media: Mapping[str, Media]
    proses: Proses
    problems: tuple[Problem, ...]
    plain: tuple[PlainPage, ...] = ()
    """The pages written by hand, by the names of their files."""
    linked: Mapping[str, bool] = field(default_factory=dict)
    """Briefings' files that prose leads to, and whether to a part of them."""
    now: datetime | None = None
    """The reference time."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep something from being published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check(content: Path, site: Site, now: datetime, keep: Keep | None = None) -> Checked:
    """Read and check the whole content folder; nothing is written and nothing raised for bad content.

    Args:
        content: the folder with ``briefings/``, ``pages/``, ``images/`` and the tables.
        site: the settings.
        now: the reference time, in UTC: what goes out later is held back.
        keep: what was kept of the last reading, and takes what is to be kept of this one.
    """
    keep = keep or Keep()
    missing = () if content.is_dir() else (Problem(str(content), 0, "", "no such folder (name one with --content)"),)
    files = list(contents.files(content))
    shelf, problems = library.load(content, site, now, keep, files)
    pictures, more = media.scan(content)
    found = [*missing, *problems, *more]
    proses, admitted, wrong = _admitted(shelf.briefings, content, site, pictures, keep)
    found += wrong
    waiting = (*shelf.held, *(() if site.drafts else shelf.drafts))
    found += _waiting(waiting, shelf, proses, keep)
    if any(map(operator.is_not, admitted, shelf.briefings)) or len(admitted) != len(shelf.briefings):
        shelf = library.arrange(content, (*admitted, *waiting), shelf.tables, site, now)
    shelf = structs.replace(shelf, known=keep.numbers, digests=keep.digests)
    by_hand, wrong = _plain(content, proses)
    found += wrong
    from briefings import crossrefs, ledger  # noqa: PLC0415 - they know every page, and an edit asks for none

    found += crossrefs.rooted(proses.rooted, shelf, site, pictures, by_hand)
    found += _leftovers(content, files)
    found += ledger.compare(content, shelf, {problem.file for problem in found if problem.severity == "error"})
    return Checked(shelf, pictures, proses, tuple(sorted(found)), by_hand, proses.linked, now)


def _admitted(
    shown: Iterable[Briefing], content: Path, site: Site, pictures: Mapping[str, Media], keep: Keep
) -> tuple[Proses, list[Briefing], list[Problem]]:
    """Render what is to be shown, each once. What has errors is left out, and so is then what links to it."""
    shown = tuple(shown)
    addresses = {briefing.path: urls.briefing(briefing) for briefing in shown}
    proses = Proses(content, Links(site, addresses, pictures), keep)
    problems: dict[Problem, None] = {}
    good: dict[str, Briefing] = {}
    linking: dict[str, list[tuple[int, str, str]]] = {}
    for briefing in shown:
        try:
            admitted, told, targets = proses.admit(briefing)
        except BuildError as error:
            problems |= dict.fromkeys(error.problems)
            continue
        wrong = alone(admitted, told, pictures)
        problems |= dict.fromkeys(wrong)
        if any(problem.severity == "error" for problem in wrong):
            continue
        good[briefing.path] = admitted
        for line, href, target in targets:
            linking.setdefault(target, []).append((line, href, briefing.path))
    gone = [briefing.path for briefing in shown if briefing.path not in good]
    while gone:
        # One step back along the links: a briefing is told of all its links that this step has broken.
        broken: dict[str, None] = {}
        for target in gone:
            for line, href, path in linking.get(target, ()):
                if path in good:
                    problems[_said(path, good[path].prose_line + line - 1, prose.no_briefing(href))] = None
                    broken[path] = None
        for path in broken:
            del good[path]
        gone = list(broken)
    proses.without([briefing.path for briefing in shown if briefing.path not in good])
    from briefings import crossrefs  # noqa: PLC0415 - knows every page, and an edit asks for none

    named = (
        (path, good[path].prose_line + line - 1, href, target)
        for target in sorted(linking)
        for line, href, path in linking[target]
        if "#" in href and path in good and target in good
    )
    problems |= dict.fromkeys(crossrefs.parts(named, proses.html))
    return proses, list(good.values()), list(problems)


def _waiting(waiting: Sequence[Briefing], shelf: Library, shown: Proses, keep: Keep) -> list[Problem]:
    """Look at drafts and at what is due later: their links may lead to one another."""
    if not waiting:
        return []
    everything = (*shelf.briefings, *shelf.held, *shelf.drafts)
    addresses = {briefing.path: urls.briefing(briefing) for briefing in everything}
    site, pictures = shown.links.site, shown.links.media
    proses = Proses(shown.content, Links(site, addresses, pictures), keep, linked=shown.linked)
    problems: list[Problem] = []
    for briefing in waiting:
        try:
            admitted, told, _ = proses.admit(briefing)
        except BuildError as error:
            problems += error.problems
            continue
        problems += alone(admitted, told, pictures)
    return problems


def alone(briefing: Briefing, told: Prose, pictures: Mapping[str, Media]) -> list[Problem]:
    """What only shows when a briefing is rendered or its place looked up."""
    problems = [_said(briefing.path, briefing.prose_line + line - 1, what) for line, what in told.wrong]
    if told.blank and not briefing.key_points and briefing.status == "published":
        problems.append(Problem(briefing.path, briefing.prose_line, "", "no text and no key points: nothing to read"))
    image = briefing.image
    if image and image.file and image.file not in pictures:
        what = f'no picture "{image.file}" in content/ (write images/name.jpg)'
        problems.append(Problem(briefing.path, briefing.lines.get("image", 1), "image", what))
    elif image and image.file and not image.alt:
        what = "alt is missing (say what the picture shows, for those who do not see it)"
        problems.append(Problem(briefing.path, briefing.lines.get("image", 1), "image", what, "warning"))
    if not labels.known(briefing.lang):
        what = f'"{briefing.lang}" is no language that we know (write en, fr, ar, pt-BR …)'
        problems.append(Problem(briefing.path, briefing.lines.get("lang", 1), "lang", what))
    problems += _place(briefing)
    return problems


def _leftovers(content: Path, files: Iterable[str]) -> Iterator[Problem]:
    """Merges that wait for an editor beside their briefings."""
    for name in contents.proposals(files, PROPOSED):
        path = content / name
        beside = path.name.partition(PROPOSED)[0]
        if path.with_name(beside).is_file():
            what = f"a merge with a changed seed waits (compare it, then move it over {beside}, or delete it)"
        else:
            what = f"a merge with a changed seed waits, but {beside} is gone (move it there, or delete it)"
        yield Problem(name, 0, "", what, "warning")


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


def _plain(content: Path, proses: Proses) -> tuple[tuple[PlainPage, ...], list[Problem]]:
    """Read and render the pages written by hand; what is wrong with one leaves it out."""
    what = f"not a page we read (write it as Markdown, NAME.md, in {plain.FOLDER}/)"
    problems = [Problem(name, 0, "", what) for name in plain.strays(content)]
    taken = _taken()
    owners: dict[str, str] = {}
    links = proses.links
    made: list[PlainPage] = []
    for name, path in plain.scan(content):
        text = contents.read(path, name)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        page = plain.parse(text, name)
        if isinstance(page, Problem):
            problems.append(page)
            continue
        url = urls.plain(page.slug)
        if page.slug in taken:
            problems.append(Problem(name, 0, "slug", f'"{page.slug}" is taken by the site itself (choose another)'))
        elif (other := owners.setdefault(page.slug, name)) != name:
            what = f'would write "{urls.file(url)}", as {other} does (change the slug of one)'
            problems.append(Problem(name, 0, "slug", what))
        rendered = prose.render(page.prose, name, url, links)
        problems += [_said(name, page.prose_line + line - 1, what) for line, what in rendered.wrong]
        proses.note(name, page.prose_line, rendered.rooted)
        for _, _, target in rendered.targets:
            proses.linked.setdefault(target, False)
        lang = page.lang if page.lang != links.site.lang else ""
        made.append(PlainPage(page.slug, page.title, rendered.html, name, page.summary, lang))
    wrong = {problem.file for problem in problems if problem.severity == "error"}
    return tuple(page for page in made if page.owner not in wrong), problems


def _taken() -> frozenset[str]:
    """The first parts of all addresses that the site gives to its own pages and files."""
    made = [value for name, value in vars(urls).items() if name.isupper() and isinstance(value, str)]
    made += [urls.by_slug("x"), urls.short("x"), urls.media(f"{media.FOLDER}/x")]
    made += [urls.index(kind) for kind in library.FACETS]
    return frozenset(url.split("/")[1] for url in made)


def _said(path: str, line: int, what: str) -> Problem:
    """A sentence of the renderer as a problem; one that begins with ``!`` is only a warning."""
    return Problem(path, line, "text", what.removeprefix("!"), "warning" if what.startswith("!") else "error")
