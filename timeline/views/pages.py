"""For readers: the timeline and the page of one action. Rules live in the selection, words in presenting."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from timeline.chart import chart
from timeline.facets import counts
from timeline.selection import Selection
from timeline.views import codebook_page, entry, listing, sharing
from timeline.views.reading import read_only, today


@read_only
def timeline(request: HttpRequest) -> HttpResponse:
    """Show the selection as a list under its months, with its chart and its filters.

    htmx is answered with what a change of filters changes. A refusal is a page of its own for it too: it loads it.
    """
    selection = Selection.parse(request.GET, surface="page", today=today())
    options = counts(selection)
    context = listing.frame(selection) | listing.controls(selection, options)
    if not selection.errors:
        context |= listing.results(selection, options, chart(selection))
        context["social"] = sharing.of_selection(selection, title=context["title"], url=context["canonical"])
    if HtmxDetails(request) and not selection.errors:
        response = render(request, "timeline/_partials/swapped.html", context)
        response["Content-Location"] = listing.address(selection)
        response["Cache-Control"] = "no-store"
    else:
        response = render(request, "timeline/timeline.html", context, status=400 if selection.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@read_only
def action(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one entry as it stands at the edition asked for, or what became of it.

    The rest of the query string is that of the list on which the reader found it, and leads back there.
    """
    selection = Selection.parse(request.GET, surface="page", today=today())
    row = entry.standing(request, slug, selection)
    if isinstance(row, HttpResponse):
        return row
    return render(request, "timeline/action.html", entry.context(row, selection))


@read_only
def method(request: HttpRequest) -> HttpResponse:
    """Show what every word, column and parameter means, as of the newest edition."""
    return render(request, "timeline/method.html", codebook_page.context())
