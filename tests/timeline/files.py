"""What the files of a selection hold, read back as analysts read them: by csv, openpyxl and pyarrow."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pyarrow.parquet
from openpyxl.utils.escape import unescape

from tests.timeline.scene import select
from timeline.exports.csv_file import CSV
from tracker import columns

Cells = dict[str, str]


def csv_rows(query: str = "") -> list[Cells]:
    """Return the raw cells of the CSV of the same selection."""
    selection = select("&".join(filter(None, [query, "raw=1"])), surface="csv")
    body = b"".join(CSV.content(selection, CSV.measure(selection)))
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def built(export: Any, query: str = "", *, chunk: int = 2) -> io.BytesIO:
    """Return a file that is built whole, at its beginning."""
    file = io.BytesIO()
    export.build(select(query, surface="data"), file, chunk=chunk)
    file.seek(0)
    return file


def _text(value: Any, column: columns.Column) -> str:
    """Return a typed value as the cell of a CSV has it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else columns.as_text(value, type_=column.type)


def workbook_rows(file: io.BytesIO) -> list[Cells]:
    """Return the rows of a workbook as the raw cells of a CSV."""
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


def parquet_rows(file: io.BytesIO) -> list[Cells]:
    """Return the rows of a Parquet file as the raw cells of a CSV."""
    rows = pyarrow.parquet.read_table(file).to_pylist()
    empty: list[Any] = []
    return [
        {name: "" if value in (None, empty) else _text(value, columns.BY_NAME[name]) for name, value in row.items()}
        for row in rows
    ]
