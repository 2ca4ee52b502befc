"""/actions.xlsx and /actions.parquet: the same rows as the CSV, with their types."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from tests import factories
from tests.timeline.scene import Scene, publish_scene, select
from timeline.exports import parquet_file, xlsx_file
from timeline.exports.csv_file import CSV
from timeline.exports.parquet_file import PARQUET
from timeline.exports.typed import columns_of
from timeline.exports.xlsx_file import XLSX
from tracker import columns

QUERIES = ["", "sort=oldest", "status=reversed", "as_of=1", "as_of=0", "affects=ukraine"]


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _csv_rows(query: str = "") -> list[dict[str, str]]:
    """Return the raw cells of the CSV of the same selection."""
    selection = select("&".join(filter(None, [query, "raw=1"])), surface="csv")
    body = b"".join(CSV.content(selection, CSV.measure(selection)))
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def _built(export: Any, query: str = "", *, chunk: int = 2) -> io.BytesIO:
    file = io.BytesIO()
    export.build(select(query, surface="data"), file, chunk=chunk)
    file.seek(0)
    return file


def _text(value: Any, column: columns.Column) -> str:
    """Return a typed value as the cell of a CSV has it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else columns.as_text(value, type_=column.type)


def _workbook_rows(file: io.BytesIO) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(file, read_only=True)["actions"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == tuple(columns.BY_NAME)[: len(header)]
    return [
        {name: _cell(value, columns.BY_NAME[name]) for name, value in zip(header, row, strict=True)} for row in rows
    ]


def _cell(value: Any, column: columns.Column) -> str:
    if isinstance(value, datetime) and column.type == "day":
        value = value.date()
    # Spreadsheets read _x005F_ as "_"; openpyxl hands it on.
    return unescape(_text(value, column))


def _parquet_rows(file: io.BytesIO) -> list[dict[str, str]]:
    rows = pyarrow.parquet.read_table(file).to_pylist()
    empty: list[Any] = []
    return [
        {name: "" if value in (None, empty) else _text(value, columns.BY_NAME[name]) for name, value in row.items()}
        for row in rows
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_workbook_holds_the_cells_of_the_csv(scene: Scene, query: str) -> None:
    assert _workbook_rows(_built(XLSX, query)) == _csv_rows(query)


@pytest.mark.parametrize("query", QUERIES)
def test_parquet_holds_the_cells_of_the_csv(scene: Scene, query: str) -> None:
    assert _parquet_rows(_built(PARQUET, query)) == _csv_rows(query)


HOSTILE = st.one_of(
    st.sampled_from(
        [
            *("=1+1", "'=1+1", "+1", "-1", "@a", "'", "''", '"quoted"', "a;b", "a,b", "line\nline", "tab\tbed", "007"),
            *("1e5", "TRUE", "2025-03-03", "https://a.example", "שלום", "مرحبا", "🕊️ 🏴", "_x0041_", "&<>\"'", "#N/A"),
        ]
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn")), min_size=1, max_size=80),
)

LONG = st.integers(1, 20_000).map("x".__mul__)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=HOSTILE.filter(lambda text: bool(text.strip()) and "\n" not in text), summary=st.one_of(HOSTILE, LONG))
def test_any_text_survives(db: None, title: str, summary: str) -> None:
    factories.published(title=title, summary=summary)
    rows = _csv_rows()
    assert _workbook_rows(_built(XLSX)) == rows
    assert _parquet_rows(_built(PARQUET)) == rows


def test_types_are_those_of_the_columns(scene: Scene) -> None:
    sheet = openpyxl.load_workbook(_built(XLSX), read_only=True)["actions"]
    header, first = list(sheet.iter_rows(values_only=True, max_row=2))
    row = dict(zip(header, first, strict=True))
    assert [type(row[name]) for name in ("version", "disputed", "date_earliest", "first_published", "date")] == [
        int, bool, datetime, datetime, str,
    ]  # fmt: skip


def test_formula_is_a_text(db: None) -> None:
    factories.published(title="=1+1")
    cell = openpyxl.load_workbook(_built(XLSX))["actions"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_header_stays_in_sight(scene: Scene) -> None:
    sheet = openpyxl.load_workbook(_built(XLSX))["actions"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:AX6")


def test_second_sheet_says_what_was_asked_and_what_columns_mean(scene: Scene) -> None:
    rows = list(openpyxl.load_workbook(_built(XLSX, "status=reversed"))["about"].iter_rows(values_only=True))
    told = {row[0]: row[1] for row in rows[:8]}
    assert told["Selection"].endswith("/?status=reversed")
    assert (told["Edition"], told["Rows"]) == ("2", "1")
    meanings = {row[0]: row[2] for row in rows}
    assert meanings["where_it_stands"] == columns.BY_NAME["where_it_stands"].description
    assert ("status", "on_hold") in {row[:2] for row in rows}


def test_text_that_no_cell_holds_is_cut_and_counted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MAX_CELL", 100)
    factories.published(summary="word " * 100)
    book = openpyxl.load_workbook(_built(XLSX))
    cell = book["actions"]["C2"].value
    assert cell.endswith("the CSV has all of it]")
    assert len(cell) == 100
    assert book["about"]["B8"].value == "1"


def test_day_before_workbooks_know_days_is_text(db: None) -> None:
    factories.published(date="1796-09-19", status_history=[factories.line(date="1796-09-19")])
    assert _workbook_rows(_built(XLSX))[0]["date_earliest"] == "1796-09-19"


def test_parquet_says_edition_and_query(scene: Scene) -> None:
    metadata = pyarrow.parquet.read_schema(_built(PARQUET, "status=reversed")).metadata
    assert (metadata[b"edition"], metadata[b"query"]) == (b"2", b"status=reversed")


def test_parquet_keeps_lists_as_lists(scene: Scene) -> None:
    table = pyarrow.parquet.read_table(_built(PARQUET))
    assert str(table.schema.field("affects").type).startswith("list<")
    assert ["Ukraine"] in table.column("affects").to_pylist()


@pytest.mark.parametrize("export", [XLSX, PARQUET], ids=lambda export: export.suffix)
def test_same_selection_gives_the_same_bytes(scene: Scene, export: Any) -> None:
    assert _built(export).getvalue() == _built(export).getvalue()


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_answer_has_its_length_and_its_name(scene: Scene, client: Client, suffix: str) -> None:
    response = client.get(f"/actions.{suffix}?status=reversed")
    assert response["Content-Length"] == str(len(response.getvalue()))
    assert response["Content-Disposition"] == f'attachment; filename="actions-edition-2-selection.{suffix}"'
    assert response["X-Row-Count"] == "1"


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_head_builds_nothing(scene: Scene, client: Client, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file.XLSXFile, "build", _never)
    monkeypatch.setattr(parquet_file.ParquetFile, "build", _never)
    assert client.head(f"/actions.{suffix}").status_code == 200


def _never(*_: Any, **__: Any) -> None:
    raise AssertionError("HEAD made the file.")


def test_more_rows_than_a_sheet_holds_are_refused(
    scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "MAX_ROWS", 4)
    response = client.get("/actions.xlsx")
    assert (response.status_code, response.json()["errors"][0]["name"]) == (400, "format")


def test_parquet_says_when_it_is_not_installed(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "find_spec", lambda _: None)
    response = client.get("/actions.parquet")
    assert (response.status_code, response["Content-Type"]) == (501, "application/problem+json")


def test_columns_are_those_of_the_edition(scene: Scene) -> None:
    assert [column.name for column in columns_of(select())] == list(columns.BY_NAME)
