"""The publishing lock: one publisher at a time, in every process."""

from django.db import connection

# Any number that nothing else in the database locks.
_LOCK = 7_214_306_855


def take_lock() -> None:
    """Wait until no one else publishes. SQLite's IMMEDIATE transaction has taken its lock already.

    A statement of its own: what is read after it sees what the publisher before us committed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
