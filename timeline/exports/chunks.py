"""The rows of a selection in its order, some thousands at a time.

Each chunk is one query of its own by keyset, and gives its connection back: a reader who stalls holds nothing that
an editor needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, Value

from timeline.selection import Selection

CHUNK = 5_000  # rows of one query
TEXT = 2_000_000  # characters of one query, about: long texts must not swell the memory
_FIRST = 1_000  # rows of the first query

Place = tuple[int, str]
"""Where a row stands: its sort key and its slug."""


Rows = QuerySet[Any, Any]


class _After(Func):
    """(key, slug) > (given key, given slug) as one row value, which one index answers."""

    output_field = BooleanField()
    arity = 4

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.source_expressions]
        key, slug, given_key, given_slug = (sql for sql, _ in parts)
        return (
            f"({key}, {slug}) > ({given_key}, {given_slug})",
            [value for _, values in parts for value in values],
        )


def chunks(
    selection: Selection, *fields: str, chunk: int = CHUNK, after: Place | None = None, text: int = TEXT
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield lists of (sort key, slug, *fields) in the order of the selection, from the row behind `after` on.

    A list has at most `chunk` rows, and some `text` characters, judged by the list before it; the first is short, so
    that the reader need not wait. No OFFSET, no cursor of the database; no connection is held while the caller works
    on a list. `fields` are texts and whole numbers: they come as the database hands them out.
    """
    count = min(chunk, _FIRST)
    while True:
        found = _fetched(rows_behind(selection, *fields, after=after)[:count])
        release()
        if found:
            yield found
        if len(found) < count:
            return
        after = found[-1][:2]
        count = min(chunk, max(1, text * count // max(1, _characters(found))))


def _fetched(rows: Rows) -> list[tuple[Any, ...]]:
    """Return plain rows without what Django does for each of them, which is most of the work of an export."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _characters(found: list[tuple[Any, ...]]) -> int:
    texts = [place for place, value in enumerate(found[0]) if isinstance(value, str)]
    return sum(len(row[place]) for place in texts for row in found)


def rows_behind(selection: Selection, *fields: str, after: Place | None) -> QuerySet[Any]:
    """Return (sort key, slug, *fields) of the rows that stand behind `after` (None: of all), in order."""
    key, slug = f"projection__{selection.order}", "projection__slug"
    rows = selection.rows().values_list(key, slug, *fields)
    return behind(rows, key, slug, place=after)


def behind(rows: Rows, key: str, slug: str, *, place: Place | None) -> Rows:
    """Return those of `rows` that stand behind `place` in the order of the fields `key` and `slug`; None: all."""
    return rows if place is None else rows.filter(_after(key, slug, place))


def up_to(rows: Rows, key: str, slug: str, *, place: Place | None) -> Rows:
    """Return those of `rows` that do not stand behind `place`; None: all."""
    return rows if place is None else rows.exclude(_after(key, slug, place))


def _after(key: str, slug: str, place: Place) -> _After:
    return _After(F(key), F(slug), Value(place[0]), Value(place[1]))


def release() -> None:
    """Give the connection back, unless a transaction (of a test) needs it."""
    if not connection.in_atomic_block:
        connection.close()
