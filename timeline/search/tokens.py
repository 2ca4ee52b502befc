"""Text as words to look for: folded character by character, then cut. Both databases are given what comes out here.

A word is a run of letters, marks and digits. Case, compatibility forms and the accents of Latin and Greek letters are
folded; a letter that other scripts write with a mark (Cyrillic ё, й) stays a letter of its own. Single letters joined
by full stops are one word (U.S. = US); an apostrophe parts words, and the possessive 's goes. Scripts that leave no
blanks between words, and emoji, give a word for each character: what is typed together must then stand together.
No word is stemmed and none is left out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST = 60
"""Characters of a word that count; a longer one is known by its beginning."""

_APOSTROPHES = frozenset("'’‘ʼ`´＇")
# Latin letters with a stroke, and their like: no decomposition leads to the letter that people type instead.
_TYPED_INSTEAD = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_ACCENTS = (0x0300, 0x036F)
# Points that Hebrew and Arabic may leave out, and the stroke that only makes an Arabic word longer.
_OPTIONAL = ((0x0591, 0x05BD), (0x05BF, 0x05C7), (0x0640, 0x0640), (0x064B, 0x0652), (0x0670, 0x0670))
# Thai, Lao, Myanmar, Khmer, kana, Chinese characters.
_WITHOUT_BLANKS = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF)),
    *((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
)
_EMOJI = ((0x2600, 0x27BF), (0x1F000, 0x1FAFF))

# In folded text only the blank, the apostrophe and the full stop are no part of a word.
_TOKEN = re.compile(r"((?<![^ '])[^\W\d_](?:\.[^\W\d_])+(?![^ '.])|[^ '.]+)(?:\.?'s(?![^ '.]))?")


class Span(NamedTuple):
    """A word and where it stands in the text: from `start` up to `end`."""

    token: str
    start: int
    end: int


def tokens(text: str) -> list[str]:
    """Return the words of `text` in order. Costs about 0.1 µs a character."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLDS)
    return [_token(found) for found in _TOKEN.findall(folded)]


def spans(text: str) -> list[Span]:
    """Return the words of `text`, which is NFC, with their places."""
    if all(len(_FOLDS[ord(character)]) == 1 for character in set(text)):
        found = _TOKEN.finditer(text.translate(_FOLDS))
        return [Span(_token(match[1]), *match.span(1)) for match in found]
    return _aligned([_FOLDS[ord(character)] for character in text])


def _aligned(pieces: list[str]) -> list[Span]:
    """Return the words in what the characters of a text became, with their places in the text."""
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    found = []
    for match in _TOKEN.finditer("".join(pieces)):
        end = origin[match.end(1) - 1] + 1
        while end < len(pieces) and not pieces[end]:  # a mark that was folded away belongs to its letter
            end += 1
        found.append(Span(_token(match[1]), origin[match.start(1)], end))
    return found


def _token(folded: str) -> str:
    return folded.replace(".", "")[:LONGEST]


def stored(token: str) -> str:
    """Return a word as the index holds it, in small letters, digits and "_" of ASCII alone.

    Each database has ideas of its own about other characters, and about newer ones none. What begins with a word
    still begins with it here.
    """
    if token.isascii():
        return token
    return "".join(letter if letter.isascii() else f"_{ord(letter):x}_" for letter in token)


class _Folds(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_FOLDS = _Folds()


def _fold(character: str) -> str:
    """Return the parts of words in a character: blanks around what stands alone, "" for what is seen through."""
    if character == "." or character in _APOSTROPHES:
        return "." if character == "." else "'"
    category = unicodedata.category(character)
    if category == "Cf" or _is_in(character, _ACCENTS, *_OPTIONAL) or _is_variation(character):
        return ""
    if category == "So" and _is_in(character, *_EMOJI):
        return f" {character} "
    return "".join(map(_part, _letters(character))) if category[0] in "LMN" else " "


def _letters(character: str) -> str:
    """Return a letter, mark or digit in its plainest form."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()).casefold()
    if not unicodedata.name(small[:1], "").startswith(("LATIN", "GREEK")):
        return unicodedata.normalize("NFC", small)
    plain = "".join(letter for letter in small if not unicodedata.combining(letter))
    return plain.translate(_TYPED_INSTEAD)


def _part(letter: str) -> str:
    if unicodedata.category(letter)[0] not in "LMN" or letter in _APOSTROPHES:
        return " "
    return f" {letter} " if _is_in(letter, *_WITHOUT_BLANKS) else letter


def _is_in(character: str, *ranges: tuple[int, int]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def _is_variation(character: str) -> bool:
    """Whether a character only chooses between two drawings of the one before it."""
    return _is_in(character, (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
