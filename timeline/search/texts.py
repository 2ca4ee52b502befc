"""What of a public entry is searched: four texts of words, as the index stores them.

In order of weight: the title; where it stands and the identifiers; the summary; the titles of the sources.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate, islice
from typing import Any, NamedTuple

from timeline.search.tokens import stored, tokens

GAP = "_"
"""Stands between two texts of one field, so that no phrase reaches across. No word is stored like this."""

# What a tsvector can hold, below its limits of 16,383 places, 256 places of a word and a megabyte of words. Beyond
# it, words are left out on both databases.
_MOST_WORDS = 16_000
_MOST_TIMES = 250
_MOST_CHARACTERS = 400_000


class Texts(NamedTuple):
    """Stored words with a blank before and behind each: " aid paused " holds the word " aid "."""

    title: str
    place: str
    summary: str
    sources: str


def texts(entry: Mapping[str, Any]) -> Texts:
    """Return the texts of the entry of a public record."""
    room = _Room()
    return Texts(
        title=room.text([entry["title"]]),
        place=room.text([entry["where_it_stands"], *entry["identifiers"]]),
        summary=room.text([entry["summary"]]),
        sources=room.text(citation["source"]["title"] for citation in entry["citations"]),
    )


class _Room:
    """What is left of the limits while the texts of one entry are written."""

    def __init__(self) -> None:
        self.words, self.characters = _MOST_WORDS, _MOST_CHARACTERS
        self.seen: list[str] = []

    def text(self, parts: Iterable[str | None]) -> str:
        found: list[str] = []
        for part in parts:
            words = self._taken(map(stored, tokens(part or "")))
            found += [GAP, *words] if found and words else words
        return f" {' '.join(found)} " if found else " "

    def _taken(self, words: Iterable[str]) -> list[str]:
        """Return the words for which there is room, a gap in place of one that stood too often."""
        taken = list(islice(words, max(0, self.words)))
        lengths = list(accumulate(map(len, taken)))
        del taken[bisect(lengths, self.characters) :]
        self.words -= len(taken) + 1
        self.characters -= lengths[len(taken) - 1] if taken else 0
        before, self.seen = self.seen, self.seen + taken
        if len(self.seen) <= _MOST_TIMES:
            return taken
        times = Counter(before)
        return [word if times[word] <= _MOST_TIMES else GAP for word in taken if times.update((word,)) is None]


def vector(found: Texts) -> str:
    """Return the same words with their places as the text of a PostgreSQL tsvector."""
    places: list[str] = []
    place = 0
    for text in found:
        for word in text.split():
            place += 1
            if word != GAP:
                places.append(f"{word}:{place}")
        place += 1  # a place between two fields, so that no phrase reaches across
    return " ".join(places)
