"""Projections of public rows: sort keys, facets and status spans. Functions of the sealed record, never in a file."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from tracker import document
from tracker.models import FacetValue, Projection, PublishedAction, PublishedFacet, StatusSpan
from tracker.models.ledger import NEVER
from tracker.publishing.lock import take_lock

_BATCH = 1000


def write_projections(rows: Sequence[PublishedAction]) -> None:
    """Write sort keys, facets and spans of saved `rows`; tombstones and redacted rows have none."""
    records = [(row, json.loads(row.record)) for row in rows if row.change != "retracted" and row.record]
    Projection.objects.bulk_create(
        [
            Projection(row=row, superseded_in=row.superseded_in or NEVER, **document.projection(record))
            for row, record in records
        ],
        batch_size=_BATCH,
    )
    pairs = [(row.pk, pair) for row, record in records for pair in document.facets(record)]
    ids = _value_ids({pair for _, pair in pairs})
    _insert(PublishedFacet, ("value_id", "row_id"), [(ids[pair], row) for row, pair in pairs])
    spans = [(row.pk, span) for row, record in records for span in document.spans(record["entry"])]
    _insert(StatusSpan, ("row_id", "in_force", "from_day", "before_day"), [(row, *span) for row, span in spans])


def _insert(model: type[Model], columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert plain rows without a model instance for each: some 15 an entry, under the publishing lock."""
    names, marks = ", ".join(columns), ", ".join("%s" for _ in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _value_ids(pairs: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the id of each (dimension, key), making those that are new. Callers hold the publishing lock."""
    ids = {(value.dimension, value.key): value.pk for value in _values(pairs)}
    missing = sorted(pairs - ids.keys())
    made = FacetValue.objects.bulk_create(
        [FacetValue(dimension=dimension, key=key) for dimension, key in missing], batch_size=_BATCH
    )
    return ids | {(value.dimension, value.key): value.pk for value in made}


def _values(pairs: set[tuple[str, str]]) -> Iterable[FacetValue]:
    keys = sorted({key for _, key in pairs})
    for start in range(0, len(keys), _BATCH):
        yield from FacetValue.objects.filter(key__in=keys[start : start + _BATCH])


@transaction.atomic
def rebuild_projections(*, progress: Callable[[int], None] | None = None) -> int:
    """Write every projection anew from the sealed records; return how many rows were read.

    `progress` is told the number of rows done. The sealed rows are only read.
    """
    take_lock()
    for model in (PublishedFacet, StatusSpan, Projection):
        model._default_manager.all().delete()
    done, last = 0, 0
    while rows := list(PublishedAction.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        write_projections(rows)
        done, last = done + len(rows), rows[-1].pk
        if progress:
            progress(done)
    return done
