"""For search engines: what there is, and what is not worth their while."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from timeline.exports.files import FILES
from timeline.presenting import links
from timeline.sitemap import Part
from timeline.views.data import file_view
from timeline.views.reading import read_only


@read_only
def robots(_: HttpRequest) -> HttpResponse:
    """Say where the list of pages is, and leave out what is for editors and programs.

    Each file is there once for everything; the same with a query string has no end. Lists under two filters or more
    say themselves that they are not to be kept, which only those can read who may fetch them.
    """
    closed = [reverse("admin:index"), "/preview/", "/api/v1/", *(f"{links.file(export.file)}?" for export in FILES)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {_sitemap()}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _sitemap() -> str:
    return settings.PUBLIC_URL + links.sitemap()


def part_view(part: Part) -> Callable[..., HttpResponseBase]:
    """Return the view of the parts of one kind, by their number: 404 where there is none."""

    def view(request: HttpRequest, number: int) -> HttpResponseBase:
        return file_view(part.numbered(number))(request)

    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view
