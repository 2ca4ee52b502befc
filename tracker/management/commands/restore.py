"""For operators: put a backup back, verify it, and say up to which moment nothing is lost."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tracker import backup
from tracker.backup import redactions


class Command(BaseCommand):
    """Restore FILE all at once or not at all; exit with 1 where it does not fit, or does not verify afterwards."""

    help = "Restore a backup that `backup` wrote. What --replace overwrites is backed up first."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE, --replace and --redactions."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="also where the database holds something")
        parser.add_argument(
            "--redactions",
            type=Path,
            metavar="LIST",
            help=f"what is redacted again besides {settings.REDACTIONS_FILE}",
        )

    def handle(self, *_: Any, file: Path, replace: bool, **told: Any) -> None:
        """Check, keep what is there, restore, migrate, redact again, verify."""
        started = time.monotonic()
        try:
            lists = redactions.lists(told["redactions"])
            manifest = backup.checked(file)
            self._make_room(replace=replace)
            backup.load(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        # A backup of an older version; also restores the guards.
        call_command("migrate", verbosity=0, interactive=False)
        # Who was signed out since must not be signed in again.
        Session.objects.all().delete()
        if found := backup.contradiction(manifest):
            raise CommandError(found)
        redactions.replay(lists, stdout=self.stdout, stderr=self.stderr)
        call_command("verify_ledger", stdout=self.stdout, stderr=self.stderr)
        self._tell(manifest, seconds=time.monotonic() - started)

    def _make_room(self, *, replace: bool) -> None:
        """Keep what stands in the way, and what was redacted in it since the backup."""
        if backup.is_empty():
            return
        if not replace:
            raise CommandError("The database holds entries or accounts. To overwrite them, say --replace.")
        kept, _ = backup.take(settings.BACKUPS_DIR, at=datetime.now(UTC))
        redactions.keep()
        self.stdout.write(f"What was there is kept: {kept}")

    def _tell(self, manifest: backup.Manifest, *, seconds: float) -> None:
        self.stdout.write(
            f"Restored in {seconds:.1f} s. Recovery point: {manifest.taken_at}, edition {manifest.contents.edition}. "
            "Whatever was saved later is not here. Everybody signs in again."
        )
