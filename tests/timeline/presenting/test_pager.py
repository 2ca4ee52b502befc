"""Which pages are linked."""

import pytest

from timeline.presenting.pager import pager


@pytest.mark.parametrize(
    ("number", "last", "expected"),
    [
        (1, 1, []),
        (1, 2, [1, 2]),
        (1, 7, [1, 2, 0, 7]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
        (4, 9, [1, 2, 3, 4, 5, 0, 9]),
        (9, 9, [1, 0, 8, 9]),
    ],
)
def test_first_last_and_neighbours_are_linked(number: int, last: int, expected: list[int]) -> None:
    assert [link.number for link in pager(number, last, str).links] == expected


def test_ends_have_no_neighbour() -> None:
    assert (pager(1, 3, str).previous, pager(3, 3, str).next) == ("", "")
