"""What hangs together with an entry, read from the ledger: its relations, and the chain that they belong to."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from timeline.presenting import chains, detail
from tracker.models.ledger import PublishedAction, PublishedRelation

Context = dict[str, Any]

ROUNDS = 2  # queries for what lies beyond the entries that this one itself names
_MOST = 100  # relations read in one round


def public_relations(slug: str, number: int) -> list[Context]:
    """Return the relations of an entry as the ledger keeps them at edition `number`, from either end."""
    return _relations({slug}, number)


def visible(slugs: Iterable[str], number: int) -> dict[str, Any]:
    """Return the public records of these entries at edition `number`, by slug."""
    rows = PublishedAction.objects.as_of(number).filter(slug__in=sorted(slugs))
    return {slug: json.loads(record) for slug, record in rows.values_list("slug", "record")}


def titles(slugs: Iterable[str], number: int) -> dict[str, str]:
    """Return the titles of these entries at edition `number`, of those that are public then. One query, or none."""
    wanted = set(slugs)
    return {slug: record["entry"]["title"] for slug, record in visible(wanted, number).items()} if wanted else {}


def related(slug: str, record: Context, *, number: int, query: str) -> Context:
    """Return the chain of an entry and its other relations at edition `number`. Two queries, four with a chain."""
    direct = public_relations(slug, number)
    rows = direct + _beyond(slug, direct, number)
    others = {end for row in rows for end in (row["from"], row["to"]) if end and end != slug}
    records = visible(others, number) if others else {}
    links = chains.chain(slug, rows, records=records | {slug: record}, query=query)
    drawn = {link.slug for link in links}
    rest = [row for row in direct if not (row["kind"] in chains.KINDS and {row["from"], row["to"]} <= drawn)]
    return {"chain": links, "relations": detail.relations(slug, rest, visible=records, query=query)}


def _beyond(slug: str, direct: list[Context], number: int) -> list[Context]:
    """Return the relations of those that the chain reaches first, and of those behind them."""
    found: list[Context] = []
    seen, edge = {slug}, _ends(direct) - {slug}
    for _ in range(ROUNDS):
        if not edge or len(seen) >= chains.LONGEST:
            break
        rows = _relations(edge, number, kinds=chains.KINDS)
        found += [row for row in rows if row not in found and row not in direct]
        seen |= edge
        edge = _ends(rows) - seen
    return found


def _ends(rows: Iterable[Context]) -> set[str]:
    """Return the entries at the ends of those relations that a chain is made of."""
    return {end for row in rows if row["kind"] in chains.KINDS for end in (row["from"], row["to"]) if end}


def _relations(slugs: Collection[str], number: int, *, kinds: Collection[str] = ()) -> list[Context]:
    ends = sorted(slugs)
    rows = PublishedRelation.objects.as_of(number).filter(Q(from_slug__in=ends) | Q(to_slug__in=ends))
    if kinds:
        rows = rows.filter(kind__in=sorted(kinds), to_slug__isnull=False).order_by("key")[:_MOST]
    return [json.loads(record)["relation"] for record in rows.values_list("record", flat=True) if record]
