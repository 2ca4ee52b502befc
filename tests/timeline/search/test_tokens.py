"""What a word is, before any database sees it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.search.tokens import LONGEST, spans, stored, tokens

FOLDED = {
    "case": ("AID Aid", "aid aid"),
    "accents": ("café naïve Ürümqi", "cafe naive urumqi"),
    "letters with a stroke": ("Łódź Đà Ærø Øresund", "lodz da aero oresund"),
    "sharp s": ("Straße", "strasse"),
    "Turkish i": ("İstanbul ısı", "istanbul isi"),
    "Greek accents and final sigma": ("Ελλάδας", "ελλαδασ"),
    "Cyrillic letters with marks are letters": ("Ёлка йод", "ёлка йод"),
    "a stress mark on Cyrillic": ("а\u0301томный", "атомныи\u0306".replace("и\u0306", "й")),
    "compatibility forms": ("ﬁne ＡＢ CO₂", "fine ab co2"),
    "a fraction": ("½", "1 2"),
    "hyphens part": ("co-operation", "co operation"),
    "dashes part": ("2024–2025", "2024 2025"),
    "soft hyphens do not": ("co\u00adoperation", "cooperation"),
    "possessives go": ("Ukraine’s Congress' U.S.'s", "ukraine congress us"),
    "apostrophes part": ("O'Brien l’Ukraine don't", "o brien l ukraine don t"),
    "initials": ("U.S.-Russia U.S U.S.A. J.D. e.g.", "us russia us usa jd eg"),
    "numbers": ("1.5 1,000 13716", "1 5 1 000 13716"),
    "identifiers": ("eo:13716 RIN 0503-AA80", "eo 13716 rin 0503 aa80"),
    "signs are nothing": ("% $ § ™ & | _ * \\ \x00", ""),
    "Chinese, a character each": ("中国政策", "中 国 政 策"),
    "Korean": ("한국어", "한국어"),
    "Arabic points and strokes": ("العَرَبِيَّـة", "العربية"),
    "Hebrew points": ("עִבְרִית", "עברית"),
    "Devanagari keeps its vowel signs": ("हिन्दी", "हिन्दी"),
    "emoji": ("ok😀!", "ok 😀"),
    "a lone surrogate": ("a\ud800b", "a b"),
}


@pytest.mark.parametrize(("text", "words"), FOLDED.values(), ids=FOLDED.keys())
def test_words_of(text: str, words: str) -> None:
    assert tokens(text) == words.split()


def test_decomposed_text_has_the_words_of_composed_text() -> None:
    text = "café Ёлка ガス"
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(text)


def test_long_word_is_known_by_its_beginning() -> None:
    assert tokens("x" * 500) == ["x" * LONGEST]


@given(st.text())
def test_places_are_those_of_the_words(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    found = spans(composed)
    assert [span.token for span in found] == tokens(text)
    assert all(0 <= span.start < span.end <= len(composed) for span in found)


@given(st.text())
def test_words_are_stored_in_plain_ascii(text: str) -> None:
    for token in tokens(text):
        assert stored(token).replace("_", "").isalnum()
        assert stored(token).isascii()
        assert stored(token) == stored(token).lower()


@given(st.text(alphabet="aé中ёж_"), st.text(alphabet="aé中ёж_"))
def test_stored_word_begins_as_the_word_does(one: str, other: str) -> None:
    for first in tokens(one):
        for second in tokens(other):
            assert stored(second).startswith(stored(first)) == second.startswith(first)
