"""Publishing from admin: one button and one bulk action, both through `publishing`, with its refusals at the fields."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tracker import codebook, comparing, publishing
from tracker.admin.base import editor_of, may_publish
from tracker.admin.entries.chosen import Chosen, ask
from tracker.admin.entries.drafts import RefusedError
from tracker.admin.entries.forms import PublishForm
from tracker.admin.entries.listing import ledger_code
from tracker.admin.entries.saving import Saved
from tracker.admin.widgets import is_key
from tracker.models import Edition, PolicyAction, PublishedAction
from tracker.publishing import OWN_WORK, Change, PublishingError

_NOT_YET = "Not published, and nothing saved yet."
_NEW_IS_OWN = "What you log here, another reviewer publishes: send it for review."
_NOTHING_NEW = "Readers see exactly this. What you change here, another reviewer publishes."
_RETRACTED = "It was retracted: log the action anew if it should stand."
_OF_THE_CHANGE = ("change_kind", "change_note")


def publish_saved(saved: Saved, cleaned: Mapping[str, Any], *, by: User, at: datetime) -> str:
    """Publish an entry that was just saved, as its form says; return what the reviewer is told.

    Raises RefusedError with what is missing at its fields; the request then saves nothing.
    """
    action = saved.action
    change = Change(cleaned.get("change_kind") or "", cleaned.get("change_note") or "")
    try:
        edition = publishing.publish({action.slug: action.revision}, by=by, at=at, changes={action.slug: change})
    except PublishingError as error:
        refusal = saved.at_fields(error.by_path.get(action.slug, {"": [str(error)]}))
        refusal.fields.setdefault("", []).insert(0, _NOT_YET)
        refusal.wanted = working_copy(action)
        raise RefusedError(refusal) from error
    return told(edition)


def told(edition: Edition | None) -> str:
    """Return what the reviewer is told afterwards."""
    return f"Published in edition {edition.number}." if edition else "Readers see exactly this already."


def why_not(user: Any, action: Any | None) -> str:
    """Return why this reviewer has no button to publish `action` (None: a new one); "" when there is one.

    At most two queries.
    """
    if action is None:
        return _NEW_IS_OWN if settings.REVIEW_REQUIRED else ""
    if ledger_code(action) == "retracted":
        return _RETRACTED
    if publishing.own_work([action], by=user):
        return OWN_WORK
    nothing_new = ledger_code(action) == "current" and not action.has_unpublished_edits
    return _NOTHING_NEW if nothing_new and settings.REVIEW_REQUIRED else ""


def asks_for_change(request: HttpRequest, action: Any) -> bool:
    """Return whether the page of `action` asks which kind of change is published. Looked up once a request."""
    if not may_publish(request.user) or ledger_code(action) != "current":
        return False
    return not reason_against(request, action)


def reason_against(request: HttpRequest, action: Any | None) -> str:
    """Return `why_not` for the one entry of this request, looked up once."""
    if not hasattr(request, "why_not_publish"):
        request.why_not_publish = why_not(request.user, action)  # type: ignore[attr-defined]
    return str(request.why_not_publish)  # type: ignore[attr-defined]


def state_of(action: Any) -> dict[str, Any]:
    """Return what the banner says of an entry (one of `with_ledger_state()`). One query."""
    row = PublishedAction.objects.current().filter(slug=action.slug).select_related("edition").first()
    ledger = ledger_code(action)
    return {
        "ledger_code": ledger,
        "ledger": codebook.LEDGER_STATES[ledger],
        "workflow": codebook.WORKFLOW[action.workflow],
        "public_row": row,
        "unpublished_edits": ledger == "current" and action.has_unpublished_edits,
    }


def working_copy(action: PolicyAction) -> dict[str, Any]:
    """Return the document of one action (of `for_documents()`) as readers would see it."""
    return publishing.working_documents([action])[action.slug]


# --- bulk ------------------------------------------------------------------------------------------------------


def publish_selected(model_admin: Any, request: HttpRequest, chosen: Chosen) -> HttpResponse | None:
    """Name the selected entries and ask what kind of change it is; then publish those as they were named.

    One edition or none: whatever is refused is named with its reasons, unticked.
    """
    form = PublishForm(request.POST if chosen.is_confirmed else None)
    if form.is_bound and form.is_valid():
        try:
            edition = _publish_as_named(request, chosen.actions, form.cleaned_data)
        except PublishingError as error:
            chosen.refuse(_told_once(form, error))
        else:
            model_admin.message_user(request, told(edition), messages.SUCCESS)
            return None
    return ask(model_admin, request, chosen, form, **_publication(request, chosen))


def _publish_as_named(request: HttpRequest, actions: Sequence[Any], cleaned: Mapping[str, Any]) -> Edition | None:
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


def _told_once(form: PublishForm, error: PublishingError) -> dict[str, list[str]]:
    """Put what is missing for all entries alike at its field; return the reasons that remain, by slug."""
    reasons: dict[str, list[str]] = {}
    for slug, paths in error.by_path.items():
        for path, sentences in paths.items():
            if path in _OF_THE_CHANGE and not form.cleaned_data[path]:
                form.add_error(path, [each for each in sentences if each not in form.errors.get(path, ())])
            else:
                reasons.setdefault(slug, []).extend(sentences)
    return reasons


def _publication(request: HttpRequest, chosen: Chosen) -> dict[str, Any]:
    """Return what the page says of each entry: what differs from what readers see, and what is one's own."""
    if not chosen.is_confirmed:
        own = publishing.own_work(chosen.actions, by=editor_of(request))
        chosen.refuse({slug: [OWN_WORK] for slug in own})
    slugs = [action.slug for action in chosen.actions]
    public = publishing.public_documents(slugs)
    known = PolicyAction.objects.for_documents().filter(slug__in=public)
    working = publishing.working_documents(list(known)) if public else {}
    chosen.differences = {slug: comparing.differences(public[slug], working[slug]) for slug in public}
    return {"title": "Publish entries", "template": "publish", "any_public": bool(public)}
