"""The history of an entry: its revisions, to be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tracker.admin.base import EditorialAdmin
from tracker.models import PolicyAction, Revision

_NEWEST = 200


@dataclass(frozen=True)
class Step:
    """One revision, and the names of what it changed; none for the first."""

    revision: Revision
    changed: list[str]


def revisions_of(action: PolicyAction) -> list[Step]:
    """Return the newest revisions of `action`, newest first. One query."""
    found = list(Revision.objects.filter(action=action).select_related("by")[: _NEWEST + 1])
    steps = [Step(newer, list(_changed(older.document, newer.document))) for newer, older in pairwise(found)]
    if found and len(found) <= _NEWEST:
        steps.append(Step(found[-1], []))
    return steps


def _changed(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name, value in new["entry"].items():
        if name != "derived" and value != old["entry"].get(name):
            yield name.replace("_", " ")
    if old["relations"] != new["relations"]:
        yield "relations"


class EntryHistory(EditorialAdmin):
    """The page that lists the revisions."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the revisions, newest first."""
        action = self.get_object(request, unquote(object_id))
        if action is None:
            raise Http404
        if not self.has_view_or_change_permission(request, action):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": f"History of {action}", "object": action, "opts": self.opts, "revisions": revisions_of(action),
        }  # fmt: skip
        return TemplateResponse(request, "admin/tracker/policyaction/object_history.html", context)
