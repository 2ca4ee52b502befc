"""Pairs of entries that look alike and are not the same, as an editor found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.models.actions import PolicyAction


class NotDuplicate(models.Model):
    """Somebody looked at two entries and found two actions. `first` was logged before `second`; a pair once."""

    first = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="notduplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="notduplicate_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"
