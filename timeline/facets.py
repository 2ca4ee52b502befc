"""How many rows each value of a facet gives: the count of a value is the count of ticking it.

A facet ignores its own selection. Everything is counted in one UNION ALL; the order of the options is that of the
whole edition, which never changes, so that nothing moves when something is ticked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from timeline.selection import Selection
from timeline.selection.chips import CODES
from timeline.selection.conditions import as_many
from timeline.terms import DIMENSIONS, Vocabulary
from tracker import codebook
from tracker.models.ledger import FacetValue, PublishedAction, PublishedActionQuerySet, PublishedFacet

FACETS = (
    *("status", "status_by", "in_force", "category", "form", "topic", "agency", "actor", "affects", "publisher"),
    *("evidence", "corroborated", "disputed"),
)
# Every code of these is an option, in the order of the codebook, whether it occurs or not.
_IN_CODEBOOK_ORDER = frozenset({"status", "status_by", "in_force", "evidence", "corroborated", "disputed"})

Counts = dict[str, dict[str, int]]  # dimension -> value -> rows
Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Option:
    """One value of a facet: ticking it alone gives `count` rows; `group` is its heading ("" = none)."""

    value: str
    label: str
    count: int
    is_on: bool
    group: str = ""


def counts(selection: Selection) -> dict[str, list[Option]]:
    """Return the options of each facet, by dimension. One query, and one for the whole edition unless cached.

    With errors, and where nothing is filtered, the counts are those of the whole edition.
    """
    whole = _edition_counts(selection.number, selection.vocabulary) if selection.number else {}
    found = whole
    if selection.is_filtered and not selection.errors:
        found = _count(_statements(selection))
    return {dimension: _options(selection, dimension, found=found, whole=whole) for dimension in FACETS}


@lru_cache(maxsize=16)
def _edition_counts(number: int, vocabulary: Vocabulary) -> Counts:
    """Return the counts of a whole edition. Its snapshot of terms, one object per edition, is the key."""
    tally = _Tally(vocabulary)
    tally.add(FACETS, PublishedAction.objects.as_of(number))
    return _count(tally.statement())


# --- options ---------------------------------------------------------------------------------------------------


def _options(selection: Selection, dimension: str, *, found: Counts, whole: Counts) -> list[Option]:
    chosen = _chosen(selection, dimension)
    here = found.get(dimension, {})
    return [
        Option(
            value=value,
            label=selection.label(dimension, value),
            count=here.get(value, 0),
            is_on=value in chosen,
            group=codebook.STATUSES[value].group if dimension == "status" else "",
        )
        for value in _ordered(selection, dimension, whole.get(dimension, {}), chosen)
    ]


def _chosen(selection: Selection, dimension: str) -> set[str]:
    """Return the ticked values; a merged term ticks its survivor."""
    kind = DIMENSIONS.get(dimension)
    return {
        selection.vocabulary.survivor(kind, value) if kind else value
        for value in as_many(selection.values.get(dimension) or ())
    }


def _ordered(selection: Selection, dimension: str, whole: dict[str, int], chosen: set[str]) -> list[str]:
    if dimension in _IN_CODEBOOK_ORDER:
        return sorted(CODES[dimension], key=_group_of_status if dimension == "status" else lambda _: 0)
    return sorted(
        whole.keys() | chosen,
        key=lambda value: (-whole.get(value, 0), selection.label(dimension, value).casefold(), value),
    )


def _group_of_status(code: str) -> int:
    return codebook.STATUS_GROUPS.index(codebook.STATUSES[code].group)


# --- counting --------------------------------------------------------------------------------------------------


class _Tally:
    """One statement of many counts: each base of rows is written once, and counted by several dimensions."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.bases: list[Statement] = []
        self.branches: list[Statement] = []

    def add(self, dimensions: Sequence[str], rows: PublishedActionQuerySet) -> None:
        """Count the values of `dimensions` among `rows`."""
        base = f"base_{len(self.bases)}"
        sql, parameters = _compiled(rows)
        self.bases.append((f"{base} (id) AS ({sql})", parameters))
        expanded = [dimension for dimension in dimensions if self._has_expansions(dimension)]
        direct = [dimension for dimension in dimensions if dimension not in expanded]
        if direct:
            self.branches.append(_direct(base, direct))
        for dimension in expanded:
            self.branches.append(_expanded(base, dimension, self.vocabulary))

    def add_one(self, dimension: str, value: str, rows: PublishedActionQuerySet) -> None:
        """Count all of `rows` as those of one value."""
        sql, parameters = _compiled(rows)
        self.branches.append(
            (
                f"SELECT CAST(%s AS text), CAST(%s AS text), COUNT(*) FROM ({sql}) counted",  # noqa: S608
                (dimension, value, *parameters),
            )
        )

    def statement(self) -> Statement:
        """Return the whole as one statement of (dimension, value, rows)."""
        bases = ", ".join(sql for sql, _ in self.bases)
        branches = " UNION ALL ".join(sql for sql, _ in self.branches)
        parameters = [value for _, values in (*self.bases, *self.branches) for value in values]
        return f"{f'WITH {bases} ' if bases else ''}{branches}", parameters

    def _has_expansions(self, dimension: str) -> bool:
        kind = DIMENSIONS.get(dimension)
        return bool(kind) and any(len(found) > 1 for found in self.vocabulary.expansions(str(kind)).values())


