"""The rows of a selection as typed values, for formats that know numbers, days and lists."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from timeline.exports.chunks import CHUNK, chunks
from timeline.selection import Selection
from tracker import columns
from tracker.columns import Column, Type

_TEXT = 20_000_000  # characters of one list: Parquet is the better for long row groups
_READ: dict[Type, Callable[[Any], Any]] = {"day": date.fromisoformat, "instant": datetime.fromisoformat}


def columns_of(selection: Selection) -> tuple[Column, ...]:
    """Return the public columns that the edition served has."""
    return columns.COLUMNS[: len(selection.all_columns)]


def typed_rows(selection: Selection, *, chunk: int = CHUNK) -> Iterator[list[list[Any]]]:
    """Yield lists of rows in the order of the selection, a value for each of `columns_of(selection)`.

    Values are text, int, bool, date, datetime (UTC), a list of text, or None.
    """
    shown = columns_of(selection)
    for found in chunks(selection, "record", "csv", chunk=chunk, text=_TEXT):
        yield [_values(json.loads(record), line, shown) for _, _, record, line in found]


def _values(record: dict[str, Any], line: str, shown: tuple[Column, ...]) -> list[Any]:
    # The address of the page is the one thing that stands in the CSV line alone.
    addressed = {**record, "url": address(line)}
    return [_value(column, addressed) for column in shown]


_URL = [column.name for column in columns.COLUMNS].index("url")


def address(line: str) -> str:
    """Return the address of the entry's page as its stored CSV line has it."""
    return columns.unguard(next(csv.reader(io.StringIO(line, newline="")))[_URL])


def _value(column: Column, record: dict[str, Any]) -> Any:
    value = column.value(record)
    read = _READ.get(column.type)
    if isinstance(value, list):
        return [item for item in value if item is not None]
    return read(value) if read and value is not None else value
