"""Let the list of changes read the versions of one edition after the other, by slug."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracker", "0005_source_keys")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="publishedaction",
            index=models.Index(fields=["edition", "slug"], name="publishedaction_in_edition"),
        ),
        migrations.AddIndex(
            model_name="publishedrelation",
            index=models.Index(fields=["edition", "from_slug"], name="publishedrelation_in_edition"),
        ),
    ]