def _statements(selection: Selection) -> Statement:
    """Return the counts of every facet: those with a ticked value each ignore it, the others share their rows."""
    tally = _Tally(selection.vocabulary)
    on_a_day = bool(selection.values.get("in_force_on"))
    own = [dimension for dimension in FACETS if selection.values.get(dimension)]
    shared = [name for name in FACETS if name not in own and not (on_a_day and name == "in_force")]
    if shared:
        tally.add(shared, selection.narrowed())
    for dimension in own:
        if not (on_a_day and dimension == "in_force"):
            tally.add([dimension], selection.narrowed(ignoring=dimension))
    if on_a_day:  # ticking a value means that value on that day, which no stored facet knows
        for value in codebook.IN_FORCE:
            tally.add_one("in_force", value, selection.narrowed(in_force=(value,)))
    return tally.statement()


def _compiled(rows: PublishedActionQuerySet) -> Statement:
    """Return the SQL of the ids of `rows`."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    return sql, parameters


_FACET, _VALUE = PublishedFacet._meta.db_table, FacetValue._meta.db_table
_PAIRS = {
    "sqlite": "SELECT json_extract(p.value, '$[0]') AS shown, json_extract(p.value, '$[1]') AS member"
    " FROM json_each(%s) p",
    "postgresql": "SELECT p ->> 0 AS shown, p ->> 1 AS member FROM jsonb_array_elements(CAST(%s AS jsonb)) p",
}


def _direct(base: str, dimensions: list[str]) -> Statement:
    """Count stored values as they are."""
    places = ", ".join(["%s"] * len(dimensions))
    return (
        f"SELECT v.dimension, v.key, COUNT(*) FROM {_FACET} f JOIN {_VALUE} v ON v.id = f.value_id"  # noqa: S608
        f" WHERE v.dimension IN ({places}) AND f.row_id IN (SELECT id FROM {base}) GROUP BY v.dimension, v.key",
        dimensions,
    )


def _expanded(base: str, dimension: str, vocabulary: Vocabulary) -> Statement:
    """Count the rows of each term together with all that ticking it finds."""
    expansions = vocabulary.expansions(DIMENSIONS[dimension])
    pairs = [(shown, member) for shown, found in expansions.items() for member in sorted(found)]
    return (
        "SELECT CAST(%s AS text), e.shown, COUNT(DISTINCT f.row_id)"  # noqa: S608
        f" FROM ({_PAIRS[connection.vendor]}) e JOIN {_VALUE} v ON v.dimension = %s AND v.key = e.member"
        f" JOIN {_FACET} f ON f.value_id = v.id WHERE f.row_id IN (SELECT id FROM {base}) GROUP BY e.shown",
        (dimension, json.dumps(pairs), dimension),
    )


def _count(statement: Statement) -> Counts:
    found: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        for dimension, value, rows in cursor.fetchall():
            found[dimension][value] = rows
    return found
