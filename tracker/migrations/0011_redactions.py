"""Keep who asked for a redaction, who confirmed it, and the list of what was redacted."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import tracker.models.fields

_PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("tracker", "0010_rows_in_the_order_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.CharField(
                        blank=True, max_length=500, validators=[tracker.models.fields.validate_plain_text]
                    ),
                ),
                (
                    "reason",
                    models.CharField(max_length=1000, validators=[tracker.models.fields.validate_plain_text]),
                ),
                ("listed", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("edition", models.PositiveIntegerField(null=True)),
                ("under_way", models.BooleanField(default=False)),
                ("asked_by", models.ForeignKey(null=True, **_PERSON)),
                ("confirmed_by", models.ForeignKey(null=True, **_PERSON)),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [("redact", "Can ask for and confirm redactions")],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="redaction_by_two"
                    ),
                    models.CheckConstraint(condition=Q(confirmed_at=None) | Q(text=""), name="redaction_forgets"),
                ],
            },
        ),
    ]
