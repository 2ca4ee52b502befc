"""For operators and doubters: does the ledger still say what was published?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import verification
from tracker.models import Edition

_EVERY = 100


class Command(BaseCommand):
    """Recompute every digest of the ledger; exit with 1 and name each fault if there is one."""

    help = "Verify the ledger: digests, the chain of editions, versions; with --full every projection too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --since and --full."""
        parser.add_argument("--since", type=int, default=0, metavar="N", help="take editions up to N as they are")
        parser.add_argument("--full", action="store_true", help="also compare every projection with its record")

    def handle(self, *_: Any, since: int, full: bool, **__: Any) -> None:
        """Print each fault on stderr, and at the end what was verified."""
        newest = Edition.objects.newest()
        if since < 0 or since > (newest.number if newest else 0):
            raise CommandError(f"--since must be an edition, from 0 to {newest.number if newest else 0}.")
        faults = 0
        for fault in verification.verify(since=since, full=full, progress=self._progress):
            faults += 1
            self.stderr.write(self.style.ERROR(fault))
        if faults:
            raise CommandError(f"The ledger does not verify: {faults} fault(s).")
        count = newest.number - since if newest else 0
        self.stdout.write(f"The ledger verifies: {count} edition(s){', projections included' if full else ''}.")
        if blanked := verification.redacted():
            self.stdout.write(f"Redacted because the law required it: {blanked} row(s); their digests stand.")
        if newest:
            self.stdout.write(f"Newest: edition {newest.number}, {newest.digest}")

    def _progress(self, number: int) -> None:
        if number % _EVERY == 0:
            self.stdout.write(f"... edition {number}")
