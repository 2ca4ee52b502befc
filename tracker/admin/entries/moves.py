"""How a working copy moves between editor and reviewer: sent for review, returned; who said what on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tracker import document, record
from tracker.admin.base import editor_of
from tracker.admin.entries.chosen import Chosen, ask
from tracker.admin.entries.drafts import Refusal, RefusedError
from tracker.admin.entries.forms import ReturnForm
from tracker.models import PolicyAction, Revision
from tracker.record import ConflictError, Draft, RecordError

_NOTHING_TO_RETURN = "Readers see exactly this: there is nothing to return."
_MOVED = "Somebody saved it a moment ago: look at it again."
_NOTES_READ = 50


@dataclass(frozen=True)
class Move:
    """Where a button sends the working copy (None: it stays), and the note to colleagues."""

    workflow: str | None = None
    note: str = ""


def move_asked(posted: Mapping[str, Any], cleaned: Mapping[str, Any]) -> Move:
    """Return what the pressed button asks for. Raises RefusedError for a return without a comment."""
    note = cleaned.get("review_note") or ""
    if "_return" in posted:
        if not note:
            raise RefusedError(Refusal({"review_note": ["Say what has to be mended before this can be published."]}))
        return Move("returned", note)
    return Move("in_review" if "_review" in posted else None, note)


@dataclass(frozen=True)
class Remark:
    """Who brought the working copy to where it stands, or said something since, and when; `note` may be ""."""

    who: str
    at: datetime
    note: str


def remarks_on(action: PolicyAction) -> list[Remark]:
    """Return how the working copy came to be in review or returned, and every note since, oldest first. One query."""
    if action.workflow not in ("in_review", "returned"):
        return []
    since = Revision.objects.filter(action=action, number__gt=action.published_revision or 0)
    newest = since.values_list("workflow", "by__username", "at", "reason")[:_NOTES_READ]
    here = list(takewhile(lambda found: found[0] == action.workflow, newest))
    remarks = [Remark(who or "an import", at, note) for _, who, at, note in reversed(here)]
    return remarks[:1] + [remark for remark in remarks[1:] if remark.note]


# --- bulk ------------------------------------------------------------------------------------------------------


def return_selected(model_admin: Any, request: HttpRequest, chosen: Chosen) -> HttpResponse | None:
    """Name the selected entries and ask for one comment; then return all of them, or none."""
    form = ReturnForm(request.POST if chosen.is_confirmed else None)
    if form.is_bound and form.is_valid():
        note = form.cleaned_data["review_note"]
        chosen.refuse(_return(chosen.actions, note=note, by=editor_of(request), at=timezone.now()))
        if not chosen.reasons:
            count = len(chosen.actions)
            told = f"Returned {count} {'entry' if count == 1 else 'entries'} with your comment."
            model_admin.message_user(request, told, messages.SUCCESS)
            return None
    return ask(model_admin, request, chosen, form, title="Return entries", template="return_selected")


def _return(actions: list[Any], *, note: str, by: User, at: datetime) -> dict[str, list[str]]:
    """Return the entries with `note`, as they are; return why not, by slug, and then none was returned."""
    if public := {action.slug: [_NOTHING_TO_RETURN] for action in actions if action.workflow == "clean"}:
        return public
    whole = PolicyAction.objects.for_documents().filter(pk__in=[action.pk for action in actions])
    drafts = [_returned(action) for action in whole]
    try:
        record.save_entries(drafts, by=by, at=at, reason=note)
    except RecordError as error:
        told = {
            draft.slug or "": [sentence for sentences in found.values() for sentence in sentences]
            for draft, found in zip(drafts, error.problems, strict=True)
        }
        return {slug: sentences for slug, sentences in told.items() if sentences}
    except ConflictError as error:
        return {slug: [_MOVED] for slug in error.slugs}
    return {}


def _returned(action: PolicyAction) -> Draft:
    """Return the same text as a draft that goes back."""
    return Draft(
        entry=document.entry_of(action),
        relations=document.relations_of(action),
        slug=action.slug,
        expected=action.revision,
        workflow="returned",
    )
