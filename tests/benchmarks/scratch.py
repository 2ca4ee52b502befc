"""A scratch database for measurements: made, migrated and filled here, or kept at an address that is handed in."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def prepare(*, url: str | None, folder: Path) -> str:
    """Set Django up on a migrated scratch database; return its address.

    `url` names one that may stay; without it a file in `folder` is taken, or with DATABASE=postgresql a private
    server, which ends with this process.
    """
    import tests.environment  # noqa: F401, PLC0415 - sets what the settings read, starts PostgreSQL if it is asked for

    address = url or os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tracker.settings", "DATABASE_URL": address, "STATEMENT_TIMEOUT_MS": "0"}
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return address


def filled(rows: int) -> str:
    """Fill the database with a synthetic ledger unless it holds one; return a line that says what it holds."""
    from tests.benchmarks import ledger  # noqa: PLC0415
    from tracker.models import Edition, PublishedAction  # noqa: PLC0415

    started = time.perf_counter()
    if not Edition.objects.exists():
        ledger.fill(rows)
    return (
        f"{PublishedAction.objects.current().count():,} entries, {PublishedAction.objects.count():,} versions,"
        f" {Edition.objects.count():,} editions, {ledger.size_on_disk() / 1e9:.2f} GB,"
        f" filled in {time.perf_counter() - started:.0f} s"
    )


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
