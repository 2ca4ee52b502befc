"""What people type into `q`: words that must all occur, "phrases", and -words that must not.

Everything else is text: signs and operators of any search language part words and mean nothing. Nothing typed is an
error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from timeline.search.tokens import tokens

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# A quotation mark opens a phrase only where a word may begin; one that is never closed runs to the end.
_ITEM = re.compile(r'(?<!\S)(?P<without>-?)"(?P<phrase>[^"]*)(?:"|$)|(?:(?<!\S)(?P<minus>-)(?=\S))?(?P<word>\S+)')


@dataclass(frozen=True)
class Item:
    """Words that must stand side by side; `is_open`: the last of them may go on (a prefix)."""

    tokens: tuple[str, ...]
    is_open: bool = False

    def ends_at(self, place: int, found: Sequence[str]) -> int:
        """Return the place behind this item where it stands in the words `found` from `place` on; 0 if it does not."""
        end = place + len(self.tokens)
        here = tuple(found[place:end])
        if self.is_open and here:
            here = (*here[:-1], here[-1][: len(self.tokens[-1])])
        return end if here == self.tokens else 0


@dataclass(frozen=True)
class Query:
    """What must occur and what must not. Neither: there is no word in what was typed, and nothing is found."""

    wanted: tuple[Item, ...]
    unwanted: tuple[Item, ...]

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read what was typed.

        A word that falls apart (co-operation, eo:13716) is a phrase. The last wanted word matches as a beginning,
        unless it stands in quotation marks: somebody may still be typing it.
        """
        wanted: list[Item] = []
        unwanted: list[Item] = []
        is_quoted = False
        for match in _ITEM.finditer(typed.translate(_QUOTES)):
            found = tuple(tokens(match["phrase"] or match["word"] or ""))
            if found and (match["without"] or match["minus"]):
                unwanted.append(Item(found))
            elif found:
                wanted.append(Item(found))
                is_quoted = match["phrase"] is not None
        if wanted and not is_quoted:
            wanted.append(Item(wanted.pop().tokens, is_open=True))
        return cls(wanted=tuple(dict.fromkeys(wanted)), unwanted=tuple(dict.fromkeys(unwanted)))
