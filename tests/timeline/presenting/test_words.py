"""Small pieces of text."""

from datetime import UTC, date, datetime

import pytest

from timeline.presenting.words import capital, counted, cut, day_name, month_name


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 actions"), (1, "1 action"), (2, "2 actions"), (1024, "1,024 actions")]
)
def test_counted(number: int, expected: str) -> None:
    assert counted(number, "action") == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("one two three", 8, "one two…"),
        ("unbroken" * 3, 10, "unbrokenu…"),
    ],
    ids=["short", "exact", "at a word", "no comma before the mark", "word ends at the limit", "one long word"],
)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected
    assert len(cut(text, limit)) <= limit


def test_month_name() -> None:
    assert month_name(date(2025, 3, 11)) == "March 2025"


@pytest.mark.parametrize("instant", ["2025-03-11T23:59:59Z", datetime(2025, 3, 11, 23, 59, 59, tzinfo=UTC)])
def test_day_name(instant: str | datetime) -> None:
    assert day_name(instant) == "11 Mar 2025"


def test_capital_leaves_the_rest() -> None:
    assert capital("reversed by EO") == "Reversed by EO"
