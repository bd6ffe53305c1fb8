"""Addresses that lead on: former slugs, renamed lists, and the short permanent address of each briefing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings import retired, urls
from briefings.cards import KIND
from briefings.entries import formats
from briefings.model import Output
from briefings.slugs import slugify
from briefings.views import Head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.desk import Desk
    from briefings.model import Briefing


def of(desk: Desk, briefing: Briefing) -> Iterator[Output]:
    """A page for every former address of a briefing, and for its short one."""
    if not desk.site.makes("redirects"):
        return
    target = urls.briefing(briefing)
    for alias in briefing.aliases:
        yield _page(urls.by_slug(alias), target, briefing.title, f"{briefing.path} (alias {alias})")
    short = urls.short(desk.codes[briefing.id])
    yield _page(short, target, briefing.title, f"{briefing.path} (its short address)")


def redirects(desk: Desk) -> Iterator[Output]:
    """A page for every former address of a list, and one file of all addresses for hosts that read ``_redirects``."""
    if not desk.site.makes("redirects"):
        return
    known = list(desk.library.addresses(desk.codes))
    rows = [(urls.by_slug(alias), urls.by_slug(slug)) for slug, aliases, _ in known for alias in aliases]
    for old, new, label, owner in _lists(desk):
        rows.append((old, new))
        rows += [(urls.feed(old, suffix), urls.feed(new, suffix)) for _, suffix, _, _ in formats(desk.site)]
        yield _page(old, new, label, owner)
    rows += [(urls.short(code), urls.by_slug(slug)) for slug, _, code in known]
    olds, news = (urls.local_all(desk.site, [row[side] for row in rows]) for side in (0, 1))
    text = "".join(f"{old} {new} 301\n" for old, new in zip(olds, news, strict=True))
    yield Output(urls.file(urls.REDIRECTS), "text", "redirects", {"text": text}, "the file of redirects")


def _page(old: str, new: str, title: str, owner: str) -> Output:
    head = Head(title=title, url=new, robots="noindex")
    return Output(urls.file(old), "page", "redirect.html", {"head": head, "target": new}, owner)


def _lists(desk: Desk) -> Iterator[tuple[str, str, str, str]]:
    """Former addresses of lists that have briefings: (old, new, label, owner); a present list is never covered."""
    known = desk.library.tables
    names: list[tuple[str, str, str, str]] = []
    names += [("tag", row.key, alias, "tags.yaml") for row in known.tags.values() for alias in row.aliases]
    names += [("source", row.key, alias, "sources.yaml") for row in known.sources.values() for alias in row.aliases]
    names += [("story", row.key, alias, "stories.yaml") for row in known.stories.values() for alias in row.aliases]
    for note in known.places.values():
        of = "country" if len(note.key) == 2 else "place"
        names += [(of, note.key, alias, "places.yaml") for alias in note.aliases]
    names += [("region", row.key, alias, "regions.yaml") for row in known.regions.values() for alias in row.aliases]
    names += [(row.kind, row.key, row.old.key, row.file) for row in retired.rows(known)]
    seen: set[tuple[str, str]] = set()
    for name, key, alias, file in names:
        slug, facets = slugify(alias), desk.library.facets[name]
        kind = KIND[name]
        if not desk.site.makes(kind.path):
            continue
        if key in facets and slug != "untitled" and slug not in facets and (name, slug) not in seen:
            seen.add((name, slug))
            yield urls.facet(kind, slug), urls.facet(kind, key), facets[key].term.label, f'{file} (alias "{alias}")'
