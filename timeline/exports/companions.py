"""The rows of the companion files for a selection: what hangs on the entries that it shows (codebook 10).

Cells are raw: whoever writes a file for a spreadsheet guards them. Each generator reads by keyset and holds no
connection between its lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from timeline.exports.chunks import CHUNK, chunks, release
from timeline.selection import Selection
from timeline.terms import read_term
from tracker.columns import rows
from tracker.models.ledger import PublishedAction, PublishedFacet, PublishedRelation, PublishedTerm

Rows = Iterator[list[rows.Cells]]


def status_changes(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield the lines of the histories, entries in the order of the selection."""
    return _of_entries(selection, rows.status_cells, chunk=chunk)


def citations(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield the citations, entries in the order of the selection."""
    return _of_entries(selection, rows.citation_cells, chunk=chunk)


def _of_entries(selection: Selection, cells: Callable[[str, Any], list[rows.Cells]], *, chunk: int) -> Rows:
    for found in chunks(selection, "record", chunk=chunk):
        records = (json.loads(record) for _, _, record in found)
        yield [row for record in records for row in cells(record["slug"], record["entry"])]


def sources(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield the sources that the entries cite, as they stood at the edition served, by key."""
    for found in cited(selection, chunk=chunk):
        yield [rows.source_cells(source) for source in found]


def cited(selection: Selection, *, chunk: int = CHUNK) -> Iterator[list[dict[str, Any]]]:
    """Yield the documents of the sources that the entries cite, as they stood at the edition served, by key."""
    for found in by_key(cited_rows(selection), "slug", "record", chunk=chunk):
        yield [read_term(slug, record) for slug, record in found if record]


def cited_rows(selection: Selection) -> QuerySet[PublishedTerm]:
    """Return the rows of the sources that the entries cite, as they stood at the edition served."""
    uses = PublishedFacet.objects.filter(
        value__dimension="source", value__key=OuterRef("slug"), row__in=selection.narrowed().order_by().values("pk")
    )
    return PublishedTerm.objects.sealed_by(selection.number).filter(Exists(uses), kind="source")


def relations(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield the relations entered at the entries, where the other end is visible or outside the data set, by key."""
    visible = PublishedAction.objects.as_of(selection.number).order_by().values("slug")
    standing = PublishedRelation.objects.as_of(selection.number).filter(
        Q(to_slug=None) | Q(to_slug__in=visible), from_slug__in=selection.narrowed().order_by().values("slug")
    )
    for found in by_key(standing, "key", "from_slug", "record", chunk=chunk):
        pairs = ((slug, json.loads(record)["relation"]) for _, slug, record in found if record)
        yield [row for slug, relation in pairs for row in rows.relation_cells(slug, [relation])]


def by_key(rows_: QuerySet[Any], key: str, *fields: str, chunk: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield lists of (key, *fields) in the order of `key`, which is unique among the rows."""
    ordered = rows_.order_by(key).values_list(key, *fields)
    found = list(ordered[:chunk])
    while found:
        release()
        yield found
        if len(found) < chunk:
            return
        found = list(ordered.filter(**{f"{key}__gt": found[-1][0]})[:chunk])


COMPANIONS: dict[str, Callable[..., Rows]] = {
    "status_changes.csv": status_changes,
    "sources.csv": sources,
    "citations.csv": citations,
    "relations.csv": relations,
}
