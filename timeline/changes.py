"""What changed in the public record: each sealed version beside the one that it replaced.

The list of changes, the corrections, their pages, files and feeds all read from here, set-wise: one query gives
versions together with what stood before them, whatever the number of editions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from timeline.selection import Selection
from tracker.comparing import Difference, differences
from tracker.models.ledger import PublishedAction, PublishedRelation

CORRECTING = ("corrected", "retracted")
"""The changes that say we were wrong (codebook 9)."""


@dataclass(frozen=True)
class Version:
    """One sealed version of an entry beside the one that it replaced; texts are "" where there is none."""

    edition: int
    slug: str
    at: datetime
    record: str
    before: str | None  # None: this is the first version
    change: str
    note: str
    number: int


@dataclass(frozen=True)
class RelationVersion:
    """One sealed version of a relation of an entry, likewise."""

    edition: int
    slug: str
    at: datetime
    record: str
    before: str | None


def versions(selection: Selection) -> QuerySet[Any, Any]:
    """Return the fields of a Version, by edition and slug: what behind `changed_since` befell the entries selected."""
    rows = version_rows(selection.number)
    return with_before(rows.filter(selection.names_entry("slug"), edition__gt=selection.since), number=selection.number)


def version_rows(number: int) -> QuerySet[Any, Any]:
    """Return every version sealed up to edition `number`."""
    return PublishedAction.objects.ever_sealed_by(number)


def with_before(rows: QuerySet[Any, Any], *, number: int) -> QuerySet[Any, Any]:
    """Return the fields of a Version for rows of actions sealed up to edition `number`, by edition and slug."""
    replaced = PublishedAction.objects.ever_sealed_by(number).filter(
        slug=OuterRef("slug"), version=OuterRef("version") - 1
    )
    return (
        rows.annotate(at=F("edition__published_at"), before=Subquery(replaced.values("record")[:1]))
        .order_by("edition_id", "slug")
        .values_list("edition_id", "slug", "at", "record", "before", "change", "change_note", "version")
    )


def relation_versions(selection: Selection) -> QuerySet[Any, Any]:
    """Return the fields of a RelationVersion, by edition and slug, of the relations entered at the entries selected."""
    rows = PublishedRelation.objects.ever_sealed_by(selection.number)
    found = rows.filter(selection.names_entry("from_slug"), edition__gt=selection.since)
    return with_relation_before(found, number=selection.number)


def with_relation_before(rows: QuerySet[Any, Any], *, number: int) -> QuerySet[Any, Any]:
    """Return the fields of a RelationVersion for rows sealed up to edition `number`, by edition and slug."""
    replaced = PublishedRelation.objects.ever_sealed_by(number).filter(
        key=OuterRef("key"), version=OuterRef("version") - 1
    )
    return (
        rows.annotate(at=F("edition__published_at"), before=Subquery(replaced.values("record")[:1]))
        .order_by("edition_id", "from_slug", "key")
        .values_list("edition_id", "from_slug", "at", "record", "before")
    )


def relations_beside(found: Iterable[Version], *, number: int) -> dict[tuple[int, str], list[RelationVersion]]:
    """Return what befell the relations of these entries in the same editions, by (edition, slug). One query."""
    places = {(version.edition, version.slug) for version in found}
    rows = PublishedRelation.objects.ever_sealed_by(number).filter(
        edition__in={edition for edition, _ in places}, from_slug__in={slug for _, slug in places}
    )
    beside: dict[tuple[int, str], list[RelationVersion]] = {place: [] for place in places}
    for each in (RelationVersion(*row) for row in with_relation_before(rows, number=number)) if places else ():
        if (each.edition, each.slug) in beside:
            beside[each.edition, each.slug].append(each)
    return beside


# --- in words ------------------------------------------------------------------------------------------------------


def moved(
    version: Version, relations: Iterable[RelationVersion] = (), *, titles: Mapping[str, str] | None = None
) -> list[Difference]:
    """Return what differs between a version and the one before; nothing where either has no text to compare.

    `titles` name the entries at the other ends of relations by slug; without them the slug stands for itself.
    """
    new, old = entry_of(version.record), entry_of(version.before)
    ours = differences({"entry": old}, {"entry": new}) if new and old else []
    return [*ours, *(found for each in relations for found in relation_moved(each, titles=titles))]


def relation_moved(version: RelationVersion, *, titles: Mapping[str, str] | None = None) -> list[Difference]:
    """Return what differs between a version of a relation and the one before."""
    was, now = (_relation_document(text, titles or {}) for text in (version.before, version.record))
    return differences(was, now)


def targets(relations: Iterable[RelationVersion]) -> set[str]:
    """Return the entries at the other ends of relations."""
    texts = [json.loads(text) for each in relations for text in (each.before, each.record) if text]
    return {text["relation"]["to"] for text in texts if text["relation"]["to"]}


def entry_of(record: str | None) -> Mapping[str, Any] | None:
    """Return the entry in a record; None for a tombstone, a redacted text, or nothing."""
    entry: Mapping[str, Any] | None = json.loads(record)["entry"] if record else None
    return entry


def named(relation: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """Return a relation with the title of the entry that it leads to, for readers, in place of its slug."""
    return {**relation, "to": titles.get(relation["to"], relation["to"])}


def _relation_document(record: str | None, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return a document that holds the relation alone; empty where it was removed, redacted or not there."""
    found: dict[str, Any] = json.loads(record) if record else {"removed": True}
    return {} if found["removed"] else {"relations": [named(found["relation"], titles)]}
