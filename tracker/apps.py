"""The editors' half as a Django application."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _restore_guards(*, using: str, **_: Any) -> None:
    from tracker import triggers

    triggers.install(connections[using])


class TrackerConfig(AppConfig):
    """Keeps the record and alone writes the ledger."""

    name = "tracker"
    verbose_name = "Policy record"

    def ready(self) -> None:
        """Restore the ledger's guards after every migration and flush."""
        post_migrate.connect(_restore_guards, sender=self, dispatch_uid="tracker.guards")
