"""The prose of a briefing: CommonMark in, cleaned HTML out.

Raw HTML is off, so text stays text; addresses are resolved on the parser's tokens; the HTML is cleaned last, and
nothing changes it afterwards (reliability R19, R20).
"""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from briefings import clean, headings, simple, urls
from briefings.errors import did_you_mean
from briefings.media import FOLDER as IMAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from briefings.commonmark import Tokens
    from briefings.media import Media
    from briefings.model import Site

_DEEPEST = 99
"""The ``js-default`` preset drops, without a word, what is nested deeper; we refuse it instead (reliability R23)."""
PARTS = frozenset(("cite", "how-we-know", "main", "what-changed"))
"""The ids that the theme gives to parts of a briefing's page."""
_BRIEFING = re.compile(rf"{re.escape(urls.by_slug('x').removesuffix('x/'))}[^/]+/$")
_OF_PAGES = re.compile(r'<(?:img |table|a (?!href="(?:https?://|mailto:)))')
"""What is not the same in a feed: all but links that are absolute as they were written."""
_ALIGN = re.compile(r"text-align:(left|right|center)")


class Rendered(Struct, frozen=True):
    """Cleaned HTML, what is wrong: (line of the prose from 1, sentence), and which briefings it links to.

    A target is (line, address as it is written, path of the briefing's file below ``content``).
    """

    html: str
    wrong: tuple[tuple[int, str], ...] = ()
    targets: tuple[tuple[int, str, str], ...] = ()
    alone: bool = True
    """Whether it hangs on no other file: it links to no briefing and shows no picture."""
    rooted: tuple[tuple[int, str], ...] = ()
    """Links from the root of the site: (line, address as it is written)."""


