"""Keep every wording of the site's texts about itself."""

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tracker.models.fields


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("tracker", "0007_sources_in_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PageText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=20, verbose_name="page")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120, validators=[tracker.models.fields.validate_plain_text])),
                (
                    "body",
                    models.TextField(
                        validators=[
                            tracker.models.fields.validate_plain_text,
                            django.core.validators.MaxLengthValidator(100000),
                        ],
                        verbose_name="text",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        help_text="One sentence for readers, shown in the list of earlier wordings.",
                        max_length=300,
                        validators=[tracker.models.fields.validate_plain_text],
                        verbose_name="what changed",
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="page_texts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "page text",
                "ordering": ["slug", "-number"],
                "default_permissions": ("add", "view"),
                "constraints": [
                    models.UniqueConstraint(fields=("slug", "number"), name="pagetext_number"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="pagetext_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "slug__in",
                                [
                                    "inclusion",
                                    "exclusions",
                                    "dates",
                                    "official",
                                    "corrections",
                                    "conflicts",
                                    "editors",
                                    "privacy",
                                    "about",
                                ],
                            )
                        ),
                        name="pagetext_slug",
                    ),
                ],
            },
        ),
    ]
