"""From the plan to files: make what changed, write what differs, prune what is no longer planned, keep the manifest.

An output whose fingerprint is that of the last build is not made again. Every other is made before the first one is
written, so that a template that fails or a feed that cannot be made leaves the folder as it was.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from markupsafe import Markup

from briefings import documents, feeds, fresh, library, pages, search, sitemap, state, urls
from briefings.errors import BuildError, Problem
from briefings.feeds.content import excerpt
from briefings.prose import words
from briefings.render import Renderer
from briefings.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from briefings.check import Checked
    from briefings.model import Output, Site
    from briefings.views import Entry


@dataclass(frozen=True, slots=True)
class Workshop:
    """What makers may use: never the library, only what an output's context names."""

    checked: Checked
    site: Site
    theme: Path
    renderer: Renderer
    press: feeds.Press
    notes: list[Problem] = field(default_factory=list)
    """What a maker had to leave out, for the report."""


def _prose(checked: Checked) -> Callable[[Entry], str]:
    """What gives the prose of a feed entry, every address absolute."""
    return lambda entry: checked.proses.get(entry.prose, entry.prose_digest, whole=True)


def _page(output: Output, shop: Workshop) -> bytes:
    context = dict(output.context)
    if "prose" in context:
        source = context["source"]
        html = _allowed(context["prose"], source.reuse if source else "full", shop)
        context["prose"] = Markup(html)  # noqa: S704 - cleaned by nh3
    return shop.renderer.page(output.name, context)


def _allowed(prose: tuple[str, str] | None, reuse: str, shop: Workshop) -> str:
    """As much of a briefing's prose as its source lets us show."""
    if prose is None or reuse not in {"full", "excerpt"}:
        return ""
    html = shop.checked.proses.get(*prose)
    return html if reuse == "full" else excerpt(html)


def _feed(output: Output, shop: Workshop) -> bytes:
    feed = output.context["feed"]
    limit = sys.maxsize if feed.current else shop.site.feed_bytes  # an archive without gaps is worth its size
    document = shop.press.compose(output.name, feed, limit)
    if document.dropped:
        what = f"the {document.dropped} oldest entries were left out: more than {shop.site.feed_bytes // 1024} KiB"
        shop.notes.append(Problem(output.path, 0, "", what, "warning"))
    return document.data


def _opml(output: Output, shop: Workshop) -> bytes:
    context = output.context
    return feeds.opml.write(context["title"], context["groups"], lambda path: urls.absolute(shop.site, path))


def _sitemap(output: Output, shop: Workshop) -> bytes:  # noqa: ARG001
    write = sitemap.index if output.name == "index" else sitemap.write
    return write(output.context["rows"])


def _robots(output: Output, shop: Workshop) -> bytes:  # noqa: ARG001
    return sitemap.robots(output.context["sitemap"])


def _document(output: Output, shop: Workshop) -> bytes:
    context = output.context
    html = _allowed(context["prose"], context["reuse"], shop) if "prose" in context else ""
    return documents.write(output.name, context["data"], documents.whole(html, shop.site))


def _text(output: Output, shop: Workshop) -> bytes:  # noqa: ARG001
    return str(output.context["text"]).encode("utf-8", "replace")


def _copy(output: Output, shop: Workshop) -> bytes:
    root = {"theme": shop.theme, "content": shop.checked.library.root}[output.context["root"]]
    name = output.context["file"]
    data: bytes = (root / name).read_bytes()
    if sha256(data).hexdigest() != output.context["sha256"]:
        raise BuildError(Problem(name, 0, "", "changed while the site was being built (build again)"))
    return data


MAKERS: tuple[tuple[str, Callable[[Output, Workshop], bytes]], ...] = (
    ("page", _page),
    ("feed", _feed),
    ("opml", _opml),
    ("sitemap", _sitemap),
    ("robots", _robots),
    ("document", _document),
    ("text", _text),
    ("copy", _copy),
)


def _search(output: Output, shop: Workshop) -> dict[str, bytes]:
    return search.bundle(output.context, lambda prose, reuse: words(_allowed(prose, reuse, shop)))


BUNDLERS: tuple[tuple[str, Callable[[Output, Workshop], dict[str, bytes]]], ...] = (("search", _search),)
"""Makers of folders: what they give is files by their path below that of the output."""


