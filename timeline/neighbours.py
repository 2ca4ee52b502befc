"""The entries before and behind one in the list that it was found in, without reading the list."""

from __future__ import annotations

from dataclasses import dataclass

from timeline.keyset import behind, up_to
from timeline.selection import Selection
from tracker.models.ledger import PublishedAction


@dataclass(frozen=True)
class Neighbours:
    """The rows next to an entry in the order of a selection; None at the ends of the list."""

    before: PublishedAction | None
    behind: PublishedAction | None


def neighbours(row: PublishedAction, selection: Selection) -> Neighbours | None:
    """Return what stands next to `row` in the list; None where the list does not hold it. At most two queries.

    By relevance the order is not kept in a column, so that there are none.
    """
    if selection.errors or selection.is_by_relevance:
        return None
    key, slug = selection.sort_key, "projection__slug"
    place = (getattr(row.projection, key.removeprefix("projection__")), row.slug)
    rows = selection.narrowed()
    found = list(up_to(rows, key, slug, place=place).order_by(f"-{key}", f"-{slug}")[:2])
    if not found or found[0].pk != row.pk:
        return None
    return Neighbours(
        before=found[1] if len(found) > 1 else None,
        behind=behind(rows, key, slug, place=place).order_by(key, slug).first(),
    )
