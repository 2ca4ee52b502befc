"""Entries: a selection of them, one of them, and all its versions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.http import Http404

from timeline import keyset
from timeline.api.base import FILTERS, PAGING, Body, Endpoint, ListEndpoint, Place
from timeline.api.problems import ProblemError, retracted, withheld
from timeline.exports import chunks
from timeline.presenting import links
from timeline.selection import Selection
from tracker.columns import instant
from tracker.models.ledger import PublishedAction, PublishedRelation


class Actions(ListEndpoint):
    """The rows of the timeline, in its order."""

    name = "actions"
    summary = "Entries that satisfy a selection"
    about = "The same rows in the same order as the timeline and the files of this selection."
    takes = FILTERS | PAGING
    result = "ActionList"

    def total(self, selection: Selection, **where: Any) -> int:
        return selection.narrowed().count()

    def items(
        self, selection: Selection, *, after: Place | None, count: int, **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        rows = chunks.rows_behind(selection, "record", after=cast(keyset.Place | None, after))
        for key, slug, record in rows[:count]:
            yield (key, slug), addressed(record)


class Action(Endpoint):
    """One entry."""

    name = "action"
    summary = "One entry, with its relations"
    about = "As it stands now, or as it stood at as_of. A retracted entry answers 410 with the reason."
    result = "ActionDetail"
    refuses = (404, 410, 451)

    def body(self, selection: Selection, *, slug: str = "", **where: Any) -> Body:
        row = PublishedAction.objects.sealed_by(selection.number).filter(slug=slug).first()
        if row is None:
            raise Http404
        if not row.record:
            raise ProblemError(withheld(edition=row.redacted_in))
        if row.change == "retracted":
            raise ProblemError(retracted(json.loads(row.record)))
        return {
            "edition": selection.number,
            "action": addressed(row.record),
            "relations": relations_of(slug, selection),
        }


class Versions(ListEndpoint):
    """Every version of one entry, the newest first, its retraction included."""

    name = "action_versions"
    summary = "All versions of one entry, the newest first"
    about = (
        "Each version as it was sealed, with its digest (SHA-256 of the record as the JSON Lines file has it) and the "
        "kind of change. A retraction is a version too; what the law withholds has no record."
    )
    result = "VersionList"
    refuses = (404,)

    def total(self, selection: Selection, *, slug: str = "", **where: Any) -> int:
        count = _versions(slug, selection).count()
        if not count:
            raise Http404
        return count

    def items(
        self, selection: Selection, *, after: Place | None, count: int, slug: str = "", **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        rows = _versions(slug, selection).order_by("-version")
        if after:
            rows = rows.filter(version__lt=after[0])
        for row in rows.select_related("edition")[:count]:
            yield (row.version,), _version(row)


def _versions(slug: str, selection: Selection) -> Any:
    return PublishedAction.objects.ever_sealed_by(selection.number).filter(slug=slug)


def _version(row: PublishedAction) -> Body:
    return {
        "version": row.version,
        "edition": row.edition_id,
        "published_at": instant(row.edition.published_at),
        "change": row.change,
        "change_note": row.change_note or None,
        "redacted_in": row.redacted_in,
        "digest": row.digest,
        "record": json.loads(row.record) if row.record else None,
    }


def addressed(record: str) -> Body:
    """Return a public record with the address of its page."""
    found: Body = json.loads(record)
    return found | {"url": settings.PUBLIC_URL + links.action(found["slug"])}


def relations_of(slug: str, selection: Selection) -> list[Body]:
    """Return the relations of an entry from either end, where the other end is visible or outside. Two queries."""
    rows = PublishedRelation.objects.as_of(selection.number).filter(Q(from_slug=slug) | Q(to_slug=slug))
    records = rows.order_by("key").values_list("record", flat=True)
    found = [json.loads(record)["relation"] for record in records if record]
    ends = {end for relation in found for end in (relation["from"], relation["to"]) if end}
    visible = PublishedAction.objects.as_of(selection.number).filter(slug__in=sorted(ends))
    hidden = ends - set(visible.values_list("slug", flat=True)) if ends else set()
    return [relation for relation in found if not hidden & {relation["from"], relation["to"]}]
