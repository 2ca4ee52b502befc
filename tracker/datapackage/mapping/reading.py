"""Any table -> rows by the names of its columns: CSV, TSV, XLSX, JSON, JSON Lines, told apart by what they hold."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.columns import unguard
from tracker.datapackage.archive import ArchiveError, open_archive
from tracker.datapackage.faults import Faults
from tracker.datapackage.files import complaint_about
from tracker.datapackage.mapping.encodings import EncodingError, decode
from tracker.datapackage.mapping.nodes import nearest
from tracker.datapackage.mapping.spec import FileSpec, TableMapping
from tracker.datapackage.read import MAX_CELL, MAX_ROWS, Row
from tracker.datapackage.table import Numbered, Table, delimiter_of
from tracker.datapackage.workbook import is_workbook, read_workbook

MAX_BYTES = 200_000_000
ALL_FAULTS = 1_000_000
"""Faults kept of a mapped table: its owner works through them in a file."""

_ZIP = b"PK\x03\x04"
_LOOK_FOR_HEADER = 30  # rows


@dataclass
class RawTable:
    """What was read: rows by column, how, and what is wrong with the file."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    faults: Faults = field(default_factory=lambda: Faults(most=ALL_FAULTS))
    notes: list[str] = field(default_factory=list)


def read_table(path: Path, mapping: TableMapping, *, name: str = "", max_rows: int = MAX_ROWS) -> RawTable:
    """Read a file as its mapping says. Never raises on what is in it: see `.faults`."""
    table = RawTable(name or path.name)
    try:
        _read(path, table, mapping, max_rows=max_rows)
    except (EncodingError, ArchiveError) as error:
        _refuse(table, str(error))
    except OSError as error:
        _refuse(table, f"It cannot be read: {error.strerror or error}.")
    if mapping.file.guarded:
        table.rows = [Row(row.number, {name: unguard(cell) for name, cell in row.cells.items()}) for row in table.rows]
    return table


def _refuse(table: RawTable, sentence: str) -> None:
    table.rows.clear()
    table.faults.add(table.name, sentence)


def _read(path: Path, table: RawTable, mapping: TableMapping, *, max_rows: int) -> None:
    if not path.is_file():
        _refuse(table, "There is no such file.")
        return
    with path.open("rb") as stream:
        start = stream.read(512)
    if start.startswith(_ZIP):
        _read_workbook(path, table, mapping, max_rows=max_rows)
    elif sentence := complaint_about(start):
        _refuse(table, sentence)
    elif path.stat().st_size > MAX_BYTES:
        _refuse(table, f"This file has more than {MAX_BYTES:,} bytes; split it.")
    else:
        _read_text(path.read_bytes(), table, mapping, max_rows=max_rows)


def _read_text(content: bytes, table: RawTable, mapping: TableMapping, *, max_rows: int) -> None:
    decoded = decode(content, declared=mapping.file.encoding)
    del content
    guess = ", which is a guess: name it in the mapping" if decoded.is_guess else ""
    table.notes.append(f"{table.name}: read as {decoded.encoding}{guess}.")
    if decoded.text.lstrip()[:1] in ("{", "["):
        _take_records(decoded.text, table, mapping, max_rows=max_rows)
        return
    below = "\n".join(decoded.text[:20_000].splitlines()[mapping.file.header_row - 1 :])
    delimiter = mapping.file.delimiter or delimiter_of(below)
    lines = csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter, strict=True)
    take_lines(enumerate(lines, start=1), table, mapping, max_rows=max_rows)


def _read_workbook(path: Path, table: RawTable, mapping: TableMapping, *, max_rows: int) -> None:
    with open_archive(path) as archive:
        if not is_workbook(archive):
            _refuse(table, "This is a zip and no workbook (.xlsx). Unpack it and give the table in it.")
            return

    def take(lines: Iterator[Numbered], *, name: str, max_rows: int) -> Table:
        take_lines(lines, table, mapping, max_rows=max_rows)
        return Table(name)

    found = read_workbook(path, name=table.name, max_rows=max_rows, take=take)
    table.notes += found.notes
    for fault in found.faults:
        table.faults.add(fault.file, fault.message, row=fault.row, column=fault.column)


# --- lines -----------------------------------------------------------------------------------------------------


def take_lines(lines: Iterator[Numbered], table: RawTable, mapping: TableMapping, *, max_rows: int) -> None:
    """Take the header and the rows below it out of numbered lines."""
    number = 0
    try:
        above: list[Numbered] = []
        for number, cells in lines:
            above.append((number, cells))
            if number >= mapping.file.header_row:
                break
        if not _take_header(above, lines, table, mapping):
            return
        first = mapping.file.header_row + 1 + mapping.file.skip_rows
        for number, cells in lines:
            if number >= first and any(cells) and not _take_row(table, number, cells, max_rows=max_rows):
                return
    except csv.Error as error:
        _refuse(table, f"From row {number + 1} on this cannot be read as a table: {error}.")


