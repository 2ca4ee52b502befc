"""Dates keep the precision that they have; what can be two days is refused."""

import pytest

from tracker.datapackage.mapping.days import DayError, read_day


@pytest.mark.parametrize(
    ("text", "formats", "zone", "stored"),
    [
        ("2025-03-04", ("%Y-%m-%d",), "", "2025-03-04"),
        ("202104", ("%Y%m",), "", "2021-04"),
        ("202104", ("%Y%m%d", "%Y%m"), "", "2021-04"),
        ("2021", ("%Y-%m", "%Y"), "", "2021"),
        ("3/4/2025", ("%m/%d/%Y",), "", "2025-03-04"),
        ("March 4, 2025", ("%Y-%m-%d", "%B %d, %Y"), "", "2025-03-04"),
        ("04/04/2025", ("%m/%d/%Y", "%d/%m/%Y"), "", "2025-04-04"),
        ("late Feb 2025", (), "", "[2025-02-21..2025-02-28]"),
        ("2025-01-03T05:00:00Z", ("instant",), "America/New_York", "2025-01-03"),
        ("2025-07-11T03:59:59Z", ("instant",), "America/New_York", "2025-07-10"),
        ("2025-01-03T02:00:00", ("instant",), "America/New_York", "2025-01-02"),
    ],
)
def test_a_date_is_read_as_declared(text: str, formats: tuple[str, ...], zone: str, stored: str) -> None:
    assert read_day(text, formats=formats, zone=zone) == stored


@pytest.mark.parametrize(
    ("text", "formats", "told"),
    [
        ("01/02/2025", (), "could be read either way round"),
        ("01/02/2025", ("%m/%d/%Y", "%d/%m/%Y"), "can be read as 2025-01-02 or 2025-02-01"),
        ("30/02/2025", ("%d/%m/%Y",), "is not a date as declared"),
        ("1492-10-12", ("%Y-%m-%d",), "1700"),
    ],
)
def test_what_is_no_certain_date_is_refused(text: str, formats: tuple[str, ...], told: str) -> None:
    with pytest.raises(DayError, match=told):
        read_day(text, formats=formats, zone="")
