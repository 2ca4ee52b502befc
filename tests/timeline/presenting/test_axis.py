"""The axis of the tracks: every day has its place, marks are few, labels do not touch."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timeline.presenting.axis import axis

DAYS = st.dates(date(1700, 1, 1), date(2100, 12, 31))


def _years(first: str, last: str) -> list[str]:
    marks = axis(date.fromisoformat(first), date.fromisoformat(last)).marks
    return [f"{mark.label} {mark.year}".strip() for mark in marks if mark.label]


@given(DAYS, DAYS)
@example(date(1700, 1, 1), date(2100, 12, 31))
@example(date(2025, 3, 3), date(2025, 3, 3))
def test_both_ends_lie_on_the_axis(one: date, other: date) -> None:
    first, last = sorted([one, other])
    common = axis(first, last)
    assert 0 <= common.at(first) <= common.at(last) < 100
    assert common.at(common.end) == 100


@given(DAYS, DAYS)
def test_marks_are_few_and_labels_apart(one: date, other: date) -> None:
    marks = axis(*sorted([one, other])).marks
    labelled = [mark.x for mark in marks if mark.label]
    assert 0 < len(marks) <= 20
    assert all(0 <= mark.x < 100 for mark in marks)
    assert marks[0].x == 0
    assert labelled
    assert all(later - sooner >= 11 for sooner, later in pairwise(labelled))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param("2025-03-03", "2025-03-20", ["Mar 2025"], id="one month"),
        pytest.param("2025-01-20", "2025-06-01", ["Jan 2025", "Feb", "Mar", "Apr", "May"], id="months"),
        pytest.param("2024-11-02", "2025-03-31", ["Nov 2024", "Dec", "Jan 2025", "Feb", "Mar"], id="turn of a year"),
        pytest.param("2023-02-01", "2025-06-01", ["2023", "2024", "2025"], id="quarters marked, years named"),
        pytest.param("1999-06-01", "2025-06-01", ["1995", "2000", "2005", "2010", "2015", "2020"], id="years"),
        pytest.param("1700-01-01", "2100-12-31", ["1700", "1750", "1800", "1850", "1900", "1950", "2000", "2050"],
                     id="centuries"),
    ],
)  # fmt: skip
def test_labels_fit_the_span(first: str, last: str, expected: list[str]) -> None:
    assert _years(first, last) == expected
