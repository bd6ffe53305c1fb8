"""The article's own text as Markdown that says what the seed says: nothing that it only spelled out comes alive.

One paragraph a line; wrapped lines are joined; lists are lists; subheadings are ``##``. Every character that CommonMark
(with HTML on) or its table and strike-through extensions could take for markup is escaped with a backslash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefings.find.key_points import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.find.layout import Layout
    from briefings.model import Block

BULLETS = "-*+•‣◦▪●·–—→"
"""List markers that Markdown's own hyphen stands for."""

_ALWAYS = re.compile(r"[\\`<\[]")
_STAR = re.compile(r"\*")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TILDE = re.compile(r"~(?=~)|(?<=~)~")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_OPENING = re.compile(r"(?:(?P<one>[#>=|~:]|[-+](?=[ \t-]|$))|(?P<number>\d{1,9})(?P<dot>[.)])(?=[ \t]|$))")
_RULE = re.compile(r"[-_*=][ \t]*(?:[-_*=][ \t]*)+")
_WRAP = re.compile(r"[ \t]*\n[ \t]*")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_NUMBERED = re.compile(r"(\d{1,9})\.[ \t]")


def escape(text: str) -> str:
    """Return one line of plain text as Markdown in which nothing is live.

    >>> escape("1. *No* <b>markup</b> &amp; [no](link)")
    '1\\\\. \\\\*No\\\\* \\\\<b>markup\\\\</b> \\\\&amp; \\\\[no](link)'
    """
    text = _ALWAYS.sub(r"\\\g<0>", text)
    text = _STAR.sub(r"\\*", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = _TILDE.sub(r"\\~", text)
    text = _ENTITY.sub(r"\\&", text)
    if match := _OPENING.match(text):
        at = match.start("dot") if match["number"] else match.start()
        text = f"{text[:at]}\\{text[at:]}"
    return text


def join(text: str) -> str:
    """Return a paragraph on one line; a word broken after its hyphen keeps the hyphen."""
    return _WRAP.sub(" ", _HYPHEN.sub("-", text)).replace("\t", " ").strip()


def write(layout: Layout) -> str:
    """Return the Markdown of everything that no part has taken."""
    blocks = layout.seed.blocks
    chunks: list[str] = []
    previous: tuple[str, int] = ("", 0)
    for index, block in enumerate(blocks):
        spans = list(layout.free(block))
        if not spans:
            continue
        whole = spans[0][0] == block.start
        text = " ".join(layout.seed.text[start:end] for start, end in spans) if len(spans) > 1 else layout.seed.text[slice(*spans[0])]
        if block.kind == "item" and whole:
            line, number = _item(block, text, previous[1] if previous[0] == "item" else 0)
            glue = "\n" if previous[0] == "item" and _same_list(chunks[-1], line) else "\n\n"
            chunks.append((glue if chunks else "") + line)
            previous = ("item", number)
            continue
        chunks.append(("\n\n" if chunks else "") + _paragraph(layout, index, text))
        previous = (block.kind, 0)
    return "".join(chunks) + ("\n" if chunks else "")


def _same_list(before: str, line: str) -> bool:
    return before.lstrip()[:1].isdigit() == line.lstrip()[:1].isdigit()


def _item(block: Block, text: str, before: int) -> tuple[str, int]:
    content = join(text)
    indent = "  " * min(block.level, 3)
    numbered = _NUMBERED.match(content)
    if numbered and block.level == 0 and (before == 0 or int(numbered[1]) == before + 1):
        return f"{numbered[0].strip()} {escape(content[numbered.end() :].strip())}", int(numbered[1])
    marker = bare(content)
    rest = content[marker:] if content[:1] in BULLETS and marker else content
    return f"{indent}- {escape(rest)}", 0


def _paragraph(layout: Layout, index: int, text: str) -> str:
    block = layout.seed.blocks[index]
    if block.kind == "code":
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return f"{fence}\n{text}\n{fence}"
    if block.kind == "quote":
        return "\n>\n".join(f"> {escape(join(part))}" for part in text.split("\n\n"))
    if block.kind == "table":
        return "\n\n".join(escape(join(row)) for row in text.split("\n") if row.strip())
    content = join(text)
    if block.kind in {"heading", "title"}:
        return f"{'#' * min(max(block.level, 2), 4)} {escape(content).rstrip('#') if not content.endswith('#') else escape(content)}"
    if block.kind == "text" and layout.seed.format == "text" and is_subheading(layout, index):
        return f"## {escape(content)}"
    return escape(content)


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


def lines(markdown: str) -> Iterator[str]:
    """Yield the words of a body that :func:`write` made, without its markup, line by line."""
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
            plain = re.sub(r"^(?:[ ]*- |#{2,4} |>(?: |$))", "", line)
            yield re.sub(r"\\([^\w\s])", r"\1", plain.replace("\\_", "_"))
