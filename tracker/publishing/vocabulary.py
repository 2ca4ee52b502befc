"""Terms in the ledger: which an edition needs, what they point at, how they are printed."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tracker import document
from tracker.columns.rows import outward
from tracker.models import (
    Actor,
    AffectedParty,
    Agency,
    Category,
    PublishedTerm,
    Publisher,
    Source,
    Topic,
)
from tracker.publishing.press import Press, TermKey, chunks

MODELS: dict[str, type[Any]] = {
    model.ledger_kind: model for model in (Actor, Agency, AffectedParty, Topic, Category, Publisher, Source)
}

Terms = dict[TermKey, Mapping[str, Any]]


def by_kind(keys: Iterable[TermKey]) -> dict[str, list[str]]:
    """Return the slugs of `keys` under their kinds, both in order."""
    slugs: dict[str, list[str]] = {}
    for kind, slug in sorted(keys):
        slugs.setdefault(kind, []).append(slug)
    return slugs


def current_rows(keys: Iterable[TermKey]) -> dict[TermKey, PublishedTerm]:
    """Return the standing ledger row of each of `keys` that was ever published."""
    return {
        (row.kind, row.slug): row
        for kind, names in by_kind(keys).items()
        for chunk in chunks(names)
        for row in PublishedTerm.objects.current().filter(kind=kind, slug__in=chunk)
    }


def live_terms(keys: Iterable[TermKey]) -> Terms:
    """Return the documents of `keys` as the record has them now."""
    return {
        (kind, term.slug): document.term_document(term)
        for kind, names in by_kind(keys).items()
        for chunk in chunks(names)
        for term in _queryset(kind).filter(slug__in=chunk)
    }


def _queryset(kind: str) -> Any:
    queryset = MODELS[kind].objects.all()
    match kind:
        case "agency":
            return queryset.select_related("parent", "successor", "country", "merged_into")
        case "party":
            return queryset.select_related("agency", "merged_into").prefetch_related("members")
        case "source":
            return queryset.select_related("publisher", "republished_by")
        case "category":
            return queryset
        case _:
            return queryset.select_related("merged_into")


def publish_missing(press: Press, keys: Iterable[TermKey]) -> Terms:
    """Seal those of `keys`, and of all that they point at, that were never published.

    Returns every term of that closure as readers will see it: a term that is public already keeps its published
    form, so an edit of it never becomes public by the way.
    """
    printed: Terms = {}
    fresh: Terms = {}
    frontier = set(keys)
    while frontier:
        rows = current_rows(frontier)
        public = _public(rows)
        live = live_terms(frontier - public.keys())
        fresh |= {key: term for key, term in live.items() if key not in rows}  # the law may have removed the text
        found = {**public, **live}
        printed |= found
        frontier = set().union(*(outward(key, term) for key, term in found.items())) - printed.keys()
    for key in sorted(fresh):
        if key[0] == "source":
            printed[key] = document.reprint_source(fresh[key], printed)
        press.seal_term(key, printed[key], before=None)
    return printed


def _public(rows: Mapping[TermKey, PublishedTerm]) -> Terms:
    """Return what is public of each of `rows`; those that the law made us blank are absent."""
    return {key: json.loads(row.record)["term"] for key, row in rows.items() if row.record}


def published_closure(keys: Iterable[TermKey]) -> Terms:
    """Return `keys` and all that they point at, as published now. Terms never published are absent."""
    printed: Terms = {}
    frontier = set(keys)
    while frontier:
        found = _public(current_rows(frontier))
        printed |= found
        frontier = set().union(*(outward(key, term) for key, term in found.items())) - printed.keys()
    return printed
