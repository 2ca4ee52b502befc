"""Retraction: the entry should not stand; a tombstone with the reason stays."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from tracker import codebook
from tracker.checking import Problems
from tracker.models import Edition, PolicyAction, PublishedAction
from tracker.publishing.press import Press, PublishingError, chunks, random_salt


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
    """Retract one public entry as one edition and return it; all else is as in `retract_all`."""
    return retract_all([slug], reason=reason, note=note, by=by, at=at, replaced_by=replaced_by, salt=salt)


@transaction.atomic
def retract_all(
    slugs: Sequence[str],
    *,
    reason: str,
    note: str,
    by: User | None,
    at: datetime,
    replaced_by: Sequence[str] = (),
    salt: Callable[[], str] = random_salt,
) -> Edition:
    """Retract public entries (at least one) for one reason as one edition and return it.

    `reason` is a code of RETRACTION_REASONS other than "legal" (that is a redaction); `note` is read by everyone;
    `replaced_by` are slugs of public entries. Raises PublishingError, naming each entry that is refused, and then
    changes nothing. It needs no second person: what should not stand comes down at once.
    """
    press = Press.open(by=by, at=at, note=note, salt=salt)
    slugs, replaced_by = sorted(set(slugs)), sorted(set(replaced_by))
    standing = _standing(slugs)
    problems = _objections(reason, note, replaced_by, slugs)
    refused = {slug: problems if slug in standing else {"": ["It is not public."]} for slug in slugs}
    if refused := {slug: found for slug, found in refused.items() if found}:
        raise PublishingError(refused)
    for slug in slugs:
        press.seal_tombstone(standing[slug], reason=reason, note=note, replaced_by=replaced_by)
    edition = press.print()
    assert edition is not None  # a tombstone was sealed  # noqa: S101
    return edition


def _standing(slugs: Sequence[str]) -> dict[str, PublishedAction]:
    """Return the rows of those of `slugs` that readers see now, by slug."""
    rows = PublishedAction.objects.current().exclude(change="retracted")
    return {row.slug: row for chunk in chunks(slugs) for row in rows.filter(slug__in=chunk)}


def _objections(reason: str, note: str, replaced_by: Sequence[str], slugs: Sequence[str]) -> Problems:
    """Return what is wrong with a retraction of `slugs`, by "reason", "note" and "replaced_by"."""
    if reason not in codebook.RETRACTION_REASONS or reason == "legal":
        return {"reason": [f"There is no such reason for a retraction: {reason!r}."]}
    found: Problems = {}
    if not note.strip():
        found["note"] = ["Say for readers why the entry should not stand."]
    if others := _not_replacing(reason, replaced_by, slugs):
        found["replaced_by"] = others
    return found


def _not_replacing(reason: str, replaced_by: Sequence[str], slugs: Sequence[str]) -> list[str]:
    """Say why the entries `replaced_by` cannot take the place of `slugs`."""
    found = []
    if reason == "duplicate" and len(replaced_by) != 1:
        found.append("A duplicate names the one entry that stays.")
    if reason == "split" and len(replaced_by) < 2:
        found.append("A split names the entries that replace it.")
    staying = _standing(replaced_by).keys() - set(slugs)
    absent = [slug for slug in replaced_by if slug not in staying]
    titles = dict(PolicyAction.objects.filter(slug__in=absent).values_list("slug", "title"))
    return found + [f"“{titles.get(slug, slug)}” is not a public entry that stays." for slug in absent]