def _take_header(above: Sequence[Numbered], lines: Iterator[Numbered], table: RawTable, mapping: TableMapping) -> bool:
    """Note the columns; return whether all that the mapping reads are there."""
    number, cells = above[-1] if above else (0, [])
    names = [cell.strip().removeprefix("\ufeff") for cell in cells]
    while names and not names[-1]:
        names.pop()
    table.columns = names
    missing = [name for name in mapping.columns if name not in names]
    for name in missing:
        sentence = f"This column is missing (the mapping reads it at {mapping.columns[name]}).{nearest(name, names)}"
        table.faults.add(table.name, sentence, row=number or None, column=name)
    if missing and (row := _row_with(missing, [*above[:-1], *_next(lines)])):
        table.faults.add(table.name, f"The names of the columns seem to stand in row {row}: set header_row = {row}.")
    for name in sorted({name for name in names if name in mapping.columns and names.count(name) > 1}):
        table.faults.add(table.name, "This column stands there twice.", row=number, column=name)
    return not table.faults


def _next(lines: Iterator[Numbered]) -> Iterator[Numbered]:
    for _ in range(_LOOK_FOR_HEADER):
        if (line := next(lines, None)) is None:
            return
        yield line


def _row_with(columns: Iterable[str], lines: Iterable[Numbered]) -> int:
    wanted = set(columns)
    return next((number for number, cells in lines if wanted <= {cell.strip() for cell in cells}), 0)


def _take_row(table: RawTable, number: int, cells: list[str], *, max_rows: int) -> bool:
    """Note one row; return whether more are wanted."""
    if len(table.rows) == max_rows:
        _refuse(table, f"More than {max_rows} rows; give --max-rows to read more.")
        return False
    width = len(table.columns)
    if any(cells[width:]) or len(cells) < width - _trailing(table, cells):
        sentence = f"This row has {len(cells)} cells, the header has {width}: a quotation mark or a line is damaged."
        table.faults.add(table.name, sentence, row=number)
        return True
    if any(len(cell) > MAX_CELL for cell in cells):
        table.faults.add(table.name, f"A cell of this row has more than {MAX_CELL} characters.", row=number)
        return True
    padded = cells + [""] * (width - len(cells)) if len(cells) < width else cells
    table.rows.append(Row(number, dict(zip(table.columns, padded, strict=False))))
    return True


def _trailing(table: RawTable, cells: list[str]) -> int:
    """Return how many cells a row may lack: workbooks leave out blank ones at the end."""
    return len(table.columns) - 1 if cells and not table.name.casefold().endswith((".csv", ".tsv")) else 0


# --- records ---------------------------------------------------------------------------------------------------


def _take_records(text: str, table: RawTable, mapping: TableMapping, *, max_rows: int) -> None:
    try:
        records = list(_records(text, mapping.file))
    except (ValueError, RecursionError) as error:
        _refuse(table, f"This begins like JSON and cannot be read as such: {error}.")
        return
    if len(records) > max_rows:
        _refuse(table, f"More than {max_rows} rows; give --max-rows to read more.")
        return
    flat = [(number, flattened(record)) for number, record in records]
    table.columns = list(dict.fromkeys(name for _, cells in flat for name in cells))
    for name in (name for name in mapping.columns if name not in table.columns):
        sentence = (
            f"No record has this (the mapping reads it at {mapping.columns[name]}).{nearest(name, table.columns)}"
        )
        table.faults.add(table.name, sentence, column=name)
    blank = dict.fromkeys(table.columns, "")
    table.rows += [Row(number, blank | cells) for number, cells in flat]


def _records(text: str, spec: FileSpec) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the records with their numbers: lines of JSON Lines, else places in the list, from 1."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if found is None:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield number, _record(json.loads(line))
        return
    for step in spec.records.split(".") if spec.records else ():
        if not isinstance(found, dict) or step not in found:
            raise ValueError(f"there is no {spec.records!r} in it")
        found = found[step]
    records = found if isinstance(found, list) else [found]
    for number, record in enumerate(records, start=1):
        yield number, _record(record)


def _record(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("a list of records like {...} was expected; name where it is with [file] records")
    return found


def flattened(record: Mapping[str, Any], *, above: str = "") -> dict[str, str]:
    """Return a record as cells: {"a": {"b": 1}} is the column "a.b", the items of a list are lines of one cell."""
    cells: dict[str, str] = {}
    for name, value in record.items():
        path = f"{above}{name}"
        if isinstance(value, dict):
            cells |= flattened(value, above=f"{path}.")
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            inner = [flattened(item, above=f"{path}.") for item in value]
            names = dict.fromkeys(name for item in inner for name in item)
            cells |= {name: "\n".join(item.get(name, "") for item in inner) for name in names}
        else:
            cells[path] = "\n".join(map(_scalar, value)) if isinstance(value, list) else _scalar(value)
    return cells


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, (bool, list, dict)) else str(value)
