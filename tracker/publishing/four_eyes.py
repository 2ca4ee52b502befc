"""Four eyes: what one person wrote, another one publishes (while REVIEW_REQUIRED is on)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import F
from django.db.models.functions import Coalesce

from tracker import document
from tracker.models import PolicyAction, Revision
from tracker.publishing.press import chunks

OWN_WORK = "You changed this entry since readers last saw it: another reviewer publishes it."

_Number = tuple[int, int]  # key of the entry, number of the revision


def own_work(actions: Iterable[PolicyAction], *, by: User | None) -> set[str]:
    """Return the slugs of those of `actions` that `by` may not publish.

    These are the entries of which `by` saved a revision with another text since the published one, or ever when none
    is; to send an entry on or back is no change of its text. Nobody (a command, an import by no user) is not bound.
    At most two queries for each 500, the second reads the texts that `by` saved.
    """
    if by is None or not settings.REVIEW_REQUIRED:
        return set()
    slugs = {action.pk: action.slug for action in actions}
    return {slugs[key] for chunk in chunks(sorted(slugs)) for key in _written(chunk, by=by)}


def _written(keys: Iterable[int], *, by: User) -> set[int]:
    """Return those of `keys` (of entries) whose text `by` changed since readers saw it."""
    since = Revision.objects.filter(action__in=keys, number__gt=Coalesce(F("action__published_revision"), 0))
    saved: set[_Number] = set(since.filter(by=by).values_list("action_id", "number"))
    texts = _texts(saved)
    return {key for key, number in saved if texts[key, number] != texts.get((key, number - 1))}


def _texts(saved: set[_Number]) -> Mapping[_Number, Any]:
    """Return what these revisions and the ones before them say."""
    if not saved:
        return {}
    numbers = {number - back for _, number in saved for back in (0, 1)}
    found = Revision.objects.filter(action__in={key for key, _ in saved}, number__in=numbers)
    return {(row.action_id, row.number): document.meaning(row.document) for row in found}
