"""For readers: the timeline and the page of one action. Rules live in the selection, words in presenting."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from timeline.chart import chart
from timeline.facets import counts
from timeline.selection import Selection
from timeline.views import codebook_page, entry, listing
from timeline.views.reading import read_only, today


@read_only
def timeline(request: HttpRequest) -> HttpResponse:
    """Show the selection as a list under its months, with its chart and its filters."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    options = counts(selection)
    context = listing.frame(selection) | listing.controls(selection, options)
    if selection.errors:
        return render(request, "timeline/timeline.html", context, status=400)
    context |= listing.results(selection, options, chart(selection))
    return render(request, "timeline/timeline.html", context)


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
