"""The forms of an entry: one page that logs it with its source and first status, one that edits it, one that
retracts it. They check single fields; what makes an entry is checked by `record.save_entry`."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError

from tracker import codebook
from tracker.admin.entries import drafts
from tracker.admin.entries.drafts import Refusal
from tracker.admin.refusing import RefusedFields
from tracker.admin.sources import check_new_source, find_source, new_source, proposed_publisher, proposed_title
from tracker.admin.widgets import (
    CodeField,
    CodeSelectField,
    FieldsOnlyForm,
    ProposingInput,
    TermsField,
    WordedDateField,
    picker,
)
from tracker.models import Citation, PolicyAction, Publisher, Relation, Source
from tracker.models.addresses import address_key, address_to_open
from tracker.models.fields import validate_plain_text, validate_public_address

_PROPOSED_PUBLISHERS = 500
_SOURCE_FIELDS = ("source_url", "publisher", "source_title", "source_published")
# Of the add form, in their order; the rest is folded away.
_IN_SIGHT = ("source_url", "attribution", "title", "where_it_stands", "date", "status", "category", "agency", "actor")
_WIDGETS = {
    "title": forms.TextInput(attrs={"class": "vTextField"}),
    "summary": forms.Textarea(attrs={"rows": 4}),
    "identifiers": forms.Textarea(attrs={"rows": 2}),
}


class EntryForm(RefusedFields, FieldsOnlyForm):
    """Shows at its fields why the record refused what was typed before; never writes anything itself."""

    refusal: ClassVar[Refusal | None] = None


class SourcedForm(EntryForm):
    """Says where we have it from: a source of the record, or a new one that is saved with the entry.

    `cleaned_data["source"]` is the source that was found, a new one not yet saved, or None.
    """

    source_url = forms.CharField(
        label="Source address",
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"class": "vTextField"}),
        help_text="As it stands in the browser. A source that is in the record already is found by it and used again.",
    )
    publisher = forms.CharField(
        required=False,
        max_length=200,
        widget=ProposingInput(attrs={"class": "vTextField"}),
        help_text="Who reported it first-hand, even when it was read elsewhere. A new name becomes a new publisher.",
    )
    source_title = forms.CharField(
        required=False,
        max_length=500,
        validators=[validate_plain_text],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="The headline as printed.",
    )
    source_published = WordedDateField(
        required=False, label="Source published", widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    source = forms.ModelChoiceField(
        Source.objects.select_related("publisher"),
        required=False,
        label="Or a source in the record",
        widget=picker(Citation._meta.get_field("source")),
        help_text="Instead of the four fields above, such as for something in print.",
    )
    source_kind = CodeSelectField(codebook.SOURCE_KINDS, initial="news_report", required=False, label="Kind of source")
    attribution = CodeField(codebook.ATTRIBUTIONS, required=False, label="How do we know?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Publisher.objects.filter(merged_into=None).only("name", "aliases")[:_PROPOSED_PUBLISHERS]
        self.fields["publisher"].widget.known = [(each.name, "; ".join(each.alias_list)) for each in known]
        # What the editor is told after saving about choices made here in their place.
        self.told: list[str] = []

    def clean_source_url(self) -> str:
        """Return the address without fragment and tracking names."""
        url = self.cleaned_data["source_url"]
        if not url:
            return ""
        validate_public_address(url)
        try:
            address_key(url)
        except ValueError as error:
            raise ValidationError("This is not an address that can be opened.") from error
        return address_to_open(url)

    def clean(self) -> dict[str, Any]:
        """Find the source, or describe the new one; refuse half of a source."""
        cleaned = super().clean() or self.cleaned_data
        if not set(_SOURCE_FIELDS) & self.errors.keys():
            self._clean_source(cleaned)
        return cleaned

    def _clean_source(self, cleaned: dict[str, Any]) -> None:
        typed = any(cleaned.get(name) for name in _SOURCE_FIELDS)
        found = find_source(cleaned) if typed or cleaned.get("source") else None
        if found and cleaned.get("source_url") and found.url_key != address_key(cleaned["source_url"]):
            self.add_error("source", "This source has another address than the one typed above.")
        if typed and found is None:
            found = self._new_source(cleaned)
        said = cleaned.get("attribution") or "attribution" in self.errors
        if found and not said and not self.is_cited(found):
            self.add_error("attribution", "Say on whose word the source has it.")
        if cleaned.get("attribution") and not typed and not cleaned.get("source"):
            self.add_error("source_url", "Which source is it that says so?")
        cleaned["source"] = found

    def is_cited(self, source: Source) -> bool:
        """Return whether the entry cites `source` already, so that nobody is asked on whose word it has it."""
        return False

    def _propose(self, cleaned: dict[str, Any]) -> None:
        """Fill in what was left blank and what record or address can tell about the source; say so."""
        url = cleaned.get("source_url")
        if url and not cleaned.get("publisher") and (publisher := proposed_publisher(url)):
            cleaned["publisher"] = publisher.name
            self.told.append(f"Publisher: {publisher}, as of the other sources from the same site.")
        if url and not cleaned.get("source_title") and (title := proposed_title(url)):
            cleaned["source_title"] = title
            self.told.append(f"Title of the source, read from its address: “{title}”. Mend it if the headline differs.")

    def _new_source(self, cleaned: dict[str, Any]) -> Source | None:
        self._propose(cleaned)
        for name, question in (("publisher", "Who published it?"), ("source_title", "What is its title?")):
            if not cleaned.get(name):
                self.add_error(name, question)
        if {"publisher", "source_title"} & self.errors.keys():
            return None
        source = new_source(cleaned)
        for name, messages in check_new_source(source).items():
            self.add_error(name or None, messages)
        return source


class AddForm(SourcedForm):
    """An action, its source and its first status on one page."""

    status = CodeField(codebook.STATUSES, required=False)
    status_date = WordedDateField(
        required=False,
        lasting=False,
        label="Status since",
        help_text="Left blank: the date of the action; for Reported, the day of the source.",
    )
    status_by = CodeSelectField(
        codebook.STATUS_BY, blank="As usual for this status", required=False, label="Brought about by"
    )
    status_note = forms.CharField(
        required=False, validators=[validate_plain_text], widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = PolicyAction
        fields: ClassVar = ["title"]
        widgets: ClassVar = _WIDGETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = next((name for name in _IN_SIGHT if not self.initial.get(name)), "title")
        for name, field in self.fields.items():
            if name == first:
                field.widget.attrs["autofocus"] = True
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget.can_change_related = field.widget.can_view_related = False
                field.widget.can_add_related &= name != "category"

    def clean(self) -> dict[str, Any]:
        """Take the status that follows from how we know, where none was chosen; refuse half of a status."""
        cleaned = super().clean()
        if cleaned.get("status_note") and not cleaned.get("status"):
            self.add_error("status", "Which status is the note about?")
        elif not cleaned.get("status") and "status" not in self.errors:
            self._follow_attribution(cleaned)
        return cleaned

    def _follow_attribution(self, cleaned: dict[str, Any]) -> None:
        status = codebook.usual_status(cleaned.get("attribution") or "")
        if status and drafts.first_status_date({**cleaned, "status": status}, cleaned.get("source")):
            cleaned["status"] = status
            self.told.append(f"Status: {codebook.STATUSES[status].label}, since nobody confirms it by name yet.")


class NoteField(forms.CharField):
    """A few sentences to readers or colleagues: at most 1000 characters of plain text."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.Textarea(attrs={"rows": 2})
        super().__init__(max_length=1000, validators=[validate_plain_text], widget=box, **kwargs)


