"""For readers: the page of one source, with the actions that rest on it."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from timeline.presenting import links
from timeline.presenting.pager import pager
from timeline.presenting.sources_listed import citing, source_page
from timeline.presenting.terms import PLURALS
from timeline.selection import Selection
from timeline.selection.conditions import has
from timeline.views import listing, sharing
from timeline.views.reading import read_only, today
from timeline.views.term_standing import standing_source
from timeline.views.terms import error_lines, pinned_to

Context = dict[str, Any]


@read_only
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a source as it stood at the edition asked for, and the entries that cite it."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    found = standing_source(request, selection, slug)
    if isinstance(found, HttpResponse):
        return found
    as_of = pinned_to(selection)
    context = listing.frame(selection, lambda query: links.term_page("source", slug, query=query)) | {
        "source": source_page(found, as_of=as_of),
        "index": {
            "label": str(PLURALS["source"]),
            "href": links.term_index("source", f"as_of={as_of}" if as_of else ""),
        },
    }
    if selection.errors:
        return render(request, "timeline/terms/source.html", context | {"errors": error_lines(selection)}, status=400)
    context |= _citing(selection, slug)
    title, path = context["source"].title, links.term_page("source", slug)
    context["social"] = sharing.of_term(context, name=title, definition="", path=path)
    return render(request, "timeline/terms/source.html", context)


def _citing(selection: Selection, slug: str) -> Context:
    """Return one page of the entries that cite the source. Two queries. Raises Http404 past the last page."""
    rows = selection.rows().filter(has("source", [slug]))
    found = rows.count()
    last = max(1, ceil(found / selection.per_page))
    if not 1 <= selection.page <= last:
        raise Http404("There is no such page.")
    first = (selection.page - 1) * selection.per_page
    records = rows.values_list("record", flat=True)[first : first + selection.per_page]
    return {
        "found": found,
        "entries": citing(records, slug, as_of=pinned_to(selection)),
        "pager": pager(
            selection.page, last, lambda page: links.term_page("source", slug, query=selection.query(page=page))
        ),
    }
