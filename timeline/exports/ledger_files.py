"""The rows of the files that only packages hold: the terms, and what the ledger tells of itself (codebook 10).

As in `companions`: cells are raw, and each generator reads by keyset and holds no connection between its lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Concat

from timeline.exports.chunks import CHUNK
from timeline.exports.companions import Rows, by_key, cited
from timeline.selection import Selection
from timeline.terms import DIMENSIONS
from tracker.columns import instant, rows
from tracker.models.ledger import (
    Edition,
    FacetValue,
    PublishedAction,
    PublishedFacet,
    PublishedRelation,
    PublishedTerm,
)

TermKey = tuple[str, str]


def terms(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield the terms as they stood at the edition served, by kind and slug.

    All of them, or for a filtered selection those that its entries and sources name, with all that these point at.
    """
    standing = {
        (kind, slug): term
        for kind, found in selection.vocabulary.standing.items()
        for slug, term in found.items()
        if "aliases" in term  # a redacted one keeps nothing but its slug
    }
    keys = sorted(_closure(_named(selection, chunk=chunk), standing) if selection.is_filtered else standing)
    for start in range(0, len(keys), chunk):
        yield [rows.term_cells(kind, standing[kind, slug]) for kind, slug in keys[start : start + chunk]]


def _named(selection: Selection, *, chunk: int) -> set[TermKey]:
    """Return the terms that the entries themselves name, and the publishers of their sources."""
    shown = PublishedFacet.objects.filter(value=OuterRef("pk"), row__in=selection.narrowed().order_by().values("pk"))
    values = FacetValue.objects.filter(Exists(shown), dimension__in=DIMENSIONS)
    named = {(DIMENSIONS[dimension], key) for dimension, key in values.values_list("dimension", "key")}
    for found in cited(selection, chunk=chunk):
        named |= {key for source in found for key in rows.outward(("source", source["slug"]), source)}
    return named


def _closure(named: set[TermKey], standing: dict[TermKey, dict[str, Any]]) -> set[TermKey]:
    found: set[TermKey] = set()
    frontier = named & standing.keys()
    while frontier:
        found |= frontier
        pointed_at = {other for key in frontier for other in rows.outward(key, standing[key])}
        frontier = (pointed_at & standing.keys()) - found
    return found


def retractions(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield what had been retracted by the edition served, whatever the selection, by slug."""
    tombstones = PublishedAction.objects.retracted_as_of(selection.number)
    for found in by_key(tombstones, "slug", "record", "edition__published_at", chunk=chunk):
        yield [rows.retraction_cells(json.loads(record), at=at) for _, record, at in found if record]


def editions(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield the chain of editions up to the one served, by number."""
    until = Edition.objects.filter(number__lte=selection.number)
    previous = ""
    for found in by_key(until, "number", "published_at", "note", "columns", "codebook", "digest", chunk=chunk):
        cells = []
        for number, at, note, columns, codebook, digest in found:
            plain = {"number": str(number), "published_at": instant(at), "note": note, "columns": str(columns)}
            cells.append(plain | {"codebook_version": codebook, "previous": previous, "digest": digest})
            previous = digest
        yield cells


def row_digests(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield every row sealed up to the edition served, those replaced since included: actions, relations, terms.

    Each kind in the order in which it was written. The slug of a term has its kind in front, that of a relation is
    its key, so that (kind, slug, version) is one row.
    """
    number = selection.number
    actions = PublishedAction.objects.ever_sealed_by(number).annotate(name=F("slug"), line_digest=F("csv_digest"))
    relations = PublishedRelation.objects.ever_sealed_by(number).annotate(name=F("key"), line_digest=Value(""))
    named = Concat("kind", Value("/"), "slug")
    terms_ = PublishedTerm.objects.ever_sealed_by(number).annotate(name=named, line_digest=Value(""))
    for kind, sealed in (("action", actions), ("relation", relations), ("term", terms_)):
        fields = ("edition_id", "name", "version", "digest", "line_digest")
        for found in by_key(sealed, "pk", *fields, chunk=chunk):
            yield [_digest_cells(kind, *row) for _, *row in found]


def _digest_cells(kind: str, edition: int, name: str, version: int, digest: str, line_digest: str) -> rows.Cells:
    cells = {"edition": str(edition), "kind": kind, "slug": name, "version": str(version)}
    return cells | {"json_digest": digest, "csv_digest": line_digest}


LEDGER_FILES: dict[str, Callable[..., Rows]] = {
    "terms.csv": terms,
    "retractions.csv": retractions,
    "editions.csv": editions,
    "row_digests.csv": row_digests,
}
