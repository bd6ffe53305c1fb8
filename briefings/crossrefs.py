"""Where addresses in prose lead within the site: to a page that is made, and on it to a part that is there.

Links to other briefings by their files are resolved when prose is rendered; here is what can only be told once it is
known what the site is made of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from briefings import library, pages, urls
from briefings.errors import BuildError, Problem, did_you_mean
from briefings.prose import PARTS, part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from briefings.library import Library
    from briefings.media import Media
    from briefings.model import Site
    from briefings.plain import PlainPage

Asked = tuple[int, str]
"""Line of the file, and the address as it is written."""
_ID = re.compile(r'<h[2-6] id="([^"]*)"')


def rooted(
    asked: Mapping[str, Sequence[Asked]],
    shelf: Library,
    site: Site,
    media: Mapping[str, Media],
    plain: Sequence[PlainPage],
) -> Iterator[Problem]:
    """Yield a warning for every link from the root (``/tags/fire/``) to what the site does not make.

    It is no error: what else stands on the host beside the site is not known here. The whole site is planned only if a
    link leads to none of its lists, briefings and pages.

    Args:
        asked: by file, the links that begin with a slash.
        shelf: what the site shows.
        site: the settings.
        media: pictures by their path below ``content``.
        plain: pages written by hand.
    """
    if not asked:
        return
    wanted = {_path(href) for links in asked.values() for _, href in links}
    known = {urls.HOME, *map(urls.briefing, shelf.briefings), *(urls.plain(page.slug) for page in plain)}
    for kind in library.FACETS:
        if site.makes(kind.path):
            known |= {urls.index(kind), *(urls.facet(kind, slug) for slug in shelf.facets[kind.name])}
    if not wanted <= known:
        try:
            outputs = pages.plan(shelf, site, media, plain, {})
        except BuildError:  # two outputs with one path: the build says which
            return
        known |= {f"/{output.path.removesuffix('index.html')}" for output in outputs}
    for file, links in sorted(asked.items()):
        for line, href in links:
            path = _path(href)
            if path not in known and f"{path}index.html" not in known and not path.startswith(urls.STATIC):
                slash = f"{path}/" if f"{path}/" in known else ""
                near = f' (did you mean "{slash}"?)' if slash else did_you_mean(path, known)
                what = f'the link "{href[:80]}" leads to no page of this site{near}'
                yield Problem(file, line, "text", what, "warning")


def _path(href: str) -> str:
    return unquote(urlsplit(href).path)


def parts(links: Iterable[tuple[str, int, str, str]], html: Callable[[str], str]) -> Iterator[Problem]:
    """Yield a warning for every link to a heading of another briefing that is not there.

    Args:
        links: file, line, address as it is written, file of the briefing that it leads to.
        html: the rendered prose of a briefing's file.
    """
    ids: dict[str, frozenset[str]] = {}
    for file, line, href, target in links:
        fragment = unquote(urlsplit(href).fragment)
        if not fragment or fragment in PARTS:
            continue
        if target not in ids:
            ids[target] = frozenset(_ID.findall(html(target)))
        if part(fragment) not in ids[target]:
            what = f'the link "{href[:80]}" leads to no heading there'
            yield Problem(file, line, "text", f"{what}{did_you_mean(part(fragment), ids[target])}", "warning")
