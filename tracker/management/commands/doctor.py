"""For operators: is this installation as it should be?"""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker import doctor


class Command(BaseCommand):
    """Say what is misconfigured, one line each, and exit with 1; say nothing when all is well."""

    help = "Say in plain words what is misconfigured here, and how to mend it; silent when all is well."
    # It runs Django's checks itself, those for production included.
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        """Print what was found."""
        found = list(doctor.findings(now=datetime.now(UTC)))
        for sentence in found:
            self.stdout.write(f"- {sentence}")
        if found:
            raise CommandError(f"{len(found)} thing(s) to mend.")
