"""Verifying the ledger: every digest, the chain of editions, versions, and what was superseded when.

The record texts are only read. A flipped byte, a missing or foreign row, a reordered edition each come out as a
sentence that names the row.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tracker import document
from tracker.models import (
    Edition,
    FacetValue,
    Projection,
    PublishedAction,
    PublishedFacet,
    PublishedRelation,
    PublishedTerm,
    StatusSpan,
)
from tracker.models.ledger import NEVER
from tracker.publishing.press import edition_digest, row_digest

_KINDS: dict[str, type[Any]] = {"action": PublishedAction, "term": PublishedTerm, "relation": PublishedRelation}
_FETCH = 500
_QUOTED = re.compile(r'"[^"]*"')


def verify(*, since: int = 0, full: bool = False, progress: Callable[[int], None] | None = None) -> Iterator[str]:
    """Yield one sentence per fault; nothing if the ledger is sound.

    Editions up to `since` are taken as they are. `full` also compares every projection with its record (never the
    CSV: its bytes are sealed, not recomputed). `progress` is told the number of each edition that was read.
    """
    previous, expected, columns = _digest_before(since), since + 1, 0
    for edition in Edition.objects.filter(number__gt=since).order_by("number").iterator(_FETCH):
        if edition.number != expected:
            yield f"Edition {expected} is missing: the next one is {edition.number}."
        if edition.columns < columns:
            yield f"Edition {edition.number} says {edition.columns} columns, and the one before has {columns}."
        yield from _check_edition(edition, previous)
        previous, expected, columns = edition.digest, edition.number + 1, edition.columns
        if progress:
            progress(edition.number)
    for kind, model in _KINDS.items():
        yield from _check_versions(kind, model)
        yield from _check_orphans(kind, model)
    if full:
        yield from _check_projections()


def redacted() -> int:
    """Return how many rows were blanked because the law required it; their digests stand."""
    return sum(model.objects.exclude(redacted_in=None).count() for model in _KINDS.values())


def _digest_before(number: int) -> str | None:
    return Edition.objects.filter(number=number).values_list("digest", flat=True).first() if number else None


def _check_edition(edition: Edition, previous: str | None) -> Iterator[str]:
    digests = []
    widths: set[int] = set()
    for kind, model in _KINDS.items():
        for row in model.objects.filter(edition=edition.number).order_by("pk").iterator(_FETCH):
            yield from _check_row(kind, row)
            if kind == "action" and row.csv:
                widths.add(_QUOTED.sub("", row.csv).count(",") + 1)
            digests.append(row_digest(kind, row.digest, getattr(row, "csv_digest", "")))
    if edition_digest(edition, previous=previous, rows=digests) != edition.digest:
        yield (
            f"Edition {edition.number} does not match its digest: a row was added or taken away, "
            "or its number, instant, note or place in the chain was changed."
        )
    if widths - {edition.columns}:
        yield f"Edition {edition.number} says that its rows have {edition.columns} columns, and they do not."


def _check_redaction(name: str, row: Any) -> Iterator[str]:
    if row.record or getattr(row, "csv", ""):
        yield f"{name} is marked as redacted and still holds a text."
    if row.redacted_in == row.edition_id and row.digest == document.digest(""):
        return  # the row that tells of a redaction: it never had a text
    if not Edition.objects.filter(number=row.redacted_in, number__gt=row.edition_id).exists():
        yield f"{name} is marked as redacted in edition {row.redacted_in}, which cannot be."


def _check_row(kind: str, row: Any) -> Iterator[str]:
    name = f"{kind} {row}"
    if row.redacted_in is not None:
        yield from _check_redaction(name, row)
        return
    if document.digest(row.record) != row.digest:
        yield f"{name}: its record does not match its digest."
        return
    if kind == "action":
        if (document.digest(row.csv) if row.csv else "") != row.csv_digest:
            yield f"{name}: its CSV line does not match its digest."
        if (len(row.record.encode()), len(row.csv.encode())) != (row.record_bytes, row.csv_bytes):
            yield f"{name}: its byte counts are wrong."
    try:
        told = _columns(kind, json.loads(row.record))
    except (KeyError, TypeError, ValueError):
        yield f"{name}: its record is no document."
        return
    for column, value in told.items():
        if getattr(row, column) != value:
            yield f"{name}: its column {column} does not match its record."


def _columns(kind: str, record: Any) -> dict[str, Any]:
    """Return what the columns beside `record`, which no digest covers, must say."""
    told: dict[str, Any] = {"version": record["version"], "edition_id": record["edition"]}
    if kind == "action":
        told |= {"slug": record["slug"], "change": record["change"], "change_note": record["change_note"] or ""}
    elif kind == "term":
        told |= {"kind": record["kind"], "slug": record["slug"]}
    else:
        relation = record["relation"]
        told |= {"key": record["key"], "removed": record["removed"], "in_part": relation["in_part"]}
        told |= {"from_slug": relation["from"], "to_slug": relation["to"], "kind": relation["kind"]}
    return told


def _check_versions(kind: str, model: type[Any]) -> Iterator[str]:
    """Recompute superseded_in: each version ends in the edition of the next one, and they count from 1."""
    key = {"action": ("slug",), "term": ("kind", "slug"), "relation": ("key",)}[kind]
    rows = model.objects.order_by(*key, "version").values_list(*key, "version", "edition_id", "superseded_in")
    before: tuple[Any, ...] | None = None
    for row in rows.iterator(5000):
        *names, version, _, _ = row
        if before is not None and before[: len(key)] == tuple(names):
            yield from _check_pair(f"{kind} {' '.join(names)}", before, row)
        else:
            yield from _check_last(kind, before)
            if version != 1:
                yield f"{kind} {' '.join(names)}: versions before {version} are missing."
        before = row
    yield from _check_last(kind, before)


def _check_pair(name: str, before: tuple[Any, ...], row: tuple[Any, ...]) -> Iterator[str]:
    version, edition, superseded_in = before[-3:]
    if row[-3] != version + 1:
        yield f"{name}: version {version + 1} is missing."
    if superseded_in != row[-2]:
        yield f"{name} v{version} should be superseded in edition {row[-2]}, not {superseded_in}."
    if row[-2] <= edition:
        yield f"{name} v{row[-3]} stands in an edition that is not after the one before."


def _check_last(kind: str, row: tuple[Any, ...] | None) -> Iterator[str]:
    if row is not None and row[-1] is not None:
        yield f"{kind} {' '.join(row[:-3])} v{row[-3]} is superseded by nothing."


def _check_orphans(kind: str, model: type[Any]) -> Iterator[str]:
    newest = Edition.objects.newest()
    for row in model.objects.filter(edition__gt=newest.number if newest else 0):
        yield f"{kind} {row} stands in edition {row.edition_id}, which does not exist."


def _check_projections() -> Iterator[str]:
    """Compare every projection with what follows from its record. Four queries for each 500 rows."""
    values = {value.pk: (value.dimension, value.key) for value in FacetValue.objects.all()}
    last = 0
    while rows := list(PublishedAction.objects.filter(pk__gt=last).order_by("pk")[:_FETCH]):
        last = rows[-1].pk
        yield from _check_projections_of(rows, values)


def _check_projections_of(rows: Sequence[PublishedAction], values: dict[int, tuple[str, str]]) -> Iterator[str]:
    keys = [row.pk for row in rows]
    sort_keys = {found["row_id"]: found for found in Projection.objects.filter(pk__in=keys).values()}
    facets, spans = defaultdict(set), defaultdict(list)
    for key, value in PublishedFacet.objects.filter(row__in=keys).values_list("row_id", "value_id"):
        facets[key].add(values[value])
    for key, *span in StatusSpan.objects.filter(row__in=keys).values_list(
        "row_id", "in_force", "from_day", "before_day"
    ):
        spans[key].append(str(tuple(span)))
    for row in rows:
        yield from _check_projection(row, sort_keys.get(row.pk), facets[row.pk], sorted(spans[row.pk]))


def _check_projection(
    row: PublishedAction, sort_keys: Mapping[str, Any] | None, facets: set[tuple[str, str]], spans: list[str]
) -> Iterator[str]:
    if row.change == "retracted" or row.redacted_in is not None:
        if sort_keys or facets or spans:
            yield f"action {row} is gone and still has a projection."
        return
    if document.digest(row.record) != row.digest:
        return  # told already; what follows from another text means nothing
    record = json.loads(row.record)
    wanted = document.projection(record) | {"superseded_in": row.superseded_in or NEVER}
    if any((sort_keys or {}).get(name) != value for name, value in wanted.items()):
        yield f"action {row}: its sort keys do not match its record."
    if facets != document.facets(record):
        yield f"action {row}: its facets do not match its record."
    if spans != sorted(str(tuple(span)) for span in document.spans(record["entry"])):
        yield f"action {row}: its status spans do not match its record."
