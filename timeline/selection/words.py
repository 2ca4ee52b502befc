"""`q` as a plain contains: every word must occur in what readers see of the entry.

The texts are taken out of the stored JSON by the database itself, so that no key, slug or escape can match. Upper
and lower case are alike as far as the database folds them (SQLite: ASCII only).
"""

from typing import Any

from django.db.models import Func, Q, TextField
from django.db.models.lookups import IContains

# A redacted record is empty text, which is no JSON: NULLIF makes it null before it is read.
_SQLITE = """(
    SELECT coalesce(json_extract(r.j, '$.entry.title'), '')
        || char(10) || coalesce(json_extract(r.j, '$.entry.summary'), '')
        || char(10) || coalesce(json_extract(r.j, '$.entry.where_it_stands'), '')
        || char(10) || coalesce((SELECT group_concat(i.value, char(10))
            FROM json_each(r.j, '$.entry.identifiers') i), '')
        || char(10) || coalesce((SELECT group_concat(json_extract(c.value, '$.source.title'), char(10))
            FROM json_each(r.j, '$.entry.citations') c), '')
    FROM (SELECT nullif(%(expressions)s, '') AS j) r
)"""
_POSTGRESQL = """(
    SELECT concat_ws(chr(10), r.j->>'title', r.j->>'summary', r.j->>'where_it_stands',
        (SELECT string_agg(i, chr(10)) FROM jsonb_array_elements_text(r.j->'identifiers') i),
        (SELECT string_agg(c->'source'->>'title', chr(10)) FROM jsonb_array_elements(r.j->'citations') c))
    FROM (SELECT nullif(%(expressions)s, '')::jsonb->'entry' AS j) r
)"""


class ReadersText(Func):
    """Title, summary, where it stands, identifiers and source titles of a canonical record, a line each."""

    output_field = TextField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Return the text by SQLite's JSON functions."""
        return self.as_sql(compiler, connection, template=_SQLITE, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Return the text by PostgreSQL's JSON functions."""
        return self.as_sql(compiler, connection, template=_POSTGRESQL, **extra)


def containing(words: str) -> Q:
    """Return the condition that a row contains each of the blank-separated `words`. Reads every row's JSON."""
    condition = Q()
    for word in dict.fromkeys(words.split()):
        condition &= Q(IContains(ReadersText("record"), word))
    return condition
