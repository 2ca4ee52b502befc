"""Who was president on a day."""

import pytest

from tracker.datapackage.federal_register.presidents import president_on


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2021-01-19", "Donald Trump"),
        ("2021-01-20", "Joe Biden"),
        ("1963-11-21", "John F. Kennedy"),
        ("1933-03-03", ""),
        ("2029-01-20", ""),
    ],
)
def test_orders_of_an_inauguration_day_are_the_new_president_s(day: str, name: str) -> None:
    assert president_on(day) == name
