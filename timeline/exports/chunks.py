"""The rows of a selection in its order, some thousands at a time.

Each chunk is one query of its own by keyset, and gives its connection back: a reader who stalls holds nothing that
an editor needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Value

from timeline.selection import Selection

CHUNK = 5_000  # rows of one query

Place = tuple[int, str]
"""Where a row stands: its sort key and its slug."""


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
    selection: Selection, *fields: str, chunk: int = CHUNK, after: Place | None = None
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield lists of (sort key, slug, *fields) in the order of the selection, from the row behind `after` on.

    No OFFSET, no cursor of the database; no connection is held while the caller works on a list.
    """
    key, slug = f"projection__{selection.order}", "projection__slug"
    rows = selection.rows().values_list(key, slug, *fields)
    while True:
        behind = rows if after is None else rows.filter(_After(F(key), F(slug), Value(after[0]), Value(after[1])))
        found = list(behind[:chunk])
        release()
        if found:
            yield found
        if len(found) < chunk:
            return
        after = found[-1][:2]


def release() -> None:
    """Give the connection back, unless a transaction (of a test) needs it."""
    if not connection.in_atomic_block:
        connection.close()
