"""What readers see now beside the working copy, field by field."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from tracker import comparing, publishing
from tracker.admin.base import EditorialAdmin
from tracker.admin.entries import publication
from tracker.admin.entries.marking import Shown, shown
from tracker.admin.widgets import is_key
from tracker.models import PolicyAction


def differences_of(action: PolicyAction, *, wanted: dict[str, Any] | None = None) -> list[Shown]:
    """Return what differs between what readers see of `action` and its working copy, or the document `wanted`.

    About thirty queries at most, however long the entry.
    """
    if wanted is None:
        wanted = publication.working_copy(PolicyAction.objects.for_documents().get(pk=action.pk))
    public = publishing.public_documents([action.slug]).get(action.slug)
    titles = _titles(public, wanted)
    return shown(comparing.differences(_worded(public, titles), _worded(wanted, titles)))


def _titles(*documents: dict[str, Any] | None) -> dict[str, str]:
    """Return the titles of the entries that relations name, by slug."""
    slugs = {item["to"] for each in documents if each for item in each["relations"] if item["to"]}
    return dict(PolicyAction.objects.filter(slug__in=slugs).values_list("slug", "title"))


def _worded(document: dict[str, Any] | None, titles: dict[str, str]) -> dict[str, Any] | None:
    """Return `document` with the titles of related entries in place of their keys: an editor reads it."""
    if document is None:
        return None
    relations = [item | {"to": titles.get(item["to"], item["to"])} for item in document["relations"]]
    return document | {"relations": relations}


class EntryComparison(EditorialAdmin):
    """The page that compares, for whoever may see the entry in admin."""

    def get_urls(self) -> list[Any]:
        compare = self.admin_site.admin_view(self.compare_view)
        return [path("<key>/compare/", compare, name="tracker_policyaction_compare"), *super().get_urls()]

    def compare_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show what readers see now and the working copy side by side."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        action = self.get_object(request, key) if is_key(key) else None
        if action is None:
            raise Http404
        context = self.admin_site.each_context(request) | publication.state_of(action) | {
            "title": "What differs from what readers see", "opts": self.opts, "original": action,
            "changes": differences_of(action),
        }  # fmt: skip
        return TemplateResponse(request, "admin/tracker/policyaction/compare_public.html", context)
