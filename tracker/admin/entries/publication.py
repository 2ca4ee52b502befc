"""Publishing and retracting from admin: one button, one bulk action and one page, all through `publishing`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from tracker import codebook, document, publishing
from tracker.admin.base import editor_of
from tracker.admin.entries.drafts import Refusal, RefusedError
from tracker.admin.entries.forms import PublishForm, RetractForm
from tracker.admin.entries.saving import Saved
from tracker.admin.widgets import is_key
from tracker.checking import missing_for_publication
from tracker.models import Edition, PublishedAction
from tracker.publishing import Change, PublishingError

_NOT_YET = "Not published, and nothing saved yet."


def publish_saved(saved: Saved, cleaned: Mapping[str, Any], *, by: User, at: datetime) -> str:
    """Publish an entry that was just saved, as its form says; return what the reviewer is told.

    Raises RefusedError with what is missing at its fields; the request then saves nothing.
    """
    action = saved.action
    missing = missing_for_publication(document.entry_of(action), imported=action.imported)
    if missing:
        refusal = saved.at_fields(missing)
        refusal.fields.setdefault("", []).insert(0, _NOT_YET)
        raise RefusedError(refusal)
    change = Change(cleaned.get("change_kind") or "", cleaned.get("change_note") or "")
    try:
        edition = publishing.publish({action.slug: action.revision}, by=by, at=at, changes={action.slug: change})
    except PublishingError as error:
        raise RefusedError(Refusal({"": [_NOT_YET, *error.problems.get(action.slug, [str(error)])]})) from error
    return told(edition)


def told(edition: Edition | None) -> str:
    """Return what the reviewer is told afterwards."""
    return f"Published in edition {edition.number}." if edition else "Readers see exactly this already."


def state_of(action: Any, *, ledger: str) -> dict[str, Any]:
    """Return what the banner of the change page says. At most two queries."""
    row = PublishedAction.objects.current().filter(slug=action.slug).select_related("edition").first()
    return {
        "ledger_code": ledger,
        "ledger": codebook.LEDGER_STATES[ledger],
        "workflow": codebook.WORKFLOW[action.workflow],
        "public_row": row,
        "unpublished_edits": ledger == "current" and action.has_unpublished_edits,
    }


# --- bulk ------------------------------------------------------------------------------------------------------


def publish_selected(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Name the selected entries and ask what kind of change it is; then publish those as they were named.

    One edition or none: whatever is refused is named with its reasons and can be unticked.
    """
    actions = list(queryset)
    form = PublishForm(request.POST if "confirmed" in request.POST else None)
    problems: dict[str, list[str]] = {}
    if form.is_bound and form.is_valid():
        try:
            edition = _publish_as_named(request, actions, form.cleaned_data)
        except PublishingError as error:
            problems = error.problems
        else:
            model_admin.message_user(request, told(edition), messages.SUCCESS)
            return None
    return _confirmation(model_admin, request, actions, form, problems)


def _publish_as_named(request: HttpRequest, actions: list[Any], cleaned: Mapping[str, Any]) -> Edition | None:
    change = Change(cleaned["change_kind"], cleaned["change_note"])
    revisions = {action.slug: _seen(request, action) for action in actions}
    changes = dict.fromkeys(revisions, change)
    return publishing.publish(
        revisions, by=editor_of(request), at=timezone.now(), note=cleaned["note"], changes=changes
    )


def _seen(request: HttpRequest, action: Any) -> int:
    """Return the revision that the confirmation page named; 0, which is never current, when it named none."""
    seen = request.POST.get(f"revision-{action.pk}", "")
    return int(seen) if is_key(seen) else 0


def _confirmation(
    model_admin: Any, request: HttpRequest, actions: list[Any], form: PublishForm, problems: Mapping[str, list[str]]
) -> HttpResponse:
    context = model_admin.admin_site.each_context(request) | {
        "title": "Publish entries",
        "opts": model_admin.opts,
        "entries": [(action, problems.get(action.slug, [])) for action in actions],
        "form": form,
        "problems": problems,
        "any_public": any(action.last_public_change for action in actions),
        "checkbox": ACTION_CHECKBOX_NAME,
        "media": model_admin.media,
    }
    status = 200 if not problems else 409
    return TemplateResponse(request, "admin/tracker/policyaction/publish.html", context, status=status)


# --- retracting ------------------------------------------------------------------------------------------------


def retract(model_admin: Any, request: HttpRequest, action: Any) -> HttpResponse:
    """Show or handle the page that retracts a public entry."""
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        replaced_by = [other.slug for other in form.cleaned_data["replaced_by"]]
        reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
        try:
            edition = publishing.retract(
                action.slug,
                reason=reason,
                note=note,
                replaced_by=replaced_by,
                by=editor_of(request),
                at=timezone.now(),
            )
        except PublishingError as error:
            form.add_error(None, [sentence for found in error.problems.values() for sentence in found])
        else:
            model_admin.message_user(request, f"Retracted in edition {edition.number}.", messages.SUCCESS)
            return redirect("admin:tracker_policyaction_change", action.pk)
    context = model_admin.admin_site.each_context(request) | {
        "title": "Retract this entry", "opts": model_admin.opts, "original": action, "form": form,
        "media": model_admin.media + form.media,
    }  # fmt: skip
    return TemplateResponse(request, "admin/tracker/policyaction/retract.html", context)
