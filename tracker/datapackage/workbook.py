"""An XLSX workbook of actions -> the same rows as from a CSV.

Before the library opens it, `check_parts` has counted every element of every part as it streamed by, so that what is
small when zipped and huge in memory is refused. Cells give their values, never their formulas; days come as ISO text.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from string import ascii_uppercase
from typing import Any, BinaryIO, Protocol
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from tracker.datapackage.archive import ArchiveError, open_archive
from tracker.datapackage.table import Numbered, Table, read_rows, refused_table
from tracker.datapackage.workbook_parts import MAX_COLUMNS, PartError, check_parts

_WORKBOOK = "xl/workbook.xml"
_MACROS = re.compile(r"vbaProject\.bin$|^xl/macrosheets/", re.IGNORECASE)
# What the library raises on workbooks that no spreadsheet wrote.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_DAMAGED = "This workbook is damaged and cannot be read; open it in a spreadsheet and save it again."
_NO_PART_OF_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Return whether an archive is a workbook of the present format, with macros or without."""
    return _WORKBOOK in archive.namelist()


class Taker(Protocol):
    """What makes a table of the numbered lines of a sheet."""

    def __call__(self, lines: Iterator[Numbered], *, name: str, max_rows: int) -> Table: ...


def read_workbook(path: Path, *, name: str, max_rows: int, take: Taker = read_rows) -> Table:
    """Read the first sheet of an XLSX, at most `max_rows` rows. Never raises on what is in it: see `.faults`."""
    try:
        with open_archive(path) as archive:
            if any(_MACROS.search(part) for part in archive.namelist()):
                return refused_table(name, "This workbook has macros. Save it as .xlsx, without them.")
            formulas = check_parts(archive, max_rows=max_rows)
        with path.open("rb") as stream:  # the library wants to see .xlsx at the end of a path
            return _read(stream, name=name, max_rows=max_rows, formulas=formulas, take=take)
    except (ArchiveError, PartError) as error:
        return refused_table(name, str(error))
    except _BROKEN:
        return refused_table(name, _DAMAGED)


def _read(stream: BinaryIO, *, name: str, max_rows: int, formulas: dict[str, list[str]], take: Taker) -> Table:
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        if not book.worksheets:
            return refused_table(name, "This workbook has no sheet with cells.")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the size that a sheet claims pads every row to it
        table = take(_lines(sheet), name=name, max_rows=max_rows)
    finally:
        book.close()
    for cell in formulas.get(sheet._worksheet_path.lstrip("/"), ()):
        message = f"Cell {cell} holds a formula that was never calculated; put its value there."
        table.faults.add(name, message, row=int(cell.lstrip(ascii_uppercase) or 1))
    if len(book.sheetnames) > 1:
        table.notes.append(f"{name}: only the first sheet, {sheet.title!r}, was read.")
    return table


def _lines(sheet: Any) -> Iterator[Numbered]:
    """Yield the rows of a sheet as numbered lines of text, all as wide as the first."""
    width = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))


def text_of(cell: Any) -> str:
    """Return what a cell says as our CSV would have it: ISO days, whole numbers without a point, true and false."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case datetime() | date():
            return _day(value, _NO_PART_OF_FORMAT.sub("", str(cell.number_format)).lower())
        case str():
            return unescape(value) if "_x" in value else value
    return str(value)


def _day(value: datetime | date, shown_as: str) -> str:
    """Return a day or an instant; only the month where the sheet shows no day.

    Spreadsheets take "2025-03" for the first of March, show "Mar-25" and keep the day: a precision nobody gave.
    """
    if "d" not in shown_as and "h" not in shown_as and "y" in shown_as:
        return value.strftime("%Y-%m" if "m" in shown_as else "%Y")
    if isinstance(value, datetime) and value.time() != time(0):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.strftime("%Y-%m-%d")
