"""Redactions: what the law made us take out, who asked for it and who confirmed it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.models.fields import validate_plain_text


class RedactionQuerySet(models.QuerySet["Redaction"]):
    """Redactions, the newest first."""

    def waiting(self) -> Self:
        """Those that nobody has confirmed yet."""
        return self.filter(confirmed_at=None)

    def done(self) -> Self:
        """Those that were carried out."""
        return self.exclude(confirmed_at=None)


class Redaction(models.Model):
    """One redaction: asked for by one person, carried out once another one confirms it.

    `text` is what was searched for, and nothing once it is done. `listed` is what was found (and shown to both)
    while it waits; afterwards it names rows by their digests alone, so that a restored backup can be redacted again.
    """

    text = models.CharField(max_length=500, blank=True, validators=[validate_plain_text])
    reason = models.CharField(max_length=1000, validators=[validate_plain_text])
    listed = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    edition = models.PositiveIntegerField(null=True)  # null also where nothing of it was public
    # True only within the transaction that carries it out: the guard of revisions then lets them go.
    under_way = models.BooleanField(default=False)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        default_permissions: ClassVar = ()
        permissions: ClassVar = [("redact", "Can ask for and confirm redactions")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="redaction_by_two"
            ),
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(text=""), name="redaction_forgets"),
        ]

    def __str__(self) -> str:
        return f"Redaction {self.pk}"
