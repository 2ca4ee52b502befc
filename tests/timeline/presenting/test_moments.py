"""The date of an entry in the date column."""

import pytest

from timeline.presenting.moments import certainty, moment


@pytest.mark.parametrize(
    ("text", "big", "small"),
    [
        ("2025-03-11", "11", "Tue"),
        ("2025-03-23/2025-03-25", "23–25", "Sun–Tue"),
        ("2025-02-28/2025-03-02", "28–2", "Feb–Mar"),
        ("[2025-02-05,2025-02-06]", "5 or 6", "day not known"),
        ("[2025-02-21..2025-02-28]", "Late", "day not known"),
        ("[2025-02-17..2025-02-28]", "Feb", "Between 17 and 28 Feb"),
        ("2025-02", "Feb", "day not known"),
        ("2025", "2025", "day not known"),
        ("2025-02-05?", "Feb", "Probably 5 Feb"),
        ("2025-02~", "Feb", "About Feb"),
        ("2024/2025", "2024", "2024 – 2025"),
    ],
)
def test_two_lines_under_the_heading_of_a_month(text: str, big: str, small: str) -> None:
    shown = moment(text)
    assert (shown.big, shown.small) == (big, small)


@pytest.mark.parametrize(
    ("text", "big", "small"),
    [
        ("2025-03-11", "11 Mar", "2025"),
        ("[2025-02-21..2025-02-28]", "Feb", "Late Feb 2025, day not known"),
        ("2025", "2025", "2025, day not known"),
    ],
)
def test_two_lines_without_such_a_heading(text: str, big: str, small: str) -> None:
    shown = moment(text, under_month=False)
    assert (shown.big, shown.small) == (big, small)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-11", "The day is known."),
        ("2025-03-23/2025-03-25", "The days are known."),
        ("2025-02", "Not known to the day: from 1 Feb 2025 to 28 Feb 2025."),
        ("2025-02-05?", "Uncertain: it may lie outside the days named, and never counts as certain."),
    ],
)
def test_certainty(text: str, expected: str) -> None:
    assert certainty(text) == expected
