"""Guards inside the database: the ledger is append-only, and what was published keeps its slug and stays.

Triggers stop accidents (a forger is found by the digests). They compare the sealed columns, old with new, and let
through only `superseded_in` from null to a later edition, once, and a redaction, which blanks the text and keeps
every digest. A migration installs them and post_migrate restores them, because Django's table rebuild on SQLite
drops triggers.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "The ledger is append-only"
KEPT = "Already published: it keeps its slug and is never deleted"
WRITTEN_ONCE = "A revision is written once"

# What a redaction may change, besides setting redacted_in: texts, their lengths and the slugs that tell of them.
_REDACTED = frozenset(
    {
        "redacted_in",
        "record",
        "csv",
        "record_bytes",
        "csv_bytes",
        "change_note",
        "slug",
        "from_slug",
        "to_slug",
        "key",
    }
)


# The texts that a redaction takes away, all of them.
_BLANKED = ("record", "csv", "change_note")


class Sealed(NamedTuple):
    """One sealed table, the columns that number its versions, and those of which one row stands."""

    table: str
    version: tuple[str, ...]
    current: tuple[str, ...]


SEALED = (
    Sealed("tracker_publishedaction", ("slug", "version"), ("slug",)),
    Sealed("tracker_publishedterm", ("kind", "slug", "version"), ("kind", "slug")),
    Sealed("tracker_publishedrelation", ("key", "version"), ("key",)),
)
EDITION = "tracker_edition"
REVISION = "tracker_revision"
REDACTION = "tracker_redaction"

_ACTION_IS_PUBLIC = "EXISTS (SELECT 1 FROM tracker_publishedaction p WHERE p.slug = OLD.slug)"
_REVISED_IS_PUBLIC = (
    "EXISTS (SELECT 1 FROM tracker_publishedaction p JOIN tracker_policyaction a ON a.slug = p.slug"
    " WHERE a.id = OLD.action_id)"
)
# Revisions go with a redaction, which says so of itself within its own transaction alone.
_NO_REDACTION = f" AND NOT EXISTS (SELECT 1 FROM {REDACTION} r WHERE r.under_way)"  # noqa: S608 - the name is our own


def _term_is_public(kind: str) -> str:
    return f"EXISTS (SELECT 1 FROM tracker_publishedterm p WHERE p.kind = '{kind}' AND p.slug = OLD.slug)"  # noqa: S608 - the kinds are our own


KEPT_WHEN_PUBLIC = {
    "tracker_policyaction": _ACTION_IS_PUBLIC,
    "tracker_actor": _term_is_public("actor"),
    "tracker_agency": _term_is_public("agency"),
    "tracker_affectedparty": _term_is_public("party"),
    "tracker_topic": _term_is_public("topic"),
    "tracker_category": _term_is_public("category"),
    "tracker_publisher": _term_is_public("publisher"),
    "tracker_source": _term_is_public("source"),
}
GUARDED = (*(sealed.table for sealed in SEALED), EDITION, REVISION, *KEPT_WHEN_PUBLIC)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every guard whose tables exist; those that stand already are made anew."""
    drop(connection)
    with connection.cursor() as cursor:
        if {*GUARDED, REDACTION} - set(connection.introspection.table_names(cursor)):
            return
        for statement in _statements(connection, cursor):
            cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every guard. For a flush between tests, and for a migration's way back."""
    with connection.cursor() as cursor:
        for table, name in _installed(connection, cursor):
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def make_way(connection: BaseDatabaseWrapper) -> None:
    """Remove, before a migration on SQLite, the guards that name another table than their own.

    SQLite refuses to rename a rebuilt table while a trigger elsewhere names it. The guards of the sealed tables
    stay, so a migration that fails half way leaves the ledger guarded.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table, name in _installed(connection, cursor):
            if table == REVISION or table in KEPT_WHEN_PUBLIC:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the guards that stand in the database."""
    with connection.cursor() as cursor:
        return {name for _, name in _installed(connection, cursor)}


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the guards that should stand in the database and do not."""
    with connection.cursor() as cursor:
        wanted = re.findall(r"CREATE TRIGGER (guard_\w+)", "".join(_statements(connection, cursor)))
    return set(wanted) - installed(connection)


def _installed(connection: BaseDatabaseWrapper, cursor: Any) -> list[tuple[str, str]]:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgname LIKE 'guard\\_%'"
            " AND c.relnamespace = current_schema()::regnamespace"
        )
    else:
        cursor.execute(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
        )
    return list(cursor.fetchall())


def _statements(connection: BaseDatabaseWrapper, cursor: Any) -> Iterator[str]:
    if connection.vendor == "postgresql":
        yield from _postgresql()
        return
    for sealed in SEALED:
        described = connection.introspection.get_table_description(cursor, sealed.table)
        yield from _sqlite_sealed(sealed, [column.name for column in described])
    yield from _sqlite_others()


# --- SQLite ----------------------------------------------------------------------------------------------------


def _sqlite(name: str, event: str, table: str, when: str, message: str) -> str:
    condition = f"WHEN {when} " if when else ""
    return (
        f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _sqlite_sealed(sealed: Sealed, columns: list[str]) -> Iterator[str]:
    table = sealed.table
    superseded = _any_differs(column for column in columns if column != "superseded_in")
    once = "OLD.superseded_in IS NULL AND NEW.superseded_in > OLD.edition_id"
    kept = _any_differs(column for column in columns if column not in _REDACTED)
    blank = " AND ".join(f"NEW.{column} = ''" for column in columns if column in _BLANKED)
    redaction = f"OLD.redacted_in IS NULL AND NEW.redacted_in > OLD.edition_id AND {blank} AND NOT ({kept})"
    refused = f"NOT ((NOT ({superseded}) AND {once}) OR ({redaction}))"
    yield _sqlite(f"{table}_update", "UPDATE", table, refused, REFUSAL)
    yield _sqlite(f"{table}_delete", "DELETE", table, "", REFUSAL)
    # INSERT OR REPLACE deletes without a delete trigger unless recursive_triggers is on: close its three doors.
    doors = [
        _exists(table, ("id",)),
        _exists(table, sealed.version),
        f"(NEW.superseded_in IS NULL AND {_exists(table, sealed.current, 'superseded_in IS NULL')})",
    ]
    yield _sqlite(f"{table}_insert", "INSERT", table, " OR ".join(doors), REFUSAL)


def _any_differs(columns: Iterator[str]) -> str:
    return " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)


def _exists(table: str, columns: tuple[str, ...], extra: str = "1") -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same} AND {extra})"  # noqa: S608 - the names are our own


def _sqlite_others() -> Iterator[str]:
    yield _sqlite(f"{EDITION}_update", "UPDATE", EDITION, "", REFUSAL)
    yield _sqlite(f"{EDITION}_delete", "DELETE", EDITION, "", REFUSAL)
    yield _sqlite(f"{EDITION}_insert", "INSERT", EDITION, _exists(EDITION, ("number",)), REFUSAL)
    yield _sqlite(f"{REVISION}_update", "UPDATE", REVISION, "", WRITTEN_ONCE)
    yield _sqlite(f"{REVISION}_delete", "DELETE", REVISION, _REVISED_IS_PUBLIC + _NO_REDACTION, WRITTEN_ONCE)
    doors = f"{_exists(REVISION, ('id',))} OR {_exists(REVISION, ('action_id', 'number'))}"
    yield _sqlite(f"{REVISION}_insert", "INSERT", REVISION, doors, WRITTEN_ONCE)
    for table, public in KEPT_WHEN_PUBLIC.items():
        yield _sqlite(f"{table}_update", "UPDATE", table, f"OLD.slug IS NOT NEW.slug AND {public}", KEPT)
        yield _sqlite(f"{table}_delete", "DELETE", table, public, KEPT)


# --- PostgreSQL ------------------------------------------------------------------------------------------------

_REDACTED_ARRAY = ", ".join(f"'{column}'" for column in sorted(_REDACTED))

# Values are compared, never `UPDATE OF column`: that would block AlterField.
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION guard_sealed_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    probe record;
BEGIN
    probe := NEW;
    probe.superseded_in := OLD.superseded_in;
    IF probe IS NOT DISTINCT FROM OLD AND OLD.superseded_in IS NULL AND NEW.superseded_in > OLD.edition_id THEN
        RETURN NEW;
    END IF;
    IF OLD.redacted_in IS NULL AND NEW.redacted_in > OLD.edition_id AND NEW.record = ''
       AND coalesce(to_jsonb(NEW) ->> 'csv', '') = '' AND coalesce(to_jsonb(NEW) ->> 'change_note', '') = ''
       AND to_jsonb(NEW) - ARRAY[{_REDACTED_ARRAY}] = to_jsonb(OLD) - ARRAY[{_REDACTED_ARRAY}] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def _postgresql() -> Iterator[str]:
    yield _FUNCTIONS
    for sealed in SEALED:
        yield _pg_trigger(f"{sealed.table}_update", "UPDATE", sealed.table, "", REFUSAL, "guard_sealed_update")
    yield _pg_trigger(f"{EDITION}_update", "UPDATE", EDITION, "", REFUSAL)
    for table in (*(sealed.table for sealed in SEALED), EDITION):
        yield _pg_trigger(f"{table}_delete", "DELETE", table, "", REFUSAL)
        yield _pg_truncate(table, REFUSAL)
    yield _pg_trigger(f"{REVISION}_update", "UPDATE", REVISION, "", WRITTEN_ONCE)
    yield _pg_conditional(REVISION, "delete", _REVISED_IS_PUBLIC + _NO_REDACTION, WRITTEN_ONCE)
    yield _pg_truncate(REVISION, WRITTEN_ONCE)
    for table, public in KEPT_WHEN_PUBLIC.items():
        yield _pg_conditional(table, "delete", public, KEPT)
        yield _pg_conditional(table, "update", f"OLD.slug IS DISTINCT FROM NEW.slug AND {public}", KEPT)


def _pg_trigger(name: str, event: str, table: str, when: str, message: str, function: str = "guard_refuse") -> str:
    condition = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION {function}('{message}')"
    )


def _pg_truncate(table: str, message: str) -> str:
    return (
        f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION guard_refuse('{message}')"
    )


def _pg_conditional(table: str, event: str, condition: str, message: str) -> str:
    """Guard with a condition that reads other tables, which WHEN cannot: a function of its own."""
    name = f"guard_{table}_{event}"
    row = "OLD" if event == "delete" else "NEW"
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN {row};
END $$;
CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
