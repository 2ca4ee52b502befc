"""Counts and titles in words."""

import pytest

from timeline.presenting.summary import fates, headline, page_title, status_counts


@pytest.mark.parametrize(
    ("found", "is_filtered", "expected"),
    [
        (9, False, "9 actions"),
        (1, False, "1 action"),
        (0, False, "No actions"),
        (3, True, "3 of 9 actions"),
        (0, True, "No actions match"),
    ],
)
def test_headline(found: int, is_filtered: bool, expected: str) -> None:
    assert headline(found, 9, is_filtered=is_filtered) == expected


def test_fates_put_all_ways_of_being_undone_together() -> None:
    counts = {"reported": 4, "reversed": 2, "superseded": 2, "withdrawn": 1, "in_effect": 9, "expired": 0}
    assert fates(counts) == "9 in force, 5 undone, 4 unconfirmed"


@pytest.mark.parametrize(
    ("ticked", "expected"), [(False, {"reported": 4, "expired": 1}), (True, {"reported": 4})], ids=["none", "one"]
)
def test_status_counts_are_those_ticked(ticked: bool, expected: dict[str, int]) -> None:
    assert status_counts([("reported", 4, ticked), ("expired", 1, False)]) == expected


def test_title_names_three_filters_and_counts_the_rest() -> None:
    filters = [("Agency", name) for name in "ABCDE"]
    assert page_title("3 of 9 actions", filters) == "3 of 9 actions: Agency A, Agency B, Agency C and 2 more filters"
