"""Bulk actions that ask first: a page that names the chosen entries, each with the reasons why it was refused.

Refused ones come back unticked, so that the rest can be sent again as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tracker.comparing import Difference

# A confirmation posts two fields for each entry; DATA_UPLOAD_MAX_NUMBER_FIELDS is 1,000.
AT_ONCE = 400


@dataclass
class Chosen:
    """The entries of a bulk action, why some of them were refused, and what differs from what readers see."""

    actions: list[Any]
    is_confirmed: bool
    reasons: dict[str, list[str]] = field(default_factory=dict)
    differences: dict[str, list[Difference]] = field(default_factory=dict)

    def refuse(self, reasons: Mapping[str, list[str]]) -> None:
        """Add reasons by slug; those of no entry here stand under ""."""
        known = {action.slug for action in self.actions}
        for slug, sentences in reasons.items():
            self.reasons.setdefault(slug if slug in known else "", []).extend(sentences)

    @property
    def stray(self) -> list[str]:
        """Return the reasons that are about no single entry."""
        return self.reasons.get("", [])

    @property
    def rows(self) -> list[tuple[Any, list[str], list[Difference] | None]]:
        """Return each entry, its reasons, and its differences (None: readers have not seen it)."""
        return [
            (action, self.reasons.get(action.slug, []), self.differences.get(action.slug)) for action in self.actions
        ]


def chosen(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Chosen | None:
    """Return the selected entries; None, and a message, when they are too many for one page."""
    actions = list(queryset[: AT_ONCE + 1])
    if len(actions) > AT_ONCE:
        model_admin.message_user(request, f"Select at most {AT_ONCE} entries at once.", messages.ERROR)
        return None
    return Chosen(actions, is_confirmed="confirmed" in request.POST)


def ask(
    model_admin: Any, request: HttpRequest, chosen: Chosen, form: forms.Form, *, template: str, **context: Any
) -> HttpResponse:
    """Show the page that names the chosen entries: 409 when some of them were just refused."""
    shown = model_admin.admin_site.each_context(request) | {
        "opts": model_admin.opts,
        "chosen": chosen,
        "form": form,
        "action_name": request.POST.get("action", ""),
        "checkbox": ACTION_CHECKBOX_NAME,
        "media": model_admin.media + form.media,
    } | context  # fmt: skip
    status = 409 if chosen.is_confirmed and (chosen.reasons or form.errors) else 200
    return TemplateResponse(request, f"admin/tracker/policyaction/{template}.html", shown, status=status)
