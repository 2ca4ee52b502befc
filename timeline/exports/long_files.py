"""The long files of a selection, in CSV and JSON Lines: one row per line of a history, source, citation, relation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from timeline.exports.base import Export, Size
from timeline.exports.chunks import CHUNK, release
from timeline.exports.companions import COMPANIONS
from timeline.exports.csv_file import BOM, CSVFile
from timeline.exports.jsonl_file import JSONLines
from timeline.selection import Selection
from tracker import columns


class LongFile(Export):
    """A file of `COMPANIONS`, composed while it is sent. How many rows it has is known at its end."""

    def __init__(self, stem: str) -> None:
        self.stem = stem  # type: ignore[misc]
        self.columns = columns.FILES_BY_NAME[f"{stem}.csv"].columns

    def measure(self, selection: Selection) -> Size:
        return Size(rows=None, length=None)

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        release()
        if head := self.head(selection):
            yield head
        line = self.line(selection)
        for rows in COMPANIONS[f"{self.stem}.csv"](selection, chunk=chunk):
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
        return (BOM if selection.has_bom else b"") + f"{columns.csv_line(self.columns)}\r\n".encode()

    def line(self, selection: Selection) -> Callable[[dict[str, str]], str]:
        shown: Callable[[str], str] = str if selection.is_raw else columns.guard
        return lambda cells: columns.csv_line(map(shown, cells.values())) + "\r\n"


class LongJSONLines(LongFile):
    """As JSON Lines: what is absent is null, numbers and booleans are such."""

    suffix = "jsonl"
    content_type = JSONLines.content_type

    def line(self, selection: Selection) -> Callable[[dict[str, str]], str]:
        file = columns.FILES_BY_NAME[f"{self.stem}.csv"]
        types = {column: columns.field_type(file, column) for column in self.columns}
        return lambda cells: _json({name: _typed(cell, types[name]) for name, cell in cells.items()})


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _typed(cell: str, kind: str) -> str | int | bool | None:
    if cell == "":
        return None
    if kind == "integer":
        return int(cell)
    return cell == "true" if kind == "boolean" else cell


LONG_FILES: tuple[Export, ...] = tuple(
    made(file.removesuffix(".csv")) for file in COMPANIONS for made in (LongCSV, LongJSONLines)
)
