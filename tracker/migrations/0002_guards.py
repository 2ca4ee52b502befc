"""Install the guards that make the ledger append-only."""

from typing import Any, ClassVar

from django.db import migrations

from tracker import triggers


def _install(_apps: Any, schema_editor: Any) -> None:
    triggers.install(schema_editor.connection)


def _drop(_apps: Any, schema_editor: Any) -> None:
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    """Also restored by post_migrate, since SQLite's table rebuild drops triggers."""

    dependencies: ClassVar = [("tracker", "0001_initial")]

    operations: ClassVar = [migrations.RunPython(_install, _drop)]
