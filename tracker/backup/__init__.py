"""For operators: the whole database as one file that is known to be good, and the way back.

Editors may go on writing meanwhile. A backup never stands under its name before all of it is on the disk.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from tracker.backup import folder, postgresql_dump, sqlite_file
from tracker.backup.folder import keep_newest, kept
from tracker.backup.manifest import BackupError, Manifest, sha256

__all__ = ["BackupError", "Manifest", "checked", "contradiction", "is_empty", "keep_newest", "kept", "load", "take"]

_MADE_BY_HAND = ("auth_user", "tracker_policyaction", "tracker_edition")


def _engine() -> ModuleType:
    return postgresql_dump if connection.vendor == "postgresql" else sqlite_file


def take(to: Path, *, at: datetime) -> tuple[Path, Manifest]:
    """Write a backup into the folder `to`; return where it stands and what it holds.

    `at` is the instant before which everything saved is in it. Raises BackupError, and then nothing new stands there.
    """
    try:
        with folder.writing(to) as partial:
            manifest = _described(partial, at=at.astimezone(UTC))
            return folder.place(partial, manifest), manifest
    except OSError as error:
        raise BackupError(f"The backup could not be written to {to}: {error.strerror or error}.") from error


def _described(partial: Path, *, at: datetime) -> Manifest:
    engine = _engine()
    found = engine.write(partial)
    return Manifest(
        file=f"timeline-{at:%Y%m%dT%H%M%S.%fZ}-edition-{found.edition}.{engine.SUFFIX}",
        bytes=partial.stat().st_size,
        sha256=sha256(partial),
        taken_at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        database=connection.vendor,
        contents=found,
    )


def checked(file: Path) -> Manifest:
    """Return the manifest of a backup that is whole and fits this database and this version.

    Raises BackupError, which says why not.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    manifest = Manifest.read(file)
    if (file.stat().st_size, sha256(file)) != (manifest.bytes, manifest.sha256):
        raise BackupError(f"{file} is not what was backed up: its SHA-256 differs from its manifest. Take another one.")
    if manifest.database != connection.vendor:
        raise BackupError(f"{file} is of {manifest.database}, and DATABASE_URL names {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if unknown := sorted(set(manifest.contents.migrations) - known):
        raise BackupError(f"{file} is of a newer version: this one does not know {', '.join(unknown)}.")
    return manifest


def is_empty() -> bool:
    """Return whether the database holds no account, no entry and no edition.

    Raises BackupError for one that cannot be read.
    """
    try:
        with connection.cursor() as cursor:
            for table in set(_MADE_BY_HAND) & set(connection.introspection.table_names(cursor)):
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - the names are our own
                if cursor.fetchone():
                    return False
    except DatabaseError as error:
        raise BackupError(
            f"The database that is there cannot be read ({error}). Move it away, or name an empty one in DATABASE_URL."
        ) from error
    return True


def load(file: Path) -> None:
    """Put a checked backup into the database, in place of what is there, all of it or nothing."""
    _engine().load(file)


def contradiction(manifest: Manifest) -> str:
    """Return how the restored database differs from what its manifest tells, a sentence; empty if it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, digest FROM tracker_edition ORDER BY number DESC LIMIT 1")
        found = cursor.fetchone() or (0, "")
    told = (manifest.contents.edition, manifest.contents.digest)
    return "" if tuple(found) == told else f"The newest edition should be {told[0]}, {told[1]}; it is {found}."
