"""Any file that comes in: what it is told to be, and what is refused before anything of it is believed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracker.datapackage import sheets
from tests.tracker.datapackage.folders import SEEDS
from tracker.datapackage import Package, Table, read_file

_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet><sheetData><row><c t="str"><v>&c;</v></c></row></sheetData>
</worksheet>"""
_SAID = "slug,title\r\na,Café\r\n"

HOSTILE = [
    pytest.param(lambda: b"", "This file is empty.", id="nothing"),
    pytest.param(lambda: b"\xef\xbb\xbf \r\n", "This file is empty.", id="only a byte order mark"),
    pytest.param(lambda: b"MZ\x90\x00" + bytes(600), "This is a program, not a table.", id="a renamed .exe"),
    pytest.param(lambda: b"\x7fELF\x02", "This is a program, not a table.", id="a program of ours"),
    pytest.param(lambda: b"\r\n<!doctype html><title>x</title>", "This is a web page or XML", id="a page"),
    pytest.param(lambda: b"%PDF-1.7", "This is a PDF.", id="PDF"),
    pytest.param(lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "This is an old or encrypted workbook.", id="old workbook"),
    pytest.param(lambda: _SAID.encode("utf-16"), "This looks like UTF-16.", id="UTF-16"),
    pytest.param(lambda: _SAID.encode("utf-16-le"), "This looks like UTF-16.", id="UTF-16 without a mark"),
    pytest.param(lambda: _SAID.encode("latin-1"), "Line 2 is not UTF-8; it looks like Latin 1", id="Latin 1"),
    pytest.param(lambda: _SAID.encode()[:-3], "This ends in the middle of a character", id="cut off"),
    pytest.param(lambda: b"hello\r\nworld\r\n", "This is not a table of actions", id="another table"),
    pytest.param(lambda: b"date,date,slug\r\n", "This column stands there twice.", id="header twice"),
    pytest.param(lambda: b"slug,mood\r\n", "There is no such column.", id="extra header"),
    pytest.param(lambda: b"slug,,title\r\n", "There is no such column.", id="nameless header"),
    pytest.param(lambda: b"date,status\r\n", "This column is missing", id="missing header"),
    pytest.param(lambda: b"slug,title\r\na\r\n", "This row has 1 cells, the header has 2.", id="short row"),
    pytest.param(lambda: b"slug,title\r\na,b,c\r\n", "This row has 3 cells, the header has 2.", id="long row"),
    pytest.param(lambda: b"slug,title\r\na,b\x00c\r\n", "It contains a NUL character.", id="NUL"),
    pytest.param(lambda: b'slug,title\r\na,"b\r\n', "From here on this cannot be read as CSV", id="open quote"),
    pytest.param(lambda: b"slug,title\r\na," + b"x" * 100_001, "At most 100000 characters", id="a huge cell"),
    pytest.param(lambda: b"slug,title\r\na," + b"x" * 200_000, "At most 100000 characters", id="a cell too long"),
    pytest.param(lambda: b"slug\r\n" + b"a\r\n" * 101, "More than 100 rows", id="more rows than the cap"),
    pytest.param(lambda: b"PK\x03\x04" + bytes(100), "This is no zip that can be opened", id="a broken zip"),
    pytest.param(lambda: sheets.zipped({"a.txt": b""}), "neither a workbook (.xlsx) nor a data package", id="any zip"),
    pytest.param(lambda: sheets.zipped({"../a.csv": b""}), "leads out of it: '../a.csv'", id="a path upwards"),
    pytest.param(lambda: sheets.zipped({"/etc/passwd": b""}), "leads out of it: '/etc/passwd'", id="an absolute path"),
    pytest.param(lambda: sheets.zipped({"c:/a.csv": b""}), "leads out of it", id="a drive"),
    pytest.param(lambda: sheets.zipped({"..\\a.csv": b""}), "leads out of it", id="a path upwards on Windows"),
    pytest.param(sheets.with_link, "a link instead of a file: 'actions.csv'", id="a link"),
    pytest.param(sheets.encrypted, "It is encrypted", id="encrypted"),
    pytest.param(sheets.with_a_name_twice, "Two of its files are called 'a.csv'.", id="a name twice"),
    pytest.param(lambda: sheets.zipped({"a": bytes(100_000_001)}), "Unzipped it would have 100,000,001", id="zip bomb"),
    pytest.param(lambda: sheets.zipped({f"{n}": b"" for n in range(1001)}), "It holds 1001 files", id="many files"),
    pytest.param(
        lambda: sheets.with_part(sheets.as_xlsx([["slug"]]), "xl/vbaProject.bin", b"x"), "has macros", id="macros"
    ),
    pytest.param(
        lambda: sheets.with_part(sheets.as_xlsx([["slug"]]), sheets.SHEET, _LAUGHS), "declares entities", id="entities"
    ),
    pytest.param(
        lambda: sheets.with_part(sheets.as_xlsx([["slug"]]), sheets.SHEET, b"<worksheet>"), "is not XML", id="half XML"
    ),
    pytest.param(
        lambda: sheets.with_part(sheets.as_xlsx([["slug"]]), "xl/workbook.xml", b"<x/>"), "no sheet", id="no workbook"
    ),
    pytest.param(lambda: sheets.as_xlsx([["slug"], *[["a"]] * 101]), "More than 100 rows", id="long workbook"),
    pytest.param(lambda: sheets.with_sheet(b"<row>" + b"<c/>" * 201 + b"</row>"), "more than 200 cells", id="wide row"),
    pytest.param(
        lambda: sheets.with_sheet(b'<row><c r="XFD1"><v>1</v></c></row>'), "Cell XFD1 lies outside", id="far cell"
    ),
    pytest.param(
        lambda: sheets.with_sheet(b'<row r="99999999"><c><v>1</v></c></row>'), "a number that no sheet", id="far row"
    ),
    pytest.param(
        lambda: sheets.with_sheet(b"<row/>" * 2_000_000), "more in this workbook than 100 rows", id="empty rows"
    ),
    pytest.param(
        lambda: sheets.with_sheet(b"<row><c><v>" + b"1" * 100_001), "more than 100000 characters", id="huge text"
    ),
    pytest.param(
        lambda: sheets.with_shared_strings(b"<si><t>a</t></si>" * 1_000_000, b""), "more in this", id="shared texts"
    ),
    pytest.param(
        lambda: sheets.with_part(sheets.as_xlsx([["slug"]]), "xl/other.dat", b"<worksheet>" + b"<c/>" * 1_000_000),
        "more in this workbook",
        id="a sheet by another name",
    ),
    pytest.param(
        lambda: sheets.with_sheet(b'<row><c t="s"><v>7</v></c></row>'), "damaged and cannot be read", id="no such text"
    ),
]


