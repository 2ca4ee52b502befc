"""What is on the screen is what is in the file, in every format: the same entries, the same order, the same values."""

import io
import json
from typing import Any
from urllib.parse import urlencode

import pandas
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.test_same_rows import SELECTIONS, Ledger, slugs_of_page
from tests.timeline import packages
from tests.timeline.files import Cells, built, csv_rows, parquet_rows, workbook_rows
from tests.timeline.scene import select
from timeline.exports.csv_file import CSV
from timeline.exports.jsonl_file import JSONL
from timeline.exports.long_files import LONG_FILES
from timeline.exports.parquet_file import PARQUET
from timeline.exports.xlsx_file import XLSX
from tracker.columns import rows
from tracker.models import PolicyAction

pytestmark = pytest.mark.django_db

CHECKED: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}
# Two parameters at most: more of them seldom find anything, and nothing is alike in every format.
NARROW = st.tuples(SELECTIONS, st.randoms(use_true_random=False)).map(
    lambda pair: dict(pair[1].sample(sorted(pair[0].items()), min(2, len(pair[0]))))
)
LONG = {export.file: export for export in LONG_FILES}


def _body(export: Any, query: str, *, surface: Any = "data", chunk: int = 3) -> bytes:
    selection = select(query, surface=surface)
    assert selection.errors == {}
    return b"".join(export.content(selection, export.measure(selection), chunk=chunk))


def _json_lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.decode().split("\n")[:-1]]


def _records(query: str) -> list[dict[str, Any]]:
    return _json_lines(_body(JSONL, query))


def _by_pandas(query: str) -> list[Cells]:
    body = _body(CSV, "&".join(filter(None, [query, "raw=1"])), surface="csv")
    found = pandas.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False, lineterminator=None)
    return [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]


def _check_all(query: str) -> list[Cells]:
    """Compare every format with the CSV, cell by cell, and return its rows."""
    cells, records = csv_rows(query), _records(query)
    assert workbook_rows(built(XLSX, query)) == cells
    assert parquet_rows(built(PARQUET, query)) == cells
    assert packages.table(query, "actions.csv") == cells
    assert [rows.action_cells(record, url=row["url"]) for record, row in zip(records, cells, strict=True)] == cells
    _check_long(query, records)
    return cells


def _check_long(query: str, records: list[dict[str, Any]]) -> None:
    """Compare the long files with the histories and citations of the records, in the order of the entries."""
    for stem, of_entry in (("status_changes", rows.status_cells), ("citations", rows.citation_cells)):
        wanted = [cells for record in records for cells in of_entry(record["slug"], record["entry"])]
        assert packages.rows(_body(LONG[f"{stem}.csv"], f"{query}&raw=1".lstrip("&"), surface="csv")) == wanted
        typed = _json_lines(_body(LONG[f"{stem}.jsonl"], query))
        assert [row["slug"] for row in typed] == [row["slug"] for row in wanted]


@pytest.mark.timeout(300)
def test_random_selections_are_the_same_in_every_format() -> None:
    Ledger().fill()
    sizes: list[int] = []

    @settings(max_examples=12, **CHECKED)
    @example({})
    @given(NARROW)
    def check(values: dict[str, list[str]]) -> None:
        query = urlencode(values, doseq=True)
        if select(query).errors:  # such as a range that ends before it begins: refused everywhere
            return
        found = _check_all(query)
        assert [row["slug"] for row in found] == slugs_of_page(query)
        assert _by_pandas(query) == found
        sizes.append(len(found))

    check()
    assert sum(size > 0 for size in sizes) > 4, "the selections must find something"


# What tables and shells stumble over; blanks at the ends are cut when an entry is saved.
NAMES = st.sampled_from(
    ['The "Quoted" Agency', "Ünïcode 🕊️ Council", "وزارة الخارجية", "‘Single’, with comma", "=SUM(A1)"]
)
SUMMARIES = st.one_of(
    st.sampled_from(
        ["", "One line\nand another\n\nand a third", "=1+1", "'=1+1", "+1", "-1", "@a", "a;b", "x" * 20_000]
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn")), max_size=60),
)


@pytest.mark.timeout(300)
@settings(max_examples=8, **CHECKED)
@example(name='"A" 🕊️ וזה', summary="")
@example(name="=1+1", summary="x" * 20_000)
@example(name="Plain", summary="One line\nand another\n\nand a third")
@example(name="Plain", summary="=HYPERLINK(1)")
@given(name=NAMES, summary=SUMMARIES)
def test_any_text_survives_in_every_format(name: str, summary: str) -> None:
    agency = factories.AgencyFactory.create(name=f"{name} {PolicyAction.objects.count()}")
    action = factories.published(agency=agency, summary=summary)
    (row,) = [row for row in _check_all("") if row["slug"] == action.slug]
    assert (row["agency"], row["summary"]) == (agency.name, action.summary)
    (record,) = [record for record in _records("") if record["slug"] == action.slug]
    assert record["entry"]["summary"] == (action.summary or None)
