"""Bytes to text, strictly: nothing is guessed in silence, nothing replaced by question marks.

The order is that of the requirement (R4): byte-order mark, declared charset, UTF-8, then a detector above a stated
confidence; else the file is refused. The text that comes out holds no control but tab and newline, no surrogate, and
one kind of line end; what had to be changed for that is said in notes.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import TYPE_CHECKING, NoReturn

from briefings.clean import LINE_ENDS, strip
from briefings.errors import Problem, SeedError

if TYPE_CHECKING:
    from collections.abc import Callable

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: the shorter mark is the beginning of the longer one."""

BINARY = (
    (b"%PDF-", "a PDF (copy the text out of it)"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file (save it as text or .docx)"),
    (b"PK\x03\x04", "a zip archive (unpack it first)"),
    (b"\x1f\x8b", "a gzip archive (unpack it first)"),
    (b"7z\xbc\xaf", "a 7z archive (unpack it first)"),
    (b"BZh", "a bzip2 archive (unpack it first)"),
    (b"\xfd7zXZ", "an xz archive (unpack it first)"),
    (b"Rar!", "a RAR archive (unpack it first)"),
    (b"\x7fELF", "a program"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
    (b"{\\rtf", "an RTF document (save it as text or .docx)"),
)

CONFIDENCE = 0.9
"""A detected charset counts only when at most a tenth of the text looks wrong in it."""

CHARSETS = ("cp1252", "iso8859_15", "cp1250", "cp1251", "cp1256", "cp1253", "cp1254", "koi8_r", "gb18030", "shift_jis")
"""What the detector may answer. Windows-1252 comes first: it is what editors' machines write when they do not write
UTF-8, and it wins whenever the text looks as good in it as in any other."""

NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "raw_unicode_escape", "undefined", "unicode-escape",
                         "unicode_escape"))  # fmt: skip
"""Codecs of Python that give text and are no charset of any document."""

GUESSED = ", by the look of it"
"""How a note ends that says a charset which nobody declared."""
LOOK = ": look at the text with care"
"""How a note ends that an editor should look into."""
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
MOST_LINES = 200_000
"""Of a text. The largest draft would have five characters on each."""
_EMPTY = re.compile(r"\n(?:[ \t]*+\n){200,}+")
"""More empty lines than anybody means, which would cost as much as lines of text."""
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")


def refuse(name: str, sentence: str) -> NoReturn:
    """Raise the one :class:`SeedError` that names the file, what is wrong with it, and what to try."""
    raise SeedError(Problem(name, 0, "seed", sentence))


def decode(data: bytes, name: str, declared: str = "") -> tuple[str, tuple[str, ...]]:
    r"""Return the text of ``data`` with ``\n`` line ends, and notes on what was changed, a sentence each.

    Raises:
        SeedError: the bytes are no text, or no charset fits them well enough.
    """
    text, how = _decode(data, name, declared)
    text, notes = clean(text)
    if not text.strip():
        refuse(name, "the file holds no text (delete it, or paste the article again)")
    if text.count("\n") > MOST_LINES:
        refuse(name, f"the text has more than {MOST_LINES:,} lines (split it)")
    return text, ((f"decoded as {how}",) if how else ()) + notes


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` with plain line ends and without controls, and notes that count what was changed."""
    notes = []
    odd = Counter(match[0] for match in LINE_ENDS.finditer(text) if match[0] != "\r\n")
    if odd:
        notes.append(f"{_many(sum(odd.values()), 'unusual line end')} read as new line")
    text = LINE_ENDS.sub("\n", text)
    text, controls = strip(text)
    if controls:
        notes.append(f"{_many(controls, 'control character')} taken out")
    taken: list[int] = []
    text = _EMPTY.sub(_fewer(taken), text)
    if taken:
        notes.append(f"{_many(sum(taken), 'empty line')} taken out")
    for pattern, what in (
        (_BIDI, "bidirectional control"),
        (_TAGS, "tag character"),
        (_INVISIBLE, "invisible character"),
    ):
        if found := len(pattern.findall(text)):
            notes.append(f"{_many(found, what)} kept{LOOK}")
    return text, tuple(notes)


def _fewer(taken: list[int]) -> Callable[[re.Match[str]], str]:
    """What stands for a long run of empty lines; how many go is added to ``taken``."""

    def shorten(match: re.Match[str]) -> str:
        taken.append(match[0].count("\n") - 2)
        return "\n\n"

    return shorten


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def _decode(data: bytes, name: str, declared: str) -> tuple[str, str]:
    if not data.strip(b"\x00 \t\r\n"):
        refuse(name, "the file is empty (delete it, or paste the article again)")
    for mark, charset in BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(charset), "" if charset == "utf-8" else charset
            except UnicodeDecodeError:
                refuse(name, f"the file begins like {charset} text but is damaged (save it again as UTF-8)")
    for magic, what in BINARY:
        if data.startswith(magic):
            refuse(name, f"the file is not text but {what}")
    if b"\x00" in data:
        return _utf16(data, name)
    if declared:
        try:
            charset = codecs.lookup(declared).name
            if charset in NO_CHARSETS:
                raise LookupError(charset)
            return data.decode(charset), "" if charset in {"utf-8", "ascii"} else charset
        except (LookupError, UnicodeError):
            pass
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _detect(data, name)


def _utf16(data: bytes, name: str) -> tuple[str, str]:
    """Text with a NUL in every second place is UTF-16 without a mark; any other file with NULs is binary."""
    for charset, zeros, others in (("utf-16-le", data[1::2], data[::2]), ("utf-16-be", data[::2], data[1::2])):
        if zeros.count(0) > 0.4 * len(zeros) and others.count(0) < 0.01 * len(others) and len(data) % 2 == 0:
            try:
                return data.decode(charset), charset
            except UnicodeDecodeError:
                break
    refuse(name, "the file is binary, not text (export it as text)")


def _detect(data: bytes, name: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, rarely needed

    matches = list(from_bytes(data, cp_isolation=list(CHARSETS), threshold=1 - CONFIDENCE, enable_fallback=False))
    if not matches:
        refuse(name, "the file is neither UTF-8 nor text in any charset we know (save it again as UTF-8)")
    best = min(match.chaos for match in matches)
    fitting = {match.encoding for match in matches if match.chaos <= best + 0.01}
    for match in matches:
        fitting.update(other for other in match.could_be_from_charset if match.chaos <= best + 0.01)
    charset = next((charset for charset in CHARSETS if charset in fitting), matches[0].encoding)
    try:
        return data.decode(charset), {"cp1252": "windows-1252"}.get(charset, charset) + GUESSED
    except UnicodeDecodeError:
        refuse(name, "the file is neither UTF-8 nor text in any charset we know (save it again as UTF-8)")
