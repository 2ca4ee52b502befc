"""Retraction: the entry should not stand; a tombstone with the reason stays."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from tracker import codebook
from tracker.models import Edition, PublishedAction
from tracker.publishing.press import Press, PublishingError, random_salt


@transaction.atomic
def retract(
    slug: str,
    *,
    reason: str,
    note: str,
    by: User | None,
    at: datetime,
    replaced_by: Sequence[str] = (),
    salt: Callable[[], str] = random_salt,
) -> Edition:
    """Retract a public entry as one edition and return it.

    `reason` is a code of RETRACTION_REASONS other than "legal" (that is a redaction); `note` is read by everyone;
    `replaced_by` are slugs of public entries. Raises PublishingError and then changes nothing.
    """
    press = Press.open(by=by, at=at, note=note, salt=salt)
    standing = PublishedAction.objects.current().exclude(change="retracted")
    before = standing.filter(slug=slug).first()
    if before is None:
        raise PublishingError({slug: ["It is not public."]})
    replaced_by = sorted(set(replaced_by))
    if found := _objections(reason, note, replaced_by, slug):
        raise PublishingError({slug: found})
    press.seal_tombstone(before, reason=reason, note=note, replaced_by=replaced_by)
    edition = press.print()
    assert edition is not None  # a tombstone was sealed  # noqa: S101
    return edition


def _objections(reason: str, note: str, replaced_by: Sequence[str], slug: str) -> list[str]:
    if reason not in codebook.RETRACTION_REASONS or reason == "legal":
        return [f"There is no such reason for a retraction: {reason!r}."]
    found = [] if note.strip() else ["Say for readers why the entry should not stand."]
    if reason == "duplicate" and len(replaced_by) != 1:
        found.append("A duplicate names the one entry that stays.")
    if reason == "split" and len(replaced_by) < 2:
        found.append("A split names the entries that replace it.")
    standing = PublishedAction.objects.current().exclude(change="retracted").exclude(slug=slug)
    public = set(standing.filter(slug__in=replaced_by).values_list("slug", flat=True))
    return found + [f"{other!r} is not a public entry." for other in replaced_by if other not in public]