def words(html: str) -> str:
    """The words of cleaned HTML, on one line."""
    from html import unescape  # noqa: PLC0415 - with a table of two thousand names, and rendering does without

    inline = re.sub(r"</?(?:a|code|em|s|strong)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inline)).split())


def differs(html: str) -> bool:
    """Whether prose that was rendered for its page would be other HTML in a feed: for its addresses and tables."""
    return _OF_PAGES.search(html) is not None


class Links(Struct, frozen=True):
    """What addresses in prose may lead to: briefings by their path below ``content``, pictures by theirs."""

    site: Site
    briefings: Mapping[str, str]
    media: Mapping[str, Media]


def render(text: str, path: str, permalink: str, links: Links, *, whole: bool = False) -> Rendered:
    """Render the prose of a briefing.

    Args:
        text: Markdown (CommonMark with tables and strike-through).
        path: of its file below ``content``: relative links start there.
        permalink: of its page, root-relative: fragments belong to it.
        links: what links may lead to.
        whole: make every address absolute, for feeds; else root-relative with the site's base path.
    """
    if (untouched := clean.untouched(text)) and (html := simple.html(text)) is not None:
        return Rendered(html)
    from briefings import commonmark  # noqa: PLC0415 - takes a while to load, and a site may do without

    kept, dropped = (text, 0) if untouched else clean.strip(clean.LINE_ENDS.sub("\n", text))
    wrong: list[tuple[int, str]] = []
    if dropped:
        first = clean.FORBIDDEN.search(clean.LINE_ENDS.sub("\n", text))
        line = text.count("\n", 0, first.start()) + 1 if first else 1
        what = (
            "1 character that cannot be published was"
            if dropped == 1
            else f"{dropped} characters that cannot be published were"
        )
        wrong.append((line, f"!{what} left out"))
    if found := [] if untouched else clean.DECEIVING.findall(kept):
        line = kept.count("\n", 0, kept.index(found[0])) + 1
        wrong.append((line, f"!invisible characters ({clean.names(found)}): delete them if they are not meant"))
    environment: dict[str, Any] = {"whole": whole}
    tokens = commonmark.parse(kept, environment)
    local = urls.absolute if whole else urls.local

    targets: list[tuple[int, str, str]] = []
    rooted: list[tuple[int, str]] = []
    alone = True
    ids = set(_name_headings(tokens))

    def resolve(href: str, line: int, *, picture: bool) -> str:
        nonlocal alone
        if href.startswith("#"):
            fragment = unquote(href[1:])
            if fragment not in PARTS and part(fragment) not in ids:
                raise ValueError(f'the link "{href[:80]}" leads to no heading here{did_you_mean(part(fragment), ids)}')
        elif not picture and href.startswith("/") and not href.startswith("//"):
            rooted.append((line, href))
        alone = alone and not picture and not _target(href, path)
        address = _resolve(href, path, permalink, links, local, picture=picture)
        if not picture and (target := _target(href, path)):
            targets.append((line, href, target))
        return address

    used = set(_visit(tokens, resolve, wrong, links))
    if not whole:
        _tell_paper(tokens, links.site)
    wrong += _unused(environment, used)
    return Rendered(commonmark.html(tokens, environment), tuple(wrong), tuple(targets), alone, tuple(rooted))


def _visit(tokens: Tokens, resolve: Callable[..., str], wrong: list[tuple[int, str]], links: Links) -> Iterator[str]:
    """Resolve every address; yield the addresses as they were written."""
    line = 1
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        if token.level >= _DEEPEST:
            wrong.append((line, "nested too deep; what is inside would be lost"))
            break
        style = str(token.attrs.pop("style", "")) if token.type in {"th_open", "td_open"} else ""
        if aligned := _ALIGN.search(style):
            token.attrs["class"] = aligned[1]
        for child in token.children or ():
            name = {"link_open": "href", "image": "src"}.get(child.type)
            if child.type == "image" and not child.content:
                wrong.append((line, "!a picture without a description (write ![what it shows](images/…))"))
            if name is None:
                continue
            written = str(child.attrs[name])
            yield written
            try:
                child.attrs[name] = resolve(written, line, picture=child.type == "image")
            except ValueError as error:
                wrong.append((line, str(error)))
            if child.type == "image":
                item = links.media.get(_media_name(written))
                if item and item.width:
                    child.attrs["width"], child.attrs["height"] = item.width, item.height


def _tell_paper(tokens: Tokens, site: Site) -> None:
    """Give every link within the site its whole address too, for the style of print to show."""
    parts = urlsplit(site.url)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and str(child.attrs["href"]).startswith("/"):
                child.attrs["data-whole"] = f"{parts.scheme}://{parts.netloc}{child.attrs['href']}"


def part(fragment: str) -> str:
    """The id of the heading that a link means: by its words, as many sites make them, or as it is in the page."""
    from briefings.slugs import slugify  # noqa: PLC0415 - most prose links to no heading

    return fragment if fragment.startswith(headings.PREFIX) else f"{headings.PREFIX}{slugify(fragment)}"


def _name_headings(tokens: Tokens) -> Iterator[str]:
    """Give every heading its level on the page and its id; yield the ids."""
    opened = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    said = (
        "".join(child.content for child in tokens[place + 1].children or () if child.type in {"text", "code_inline"})
        for place in opened
    )
    levels = headings.levels(int(tokens[place].tag[1]) for place in opened)
    for place, level, name in zip(opened, levels, headings.ids(said), strict=True):
        tokens[place].attrs["id"] = name
        tokens[place].tag = tokens[place + 2].tag = f"h{level}"
        yield name


def _media_name(href: str) -> str:
    name = unquote(href).lstrip("/")
    while name.startswith("../"):
        name = name[3:]
    return name


def no_briefing(href: str) -> str:
    """The sentence for the editor when a link leads to what is not published."""
    return f'the link "{href}" leads to no published briefing'


def _target(href: str, path: str) -> str:
    """The file below ``content`` that a link between briefings means; empty for any other link."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path.endswith(".md"):
        return ""
    return normpath(join(dirname(path), unquote(parts.path))).removeprefix("./")


def _resolve(
    href: str, path: str, permalink: str, links: Links, local: Callable[[Site, str], str], *, picture: bool
) -> str:
    """Turn an address as an editor writes it into one that works where it is read.

    Raises:
        ValueError: with a sentence for the editor.
    """
    parts = urlsplit(href)
    if picture and (parts.scheme or parts.netloc):
        raise ValueError(f'the picture "{href[:80]}" is on another host (put the file into content/{IMAGES}/)')
    if parts.scheme in {"http", "https", "mailto"}:
        return href
    if parts.scheme or parts.netloc:
        raise ValueError(f'the link "{href[:80]}" is not http, https or mailto')
    if picture:
        name = _media_name(parts.path)
        if name not in links.media:
            raise ValueError(f'no picture "{name}" in content/ (write images/name.jpg)')
        return local(links.site, urls.media(name))
    tail = f"#{parts.fragment}" if parts.fragment else ""
    if (
        tail
        and unquote(parts.fragment) not in PARTS
        and (not parts.path.startswith("/") or _BRIEFING.match(parts.path))
    ):
        tail = f"#{part(unquote(parts.fragment))}"
    if not parts.path:
        return local(links.site, permalink) + tail
    if target := _target(href, path):
        found = links.briefings.get(target)
        if found is None:
            raise ValueError(no_briefing(href))
        return local(links.site, found) + tail
    if parts.path.startswith("/"):
        return local(links.site, parts.path) + (f"?{parts.query}" if parts.query else "") + tail
    raise ValueError(f'the link "{href[:80]}" leads nowhere (write a whole address, /path/ or ../2026/other.md)')


def _unused(environment: dict[str, Any], used: set[str]) -> Iterator[tuple[int, str]]:
    """A link definition that nothing refers to vanishes: its words would be lost."""
    for name, reference in environment.get("references", {}).items():
        if reference["href"] not in used:
            yield (
                reference["map"][0] + 1,
                f"the link definition [{name.lower()}] is never used, so it would not be shown",
            )
    for double in environment.get("duplicate_refs", ()):
        yield double["map"][0] + 1, "a link definition of this name stands above, so this one would not be shown"
