"""Image cards: the picture that other sites show beside a link to a briefing (Open Graph, https://ogp.me).

Headline, dateline and the site's name, 1200 by 630 pixels, in the look of the theme. The drawing is an SVG; resvg
shapes the words (both directions of writing) and draws them with the fonts in ``data`` alone, so that every machine
makes the same picture; Pillow writes it in a few colours. Alone in knowing the two, which load with the first card.

Nothing of the article but its headline and dateline is shown: every source lets us give as much.
"""

from __future__ import annotations

import io
import json
import unicodedata
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from briefings import labels, state, urls
from briefings.model import Output
from briefings.views import CardImage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from briefings.desk import Desk
    from briefings.model import Briefing

WIDTH, HEIGHT = 1200, 630
"""What Open Graph, and the networks that read it, ask for: 1.91 to 1."""
MARGIN = 80
SIZES = ((76, 3), (64, 4), (54, 5))
"""Sizes of the headline in pixels, and how many lines of each there is room for; the last one is cut."""
COLOURS = 32
"""Of the written picture: two inks on paper, and the steps at their edges."""

_DATA = Path(__file__).parent / "data"
_FONTS = {"serif": "card-serif.ttf", "sans": "card-sans.ttf", "arabic": "card-arabic.ttf", "hebrew": "card-hebrew.ttf"}
_METRICS = "card-fonts.json"
_PAPER, _INK, _SOFT, _LINE, _ACCENT = "#fdfdfe", "#15181e", "#4f5763", "#d5d9e0", "#a3195b"
"""The colours of the light scheme, as in the theme."""
_ELLIPSIS = "…"
_JOINERS = "\u200c\u200d"
"""They have no shape, and decide that of their neighbours: Persian needs them."""


class Words(Struct, frozen=True):
    """What stands on a card, as plain text."""

    title: str
    strip: str
    site: str
    dir: str
    """``ltr`` or ``rtl``: of the headline."""
    strip_dir: str = "ltr"


# --- the plan -------------------------------------------------------------------------------------------------------


def card(desk: Desk, briefing: Briefing) -> CardImage | None:
    """What the page of a briefing says of its card; none while it is a draft, and none once it is withdrawn."""
    if not desk.site.image_cards or briefing.status != "published":
        return None
    alt = " · ".join(part for part in (briefing.title, desk.maker.line(briefing)) if part)
    return CardImage(urls.card(urls.briefing(briefing)), WIDTH, HEIGHT, alt)


def site_card(desk: Desk) -> CardImage | None:
    """The card of every page that has none of its own."""
    if not desk.site.image_cards:
        return None
    alt = " · ".join(part for part in (desk.site.name, desk.site.subtitle) if part)
    return CardImage(urls.card(urls.HOME), WIDTH, HEIGHT, alt)


def outputs(desk: Desk) -> Iterator[Output]:
    """The card of the site."""
    if desk.site.image_cards:
        site = desk.site
        words = Words(site.name, site.subtitle, "", *(labels.direction(site.lang),) * 2)
        yield _output(urls.HOME, words, "the site's card")


def of(desk: Desk, briefing: Briefing) -> Iterator[Output]:
    """The card of a briefing, if it has one."""
    if card(desk, briefing):
        shown = desk.cards[briefing.id]
        words = Words(
            shown.title, desk.maker.line(briefing), desk.site.name, shown.dir, labels.direction(desk.site.lang)
        )
        yield _output(shown.url, words, briefing.path)


def _output(base: str, words: Words, owner: str) -> Output:
    return Output(urls.file(urls.card(base)), "card", "card", {"words": words, "look": appearance()}, owner)


@cache
def appearance() -> str:
    """SHA-256 of all that decides how words are drawn: this file, the fonts, and the releases that draw.

    It stands for the program in a card's fingerprint: 20,000 cards are not drawn anew because a template changed.
    """
    total = sha256()
    for path in (Path(__file__), *(_DATA / name for name in (*_FONTS.values(), _METRICS))):
        total.update(path.read_bytes() + b"\0")
    total.update(state.releases(state.DRAWING).encode())
    return total.hexdigest()


# --- words ----------------------------------------------------------------------------------------------------------


@cache
def _metrics() -> dict[str, dict[int, float]]:
    """The advance of every character in each font, in parts of its size."""
    found: dict[str, dict[int, float]] = {}
    for name, runs in json.loads((_DATA / _METRICS).read_text("utf-8")).items():
        found[name] = {start + step: width / 1000 for start, *widths in runs for step, width in enumerate(widths)}
    return found


def _font(text: str, family: str) -> str:
    """The font for a text: the one asked for, or another that has every letter of it; empty where none has.

    One font draws the whole: resvg joins letters of two fonts in a line badly where they have marks.
    """
    fonts = _metrics()
    needed = {ord(one) for one in text if unicodedata.category(one)[0] in "LMN" and not 0xFE00 <= ord(one) <= 0xFE0F}
    return next((name for name in (family, "arabic", "hebrew") if needed <= fonts[name].keys()), "")


