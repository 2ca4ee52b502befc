"""Writing the index: with each edition, in its transaction, and anew at will. Set-wise: some 0.1 ms an entry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, connection, transaction

from timeline.models import SearchText
from timeline.search import structures
from timeline.search.structures import FTS, TABLE
from timeline.search.texts import Texts, texts, vector
from tracker.models.ledger import Edition, PublishedAction, PublishedActionQuerySet

_BATCH = 1_000

Row = tuple[int, str]
"""The id of a public row and its record."""


def on_published(*, edition: Edition, **_: Any) -> None:
    """Add the rows of an edition: a listener of `edition_published`, inside the transaction of publishing."""
    for rows in _batches(PublishedAction.objects.filter(edition=edition.number)):
        write(rows)


def on_redacted(*, rows: Iterable[int], **_: Any) -> None:
    """Forget the rows of a redaction: a listener of `rows_redacted`, inside its transaction."""
    purge(rows)


def rebuild(*, progress: Callable[[int], None] | None = None) -> int:
    """Write the index anew from every sealed record; return how many rows have words.

    `progress` is told the number of rows done. Readers find the old index until it is finished; what is published
    meanwhile (PostgreSQL) is in the index already and left alone.
    """
    done = 0
    with transaction.atomic():
        structures.remove(connection)
        SearchText.objects.all().delete()
        for rows in _batches(PublishedAction.objects.all()):
            done += write(rows)
            if progress:
                progress(done)
        structures.install(connection)
    return done


def purge(rows: Iterable[int]) -> None:
    """Take the text of public rows (their ids) out of the index, for good: a redaction calls this.

    The database may keep it in free space until that is used again (SQLite, PostgreSQL: VACUUM).
    """
    SearchText.objects.filter(row__in=list(rows)).delete()
    structures.compact(connection)


def faults(*, progress: Callable[[int], None] | None = None) -> Iterator[str]:
    """Yield a sentence for each row whose words are not those of its sealed record. Reads everything."""
    done, ids = 0, set(SearchText.objects.values_list("pk", flat=True))
    for rows in _batches(PublishedAction.objects.all()):
        right = {pk: texts(json.loads(record)["entry"]) for pk, record in rows}
        wrong = {pk for pk, found in _stored(rows).items() if found != right[pk]} | (right.keys() - ids)
        for pk in sorted(wrong | (_wrong_vectors(right) if connection.vendor == "postgresql" else set())):
            yield f"Row {pk}: the index does not hold its words."
        ids -= right.keys()
        done += len(rows)
        if progress:
            progress(done)
    for pk in sorted(ids):
        yield f"Row {pk}: the index holds words of a row that has none."
    if connection.vendor == "sqlite":
        yield from _fts_faults()


def write(rows: list[Row]) -> int:
    """Add rows to the index and return how many were given; those that stand in it stay as they are."""
    prepared = [(pk, texts(json.loads(record)["entry"])) for pk, record in rows]
    extra = connection.vendor == "postgresql"
    names = "row_id, title, place, summary, sources" + (", words" if extra else "")
    marks = ", ".join(["%s"] * (6 if extra else 5))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} ({names}) VALUES ({marks}) ON CONFLICT (row_id) DO NOTHING",  # noqa: S608
            [(pk, *found, vector(found)) if extra else (pk, *found) for pk, found in prepared],
        )
    return len(rows)


def _batches(rows: PublishedActionQuerySet) -> Iterator[list[Row]]:
    """Yield the rows that have words, in pieces: no tombstones, nothing that was redacted."""
    last = 0
    worded = rows.exclude(change="retracted").exclude(record="").order_by("pk").values_list("pk", "record")
    while found := list(worded.filter(pk__gt=last)[:_BATCH]):
        yield found
        last = found[-1][0]


def _stored(rows: list[Row]) -> dict[int, Texts]:
    ids = [pk for pk, _ in rows]
    found = SearchText.objects.filter(row__gte=ids[0], row__lte=ids[-1])
    stored = found.values_list("pk", "title", "place", "summary", "sources")
    return {pk: Texts(*words) for pk, *words in stored if pk in set(ids)}


def _wrong_vectors(right: dict[int, Texts]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM unnest(CAST(%s AS bigint[]), CAST(%s AS text[])) AS e (id, words)"  # noqa: S608
            f" LEFT JOIN {TABLE} s ON s.row_id = e.id WHERE s.words IS DISTINCT FROM CAST(e.words AS tsvector)",
            (list(right), [vector(found) for found in right.values()]),
        )
        return {pk for (pk,) in cursor.fetchall()}


def _fts_faults() -> Iterator[str]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except DatabaseError as error:
        yield f"The full text index does not agree with its table ({error})."
