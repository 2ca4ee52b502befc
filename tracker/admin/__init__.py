"""For editors: the admin, one module per noun. Plain Django admin under a strict Content-Security-Policy."""

from django.conf import settings
from django.contrib import admin

from tracker.admin import entries, ledger, page_texts, redactions, sources, vocabulary

__all__ = ["entries", "ledger", "page_texts", "redactions", "sources", "vocabulary"]

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Editing"
# Its links stand on the first page too; without it every column of a list is in sight, and Tab has less to pass.
admin.site.enable_nav_sidebar = False
