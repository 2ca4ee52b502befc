"""Index what was published before there was an index. Some ten seconds for 100,000 rows."""

from typing import Any, ClassVar

from django.db import migrations

from timeline.search import index


def _fill(_apps: Any, _schema_editor: Any) -> None:
    index.rebuild()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("timeline", "0001_search")]

    operations: ClassVar = [migrations.RunPython(_fill, migrations.RunPython.noop)]
