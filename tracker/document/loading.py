"""Working copies by slug, for the preview: it may not name the record's models."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.document.writing import entry_of, relations_of
from tracker.models import PolicyAction


@dataclass(frozen=True)
class WorkingCopy:
    """An entry as its editors have it now, published or not: its key in admin and the parts of its document."""

    key: int
    slug: str
    entry: dict[str, Any]
    relations: list[dict[str, Any]]


def working_copies(slugs: Iterable[str]) -> dict[str, WorkingCopy]:
    """Return the working copies of those of `slugs` (at most some hundred) that exist. About twelve queries."""
    actions = PolicyAction.objects.for_documents().filter(slug__in=sorted(slugs))
    return {
        action.slug: WorkingCopy(action.pk, action.slug, entry_of(action), relations_of(action)) for action in actions
    }
