"""Retracting from admin: one entry on its page, several in one edition."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from tracker import publishing
from tracker.admin.base import editor_of
from tracker.admin.entries.chosen import Chosen, ask
from tracker.admin.entries.forms import RetractForm
from tracker.models import Edition
from tracker.publishing import PublishingError


def retract(model_admin: Any, request: HttpRequest, action: Any) -> HttpResponse:
    """Show or handle the page that retracts a public entry."""
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            edition = _retract(request, [action.slug], form)
        except PublishingError as error:
            for sentences in _at_fields(form, error).values():
                form.add_error(None, sentences)
        else:
            model_admin.message_user(request, _told(edition), messages.SUCCESS)
            return redirect("admin:tracker_policyaction_change", action.pk)
    context = model_admin.admin_site.each_context(request) | {
        "title": "Retract this entry", "opts": model_admin.opts, "original": action, "form": form,
        "media": model_admin.media + form.media,
    }  # fmt: skip
    return TemplateResponse(request, "admin/tracker/policyaction/retract.html", context)


def retract_selected(model_admin: Any, request: HttpRequest, chosen: Chosen) -> HttpResponse | None:
    """Name the selected entries and ask why; then retract all of them as one edition, or none."""
    form = RetractForm(request.POST if chosen.is_confirmed else None)
    if form.is_bound and form.is_valid():
        try:
            edition = _retract(request, [action.slug for action in chosen.actions], form)
        except PublishingError as error:
            chosen.refuse(_at_fields(form, error))
        else:
            model_admin.message_user(request, _told(edition), messages.SUCCESS)
            return None
    return ask(model_admin, request, chosen, form, title="Retract entries", template="retract_selected")


def _retract(request: HttpRequest, slugs: list[str], form: RetractForm) -> Edition:
    return publishing.retract_all(
        slugs,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        replaced_by=[other.slug for other in form.cleaned_data["replaced_by"]],
        by=editor_of(request),
        at=timezone.now(),
    )


def _told(edition: Edition) -> str:
    return f"Retracted in edition {edition.number}."


def _at_fields(form: RetractForm, error: PublishingError) -> dict[str, list[str]]:
    """Put what is wrong with the form at its fields, once; return the reasons that remain, by slug."""
    reasons: dict[str, list[str]] = {}
    for slug, paths in error.by_path.items():
        for path, sentences in paths.items():
            if path in form.fields:
                form.add_error(path, [each for each in sentences if each not in form.errors.get(path, ())])
            else:
                reasons.setdefault(slug, []).extend(sentences)
    return reasons
