"""For operators: the list of redactions, to be kept apart from backups and replayed on one that is restored."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from tracker.publishing import redaction


class Command(BaseCommand):
    """Write a line of JSON for each redaction: edition, instant, reason, digests, neutral names; nothing of a text."""

    help = "Write the list of redactions: redactions > FILE. Replay it on a restored backup: redact --replay FILE."

    def handle(self, *_: Any, **__: Any) -> None:
        """Write the list, the oldest first."""
        for line in redaction.kept_list():
            self.stdout.write(json.dumps(line, ensure_ascii=False, sort_keys=True))
