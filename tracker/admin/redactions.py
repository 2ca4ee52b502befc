"""For the few who may redact: what waits for a second person, what was done, and the two forms.

What is searched for travels in posted forms alone: an address would stand in logs and histories.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from tracker.admin.base import HouseLists, editor_of
from tracker.models import Redaction
from tracker.models.fields import validate_plain_text
from tracker.publishing import redaction
from tracker.publishing.redaction import RedactionError, may_redact

_HOW = {
    redaction.REMOVED: "is removed: readers see that the law required it, and nothing else",
    redaction.REPRINTED: "stays, printed anew without the text; its earlier versions are blanked",
    redaction.FORGOTTEN: "stays; only what editors kept of earlier wordings is forgotten",
}


class SearchForm(forms.Form):
    """What the law takes away."""

    text = forms.CharField(
        max_length=500,
        validators=[validate_plain_text],
        help_text="Everything that holds it is listed, however it is cased. To take out one sentence and keep the "
        "entry, correct and publish the entry first.",
    )


class AskForm(SearchForm):
    """The same with the reason."""

    reason = forms.CharField(
        max_length=1000,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The court, the law, the day. It is kept, so it must not hold the text itself.",
    )


@admin.register(Redaction)
class RedactionAdmin(HouseLists):
    """The list, the form that asks, and the page on which somebody else confirms."""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("", site.admin_view(self.list_view), name="tracker_redaction_changelist"),
            path("ask/", site.admin_view(self.ask_view), name="tracker_redaction_ask"),
            path("<int:key>/", site.admin_view(self.confirm_view), name="tracker_redaction_confirm"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_redact(editor_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_redact(editor_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """List what waits and what was done."""
        rows = Redaction.objects.select_related("asked_by", "confirmed_by")
        context = {"waiting": rows.waiting(), "done": rows.done()}
        return self._page(request, "list", context | {"title": "Redactions"})

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """Show what holds a text; then, with the reason, let it wait for another person."""
        form: Any = (AskForm if "_ask" in request.POST else SearchForm)(request.POST or None)
        context: dict[str, Any] = {"title": "Ask for a redaction", "form": form}
        if form.is_bound and form.is_valid():
            text = form.cleaned_data["text"]
            if "_ask" in request.POST and self._asked(request, form):
                return redirect("admin:tracker_redaction_changelist")
            context |= _told(text)
            if "_ask" not in request.POST:
                context["form"] = AskForm(initial={"text": text, "reason": request.POST.get("reason", "")})
        elif "_ask" in request.POST and "text" in form.cleaned_data:
            context |= _told(form.cleaned_data["text"])
        return self._page(request, "ask", context)

    def _asked(self, request: HttpRequest, form: Any) -> bool:
        seen = request.POST.get("seen", "")
        try:
            redaction.ask(**form.cleaned_data, by=editor_of(request), at=timezone.now(), seen=seen)
        except RedactionError as error:
            form.add_error(None, error.problems)
            return False
        self.message_user(request, "It waits for another person to confirm it.", messages.SUCCESS)
        return True

    def confirm_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show what waits and its list; let another person confirm it, or anybody who may redact withdraw it."""
        self._refuse_others(request)
        waiting = Redaction.objects.waiting().filter(pk=key).first()
        if waiting is None:
            raise Http404("Nothing waits under this number.")
        problems: list[str] = []
        if request.method == "POST" and {"_confirm", "_withdraw"} & request.POST.keys():
            try:
                self.message_user(request, self._decided(request, waiting), messages.SUCCESS)
            except RedactionError as error:
                problems = error.problems
            else:
                return redirect("admin:tracker_redaction_changelist")
        own = waiting.asked_by_id == editor_of(request).pk
        context = {"title": f"Redaction {key}", "waiting": waiting, "problems": problems, "is_own": own}
        return self._page(request, "confirm", context | _told(waiting.text))

    def _decided(self, request: HttpRequest, waiting: Redaction) -> str:
        """Carry out or withdraw what waits and say so. Raises RedactionError."""
        by = editor_of(request)
        if "_withdraw" in request.POST:
            redaction.withdraw(waiting, by=by)
            return "Withdrawn. Nothing was changed."
        edition = redaction.confirm(waiting.pk, by=by, at=timezone.now(), seen=request.POST.get("seen", ""))
        done = f"Redacted in edition {edition.number}." if edition else "Forgotten; nothing of it was public."
        return f"{done} Ask an operator to run redact --vacuum and to renew the backups."

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        self._refuse_others(request)
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/tracker/redaction/{name}.html", frame | context)

    def _refuse_others(self, request: HttpRequest) -> None:
        if not may_redact(editor_of(request)):
            raise PermissionDenied


def _told(text: str) -> dict[str, Any]:
    """Return the list of what holds a text, in words, and its mark."""
    found = redaction.find(text)
    rows = [(item, _HOW[item.how]) for item in found.items]
    return {"found": found, "rows": rows, "seen": redaction.fingerprint(found)}
