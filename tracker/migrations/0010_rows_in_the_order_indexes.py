"""Let the index of an order find the rows of a page or a file without a look at the projection itself."""

from typing import ClassVar

from django.db import migrations, models

_KEYS = ("newest", "oldest", "changed", "added")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracker", "0009_changes_by_kind")]

    operations: ClassVar = [
        *(migrations.RemoveIndex(model_name="projection", name=f"projection_{key}") for key in _KEYS),
        *(
            migrations.AddIndex(
                model_name="projection",
                index=models.Index(fields=[key, "slug", "edition", "superseded_in", "row"], name=f"projection_{key}"),
            )
            for key in _KEYS
        ),
    ]
