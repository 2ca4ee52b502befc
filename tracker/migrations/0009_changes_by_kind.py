"""Let the corrections be found, and the changes of an edition be counted by kind, without reading the texts."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracker", "0008_page_texts")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="publishedaction",
            index=models.Index(fields=["change", "edition", "slug"], name="publishedaction_by_change"),
        ),
    ]
