"""A plan -> the record and, if asked for, one edition: one short transaction, all or nothing.

The order keeps the locks short: words, then entries, then the ledger last.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from tracker import document, publishing
from tracker.datapackage.creating import create_words
from tracker.datapackage.plan import Plan
from tracker.models import Edition, PolicyAction, PublishedAction
from tracker.publishing.entries import change_objections
from tracker.record import ConflictError, Draft, RecordError, save_entries

_CHUNK = 500
_PORTION = 2_000


class StalePlanError(Exception):
    """The record moved since the plan was made. Nothing was saved; make the plan again."""


class NoteMissingError(Exception):
    """Public entries would change, and readers are not told why."""


@dataclass(frozen=True)
class Outcome:
    """What a load did: how many entries were saved, and the edition if one was published."""

    saved: int
    edition: Edition | None


@dataclass(frozen=True)
class Manner:
    """How a plan is applied: what is said of it, and where its entries then stand.

    `reason` is for the revisions, `note` for readers. `kind` is the change that public entries undergo; blank: what
    each of them needs. `workflow` is where the working copies stand that are saved.
    """

    publish: bool = False
    note: str = ""
    kind: str = ""
    reason: str = ""
    workflow: str = "draft"


def apply_plan(plan: Plan, *, by: User | None, at: datetime, publish: bool = False, note: str = "") -> Outcome:
    """Save what `plan` says, all or nothing, and with `publish` publish it as one edition with `note`.

    Published are the new and changed entries, and those that are the same and were never published. Raises
    ValueError for a plan with faults, NoteMissingError, StalePlanError and `publishing.PublishingError`.
    """
    return apply_in_manner(plan, Manner(publish=publish, note=note), by=by, at=at)


def apply_in_manner(plan: Plan, manner: Manner, *, by: User | None, at: datetime) -> Outcome:
    """Save what `plan` says as `apply_plan` does, in this manner. Raises the same."""
    if plan.faults:
        raise ValueError("A plan with faults cannot be applied.")
    if manner.publish and not manner.note.strip() and any(draft.slug in plan.public for draft in plan.changed):
        raise NoteMissingError("Entries that readers know would change: say in a note why.")
    try:
        with transaction.atomic():
            return _apply(plan, manner, by=by, at=at)
    except (ConflictError, RecordError, IntegrityError) as error:
        raise StalePlanError(f"The record has changed since this was planned. {error}") from error


def _apply(plan: Plan, manner: Manner, *, by: User | None, at: datetime) -> Outcome:
    reason = _origin(plan)[:100] + (f": {manner.reason}" if manner.reason else "")
    if plan.vocabulary:
        create_words(plan.vocabulary, by=by, at=at, reason=reason[:100])
    drafts = [replace(draft, workflow=manner.workflow) for draft in plan.drafts]
    revisions, known = dict(plan.waiting), []
    for action in _saved(drafts, by=by, at=at, reason=reason):
        if action.slug not in plan.unready:
            revisions[action.slug] = action.revision
            known += [action] if action.slug in plan.public else []
    if not (manner.publish and revisions):
        return Outcome(len(drafts), None)
    changes = _changes(known, manner)
    # Also those that no entry names any more: the package had them from a ledger, where a term once public stays so.
    terms = [(kind, term["slug"]) for kind, term in plan.vocabulary.terms] if plan.vocabulary else []
    edition = publishing.publish(revisions, by=by, at=at, note=manner.note, changes=changes, with_terms=terms)
    return Outcome(len(drafts), edition)


def _saved(drafts: Sequence[Draft], *, by: User | None, at: datetime, reason: str) -> Iterator[PolicyAction]:
    """Save the drafts and yield each entry, which may then be forgotten.

    New entries without relations go in portions: 40,000 at once take two gigabytes. All others go together, since
    entries are held in the order of their keys and may name each other.
    """
    alone = [draft for draft in drafts if not (draft.expected or draft.relations)]
    if len(alone) < len(drafts):
        yield from save_entries(drafts, by=by, at=at, reason=reason)
        return
    for start in range(0, len(alone), _PORTION):
        yield from save_entries(alone[start : start + _PORTION], by=by, at=at, reason=reason)


def _origin(plan: Plan) -> str:
    """Return what the revisions say of where they come from; of a mapped table, imports look it up again."""
    return f"{imported_with(plan.mapping)}{plan.name}" if plan.mapping else f"Loaded from {plan.name}"


def imported_with(mapping: str) -> str:
    """Return how the reason of every revision begins that an import by this mapping made."""
    return f"Imported with {mapping}: "


def _changes(actions: Sequence[PolicyAction], manner: Manner) -> dict[str, publishing.Change]:
    """Return what kind of change each public entry undergoes.

    That is the one asked for or, failing that, corrected where a line that readers saw goes away.
    """
    if manner.kind:
        return {action.slug: publishing.Change(manner.kind, manner.note) for action in actions}
    entries = {action.slug: document.entry_of(action) for action in actions}
    updated = publishing.Change("updated", manner.note)
    changes = dict.fromkeys(entries, updated)
    slugs = sorted(entries)
    for start in range(0, len(slugs), _CHUNK):
        for row in PublishedAction.objects.current().filter(slug__in=slugs[start : start + _CHUNK]):
            old = json.loads(row.record)["entry"]
            if old and change_objections(updated, old=old, new=entries[row.slug]):
                changes[row.slug] = publishing.Change("corrected", manner.note)
    return changes
