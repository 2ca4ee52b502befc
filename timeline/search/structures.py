"""The part of the index that Django cannot describe: FTS5 on SQLite, a tsvector on PostgreSQL.

A migration makes it and post_migrate restores what a rebuilt table lost. On SQLite triggers follow the index table,
so that a flush, a cascade or a purge empties the full text index too.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "timeline_searchtext"
FTS = "timeline_search"

_FIELDS = "title, place, summary, sources"
_ADD = f"INSERT INTO {FTS} (rowid, {_FIELDS}) VALUES (new.row_id, new.title, new.place, new.summary, new.sources);"  # noqa: S608
_TAKE = (
    f"INSERT INTO {FTS} ({FTS}, rowid, {_FIELDS})"  # noqa: S608
    " VALUES ('delete', old.row_id, old.title, old.place, old.summary, old.sources);"
)
_TRIGGERS = {"insert": _ADD, "delete": _TAKE, "update": _TAKE + _ADD}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create what is missing; a new full text index is filled from the table."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        if TABLE not in names:
            return
        if connection.vendor == "postgresql":
            described = connection.introspection.get_table_description(cursor, TABLE)
            if "words" not in {column.name for column in described}:
                cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN words tsvector NOT NULL DEFAULT ''")
                cursor.execute(f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)")
            return
        if FTS not in names:
            # The words are plain ASCII already, with "_" in some: the tokenizer only parts them at blanks.
            cursor.execute(
                f"CREATE VIRTUAL TABLE {FTS} USING fts5({_FIELDS}, content='{TABLE}', content_rowid='row_id',"
                " columnsize=0, tokenize=\"ascii tokenchars '_'\")"
            )
            cursor.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")  # noqa: S608 - the names are our own
        for event, action in _TRIGGERS.items():
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {FTS}_{event} AFTER {event.upper()} ON {TABLE} BEGIN {action} END"
            )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop what `install` made on SQLite (on PostgreSQL it goes with the table)."""
    if connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        for event in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {FTS}_{event}")
        cursor.execute(f"DROP TABLE IF EXISTS {FTS}")


def compact(connection: BaseDatabaseWrapper) -> None:
    """Merge the full text index of SQLite, so that no text stays in it that was deleted. Reads and writes all of it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('optimize')")  # noqa: S608 - the names are our own
