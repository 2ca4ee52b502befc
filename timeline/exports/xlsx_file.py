"""actions.xlsx: the selection as a workbook, row by row in flat memory.

The first sheet holds the rows, with numbers, booleans and days as such and texts as texts, never as formulas. The
second says what was asked for, of which edition, and what every column and code means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from django.conf import settings

from timeline.exports.base import BuiltExport
from timeline.exports.chunks import CHUNK
from timeline.exports.typed import columns_of, typed_rows
from timeline.selection import Selection
from tracker import codebook
from tracker.columns import Column, as_text

MAX_ROWS = 1_048_575  # beside the header, in any workbook
MAX_CELL = 32_767  # characters
_CUT = " … [cut: a cell of a workbook holds no more; the CSV has all of it]"
_FIRST_DAY = date(1900, 3, 1)  # earlier days are wrong or unknown in a workbook: they stay text

_WIDTHS = {"title": 60, "summary": 60, "where_it_stands": 40, "url": 40, "source_url": 40}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}


class XLSXFile(BuiltExport):
    """A workbook of two sheets."""

    suffix = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def build(self, selection: Selection, file: BinaryIO, *, chunk: int = CHUNK) -> None:
        book = xlsxwriter.Workbook(file, _OPTIONS)
        published_at = selection.edition.published_at if selection.edition else datetime(2000, 1, 1)  # noqa: DTZ001
        # Not the clock: the same selection gives the same bytes.
        book.set_properties({"created": published_at.replace(tzinfo=None), "title": settings.SITE_NAME})
        sheet = _Sheet(book, "actions", columns_of(selection))
        for rows in typed_rows(selection, chunk=chunk):
            for row in rows:
                sheet.add(row)
        sheet.finish()
        about = book.add_worksheet("about")
        about.set_column(0, 1, 30)
        about.set_column(2, 3, 60)
        bold = book.add_format({"bold": True})
        for number, (line, is_heading) in enumerate(_about(selection, sheet)):
            for place, cell in enumerate(line):
                about.write_string(number, place, cell, bold if is_heading else None)
        book.close()

    def problems(self, selection: Selection) -> dict[str, list[str]]:
        if selection.errors or (self.measure(selection).rows or 0) <= MAX_ROWS:
            return {}
        return {"format": [f"A workbook holds {MAX_ROWS:,} rows: narrow the selection, or take CSV."]}


@dataclass
class _Sheet:
    """The sheet of rows while it is written. `cut` counts texts that no cell could hold whole."""

    book: Any
    name: str
    columns: tuple[Column, ...]
    cut: int = 0
    sheet: Any = field(init=False)
    row: int = 0

    def __post_init__(self) -> None:
        self.sheet = self.book.add_worksheet(self.name)
        self.instant = self.book.add_format({"num_format": 'yyyy-mm-dd"T"hh:mm:ss"Z"'})
        bold = self.book.add_format({"bold": True})
        self.sheet.freeze_panes(1, 1)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, _WIDTHS.get(column.name, 16))
            self.sheet.write_string(0, place, column.name, bold)

    def add(self, values: list[Any]) -> None:
        """Write one row below the last."""
        self.row += 1
        for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self._write(place, column, value)

    def finish(self) -> None:
        """Let every column be filtered in place."""
        self.sheet.autofilter(0, 0, self.row, len(self.columns) - 1)

    def _write(self, place: int, column: Column, value: Any) -> None:
        match value:
            case None:
                return
            case bool():
                self.sheet.write_boolean(self.row, place, value)
            case int():
                self.sheet.write_number(self.row, place, value)
            case datetime():
                self.sheet.write_datetime(self.row, place, value, self.instant)
            case date() if value >= _FIRST_DAY:
                self.sheet.write_datetime(self.row, place, value)
            case _:
                self._write_text(place, as_text(value, type_=column.type))

    def _write_text(self, place: int, text: str) -> None:
        # A workbook counts UTF-16 units: an emoji is two.
        if len(text.encode("utf-16-le")) > 2 * MAX_CELL:
            self.cut += 1
            kept = text.encode("utf-16-le")[: 2 * (MAX_CELL - len(_CUT))].decode("utf-16-le", errors="ignore")
            text = kept + _CUT
        self.sheet.write_string(self.row, place, text)


Line = tuple[list[str], bool]


def _about(selection: Selection, sheet: _Sheet) -> Iterator[Line]:
    """Yield the lines of the second sheet, and whether each is a heading."""
    edition = selection.edition
    yield ["What this is"], True
    yield ["Site", settings.SITE_NAME], False
    yield ["Selection", f"{settings.PUBLIC_URL}/?{selection.query()}"], False
    yield ["Edition", str(selection.number)], False
    yield ["Published", f"{edition.published_at:%Y-%m-%dT%H:%M:%SZ}" if edition else ""], False
    yield ["Digest of the edition", edition.digest if edition else ""], False
    yield ["Rows", str(sheet.row)], False
    yield ["Texts cut at the size of a cell", str(sheet.cut)], False
    yield from _meanings(sheet.columns)


_CODES: dict[str, codebook.Codes[Any]] = {
    "status": codebook.STATUSES,
    "status_by": codebook.STATUS_BY,
    "in_force": codebook.IN_FORCE,
    "form": codebook.FORMS,
    "evidence": codebook.EVIDENCE,
    "attribution": codebook.ATTRIBUTIONS,
}


def _meanings(shown: tuple[Column, ...]) -> Iterator[Line]:
    yield [], False
    yield ["Column", "Title", "What it holds", "Type"], True
    for column in shown:
        yield [column.name, column.title, column.description, column.type], False
    yield [], False
    yield ["Column", "Code", "What it means", "Label"], True
    for name, codes in _CODES.items():
        for code in codes.values():
            yield [name, code.code, code.definition, code.label], False


XLSX = XLSXFile()
