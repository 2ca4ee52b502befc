"""For those who cite: any selection, and any entry, as text and for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline.presenting import citing, links
from timeline.presenting.citing import Format, Work
from timeline.presenting.form import ErrorLine
from timeline.problems import ProblemResponse, bad_selection
from timeline.selection import Selection
from timeline.views import entry, works
from timeline.views.listing import frame
from timeline.views.reading import read_only, today


@read_only
def cite(request: HttpRequest) -> HttpResponse:
    """Show how to cite the selection."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    if selection.errors:
        return render(request, "timeline/cite.html", _refused(selection), status=400)
    edition = selection.edition
    shown = _shown(works.of_selection(selection, edition), query=selection.pinned_query) if edition else {}
    back = {"href": links.timeline(selection.query()), "text": _("Back to the timeline")}
    return render(
        request, "timeline/cite.html", frame(selection) | shown | {"back": back, "subject": _("this selection")}
    )


@read_only
def cite_action(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how to cite an entry; what does not stand is told as on the page of the entry."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    row = entry.standing(request, slug, selection)
    if isinstance(row, HttpResponse):
        return row
    query = "" if selection.errors else selection.query()
    back = {"href": links.action(slug, query), "text": _("Back to the entry")}
    shown = _shown(works.of_entry(row), query=f"as_of={row.edition_id}", slug=slug)
    context = {"edition": selection.edition, "back": back, "subject": _("this entry")}
    return render(request, "timeline/cite.html", context | shown)


def cite_file(format_: Format) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view that sends the citation of a selection as a file."""

    @read_only
    def view(request: HttpRequest) -> HttpResponse:
        selection = Selection.parse(request.GET, surface="data", today=today())
        if selection.errors:
            return bad_selection(selection, selection.errors, path=request.path)
        if selection.edition is None:
            return _nothing_yet()
        return _file(works.of_selection(selection, selection.edition), format_)

    return view


def cite_action_file(format_: Format) -> Callable[..., HttpResponseBase]:
    """Return the view that sends the citation of an entry as a file."""

    @read_only
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        selection = Selection.parse(request.GET, surface="page", today=today())
        row = entry.standing(request, slug, selection)
        return row if isinstance(row, HttpResponse) else _file(works.of_entry(row), format_)

    return view


def _file(work: Work, format_: Format) -> HttpResponse:
    headers = {
        "Content-Type": format_.content_type,
        "Content-Disposition": f'attachment; filename="{work.key}.{format_.suffix}"',
        "X-Edition": str(work.edition),
    }
    return HttpResponse(format_.write(work), headers=headers)


def _nothing_yet() -> HttpResponse:
    return ProblemResponse(
        type_="about:blank",
        title="There is nothing to cite",
        status=404,
        detail="Before the first edition nothing had been published, so that there is nothing to cite.",
    )


def _refused(selection: Selection) -> dict[str, Any]:
    lines = [ErrorLine("", f"{name}: {text}") for name, texts in selection.errors.items() for text in texts]
    back = {"href": links.timeline(selection.query()), "text": _("Put it right on the timeline")}
    return frame(selection) | {"errors": lines, "back": back}


def _shown(work: Work, *, query: str, slug: str = "") -> dict[str, Any]:
    """Return what the page tells of `work`: each citation with the address of its file."""
    return {
        "work": work,
        "text": citing.text(work),
        "formats": [
            {
                "label": each.label,
                "id": f"cite-{each.suffix}",
                "text": each.write(work),
                "file": f"{work.key}.{each.suffix}",
                "href": links.cite_file(each.suffix, query=query, slug=slug),
            }
            for each in citing.FORMATS
        ],
        "canonical": work.url,
        "pinned_query": query,
        "is_hidden": True,
    }
