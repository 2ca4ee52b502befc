"""Where a row stands in an order by two fields, so that a list can be entered anywhere without counting through it."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value

Rows = QuerySet[Any, Any]
Place = tuple[int, str]
"""Where a row stands: its sort key and its slug."""


class _Placed(Func):
    """(key, slug) compared with (given key, given slug) as one row value, which one index answers."""

    output_field = BooleanField()
    arity = 4

    def __init__(self, *expressions: Any, sign: str, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.source_expressions]
        key, slug, given_key, given_slug = (sql for sql, _ in parts)
        return (
            f"({key}, {slug}) {self.sign} ({given_key}, {given_slug})",
            [value for _, values in parts for value in values],
        )


def behind(rows: Rows, key: str, slug: str, *, place: Place | None) -> Rows:
    """Return those of `rows` that stand behind `place` in the order of the fields `key` and `slug`; None: all."""
    return rows if place is None else rows.filter(_placed(key, slug, place, sign=">"))


def up_to(rows: Rows, key: str, slug: str, *, place: Place | None) -> Rows:
    """Return those of `rows` that do not stand behind `place`; None: all."""
    return rows if place is None else rows.filter(_placed(key, slug, place, sign="<="))


def _placed(key: str, slug: str, place: Place, *, sign: str) -> _Placed:
    return _Placed(F(key), F(slug), Value(place[0]), Value(place[1]), sign=sign)
