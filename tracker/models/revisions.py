"""Revisions: what the record said after each save of a whole entry."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from tracker.models.actions import PolicyAction


class AppendOnlyError(Exception):
    """A row that is written once was asked to change or go."""


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions can be added and read, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("A revision is written once.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("A revision is never deleted.")


class Revision(models.Model):
    """The document of an entry after one save: {"entry": ..., "relations": [...]}, with who, when and why."""

    action = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="revisions")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["action", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "number"], name="revision_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_from_one"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.action}"
