"""The editors' half as a Django application."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def _make_way(*, using: str, **_: Any) -> None:
    from tracker import triggers

    triggers.make_way(connections[using])


def _restore_guards(*, using: str, **_: Any) -> None:
    from tracker import triggers

    triggers.install(connections[using])


class TrackerConfig(AppConfig):
    """Keeps the record and alone writes the ledger."""

    name = "tracker"
    verbose_name = "Policy record"

    def ready(self) -> None:
        """Take the guards that are in the way down before a migration, and restore all after it and after a flush.

        Publications are noted in the log.
        """
        from tracker import logs
        from tracker.models.ledger import edition_published

        edition_published.connect(logs.on_published, dispatch_uid="tracker.logs")
        pre_migrate.connect(_make_way, sender=self, dispatch_uid="tracker.guards")
        post_migrate.connect(_restore_guards, sender=self, dispatch_uid="tracker.guards")
