"""Filters of the list of entries."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from tracker import codebook


class StatusFilter(admin.SimpleListFilter):
    """The current status: that of the last line that has one."""

    title = "current status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*codebook.STATUSES.choices, ("none", "No status yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if self.value() == "none":
            return queryset.filter(status=None)
        return queryset.filter(status=self.value()) if self.value() in codebook.STATUSES else None


class LedgerFilter(admin.SimpleListFilter):
    """What readers see of it."""

    title = "what readers see"
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*codebook.LEDGER_STATES.choices, ("edited", "Published, with unpublished edits")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        match self.value():
            case "never":
                return queryset.filter(last_public_change=None)
            case "retracted":
                return queryset.filter(last_public_change="retracted")
            case "current":
                return queryset.filter(last_public_change__isnull=False).exclude(last_public_change="retracted")
            case "edited":
                return queryset.with_unpublished_edits()  # type: ignore[attr-defined]
        return None
