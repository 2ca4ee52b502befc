"""For operators: what is misconfigured here, in plain words, each sentence with what mends it.

A check is a function without side effects that yields sentences; a new one is listed in CHECKS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import Error

from tracker.doctor import database, folders, surroundings

Check = Callable[[], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    surroundings.mode,
    surroundings.secret_key,
    surroundings.addresses,
    surroundings.proxies,
    surroundings.deployment,
    folders.static_files,
    folders.imports,
)
ASKING: tuple[Check, ...] = (
    database.settings_of_sqlite,
    database.place_of_sqlite,
    database.settings_of_postgresql,
    database.connections,
)
"""Those that ask the database, whether or not it has tables."""
READING: tuple[Check, ...] = (database.guards, database.search, database.review)
"""Those that read its tables."""


def findings(*, now: datetime) -> Iterator[str]:
    """Yield a sentence for each thing that is not as it should be; nothing when all is well."""
    for check in CHECKS:
        yield from check()
    try:
        for check in ASKING:
            yield from check()
        yield from _in_tables(now)
    except Error as error:
        yield f"The database does not answer: {str(error).strip()}. Is DATABASE_URL right, and the server running?"


def _in_tables(now: datetime) -> Iterator[str]:
    if waiting := list(database.migrations()):
        # What reads the tables would only repeat it.
        yield from waiting
        return
    for check in READING:
        yield from check()
    yield from database.clock(now)
    yield from folders.backups(now)
