"""Editions: each publication with its number, its instant and the digest that chains it to the one before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404

from timeline.api.base import Body, Endpoint, ListEndpoint, Place
from timeline.selection import Selection
from tracker.columns import instant
from tracker.models.ledger import Edition as PublishedEdition


class Editions(ListEndpoint):
    """The chain of editions, the newest first."""

    name = "editions"
    summary = "Editions, the newest first"
    about = "Up to the edition served. previous is the digest of the edition before, null for the first."
    result = "EditionList"

    def total(self, selection: Selection, **where: Any) -> int:
        return selection.number

    def items(
        self, selection: Selection, *, after: Place | None, count: int, **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        until = int(after[0] or 0) - 1 if after else selection.number
        for edition in _chain(until, count=count):
            yield (edition["number"],), edition


class Edition(Endpoint):
    """One edition."""

    name = "edition"
    summary = "One edition"
    takes = frozenset()
    result = "EditionDetail"
    refuses = (404,)

    def body(self, selection: Selection, *, number: int = 0, **where: Any) -> Body:
        if not 1 <= number <= selection.number:
            raise Http404
        return {"edition": selection.number, "item": _chain(number, count=1)[0]}


def _chain(until: int, *, count: int) -> list[Body]:
    """Return `count` editions from `until` downwards, each with the digest of the one before. One query."""
    found = list(PublishedEdition.objects.filter(number__lte=until).order_by("-number")[: count + 1])
    before = [*(edition.digest for edition in found[1:]), None]
    return [_edition(edition, previous=digest) for edition, digest in zip(found[:count], before, strict=False)]


def _edition(edition: PublishedEdition, *, previous: str | None) -> Body:
    return {
        "number": edition.number,
        "published_at": instant(edition.published_at),
        "note": edition.note or None,
        "columns": edition.columns,
        "codebook_version": edition.codebook,
        "previous": previous,
        "digest": edition.digest,
    }
