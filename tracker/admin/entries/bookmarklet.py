"""For editors: a bookmark that opens the add form with the address, title, site and day of the article in view."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse

from tracker.admin.base import EditorialAdmin

_SCRIPT = "admin/tracker/policyaction/bookmarklet.js"


class EntryBookmarklet(EditorialAdmin):
    """The page to drag it from."""

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.bookmarklet_view)
        return [path("bookmarklet/", page, name="tracker_policyaction_bookmarklet"), *super().get_urls()]

    def bookmarklet_view(self, request: HttpRequest) -> HttpResponse:
        """Show the bookmarklet and what to do without one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": "Log from an article", "opts": self.opts,
            "bookmarklet": bookmarklet(request.build_absolute_uri(reverse("admin:tracker_policyaction_add"))),
        }  # fmt: skip
        return TemplateResponse(request, "admin/tracker/policyaction/bookmarklet.html", context)


def bookmarklet(address: str) -> str:
    """Return the address of the bookmark: a script that opens the add form at `address` in a new tab.

    It runs on the article's page, not on ours: our own pages refuse such addresses when they are clicked.
    """
    lines = render_to_string(_SCRIPT, {"address": address}).splitlines()
    code = " ".join(line.strip() for line in lines if not line.strip().startswith("//"))
    return "javascript:" + quote(code.strip(), safe="!'()*,;:=?/")
