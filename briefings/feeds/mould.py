"""Moulds: feedgen writes every shape of an entry or a feed once, and the words of the others are put into that.

A shape is which fields are there. The first of a shape is written with marks instead of words; where a mark comes out,
and how its characters came out there, says how to write what stands there in the next one. Whatever an element might
do with odd words (an end tag in a title, a line break, a character that is none) is left to feedgen.
"""

from __future__ import annotations

import itertools
import re
from functools import cached_property, lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct, msgpack
from msgspec.structs import replace

from briefings.feeds import text
from briefings.feeds.ready import Ready
from briefings.patterns import Late
from briefings.views import Category, Enclosure

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from briefings.cached import Cached
    from briefings.views import Feed

MOST = 1000
"""Shapes that are kept of one kind of element."""

_PUBLISHED, _UPDATED = "1971-02-03T04:05:06Z", "1982-03-04T05:06:07Z"
"""Marks for times, which must be some; no entry of a shape is looked at, so that one may have these times itself."""
_SIZES = 7_000_000_001, 7_000_000_002, 7_000_000_003
_PLAIN = (_PUBLISHED, _UPDATED, *(text.rfc822(mark) for mark in (_PUBLISHED, _UPDATED)), *map(str, _SIZES))
_MARK = Late(r'(&amp;|&#x26;)(amp;)?("|&quot;)(\d+)\3\1(?:\2)?')
_ADDRESS = Late(r"https://stand-in\.invalid/(&amp;|&#x26;)(\d+)\1/")
_ODD = Late("[\x00-\t\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Line ends are not: only texts have any, which are never in an attribute."""
_SPECIAL = re.compile('[&<>"]')

_HEXADECIMAL = str.maketrans({"&": "&#x26;", "<": "&#x3C;", ">": "&#x3E;"})
_NAMED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED = str.maketrans({'"': "&quot;"})


class Hole(Struct, frozen=True):
    """A place for a value: which, and how it is written there."""

    number: int
    hexadecimal: bool = False
    """``&#x26;``; else ``&amp;``."""
    twice: bool = False
    """As HTML first."""
    quoted: bool = False
    """In an attribute."""

    def write(self, value: str) -> str:
        """A value as it is written here."""
        words = value.translate(_NAMED) if self.twice else value
        words = words.translate(_HEXADECIMAL if self.hexadecimal else _NAMED)
        return words.translate(_QUOTED) if self.quoted else words


class Mould(Struct, frozen=True, dict=True):
    """What stands around the values of an element, and their places: one hole less than there are pieces around."""

    around: tuple[str, ...]
    holes: tuple[Hole, ...]

    @classmethod
    def of(cls, written: bytes, plain: Mapping[str, int]) -> Mould:
        """Find the marks in what was written; ``plain`` are those that are neither texts nor addresses."""
        words = written.decode()
        found = [(one.span(), Hole(int(one[4]), "x" in one[1], bool(one[2]), "q" in one[3]))
                 for one in _MARK.finditer(words)]  # fmt: skip
        found += [(one.span(), Hole(int(one[2]), "x" in one[1])) for one in _ADDRESS.finditer(words)]
        for mark, number in plain.items():
            found += [(one.span(), Hole(number)) for one in re.finditer(re.escape(mark), words)]
        found.sort(key=lambda one: one[0])
        ends = [0, *(stop for (_, stop), _ in found)]
        starts = [*(start for (start, _), _ in found), len(words)]
        around = tuple(words[end:start] for end, start in zip(ends, starts, strict=True))
        return cls(around, tuple(hole for _, hole in found))

    def fill(self, values: Sequence[str], *, special: bool) -> bytes:
        """The element with these values; ``special`` says whether one of them has a character to be escaped."""
        parts = self._parts.copy()
        if special:
            parts[1::2] = [hole.write(values[hole.number]) for hole in self.holes]
        else:
            parts[1::2] = map(values.__getitem__, self._numbers)
        return "".join(parts).encode()

    @cached_property
    def _numbers(self) -> list[int]:
        return [hole.number for hole in self.holes]

    @cached_property
    def _parts(self) -> list[str]:
        """What stands around, with a place for a value between two of them."""
        parts = [""] * (len(self.around) + len(self.holes))
        parts[::2] = self.around
        return parts


def _text(number: int, value: object) -> str:
    """A mark for a text, or nothing for none."""
    return f'&"{number}"&' if value else ""


def _address(number: int, value: object) -> str:
    return f"https://stand-in.invalid/&{number}&/" if value else ""


def _usual(words: str) -> bool:
    """Whether these words come out as they are, but for characters that XML escapes."""
    return (words.replace("\n", "").isprintable() or not _ODD.search(words)) and "</" not in words


@lru_cache(maxsize=256)
def _like_marks(words: str) -> bool:
    """Whether words that are part of a shape might be taken for marks."""
    return '&"' in words or "stand-in.invalid" in words or any(mark in words for mark in _PLAIN)


class Shapes:
    """The moulds of one kind of element by their shapes: the two around what lies between."""

    __slots__ = ("_kept", "_kind", "_known", "_maker")

    def __init__(self, kind: str, kept: Cached | None = None, maker: bytes = b"") -> None:
        """Know none yet.

        Args:
            kind: of what elements, a word of its own for each.
            kept: where moulds outlast this process: feedgen loads slowly, and an edit seldom has a shape that is new.
            maker: a digest of all that writes the elements.
        """
        self._kind, self._kept, self._maker = kind, kept, maker
        self._known: dict[Hashable, tuple[Mould, Mould]] = {}

    def of(self, shape: Hashable, make: Callable[[], tuple[Mould, Mould]]) -> tuple[Mould, Mould]:
        """The moulds of a shape, made where it is new."""
        found = self._known.get(shape)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            found = self._known[shape] = self._recalled(shape, make, self._kept) if self._kept else make()
        return found

    def _recalled(self, shape: Hashable, make: Callable[[], tuple[Mould, Mould]], kept: Cached) -> tuple[Mould, Mould]:
        name = sha256(self._kind.encode() + b"\0" + msgpack.encode(shape)).hexdigest()
        if data := kept.get(name, self._maker):
            return msgpack.decode(data, type=tuple[Mould, Mould])
        made = make()
        kept.put(name, self._maker, msgpack.encode(made))
        return made


# --- entries --------------------------------------------------------------------------------------------------------

_FIELDS = (
    "id", "url", "title", "lang", "original", "rights", "source_name", "source_url", "source_feed", "author", "place",
)  # fmt: skip
_of_entry = attrgetter(*_FIELDS)
_TIMES = len(_FIELDS)
"""Where ``published`` and ``updated`` stand among the values, each also as RSS writes it."""


def entries(
    write: Callable[[Ready], tuple[bytes, ...]], shapes: Shapes | None = None
) -> Callable[[Ready], tuple[bytes, ...]]:
    """What writes an entry as ``write`` does, and asks that for shapes that it does not know yet."""
    moulds = shapes or Shapes("entry")

    def entry(ready: Ready) -> tuple[bytes, ...]:
        said = ready.entry
        values = [*_of_entry(said), said.published, said.updated]
        values += text.rfc822(said.published), text.rfc822(said.updated), ready.summary, *(ready.point or ("", ""))
        for one in said.categories:
            values += one.term, one.scheme, one.label
        file, kind = said.enclosure, None
        if file:
            sizes = file.length, file.width, file.height
            kind = file.type, *(size > 0 for size in sizes)
            values += file.url, *map(str, sizes)
        words = "".join(values)
        if not _usual(words) or (file and _like_marks(file.type)):
            return write(ready)
        shape = (*map(bool, values), kind)
        before, after = moulds.of(shape, lambda: _entry_mould(write, ready))
        special = _SPECIAL.search(words) is not None
        return (before.fill(values, special=special), ready.escaped, after.fill(values, special=special))

    return entry


def _entry_mould(write: Callable[[Ready], tuple[bytes, ...]], ready: Ready) -> tuple[Mould, Mould]:
    said, count, file = ready.entry, _TIMES + 4, ready.entry.enclosure
    words: dict[str, Any] = {name: _text(number, getattr(said, name)) for number, name in enumerate(_FIELDS)}
    rest = itertools.count(count + 3)
    words["categories"] = tuple(
        Category(_text(next(rest), one.term), _text(next(rest), one.scheme), _text(next(rest), one.label))
        for one in said.categories
    )
    plain = {_PUBLISHED: _TIMES, _UPDATED: _TIMES + 1}
    plain |= {text.rfc822(_PUBLISHED): _TIMES + 2, text.rfc822(_UPDATED): _TIMES + 3}
    if file:
        url, sizes = _text(next(rest), file.url), zip(_SIZES, (file.length, file.width, file.height), strict=True)
        plain |= {str(mark): next(rest) for mark in _SIZES}
        length, width, height = (mark if size > 0 else 0 for mark, size in sizes)
        words["enclosure"] = Enclosure(url, file.type, length, width, height)
    entry = replace(said, **words, published=_PUBLISHED, updated=_UPDATED)
    point = (_text(count + 1, ready.point[0]), _text(count + 2, ready.point[1])) if ready.point else None
    before, _, after = write(Ready(entry, "", _text(count, ready.summary), b"", point))
    return Mould.of(before, plain), Mould.of(after, plain)


# --- feeds ----------------------------------------------------------------------------------------------------------

_SAME = ("lang", "rights", "author", "icon", "generator", "hub", "stylesheet", "complete")
"""Fields that all feeds of a site, or most of them, have in common: part of the shape."""
_same = attrgetter(*_SAME)
_ADDRESSES = ("url", "self_url", "prev_archive", "current")
_TEXTS = ("id", "title", "subtitle")


def shells(
    wrap: Callable[[Feed], tuple[bytes, bytes]], shapes: Shapes | None = None
) -> Callable[[Feed], tuple[bytes, bytes]]:
    """What wraps a feed as ``wrap`` does, and asks that for shapes that it does not know yet."""
    moulds = shapes or Shapes("feed")

    def shell(feed: Feed) -> tuple[bytes, bytes]:
        values = [feed.id, text.line(feed.title), text.line(feed.subtitle), feed.updated, text.rfc822(feed.updated)]
        values += [text.address(getattr(feed, name)) for name in _ADDRESSES]
        for one in feed.siblings:
            values += text.line(one.title), text.address(one.url)
        same = _same(feed)
        words = "".join(values)
        if not _usual(words) or _like_marks("".join(map(str, same))):
            return wrap(feed)
        shape = (same, *map(bool, values), *((one.type, one.format) for one in feed.siblings))
        head, tail = moulds.of(shape, lambda: _feed_mould(wrap, feed))
        special = _SPECIAL.search(words) is not None
        return head.fill(values, special=special), tail.fill(values, special=special)

    return shell


def _feed_mould(wrap: Callable[[Feed], tuple[bytes, bytes]], feed: Feed) -> tuple[Mould, Mould]:
    words: dict[str, Any] = {name: _text(number, text.line(getattr(feed, name))) for number, name in enumerate(_TEXTS)}
    rest = itertools.count(len(_TEXTS) + 2)
    words |= {name: _address(next(rest), text.address(getattr(feed, name))) for name in _ADDRESSES}
    words["siblings"] = tuple(
        replace(one, title=_text(next(rest), text.line(one.title)), url=_address(next(rest), text.address(one.url)))
        for one in feed.siblings
    )
    head, tail = wrap(replace(feed, **words, updated=_UPDATED, entries=()))
    plain = {_UPDATED: len(_TEXTS), text.rfc822(_UPDATED): len(_TEXTS) + 1}
    return Mould.of(head, plain), Mould.of(tail, plain)
