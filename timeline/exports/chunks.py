"""The rows of a selection in its order, some thousands at a time.

Each chunk is one query of its own by keyset, and gives its connection back: a reader who stalls holds nothing that
an editor needs.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from timeline.keyset import Place, behind
from timeline.selection import Selection

CHUNK = 5_000  # rows of one query
TEXT = 2_000_000  # characters of one query, about: long texts must not swell the memory
_FIRST = 1_000  # rows of the first query

Rows = QuerySet[Any, Any]
Fetch = Callable[[int], list[tuple[Any, ...]]]
"""Returns that many of the following rows, fewer at the end."""


def chunks(
    selection: Selection, *fields: str, chunk: int = CHUNK, after: Place | None = None, text: int = TEXT
) -> Generator[list[tuple[Any, ...]], None, None]:
    """Yield lists of (sort key, slug, *fields) in the order of the selection, from the row behind `after` on.

    A list has at most `chunk` rows, and some `text` characters, judged by the list before it; the first is short, so
    that the reader need not wait. No OFFSET, no cursor of the database; no connection is held while the caller works
    on a list. `fields` are texts and whole numbers: they come as the database hands them out.
    """
    count = min(chunk, _FIRST)
    fetch = (_by_id if selection.is_by_relevance else _by_place)(selection, fields, after)
    while True:
        found = fetch(count)
        release()
        if found:
            yield found
        if len(found) < count:
            return
        count = min(chunk, max(1, text * count // max(1, _characters(found))))


def _by_place(selection: Selection, fields: tuple[str, ...], after: Place | None) -> Fetch:
    """Return what fetches rows each time from behind the last one on: an index holds their sort keys."""

    def fetch(count: int) -> list[tuple[Any, ...]]:
        nonlocal after
        found = _fetched(rows_behind(selection, *fields, after=after)[:count])
        after = found[-1][:2] if found else after
        return found

    return fetch


def _by_id(selection: Selection, fields: tuple[str, ...], after: Place | None) -> Fetch:
    """Return what fetches rows by their ids, read first (8 bytes each): relevance is computed for every row found."""
    ids = array("q", (pk for _, _, pk in _fetched(rows_behind(selection, "pk", after=after))))
    start = 0

    def fetch(count: int) -> list[tuple[Any, ...]]:
        nonlocal start
        piece, start = ids[start : start + count], start + count
        rows = selection.ordered(selection.unfiltered().filter(pk__in=piece))
        return _fetched(rows.values_list(selection.sort_key, "projection__slug", *fields))

    return fetch


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
    key, slug = selection.sort_key, "projection__slug"
    rows = selection.rows().values_list(key, slug, *fields)
    return behind(rows, key, slug, place=after)


def release() -> None:
    """Give the connection back, unless a transaction (of a test) needs it."""
    if not connection.in_atomic_block:
        connection.close()
