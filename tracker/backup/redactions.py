"""The list of what the law required to go, beside the backups: a backup that is older than a redaction holds the text.

The list holds no text. What writes and replays it are two commands, known here by their names alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DatabaseError

from tracker.backup import folder
from tracker.backup.manifest import BackupError

_LIST, _REDACT = "redactions", "redact"


def keep() -> None:
    """Add to the list what this database tells of and the list does not. No line is ever taken away."""
    if _LIST not in get_commands():
        return
    file, written = Path(settings.REDACTIONS_FILE), StringIO()
    try:
        call_command(_LIST, stdout=written)
    except DatabaseError:
        return  # tables of a version that knew no redactions
    before = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    if added := [line for line in written.getvalue().splitlines() if line.strip() and line not in before]:
        try:
            folder.write_text(file, "".join(f"{line}\n" for line in [*before, *added]))
        except OSError as error:
            raise BackupError(f"The list of redactions could not be written to {file}: {error}.") from error


def lists(named: Path | None) -> list[Path]:
    """Return where lists are to be replayed from: the one kept beside the backups, and one that was named.

    Raises BackupError for a named one that is not there, and where this version cannot replay any.
    """
    if named and not named.is_file():
        raise BackupError(f"There is no list of redactions at {named}.")
    kept = Path(settings.REDACTIONS_FILE)
    found = [kept, *([named] if named else [])]
    if _REDACT not in get_commands() and (there := [file for file in found if file.is_file()]):
        raise BackupError(f"{there[0]} lists redactions, and this version has no command that does them again.")
    return found


def replay(files: Iterable[Path], **said: Any) -> None:
    """Redact again what lists name, those of them that are there."""
    for file in files:
        if file.is_file():
            call_command(_REDACT, "--replay", str(file), **said)
