"""For analysts: what can be downloaded of a selection, and how to fetch it by program."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from timeline.exports.base import Export, Size
from timeline.exports.csv_file import CSV
from timeline.exports.files import FILES
from timeline.exports.jsonl_file import JSONL
from timeline.presenting import links
from timeline.presenting.form import ErrorLine
from timeline.presenting.snippets import Snippet, snippets
from timeline.presenting.words import counted, said
from timeline.selection import Selection
from timeline.views import sharing
from timeline.views.listing import frame
from timeline.views.reading import read_only, today
from tracker import columns
from tracker.columns.descriptor import LICENCE

Context = dict[str, Any]

_PAGES = ("view", "page", "per_page")
_SHAPE = ("columns", "bom", "raw")
_FORMATS = {
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "xlsx": _("Excel workbook"),
    "parquet": "Parquet",
    "zip": "Zip",
    "ics": "iCalendar",
}
_DESCRIPTIONS = {
    "calendar": _(
        "Each action as an event on its day, or on all the days that it may have been. Without as_of in the address "
        "a calendar program can subscribe to it."
    ),
    "package": _(
        "All of these tables together, with their description, licence, citation, checksums, the chain of editions, "
        "and a script that checks them without a network."
    ),
    "checksums": _("SHA-256 of actions.csv and actions.jsonl, computed when you ask for it."),
}


@read_only
def data(request: HttpRequest) -> HttpResponse:
    """Show every file of the record and of the selection, a column chooser, and lines to copy."""
    typed = request.GET.copy()
    if ticked := [name for name in typed.getlist("columns") if name]:
        typed.setlist("columns", [",".join(ticked)])  # a form sends one value for each box
    selection = Selection.parse(typed, surface="downloads", today=today())
    context = frame(selection) | {
        "canonical": settings.PUBLIC_URL + links.data(selection.data_query),
        "timeline_href": links.timeline(selection.data_query),
        "cite_href": links.cite(selection.data_query),
        "pinned_query": selection.pinned_query,
        "licence": LICENCE,
    }
    if selection.errors:
        lines = [ErrorLine("", f"{name}: {text}") for name, texts in selection.errors.items() for text in texts]
        return render(request, "timeline/data.html", context | {"errors": lines}, status=400)
    context["social"] = sharing.of_data(selection, url=context["canonical"])
    return render(
        request, "timeline/data.html", context | _files(selection) | _chooser(selection) | _fetching(selection)
    )


# --- the files -----------------------------------------------------------------------------------------------------


def _files(selection: Selection) -> Context:
    """Return the table of files: everything, and the selection beside it where it is one."""
    chosen = _plain(selection.pinned_query)
    asked = [_plain(f"as_of={selection.number}"), chosen] if selection.is_filtered else [chosen]
    sides = [(each, _sizes(each)) for each in asked]
    offered = [export for export in FILES if export.is_offered]
    return {
        "found": sides[-1][1][CSV].rows,
        "everything": sides[0][1][CSV].rows,
        "tables": [
            {
                "name": stem,
                "description": _description(stem),
                "sides": [_links(members, each, sizes) for each, sizes in sides],
            }
            for stem, members in ((stem, list(found)) for stem, found in groupby(offered, key=lambda each: each.stem))
        ],
    }


def _plain(query: str) -> Selection:
    return Selection.parse(query, surface="data", today=today())


def _sizes(selection: Selection) -> dict[Export, Size]:
    """Return the sizes that are known before a file is made: those of stored lines. Two queries."""
    return {export: export.measure(selection) for export in (CSV, JSONL)}


def _description(stem: str) -> str:
    if stem in _DESCRIPTIONS:
        return str(_DESCRIPTIONS[stem])
    return said(columns.CHANGES.description if stem == "changes" else columns.FILES_BY_NAME[f"{stem}.csv"].description)


def _links(members: Iterable[Export], selection: Selection, sizes: dict[Export, Size]) -> list[Context]:
    return [
        {
            "label": _FORMATS.get(export.suffix, _("Text")),
            "href": links.file(export.file, selection.pinned_query),
            "size": counted(length, "byte") if (length := sizes[export].length if export in sizes else None) else "",
        }
        for export in members
    ]


# --- the CSV of one's own ------------------------------------------------------------------------------------------


def _chooser(selection: Selection) -> Context:
    """Return the columns to tick, and the link to the CSV that comes of it."""
    ticked = selection.columns or ()
    query = selection.query(**dict.fromkeys(_PAGES), as_of=selection.number)
    return {
        "columns": [
            {"name": name, "title": columns.BY_NAME[name].title, "is_on": name in ticked}
            for name in selection.all_columns
        ],
        "is_shaped": any(name in selection.texts for name in _SHAPE),
        "has_bom": selection.has_bom,
        "is_raw": selection.is_raw,
        "kept": _kept(selection, without=(*_PAGES, *_SHAPE)),
        "csv_href": links.csv(query),
        "chosen": list(ticked),
        "kept_for_changes": _kept(selection, without=(*_PAGES, *_SHAPE, "changed_since", "sort")),
        "since": max(selection.number - 1, 0),
    }


def _kept(selection: Selection, *, without: Iterable[str]) -> list[tuple[str, str]]:
    """Return what a form on this page carries along, hidden."""
    left_out = {*without}
    return [(name, value) for name, values in selection.texts.items() if name not in left_out for value in values]


# --- by program ----------------------------------------------------------------------------------------------------


def _fetching(selection: Selection) -> Context:
    """Return the lines to copy, pinned to the edition served, and for whatever edition is the newest."""
    pinned, latest = _snippets(selection, as_of=selection.number), _snippets(selection, as_of=None)
    return {"snippets": [{"pinned": one, "latest": other} for one, other in zip(pinned, latest, strict=True)]}


def _snippets(selection: Selection, *, as_of: int | None) -> list[Snippet]:
    changes: dict[str, int | None] = dict.fromkeys(_PAGES) | {"as_of": as_of}
    return snippets(
        url=settings.PUBLIC_URL + links.csv(selection.query(**changes)),
        raw_url=settings.PUBLIC_URL + links.csv(selection.query(**changes, raw=1, bom=None)),
        columns=[columns.BY_NAME[name] for name in selection.columns or selection.all_columns],
    )
