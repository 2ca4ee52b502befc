"""Restoring a revision: an old text becomes a new revision, through the checks and the lock that every save passes.

Readers see nothing of it until a reviewer publishes it. The status comes back only with the lines of the history
that it follows from: they are part of the text.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from tracker import document, record
from tracker.admin.base import EditorialAdmin, editor_of
from tracker.admin.entries.marking import shown
from tracker.admin.widgets import is_key
from tracker.comparing import Difference, differences
from tracker.models import PolicyAction, Revision
from tracker.models.fields import validate_plain_text
from tracker.publishing.vocabulary import live_terms
from tracker.record import ConflictError, Draft, RecordError


class RestoreForm(forms.Form):
    """Why, and which revision was the newest when the page was opened."""

    reason = forms.CharField(
        max_length=900,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[validate_plain_text],
        help_text="For the history of the entry; readers do not see it.",
    )
    opened_with = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def draft_of(revision: Revision, *, action: PolicyAction, expected: int) -> Draft:
    """Return the text of `revision` as a change of `action`; a working copy that was clean is a draft again."""
    workflow = "draft" if action.workflow == "clean" else action.workflow
    saved = revision.document
    return Draft(saved["entry"], saved["relations"], slug=action.slug, expected=expected, workflow=workflow)


def restored(revision: Revision) -> dict[str, Any]:
    """Return the document that restoring would make: the old text, its terms and sources as they are called now."""
    entry = revision.document["entry"]
    terms = live_terms(document.terms_named(entry))
    parents = {("agency", term["parent"]) for (kind, _), term in terms.items() if kind == "agency" and term["parent"]}
    fresh = document.reprint(entry, {**live_terms(parents), **terms})
    return revision.document | {"entry": fresh}


def would_change(action: PolicyAction, revision: Revision) -> list[Difference]:
    """Return what restoring would change in `action` (one of `for_documents()`)."""
    now = {"entry": document.entry_of(action), "relations": document.relations_of(action)}
    return differences(now, restored(revision))


def restore(action: PolicyAction, revision: Revision, *, expected: int, by: User, at: datetime, reason: str) -> None:
    """Save the text of `revision` again. Raises RecordError and ConflictError; then nothing is saved."""
    said = f"Restored revision {revision.number}: {reason}"
    record.save_entry(draft_of(revision, action=action, expected=expected), by=by, at=at, reason=said)


class EntryRestore(EditorialAdmin):
    """The page that shows what restoring would change, and asks why."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.restore_view)
        address = "<int:key>/restore/<int:number>/"
        return [path(address, view, name="tracker_policyaction_restore"), *super().get_urls()]

    def restore_view(self, request: HttpRequest, key: int, number: int) -> HttpResponse:
        """Show it or do it; nothing is done when the entry is no longer as the page showed it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if not (is_key(key) and number < 2**31):
            raise Http404
        revision = get_object_or_404(Revision.objects.select_related("by"), action=key, number=number)
        form = RestoreForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            return self._restored(request, revision, form)
        return self._asked(request, revision, form)

    def _restored(self, request: HttpRequest, revision: Revision, form: RestoreForm) -> HttpResponse:
        action = _action(revision)
        if action.revision == form.cleaned_data["opened_with"] and not would_change(action, revision):
            return self._asked(request, revision, form)
        try:
            restore(
                action, revision, expected=form.cleaned_data["opened_with"], by=editor_of(request),
                at=timezone.now(), reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except ConflictError:
            return self._asked(request, revision, form, status=409)
        except RecordError:
            return self._asked(request, revision, form)
        self.log_change(request, action, f"Restored revision {revision.number}.")
        told = f"Revision {revision.number} was restored as a new one. Readers see it once it is published."
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:tracker_policyaction_change", action.pk)

    def _asked(self, request: HttpRequest, revision: Revision, form: RestoreForm, *, status: int = 200) -> HttpResponse:
        """Show the page with what the record says by now; what was typed stays."""
        action = _action(revision)
        draft = draft_of(revision, action=action, expected=action.revision)
        [problems] = record.problems_of([draft], today=timezone.now().date())
        context = self.admin_site.each_context(request) | {
            "title": f"Restore revision {revision.number}", "object": action, "opts": self.opts,
            "revision": revision, "changes": shown(would_change(action, revision)), "form": form,
            "problems": [sentence for found in problems.values() for sentence in found],
            "newest": action.revisions.select_related("by").first(), "is_stale": status == 409,
        }  # fmt: skip
        return TemplateResponse(request, "admin/tracker/policyaction/restore.html", context, status=status)


def _action(revision: Revision) -> PolicyAction:
    return get_object_or_404(PolicyAction.objects.for_documents(), pk=revision.action_id)
