"""Differences as a page shows them: the words that changed are marked, the rest can be read past."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from tracker import columns
from tracker.comparing import Difference

_WORDS = re.compile(r"\w+|\s+|[^\w\s]+")
_ITEMS = re.compile(r"; |(?:(?!; ).)+", re.DOTALL)
_LISTS = frozenset({"citations", *(column.name for column in columns.COLUMNS if column.type == "list")})
# Above this many words between the same beginning and the same end all are marked: the time grows with the square.
_MOST_WORDS = 600
# Texts that share less than this part of their words are two texts: marking single words of them would say nothing.
_LEAST_SHARED = 0.3


@dataclass(frozen=True)
class Piece:
    """Some words in a row, all of them changed or none."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Shown:
    """One difference with both texts in pieces; no pieces = nothing was there."""

    path: str
    label: str
    before: list[Piece]
    after: list[Piece]


def shown(differences: Iterable[Difference]) -> list[Shown]:
    """Return the differences with their changed words marked."""
    return [
        Shown(item.path, item.label, *marked(item.before, item.after, is_list=item.path in _LISTS))
        for item in differences
    ]


def marked(before: str, after: str, *, is_list: bool = False) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, marking the words, or items of a list, that the other one does not have there."""
    old, new = ((_ITEMS if is_list else _WORDS).findall(text) for text in (before, after))
    head = _shared_start(old, new)
    tail = _shared_start(old[head:][::-1], new[head:][::-1])
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    runs = _runs(*middle)
    kept = head + tail + sum(len(mine) for mine, _, same in runs if same)
    if kept < _LEAST_SHARED * max(len(old), len(new)):
        return _pieces([(old, False)]), _pieces([(new, False)])
    around = old[:head], old[len(old) - tail :]
    return (
        _pieces([(around[0], True), *((mine, same) for mine, _, same in runs), (around[1], True)]),
        _pieces([(around[0], True), *((theirs, same) for _, theirs, same in runs), (around[1], True)]),
    )


def _shared_start(old: list[str], new: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _runs(old: list[str], new: list[str]) -> list[tuple[list[str], list[str], bool]]:
    """Return (words before, words after, whether they are the same), in order."""
    if max(len(old), len(new)) > _MOST_WORDS:
        return [(old, new, False)]
    codes = SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes()
    return [(old[a:b], new[c:d], tag == "equal") for tag, a, b, c, d in codes]


def _pieces(runs: Iterable[tuple[list[str], bool]]) -> list[Piece]:
    return [Piece("".join(words), not same) for words, same in runs if words]
