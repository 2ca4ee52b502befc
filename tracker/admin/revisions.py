"""The revisions of an entry, as its history page lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tracker.models import PolicyAction, Revision

_NEWEST = 200


@dataclass(frozen=True)
class Step:
    """One revision, and the names of what it changed; none for the first."""

    revision: Revision
    changed: list[str]


def revisions_of(action: PolicyAction) -> list[Step]:
    """Return the newest revisions of `action`, newest first. One query."""
    found = list(Revision.objects.filter(action=action).select_related("by")[: _NEWEST + 1])
    steps = [Step(newer, list(_changed(older.document, newer.document))) for newer, older in pairwise(found)]
    if found and len(found) <= _NEWEST:
        steps.append(Step(found[-1], []))
    return steps


def _changed(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name, value in new["entry"].items():
        if name != "derived" and value != old["entry"].get(name):
            yield name.replace("_", " ")
    if old["relations"] != new["relations"]:
        yield "relations"
