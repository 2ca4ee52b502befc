"""For editors: a spreadsheet or a data package comes in - sent, shown row by row, and then all of it or nothing.

Until it is confirmed the file lies beside the database (`uploads`), and each page makes the plan anew: it reads, and
takes no lock. Confirming names the plan that was shown; another one is shown again instead of being applied.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from tracker.admin import uploads
from tracker.admin.base import EditorialAdmin, editor_of, may_publish
from tracker.admin.entries.marking import shown
from tracker.admin.widgets import described
from tracker.codebook import Code, Codes
from tracker.columns import guard
from tracker.datapackage import (
    Manner,
    NoteMissingError,
    Outcome,
    Plan,
    StalePlanError,
    apply_in_manner,
    plan_file,
    planned_rows,
    read_file,
)
from tracker.datapackage.words import MODELS
from tracker.models import Source
from tracker.models.fields import validate_plain_text
from tracker.publishing import OWN_WORK, PublishingError

MAX_ROWS = 10_000
"""Rows of one file; the command line takes more."""
_SHOWN_ROWS = 200
_SHOWN_NOTES = 50
_LONGEST_REASON = 800
_STALE = "The record has changed since this was shown. Look at it again: this is what would happen now."
_GONE = "This file is no longer kept: it was imported, cancelled or is more than a day old. Send it again."
_TOO_LARGE = "This file has more than 10 MB. Split it, or ask whoever runs the site to load it."
_FULL = "The file cannot be kept at the moment. Try again, or tell whoever runs the site."
_AFTERWARDS = Codes(
    Code(code="draft", label="Save as drafts", definition="Readers see nothing of it yet."),
    Code(code="in_review", label="Send for review", definition="A reviewer looks at it and publishes it."),
    Code(
        code="publish",
        label="Publish",
        definition="As one edition. Where another reviewer must publish what you wrote, it goes to review instead.",
    ),
)
_CHANGES = [
    ("", "What each entry needs: updated, or corrected where a line of history goes away"),
    ("updated", "Updated: matters moved on"),
    ("corrected", "Corrected: we were wrong"),
    ("minor", "Minor: nothing of substance"),
]


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="File",
        help_text="CSV, XLSX or the zip of a data package; at most 10 MB and 10,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.zip"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_too_large:
            self.fields["file"].error_messages["required"] = _TOO_LARGE


class ConfirmForm(forms.Form):
    """Why, and what happens afterwards. `seen` is the plan that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why",
        max_length=_LONGEST_REASON,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text="For colleagues: it stands in the history of each entry.",
    )
    afterwards = forms.ChoiceField(label="Then", initial="draft", widget=forms.RadioSelect(attrs={"class": "codes"}))
    kind = forms.ChoiceField(label="Kind of change", choices=_CHANGES, required=False)
    note = forms.CharField(
        label="Note to readers",
        required=False,
        max_length=1000,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text="Public: it stands with the edition and with each entry that readers knew before.",
    )

    def __init__(self, *args: Any, publisher: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = described(_AFTERWARDS)
        self.fields["afterwards"].choices = choices if publisher else choices[:2]  # type: ignore[attr-defined]
        if not publisher:
            del self.fields["kind"], self.fields["note"]

    def manner(self) -> Manner:
        """Return what was decided."""
        chosen = self.cleaned_data
        publish = chosen["afterwards"] == "publish"
        return Manner(
            publish=publish,
            note=chosen.get("note", ""),
            kind=chosen.get("kind", "") if publish else "",
            reason=chosen["reason"].strip(),
            workflow="draft" if publish else chosen["afterwards"],
        )


@dataclass
class _Shown:
    """What the page shows of a kept file: its plan, the form, and what stood in the way of the last try."""

    kept: uploads.Kept
    plan: Plan
    form: ConfirmForm
    trouble: list[str]


class EntryImport(EditorialAdmin):
    """The pages that take files in, for whoever may add and change entries."""

    def get_urls(self) -> list[Any]:
        wrap, name = self.admin_site.admin_view, "tracker_policyaction_import"
        return [
            path("import/", wrap(self.import_view), name=name),
            path("import/<str:token>/", wrap(self.import_preview_view), name=f"{name}_preview"),
            path("import/<str:token>/problems.csv", wrap(self.import_problems_view), name=f"{name}_problems"),
            *super().get_urls(),
        ]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Return whether `request` may import: what comes in may be new entries and changed ones."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    # --- sending ------------------------------------------------------------------------------------------------

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and keep it; go on to its preview."""
        self._require_import_right(request)
        form = UploadForm()
        if request.method == "POST":
            form = UploadForm(request.POST, request.FILES, is_too_large=uploads.is_too_large(request))
            if form.is_valid():
                try:
                    kept = uploads.keep(form.cleaned_data["file"], by=editor_of(request), at=timezone.now())
                    return redirect("admin:tracker_policyaction_import_preview", kept.token)
                except OSError:
                    form.add_error("file", _FULL)
        context = {"title": "Import entries", "form": form}
        return self._import_page(request, "import", context, status=200 if not form.errors else 422)

    def _require_import_right(self, request: HttpRequest) -> None:
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _import_page(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, status: int
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "media": self.media} | context
        return TemplateResponse(request, f"admin/tracker/policyaction/{template}.html", context, status=status)

    # --- looking and deciding -----------------------------------------------------------------------------------

    def import_preview_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what a kept file would do; on POST do it, or let go of it."""
        self._require_import_right(request)
        kept = uploads.find(token, by=editor_of(request))
        if kept is None:
            return self._import_gone(request)
        if request.method == "POST" and "_cancel" in request.POST:
            uploads.let_go(kept)
            self.message_user(request, f"{kept.name} was not imported. Nothing was saved.", messages.INFO)
            return redirect("admin:tracker_policyaction_import")
        at, publisher = timezone.now(), may_publish(request.user)
        plan = plan_kept(kept, at=at)
        if request.method != "POST":
            form = ConfirmForm(initial={"seen": plan.digest}, publisher=publisher)
            return self._show_import(request, _Shown(kept, plan, form, []), status=200)
        page = _Shown(kept, plan, ConfirmForm(request.POST, publisher=publisher), [])
        return self._confirm_import(request, page, at=at)

    def _import_gone(self, request: HttpRequest) -> HttpResponse:
        """Say the same of a file that was let go, of another editor's and of one that never was."""
        if request.method not in ("GET", "POST"):
            raise Http404
        return self._import_page(request, "import_gone", {"title": "Nothing to import", "why": _GONE}, status=404)

    def _confirm_import(self, request: HttpRequest, page: _Shown, *, at: datetime) -> HttpResponse:
        lacking = missing_rights(page.plan, request.user)
        if page.form.is_valid() and page.form.cleaned_data["seen"] != page.plan.digest:
            page.trouble.append(_STALE)
        elif page.form.is_valid() and not (page.plan.faults or lacking):
            try:
                return self._apply_import(request, page, page.form.manner(), at=at)
            except StalePlanError:
                page.plan = plan_kept(page.kept, at=at)
                page.trouble.append(_STALE)
            except NoteMissingError as error:
                page.form.add_error("note", str(error))
            except PublishingError as error:
                page.trouble += [f"Nothing was saved: {each}" for each in _refusals(page.plan, error)]
        return self._show_import(request, page, status=409 if page.trouble else 422)

    def _apply_import(self, request: HttpRequest, page: _Shown, manner: Manner, *, at: datetime) -> HttpResponse:
        """Apply the plan, let go of the file and say what was done. Raises what `apply_in_manner` raises."""
        by = editor_of(request)
        try:
            outcome = apply_in_manner(page.plan, manner, by=by, at=at)
        except PublishingError as error:
            if not is_only_own_work(error):
                raise
            waiting = Manner(reason=manner.reason, workflow="in_review")
            outcome = apply_in_manner(page.plan, waiting, by=by, at=at)
            told = "Not published: what you import, another reviewer publishes. It was sent for review."
            self.message_user(request, told, messages.WARNING)
        uploads.let_go(page.kept)
        self.message_user(request, _told(page, outcome), messages.SUCCESS)
        return redirect("admin:tracker_policyaction_changelist")

    def _show_import(self, request: HttpRequest, page: _Shown, *, status: int) -> HttpResponse:
        plan = page.plan
        rows = planned_rows(plan, most=_SHOWN_ROWS)
        lacking = missing_rights(plan, request.user)
        if not page.form.is_bound or status == 409:
            page.form = _fresh(page.form, plan)
        context = {
            "title": f"Import {page.kept.name}", "kept": page.kept, "plan": plan, "form": page.form,
            "trouble": page.trouble, "lacking": lacking, "counts": counts_of(plan), "faults": list(plan.faults),
            "rows": [(row, shown(row.differences)) for row in rows], "left_out": how_many(plan) - len(rows),
            "notes": plan.notes[:_SHOWN_NOTES], "more_notes": len(plan.notes[_SHOWN_NOTES:]),
            "words": new_words(plan), "can_confirm": not (plan.faults or lacking or plan.is_idle),
        }  # fmt: skip
        return self._import_page(request, "import_preview", context, status=status)

    def import_problems_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """Hand out the faults and conflicts of a kept file as CSV."""
        self._require_import_right(request)
        kept = uploads.find(token, by=editor_of(request))
        if kept is None:
            raise Http404
        plan = plan_kept(kept, at=timezone.now())
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
        writer = csv.writer(response)
        writer.writerow(["file", "row", "column", "problem"])
        for file, row, column, sentence in problems_of(plan):
            writer.writerow([guard(file), row, guard(column), guard(sentence)])
        return response


# --- plans in words --------------------------------------------------------------------------------------------


def plan_kept(kept: uploads.Kept, *, at: datetime) -> Plan:
    """Return what a kept file would do now. Reads only."""
    return plan_file(read_file(kept.path, name=kept.name, max_rows=MAX_ROWS), today=at.date())


def missing_rights(plan: Plan, user: Any) -> list[str]:
    """Return the kinds of words that the plan would create and that `user` may not."""
    words = plan.vocabulary
    if words is None:
        return []
    models: list[Any] = [MODELS[kind] for kind in sorted({kind for kind, _ in words.terms})]
    models += [Source] if words.sources else []
    names = [model._meta for model in models]
    return [str(meta.verbose_name_plural) for meta in names if not user.has_perm(f"tracker.add_{meta.model_name}")]


def counts_of(plan: Plan) -> list[tuple[str, int]]:
    """Return how many entries there are of each sort, in words; kept ones only where there are any."""
    refused = set(plan.refused)
    new, changed = (sum(draft.slug not in refused for draft in drafts) for drafts in (plan.new, plan.changed))
    counts = [
        ("new", new),
        ("changed", changed),
        ("the same", len(plan.same)),
        ("refused", len(plan.refused)),
        ("in conflict", len(plan.conflicting)),
    ]
    kept = len(set(plan.kept) - plan.conflicting)
    return [*counts, ("kept as they are here", kept)] if kept else counts


def how_many(plan: Plan) -> int:
    """Return how many rows there are to look at."""
    drafts = [draft.slug for draft in plan.drafts if draft.slug not in set(plan.refused)]
    return len(drafts) + len(plan.conflicting | set(plan.kept))


def new_words(plan: Plan) -> list[str]:
    """Return the terms and sources that would be created, in words."""
    words = plan.vocabulary
    if words is None:
        return []
    terms = [f"{MODELS[kind]._meta.verbose_name}: {term['name']}" for kind, term in words.terms]
    return [*terms, *(f"source: {source['title']}" for source in words.sources)]


def problems_of(plan: Plan) -> list[tuple[str, str, str, str]]:
    """Return every fault and conflict as file, row, column and sentence."""
    faults = [(each.file, str(each.row or ""), each.column or "", each.message) for each in plan.faults]
    conflicts = [
        (each.file, str(each.row), each.column or "", "Also changed here since that version.")
        for each in plan.conflicts
    ]
    return [*faults, *conflicts]


def is_only_own_work(error: PublishingError) -> bool:
    """Return whether nothing but the rule of four eyes stands in the way."""
    return all(sentence == OWN_WORK for sentences in error.problems.values() for sentence in sentences)


def _refusals(plan: Plan, error: PublishingError) -> list[str]:
    return [
        f"row {plan.rows[slug]}: {' '.join(sentences)}" if slug in plan.rows else f"{slug}: {' '.join(sentences)}"
        for slug, sentences in list(error.problems.items())[:20]
    ]


def _fresh(form: ConfirmForm, plan: Plan) -> ConfirmForm:
    """Return the form with everything typed, for the plan that is shown now."""
    typed = form.data.dict() if form.is_bound else {}  # type: ignore[attr-defined]
    return ConfirmForm(initial={"afterwards": "draft"} | typed | {"seen": plan.digest}, publisher="note" in form.fields)


def _told(page: _Shown, outcome: Outcome) -> str:
    new, changed = len(page.plan.new), len(page.plan.changed)
    published = f" Published in edition {outcome.edition.number}." if outcome.edition else ""
    return f"{page.kept.name}: {new} new, {changed} changed, {len(page.plan.same)} the same.{published}"
