"""The index of words, with what only one of the databases has."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from timeline.search import structures


def _install(_apps: Any, schema_editor: Any) -> None:
    structures.install(schema_editor.connection)


def _remove(_apps: Any, schema_editor: Any) -> None:
    structures.remove(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [("tracker", "0006_changes_by_edition")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tracker.publishedaction",
                    ),
                ),
                ("title", models.TextField()),
                ("place", models.TextField()),
                ("summary", models.TextField()),
                ("sources", models.TextField()),
            ],
        ),
        migrations.RunPython(_install, _remove),
    ]
