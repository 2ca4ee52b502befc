"""The register's list of orders, CSV and JSON."""

from typing import Any

import pytest

from tests.tracker.datapackage.federal_register.listings import as_csv, as_json, order
from tracker.datapackage.federal_register.documents import Listing, day_in, read_listing


def read(content: bytes, *, max_rows: int = 100) -> Listing:
    return read_listing(content, name="orders", max_rows=max_rows)


@pytest.mark.parametrize("shape", [as_csv, as_json], ids=["csv", "json"])
def test_both_shapes_say_the_same(shape: Any) -> None:
    (found,) = read(shape(order(90001, "05/04/2015", "See: EO 90002"))).documents
    assert (found.number, found.signed, found.published) == ("90001", "2015-05-04", "2015-05-06")
    assert (found.document_number, found.note) == ("2015-90001", "See: EO 90002")


@pytest.mark.parametrize(
    ("text", "day"),
    [("05/04/2015", "2015-05-04"), ("2015-05-04", "2015-05-04"), ("31/04/2015", ""), ("4 May 2015", ""), ("", "")],
)
def test_days_are_read_month_first(text: str, day: str) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"<html>Bad gateway</html>", "no list of documents", id="error-page"),
        pytest.param(b"title,date\na,b\n", "it has no document_number", id="other-table"),
        pytest.param(b'{"errors": 1}', "no list of documents", id="other-json"),
        pytest.param(b'{"results": [', "cannot be read as JSON", id="cut-off-json"),
        pytest.param(as_csv(order(90001, title="Caf\u00e9")).replace(b"\xc3", b""), "not UTF-8", id="latin-1"),
        pytest.param(as_csv(order(90001), order(90001)), "Row 2 is about the same order.", id="twice"),
        pytest.param(as_csv(order(90001, "4 May 2015")), "Write the day like", id="unreadable-day"),
        pytest.param(as_csv(order("ninety")), "not the number of an executive order", id="no-number"),
        pytest.param(as_csv(order(90001), order(90002)), "More than 1 rows", id="too-long"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(content: bytes, sentence: str) -> None:
    found = read(content, max_rows=1 if sentence.startswith("More") else 100)
    assert any(sentence in str(fault) for fault in found.faults)


def test_documents_that_are_no_orders_are_left_aside_and_told() -> None:
    found = read(as_csv(order(""), order(90001)))
    assert [each.number for each in found.documents] == ["90001"]
    assert found.notes == ["orders:2: no executive order (it has no number), left aside."]
