"""For reviewers: the editions, to be read. The rest of the ledger is not shown here at all."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tracker.admin.base import HouseLists
from tracker.models import Edition


@admin.register(Edition)
class EditionAdmin(HouseLists):
    """Numbered publications. Nobody adds, changes or deletes one by hand."""

    list_display = ("number", "published_at", "published_by", "note", "short_digest")
    list_select_related = ("published_by",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("note",)
    fields = ("number", "published_at", "published_by", "note", "columns", "codebook", "digest")

    @admin.display(description="digest")
    def short_digest(self, edition: Edition) -> str:
        """The first characters, enough to compare by eye."""
        return edition.digest[:12]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
