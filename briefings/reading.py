"""Every briefing's file, read once: what has not changed since the last build comes from what was kept of it."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.json import decode
from msgspec.structs import replace

from briefings import contents, crew, frontmatter, kept, prose, urls
from briefings.errors import Problem, did_you_mean
from briefings.library import Digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from briefings.kept import Keep
    from briefings.model import Briefing, Site


class Found(Struct, frozen=True):
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


def briefings(content: Path, site: Site, keep: Keep) -> tuple[list[Briefing], list[Problem]]:
    """Read every briefing; what is new is kept.

    Args:
        content: the content folder.
        site: the settings.
        keep: what was kept of the last reading.

    Returns:
        Every briefing whose file says one, and every problem of a file on its own.
    """
    problems: list[Problem] = []
    names: list[str] = []
    changed: list[str] = []
    top = os.fspath(content)
    for name in contents.names(content):
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

    def take(name: str) -> None:
        """Take what is known of a file, and hold no more of it than every build looks at."""
        _, sha256, wrong, first, links = keep.rows.pop(name)
        if wrong != "[]":
            problems.extend(kept.problems_from(wrong))
        if first:
            about = decode(links)
            told = Prose(*about)
            if not told.alone or told.blank or told.wrong or told.rooted:
                keep.odd[name] = about
            made[name] = kept.decode(first, more, told.digest, name)
            digests.put(name, Digests(sha256, told.card, told.order, told.member, told.words, told.size))

    def elsewhere() -> crew.Job | None:
        from briefings import afar  # noqa: PLC0415 - few builds have workers elsewhere

        return afar.reading(content, site, keep, changed)

    for batch in crew.spread(lambda part: some(content, part, site, keep), changed, afar=elsewhere):
        for found in batch:
            if found.problem:
                problems.append(found.problem)
                unread.add(found.name)
                continue
            if found.row:
                keep.put(found.name, found.row)
            else:
                keep.touch(found.name, found.state)
            take(found.name)
        keep.spill()
    for name in names if len(made) < len(names) else ():
        if name in keep.rows and name not in unread:
            take(name)
    keep.only(names)
    return [made[name] for name in names if name in made], problems


def some(content: Path, names: Iterable[str], site: Site, keep: Keep) -> list[Found]:
    """Read some files; nothing is kept yet."""
    return [one(content, name, site, keep) for name in names]


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
    there = contents.read_bytes(f"{content}/{name}", name)
    if isinstance(there, Problem):
        return Found(name, None, there)
    data, state = there[0], kept.state(there[1])
    digest = sha256(data).hexdigest()
    known = keep.rows.get(name)
    if known and known[1] == digest:
        return Found(name, None, state=state)
    text = frontmatter.decode(data, name)
    if isinstance(text, Problem):
        return Found(name, None, text)
    parts = frontmatter.split(text)
    briefing, wrong = frontmatter.parse(text, name, parts)
    if briefing is None or parts is None:
        return Found(name, kept.Row(state, digest, kept.problems_as_json(wrong), "", "[]", "", ""))
    problems = kept.problems_as_json((*wrong, *_region(briefing)))
    words = _words(briefing, parts[1]) if site.makes("related") else ()
    as_it_is = briefing.lang and not words
    whole = briefing if as_it_is else replace(briefing, lang=briefing.lang or site.lang, words=words)
    first, rest = kept.encode(whole)
    card = kept.text((first, whole.title, whole.summary, whole.withdrawn_reason, whole.key_points))
    member = kept.text((whole.id, whole.slug, whole.status, whole.lang, whole.date, whole.location))
    order = kept.text((member, whole.aliases, whole.tags, whole.source.name, whole.story))
    about, html = Prose(whole.prose, alone=False), ""
    if ".md" not in parts[1] and "![" not in parts[1]:  # else it may well hang on others: rendered once they are known
        rendered = prose.render(parts[1], name, urls.briefing(whole), prose.Links(site, {}, {}))
        if rendered.alone:
            about, html = Prose.of(rendered), rendered.html
    marks = (_digest(card), _digest("\0".join(words))[:16], _digest(member), _digest(order), len(data))
    about = Prose(*about[:5], *marks)
    return Found(name, kept.Row(state, digest, problems, first, kept.text(about), rest, html))


def _words(briefing: Briefing, prose: str) -> tuple[str, ...]:
    from briefings import related  # noqa: PLC0415 - sites may do without

    return related.words(briefing, prose)


def _digest(text: str) -> str:
    """A digest of a text: half a SHA-256."""
    return sha256(text.encode()).hexdigest()[:32]
