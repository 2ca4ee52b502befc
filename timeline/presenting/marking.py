"""What was looked for, marked where it stands: by the words of the search itself, so that marks agree with matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting.words import cut
from timeline.search.query import Item, Query
from timeline.search.tokens import spans, tokens

_BEFORE = 60  # characters shown before a match that stands far inside a text


@dataclass(frozen=True)
class Piece:
    """A stretch of a text."""

    text: str
    is_found: bool


@dataclass(frozen=True)
class Passage:
    """A text that is not shown otherwise and holds a word looked for."""

    label: str
    text: str


def pieces(text: str, query: Query) -> list[Piece]:
    """Return `text` (NFC) in pieces, each wholly found or not; together they are the text."""
    found, place = [], 0
    for start, end in _places(text, query):
        found += [Piece(text[place:start], is_found=False), Piece(text[start:end], is_found=True)]
        place = end
    return [piece for piece in (*found, Piece(text[place:], is_found=False)) if piece.text]


def around(text: str, query: Query, limit: int = 240) -> str:
    """Return `text` in at most `limit` characters: its beginning, or what stands around the first match behind it."""
    head = cut(text, limit)
    places = _places(text, query) if head != text else []
    if not places or places[0][1] < len(head):
        return head
    start = places[0][0] - _BEFORE
    start = text.find(" ", start, places[0][0]) + 1 or places[0][0]
    return f"…{cut(text[start:], limit - 1)}"


def passages(entry: Mapping[str, Any], query: Query) -> list[Passage]:
    """Return the identifiers and titles of sources that hold what no other text of the card holds."""
    shown = [tokens(entry[name] or "") for name in ("title", "where_it_stands", "summary")]
    missing = tuple(item for item in query.wanted if not any(_holds(words, item) for words in shown))
    if not missing:
        return []
    identifiers = [Passage(_("Identifier"), text) for text in entry["identifiers"]]
    sources = [Passage(_("Source"), citation["source"]["title"]) for citation in entry["citations"]]
    return list(_first_of_each(missing, [*identifiers, *sources]))


def _first_of_each(missing: tuple[Item, ...], candidates: list[Passage]) -> Iterator[Passage]:
    """Yield the passages needed so that each item is seen once."""
    left = set(missing)
    for passage in candidates:
        words = tokens(passage.text)
        if here := {item for item in left if _holds(words, item)}:
            left -= here
            yield passage


def _holds(words: list[str], item: Item) -> bool:
    return any(item.ends_at(place, words) for place in range(len(words)))


def _places(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where the wanted items stand, in order; those that touch or overlap are one."""
    found = spans(text)
    words = [span.token for span in found]
    hits = sorted(
        (found[place].start, found[end - 1].end)
        for item in query.wanted
        for place in range(len(words))
        if (end := item.ends_at(place, words))
    )
    merged: list[tuple[int, int]] = []
    for start, end in hits:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
