"""The readers' half as a Django application."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _restore_structures(*, using: str, **_: Any) -> None:
    from timeline.search import structures

    structures.install(connections[using])


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = "Timeline"

    def ready(self) -> None:
        """Index each edition as it is published, and restore after a migration what it took from the index."""
        from timeline.search import index
        from tracker.models.ledger import edition_published, rows_redacted

        edition_published.connect(index.on_published, dispatch_uid="timeline.search")
        rows_redacted.connect(index.on_redacted, dispatch_uid="timeline.search")
        post_migrate.connect(_restore_structures, sender=self, dispatch_uid="timeline.search")
