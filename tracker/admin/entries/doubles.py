"""For editors: is it logged already? Told on the forms, remembered once answered, never in the way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from tracker import codebook, dates, document
from tracker.admin.base import EditorialAdmin, editor_of
from tracker.admin.entries.drafts import Refusal, RefusedError
from tracker.admin.entries.listing import ledger_code
from tracker.admin.widgets import is_key
from tracker.duplicates import compared, likely_duplicates, open_pairs, tell_apart, told_apart
from tracker.models import PolicyAction, Source
from tracker.models.addresses import address_key

SEEN = "not_duplicate"
_ASKED = "Nothing is saved yet: is it one of the entries below?"
# What each button of the form does, in the words of the button that goes on.
_GOES_ON = {"_publish": "publish", "_review": "send for review", "_return": "return", "_save": "save"}
_SHOWN = 10
_PAIRS_SHOWN = 50
_MOST_SEEN = 100


@dataclass(frozen=True)
class Shown:
    """An entry as it is told of beside another one: links, and one line of words."""

    action: PolicyAction
    date: str
    status: str
    standing: str
    develop: str
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, action: Any, *, source_url: str = "", reasons: tuple[str, ...] = ()) -> "Shown":
        """Describe an action of `with_status().with_ledger_state()`; a development of it may come from `source_url`."""
        public = codebook.LEDGER_STATES[ledger_code(action)].label
        develop = reverse("admin:tracker_policyaction_develop", args=[action.pk])
        return cls(
            action=action,
            date=dates.display(action.date) if action.date else "no date",
            status=codebook.STATUSES[action.status].label if action.status else "no status",
            standing=f"{public}, working copy {codebook.WORKFLOW[action.workflow].label.lower()}",
            develop=f"{develop}?{urlencode({'source_url': source_url})}" if source_url else develop,
            reasons=reasons,
        )


class EntryDoubles(EditorialAdmin):
    """Likely duplicates and sources that are cited already."""

    class Media:
        js = (forms.Script("tracker/cited.js", defer=True),)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("cited/", view(self.cited_view), name="tracker_policyaction_cited"),
            path("duplicates/", view(self.duplicates_view), name="tracker_policyaction_duplicates"),
            *super().get_urls(),
        ]

    def cited_view(self, request: HttpRequest) -> HttpResponse:
        """Answer with the notice about the source at ?source_url=, a part of a page; empty when it is not known."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = cited(request.GET.get("source_url", ""))
        return TemplateResponse(request, "admin/tracker/policyaction/_cited.html", context)

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """List pairs that look alike and nobody judged; remember the one that is posted as two actions."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._judge(request)
        pairs = open_pairs(limit=_PAIRS_SHOWN)
        context = self.admin_site.each_context(request) | {
            "title": "Likely duplicates",
            "opts": self.opts,
            "pairs": [((Shown.of(pair.first), Shown.of(pair.second)), pair.score) for pair in pairs],
            "most": _PAIRS_SHOWN,
        }
        return TemplateResponse(request, "admin/tracker/policyaction/duplicates.html", context)

    def _judge(self, request: HttpRequest) -> HttpResponse:
        keys = _keys([request.POST.get("first", ""), request.POST.get("second", "")])
        actions = list(PolicyAction.objects.filter(pk__in=keys))
        if len(actions) == 2:
            tell_apart(actions[0], actions[1:], by=editor_of(request), at=timezone.now())
            told = f"Remembered: “{actions[0]}” and “{actions[1]}” are two actions."
            self.message_user(request, told, messages.SUCCESS)
        else:
            self.message_user(request, "One of the two entries is gone; nothing was remembered.", messages.WARNING)
        return redirect("admin:tracker_policyaction_duplicates")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the question above the form, with all that was typed below; it is no error."""
        if request.method == "POST":
            context |= _question(request)
            if context["likely"]:
                context["errors"] = []
        if (action := kwargs.get("obj")) is not None:
            context["told_apart"] = told_apart(action)
        else:
            asked = request.POST if request.method == "POST" else request.GET
            context |= cited(asked.get("source_url", "")) | {"shows_cited": True}
        return super().render_change_form(request, context, *args, **kwargs)


def _question(request: HttpRequest) -> dict[str, Any]:
    """Return what the panel shows: the likely duplicates, and the button that does what was pressed before."""
    refusal: Refusal = getattr(request, "refusal", None) or Refusal()
    address = request.POST.get("source_url", "")
    pressed = next((name for name in _GOES_ON if name in request.POST), "_save")
    likely = [Shown.of(each.action, source_url=address, reasons=each.reasons) for each in refusal.likely]
    return {
        "likely": likely,
        "seen": sorted(seen_in(request.POST) | {shown.action.pk for shown in likely}),
        "pressed": {"name": pressed, "value": request.POST.get(pressed, ""), "label": _GOES_ON[pressed]},
    }


# --- before saving ---------------------------------------------------------------------------------------------


def seen_in(posted: Any) -> set[int]:
    """Return the keys of the entries that the editor was shown and saves in spite of."""
    return set(_keys(posted.getlist(SEEN)[:_MOST_SEEN]))


def _keys(values: Sequence[Any]) -> list[int]:
    return [int(value) for value in values if is_key(value)]


def confirmed(
    entry: Mapping[str, Any], *, seen: Collection[int], saved: PolicyAction | None = None
) -> list[PolicyAction]:
    """Return the entries that look like `entry` and that the editor saw. Raises RefusedError while there are others.

    For an edit of `saved` (one of `for_documents()`) only when it changed what is compared.
    """
    if saved is not None and compared(entry) == compared(document.entry_of(saved)):
        return []
    likely = likely_duplicates(entry, exclude=saved)
    if any(each.action.pk not in seen for each in likely):
        raise RefusedError(Refusal({"": [_ASKED]}, likely=likely[:_SHOWN]))
    return [each.action for each in likely]


# --- sources that are cited already ----------------------------------------------------------------------------


def cited(url: str) -> dict[str, Any]:
    """Return what the notice about the source at `url` says, {} when the record has none. At most two queries."""
    source = _source_at(url)
    if source is None:
        return {}
    found = list(_citing(source)[: _SHOWN + 1])
    another = {"source_url": url} | ({"from": found[0].pk} if found else {})
    return {
        "cited_source": source,
        "cited_by": [Shown.of(action, source_url=url) for action in found[:_SHOWN]],
        "cited_by_more": len(found) > _SHOWN,
        "log_another": f"{reverse('admin:tracker_policyaction_add')}?{urlencode(another)}",
    }


def _source_at(url: str) -> Source | None:
    """Return the source with this address, however it is spelled."""
    try:
        key = address_key(url) if url.strip() and "\x00" not in url else ""
    except ValueError:
        return None
    return Source.objects.filter(url_key=key).select_related("publisher").first() if key else None


def _citing(source: Source) -> QuerySet[PolicyAction]:
    """Return the entries that cite `source`, those logged last first."""
    return PolicyAction.objects.filter(citations__source=source).with_status().with_ledger_state().order_by("-pk")
