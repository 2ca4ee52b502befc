"""Thousands of published rows without publishing each: copies of one row under other keys."""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from tests import factories
from tracker import dates, document
from tracker.models import Projection, PublishedAction


def publish_many(count: int, **values: Any) -> None:
    """Publish one entry and copy its row until `count` stand, one a day from 2000 on. Projections only, no facets."""
    texts = {"title": "=1+1; “ünï”", "summary": 'Line\nbreak, "quoted"'}
    factories.published(slug="copy-of-0", **texts | values)
    (first,) = PublishedAction.objects.as_of(1)
    rows = [_copy(first, number) for number in range(1, count)]
    PublishedAction.objects.bulk_create(rows, batch_size=500)
    Projection.objects.bulk_create([_projection(first, row, n) for n, row in enumerate(rows)], batch_size=500)
    _analyse()


def _analyse() -> None:
    """Let the planner see the rows, as autovacuum would: it may have noted the tables as empty between two tests."""
    with connection.cursor() as cursor:
        for model in (PublishedAction, Projection):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _copy(row: PublishedAction, number: int) -> PublishedAction:
    line = row.csv.replace("copy-of-0", f"copy-of-{number}") + "x" * (number % 7)
    record = row.record.replace("copy-of-0", f"copy-of-{number}")
    return PublishedAction(
        slug=f"copy-of-{number}", version=1, edition_id=row.edition_id, change=row.change, record=record,
        digest=document.digest(record), csv=line, csv_digest=document.digest(line),
        record_bytes=len(record.encode()), csv_bytes=len(line.encode()),
    )  # fmt: skip


def _projection(first: PublishedAction, row: PublishedAction, number: int) -> Projection:
    day = dates.parse((date(2000, 1, 1) + timedelta(days=number % 5000)).isoformat())
    return Projection(
        row=row, slug=row.slug, edition=row.edition_id, earliest=day.earliest, latest=day.latest, qualified=False,
        newest=dates.sort_newest(day), oldest=dates.sort_oldest(day),
        changed=first.projection.changed, added=first.projection.added,
    )  # fmt: skip
