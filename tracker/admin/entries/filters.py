"""Filters of the list of entries by what is derived: what they need, where they stand, what readers see."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tracker import codebook
from tracker.admin.base import editor_of
from tracker.admin.entries import worklist
from tracker.admin.filters import CountedChoice
from tracker.models import PublishedAction, StatusChange


class NeedsFilter(CountedChoice):
    """What wants attention, by the rules of the worklist."""

    title = "needs attention"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(need.code, need.label) for need in worklist.BY_CODE.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        need = worklist.BY_CODE.get(self.value() or "")
        return need.rule(queryset, self._asked(request)) if need else None

    def counted(self, entries: QuerySet[Any]) -> Mapping[str, int]:
        """Return the counts up to where the worklist stops: it is a reason to look, not a statistic."""
        return worklist.counts(entries, self._asked(self.request))

    @staticmethod
    def _asked(request: HttpRequest) -> worklist.Asked:
        return worklist.Asked(editor_of(request), timezone.now().date())


class StatusFilter(CountedChoice):
    """The current status: that of the last line that has one."""

    title = "current status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*codebook.STATUSES.choices, ("none", "No status yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        lines = StatusChange.objects.exclude(status="")
        if self.value() == "none":
            return queryset.exclude(Exists(lines.filter(action=OuterRef("pk"))))
        if self.value() not in codebook.STATUSES:
            return None
        return queryset.filter(pk__in=lines.current().filter(status=self.value()).values("action"))

    def counted(self, entries: QuerySet[Any]) -> Mapping[str, int]:
        current = StatusChange.objects.current().filter(action__in=entries.values("pk")).order_by()
        found = dict(current.values_list("status").annotate(number=Count("pk")))
        counted = {code: found.get(code, 0) for code in codebook.STATUSES}
        return counted | {"none": entries.count() - sum(counted.values())}


class LedgerFilter(CountedChoice):
    """What readers see of it."""

    title = "what readers see"
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*codebook.LEDGER_STATES.choices, ("edited", "Published, with unpublished edits")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        rows = PublishedAction.objects.current()
        match self.value():
            case "never":
                return queryset.exclude(Exists(rows.filter(slug=OuterRef("slug"))))
            case "retracted":
                return queryset.filter(slug__in=rows.filter(change="retracted").values("slug"))
            case "current":
                return worklist.standing(queryset.filter(Exists(rows.filter(slug=OuterRef("slug")))))
            case "edited":
                return queryset.with_unpublished_edits()  # type: ignore[attr-defined]
        return None

    def counted(self, entries: QuerySet[Any]) -> Mapping[str, int]:
        rows = PublishedAction.objects.current().filter(slug__in=entries.values("slug")).order_by()
        found = dict(rows.values_list("change").annotate(number=Count("pk")))
        public, retracted = sum(found.values()), found.get("retracted", 0)
        edited: Any = entries
        return {
            "never": entries.count() - public,
            "current": public - retracted,
            "retracted": retracted,
            "edited": edited.with_unpublished_edits().count(),
        }
