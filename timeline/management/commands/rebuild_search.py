"""For operators: write the index of words anew from the sealed records, or check it against them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.search import index


class Command(BaseCommand):
    """Rebuild the index behind q; exit with 1 and name each fault when a check finds one."""

    help = "Rebuild the full text index from the sealed records; with --check only compare it with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --check."""
        parser.add_argument("--check", action="store_true", help="change nothing; name every row that is not right")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        """Print progress every thousand rows, and the total."""
        if check:
            self._check()
            return
        done = index.rebuild(progress=self._progress)
        self.stdout.write(f"Indexed the words of {done} rows.")

    def _check(self) -> None:
        faults = 0
        for fault in index.faults(progress=self._progress):
            faults += 1
            self.stderr.write(self.style.ERROR(fault))
        if faults:
            raise CommandError(f"The index has {faults} fault(s). Run rebuild_search.")
        self.stdout.write("The index agrees with the sealed records.")

    def _progress(self, count: int) -> None:
        self.stdout.write(f"... {count} rows")
