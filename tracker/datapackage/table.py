"""One table of actions, as /actions.csv hands it out and a spreadsheet saves it again -> rows.

Any of the public columns, in any order. Cells come without the guard against formulas that our files have, and
otherwise as they stand there: what they mean is judged by `table_plan`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tracker.columns import COLUMNS, File, unguard
from tracker.datapackage.faults import Faults
from tracker.datapackage.read import Row, read_header, read_row

_MANY_NULS = 0.2  # of all bytes: ASCII text in UTF-16 has one half, and no CSV in UTF-8 has any
_DELIMITERS = ",;\t"


@dataclass
class Table:
    """What was read: rows with the columns that the file has, faults of form and notes on what was left aside."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    notes: list[str] = field(default_factory=list)


def refused_table(name: str, sentence: str) -> Table:
    """Return a table of which nothing was read, and why."""
    table = Table(name)
    table.faults.add(name, sentence)
    return table


def read_csv(content: bytes, *, name: str, max_rows: int) -> Table:
    """Read a CSV of actions, at most `max_rows` rows. Never raises on what is in it: see `.faults`."""
    if sentence := _encoding_fault(content):
        return refused_table(name, sentence)
    text = content.decode("utf-8-sig", errors="surrogateescape")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    return read_rows(_numbered(lines), name=name, max_rows=max_rows)


Numbered = tuple[int, list[str]]


def _numbered(lines: Iterable[list[str]]) -> Iterator[Numbered]:
    return enumerate(lines, start=1)


def read_rows(lines: Iterator[Numbered], *, name: str, max_rows: int) -> Table:
    """Read numbered lines, the first of which is the header, until there are more than `max_rows`."""
    table = Table(name)
    number = 0
    try:
        number, found = next(lines, (1, []))
        header = _header(table, found)
        for number, cells in lines if header else ():
            if not any(cells):
                continue
            if len(table.rows) == max_rows:
                table.faults.add(name, f"More than {max_rows} rows; nothing after them was read.", row=number)
                break
            is_wide = len(cells) == len(found) and not any(cells[len(header) :])
            row = read_row(table.faults, name, number, header, cells[: len(header)] if is_wide else cells)
            table.rows.append(Row(number, {column: unguard(cell) for column, cell in row.cells.items()}))
    except csv.Error as error:
        table.faults.add(name, f"From here on this cannot be read as CSV: {error}.", row=number + 1)
    return table


def _header(table: Table, found: list[str]) -> list[str]:
    """Return the columns of the table, or none when they cannot be used."""
    names = [cell.strip() for cell in found]
    while names and not names[-1]:
        names.pop()  # a spreadsheet's idea of how wide the table is
    actions = File(table.name, "", tuple(column.name for column in COLUMNS), ())
    if not set(names) & set(actions.columns):
        message = "This is not a table of actions: its first line has none of the public columns, such as slug, title."
        table.faults.add(table.name, message, row=1)
        return []
    table.columns = read_header(table.faults, actions, names, whole=False) or []
    if table.columns and not {"slug", "title"} & set(names):
        message = "This column is missing: without it nobody knows which entries are meant."
        table.faults.add(table.name, message, row=1, column="slug")
        table.columns = []
    return table.columns


def delimiter_of(text: str) -> str:
    """Return what separates the cells: in many countries spreadsheets write ";" where ours has ","."""
    header = text[:10_000].partition("\n")[0]
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), mark == ","))


def _encoding_fault(content: bytes) -> str:
    """Return which encoding a file has that is not UTF-8; "" if it is."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content.count(0) > _MANY_NULS * len(content) > 0:
        return 'This looks like UTF-16. Save it as "CSV UTF-8".'
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(content) and error.reason == "unexpected end of data":
            return "This ends in the middle of a character: the file seems to be cut off. Send it again."
        line = content.count(b"\n", 0, error.start) + 1
        return f'Line {line} is not UTF-8; it looks like Latin 1 (Windows-1252). Save it as "CSV UTF-8".'
    return ""
