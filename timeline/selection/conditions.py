"""What each checked value asks of a row: one condition for each group of parameters that belong together."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from timeline.search.matching import containing
from timeline.selection.in_force import in_force_on
from timeline.terms import DIMENSIONS, Vocabulary
from tracker import codebook
from tracker.models.ledger import PublishedFacet

Values = Mapping[str, Any]

CODED_DIMENSIONS = (*("form", "status", "status_by", "had_status", "in_force", "evidence", "corroborated", "disputed"),)


def conditions(values: Values, vocabulary: Vocabulary) -> dict[str, Q]:
    """Return the conditions of a selection by name: `words`, `range`, `since`, and each dimension.

    `values` are checked values by parameter name; `since` is the edition that `changed_since` comes down to.
    The day of `in_force_on` belongs to the dimension in_force.
    """
    found: dict[str, Q] = {}
    if values.get("q"):
        found["words"] = containing(values["q"])
    if values.get("from") or values.get("to"):
        found["range"] = _in_range(values)
    if values.get("since") is not None:
        found["since"] = Q(projection__edition__gt=values["since"])
    for dimension, kind in DIMENSIONS.items():
        if values.get(dimension):
            keys = {key for slug in values[dimension] for key in vocabulary.expand(kind, slug)}
            found[dimension] = has(dimension, keys)
    return found | _coded(values)


def _coded(values: Values) -> dict[str, Q]:
    found = {name: has(name, as_many(values[name])) for name in CODED_DIMENSIONS if values.get(name)}
    if values.get("in_force_on"):
        wanted = values.get("in_force") or codebook.IN_FORCE_VALUES_HOLDING
        found["in_force"] = in_force_on(values["in_force_on"], values=wanted, is_certain=is_certain(values))
    return found


def is_certain(values: Values) -> bool:
    """Whether only what is surely so is asked for."""
    return bool(values.get("dates") == "certain")


def as_many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of a parameter, also of one that takes a single value."""
    return (value,) if isinstance(value, str) else value


def has(dimension: str, keys: Iterable[str]) -> Q:
    """Return the condition that a row has one of `keys` in `dimension`, directly."""
    facets = PublishedFacet.objects.filter(value__dimension=dimension, value__key__in=sorted(keys))
    return Q(pk__in=facets.values("row"))


def _in_range(values: Values) -> Q:
    """Return the condition on the entry's date: some part may lie in the range, or the whole surely does."""
    first, last = values.get("from"), values.get("to")
    condition = Q(projection__qualified=False) if is_certain(values) else Q()
    if first:
        condition &= Q(projection__earliest__gte=first) if is_certain(values) else Q(projection__latest__gte=first)
    if last:
        condition &= Q(projection__latest__lte=last) if is_certain(values) else Q(projection__earliest__lte=last)
    return condition
