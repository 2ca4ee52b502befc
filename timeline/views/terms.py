"""For readers: the page of an actor, agency, party, topic, category or publisher, with the actions that carry it.

The page of an agency is the selection `?agency=...`: the same counts, the same rows, the same files. Whatever else
the address asks for narrows it further.
"""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import Any

from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from timeline import facets
from timeline.chart import chart
from timeline.presenting import form, histogram, links, summary
from timeline.presenting.history import tag
from timeline.presenting.pager import pager
from timeline.presenting.sources_listed import listed
from timeline.presenting.terms import PLURALS, Tree, successions, term_page
from timeline.presenting.words import counted
from timeline.selection import Selection
from timeline.selection.chips import LABELS
from timeline.selection.conditions import has
from timeline.terms import PARAMETERS
from timeline.views import listing, sharing, source_rows
from timeline.views.reading import read_only, today
from timeline.views.term_standing import refused
from tracker.models.ledger import Stored

Context = dict[str, Any]
SHOWN_SOURCES = 10


@read_only
def term(request: HttpRequest, slug: str, *, kind: str) -> HttpResponse:
    """Show a term as it stood at the edition asked for, with the actions that carry it."""
    within = {PARAMETERS[kind]: slug}
    selection = Selection.parse(request.GET, surface="page", today=today(), within=within)
    answer = refused(request, selection, kind=kind, slug=slug)
    if answer is not None:
        return answer
    here = partial(_address, selection, kind, slug)
    context = listing.frame(selection, here) | _about(selection, kind, slug)
    if selection.errors:
        return render(request, "timeline/terms/term.html", context | {"errors": error_lines(selection)}, status=400)
    options = facets.counts(selection)
    context |= _counted(selection, options) | _listed(selection, here)
    shown = context["term"]
    context["social"] = sharing.of_term(context, name=shown.name, definition=shown.definition, path=here(""))
    return render(request, "timeline/terms/term.html", context | _more(selection, kind, slug, options))


def _address(selection: Selection, kind: str, slug: str, query: str) -> str:
    """Return the address of this page under a canonical query, which says again what the page is about."""
    return links.term_page(kind, slug, query=selection.own(query))


def error_lines(selection: Selection) -> list[form.ErrorLine]:
    """Return what is wrong with the address of a page that has no controls to lead to."""
    return [
        form.ErrorLine("", f"{LABELS.get(name, name)}: {text}")
        for name, texts in selection.errors.items()
        for text in texts
    ]


def pinned_to(selection: Selection) -> str:
    """Return the edition that the reader asked for, as typed, for links that keep it; "" for the newest."""
    return selection.texts.get("as_of", ("",))[0] if not selection.errors else ""


def _about(selection: Selection, kind: str, slug: str) -> Context:
    """Return what the edition says of the term. One query for an actor, else none."""
    as_of = pinned_to(selection)
    offices = _offices(selection, slug) if kind == "actor" else []
    return {
        "term": term_page(selection.vocabulary, kind, slug, as_of=as_of, offices=offices),
        "index": {"label": str(PLURALS[kind]), "href": links.term_index(kind, f"as_of={as_of}" if as_of else "")},
    }


def _offices(selection: Selection, slug: str) -> list[tuple[str, str, str]]:
    """Return (office, first day, last day) under which entries name the actor, the latest first. One query."""
    names = selection.vocabulary.expand("actor", slug)
    rows = selection.unfiltered().filter(has("actor", names)).order_by()
    named = rows.annotate(
        office=Stored("record", path=("entry", "actor_office")), who=Stored("record", path=("entry", "actor", "slug"))
    ).filter(who__in=sorted(names), office__isnull=False)
    found = named.values("office").annotate(first=Min("projection__earliest"), last=Max("projection__latest"))
    return [
        (row["office"], row["first"].isoformat(), row["last"].isoformat())
        for row in sorted(found, key=lambda row: (row["last"], row["office"]), reverse=True)
    ]


def _counted(selection: Selection, options: listing.Options) -> Context:
    """Return how many actions have each status, each a link to them on the timeline."""
    statuses = options["status"]
    return {
        "statuses": [
            {
                "tag": tag(option.value),
                "count": option.count,
                "href": links.timeline(selection.query(status=option.value)),
            }
            for option in statuses
            if option.count
        ],
        "fates": summary.fates(summary.status_counts((each.value, each.count, each.is_on) for each in statuses)),
    }


def _listed(selection: Selection, here: listing.Address) -> Context:
    """Return the chart and one page of the list, with what may be done with it. Raises Http404 past its end."""
    drawn = chart(selection)
    last = max(1, ceil(drawn.count / selection.per_page))
    if not 1 <= selection.page <= last:
        raise Http404("There is no such page.")
    has_range = bool({"from", "to"} & selection.texts.keys())
    groups = listing.groups(selection, drawn)
    return {
        "found": drawn.count,
        "headline": counted(drawn.count, "action"),
        "histogram": histogram.histogram(drawn, has_range=has_range) if drawn.count else None,
        "groups": groups,
        "tracks": listing.drawn(selection, groups),
        "views": form.views(selection.view, lambda view: here(selection.query(view=view))),
        "pager": pager(selection.page, last, lambda page: here(selection.query(page=page))),
        "sorts": form.sorts(selection.sort, has_words="q" in selection.texts),
        "kept": [
            (name, value)
            for name, values in selection.texts.items()
            if name not in selection.within and name not in ("sort", "page")
            for value in values
        ],
        "timeline_href": links.timeline(selection.data_query),
        "csv_href": links.csv(selection.data_query),
        "data_href": links.data(selection.data_query),
        "cite_href": links.cite(selection.data_query),
        "feed_href": links.feed(selection.data_query),
    }


def _more(selection: Selection, kind: str, slug: str, options: listing.Options) -> Context:
    """Return what only one kind has: the tree around an agency, the sources of a publisher."""
    as_of = pinned_to(selection)
    if kind == "agency":
        found = {option.value: option.count for option in options["agency"]}
        tree = Tree(selection.vocabulary, counts=found, as_of=as_of)
        return {"tree": tree.around(slug), "successions": successions(selection.vocabulary, slug, as_of=as_of)}
    if kind == "publisher":
        return _published(selection, slug, as_of)
    return {}


def _published(selection: Selection, slug: str, as_of: str) -> Context:
    """Return the newest sources of a publisher. Three queries."""
    wanted = source_rows.Wanted(publisher=slug)
    newest = list(source_rows.newest_first(selection, wanted)[:SHOWN_SOURCES])
    query = f"publisher={slug}" + (f"&as_of={as_of}" if as_of else "")
    return {
        "sources": listed(newest, uses=source_rows.uses(selection, newest), as_of=as_of),
        "sources_found": source_rows.count(selection, wanted),
        "sources_href": links.term_index("source", query),
    }
