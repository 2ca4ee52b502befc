"""What happens between a checked form and the record. All of it inside the request's transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from tracker import record
from tracker.admin.entries import doubles, drafts
from tracker.admin.entries.drafts import Refusal, RefusedError
from tracker.admin.entries.moves import Move
from tracker.admin.entries.rows import RowFormSet
from tracker.admin.sources import save_source
from tracker.duplicates import tell_apart
from tracker.models import PolicyAction, Revision, Source
from tracker.record import ConflictError, Draft, RecordError

# The same entry by the same person within this time was sent twice: a double click, a reload.
SAME_SUBMISSION = timedelta(minutes=10)
_NOTHING_CHANGED = "Readers see exactly this, and nothing was changed: there is nothing to review."


class MeanwhileError(Exception):
    """Somebody else saved the entry since it was opened with revision `opened_with`. Nothing was saved."""

    def __init__(self, opened_with: int) -> None:
        self.opened_with = opened_with
        super().__init__(f"Opened with revision {opened_with}, which is not the present one.")


@dataclass
class Saved:
    """The entry as it is now, and what the editor is told besides."""

    action: PolicyAction
    told: list[str] = field(default_factory=list)
    # Problems by path of the document -> where on the form they belong.
    at_fields: Callable[[Mapping[str, list[str]]], Refusal] = drafts.refusal_of_first


def save_new(form: Any, *, by: User, at: datetime, workflow: str | None, seen: Collection[int] = ()) -> Saved:
    """Save the entry of an add form with its source, citation and first line; a draft unless `workflow` says more.

    Raises RefusedError, also for likely duplicates whose keys are not among `seen`; those that are get remembered as
    other actions.
    """
    source, told = source_typed(form)
    entry = drafts.entry_from(form.cleaned_data) | drafts.first_rows(form.cleaned_data, source)
    draft = Draft(entry=entry, workflow=workflow or "draft")
    if twin := sent_before(draft, by=by, at=at):
        return Saved(twin, ["You sent this entry twice; it was saved once."])
    others = doubles.confirmed(entry, seen=seen)
    try:
        action = record.save_entry(draft, by=by, at=at)
    except RecordError as error:
        raise RefusedError(drafts.refusal_of_first(error.problems[0])) from error
    tell_apart(action, others, by=by, at=at)
    return Saved(action, told)


def source_typed(form: Any) -> tuple[Source | None, list[str]]:
    """Return the source that a `SourcedForm` names, saved when it is new, and what the editor is told about it."""
    source: Source | None = form.cleaned_data.get("source")
    told = []
    if source is not None and source._state.adding:
        if source.publisher._state.adding:
            told.append(f"New publisher: {source.publisher}.")
        source = save_source(source)
    elif source is not None and form.cleaned_data.get("source_url"):
        told.append(f"The source was in the record already and is used as it is there: {source}.")
    return source, told


def sent_before(draft: Draft, *, by: User, at: datetime) -> PolicyAction | None:
    """Return the entry that the same person made of the same text a moment ago, if any."""
    first = Revision.objects.filter(number=1, by=by, at__gt=at - SAME_SUBMISSION, action__title=draft.entry["title"])
    for revision in first.select_related("action"):
        if drafts.is_same_entry(draft.entry, revision.document["entry"]):
            return revision.action
    return None


def save_changes(
    form: Any,
    formsets: Sequence[RowFormSet],
    *,
    by: User,
    at: datetime,
    move: Move,
    seen: Collection[int] = (),
) -> Saved:
    """Save an edited entry if anything was changed, said or sent. Raises RefusedError, MeanwhileError.

    A `move` to nowhere leaves the working copy where it is; one that was clean is a draft again. `seen`
    as for `save_new`.
    """
    action = PolicyAction.objects.for_documents().get(pk=form.instance.pk)
    draft, orders = _draft(form, formsets, action, workflow=move.workflow or action.workflow)
    at_fields = partial(drafts.refusal_at, orders=orders)
    if not drafts.differs(replace(draft, workflow=action.workflow), action):
        if draft.workflow == action.workflow and not move.note:
            return Saved(action, at_fields=at_fields)
        if action.workflow == "clean":
            raise RefusedError(Refusal({"review_note": [_NOTHING_CHANGED]}))
    if draft.workflow == "clean":
        draft = replace(draft, workflow="draft")
    others = doubles.confirmed(draft.entry, seen=seen, saved=action) if draft.expected == action.revision else []
    tell_apart(action, others, by=by, at=at)
    try:
        return Saved(record.save_entry(draft, by=by, at=at, reason=move.note), at_fields=at_fields)
    except RecordError as error:
        raise RefusedError(at_fields(error.problems[0])) from error
    except ConflictError as error:
        raise MeanwhileError(draft.expected) from error


def _draft(
    form: Any, formsets: Sequence[RowFormSet], action: PolicyAction, *, workflow: str
) -> tuple[Draft, dict[str, list[int]]]:
    """Return what was typed, and which form each row of it came from."""
    typed = {str(formset.prefix): formset.typed() for formset in formsets}
    typed["status_changes"] = drafts.in_order(typed["status_changes"])
    rows = {prefix: [item.row for item in items] for prefix, items in typed.items()}
    entry = drafts.entry_from(form.cleaned_data)
    entry |= {"status_history": rows["status_changes"], "citations": rows["citations"]}
    draft = Draft(
        entry=entry,
        relations=rows["relations"],
        slug=action.slug,
        expected=form.cleaned_data["opened_with"],
        workflow=workflow,
    )
    return draft, {prefix: [item.form for item in items] for prefix, items in typed.items()}


def said_meanwhile(action: PolicyAction) -> str:
    """Say who saved the entry last, and when: to somebody who opened it before."""
    last = Revision.objects.filter(action=action).select_related("by").first()
    who = last.by.get_username() if last and last.by else "an import"
    when = f"{timezone.localtime(last.at):%d %b %Y, %H:%M} UTC" if last else "a moment ago"
    return f"Changed meanwhile by {who} on {when}."
