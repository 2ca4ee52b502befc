"""Which words were taken out and put in, and what looking for them may cost."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.presenting.marks import Pieces, marked


def _shown(side: Pieces) -> str:
    """Return a side with its marks in brackets."""
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in side)


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [
        ("The aid is paused.", "The aid was paused.", "The aid [is] paused.", "The aid [was] paused."),
        ("One. Two.", "One. Two. Three.", "One. Two.", "One. Two. [Three.]"),
        ("One. Two. Three.", "One. Three.", "One. [Two.] Three.", "One. Three."),
        ("", "New text.", "", "New text."),
        ("Old text.", "", "Old text.", ""),
        ("Paused", "Reversed", "Paused", "Reversed"),
        ("Same.", "Same.", "Same.", "Same."),
        ("a  b", "a b", "a  b", "a b"),
    ],
    ids=["word", "sentence added", "sentence taken out", "new", "gone", "nothing stayed", "same", "blanks alone"],
)
def test_words_that_changed_are_marked(before: str, after: str, was: str, now: str) -> None:
    old, new = marked(before, after)
    assert (_shown(old), _shown(new)) == (was, now)


_TEXTS = st.text(alphabet="ab .,\né漢", max_size=60)


@given(_TEXTS, _TEXTS)
def test_both_texts_stay_whole(before: str, after: str) -> None:
    old, new = marked(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after


def _words(count: int, *, seed: int) -> list[str]:
    choice = random.Random(seed)
    return [f"w{choice.randrange(600)}{'.' if choice.random() < 0.06 else ''}" for _ in range(count)]


def _edited(words: list[str]) -> str:
    return " ".join("changed" if place % 100 == 7 else word for place, word in enumerate(words))


LONG = _words(4000, seed=1)
HARD = {
    "some words": (" ".join(LONG), _edited(LONG)),
    "other texts": (" ".join(LONG), " ".join(_words(4000, seed=2))),
    "one word": ("a " * 10_000, "a " * 9_000 + "b " * 1_000),
    "two words in turn": ("a b " * 5_000, "b a " * 5_000),
    "short sentences": ("a. " * 6_600, "b. a. " * 3_300),
    "no blanks": ("x" * 20_000, "x" * 10_000 + "y" * 10_000),
    "line ends": ("\n" * 20_000, "a\n" * 10_000),
}


@pytest.mark.parametrize("name", HARD)
def test_long_texts_cost_little(name: str) -> None:
    before, after = HARD[name]
    started = time.process_time()
    marked(before[:20_000], after[:20_000])
    assert time.process_time() - started < 0.2


def test_marks_of_a_long_text_are_found() -> None:
    old, new = marked(*HARD["some words"])
    assert sum(piece.is_marked for piece in new) == 40
    assert {piece.text for piece in new if piece.is_marked} == {"changed"}
    assert len(old) > 40
