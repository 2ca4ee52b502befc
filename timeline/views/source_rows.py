"""Sources as an edition had them, newest first, and how many entries cite each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, QuerySet

from timeline.selection import Selection
from tracker.models.ledger import PUBLISHED, PUBLISHER, PublishedTerm, Stored

Document = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which sources: `words` must all occur in the title; "" leaves a question out."""

    words: str = ""
    kind: str = ""
    publisher: str = ""


def newest_first(selection: Selection, wanted: Wanted) -> QuerySet[PublishedTerm, str]:
    """Return the records of the sources that stood at the edition served, by the day they were published.

    Of all, and of one publisher, an index has them in this order; words and kinds are looked for in each.
    """
    rows = _standing(selection.number, _names(selection, wanted))
    for word in wanted.words.split():
        rows = rows.alias(title=Stored("record", path=("term", "title"))).filter(title__icontains=word)
    if wanted.kind:
        rows = rows.alias(what=Stored("record", path=("term", "kind"))).filter(what=wanted.kind)
    return rows.order_by(PUBLISHED.desc(), "slug").values_list("record", flat=True)


def count(selection: Selection, wanted: Wanted) -> int:
    """Return how many there are. One query, none where the whole edition or a publisher was counted before."""
    newest = selection.newest_edition
    if wanted.words or wanted.kind or newest is None:
        return newest_first(selection, wanted).count()
    return _counted(newest.number, newest.digest, selection.number, _names(selection, wanted))


@lru_cache(maxsize=256)
def _counted(_newest: int, _digest: str, number: int, publishers: tuple[str, ...]) -> int:
    return _standing(number, publishers).count()


def _names(selection: Selection, wanted: Wanted) -> tuple[str, ...]:
    """Return the publisher with those merged into it."""
    return tuple(sorted(selection.vocabulary.expand("publisher", wanted.publisher))) if wanted.publisher else ()


def _standing(number: int, publishers: tuple[str, ...]) -> QuerySet[PublishedTerm]:
    rows = PublishedTerm.objects.sealed_by(number).filter(kind="source").exclude(record="")
    return rows.alias(who=PUBLISHER).filter(who__in=publishers) if publishers else rows


def uses(selection: Selection, records: Iterable[str]) -> dict[str, int]:
    """Return how many entries of the edition served cite each of these sources, by slug. One query."""
    slugs = [json.loads(record)["term"]["slug"] for record in records]
    cited = selection.unfiltered().filter(facets__value__dimension="source", facets__value__key__in=slugs)
    return dict(cited.order_by().values_list("facets__value__key").annotate(n=Count("pk")))
