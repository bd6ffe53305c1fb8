"""Every briefing's file, read once: what has not changed since the last build comes from what was kept of it."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.json import decode
from msgspec.structs import replace

from briefings import contents, crew, frontmatter, kept, prose, urls
from briefings.errors import Problem, did_you_mean
from briefings.library import Digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from briefings.kept import Keep
    from briefings.model import Briefing, Site


class Found(Struct, frozen=True, array_like=True):
    """What is to be kept of a file, or why it cannot even be read as text, or else its state: its bytes are known."""

    name: str
    row: kept.Row | None
    problem: Problem | None = None
    state: str = ""


class Prose(NamedTuple):
    """What is told of a briefing's prose; ``digest`` is that of its HTML, or of its text when it is not alone."""

    digest: str
    alone: bool
    blank: bool = False
    wrong: tuple[tuple[int, str], ...] = ()
    rooted: tuple[tuple[int, str], ...] = ()
    card: str = ""
    """A digest of what lists show of the briefing, prose or not."""
    words: str = ""
    """A digest of the words that stand for it."""
    member: str = ""
    """A digest of what the first page of a list tells of it, without its words."""
    order: str = ""
    """A digest of all that it is sorted, grouped and counted by."""
    size: int = 0
    """Bytes of the file."""

    @classmethod
    def of(cls, rendered: prose.Rendered) -> Prose:
        """What is told of rendered prose."""
        digest = sha256(rendered.html.encode("utf-8", "surrogatepass")).hexdigest()
        return cls(digest, rendered.alone, not rendered.html.strip(), rendered.wrong, rendered.rooted)


def briefings(
    content: Path, site: Site, keep: Keep, files: Iterable[str] | None = None
) -> tuple[list[Briefing], list[Problem]]:
    """Read every briefing; what is new is kept.

    Args:
        content: the content folder.
        site: the settings.
        keep: what was kept of the last reading.
        files: all below ``content/briefings``, from somebody who has looked.

    Returns:
        Every briefing whose file says one, and every problem of a file on its own.
    """
    problems: list[Problem] = []
    names: list[str] = []
    changed: list[str] = []
    top = os.fspath(content)
    for name in contents.of_briefings(contents.files(content) if files is None else files):
        if not name.isprintable():
            problems.append(Problem(ascii(name), 0, "", "a file name with a control character (rename it)"))
            continue
        names.append(name)
        if not _stands(f"{top}/{name}", keep.rows.get(name)):
            changed.append(name)
    made: dict[str, Briefing] = {}
    unread: set[str] = set()
    more = keep.rest
    from briefings.packed import Packed  # noqa: PLC0415 - an edit reads few

    keep.digests = digests = Packed(keep.numbers)

    def take(names: Sequence[str]) -> None:
        """Take what is known of some files, and hold no more of it than every build looks at."""
        rows = [keep.rows.pop(name) for name in names]
        for _, _, wrong, _, _ in rows:
            if wrong != "[]":
                problems.extend(kept.problems_from(wrong))
        said = [(name, row) for name, row in zip(names, rows, strict=True) if row[3]]
        told = [Prose(*decode(row[4])) for _, row in said]
        for (name, row), about in zip(said, told, strict=True):
            if not about.alone or about.blank or about.wrong or about.rooted:
                keep.odd[name] = decode(row[4])
        for (name, row), about in zip(said, told, strict=True):
            made[name] = kept.decode(row[3], more, about.digest, name)
        for (name, row), about in zip(said, told, strict=True):
            digests.put(name, Digests(row[1], about.card, about.order, about.member, about.words, about.size))

    def elsewhere() -> crew.Job | None:
        from briefings import afar  # noqa: PLC0415 - few builds have workers elsewhere

        return afar.reading(content, site, keep, changed)

    read = crew.spread(lambda part: some(content, part, site, keep), changed, afar=elsewhere, kind=list[Found])
    for batch in read:
        for block in crew.blocks(batch):
            for found in block:
                if found.problem:
                    problems.append(found.problem)
                    unread.add(found.name)
                elif found.row:
                    keep.put(found.name, found.row)
                else:
                    keep.touch(found.name, found.state)
            take([found.name for found in block if not found.problem])
        keep.spill()
    left = names if len(made) < len(names) else ()
    for block in crew.blocks(name for name in left if name in keep.rows and name not in unread):
        take(block)
    keep.only(names)
    return [made[name] for name in names if name in made], problems


def some(content: Path, names: Iterable[str], site: Site, keep: Keep) -> list[Found]:
    """Read some files; nothing is kept yet."""
    reader = _Reader(os.fspath(content), site, keep)
    return [found for block in crew.blocks(names) for found in reader.read(block)]


