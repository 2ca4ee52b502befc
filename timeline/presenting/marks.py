"""Which words of a text were taken out and which were put in, for two texts read side by side.

Sentences are matched first, then the words within those that changed. The search is bounded beforehand: where two
texts are too unlike to be worth it, nothing is marked and both stand whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

BUDGET = 1_500_000  # steps of the matcher at worst, for one pair of texts: about 0.1 s
ENOUGH = 0.3  # of the words must have stayed, or the marks would only dazzle
_SENTENCES = re.compile(r".+?(?:[.!?;:]\s+|\n+|$)", re.DOTALL)
_WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, or that stands on this side only."""

    text: str
    is_marked: bool = False


Pieces = list[Piece]
_Opcode = tuple[bool, int, int, int, int]


def marked(before: str, after: str, *, budget: int = BUDGET) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces, those marked that the other does not have.

    Nothing is marked where one of them is empty, where too little stayed, or where looking would cost more than
    `budget` steps.
    """
    found = _Marking(budget).sides(before, after)
    whole = _whole(before), _whole(after)
    if found is None:
        return whole
    kept = sum(len(piece.text) for piece in found[0] if not piece.is_marked)
    differs = any(piece.is_marked for side in found for piece in side)
    if not differs or kept < ENOUGH * min(len(before), len(after)):
        return whole
    return _trimmed(found[0]), _trimmed(found[1])


def _trimmed(side: Pieces) -> Pieces:
    """Return the pieces with no mark under the blank that follows a word."""
    trimmed: Pieces = []
    for piece in side:
        word = piece.text.rstrip() if piece.is_marked else piece.text
        blank = piece.text[len(word) :]
        trimmed += [Piece(word, piece.is_marked)] if word else []
        trimmed += [Piece(blank)] if blank else []
    return trimmed


def _whole(text: str) -> Pieces:
    return [Piece(text)] if text else []


class _Marking:
    """One comparison with the steps that it may still take."""

    def __init__(self, budget: int) -> None:
        self.left = budget

    def sides(self, before: str, after: str) -> tuple[Pieces, Pieces] | None:
        """Return both sides in pieces; None when there is nothing to match or no budget to match it with."""
        if not before or not after:
            return None
        old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
        sentences = self._opcodes(old, new)
        if sentences is None:
            return None
        sides: tuple[Pieces, Pieces] = ([], [])
        for is_same, a, b, c, d in sentences:
            if is_same:
                _add(sides, "".join(old[a:b]), "".join(new[c:d]), is_marked=False)
            else:
                self._words(sides, "".join(old[a:b]), "".join(new[c:d]))
        return sides

    def _words(self, sides: tuple[Pieces, Pieces], before: str, after: str) -> None:
        old, new = _WORDS.findall(before), _WORDS.findall(after)
        for is_same, a, b, c, d in self._opcodes(old, new) or [(False, 0, len(old), 0, len(new))]:
            _add(sides, "".join(old[a:b]), "".join(new[c:d]), is_marked=not is_same)

    def _opcodes(self, old: Sequence[str], new: Sequence[str]) -> list[_Opcode] | None:
        """Match two lists, blanks around their items apart. None when the worst case is beyond what is left."""
        was, now = ([item.strip() for item in items] for items in (old, new))
        head = _common(was, now)
        tail = _common(was[head:][::-1], now[head:][::-1])
        inner_was, inner_now = was[head : len(was) - tail], now[head : len(now) - tail]
        self.left -= _steps(inner_was, inner_now)
        if self.left < 0:
            return None
        matcher = SequenceMatcher(None, inner_was, inner_now, autojunk=False)
        inner = [(tag == "equal", a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()]
        ends = [(True, 0, head, 0, head), (True, len(was) - tail, len(was), len(now) - tail, len(now))]
        return [each for each in [ends[0], *inner, ends[1]] if each[1] < each[2] or each[3] < each[4]]


def _steps(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many steps the matcher takes at worst: each of its rounds may look at every equal pair again."""
    counts = Counter(new)
    pairs = sum(count * counts[item] for item, count in Counter(old).items())
    rounds = min(len(old), len(new), pairs)
    return rounds * (len(old) + pairs) + len(new)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many items both lists begin with alike."""
    return next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _add(sides: tuple[Pieces, Pieces], before: str, after: str, *, is_marked: bool) -> None:
    """Put a stretch on each side, joined to the one before it where that is of its kind."""
    for side, text in zip(sides, (before, after), strict=True):
        for piece in _joined(side, text, is_marked=is_marked):
            side.append(piece)


def _joined(side: Pieces, text: str, *, is_marked: bool) -> Iterator[Piece]:
    if not text:
        return
    if side and side[-1].is_marked == is_marked:
        text = side.pop().text + text
    yield Piece(text, is_marked)
