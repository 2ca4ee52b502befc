# ruff: noqa: DTZ001 - a sheet knows no time zone
"""Workbooks: what their cells say as text, and that none of them fills the memory."""

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.tracker.datapackage import sheets
from tracker.datapackage import Table, read_file

_ROOT = Path(__file__).resolve().parents[3]
_MEASURE = """
import django, re, sys
from pathlib import Path
django.setup()
from tracker.datapackage import read_file
found = read_file(Path(sys.argv[1]), max_rows=10_000)
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1], len(list(found.faults)))
"""


def read(tmp_path: Path, content: bytes) -> Table:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(content)
    found = read_file(path)
    assert isinstance(found, Table)
    return found


def _cell(value: Any, shown_as: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["slug", "date"])
    book.active.append(["a", value])
    if shown_as:
        book.active["B2"].number_format = shown_as
    return sheets.saved(book)


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        pytest.param(date(2025, 3, 3), "", "2025-03-03", id="day"),
        pytest.param(datetime(2025, 3, 3), "dd/mm/yyyy", "2025-03-03", id="day as some show it"),
        pytest.param(datetime(2025, 3, 1), "mmm-yy", "2025-03", id="month"),
        pytest.param(datetime(2025, 1, 1), "yyyy", "2025", id="year"),
        pytest.param(datetime(2025, 3, 3, 9, 30), "", "2025-03-03T09:30:00Z", id="instant"),
        pytest.param(2025, "", "2025", id="number"),
        pytest.param(2025.0, "", "2025", id="whole number with a point"),
        pytest.param(0.5, "", "0.5", id="fraction"),
        pytest.param(True, "", "true", id="yes"),
        pytest.param(False, "", "false", id="no"),
        pytest.param("[2025-03-03..2025-03-05]", "", "[2025-03-03..2025-03-05]", id="text"),
        pytest.param("a\nb", "", "a\nb", id="two lines"),
    ],
)
def test_a_cell_says_in_text_what_it_shows(tmp_path: Path, value: Any, shown_as: str, text: str) -> None:
    table = read(tmp_path, _cell(value, shown_as))
    assert ([row["date"] for row in table.rows], list(table.faults)) == ([text], [])


def test_texts_shared_by_cells_are_read(tmp_path: Path) -> None:
    strings = b"<si><t>slug</t></si><si><r><t>a-</t></r><r><t>key</t></r></si>"
    rows = b'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    assert [row["slug"] for row in read(tmp_path, sheets.with_shared_strings(strings, rows)).rows] == ["a-key"]


def test_a_formula_gives_its_value(tmp_path: Path) -> None:
    rows = (
        b'<row r="1"><c r="A1" t="str"><v>slug</v></c></row><row r="2"><c r="A2" t="str"><f>1+1</f><v>2</v></c></row>'
    )
    assert [row["slug"] for row in read(tmp_path, sheets.with_sheet(rows)).rows] == ["2"]


def test_a_formula_without_a_value_is_refused_at_its_row(tmp_path: Path) -> None:
    found = [str(fault) for fault in read(tmp_path, _cell("=1+1")).faults]
    assert found == ["upload.xlsx:2: Cell B2 holds a formula that was never calculated; put its value there."]


def test_only_the_first_sheet_is_read_and_that_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["slug"])
    book.create_sheet("Other").append(["title"])
    assert read(tmp_path, sheets.saved(book)).notes == ["upload.xlsx: only the first sheet, 'Sheet', was read."]


def test_rows_have_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    table = read(tmp_path, sheets.as_xlsx([["slug"], ["a"], [None], ["b"]]))
    assert [row.number for row in table.rows] == [2, 4]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: sheets.with_sheet(b"<row>" + b"<c/>" * 24_000_000 + b"</row>"), id="95 MB of cells"),
        pytest.param(
            lambda: sheets.with_shared_strings(b"<si><t>a</t></si>" * 500_000, b"<row><c><v>1</v></c></row>"),
            id="500,000 texts",
        ),
        pytest.param(
            lambda: sheets.as_csv([{name: f"{number} {name}" for name in sheets.NAMES} for number in range(9_000)]),
            id="9 MB of CSV",
        ),
    ],
)
def test_no_upload_takes_more_than_200_mb(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content())
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tracker.settings", "PYTHONPATH": str(_ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], env=environment, cwd=_ROOT, capture_output=True, check=True
    )
    kilobytes = int(run.stdout.split()[0])
    assert kilobytes < 200_000
