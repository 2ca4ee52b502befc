"""/actions.xlsx and /actions.parquet: the same rows as the CSV, with their types."""

from datetime import datetime
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.timeline.files import built, csv_rows, parquet_rows, workbook_rows
from tests.timeline.scene import Scene, publish_scene, select
from timeline.exports import parquet_file, xlsx_file
from timeline.exports.parquet_file import PARQUET
from timeline.exports.typed import columns_of
from timeline.exports.xlsx_file import XLSX
from tracker import columns

QUERIES = ["", "sort=oldest", "status=reversed", "as_of=1", "as_of=0", "affects=ukraine"]


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


@pytest.mark.parametrize("query", QUERIES)
def test_workbook_holds_the_cells_of_the_csv(scene: Scene, query: str) -> None:
    assert workbook_rows(built(XLSX, query)) == csv_rows(query)


@pytest.mark.parametrize("query", QUERIES)
def test_parquet_holds_the_cells_of_the_csv(scene: Scene, query: str) -> None:
    assert parquet_rows(built(PARQUET, query)) == csv_rows(query)


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


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=HOSTILE.filter(lambda text: bool(text.strip()) and "\n" not in text), summary=st.one_of(HOSTILE, LONG))
def test_any_text_survives(db: None, title: str, summary: str) -> None:
    factories.published(title=title, summary=summary)
    rows = csv_rows()
    assert workbook_rows(built(XLSX)) == rows
    assert parquet_rows(built(PARQUET)) == rows


def test_types_are_those_of_the_columns(scene: Scene) -> None:
    sheet = openpyxl.load_workbook(built(XLSX), read_only=True)["actions"]
    header, first = list(sheet.iter_rows(values_only=True, max_row=2))
    row = dict(zip(header, first, strict=True))
    assert [type(row[name]) for name in ("version", "disputed", "date_earliest", "first_published", "date")] == [
        int, bool, datetime, datetime, str,
    ]  # fmt: skip


def test_formula_is_a_text(db: None) -> None:
    factories.published(title="=1+1")
    cell = openpyxl.load_workbook(built(XLSX))["actions"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_header_stays_in_sight(scene: Scene) -> None:
    sheet = openpyxl.load_workbook(built(XLSX))["actions"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:AX6")


def test_second_sheet_says_what_was_asked_and_what_columns_mean(scene: Scene) -> None:
    rows = list(openpyxl.load_workbook(built(XLSX, "status=reversed"))["about"].iter_rows(values_only=True))
    told = {row[0]: row[1] for row in rows[:8]}
    assert told["Selection"].endswith("/?status=reversed")
    assert (told["Edition"], told["Rows"]) == ("2", "1")
    meanings = {row[0]: row[2] for row in rows}
    assert meanings["where_it_stands"] == columns.BY_NAME["where_it_stands"].description
    assert ("status", "on_hold") in {row[:2] for row in rows}


def test_text_that_no_cell_holds_is_cut_and_counted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MAX_CELL", 100)
    factories.published(summary="word " * 100)
    book = openpyxl.load_workbook(built(XLSX))
    cell = book["actions"]["C2"].value
    assert cell.endswith("the CSV has all of it]")
    assert len(cell) == 100
    assert book["about"]["B8"].value == "1"


def test_day_before_workbooks_know_days_is_text(db: None) -> None:
    factories.published(date="1796-09-19", status_history=[factories.line(date="1796-09-19")])
    assert workbook_rows(built(XLSX))[0]["date_earliest"] == "1796-09-19"


def test_parquet_says_edition_and_query(scene: Scene) -> None:
    metadata = pyarrow.parquet.read_schema(built(PARQUET, "status=reversed")).metadata
    assert (metadata[b"edition"], metadata[b"query"]) == (b"2", b"status=reversed")


def test_parquet_keeps_lists_as_lists(scene: Scene) -> None:
    table = pyarrow.parquet.read_table(built(PARQUET))
    assert str(table.schema.field("affects").type).startswith("list<")
    assert ["Ukraine"] in table.column("affects").to_pylist()


@pytest.mark.parametrize("export", [XLSX, PARQUET], ids=lambda export: export.suffix)
def test_same_selection_gives_the_same_bytes(scene: Scene, export: Any) -> None:
    assert built(export).getvalue() == built(export).getvalue()


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
