"""Words that changed are marked; nothing of either text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.admin.entries.marking import Piece, marked

MARKED = {
    "one word": ("Aid paused today", "Aid resumed today", "Aid [paused] today", "Aid [resumed] today"),
    "something more": ("A; B", "A; B; C", "A; B", "A; B[; C]"),
    "an end": ("Aid paused.", "Aid paused today.", "Aid paused.", "Aid paused[ today]."),
    "nothing before": ("", "Aid", "", "[Aid]"),
    "another text": ("Aid paused", "Talks were held in Riyadh", "[Aid paused]", "[Talks were held in Riyadh]"),
    "the same": ("Aid paused", "Aid paused", "Aid paused", "Aid paused"),
}


def _written(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in pieces)


@pytest.mark.parametrize("case", MARKED)
def test_changed_words_are_marked(case: str) -> None:
    before, after, *expected = MARKED[case]
    assert [_written(pieces) for pieces in marked(before, after)] == expected


def test_items_of_a_list_are_marked_as_a_whole() -> None:
    before, after = marked("Aid to A", "Aid to A; Aid to B", is_list=True)
    assert [_written(before), _written(after)] == ["Aid to A", "Aid to A[; Aid to B]"]


_TEXTS = st.lists(st.sampled_from(["a", "b", "c", " ", "; ", "\n"]), max_size=20).map("".join)


@given(_TEXTS, _TEXTS, st.booleans())
def test_no_text_is_lost_and_the_unmarked_ones_agree(before: str, after: str, is_list: bool) -> None:
    pieces = marked(before, after, is_list=is_list)
    assert ["".join(piece.text for piece in text) for text in pieces] == [before, after]
    kept = ["".join(piece.text for piece in text if not piece.is_changed) for text in pieces]
    assert kept[0] == kept[1]


def test_text_too_long_to_compare_is_marked_as_a_whole() -> None:
    before, after = marked("a b " * 25_000, "b a " * 25_000)
    assert [len(before), len(after)] == [1, 1]
    assert before[0].is_changed
    assert after[0].is_changed


def test_long_text_with_one_word_changed_has_one_mark() -> None:
    text = "a b " * 25_000
    assert _written(marked(f"{text}x {text}", f"{text}y {text}")[1]).count("[y]") == 1
