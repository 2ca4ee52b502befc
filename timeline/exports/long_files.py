"""The long files of a selection, in CSV and JSON Lines: one row per line of a history, source, citation, relation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from timeline.exports.base import Export, Size
from timeline.exports.chunks import CHUNK, release
from timeline.exports.companions import COMPANIONS, Rows
from timeline.exports.csv_file import BOM, CSVFile
from timeline.exports.jsonl_file import JSONLines
from timeline.selection import Selection
from tracker import columns


class LongFile(Export):
    """A file whose `rows` are composed while it is sent. How many it has is known at its end."""

    def __init__(self, file: columns.File, rows: Callable[..., Rows]) -> None:
        self.stem = file.name.removesuffix(".csv")  # type: ignore[misc]
        self.declared, self.rows = file, rows

    def measure(self, selection: Selection) -> Size:
        return Size(rows=None, length=None)

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        release()
        if head := self.head(selection):
            yield head
        line = self.line(selection)
        for rows in self.rows(selection, chunk=chunk):
            yield "".join(map(line, rows)).encode()

    def head(self, selection: Selection) -> bytes:
        """Return what stands before the first row."""
        return b""

    def line(self, selection: Selection) -> Callable[[dict[str, str]], str]:
        """Return what turns the raw cells of a row into its line."""
        raise NotImplementedError


class LongCSV(LongFile):
    """As CSV, guarded against formulas unless raw."""

    suffix = "csv"
    content_type = CSVFile.content_type
    surface = "csv"

    def problems(self, selection: Selection) -> dict[str, list[str]]:
        return {"columns": ["Columns can be chosen in actions.csv alone."]} if selection.columns else {}

    def head(self, selection: Selection) -> bytes:
        return (BOM if selection.has_bom else b"") + f"{columns.csv_line(self.declared.columns)}\r\n".encode()

    def line(self, selection: Selection) -> Callable[[dict[str, str]], str]:
        shown: Callable[[str], str] = str if selection.is_raw else columns.guard
        return lambda cells: columns.csv_line(map(shown, cells.values())) + "\r\n"


class LongJSONLines(LongFile):
    """As JSON Lines: what is absent is null, numbers and booleans are such."""

    suffix = "jsonl"
    content_type = JSONLines.content_type

    def line(self, selection: Selection) -> Callable[[dict[str, str]], str]:
        types = {column: columns.field_type(self.declared, column) for column in self.declared.columns}
        return lambda cells: _json({name: _typed(cell, types[name]) for name, cell in cells.items()})


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _typed(cell: str, kind: str) -> str | int | bool | None:
    if cell == "":
        return None
    if kind == "integer":
        return int(cell)
    return cell == "true" if kind == "boolean" else cell


def in_both(file: columns.File, rows: Callable[..., Rows]) -> tuple[Export, Export]:
    """Return the file as CSV and as JSON Lines."""
    return LongCSV(file, rows), LongJSONLines(file, rows)


LONG_FILES: tuple[Export, ...] = tuple(
    made for name, rows in COMPANIONS.items() for made in in_both(columns.FILES_BY_NAME[name], rows)
)
