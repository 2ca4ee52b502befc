"""What editor and reviewer do with each other's work: send it, return it, publish it, retract it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from tracker.admin.base import EditorialAdmin, may_publish
from tracker.admin.entries import moves, publication, retraction
from tracker.admin.entries.chosen import Chosen, chosen
from tracker.admin.entries.comparison import differences_of
from tracker.admin.widgets import is_key

_Page = Callable[[Any, HttpRequest, Chosen], HttpResponse | None]


class EntryReview(EditorialAdmin):
    """The reviewers' doors, each guarded by the right to publish, and what the page of an entry says of review."""

    actions = ("publish_selected", "return_selected", "retract_selected")

    def get_urls(self) -> list[Any]:
        retract = self.admin_site.admin_view(self.retract_view)
        return [path("<int:key>/retract/", retract, name="tracker_policyaction_retract"), *super().get_urls()]

    # --- several entries ----------------------------------------------------------------------------------------

    @admin.action(description="Publish selected entries", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Publish the selected entries as one edition, after a page that names them."""
        return self._asking(request, queryset, publication.publish_selected)

    @admin.action(description="Return selected entries to their editors", permissions=["publish"])
    def return_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Return the selected entries with one comment."""
        return self._asking(request, queryset, moves.return_selected)

    @admin.action(description="Retract selected entries", permissions=["publish"])
    def retract_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Retract the selected entries for one reason, as one edition."""
        return self._asking(request, queryset, retraction.retract_selected)

    def _asking(self, request: HttpRequest, queryset: QuerySet[Any], page: _Page) -> HttpResponse | None:
        found = chosen(self, request, queryset)
        return None if found is None else page(self, request, found)

    # --- one entry ----------------------------------------------------------------------------------------------

    def retract_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask for reason and note, then retract."""
        if not may_publish(request.user):
            raise PermissionDenied
        action = self.get_object(request, str(key)) if is_key(key) else None
        if action is None:
            return redirect("admin:tracker_policyaction_changelist")
        return retraction.retract(self, request, action)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Refuse a forged return; a forged publication is refused for all nouns alike."""
        if "_return" in request.POST and not may_publish(request.user):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the note to colleagues, and for a reviewer what readers are told."""
        found = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return found
        review = ("Review", {"fields": ("review_note",), "classes": ("publication",)})
        told = {"fields": ("change_kind", "change_note"), "classes": ("publication", "what-differs")}
        asked = [("Publish this change", told)] if publication.asks_for_change(request, obj) else []
        return (*found, review, *asked)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        action = kwargs.get("obj")
        if may_publish(request.user):
            against = publication.reason_against(request, action)
            context |= {"show_publish": not against, "why_not_publish": against, "is_reviewer": True}
        if action is not None:
            context |= publication.state_of(action) | {"remarks": moves.remarks_on(action)}
            context["show_return"] = may_publish(request.user) and action.workflow != "clean"
        if action is not None and publication.asks_for_change(request, action):
            refusal = getattr(request, "refusal", None)
            context["changes"] = differences_of(action, wanted=refusal and refusal.wanted)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        request.is_outcome_told = "_publish" in request.POST  # type: ignore[attr-defined]

    def message_user(
        self, request: HttpRequest, message: Any, level: Any = messages.INFO, *args: Any, **kwargs: Any
    ) -> None:
        """Leave out Django's "was changed successfully" where we said what became of it: readers may see the same."""
        if level == messages.SUCCESS and getattr(request, "is_outcome_told", False):
            return
        super().message_user(request, message, level, *args, **kwargs)
