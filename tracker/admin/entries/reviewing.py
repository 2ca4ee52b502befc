"""What a reviewer does with entries: publish several as one edition, retract one."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from tracker.admin.base import EditorialAdmin, may_publish
from tracker.admin.entries import publication
from tracker.admin.widgets import is_key


class EntryReview(EditorialAdmin):
    """The reviewers' side doors, each guarded by the right to publish."""

    actions = ("publish_selected",)

    def get_urls(self) -> list[Any]:
        retract = self.admin_site.admin_view(self.retract_view)
        return [path("<int:key>/retract/", retract, name="tracker_policyaction_retract"), *super().get_urls()]

    @admin.action(description="Publish selected entries", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Publish the selected entries as one edition, after a page that names them."""
        return publication.publish_selected(self, request, queryset)

    def retract_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask for reason and note, then retract."""
        if not may_publish(request.user):
            raise PermissionDenied
        action = self.get_object(request, str(key)) if is_key(key) else None
        if action is None:
            return redirect("admin:tracker_policyaction_changelist")
        return publication.retract(self, request, action)
