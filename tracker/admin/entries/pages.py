"""The pages of an entry: one logs an action with its source and first status, one edits it.

Nothing here writes the record: what was typed becomes a Draft, and `record.save_entry` saves it or says why not.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from tracker import dates
from tracker.admin.base import editor_of
from tracker.admin.entries import publication, saving
from tracker.admin.entries.doubles import seen_in
from tracker.admin.entries.drafts import RefusedError
from tracker.admin.entries.forms import AddForm, ChangeForm
from tracker.admin.entries.listing import EntryList, ledger_code
from tracker.admin.entries.moves import move_asked
from tracker.admin.entries.rows import CitationInline, RelationInline, RowFormSet, StatusInline
from tracker.admin.kept import gone_page
from tracker.admin.widgets import is_key
from tracker.models import PolicyAction, PublishedAction

_NOT_TYPED_HERE = ("opened_with", "review_note", "change_kind", "change_note")


class EntryPages(EntryList):
    """Entries one by one."""

    form = ChangeForm
    inlines = (StatusInline, CitationInline, RelationInline)
    save_on_top = True
    autocomplete_fields = ("actor", "other_actors", "agency", "other_agencies", "affects", "topics")
    add_fieldsets = (
        ("Where we have it from", {"fields": ("source_url", "attribution")}),
        ("More about the source", {
            "fields": ("publisher", "source_title", "source_published", "source_kind", "source"),
            "classes": ("collapse",),
        }),
        ("What was decided", {
            "fields": ("title", "where_it_stands", "date", "status", "category", "agency", "actor"),
        }),
        ("More about the status", {"fields": ("status_date", "status_by", "status_note"), "classes": ("collapse",)}),
        ("More about the action", {
            "fields": (
                "date_note", "summary", "form", "actor_office", "affects", "topics", "other_actors", "other_agencies",
                "identifiers", "due_date",
            ),
            "classes": ("collapse",),
        }),
    )  # fmt: skip
    fieldsets = (
        ("What was decided", {"fields": ("title", "summary", "date", "date_note", "category", "form", "identifiers")}),
        ("Who, and who is affected", {
            "fields": (
                "actor", "actor_office", "agency", "affects", "topics", "other_actors", "other_agencies",
            ),
        }),
        ("How matters stand", {
            "fields": (
                "current_status", "where_it_stands", "due_date", "disputed", "dispute_note", "last_verified",
            ),
        }),
    )  # fmt: skip
    readonly_fields = ("current_status",)

    @admin.display(description="status")
    def current_status(self, action: Any) -> str:
        """The status that follows from the history; it cannot be typed."""
        if not action.status:
            return "None yet: add a line to the status history."
        since = f"since {dates.display(action.status_date)}"
        return format_html("{} {}, from the status history below", self.status_tag(action), since)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.inlines

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        if not self.has_change_permission(request, obj):
            return self.fieldsets
        return (*self.fieldsets, (None, {"fields": ("opened_with",)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.readonly_fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **({"form": AddForm} if obj is None else {}) | kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | ({"initial": inline.rows_of(obj)} if inline.has_change_permission(request, obj) else {})

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if issubclass(formset, RowFormSet):
                formset.refusal = getattr(request, "refusal", None)
            yield formset, inline

    def view_on_site(self, action: Any) -> str | None:
        """Return the public page of what is public."""
        return None if ledger_code(action) == "never" else action.get_absolute_url()

    # --- saving -------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Save all or nothing; when the record or the ledger refuses, show the form again and say why at its fields."""
        if request.method == "POST" and object_id is not None and not self._exists(object_id):
            return gone_page(self, request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RefusedError as error:
            request.refusal = error.refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _exists(self, object_id: str) -> bool:
        key = unquote(object_id)
        return is_key(key) and PolicyAction.objects.filter(pk=key).exists()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Leave it to `save_related`, which knows the rows."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the whole entry through the record, and publish it when asked to. Raises RefusedError."""
        by, at = editor_of(request), timezone.now()
        move, seen = move_asked(request.POST, form.cleaned_data), seen_in(request.POST)
        if change:
            saved = saving.save_changes(form, formsets, by=by, at=at, move=move, seen=seen)
        else:
            saved = saving.save_new(form, by=by, at=at, workflow=move.workflow, seen=seen)
        if "_publish" in request.POST:
            saved.told.append(publication.publish_saved(saved, form.cleaned_data, by=by, at=at))
        form.instance.pk, form.instance.slug = saved.action.pk, saved.action.slug
        for sentence in saved.told:
            self.message_user(request, sentence, messages.INFO)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Say in Django's log that it was saved; what changed is told by the revisions."""
        if add:
            return [{"added": {}}]
        names = [name.replace("_", " ") for name in form.changed_data if name not in _NOT_TYPED_HERE]
        return [{"changed": {"fields": names}}]

    def is_undeletable(self, obj: Any) -> bool:
        return PublishedAction.objects.filter(slug=obj.slug).exists()
