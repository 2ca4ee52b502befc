"""Which single filter stands in the way when nothing matches, and how much its removal would show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Func, IntegerField, Subquery

from timeline.selection import Chip, Selection
from tracker.models.ledger import Edition, PublishedActionQuerySet

MOST = 20
"""Filters tried: each is one count in the one query."""


@dataclass(frozen=True)
class Removal:
    """A chosen value whose removal alone gives `count` actions."""

    chip: Chip
    count: int


def removals(selection: Selection) -> list[Removal]:
    """Return the removals that help, in the order of the chips. One query, whatever the number of filters."""
    chips = [chip for chip in selection.chips() if chip.name != "as_of"][:MOST]
    if not chips or selection.edition is None:
        return []
    counts = {
        f"without_{place}": _count(selection.narrowed(**_without(selection, chip))) for place, chip in enumerate(chips)
    }
    found = Edition.objects.filter(number=selection.number).annotate(**counts).values(*counts).get()
    return [Removal(chip, found[name]) for name, chip in zip(counts, chips, strict=True) if found[name]]


def _without(selection: Selection, chip: Chip) -> dict[str, Any]:
    """Return the checked values that stand in place of the chip's parameter when it is taken away."""
    values = selection.values[chip.name]
    left = tuple(value for value in values if value != chip.value) if isinstance(values, tuple) else None
    return {chip.name: left} | ({"since": None} if chip.name == "changed_since" else {})


def _count(rows: PublishedActionQuerySet) -> Subquery:
    """Return the number of `rows` as an expression (without the GROUP BY that Count would bring)."""
    counted = rows.order_by().annotate(number=Func("pk", function="COUNT", output_field=IntegerField()))
    return Subquery(counted.values("number"))
