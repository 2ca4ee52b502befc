"""Revisions: what the record said after each save of a whole entry."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from tracker import codebook
from tracker.models.actions import PolicyAction
from tracker.models.fields import one_of, validate_plain_text


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
    """The document of an entry after a save, {"entry": ..., "relations": [...]}, with who, when, why and its state."""

    action = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="revisions")
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000, blank=True, validators=[validate_plain_text])
    # Where the working copy stood after this save: blank for what was saved before this was kept.
    workflow = models.CharField(max_length=10, blank=True, choices=codebook.WORKFLOW.choices)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["action", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "number"], name="revision_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_from_one"),
            one_of("workflow", codebook.WORKFLOW.codes, name="revision_workflow", blank=True),
        ]
        indexes: ClassVar = [
            # The list of entries walks down it: last saved first.
            models.Index(fields=["-at", "-action", "number"], name="revision_newest"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.action}"