@pytest.mark.parametrize(("make", "sentence"), HOSTILE)
def test_a_hostile_file_is_refused_at_once(tmp_path: Path, make: Callable[[], bytes], sentence: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(make())
    start = time.process_time()
    found = read_file(path, name="upload", max_rows=100)
    assert time.process_time() - start < 2
    assert [str(fault) for fault in found.faults if sentence in str(fault)], [str(fault) for fault in found.faults]


def _read(tmp_path: Path, content: bytes) -> Package | Table:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return read_file(path, name="upload")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_SAID.encode(), id="CSV"),
        pytest.param(_SAID.encode("utf-8-sig"), id="CSV with a byte order mark"),
        pytest.param(_SAID.replace(",", ";").encode(), id="CSV of other countries"),
        pytest.param(_SAID.replace(",", "\t").encode(), id="tabs"),
        pytest.param(_SAID.replace("\r\n", "\n").encode(), id="CSV of Unix"),
        pytest.param(b"slug,title,,\r\na,Caf\xc3\xa9,,\r\n,,,\r\n", id="CSV with blank columns and rows"),
        pytest.param(sheets.as_xlsx([["slug", "title"], ["a", "Café"], [None, None]]), id="XLSX"),
        pytest.param(sheets.as_xlsx([["slug", "title", None], ["a", "Café", ""]]), id="XLSX with blank columns"),
    ],
)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    table = _read(tmp_path, content)
    assert isinstance(table, Table)
    assert ([dict(row.cells) for row in table.rows], list(table.faults)) == ([{"slug": "a", "title": "Café"}], [])


@pytest.mark.parametrize("inside", ["", "package/", "a/b/"])
def test_a_package_is_read_from_a_zip(tmp_path: Path, inside: str) -> None:
    package = _read(tmp_path, sheets.zipped_folder(SEEDS, inside=inside))
    assert isinstance(package, Package)
    assert (list(package.faults), len(package.tables["actions.csv"])) == ([], 9)


def test_what_a_desktop_puts_beside_the_files_is_left_aside(tmp_path: Path) -> None:
    members = {path.name: path.read_bytes() for path in SEEDS.iterdir()} | {"__MACOSX/._a": b"", ".DS_Store": b""}
    assert _read(tmp_path, sheets.zipped(members)).notes == []


def test_a_damaged_package_is_refused_as_a_whole(tmp_path: Path) -> None:
    content = bytearray(sheets.zipped_folder(SEEDS))
    place = content.index(b"actions.csv") + 200
    content[place : place + 8] = b"spoilt!!"
    package = _read(tmp_path, bytes(content))
    assert isinstance(package, Package)
    assert [fault.message for fault in package.faults] == [
        "It is damaged and cannot be read to its end; send it again."
    ]
    assert not package.tables
