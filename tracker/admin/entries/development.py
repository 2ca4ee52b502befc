"""One development of an entry: the form that logs it, the draft it makes, and what became of it meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker import codebook, dates, document, record
from tracker.admin.entries import drafts
from tracker.admin.entries.drafts import Refusal, RefusedError
from tracker.admin.entries.forms import AddForm, ChangeForm, SourcedForm
from tracker.admin.entries.saving import Saved, source_typed
from tracker.admin.widgets import CodeField, WordedDateField
from tracker.models import PolicyAction, Revision, Source
from tracker.models.fields import clean_text
from tracker.record import ConflictError, Draft, RecordError

_UNCHANGED = ("No change", "Something happened, and the status stays what it was.")
_FIELDS = {"date": "status_date", "status": "status", "by": "status_by", "note": "status_note", "source": "source_url"}


@dataclass(frozen=True)
class Opened:
    """The entry as it was when the page was opened: its document and the number of that revision."""

    entry: Mapping[str, Any]
    relations: list[dict[str, Any]]
    revision: int

    @classmethod
    def read(cls, action: PolicyAction, *, revision: str | int) -> "Opened":
        """Return `action` (one of `for_documents()`) as of `revision`; as it is now when that is no revision of it."""
        number = int(revision) if str(revision).isdecimal() and len(str(revision)) < 10 else 0
        saved = None if number == action.revision else Revision.objects.filter(action=action, number=number).first()
        if saved is None:
            return cls(document.entry_of(action), document.relations_of(action), action.revision)
        return cls(saved.document["entry"], saved.document["relations"], number)

    @property
    def reported(self) -> Mapping[str, Any] | None:
        """The line that says `reported`, if that is how matters stand."""
        said = [line for line in self.entry["status_history"] if line["status"]]
        return said[-1] if said and said[-1]["status"] == "reported" else None


class DevelopmentForm(SourcedForm):
    """What happened, on whose word, and how matters stand now."""

    status = CodeField(codebook.STATUSES, required=False, label="Status now")
    status_date = WordedDateField(
        required=False,
        lasting=False,
        label="Since when",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="The day on which it became so or happened, not the day we heard of it.",
    )
    status_by = AddForm.base_fields["status_by"]
    status_note = AddForm.base_fields["status_note"]
    replaces_reported = forms.BooleanField(
        required=False,
        initial=True,
        help_text="Reported stands for a status that is not known; once it is known, its line goes.",
    )
    stance = forms.ChoiceField(
        choices=codebook.STANCES.choices,
        initial="supports",
        required=False,
        label="This source",
        help_text="A denial disputes the action.",
    )
    due_date = WordedDateField(
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="A day still to come, as announced. Empty it when the matter is settled.",
    )
    change_note = ChangeForm.base_fields["change_note"]
    opened_with = ChangeForm.base_fields["opened_with"]

    class Meta:
        model = PolicyAction
        fields: ClassVar = ["where_it_stands", "due_date"]
        widgets: ClassVar = {"where_it_stands": forms.TextInput(attrs={"class": "vTextField"})}

    def __init__(self, *args: Any, opened: Opened, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened = opened
        status: Any = self.fields["status"]
        status.choices = [("", _blank()), *status.choices]
        status.widget.attrs["autofocus"] = True
        self.fields["opened_with"].initial = opened.revision
        self.fields["status_note"].label = "What happened"
        self.fields["change_note"].help_text = "Everyone can read it. Left blank: what happened, as noted above."
        if opened.reported is None:
            del self.fields["replaces_reported"]
        else:
            reported = f"Replace the line “Reported, {dates.display(opened.reported['date'])}”"
            self.fields["replaces_reported"].label = reported

    def is_cited(self, source: Source) -> bool:
        """Return whether the entry cites `source` already."""
        return source.slug in {item["source"]["slug"] for item in self.opened.entry["citations"]}

    def refuse(self, refusal: Refusal) -> None:
        """Show at its fields why nothing was saved."""
        self.refusal = refusal  # type: ignore[misc]
        self.full_clean()


def _blank() -> SafeString:
    return format_html('<b>{}</b> <span class="definition">{}</span>', *_UNCHANGED)


# --- the draft -------------------------------------------------------------------------------------------------


def developed(opened: Opened, cleaned: Mapping[str, Any], *, source: Source | None) -> tuple[dict[str, Any], int]:
    """Return the entry with one more line, where its date belongs, and the position of that line."""
    status = cleaned.get("status") or ""
    by = cleaned.get("status_by") or codebook.default_by(status)
    line = {"status": status, "date": cleaned.get("status_date"), "by": by, "note": cleaned.get("status_note")}
    left_out = opened.reported if status and cleaned.get("replaces_reported") else None
    kept = [row for row in opened.entry["status_history"] if row is not left_out]
    typed = [drafts.Typed(number, number, row) for number, row in enumerate(kept, start=1)]
    history = drafts.in_order([*typed, drafts.Typed(0, None, drafts.status_row(line | {"source": source}))])
    entry = {
        **opened.entry,
        "status_history": [item.row for item in history],
        "citations": _citations(opened.entry["citations"], cleaned, source),
        "where_it_stands": clean_text(cleaned.get("where_it_stands") or "") or None,
        "due_date": cleaned.get("due_date") or None,
    }
    return entry, [item.form for item in history].index(0) + 1


def _citations(cited: list[dict[str, Any]], cleaned: Mapping[str, Any], source: Source | None) -> list[dict[str, Any]]:
    """Return the citations with `source` among them, bearing on what was learnt from it."""
    if source is None:
        return cited
    bears_on = ["status"] if cleaned.get("status") else ["action"]
    if all(item["source"]["slug"] != source.slug for item in cited):
        return [*cited, drafts.citation_row({**cleaned, "source": source, "bears_on": bears_on})]
    if not cleaned.get("status"):
        return cited
    return [_bearing_on_status(item) if item["source"]["slug"] == source.slug else item for item in cited]


def _bearing_on_status(item: dict[str, Any]) -> dict[str, Any]:
    bears_on = {*item["bears_on"], "status"}
    return {**item, "bears_on": [code for code in codebook.BEARS_ON.codes if code in bears_on]}


def refusal_of(problems: Mapping[str, list[str]], *, position: int, cited: int) -> Refusal:
    """Return where on the form each problem belongs.

    `position` is that of the new line, `cited` how many sources the entry had: any further one is the new one.
    """
    refusal = Refusal()
    for path, sentences in problems.items():
        part, _, rest = path.partition(".")
        number, _, name = rest.partition(".")
        field = path
        if part == "status_history":
            is_new = number in ("", str(position)) or name == "date"  # an order without days is that of the new line
            field = _FIELDS.get(name, "status") if is_new else path
        elif part == "citations" and (not number or int(number) > cited):
            field = "attribution" if name == "attribution" else "source_url"
        refusal.fields.setdefault(field, []).extend(sentences)
    return refusal


# --- saving ----------------------------------------------------------------------------------------------------


def save_development(
    form: DevelopmentForm, action: PolicyAction, *, by: User, at: datetime, workflow: str | None
) -> Saved:
    """Save the development as one new revision, on top of the entry as it was opened.

    Without a `workflow` the working copy stays where it is; one that was clean is a draft again. Raises RefusedError,
    and ConflictError when somebody saved the entry since it was opened.
    """
    source, told = source_typed(form)
    entry, position = developed(form.opened, form.cleaned_data, source=source)
    stays = "draft" if action.workflow == "clean" else action.workflow
    draft = Draft(
        entry=entry,
        relations=form.opened.relations,
        slug=action.slug,
        expected=form.cleaned_data["opened_with"],
        workflow=workflow or stays,
    )
    at_fields = partial(refusal_of, position=position, cited=len(form.opened.entry["citations"]))
    try:
        return Saved(record.save_entry(draft, by=by, at=at), told, at_fields)
    except RecordError as error:
        raise RefusedError(at_fields(error.problems[0])) from error
    except ConflictError:
        if not _was_sent_before(draft, by=by):
            raise
        twin = PolicyAction.objects.for_documents().get(slug=action.slug)
        return Saved(twin, ["You sent this development twice; it was saved once."], at_fields)


def _was_sent_before(draft: Draft, *, by: User) -> bool:
    """Return whether the same person saved the very same onto the very same revision."""
    onto = Revision.objects.filter(action__slug=draft.slug, number=draft.expected + 1, by=by).first()
    return onto is not None and drafts.is_same_entry(draft.entry, onto.document["entry"])


# --- somebody else was quicker ---------------------------------------------------------------------------------


def onto_the_present(typed: Any, *, opened: Opened, action: PolicyAction) -> tuple[Any, Refusal]:
    """Return what was typed, ready to be saved onto the entry as it is now, and what the editor is told.

    A development only adds, so nothing of theirs is in its way but the two fields that the page showed filled in:
    one left as it was shows what they wrote, one that both changed keeps what was typed and says theirs beside it.
    """
    data, refusal = typed.copy(), Refusal()
    now = Opened.read(action, revision=action.revision)
    data["opened_with"] = str(now.revision)
    for name in ("where_it_stands", "due_date"):
        before, theirs = opened.entry[name] or "", now.entry[name] or ""
        mine = _as_stored(name, data.get(name, ""))
        if theirs in (before, mine):
            continue
        shown = dates.display(theirs) if theirs and name == "due_date" else theirs
        if mine == before:
            data[name] = theirs
            refusal.fields[name] = [f"They made this “{shown}”." if theirs else "They emptied this."]
        else:
            refusal.fields[name] = [f"They made this “{shown}”; yours is in the box."]
    return data, refusal


def _as_stored(name: str, text: str) -> str:
    if name != "due_date":
        return clean_text(text)
    try:
        return dates.parse_words(text).text if text.strip() else ""
    except dates.DateError:
        return text
