"""For other sites: a selection in a frame of theirs, and the lines of HTML that put it there."""

from __future__ import annotations

from math import ceil
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from timeline.presenting import embedding, entries, form, links, summary, tracks
from timeline.presenting.form import ErrorLine
from timeline.selection import Selection
from timeline.views.reading import read_only, today

Context = dict[str, Any]

_CHOSEN = ("view", "theme")

MOST = 10
"""Entries in a frame: it is a part of somebody else's page."""


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@read_only
def embed(request: HttpRequest) -> HttpResponse:
    """Show the first entries of a selection, as a list or as tracks, without anything around them.

    The only address that other sites may frame. Four queries, and those of the terms unless they are cached.
    """
    selection = Selection.parse(request.GET, surface="embed", today=today())
    context = _frame(selection)
    if selection.errors:
        return render(request, "timeline/embed.html", context, status=400)
    return render(request, "timeline/embed.html", context | _found(selection))


@csp_update({"frame-src": [SELF]})
@read_only
def code(request: HttpRequest) -> HttpResponse:
    """Show the lines that embed a selection, with a preview and what can be chosen."""
    selection = Selection.parse(request.GET, surface="embed", today=today())
    context = _frame(selection) | {
        "edition": selection.edition,
        "canonical": settings.PUBLIC_URL + links.embed_code(selection.query()),
        "views": form.views(selection.view, lambda view: links.embed_code(selection.query(view=view))),
        "themes": embedding.themes(selection.theme),
        "kept": [(name, text) for name, texts in selection.texts.items() if name not in _CHOSEN for text in texts],
        "is_hidden": True,
    }
    if selection.errors:
        return render(request, "timeline/embed_code.html", context, status=400)
    return render(request, "timeline/embed_code.html", context | _snippets(selection))


def _frame(selection: Selection) -> Context:
    """What stands around the entries: what is wrong or unknown, and the way to the whole."""
    return {
        "theme": selection.theme,
        "errors": [ErrorLine("", f"{name}: {text}") for name, texts in selection.errors.items() for text in texts],
        "unknown": [
            {"name": each.name, "suggestion": each.suggestion, "href": links.embed(each.query)}
            for each in selection.unknown
        ],
        "timeline_href": links.timeline(_query(selection)),
        "canonical": settings.PUBLIC_URL + links.timeline(_query(selection)),
    }


def _query(selection: Selection) -> str:
    """Return the same selection as the timeline shows it, whole."""
    return selection.query(page=None, per_page=None, theme=None)


def _found(selection: Selection) -> Context:
    """The entries, one query, and how many there are, two."""
    count = selection.narrowed().count()
    size = min(selection.per_page, MOST)
    if not 1 <= selection.page <= max(1, ceil(count / size)):
        raise Http404("There is no such page.")
    groups = _groups(selection, size) if count else []
    drawn = None
    if groups and selection.view == "tracks" and selection.edition:
        drawn = tracks.tracks(groups, last=selection.edition.published_at.date())
    return {
        "headline": _headline(selection, count),
        "edition": selection.edition,
        "groups": groups,
        "tracks": drawn,
        "new_window": True,
    }


def _headline(selection: Selection, count: int) -> str:
    return summary.headline(count, selection.unfiltered().count(), is_filtered=selection.is_filtered)


def _groups(selection: Selection, size: int) -> list[entries.Group]:
    start = (selection.page - 1) * size
    records = selection.rows().values_list("record", flat=True)[start : start + size]
    as_of = selection.texts.get("as_of", ("",))[0]
    return entries.grouped(records, sort=selection.sort, counts={}, query=selection.data_query, as_of=as_of)


def _snippets(selection: Selection) -> Context:
    count = selection.narrowed().count()
    shown = min(count, selection.per_page, MOST)
    frame = embedding.Frame(
        url=settings.PUBLIC_URL + links.embed(selection.query()),
        title=_("%(site)s: %(headline)s") % {"site": settings.SITE_NAME, "headline": _headline(selection, count)},
        height=embedding.height(shown, is_tracks=selection.view == "tracks"),
    )
    # The address of the script without the digest of its content: it stays when a new version comes.
    script = f"{settings.PUBLIC_URL}{settings.STATIC_URL}timeline/embed.js"
    return {
        "frame": frame,
        "preview_href": links.embed(selection.query()),
        "plain": embedding.plain(frame),
        "resized": embedding.resized(frame, script=script),
        "most": MOST,
    }
