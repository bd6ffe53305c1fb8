"""The article's own text as Markdown that says what the seed says: nothing that it only spelled out comes alive.

One paragraph a line; wrapped lines are joined; lists are lists; subheadings are ``##``. Every character that CommonMark
(with HTML on) or its table and strike-through extensions could take for markup is escaped with a backslash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefings.find import markers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.find.layout import Layout
    from briefings.model import Block

_ALWAYS = str.maketrans({mark: f"\\{mark}" for mark in "\\`<[*"})
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TILDE = re.compile(r"~(?=~)|(?<=~)~")
_ANGLE = re.compile(r"(?<!\\)<")
_PICTURE = re.compile(r"(?<!\\)!(?=\[)")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_OPENING = re.compile(r"(?:(?P<one>[#>=|~:]|[-+](?=[ \t-]|$))|(?P<number>\d{1,9})(?P<dot>[.)])(?=[ \t]|$))")
_RULE = re.compile(r"[-_*=][ \t]*(?:[-_*=][ \t]*)+")
_WRAP = re.compile(r"[ \t]*\n[ \t]*")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_NUMBERED = re.compile(r"(\d{1,9})\.[ \t]")


def escape(text: str) -> str:
    r"""Return one line of plain text as Markdown in which nothing is live.

    >>> escape("1. *No* <b>markup</b> &amp; [no](link)")
    '1\\. \\*No\\* \\<b>markup\\</b> \\&amp; \\[no](link)'
    """
    text = text.translate(_ALWAYS)
    if "_" in text:
        text = _UNDERSCORE.sub(r"\\_", text)
    if "~~" in text:
        text = _TILDE.sub(r"\\~", text)
    if "&" in text:
        text = _ENTITY.sub(r"\\&", text)
    if match := _OPENING.match(text):
        at = match.start("dot") if match["number"] else match.start()
        text = f"{text[:at]}\\{text[at:]}"
    return text


def join(text: str) -> str:
    """Return a paragraph on one line; a word broken after its hyphen keeps the hyphen."""
    if "\n" in text:
        text = _WRAP.sub(" ", _HYPHEN.sub("-", text))
    return text.replace("\t", " ").strip()


def write(layout: Layout) -> str:
    """Return the Markdown of everything that no part has taken."""
    chunks: list[str] = []
    previous: tuple[str, int] = ("", 0)
    for index, block in enumerate(layout.seed.blocks):
        spans = list(layout.free(block))
        if not spans:
            continue
        if spans == [(block.start, block.end)]:
            text = markers.without(block, layout.seed)
        else:
            text = " ".join(layout.seed.text[start:end] for start, end in markers.cut(spans, block, layout.seed))
        if not text.strip():
            continue
        starred = block.kind == "item" and block.text[0] == "*" and text.startswith("*")  # the mark of a note
        if block.kind == "item" and spans[0][0] == block.start and not starred:
            # An item may stand one level below the one before it; further in it would be code.
            listed = previous[0] == "item"
            deepest = (
                (len(chunks[-1].lstrip("\n")) - len(chunks[-1].lstrip())) // 2 + 1 if listed and previous[1] == 0 else 0
            )
            line, number = _item(layout, block, text, previous[1] if listed else 0, deepest)
            glue = "\n" if previous[0] == "item" and _same_list(chunks[-1], line) else "\n\n"
            chunks.append((glue if chunks else "") + line)
            previous = ("item", number)
            continue
        chunks.append(("\n\n" if chunks else "") + _paragraph(layout, index, text))
        previous = (block.kind, 0)
    return "".join(chunks) + ("\n" if chunks else "")


def _same_list(before: str, line: str) -> bool:
    return before.lstrip()[:1].isdigit() == line.lstrip()[:1].isdigit()


def _safe(layout: Layout, text: str) -> str:
    """Text stays text; a Markdown seed keeps its own emphasis and links, but no HTML and no picture from elsewhere."""
    if layout.seed.format != "markdown":
        return escape(text)
    return _PICTURE.sub(r"\\!", _ENTITY.sub(r"\\&", _ANGLE.sub(r"\\<", text)))


def _item(layout: Layout, block: Block, text: str, before: int, deepest: int) -> tuple[str, int]:
    content = join(text)
    level = min(block.level, deepest, 3)
    numbered = _NUMBERED.match(content)
    if numbered and level == 0 and (before == 0 or int(numbered[1]) == before + 1):
        return f"{numbered[0].strip()} {_safe(layout, content[numbered.end() :].strip())}", int(numbered[1])
    return f"{'  ' * level}- {_safe(layout, content)}", 0


def _paragraph(layout: Layout, index: int, text: str) -> str:
    block = layout.seed.blocks[index]
    if block.kind == "code":
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        content = text.strip("\n")
        return f"{fence}\n{content}\n{fence}"
    if block.kind == "quote":
        return "\n>\n".join(f"> {_safe(layout, join(part))}" for part in re.split(r"\n[ \t]*\n", text) if part.strip())
    if block.kind == "table":
        return "\n\n".join(escape(join(row)) for row in text.split("\n") if row.strip())
    content = join(text)
    if block.kind in {"heading", "title"}:
        return f"{'#' * min(max(block.level, 2), 4)} {_heading(_safe(layout, content))}"
    if block.kind == "text" and layout.seed.format == "text" and is_subheading(layout, index):
        return f"## {_heading(escape(content))}"
    return _safe(layout, content)


def _heading(content: str) -> str:
    """A heading's closing run of ``#`` would vanish."""
    return re.sub(r"#(?=#*$)", r"\#", content)


def is_subheading(layout: Layout, index: int) -> bool:
    """Whether a short line of plain text, alone between empty lines and above a paragraph, heads a section."""
    blocks, text = layout.seed.blocks, layout.seed.text
    block = blocks[index]
    if index == 0 or index + 1 >= len(blocks) or not 3 <= len(block.text) <= 70 or "\n" in block.text:
        return False
    after = blocks[index + 1]
    return (
        block.text[0].isupper()
        and block.text[-1].isalnum()
        and not block.text.isdigit()
        and "\n\n" in text[blocks[index - 1].end : block.start].replace(" ", "")
        and "\n\n" in text[block.end : after.start].replace(" ", "")
        and after.kind == "text"
        and len(after.text) > 120
    )


def lines(markdown: str, seed_format: str = "text") -> Iterator[str]:
    """Yield the words of a body that :func:`write` made, without its markup, line by line."""
    escaped = re.compile(r"\\([<&!])") if seed_format == "markdown" else re.compile(r"\\([^\w\s]|_)")
    fence = ""
    for line in markdown.split("\n"):
        if fence:
            if line == fence:
                fence = ""
            else:
                yield line
        elif re.fullmatch("`{3,}", line):
            fence = line
        else:
            yield escaped.sub(r"\1", re.sub(r"^(?:[ ]*- |#{2,4} |>(?: |$))", "", line))
