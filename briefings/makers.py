"""What makes the bytes of an output: one function a kind, each given an output and the workshop, and nothing else."""

from __future__ import annotations

import sys
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct, field

from briefings import urls
from briefings.cached import Cached
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from briefings import feeds
    from briefings.check import Checked
    from briefings.model import Output, Site
    from briefings.render import Renderer
    from briefings.views import Entry


MOULDS = "moulds"
"""Below the cache folder: shapes of feeds."""


class Workshop(Struct, frozen=True, dict=True):
    """What makers may use: never the library, only what an output's context names."""

    checked: Checked
    site: Site
    theme: Path
    renderer: Renderer
    surroundings: str = ""
    """A digest of all that is the same for every output: program, settings, templates, files of the theme."""
    cache: Path | None = None
    """A folder for what can be made again."""
    notes: list[Problem] = field(default_factory=list)
    """What a maker had to leave out, for the report."""

    @cached_property
    def press(self) -> feeds.Press:
        """What writes feeds."""
        from briefings import feeds

        kept = Cached(self.cache / MOULDS) if self.cache else None
        return feeds.Press(feeds.formats(kept, self.surroundings), prose_of(self.checked))


def prose_of(checked: Checked) -> Callable[[Entry], str]:
    """What gives the prose of a feed entry, every address absolute."""
    return lambda entry: checked.proses.get(entry.prose, entry.prose_digest, whole=True)


def _page(output: Output, shop: Workshop) -> bytes:
    context = dict(output.context)
    if "prose" in context:
        prose, reuse = context["prose"] or (None, "")
        context["prose"] = Markup(_allowed(prose, reuse, shop))  # noqa: S704 - cleaned by nh3
    return shop.renderer.page(output.name, context)


def _allowed(prose: tuple[str, str] | None, reuse: str, shop: Workshop) -> str:
    """As much of a briefing's prose as its source lets us show."""
    if prose is None or reuse not in {"full", "excerpt"}:
        return ""
    html = shop.checked.proses.get(*prose)
    if reuse == "full":
        return html
    from briefings.feeds.content import excerpt

    return excerpt(html)


def _feed(output: Output, shop: Workshop) -> bytes:
    feed = output.context["feed"]
    limit = sys.maxsize if feed.current else shop.site.feed_bytes  # an archive without gaps is worth its size
    document = shop.press.compose(output.name, feed, limit)
    if document.dropped:
        what = f"the {document.dropped} oldest entries were left out: more than {shop.site.feed_bytes // 1024} KiB"
        shop.notes.append(Problem(output.path, 0, "", what, "warning"))
    return document.data


def _opml(output: Output, shop: Workshop) -> bytes:
    from briefings.feeds import opml

    context = output.context
    return opml.write(context["title"], context["groups"], lambda path: urls.absolute(shop.site, path))


def _sitemap(output: Output, shop: Workshop) -> bytes:  # noqa: ARG001
    from briefings import sitemap

    return dict(sitemap.WRITERS)[output.name](output.context["rows"])


def _robots(output: Output, shop: Workshop) -> bytes:  # noqa: ARG001
    from briefings import sitemap

    return sitemap.robots(*output.context["sitemaps"])


def _document(output: Output, shop: Workshop) -> bytes:
    from briefings import documents

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


def _card(output: Output, shop: Workshop) -> bytes:  # noqa: ARG001
    from briefings import image_cards

    return image_cards.draw(output.context)


MAKERS: tuple[tuple[str, Callable[[Output, Workshop], bytes]], ...] = (
    ("page", _page),
    ("feed", _feed),
    ("opml", _opml),
    ("sitemap", _sitemap),
    ("robots", _robots),
    ("document", _document),
    ("text", _text),
    ("copy", _copy),
    ("card", _card),
)


def _search(output: Output, shop: Workshop) -> dict[str, bytes]:
    from briefings import search
    from briefings.prose import words

    return search.bundle(output.context, lambda prose, reuse: words(_allowed(prose, reuse, shop)))


BUNDLERS: tuple[tuple[str, Callable[[Output, Workshop], dict[str, bytes]]], ...] = (("search", _search),)
"""Makers of folders: what they give is files by their path below that of the output."""


def statics(theme: Path) -> dict[str, str]:
    """SHA-256 of every file below ``theme/static``, by its path below it."""
    top = theme / "static"
    found = sorted(path for path in top.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(top).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}
