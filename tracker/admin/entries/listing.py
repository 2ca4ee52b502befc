"""The list of entries: columns, filters, search."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html

from tracker import codebook, dates
from tracker.admin.base import EditorialAdmin
from tracker.admin.entries.filters import LedgerFilter, StatusFilter
from tracker.models import PolicyAction, Revision


class EntryList(EditorialAdmin):
    """Entries as a list."""

    list_display = (
        "title", "date_words", "status_tag", "agency", "workflow", "ledger_state", "has_unpublished_edits", "updated",
    )  # fmt: skip
    list_select_related = ("agency",)
    list_filter = (
        LedgerFilter,
        "workflow",
        StatusFilter,
        "disputed",
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("title", "summary", "citations__source__url")
    search_help_text = "Title, summary or the address of a source"
    date_hierarchy = "date_earliest"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        saved = Revision.objects.filter(action=OuterRef("pk"), number=OuterRef("revision"))
        queryset = PolicyAction.objects.with_status().with_ledger_state()
        return queryset.annotate(updated=Subquery(saved.values("at")[:1]))

    @admin.display(description="date", ordering="date_earliest")
    def date_words(self, action: PolicyAction) -> str | None:
        """The date as readers see it."""
        return dates.display(action.date) if action.date else None

    @admin.display(description="status", ordering="status")
    def status_tag(self, action: Any) -> str | None:
        """The current status."""
        if not action.status:
            return None
        status = codebook.STATUSES[action.status]
        return format_html('<span class="status-tag {}">{}</span>', status.glyph, status.label)

    @admin.display(description="readers see", ordering="last_public_change")
    def ledger_state(self, action: Any) -> str:
        """What the ledger says."""
        return codebook.LEDGER_STATES[ledger_code(action)].label

    @admin.display(description="edited since")
    def has_unpublished_edits(self, action: PolicyAction) -> str:
        """Whether the record moved since it was published."""
        return "Unpublished edits" if action.has_unpublished_edits else "–"

    @admin.display(description="saved", ordering="updated")
    def updated(self, action: Any) -> str:
        """When it was last saved."""
        return f"{action.updated:%d %b %Y, %H:%M}" if action.updated else ""


def ledger_code(action: Any) -> str:
    """Return the code of LEDGER_STATES for an action of `with_ledger_state()`."""
    if action.last_public_change is None:
        return "never"
    return "retracted" if action.last_public_change == "retracted" else "current"
