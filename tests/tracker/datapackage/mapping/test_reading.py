"""Any table is told apart by what it holds; what is none is refused in a sentence."""

import json
import zipfile
from pathlib import Path
from time import monotonic

import pytest
import xlsxwriter

from tests.tracker.datapackage.mapping.tables import MAPPING, ROW, row, write
from tracker.datapackage.mapping import RawTable, read_mapping, read_table


def read(path: Path, mapping: str = MAPPING, *, max_rows: int = 100) -> RawTable:
    return read_table(path, read_mapping(mapping, file="m.toml"), max_rows=max_rows)


def written(folder: Path, content: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def of_rows(*rows: dict[str, str], separator: str = ",") -> str:
    lines = [separator.join(rows[0]), *(separator.join(each.values()) for each in rows)]
    return "".join(f"{line}\r\n" for line in lines)


HEAD = "[file]\n{}\n[key]"


@pytest.mark.parametrize(
    ("content", "head"),
    [
        (of_rows(ROW).encode(), ""),
        (of_rows(ROW).encode("utf-8-sig"), ""),
        (of_rows(ROW).encode("utf-16"), ""),
        (of_rows(ROW, separator="\t").encode(), ""),
        (of_rows(ROW, separator=";").encode(), ""),
        (of_rows(ROW).replace("\r\n", "\r").encode(), ""),
        (("A licence, in words\r\n\r\n" + of_rows(ROW)).encode(), "header_row = 3"),
        (json.dumps([ROW]).encode(), ""),
        (json.dumps({"results": [ROW]}).encode(), 'records = "results"'),
        (json.dumps(ROW).encode() + b"\n", ""),
        ((json.dumps(ROW) + "\n" + json.dumps(ROW)).encode(), ""),
    ],
    ids=[
        "csv",
        "bom",
        "utf-16",
        "tsv",
        "semicolons",
        "cr",
        "preamble",
        "json",
        "json-path",
        "one-record",
        "json-lines",
    ],
)
def test_a_table_is_read_whatever_its_shape(tmp_path: Path, content: bytes, head: str) -> None:
    found = read(written(tmp_path, content), MAPPING.replace("[key]", HEAD.format(head)) if head else MAPPING)
    assert (found.rows[0].cells, list(found.faults)) == (ROW, [])


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate((list(ROW), list((ROW | {"Over": ""}).values()))):
            sheet.write_row(number, 0, cells)
    assert read(path).rows[0].cells == ROW | {"Over": ""}


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", "read as utf-8."), ("mac_roman", "which is a guess"), ("cp1252", "which is a guess")],
)
def test_the_encoding_is_said(tmp_path: Path, encoding: str, note: str) -> None:
    what = "Café de la marée fermé, à côté d’un marché où l’on pêche à Orléans, près du château"
    found = read(written(tmp_path, of_rows(row(What=what.replace(",", ""))).encode(encoding)))
    assert note in found.notes[0]
    assert found.rows[0]["What"] == what.replace(",", "")


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return path


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!DOCTYPE html><html>Sorry</html>", "a web page or XML"),
        (b"MZ\x90\x00", "a program"),
        (b"%PDF-1.7", "a PDF"),
        (b"", "empty"),
        (bytes(range(256)) * 40, "not text"),
        (of_rows(row(What="Ü" * 40)).encode()[:-30] + "é".encode()[:1], "cut off"),
        (of_rows(row(What="öä" * 40 )).encode().replace("ä".encode(), b"\xe4", 1), "Line 2 is not UTF-8"),
        (b'{"No": 1', "begins like JSON"),
        (b'"No","What\r\n1,2', "cannot be read as a table"),
    ],
    ids=["html", "program", "pdf", "empty", "binary", "cut-off", "damaged", "json", "quotes"],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    found = read(written(tmp_path, content, "table.xml"))
    sentences = " ".join(fault.message for fault in found.faults)
    assert found.rows == []
    assert told in sentences


def test_a_swelling_workbook_is_refused_at_once(tmp_path: Path) -> None:
    path, since = bomb(tmp_path / "bomb.xlsx"), monotonic()
    assert "Unzipped it would have" in next(iter(read(path).faults)).message
    assert monotonic() - since < 2


def test_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    renamed = {("Whatt" if name == "What" else name): cell for name, cell in ROW.items()}
    (fault,) = read(write(tmp_path / "t.csv", [renamed])).faults
    assert str(fault) == (
        "t.csv:1:What: This column is missing (the mapping reads it at fields.title). Did you mean 'Whatt'?"
    )


def test_a_header_further_down_is_pointed_out(tmp_path: Path) -> None:
    found = read(written(tmp_path, ("A licence\r\n\r\n" + of_rows(ROW)).encode()))
    assert "set header_row = 3." in " ".join(fault.message for fault in found.faults)


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    found = read(written(tmp_path, (of_rows(ROW) + ",".join(["x"] * 9)).encode()))
    assert [fault.row for fault in found.faults] == [3]


def test_more_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    found = read(write(tmp_path / "t.csv", [ROW, row(No="8")]), max_rows=1)
    assert ("More than 1 rows" in next(iter(found.faults)).message, found.rows) == (True, [])


def test_records_in_records_become_columns(tmp_path: Path) -> None:
    record = {**ROW, "bodies": [{"name": "A"}, {"name": "B"}], "at": {"day": 3}, "tags": ["x", "y"], "open": True}
    cells = read(written(tmp_path, json.dumps([record]).encode())).rows[0].cells
    told = {name: cells[name] for name in ("bodies.name", "at.day", "tags", "open")}
    assert told == {"bodies.name": "A\nB", "at.day": "3", "tags": "x\ny", "open": "true"}
