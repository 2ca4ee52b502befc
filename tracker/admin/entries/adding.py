"""Logging an action fast: what the add form knows beforehand, and what comes after it is saved."""

from typing import Any

from django.contrib import messages
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from tracker import codebook, dates
from tracker.admin.entries import prefill
from tracker.admin.entries.pages import EntryPages
from tracker.admin.terms import NewTermField, save_new_terms
from tracker.models import PolicyAction

_SAVING = ("_save", "_review", "_publish")
_ANOTHER = "another"
_NAMED_FREELY = ("actor", "agency")


class EntryAdding(EntryPages):
    """Entries, logged one after the other."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return prefill.completed(super().get_changeform_initial_data(request))

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Take a new name where a lead is picked, from those who may add one."""
        model: Any = db_field.related_model
        new = db_field.name in _NAMED_FREELY and request.user.has_perm(f"tracker.add_{model._meta.model_name}")
        field = super().formfield_for_foreignkey(
            db_field, request, **({"form_class": NewTermField} if new else {}) | kwargs
        )
        if new:
            field.widget.attrs["data-tags"] = "true"
        return field

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save new terms first: the entry names them. Raises RefusedError, and then nothing is saved."""
        told = save_new_terms(form.cleaned_data)
        super().save_related(request, form, formsets, change)
        told += getattr(form, "told", [])
        if wants_date_note(form.cleaned_data):
            told.append("The date is vague: say in the date note who says what.")
        for sentence in told:
            self.message_user(request, sentence, messages.INFO)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Offer to log another action from the same article; come back to the form where that was asked for."""
        _note_another(request)
        response = super().response_add(request, obj, post_url_continue)
        self._offer_same_article(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        _note_another(request)
        return super().response_change(request, obj)

    def _offer_same_article(self, request: HttpRequest, action: PolicyAction) -> None:
        if PolicyAction.objects.filter(pk=action.pk, citations__isnull=False).exists():
            page = reverse("admin:tracker_policyaction_add")
            link = format_html('<a href="{}?from={}">Log another from this article</a>', page, action.pk)
            self.message_user(request, link, messages.INFO)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("add"):
            context["logging"] = {
                "statuses": {code: codebook.usual_status(code) for code in codebook.ATTRIBUTIONS},
                "sourceAt": reverse("admin:tracker_policyaction_source_at"),
            }
        return super().render_change_form(request, context, *args, **kwargs)


def wants_date_note(cleaned: Any) -> bool:
    """Return whether the date of an entry is vague and nothing says why (codebook 7)."""
    date = cleaned.get("date")
    return bool(date) and dates.parse(date).is_vague and not cleaned.get("date_note")


def _note_another(request: HttpRequest) -> None:
    """Let Django know of "... and add another", which is the value of the button that was pressed."""
    if any(request.POST.get(name) == _ANOTHER for name in _SAVING):
        noted = request.POST.copy()
        noted["_addanother"] = "on"
        request.POST = noted  # type: ignore[assignment]
