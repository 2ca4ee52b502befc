"""Rows of an entry on its page: history, citations, relations.

Rows are values, not records: what is posted is what the entry will say, in that order, whatever the tables hold by
then. So a stale page keeps everything typed, and nothing here is saved by Django: `record.save_entry` writes rows.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from tracker import codebook
from tracker.admin.base import HouseFields
from tracker.admin.entries import drafts
from tracker.admin.widgets import FieldsOnlyForm
from tracker.models import Citation, PolicyAction, Relation, StatusChange


class RowForm(FieldsOnlyForm):
    """One row. It counts as typed when one of its `essential` fields holds something."""

    essential: ClassVar[tuple[str, ...]] = ()

    def has_changed(self) -> bool:
        """Return whether anything essential was typed: an untouched row counts, a blank one does not."""
        values = (
            self.fields[name].widget.value_from_datadict(self.data, {}, self.add_prefix(name))
            for name in self.essential
        )
        return any(str(value or "").strip() for value in values)


class StatusRow(RowForm):
    """One line of the history."""

    essential = ("status", "date", "by", "note", "source")
    position = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=9999,
        label="Place",
        widget=forms.NumberInput(attrs={"class": "place"}),
        help_text="Left blank: where its date belongs.",
    )

    class Meta:
        model = StatusChange
        fields: ClassVar = ["position", "status", "date", "by", "source", "note"]
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 2, "cols": 30})}

    def clean(self) -> dict[str, Any]:
        """Fill in who usually brings this status about, as the add form does; a line saved without stays without."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        as_saved = (self.initial.get("status"), self.initial.get("by"))
        if not cleaned.get("by") and as_saved != (cleaned.get("status"), ""):
            cleaned["by"] = codebook.default_by(cleaned.get("status") or "")
        return cleaned


class CitationRow(RowForm):
    """One source of the entry."""

    essential = ("source", "attribution")
    bears_on = forms.MultipleChoiceField(
        choices=codebook.BEARS_ON.choices, initial=["action"], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Citation
        fields: ClassVar = ["source", "attribution", "stance", "bears_on"]

    def _post_clean(self) -> None:
        """Leave the model out: it keeps what a source bears on as text."""


class RelationRow(RowForm):
    """One relation to another entry, or to something outside the data set."""

    essential = ("kind", "to_action", "to_title", "to_identifier", "to_url", "note")

    class Meta:
        model = Relation
        fields: ClassVar = ["kind", "to_action", "in_part", "to_title", "to_identifier", "to_url", "note"]
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 2})}


class RowFormSet(BaseInlineFormSet):
    """All rows of one kind, shown as values and read back as values."""

    refusal: ClassVar[drafts.Refusal | None] = None

    def __init__(self, *args: Any, initial: list[dict[str, Any]] | None = None, **kwargs: Any) -> None:
        self.extra = len(initial or ())
        super().__init__(*args, initial=initial, **kwargs)

    def get_queryset(self) -> Any:
        return super().get_queryset().none()

    def initial_form_count(self) -> int:
        """Return 0: no row stands for a record, whatever a forged management form says."""
        return 0

    def full_clean(self) -> None:
        super().full_clean()
        problems = self.refusal.rows.get(str(self.prefix), {}) if self.refusal and self.is_bound else {}
        for number, fields in problems.items():
            if not 0 <= number < len(self.forms):
                self._non_form_errors.extend(  # type: ignore[attr-defined]
                    message for messages in fields.values() for message in messages
                )
                continue
            form = self.forms[number]
            for name, messages in fields.items():
                form.add_error(name if name in form.fields else None, messages)

    def validate_unique(self) -> None:
        """Leave it to the record."""

    def typed(self) -> list[drafts.Typed]:
        """Return the rows that were typed and not removed, in the order of the page."""
        rows = [(number, form) for number, form in enumerate(self.forms) if form.has_changed()]
        return [
            drafts.Typed(number, form.cleaned_data.get("position"), self.compile_row(form.cleaned_data))
            for number, form in rows
            if not form.cleaned_data.get("DELETE")
        ]

    @staticmethod
    def compile_row(cleaned: drafts.Cleaned) -> dict[str, Any]:
        """Return the row as the document has it."""
        raise NotImplementedError


class StatusRows(RowFormSet):
    """The history."""

    compile_row = staticmethod(drafts.status_row)


class CitationRows(RowFormSet):
    """The sources."""

    compile_row = staticmethod(drafts.citation_row)


class RelationRows(RowFormSet):
    """The relations."""

    compile_row = staticmethod(drafts.relation_row)


class RowInline(HouseFields, admin.TabularInline):
    """Rows as an inline. Whoever may change the entry may change its rows."""

    formset = RowFormSet
    template = "admin/tracker/edit_inline/tabular.html"
    extra = 0

    def rows_of(self, action: PolicyAction) -> list[dict[str, Any]]:
        """Return what the page shows of a saved entry, field by field."""
        raise NotImplementedError

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("tracker.view_policyaction") or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("tracker.change_policyaction")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return plain rows to whoever may only look: what cannot be edited is not posted."""
        if not self.has_change_permission(request, obj):
            kwargs |= {"formset": BaseInlineFormSet, "extra": 0}
        return super().get_formset(request, obj, **kwargs)


class StatusInline(RowInline):
    """The history of the status. The current status is that of the last line that has one."""

    model = StatusChange
    form = StatusRow
    formset = StatusRows
    autocomplete_fields = ("source",)
    verbose_name = "line of the history"
    verbose_name_plural = "status history"

    def rows_of(self, action: PolicyAction) -> list[dict[str, Any]]:
        names = ("position", "status", "date", "by", "note")
        lines = sorted(action.status_changes.all(), key=lambda line: line.position)
        return [{name: getattr(line, name) for name in names} | {"source": line.source_id} for line in lines]


class CitationInline(RowInline):
    """The sources."""

    model = Citation
    form = CitationRow
    formset = CitationRows
    autocomplete_fields = ("source",)
    verbose_name = "source"
    verbose_name_plural = "sources"

    def rows_of(self, action: PolicyAction) -> list[dict[str, Any]]:
        cited = sorted(action.citations.all(), key=lambda citation: citation.position)
        return [
            {"source": item.source_id, "attribution": item.attribution, "stance": item.stance}
            | {"bears_on": item.bears_on.split()}
            for item in cited
        ]


class RelationInline(RowInline):
    """What other actions it hangs together with."""

    model = Relation
    form = RelationRow
    formset = RelationRows
    fk_name = "from_action"
    template = "admin/edit_inline/stacked.html"
    autocomplete_fields = ("to_action",)
    fieldsets = (
        (None, {"fields": ("kind", "to_action", "in_part", "note")}),
        (
            "Something outside the data set",
            {"fields": ("to_title", "to_identifier", "to_url"), "classes": ("collapse",)},
        ),
    )

    def rows_of(self, action: PolicyAction) -> list[dict[str, Any]]:
        names = ("kind", "in_part", "to_title", "to_identifier", "to_url", "note")
        return [
            {name: getattr(item, name) for name in names} | {"to_action": item.to_action_id}
            for item in sorted(action.relations.all(), key=lambda item: item.pk)
        ]
