"""Markdown to HTML that may stand on a page of ours: no scripts, no raw HTML, nothing loaded from elsewhere.

Two walls, each enough alone: the parser is told to escape HTML, and nh3 lets through only what is listed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    *("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h2", "h3", "h4", "h5", "h6", "div", "table", "thead", "tbody", "tr", "th", "td"),
}
_HEADINGS = {f"h{level}": {"id"} for level in range(2, 7)}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "div": {"class", "tabindex"}} | _HEADINGS
_SCHEMES = {"http", "https", "mailto"}
_TABLE_OPEN, _TABLE_CLOSE = '<div class="wide" tabindex="0"><table>', "</table></div>"


@lru_cache(maxsize=32)
def html(text: str, *, level: int = 2, prefix: str = "") -> SafeString:
    """Return Markdown as HTML. Its highest heading becomes h`level`; headings get anchors that begin with `prefix`.

    Pages, lists, quotations, code and tables; images become their alternative text. Kept per text, which never
    changes once it is stored.
    """
    tokens = _PARSER.parse(text)
    _place_headings(tokens, level=level, prefix=prefix)
    raw = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(raw, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def _place_headings(tokens: list[Token], *, level: int, prefix: str) -> None:
    """Move the ranks used in the text below the page's own without a gap, and name each heading."""
    places = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    ranks = sorted({tokens[place].tag for place in places})
    taken: dict[str, int] = {}
    for place in places:
        tag = f"h{min(level + ranks.index(tokens[place].tag), 6)}"
        # A heading is always three tokens: open, its words, close.
        tokens[place].tag = tokens[place + 2].tag = tag
        tokens[place].attrSet("id", _anchor(tokens[place + 1].content, prefix=prefix, taken=taken))


def _anchor(title: str, *, prefix: str, taken: dict[str, int]) -> str:
    """Return a name that no other heading of this text has; `taken` counts those of each name."""
    stem = "-".join(part for part in (prefix, slugify(title, allow_unicode=True)[:60]) if part) or "section"
    name = stem
    while name in taken:
        taken[stem] += 1
        name = f"{stem}-{taken[stem]}"
    taken[name] = 1
    return name


def _as_words(self: Any, tokens: Sequence[Token], place: int, *others: Any) -> str:
    """Return an image as the words that stand for it."""
    return str(self.renderInlineAsText(tokens[place].children or [], *others))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("image", _as_words)
    parser.add_render_rule("table_open", lambda *_: _TABLE_OPEN)
    parser.add_render_rule("table_close", lambda *_: _TABLE_CLOSE)
    return parser


_PARSER = _parser()
