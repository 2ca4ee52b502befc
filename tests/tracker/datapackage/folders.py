"""Packages on disk for tests: copies of the seeds that a test may spoil."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

from tracker.columns import FILES_BY_NAME

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "us-russia-policy-2025"

Cells = dict[str, str]


def copy_of_seeds(to: Path) -> Path:
    """Return the folder of a fresh copy of the seeds inside `to`."""
    return Path(shutil.copytree(SEEDS, to / "package"))


def table(folder: Path, file: str) -> list[Cells]:
    """Return the rows of a file."""
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_table(folder: Path, file: str, rows: list[Cells]) -> None:
    """Write a file with these rows."""
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FILES_BY_NAME[file].columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def set_cells(folder: Path, file: str, row: int, /, **cells: str) -> None:
    """Change cells of a row, numbered as a spreadsheet does: the header is row 1."""
    rows = table(folder, file)
    rows[row - 2] |= cells
    write_table(folder, file, rows)


def add_row(folder: Path, file: str, /, **cells: str) -> None:
    """Add a row at the end."""
    write_table(folder, file, [*table(folder, file), cells])


def row_of(folder: Path, file: str, /, **cells: str) -> int:
    """Return the number of the first row with these cells."""
    rows = table(folder, file)
    return next(number for number, row in enumerate(rows, start=2) if cells.items() <= row.items())


def rewrite(folder: Path, file: str, change: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a file."""
    path = folder / file
    path.write_bytes(change(path.read_bytes()))
