"""What became of an entry: the small page that logs a development, and what relations offer to its history."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from tracker import codebook, dates
from tracker.admin.base import editor_of, keys_of, may_publish
from tracker.admin.entries import offers, publication
from tracker.admin.entries.development import DevelopmentForm, Opened, onto_the_present, save_development
from tracker.admin.entries.drafts import RefusedError
from tracker.admin.entries.listing import ledger_code
from tracker.admin.entries.pages import EntryPages
from tracker.admin.entries.saving import said_meanwhile
from tracker.admin.kept import gone_page
from tracker.admin.sources import find_source
from tracker.admin.widgets import is_key
from tracker.models import PolicyAction, Source
from tracker.models.fields import validate_public_address
from tracker.record import ConflictError

_NEW_SOURCE = ("publisher", "source_title", "source_published", "source_kind", "source")
_NOT_FROM_ADDRESS = ("opened_with", "replaces_reported")


class EntryDevelopment(EntryPages):
    """Logs what became of an entry: one line more, its source cited, in one save."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.develop_view)
        return [path("<int:key>/develop/", view, name="tracker_policyaction_develop"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Offer it below each status to whoever may log it."""
        columns = super().get_list_display(request)
        if not self.has_change_permission(request):
            return columns
        return ["standing" if name == "status_tag" else name for name in columns]

    @admin.display(description="status", ordering="status")
    def standing(self, action: PolicyAction) -> str:
        """The current status, and the page that logs what became of it since."""
        page = reverse("admin:tracker_policyaction_develop", args=[action.pk])
        link = '<a class="develop" href="{}" aria-label="Log a development of {}">Log a development</a>'
        return format_html("{} " + link, self.status_tag(action) or self.empty_value_display, page, action)

    def develop_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show the page, filled in from the query string; or save what it posts, all or nothing."""
        action = _read(key)
        if not self.has_change_permission(request, action):
            raise PermissionDenied
        if "_publish" in request.POST and not may_publish(request.user):
            raise PermissionDenied
        if action is None:
            return gone_page(self, request) if request.method == "POST" else redirect("..")
        if request.method != "POST":
            opened = Opened.read(action, revision=action.revision)
            initial = _initial(request)
            return self._page(request, action, DevelopmentForm(instance=action, initial=initial, opened=opened))
        opened = Opened.read(action, revision=request.POST.get("opened_with", ""))
        return self._answer(request, action, DevelopmentForm(request.POST, instance=action, opened=opened))

    def _answer(self, request: HttpRequest, action: Any, form: DevelopmentForm) -> HttpResponse:
        """Save what was posted; or show it again, and why it was not saved, at its fields."""
        if form.is_valid():
            try:
                self._save_with(request, action, form)
                return redirect("admin:tracker_policyaction_change", action.pk)
            except RefusedError as error:
                form.refuse(error.refusal)
            except ConflictError:
                return self._page(request, action, _reopened(form, action), status=409)
        return self._page(request, action, form)

    def _save_with(self, request: HttpRequest, action: Any, form: DevelopmentForm) -> None:
        """Save, once more when somebody saved the same source at the same moment: the second try finds theirs."""
        try:
            with transaction.atomic():
                self._save(request, action, form)
        except IntegrityError:
            form.full_clean()
            with transaction.atomic():
                self._save(request, action, form)

    def _save(self, request: HttpRequest, action: Any, form: DevelopmentForm) -> None:
        by, at = editor_of(request), timezone.now()
        workflow = "in_review" if "_review" in request.POST else None
        saved = save_development(form, action, by=by, at=at, workflow=workflow)
        if "_publish" in request.POST:
            note = form.cleaned_data.get("change_note") or form.cleaned_data.get("status_note")
            change = {"change_kind": "updated", "change_note": note}
            saved.told.append(publication.publish_saved(saved, change, by=by, at=at))
        self.log_change(request, saved.action, "Logged a development.")
        told = [f"Logged what became of “{saved.action}”.", *form.told, *saved.told]
        for sentence in dict.fromkeys(told):
            self.message_user(request, sentence, messages.SUCCESS)

    def _page(self, request: HttpRequest, action: Any, form: DevelopmentForm, *, status: int = 200) -> HttpResponse:
        against = publication.why_not(request.user, None)  # one's own work, as on the page that logs an action
        publishes, is_public = may_publish(request.user) and not against, ledger_code(action) == "current"
        fieldsets = _fieldsets(form, tells_readers=publishes and is_public)
        context = self.admin_site.each_context(request) | {
            "title": "Log a development",
            "opts": self.opts,
            "original": action,
            "adminform": AdminForm(form, fieldsets, {}, model_admin=self),
            "form_errors": AdminErrorList(form, []),
            "history": [_shown(line) for line in form.opened.entry["status_history"]],
            "known": _known_source(form),
            "is_public": is_public,
            "show_publish": publishes,
            "why_not_publish": against if may_publish(request.user) else "",
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/tracker/policyaction/develop.html", context, status=status)

    # --- offers -------------------------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the entry, offer the lines that its new relations mean for the histories of other entries."""
        super().save_related(request, form, formsets, change)
        saved = PolicyAction.objects.get(pk=form.instance.pk)
        for offer in offers.offers_of_last_save(saved) if change else ():
            sentence = "This entry {} “{}”, and the history of that one {}."
            told = format_html(sentence, offer.verb, offer.relation.to_action, offer.silence)
            link = format_html('<a href="{}">Log it there</a>, or leave it.', offer.address)
            self.message_user(request, format_html("{} {}", told, link), messages.WARNING)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        action = kwargs.get("obj")
        if action is not None and self.has_change_permission(request, action):
            context |= {"may_develop": True, "offers": offers.offers_to(action)}
        return super().render_change_form(request, context, *args, **kwargs)


def _read(key: int) -> Any:
    if not is_key(key):
        return None
    return PolicyAction.objects.for_documents().with_status().with_ledger_state().filter(pk=key).first()


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Return what the query string fills in: the names of the add form, the source by key or slug."""
    known = DevelopmentForm.base_fields.keys() - set(_NOT_FROM_ADDRESS)
    initial: dict[str, Any] = {name: value for name, value in request.GET.items() if name in known}
    if "source" in initial:
        initial["source"] = next(iter(keys_of(Source, [initial["source"]])), None)
    return initial


def _fieldsets(form: DevelopmentForm, *, tells_readers: bool) -> list[tuple[str | None, dict[str, Any]]]:
    """Return the parts of the page. What only a new source needs is folded away until there is something in it."""
    filled = any(form[name].value() for name in ("publisher", "source_title", "source"))
    replaces = [name for name in ("replaces_reported",) if name in form.fields]
    folded = {"fields": _NEW_SOURCE, "classes": () if filled else ("collapse",)}
    told = [("Publish this change", {"fields": ("change_note", "opened_with")})]
    return [
        ("What became of it", {"fields": ("status", *replaces, "status_date", "status_by", "status_note")}),
        ("Where we have it from", {"fields": ("source_url", "attribution", "stance")}),
        ("If the source is not in the record yet", folded),
        ("How matters stand now", {"fields": ("where_it_stands", "due_date")}),
        *(told if tells_readers else [(None, {"fields": ("opened_with",)})]),
    ]


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    status = codebook.STATUSES[line["status"]].label if line["status"] else "Development"
    return {"status": status, "date": dates.display(line["date"]), "note": line["note"]}


def _known_source(form: DevelopmentForm) -> dict[str, Any] | None:
    """Return the source that the page names, when it is in the record, and whether the entry cites it already."""
    url = str(form["source_url"].value() or "")
    try:
        validate_public_address(url)
        source = find_source({"source_url": url})
    except (ValidationError, ValueError):
        return None
    return {"source": source, "is_cited": form.is_cited(source)} if source else None


def _reopened(form: DevelopmentForm, action: Any) -> DevelopmentForm:
    """Return the form with everything typed, to be saved onto the entry as somebody else saved it meanwhile."""
    present = _read(action.pk)
    data, refusal = onto_the_present(form.data, opened=form.opened, action=present)
    again = DevelopmentForm(data, instance=present, opened=Opened.read(present, revision=present.revision))
    refusal.fields[""] = [f"{said_meanwhile(present)} Nothing of yours was saved, and all of it is still below."]
    refusal.fields[""].append("Look at the history as it is now; if your line still belongs to it, save it again.")
    again.refuse(refusal)
    return again