def statics(theme: Path) -> dict[str, str]:
    """SHA-256 of every file below ``theme/static``, by its path below it."""
    top = theme / "static"
    found = sorted(path for path in top.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(top).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


def build(
    checked: Checked, site: Site, theme: Path, output: Path, *,
    full: bool = False, index: bool = True, stamp: fresh.Stamp | None = None,
) -> Report:  # fmt: skip
    """Write the whole site; files that stay the same are not touched.

    Args:
        checked: the content, without errors unless the caller decided to go on without the bad files.
        site: the settings.
        theme: the folder with ``templates/`` and ``static/``.
        output: the folder to write; it is created, and must be empty or ours.
        full: make everything anew, whatever the manifest says of the files that are there.
        index: bring the index for search up to date; else it stays as the last build left it.
        stamp: where to note what it was made from, once everything stands.

    Raises:
        BuildError: two outputs with one path, a template that fails, content that changed meanwhile, a full disk.
    """
    files = statics(theme)
    planned = pages.plan(checked.library, site, checked.media, checked.plain, files)
    shop = Workshop(checked, site, theme, Renderer(site, theme, files), feeds.Press(feeds.FORMATS, _prose(checked)))
    try:
        with state.locked(output):
            before = state.load(output)
            made = _make(planned, shop, output, {} if full else before, files)
            made += _bundles(planned, shop, output, before, full=full, index=index)
            if stamp:
                fresh.forget(stamp.cache)
            report = _write(made, output, len(checked.library.briefings))
            if stamp:
                sizes = ((path, row.size) for path, row in state.load(output).items())
                stamp.leave(_until(checked, site), sizes, report, (*checked.problems, *report.notes))
    except OSError as error:
        what = f"cannot be written ({error.strerror}); the pages that were there are still there"
        raise BuildError(Problem(str(error.filename or output), 0, "", what)) from error
    return report


def _until(checked: Checked, site: Site) -> float:
    """When the first of the briefings that wait goes out, in seconds since 1970; infinite if none waits."""
    waiting = (library.moment(briefing, site) for briefing in checked.library.held)
    return min((when.timestamp() for when in waiting if when), default=math.inf)


@dataclass(frozen=True, slots=True)
class _Made:
    """An output with its fingerprint: new bytes, or the row of the file that already has them."""

    output: Output
    fingerprint: str
    data: bytes | None
    row: state.Row | None = None
    note: str = ""


def _make(
    planned: tuple[Output, ...], shop: Workshop, output: Path, before: Mapping[str, state.Row], files: Mapping[str, str]
) -> list[_Made]:
    """Make every output, but those whose file was made from just the same."""
    makers = dict(MAKERS)
    digester = state.Digester()
    surroundings = digester.digest([state.program(), shop.site, shop.renderer.digest(), files])
    made = []
    for item in planned:
        if item.maker not in makers:
            continue
        fingerprint = digester.digest([surroundings, item.maker, item.name, item.context])
        row = before.get(item.path)
        if row and row.fingerprint == fingerprint and state.stands(output / item.path, row):
            made.append(_Made(item, fingerprint, None, row, row.note))
            continue
        said = len(shop.notes)
        data = makers[item.maker](item, shop)
        made.append(_Made(item, fingerprint, data, note="; ".join(note.what for note in shop.notes[said:])))
    return made


def _bundles(
    planned: tuple[Output, ...], shop: Workshop, output: Path, before: Mapping[str, state.Row],
    *, full: bool, index: bool,
) -> list[_Made]:  # fmt: skip
    """Make the outputs that are folders, each as it stands or anew as a whole: no template or setting is in them."""
    made = []
    bundlers = dict(BUNDLERS)
    for item in planned:
        if item.maker not in bundlers:
            continue
        fingerprint = state.digest([state.program(), item.maker, item.name, item.context])
        rows = {path: row for path, row in before.items() if path.startswith(f"{item.path}/")}
        stands = bool(rows) and all(state.stands(output / path, row) for path, row in rows.items())
        if not index or (stands and not full and {row.fingerprint for row in rows.values()} == {fingerprint}):
            for path, row in rows.items() if stands else ():
                made.append(_Made(replace(item, path=path), row.fingerprint, None, row, row.note))
            continue
        for name, data in sorted(bundlers[item.maker](item, shop).items()):
            made.append(_Made(replace(item, path=f"{item.path}/{name}"), fingerprint, data))
    return made


def _write(made: list[_Made], output: Path, count: int) -> Report:
    before = state.load(output)
    after: dict[str, state.Row] = {}
    written = 0
    top = output.resolve()
    for item in made:
        name = item.output.path
        if not (top / name).resolve().is_relative_to(top):
            raise BuildError(Problem(item.output.owner, 0, "", f'"{name}" would be written outside the output folder'))
    # Should the writing stop midway, the next build must know what may have been written, and trust none of it.
    begun = {item.output.path: state.UNKNOWN for item in made if item.data is not None}
    if begun:
        state.save(output, {**before, **begun})
    for item in made:
        name = item.output.path
        path = top / name
        if item.data is None and item.row:
            after[name] = item.row
        elif item.data is not None:
            written += state.write(path, item.data)
            after[name] = state.Row(state.digest_of(item.data), item.fingerprint, len(item.data), item.note)
    gone = [path for path in before if path not in after and (top / path).resolve().is_relative_to(top)]
    removed = sum(_prune(top, path) for path in sorted(gone))
    state.save(output, after)
    notes = tuple(Problem(item.output.path, 0, "", item.note, "warning") for item in made if item.note)
    number = sum(item.output.maker == "page" for item in made)
    return Report(count, number, len(made), written, removed, tuple(sorted(notes)))


def _prune(top: Path, name: str) -> bool:
    """Remove a file that the last build wrote and this one did not plan, and the folders that it leaves empty."""
    path = top / name
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    for folder in path.parents:
        if folder == top or any(folder.iterdir()):
            break
        folder.rmdir()
    return True
