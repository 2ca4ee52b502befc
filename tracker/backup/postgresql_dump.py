"""Backups of PostgreSQL: pg_dump of one snapshot, whose edition the manifest names; restored in one transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile

from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from tracker.backup.manifest import BackupError, Contents, contents

SUFFIX = "dump"
_INSTALLED = Path("/usr/lib/postgresql")
_PLAIN = ("--no-owner", "--no-privileges")
# Everything of ours, also tables of a newer version, which the backup does not know.
_DROP = r"""
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()
  LOOP EXECUTE 'DROP TABLE ' || name || ' CASCADE'; END LOOP;
  FOR name IN SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'guard\_%'
  LOOP EXECUTE 'DROP FUNCTION ' || name; END LOOP;
END $$
"""


def write(partial: Path) -> Contents:
    """Write the database into an empty file and return what it holds."""
    program = _program("pg_dump")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
            snapshot, server = cursor.fetchone()

            def query(sql: str) -> list[tuple[object, ...]]:
                cursor.execute(sql)
                return cursor.fetchall()

            found = contents(query, server=server)
            _dump(program, snapshot, partial)
            return found
    except DatabaseError as error:
        raise BackupError(f"The database could not be read: {error}.") from error


def _dump(program: str, snapshot: str, partial: Path) -> None:
    """Let pg_dump write through us: when we are killed, it ends too."""
    arguments = ["--format=custom", *_PLAIN, "--lock-wait-timeout=20s", f"--snapshot={snapshot}"]
    command, environment = _command(program, *arguments)
    with (
        TemporaryFile() as said,
        partial.open("wb") as file,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said) as process,  # noqa: S603
    ):
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        shutil.copyfileobj(process.stdout, file)
        if process.wait():
            said.seek(0)
            raise BackupError(f"pg_dump failed: {said.read().decode(errors='replace').strip()}")


def load(file: Path) -> None:
    """Write a backup over the database in one transaction: whatever ends it early leaves the database as it was.

    The backup is first written out as SQL, so that one which ends in the middle is noticed before anything is done.
    """
    restoring, executing = _program("pg_restore"), _program("psql")
    _close()
    with NamedTemporaryFile(suffix=".sql") as script:
        _run([restoring, *_PLAIN, f"--file={script.name}", str(file)], os.environ.copy())
        once = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-c", _DROP, "-f", script.name]
        command, environment = _command(executing, *once)
        _run(command, environment | {"PGOPTIONS": "-c lock_timeout=20s -c client_min_messages=warning"})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _close() -> None:
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]


def _command(program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and its environment: the password is never on the command line, where others see it."""
    told, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, list(arguments))
    return [program, *told[1:]], os.environ | (environment or {})


def _run(command: list[str], environment: dict[str, str]) -> None:
    answer = subprocess.run(command, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    if answer.returncode:
        why = answer.stderr.decode(errors="replace").strip()
        raise BackupError(f"Nothing was restored: {Path(command[0]).name} failed: {why}")


def _program(name: str) -> str:
    """Return the newest program of this name: an older pg_dump refuses a newer server."""
    folders = [folder for folder in _INSTALLED.glob("*/bin") if folder.parent.name.isdecimal()]
    for folder in sorted(folders, key=lambda folder: int(folder.parent.name), reverse=True):
        if os.access(folder / name, os.X_OK):
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"{name} is not on this machine: install the client programs of PostgreSQL, of the server's version "
            "or newer (on Debian the package postgresql-client)."
        )
    return found
