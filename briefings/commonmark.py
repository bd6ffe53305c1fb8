"""The parser of Markdown, and the cleaner of its HTML. Alone in knowing markdown-it and nh3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefings import simple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.rules_core import StateCore

    Tokens = Sequence[Token]

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s",
    "a", "img", "table", "thead", "tbody", "tr", "th", "td", "div",
}  # fmt: skip
_ATTRIBUTES = {
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "a": {"href", "title", "data-whole"}, "img": {"src", "alt", "title", "width", "height"}, "ol": {"start"},
    "div": {"tabindex"},
}  # fmt: skip
_SIDES = {"left", "center", "right"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS, attributes=_ATTRIBUTES, allowed_classes={"div": {"table"}, "th": _SIDES, "td": _SIDES}, link_rel=None,
    url_schemes={"http", "https", "mailto"}, clean_content_tags={"script", "style"},
)  # fmt: skip
_WEB = re.compile(simple.WEB)


class _Markdown(MarkdownIt):
    """Addresses that stay as they are take no second look."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's name
        return url if _WEB.fullmatch(url) else super().normalizeLink(url)


def _parser() -> MarkdownIt:
    parser = _Markdown("js-default", {"html": False, "linkify": False, "typographer": False})
    parser.disable(("linkify", "replacements", "smartquotes", "html_block", "html_inline"))
    parser.core.ruler.at("inline", _inline)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _inline(state: StateCore) -> None:
    """The parser's own rule, but for lines on which nothing is special: they are text."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            if "\n" in token.content or simple.special(token.content) or not token.content:
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            else:
                token.children.append(Token("text", "", 0, content=token.content))


def _table_open(_: object, __: object, ___: object, ____: object, environment: Mapping[str, Any]) -> str:
    """On a page a wide table scrolls in a box of its own, which the keyboard must reach; a feed has no styles."""
    return "<table>\n" if environment["whole"] else '<div class="table" tabindex="0"><table>\n'


def _table_close(_: object, __: object, ___: object, ____: object, environment: Mapping[str, Any]) -> str:
    return "</table>\n" if environment["whole"] else "</table></div>\n"


_MARKDOWN = _parser()


def parse(text: str, environment: dict[str, Any]) -> Tokens:
    """The tokens of Markdown: CommonMark with tables and strike-through, without raw HTML.

    Args:
        text: the Markdown.
        environment: with ``whole``, as :func:`briefings.prose.render` has it; link definitions are put into it.
    """
    return _MARKDOWN.parse(text, environment)


def html(tokens: Tokens, environment: dict[str, Any]) -> str:
    """Tokens as cleaned HTML: allowed elements, attributes and schemes of addresses only."""
    return _CLEANER.clean(str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, environment)))
