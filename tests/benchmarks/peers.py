"""What people use otherwise: psql and the sqlite3 shell on a plain table that holds the same 50 columns, typed.

The table is filled in the order of the export, and the peers read it from end to end: the least that they can do.
"""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection

from tests.timeline.scene import select
from timeline.exports.csv_file import CSV
from tracker import columns

TABLE = "peer_actions"
_TYPES = {"integer": "bigint", "boolean": "boolean", "day": "date", "instant": "timestamptz"}


def prepare(address: str) -> None:
    """Make the plain table from the raw CSV of everything, unless it is there. `address` is that of the database.

    It is written through a connection of its own: the export gives Django's back after every chunk.
    """
    if TABLE not in connection.introspection.table_names():
        typed = ", ".join(f"{column.name} {_TYPES.get(column.type, 'text')}" for column in columns.COLUMNS)
        fill = _fill_postgresql if connection.vendor == "postgresql" else _fill_sqlite
        fill(address, f"CREATE TABLE {TABLE} ({typed})")
    connection.close()


def _rows() -> Iterator[list[str | None]]:
    """Yield the cells of every row, None where a cell is empty."""
    selection = select("raw=1", surface="csv")
    for part in CSV.content(selection, CSV.measure(selection)):
        for row in csv.reader(io.StringIO(part.decode(), newline="")):
            if row[0] != "slug":
                yield [cell or None for cell in row]


def _fill_postgresql(address: str, create: str) -> None:
    import psycopg  # noqa: PLC0415 - there is none where only SQLite is measured

    with psycopg.connect(address, autocommit=True) as writing:
        writing.execute(create)
        with writing.cursor() as cursor, cursor.copy(f"COPY {TABLE} FROM STDIN") as copy:
            for row in _rows():
                copy.write_row(row)
        writing.execute(f"VACUUM ANALYZE {TABLE}")


def _fill_sqlite(address: str, create: str) -> None:
    with closing(sqlite3.connect(file_of(address))) as writing, writing:
        writing.execute(create)
        marks = ", ".join("?" for _ in columns.COLUMNS)
        writing.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", _rows())


def file_of(address: str) -> str:
    """Return the path of the file that a SQLite address names."""
    return unquote(urlsplit(address).path.removeprefix("/"))


def command(address: str) -> list[str] | None:
    """Return the program that writes the table as CSV to its standard output; None where it is not installed."""
    if connection.vendor == "postgresql":
        return _found("psql", "--no-psqlrc", address, "-c", rf"\copy {TABLE} TO STDOUT (FORMAT csv, HEADER)")
    return _found("sqlite3", "-readonly", "-header", "-csv", file_of(address), f"SELECT * FROM {TABLE}")


def name() -> str:
    """Return what the peer is called in the table."""
    return r"psql \copy" if connection.vendor == "postgresql" else "sqlite3 -csv"


def _found(program: str, *arguments: Any) -> list[str] | None:
    path = shutil.which(program)
    return [path, *arguments] if path else None
