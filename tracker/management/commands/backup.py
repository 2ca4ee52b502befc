"""For operators: take a backup, also while editors write."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker import backup
from tracker.backup import redactions

_KEPT = 14


class Command(BaseCommand):
    """Write the whole database into one file with its manifest; exit with 1 and say why where that fails."""

    help = "Back up the database into a folder and keep the newest N backups there."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --to and --keep."""
        parser.add_argument("--to", type=Path, metavar="FOLDER", help=f"default: {settings.BACKUPS_DIR}")
        parser.add_argument("--keep", type=int, default=_KEPT, metavar="N", help=f"default: {_KEPT}")

    def handle(self, *_: Any, to: Path | None, keep: int, **__: Any) -> None:
        """Print where the backup stands and what was removed for it."""
        if keep < 1:
            raise CommandError("--keep must be 1 or more.")
        folder = to or settings.BACKUPS_DIR
        try:
            file, manifest = backup.take(folder, at=datetime.now(UTC))
            redactions.keep()
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}\nedition {manifest.contents.edition}, {manifest.bytes:,} bytes, {manifest.sha256}")
        for removed in backup.keep_newest(folder, keep):
            self.stdout.write(f"Removed {removed.name}: the newest {keep} are kept.")
