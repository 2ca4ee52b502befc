"""What stands beside each backup: its checksum, what it holds, and when it was taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

FORMAT = 1
_BLOCK = 1 << 20  # bytes


class BackupError(Exception):
    """Why there is no backup, or why nothing was restored: a sentence for operators."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds: newest edition with its digest (0, "" before the first), migrations as "app.name"."""

    server: str
    edition: int
    digest: str
    migrations: list[str]


@dataclass(frozen=True)
class Manifest:
    """The description of one backup. `taken_at` ("YYYY-MM-DDTHH:MM:SSZ"): whatever was saved before is in it."""

    file: str
    bytes: int
    sha256: str
    taken_at: str
    database: str
    contents: Contents

    def text(self) -> str:
        """Return the manifest as JSON for people and programs."""
        return json.dumps({"format": FORMAT} | asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the manifest beside a backup; raises BackupError where there is none, or none that we understand."""
        try:
            told = json.loads(beside(file).read_text(encoding="utf-8"))
            if told.pop("format") != FORMAT:
                raise BackupError(f"{beside(file)} is of another format than this version writes.")
            contents = Contents(**told.pop("contents"))
            return cls(contents=contents, **told)
        except FileNotFoundError as error:
            raise BackupError(f"There is no {beside(file)}: without it nobody can tell whether it is whole.") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(f"{beside(file)} cannot be read: {error}.") from error


def beside(file: Path) -> Path:
    """Return where the manifest of a backup stands."""
    return file.with_name(f"{file.name}.json")


def sha256(file: Path) -> str:
    """Return the checksum of a file in hexadecimal, as `sha256sum` prints it."""
    found = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def contents(query: Callable[[str], list[Any]], *, server: str) -> Contents:
    """Return what a database holds; `query` runs SQL there and returns its rows.

    Raises BackupError where nobody has migrated yet.
    """
    migrations = query("SELECT app, name FROM django_migrations ORDER BY app, name")
    if not migrations:
        raise BackupError("The database has no tables yet: there is nothing to back up.")
    newest = query("SELECT number, digest FROM tracker_edition ORDER BY number DESC LIMIT 1")
    number, digest = newest[0] if newest else (0, "")
    return Contents(server, number, digest, [f"{app}.{name}" for app, name in migrations])
