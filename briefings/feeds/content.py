"""The HTML content of an entry, and its summary: the same for every format.

Order, so that readers which show one of them only still say the essential: notice, dateline strip, key points, prose,
source line, rights. How much of the prose goes out is the source's reuse level. Only elements that feed readers keep
are used: ``p``, ``ul``, ``li``, ``a``, ``strong``, ``small``, ``div``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefings.clean import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefings.views import Entry

EXCERPT = 600
"""Characters of an excerpt, about: whole paragraphs as long as they fit."""

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})


def html(entry: Entry, prose: str) -> str:
    """Return the full HTML of an entry that :func:`~briefings.feeds.ready.ready` has made sound; never empty."""
    parts = [*_opening(entry), *_body(entry, prose), *_closing(entry)]
    body = "\n".join(parts) or f"<p>{_link(entry.url, entry.title)}</p>"
    if entry.lang.split("-")[0].lower() in _RIGHT_TO_LEFT:
        return f'<div lang="{entry.lang}" dir="rtl">\n{body}\n</div>'
    return body


def summary(entry: Entry) -> str:
    """Return the summary of such an entry as plain text, or what best stands for it; never empty.

    An entry that may only be linked to has none of the source's words in it.
    """
    return (entry.summary if entry.reuse != "link" else "") or entry.strip or entry.title


def _opening(entry: Entry) -> Iterator[str]:
    if entry.notice:
        yield f"<p><strong>{_text(entry.notice)}</strong></p>"
    if entry.strip:
        yield f"<p>{_text(entry.strip)}</p>"


def _body(entry: Entry, prose: str) -> Iterator[str]:
    if entry.reuse != "link":
        if entry.points:
            yield "<ul>\n" + "\n".join(f"<li>{_text(point)}</li>" for point in entry.points) + "\n</ul>"
        elif entry.summary and (entry.reuse == "summary" or not prose):
            yield f"<p>{_text(entry.summary)}</p>"
    if entry.reuse == "full" and prose:
        yield prose
    elif entry.reuse == "excerpt" and prose:
        yield excerpt(prose)
    if entry.reuse != "full":
        yield f"<p>{_link(entry.url, 'Read the briefing')}</p>"


def _closing(entry: Entry) -> Iterator[str]:
    said = [_link(entry.source_url, entry.source_name)] if entry.source_name else []
    if entry.author and entry.author != entry.source_name:
        said.append(_text(entry.author))
    if entry.original:
        said.append(_link(entry.original, "original"))
    if said:
        yield f"<p>Source: {', '.join(said)}</p>"
    if entry.rights:
        yield f"<p><small>{_text(entry.rights)}</small></p>"


def excerpt(prose: str, limit: int = EXCERPT) -> str:
    """Return the first blocks of the prose that hold about ``limit`` characters of text, cut between blocks.

    A first block that alone is more than half as long again is cut between words, as a plain paragraph.
    """
    from lxml import html as lxml_html  # noqa: PLC0415 - slow to load, and few sources allow an excerpt only

    kept: list[str] = []
    length = 0
    for block in lxml_html.fragments_fromstring(prose):
        words = block if isinstance(block, str) else block.text_content()
        length += len(words.strip())
        if kept and length > limit:
            break
        if length > limit * 3 // 2:
            start = words.strip()[:limit].rpartition(" ")[0] or words.strip()[:limit]
            return f"<p>{_text(start)} …</p>"
        if words.strip():
            whole = block if isinstance(block, str) else lxml_html.tostring(block, encoding="unicode", with_tail=False)
            kept.append(f"<p>{_text(whole.strip())}</p>" if isinstance(block, str) else whole)
    return "\n".join(kept)


def _link(url: str, label: str) -> str:
    return f'<a href="{escape(url)}">{_text(label)}</a>' if url else _text(label)


def _text(plain: str) -> str:
    return escape(plain, quote=False)
