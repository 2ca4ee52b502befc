"""Let readers have the sources by the day they were published, and those of one publisher, without reading all."""

from typing import ClassVar

from django.db import migrations, models

from tracker.models.ledger import Stored, StoredDay

PUBLISHED = StoredDay("record", path=("term", "published"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tracker", "0006_changes_by_edition")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="publishedterm",
            index=models.Index("kind", PUBLISHED.desc(), "slug", name="publishedterm_published"),
        ),
        migrations.AddIndex(
            model_name="publishedterm",
            index=models.Index(
                "kind",
                Stored("record", path=("term", "publisher", "slug")),
                PUBLISHED.desc(),
                "slug",
                name="publishedterm_publisher",
            ),
        ),
    ]
