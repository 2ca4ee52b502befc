"""A data package on disk -> rows, with everything that is wrong with its form.

What a file says is judged by `plan`; here it is only taken apart. Nothing is trusted: not the names inside, not
the encoding, not the number of rows. Its files lie in a folder or in an `archive`: both are `Members`.
"""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tracker.columns import FILES, FILES_BY_NAME, File
from tracker.datapackage.faults import Faults

DESCRIPTOR = "datapackage.json"
MAX_ROWS = 200_000
"""Rows of one file that are read unless a caller says otherwise."""
MAX_CELL = 100_000
"""Characters of one cell: what the record takes of a summary."""
OPTIONAL = frozenset({"retractions.csv", "editions.csv", "row_digests.csv"})
IGNORED = OPTIONAL - {"editions.csv"}
"""What a package tells of its own ledger. Another record has its own; of editions.csv only the newest number counts."""

_MAX_DESCRIPTOR = 1_000_000  # bytes
_UNREADABLE = re.compile("[\ud800-\udfff]")  # what "surrogateescape" makes of bytes that are not UTF-8
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as a spreadsheet shows it, and its cells by column, raw."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass
class Package:
    """What was read: rows by file name, faults of form, and notes on what was left aside."""

    name: str
    tables: dict[str, list[Row]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    notes: list[str] = field(default_factory=list)

    @property
    def edition(self) -> int:
        """The newest edition that the package tells of; 0 if it never was in a ledger."""
        cells = [row["number"] for row in self.tables.get("editions.csv", ())]
        cells += [row["edition"] for row in self.tables.get("actions.csv", ())]
        return max((int(cell) for cell in cells if re.fullmatch("[0-9]{1,9}", cell)), default=0)

    @property
    def is_complete(self) -> bool:
        """Whether every file that a package needs could be read to its end, so that its content can be judged."""
        return all(file.name in self.tables for file in FILES if file.name not in OPTIONAL)


class Members(Protocol):
    """Where the files of a package lie: a folder or an archive."""

    name: str

    def names(self) -> list[str]: ...

    def open(self, name: str) -> BinaryIO: ...


class Folder:
    """A package as a folder. Links are no members: they could lead out of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.resolve().name

    def names(self) -> list[str]:
        return sorted(path.name for path in self.path.iterdir() if path.is_file() and not path.is_symlink())

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


def read_folder(path: Path, *, max_rows: int = MAX_ROWS) -> Package:
    """Read the package in the folder `path`. Never raises on what is in it: see `.faults`."""
    if path.is_dir():
        return read(Folder(path), max_rows=max_rows)
    package = Package(path.name)
    reason = "This is a file. A data package is a folder" if path.exists() else "There is no such folder. A package"
    package.faults.add(str(path), f"{reason} with {DESCRIPTOR} and its CSV files in it.")
    return package


def read(members: Members, *, max_rows: int = MAX_ROWS) -> Package:
    """Read every file that a package may have, at most `max_rows` rows of each, and note the others."""
    package = Package(members.name)
    try:
        names = members.names()
        _read_descriptor(package, members, names)
        for file in FILES:
            if file.name in IGNORED:
                continue
            if file.name in names:
                _read_table(package, members, file, max_rows=max_rows)
            elif DESCRIPTOR in names and file.name not in OPTIONAL:
                package.faults.add(file.name, "This file is missing.")
    except OSError as error:
        package.faults.add(members.name, f"It cannot be read: {error.strerror or error}.")
        return package
    except (zipfile.BadZipFile, zlib.error, EOFError):
        package.faults.add(members.name, "It is damaged and cannot be read to its end; send it again.")
        package.tables.clear()
        return package
    strangers = sorted(set(names) - FILES_BY_NAME.keys() - {DESCRIPTOR})
    package.notes += [f"{name}: not a file of a package, ignored." for name in strangers]
    package.notes += [f"{name}: tells of another ledger, not loaded." for name in names if name in IGNORED]
    return package


def _read_descriptor(package: Package, members: Members, names: list[str]) -> None:
    """Check that this is a package at all, and that it names no file outside itself."""
    if DESCRIPTOR not in names:
        package.faults.add(DESCRIPTOR, "This file is missing, so this is not a data package.")
        return
    with members.open(DESCRIPTOR) as stream:
        content = stream.read(_MAX_DESCRIPTOR + 1)
    try:
        descriptor = json.loads(content[:_MAX_DESCRIPTOR].decode("utf-8-sig"))
        resources = descriptor["resources"]
        paths = [path for resource in resources for path in _paths(resource["path"])]
    except (ValueError, KeyError, TypeError, RecursionError):
        package.faults.add(DESCRIPTOR, 'This is not the description of a data package: JSON with its "resources".')
        return
    for path in paths:
        _check_path(package, path, names)


def _paths(path: Any) -> list[str]:
    """Return the paths of a resource, which may be one or a list; raise TypeError for anything else."""
    found = path if isinstance(path, list) else [path]
    if not all(isinstance(item, str) for item in found):
        raise TypeError
    return found


def _check_path(package: Package, path: str, names: list[str]) -> None:
    if re.search(r"[/\\:\x00]|^\.", path):
        package.faults.add(DESCRIPTOR, f"It names a file outside the package: {path[:100]!r}.")
    elif path not in names and path not in FILES_BY_NAME:
        package.notes.append(f"{DESCRIPTOR}: names {path[:100]!r}, which is not there.")
    elif path not in names and path in OPTIONAL:
        package.faults.add(path, f"{DESCRIPTOR} names this file, and it is missing.")


def _read_table(package: Package, members: Members, file: File, *, max_rows: int) -> None:
    """Read one CSV file; `package.tables` holds it only if it could be read to its end."""
    with members.open(file.name) as binary:
        if binary.read(2) in _UTF_16:
            package.faults.add(file.name, "This is UTF-16. Save it as CSV in UTF-8.")
            return
        binary.seek(0)
        text = io.TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, strict=True)
        number = 1
        try:
            columns = read_header(package.faults, file, next(reader, []))
            if columns is None:
                return
            rows: list[Row] = []
            for number, cells in enumerate(reader, start=2):
                if len(rows) == max_rows:
                    package.faults.add(
                        file.name, f"More than {max_rows} rows; nothing after them was read.", row=number
                    )
                    return
                if cells:
                    rows.append(read_row(package.faults, file.name, number, columns, cells))
        except csv.Error as error:
            package.faults.add(file.name, f"From here on this cannot be read as CSV: {error}.", row=number + 1)
            return
    _check_keys(package.faults, file, rows)
    package.tables[file.name] = rows


def read_header(faults: Faults, file: File, found: list[str], *, whole: bool = True) -> list[str] | None:
    """Return the columns in the order of this file, or None when they are not those that the file must have.

    With `whole` it must have all of them, otherwise some.
    """
    if not set(found) & set(file.columns):
        faults.add(file.name, f"This is not a {file.name}: its first line has none of the columns.", row=1)
        return None
    problems = [
        *((column, "This column is missing.") for column in file.columns if whole and column not in found),
        *((column, "This column stands there twice.") for column in _repeated(found)),
        *((column, "There is no such column.") for column in dict.fromkeys(found) if column not in file.columns),
    ]
    for column, message in problems:
        faults.add(file.name, message, row=1, column=_printable(column) or "(no name)")
    return None if problems else found


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _printable(name: str) -> str:
    """Return a name from a stranger's file so that it can be printed on one line."""
    return "".join(character if character.isprintable() else "?" for character in name[:40])


def read_row(faults: Faults, file: str, number: int, columns: list[str], cells: list[str]) -> Row:
    """Return a row with exactly the columns, so that what follows can be checked too; note what is wrong with it."""
    if len(cells) != len(columns):
        message = f"This row has {len(cells)} cells, the header has {len(columns)}."
        faults.add(file, message, row=number)
        cells = [*cells, *[""] * len(columns)][: len(columns)]
    whole = "".join(cells)
    if "\x00" in whole or len(whole) > MAX_CELL or _UNREADABLE.search(whole):
        cells = [_readable(faults, file, number, *pair) for pair in zip(columns, cells, strict=True)]
    return Row(number, dict(zip(columns, cells, strict=True)))


def _readable(faults: Faults, file: str, number: int, column: str, cell: str) -> str:
    if "\x00" in cell:
        faults.add(file, "It contains a NUL character.", row=number, column=column)
    elif _UNREADABLE.search(cell):
        faults.add(file, "It is not UTF-8.", row=number, column=column)
    elif len(cell) > MAX_CELL:
        faults.add(file, f"At most {MAX_CELL} characters; this has {len(cell)}.", row=number, column=column)
    return _UNREADABLE.sub("\ufffd", cell[:MAX_CELL]).replace("\x00", "")


def _check_keys(faults: Faults, file: File, rows: list[Row]) -> None:
    """Refuse a key that is blank, and one that an earlier row has."""
    first: dict[tuple[str, ...], int] = {}
    for row, key in _keyed(file, rows):
        for column in (name for name, value in zip(file.key, key, strict=True) if not value):
            faults.add(file.name, "It may not be empty.", row=row.number, column=column)
        if first.setdefault(key, row.number) != row.number:
            message = f"{', '.join(key)} stands in row {first[key]} already."
            faults.add(file.name, message, row=row.number, column=file.key[-1])


def _keyed(file: File, rows: list[Row]) -> Iterator[tuple[Row, tuple[str, ...]]]:
    if file.key:
        for row in rows:
            yield row, tuple(row[column].strip() for column in file.key)