class ChangeForm(EntryForm):
    """The editorial fields of an entry, with the revision they were read from: the optimistic lock."""

    opened_with = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    change_kind = CodeField(
        codebook.Codes(*(codebook.CHANGES[code] for code in ("updated", "corrected", "minor"))),
        required=False,
        label="Kind of change",
    )
    change_note = NoteField(
        required=False,
        label="Note for readers",
        help_text="What moved, or what we had wrong. Everyone can read it.",
    )
    review_note = NoteField(
        required=False,
        label="Note to colleagues",
        help_text="Why this was changed, what to look at, what has to be mended. Readers never see it.",
    )

    class Meta:
        model = PolicyAction
        fields: ClassVar = ["title"]
        widgets: ClassVar = _WIDGETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "opened_with" in self.fields:
            self.fields["opened_with"].initial = self.instance.revision


class PublishForm(forms.Form):
    """What readers are told about a bulk publication."""

    change_kind = ChangeForm.base_fields["change_kind"]
    change_note = ChangeForm.base_fields["change_note"]
    note = forms.CharField(
        required=False,
        max_length=1000,
        validators=[validate_plain_text],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        label="Note on the edition",
        help_text="Optional. Everyone can read it.",
    )


class ReturnForm(forms.Form):
    """Why entries go back to their editors."""

    review_note = forms.CharField(
        max_length=1000,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Comment",
        help_text="What has to be mended before these can be published. Editors read it on each entry.",
    )


class RetractForm(forms.Form):
    """Why an entry should not stand."""

    reason = CodeField(
        codebook.Codes(*(reason for code, reason in codebook.RETRACTION_REASONS.items() if code != "legal"))
    )
    note = forms.CharField(
        max_length=1000,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Note for readers",
        help_text="Why the entry should not stand. Everyone can read it.",
    )
    replaced_by = TermsField(
        PolicyAction.objects.all(),
        required=False,
        widget=picker(Relation._meta.get_field("to_action"), multiple=True),
        help_text="For a duplicate, the entry that stays; for a split, the entries that replace it.",
    )
