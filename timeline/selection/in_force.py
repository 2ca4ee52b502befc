"""Was it in force on that day? One rule, in SQL for the filter and in Python beside it; a test compares them.

A span is the days on which a value is *possible*. Possible on D for the values S: some span in S contains D.
Certain: possible, and no span outside S contains D.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.models.ledger import StatusSpan

Span = tuple[str, date | None, date | None]  # in_force, from_day, before_day (half-open; None is open)


def in_force_on(day: date, *, values: Collection[str], is_certain: bool) -> Q:
    """Return the condition that a row had one of `values` of in_force on `day`."""
    containing = _spans_on(day)
    possible = Q(Exists(containing.filter(in_force__in=values)))
    return possible & ~Q(Exists(containing.exclude(in_force__in=values))) if is_certain else possible


def _spans_on(day: date) -> QuerySet[StatusSpan]:
    return StatusSpan.objects.filter(
        Q(from_day=None) | Q(from_day__lte=day), Q(before_day=None) | Q(before_day__gt=day), row=OuterRef("pk")
    )


def holds_on(spans: Iterable[Span], day: date, *, values: Collection[str], is_certain: bool) -> bool:
    """Return the same of `spans` in memory."""
    found = {
        in_force
        for in_force, from_day, before_day in spans
        if (from_day is None or from_day <= day) and (before_day is None or before_day > day)
    }
    is_possible = bool(found & set(values))
    return is_possible and not (is_certain and found - set(values))
