"""What `q` asks of a row, and how well a row fits. The words are the same on both databases, so the answers are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, BooleanField, F, Func, Q

from timeline.search.query import Item, Query
from timeline.search.structures import FTS, TABLE
from timeline.search.tokens import stored

# Where a word counts how much, in the order in which it is looked for; behind them stand the titles of sources.
_WEIGHTS = (("title", 8), ("place", 4), ("summary", 2))
_MOST_RANKED = 12
"""Words that count for the order: each asks several questions of every row found."""
_ONE_RANK = 1_000_000  # more than any sort key `newest`

Statement = tuple[str, list[Any]]


def containing(typed: str) -> Q:
    """Return the condition that `q` sets; where no word was typed, no row satisfies it."""
    query = Query.parse(typed)
    condition = Q() if query.wanted or query.unwanted else Q(pk__lt=0)
    if query.wanted:
        condition &= Q(_Holds(query.wanted, is_all=True))
    if query.unwanted:
        condition &= ~Q(_Holds(query.unwanted, is_all=False))
    return condition


class _Holds(Func):
    """Whether the index has this row among those that hold all of the items, or any of them."""

    output_field = BooleanField()

    def __init__(self, items: tuple[Item, ...], *, is_all: bool) -> None:
        super().__init__(F("pk"))
        self.items, self.is_all = items, is_all

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """Ask FTS5."""
        sought = (" AND " if self.is_all else " OR ").join(map(_fts_item, self.items))
        return self._among(compiler, f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s", sought)  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Statement:
        """Ask the tsvector."""
        sought = (" & " if self.is_all else " | ").join(map(_ts_item, self.items))
        rows = f"SELECT row_id FROM {TABLE} WHERE words @@ CAST(%s AS tsquery)"  # noqa: S608
        return self._among(compiler, rows, sought)

    def _among(self, compiler: Any, rows: str, sought: str) -> Statement:
        row, values = compiler.compile(self.source_expressions[0])
        return f"{row} IN ({rows})", [*values, sought]


def _fts_item(item: Item) -> str:
    return f'"{" ".join(map(stored, item.tokens))}"' + (" *" if item.is_open else "")


def _ts_item(item: Item) -> str:
    words = " <-> ".join(f"'{stored(token)}'" for token in item.tokens)
    return f"({words}{':*' if item.is_open else ''})"


class Relevance(Func):
    """The sort key of `sort=relevance`, ascending: the best rank first, then as newest.

    A word counts 16 in the title, 8 in where it stands and the identifiers, 4 in the summary, 2 in the title of a
    source: the best of these, and one less where only its beginning was typed. All words side by side, as typed,
    count once more. The rank of a row depends on the row alone, so that an edition keeps its order for ever.
    """

    output_field = BigIntegerField()

    def __init__(self, typed: str) -> None:
        super().__init__(F("pk"), F("projection__newest"))
        self.query = Query.parse(typed)

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Statement:  # type: ignore[override]
        """Look the words up in the index table, in the rows found alone."""
        (row, row_values), (newest, newest_values) = map(compiler.compile, self.source_expressions)
        scores = list(self._scores("strpos" if connection.vendor == "postgresql" else "instr"))
        if not scores:
            return newest, list(newest_values)
        total = " + ".join(sql for sql, _ in scores)
        sql = f"({newest} - {_ONE_RANK} * (SELECT {total} FROM {TABLE} s WHERE s.row_id = {row}))"  # noqa: S608
        return sql, [*newest_values, *(value for _, values in scores for value in values), *row_values]

    def _scores(self, position: str) -> Iterator[Statement]:
        wanted = self.query.wanted
        for item in wanted[:_MOST_RANKED]:
            yield _score(item, position, otherwise=2)
        if len(wanted) > 1:
            together = tuple(token for item in wanted for token in item.tokens)
            yield _score(Item(together, is_open=wanted[-1].is_open), position, otherwise=0)


def _score(item: Item, position: str, *, otherwise: int) -> Statement:
    """Return the number of points of an item as SQL over the index table `s`."""
    words = f" {' '.join(map(stored, item.tokens))}"
    whens, values = [], []
    for field, weight in _WEIGHTS:
        whens.append(f"WHEN {position}(s.{field}, %s) > 0 THEN {2 * weight}")
        values.append(f"{words} ")
        if item.is_open:
            whens.append(f"WHEN {position}(s.{field}, %s) > 0 THEN {2 * weight - 1}")
            values.append(words)
    return f"CASE {' '.join(whens)} ELSE {otherwise} END", values
