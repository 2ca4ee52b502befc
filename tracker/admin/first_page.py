"""The first page of admin: what needs me? Above Django's list of what there is to edit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone

from tracker.admin.base import editor_of
from tracker.admin.entries import worklist
from tracker.models import PolicyAction

_LIST = "admin:tracker_policyaction_changelist"


@dataclass(frozen=True)
class Waiting:
    """One line of the worklist: how many entries, in words, and where they are listed."""

    need: worklist.Need
    number: int | None

    @property
    def address(self) -> str:
        """The list, narrowed to these."""
        return f"{reverse(_LIST)}?needs={self.need.code}"

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits here."""
        return self.number == 0

    @property
    def words(self) -> str:
        """The number; "more than" where counting stopped, an invitation where it was not begun."""
        if self.number is None:
            return "look"
        return f"more than {worklist.MOST:,}" if self.number > worklist.MOST else f"{self.number:,}"


def first_page(request: HttpRequest) -> HttpResponse:
    """Show Django's first page with the worklist and the way to log an action, each to whom it concerns."""
    entries = admin.site.get_model_admin(PolicyAction)
    context: dict[str, Any] = {}
    if entries.has_view_or_change_permission(request):
        context["worklist"] = list(_waiting(request))
    if entries.has_add_permission(request):
        names = {"log_address": "add", "bookmarklet_address": "bookmarklet"}
        context |= {key: _address(f"admin:tracker_policyaction_{name}") for key, name in names.items()}
    return admin.site.index(request, extra_context=context)


def _waiting(request: HttpRequest) -> Iterator[tuple[str, list[Waiting]]]:
    asked = worklist.Asked(editor_of(request), timezone.now().date())
    numbers: Mapping[str, int] = worklist.counts(PolicyAction.objects.all(), asked)
    for group, needs in worklist.NEEDS.items():
        yield group, [Waiting(need, numbers.get(need.code)) for need in needs]


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def urls() -> list[URLPattern]:
    """Return what stands before the addresses of admin, in place of Django's first page."""
    return [path("", admin.site.admin_view(first_page), name="first_page")]