def _region(briefing: Briefing) -> Iterator[Problem]:
    """Warn of a region that its country does not have, as far as the gazetteer knows: it is likely misspelt.

    That is looked up here, where only what has changed is read: opening the gazetteer takes longer than many a build.
    """
    place = briefing.location
    if place is None or not place.region or briefing.status == "draft":
        return
    from briefings.find import gazetteer  # noqa: PLC0415 - large, and seldom needed here

    if not gazetteer.is_region(place.region, place.country):
        hint = did_you_mean(place.region, gazetteer.regions(place.country))
        what = f'no region "{place.region}" of {place.country} is known{hint}'
        yield Problem(briefing.path, briefing.lines.get("location", 1), "location", what, "warning")


def _stands(path: str, row: tuple[str, ...] | None) -> bool:
    """Whether a file is as it was at the last look."""
    if row is None or not row[0]:
        return False
    try:
        about = os.lstat(path)
    except OSError:
        return False
    return kept.state(about) == row[0]


def one(content: Path, name: str, site: Site, keep: Keep) -> Found:
    """Read one file, and render its prose as far as that hangs on nothing else."""
    return _Reader(os.fspath(content), site, keep).read([name])[0]


class _File(Struct):
    """A file that is being read. What is ``found`` ends that."""

    name: str
    found: Found | None = None
    data: bytes = b""
    state: str = ""
    sha256: str = ""
    text: str = ""
    parts: frontmatter.Parts | None = None
    briefing: Any = None
    wrong: tuple[Problem, ...] = ()
    words: tuple[str, ...] = ()
    html: str = ""
    about: Prose | None = None


class _Reader(Struct):
    """Reads files step by step: each step is done for all of a block, as :func:`briefings.crew.blocks` says why."""

    content: str
    site: Site
    keep: Keep

    def read(self, names: Iterable[str]) -> list[Found]:
        """What is found in some files, in their order."""
        files = left = [_File(name) for name in names]
        for step in (self._open, self._compare, self._split, self._parse, self._render, self._encode):
            for file in left:
                step(file)
            left = [file for file in left if file.found is None]
        return [file.found for file in files if file.found]

    def _open(self, file: _File) -> None:
        there = contents.read_bytes(f"{self.content}/{file.name}", file.name)
        if isinstance(there, Problem):
            file.found = Found(file.name, None, there)
        else:
            file.data, file.state = there[0], kept.state(there[1])

    def _compare(self, file: _File) -> None:
        file.sha256 = sha256(file.data).hexdigest()
        known = self.keep.rows.get(file.name)
        if known and known[1] == file.sha256:
            file.found = Found(file.name, None, state=file.state)

    def _split(self, file: _File) -> None:
        text = frontmatter.decode(file.data, file.name)
        if isinstance(text, Problem):
            file.found = Found(file.name, None, text)
        else:
            file.text, file.parts = text, frontmatter.split(text)

    def _parse(self, file: _File) -> None:
        file.briefing, file.wrong = frontmatter.parse(file.text, file.name, file.parts)
        if file.briefing is None or file.parts is None:
            problems = kept.problems_as_json(file.wrong)
            file.found = Found(file.name, kept.Row(file.state, file.sha256, problems, "", "[]", "", ""))

    def _render(self, file: _File) -> None:
        _, text, _ = file.parts or ("", "", 0)
        briefing: Briefing = file.briefing
        file.words = _words(briefing, text) if self.site.makes("related") else ()
        if ".md" not in text and "![" not in text:  # else it may well hang on others: rendered once they are known
            rendered = prose.render(text, file.name, urls.briefing(briefing), prose.Links(self.site, {}, {}))
            if rendered.alone:
                file.about, file.html = Prose.of(rendered), rendered.html

    def _encode(self, file: _File) -> None:
        one, words = file.briefing, file.words
        problems = kept.problems_as_json((*file.wrong, *_region(one)))
        as_it_is = one.lang and not words
        whole: Briefing = one if as_it_is else replace(one, lang=one.lang or self.site.lang, words=words)
        first, rest = kept.encode(whole)
        card = kept.text((first, whole.title, whole.summary, whole.withdrawn_reason, whole.key_points))
        member = kept.text((whole.id, whole.slug, whole.status, whole.lang, whole.date, whole.location))
        order = kept.text((member, whole.aliases, whole.tags, whole.source.name, whole.story))
        marks = (_digest(card), _digest("\0".join(words))[:16], _digest(member), _digest(order), len(file.data))
        about = Prose(*(file.about or Prose(whole.prose, alone=False))[:5], *marks)
        row = kept.Row(file.state, file.sha256, problems, first, kept.text(about), rest, file.html)
        file.found = Found(file.name, row)


def _words(briefing: Briefing, prose: str) -> tuple[str, ...]:
    from briefings import related  # noqa: PLC0415 - sites may do without

    return related.words(briefing, prose)


def _digest(text: str) -> str:
    """A digest of a text: half a SHA-256."""
    return sha256(text.encode()).hexdigest()[:32]
