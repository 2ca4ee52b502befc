"""For readers who ask what we got wrong: every correction and retraction, before and after."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline.changes import CORRECTING, Version, moved, relations_beside, targets, version_rows, with_before
from timeline.presenting import changed, links
from timeline.selection import Selection
from timeline.views import sharing
from timeline.views.editions import BUDGET, framed, paged
from timeline.views.reading import read_only, today
from timeline.views.related import titles
from tracker.comparing import Difference

Context = dict[str, Any]


@read_only
def corrections(request: HttpRequest) -> HttpResponse:
    """Show what was corrected or retracted of the entries selected, the newest first."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    context = framed(selection, links.corrections)
    if selection.errors:
        return render(request, "timeline/corrections.html", context, status=400)
    social = sharing.of_page(
        title=_("Corrections"),
        description=_(
            "What we got wrong, the newest first: what we said, what we say now, and why. News about an action is not "
            "a correction; it is under changes."
        ),
        url=context["canonical"],
    )
    return render(request, "timeline/corrections.html", context | _list(selection) | {"social": social})


def _list(selection: Selection) -> Context:
    """Return one page of corrections. Five queries: their number, which they are, their texts, their relations,
    and what these lead to."""
    rows = version_rows(selection.number).filter(
        selection.names_entry("slug"), change__in=CORRECTING, edition__gt=selection.since
    )
    found = rows.count()
    pages, start, stop = paged(selection, found, links.corrections)
    # Texts are read by key: sorting them would carry every record through the sorter.
    keys = list(rows.order_by("-edition_id", "slug").values_list("pk", flat=True)[start:stop])
    texts = with_before(version_rows(selection.number).filter(pk__in=keys), number=selection.number)
    versions = [Version(*row) for row in texts]
    beside = relations_beside(versions, number=selection.number)
    named = titles(targets(chain.from_iterable(beside.values())), selection.number)
    pin = selection.texts.get("as_of", ("",))[0]

    def differing(each: Version) -> list[Difference]:
        return moved(each, beside[each.edition, each.slug], titles=named)

    shown = [
        changed.entry_change(each, differing(each), as_of=pin, budget=BUDGET)
        for each in sorted(versions, key=lambda each: (-each.edition, each.slug))
    ]
    return {"found": found, "entries": shown, "pager": pages}