def drawable(text: str, family: str) -> tuple[str, str]:
    """The text without what has no shape (controls, marks of direction) or only a picture (emoji), and its font.

    Returns:
        One line and the name of a font; both empty when no font has all its letters: better no words than boxes.
    """
    text = unicodedata.normalize("NFC", text)
    font = _font(text, family)
    if not font:
        return "", ""
    has = _metrics()[font]
    shown = "".join(" " if one.isspace() else one for one in text if one.isspace() or ord(one) in has)
    kept = (one for one in shown if unicodedata.category(one)[0] != "C" or one in _JOINERS)
    return " ".join("".join(kept).split()), font


def width(text: str, font: str, size: float) -> float:
    """Width of a line in pixels, letters taken singly: kerning and joined forms make it rather less."""
    has = _metrics()[font]
    return size * sum(has.get(ord(character), 0) for character in text)


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """Cut text into lines that fit, at spaces where it can be, of nearly equal length."""
    lines = _lines(text, font, size, room)
    low, high = room / 2, room
    while high - low > 8:  # the narrowest room that needs no further line
        middle = (low + high) / 2
        narrow = _lines(text, font, size, middle)
        if len(narrow) > len(lines):
            low = middle
        else:
            high, lines = middle, narrow
    return lines


def _lines(text: str, font: str, size: float, room: float) -> list[str]:
    lines = [""]
    for given in text.split():
        word = given
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, font, size) <= room:
            lines[-1] = longer
            continue
        while width(word, font, size) > room:  # a word, or an address, longer than a line
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], font, size) <= room)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return [line for line in lines if line]


def headline(text: str, font: str, room: float) -> tuple[int, list[str]]:
    """The largest size at which a headline fits, and its lines; what fits at no size ends in an ellipsis."""
    for size, most in SIZES:
        lines = wrapped(text, font, size, room)
        if len(lines) <= most:
            return size, lines
    size, most = SIZES[-1]
    lines = _lines(text, font, size, room)[:most]
    return size, [*lines[:-1], _cut(lines[-1], font, size, room, more=True)]


def _cut(line: str, font: str, size: float, room: float, *, more: bool = False) -> str:
    """A line that fits, ended by an ellipsis where something is missing."""
    if not more and width(line, font, size) <= room:
        return line
    while line and width(line + _ELLIPSIS, font, size) > room:
        line = line[:-1]
    return line.rstrip(" ,;:·–-") + _ELLIPSIS


# --- drawing --------------------------------------------------------------------------------------------------------


def svg(words: Words) -> str:
    """The card as SVG."""
    room = WIDTH - 2 * MARGIN
    title, title_font = drawable(words.title, "serif")
    strip, strip_font = drawable(words.strip, "sans")
    site, site_font = drawable(words.site, "serif")
    if not title:  # in a script that the fonts lack
        title, title_font, site = site, site_font, ""
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>']
    parts.append(f'<rect x="{MARGIN}" y="{MARGIN - 16}" width="{room}" height="6" fill="{_INK}"/>')
    if strip:
        start = MARGIN + 10 if words.strip_dir == "ltr" else WIDTH - MARGIN - 10
        inner = MARGIN + 36 if words.strip_dir == "ltr" else WIDTH - MARGIN - 36
        parts.append(f'<circle cx="{start}" cy="120" r="10" fill="{_ACCENT}"/>')
        line = _cut(strip, strip_font, 30, room - 36)
        parts.append(_text(line, inner, 130, 30, strip_font, _SOFT, words.strip_dir))
    if title:
        size, lines = headline(title, title_font, room)
        step = round(size * (1.4 if words.dir == "rtl" else 1.18))
        lines = lines if len(lines) * step <= 375 else [*lines[: 375 // step]]
        first = 190 + round(size * 0.92)
        side = MARGIN if words.dir == "ltr" else WIDTH - MARGIN
        for number, line in enumerate(lines):
            parts.append(_text(line, side, first + number * step, size, title_font, _INK, words.dir))
    if site:
        side = MARGIN if words.strip_dir == "ltr" else WIDTH - MARGIN
        parts.append(f'<rect x="{MARGIN}" y="540" width="{room}" height="2" fill="{_LINE}"/>')
        line = _cut(site, site_font, 32, room)
        parts.append(_text(line, side, 590, 32, site_font, _ACCENT, words.strip_dir))
    box = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>'


def _text(line: str, x: float, y: float, size: float, font: str, colour: str, direction: str) -> str:
    """A line of words that starts at ``x``; one written from right to left says so by a mark, which has no shape."""
    anchor = ""
    if direction == "rtl":
        line, anchor = f"\u202b{line}\u202c", ' text-anchor="end"'
    where = f'x="{x}" y="{y}" font-family="Card {font.title()}" font-size="{size}" fill="{colour}"{anchor}'
    return f"<text {where}>{escape(line)}</text>"


def draw(context: Mapping[str, object]) -> bytes:
    """Draw the card of a context as PNG."""
    import resvg_py  # noqa: PLC0415 - most builds draw nothing
    from PIL import Image  # noqa: PLC0415

    words = context["words"]
    if not isinstance(words, Words):
        raise TypeError("a card is drawn from its words")
    fonts = [str(_DATA / name) for name in _FONTS.values()]
    drawn = resvg_py.svg_to_bytes(svg_string=svg(words), skip_system_fonts=True, font_files=fonts)
    picture = Image.open(io.BytesIO(bytes(drawn))).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", compress_level=9)
    return out.getvalue()
