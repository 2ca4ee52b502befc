"""What the timeline's templates show, put together from the selection, its facets and its chart."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from timeline.chart import Chart
from timeline.facets import Option
from timeline.presenting import entries, form, histogram, links, panel, summary, tracks
from timeline.presenting.pager import pager
from timeline.presenting.words import day_name, said
from timeline.removals import removals
from timeline.selection import Selection
from tracker import codebook

Context = dict[str, Any]
Options = dict[str, list[Option]]


_SHOWING = frozenset({"view", "sort", "per_page"})
Address = Callable[[str], str]
"""From a canonical query string to the address of the page on which the list stands."""


def frame(selection: Selection, here: Address = links.timeline) -> Context:
    """What stands around the list: edition, banners, chips, addresses."""
    chips = [chip for chip in selection.chips() if chip.name not in selection.within]
    return {
        "edition": selection.edition,
        "newest": selection.newest_edition,
        "canonical": settings.PUBLIC_URL + address(selection, here),
        "is_hidden": len(chips) > 1 or bool(selection.errors),
        "is_filtered": selection.is_filtered,
        "chips": [{"label": chip.label, "value": chip.value_label, "href": here(chip.query)} for chip in chips],
        "clear_href": here(cleared(selection)),
        "feed_query": "" if selection.errors else selection.feed_query,
        "unknown": [
            {"name": each.name, "suggestion": each.suggestion, "href": here(each.query)} for each in selection.unknown
        ],
        "pinned": pinned(selection, here),
        "title": _("A problem with this address"),
        "headline": _("Nothing is shown until this is put right"),
    }


def cleared(selection: Selection) -> str:
    """Return the canonical query without any filter: how the list is drawn and sorted is none."""
    return "" if selection.errors else selection.query(**dict.fromkeys(selection.texts.keys() - _SHOWING))


def address(selection: Selection, here: Address = links.timeline) -> str:
    """Return the canonical address of the page shown."""
    return here(selection.query(page=selection.page if selection.page > 1 else None))


def pinned(selection: Selection, here: Address = links.timeline) -> Context | None:
    """The edition that the reader asked for by `as_of`, or None."""
    if selection.values.get("as_of") is None:
        return None
    edition = selection.edition
    return {
        "number": selection.number,
        "day": day_name(edition.published_at) if edition else "",
        "newest_href": here(selection.without("as_of")),
    }


def controls(selection: Selection, options: Options) -> Context:
    """The filter panel, with everything as it was typed."""
    typed, errors = selection.typed, selection.errors
    ever = {"had_status": panel.uncounted(codebook.STATUSES, chosen=selection.texts.get("had_status", ()))}
    facets = panel.facets({**options, **ever}, errors=errors, typed=typed)
    labels = {facet.name: facet.label for facet in facets}
    used = [name for name in ("changed_since", "as_of") if typed.get(name)]
    return {
        "errors": form.error_lines(errors, labels=labels),
        "fields": form.fields(typed, errors=errors),
        "facets": facets,
        "date_matches": form.date_matches(typed),
        "editions_used": len(used),
        "kept": form.kept(typed, also=() if not errors else ("sort",)),
    }


def results(selection: Selection, options: Options, chart: Chart) -> Context:
    """The list itself: one page of entries under their headings, or what to do when there are none."""
    found = chart.count
    last = max(1, ceil(found / selection.per_page))
    if not 1 <= selection.page <= last:
        raise Http404("There is no such page.")
    counts = summary.status_counts((each.value, each.count, each.is_on) for each in options.get("status", ()))
    head = summary.headline(found, chart.total, is_filtered=selection.is_filtered)
    listed = groups(selection, chart)
    return {
        "found": found,
        "everything": chart.total,
        "headline": head,
        "title": _title(selection, head),
        "fates": summary.fates(counts),
        "histogram": histogram.histogram(chart, has_range=bool({"from", "to"} & selection.texts.keys())),
        "groups": listed,
        "tracks": drawn(selection, listed),
        "views": form.views(selection.view, lambda view: links.timeline(selection.query(view=view))),
        "pager": pager(selection.page, last, lambda page: links.timeline(selection.query(page=page))),
        "sorts": form.sorts(selection.sort, has_words="q" in selection.texts),
        "csv_href": links.csv(selection.data_query),
        "feed_href": links.feed(selection.feed_query),
        "calendar_href": links.calendar(selection.feed_query),
        "data_href": links.data(selection.data_query),
        "cite_href": links.cite(selection.data_query),
        "embed_href": links.embed_code(selection.query(page=None, per_page=None)),
        "left_out": left_out(selection, options),
        "removals": [] if found else helpful(selection),
        "whole_href": links.timeline(f"as_of={selection.number}" if "as_of" in selection.texts else ""),
    }


def _title(selection: Selection, head: str) -> str:
    filters = [(said(chip.label), said(chip.value_label)) for chip in selection.chips() if chip.name != "as_of"]
    edition = _("edition %(number)s") % {"number": selection.number} if "as_of" in selection.texts else ""
    return summary.page_title(head, filters, edition=edition, page=selection.page)


def groups(selection: Selection, chart: Chart) -> list[entries.Group]:
    """The entries of this page, one query, under the headings that fit their order."""
    start = (selection.page - 1) * selection.per_page
    if not chart.count:
        return []
    records = selection.rows().values_list("record", flat=True)[start : start + selection.per_page]
    return entries.grouped(
        records,
        sort=selection.sort,
        counts=chart.months,
        query=selection.query(),
        as_of=selection.texts.get("as_of", ("",))[0],
        words=selection.values.get("q") or "",
    )


def drawn(selection: Selection, listed: list[entries.Group]) -> tracks.Tracks | None:
    """The same entries as tracks up to the day of the edition, where that is how they are to be shown."""
    if selection.view != "tracks" or selection.edition is None or not listed:
        return None
    return tracks.tracks(listed, last=selection.edition.published_at.date())


def left_out(selection: Selection, options: Options) -> Context | None:
    """How many entries known from reports alone a question about a day leaves out (codebook 2.2)."""
    if "in_force_on" not in selection.texts or "in_force" in selection.texts:
        return None
    count = sum(option.count for option in options.get("in_force", ()) if option.value == "unknown")
    return {"count": count, "href": links.timeline(selection.query(in_force="unknown"))} if count else None


def helpful(selection: Selection) -> list[Context]:
    """The single filters whose removal shows something."""
    return [
        {
            "label": said(each.chip.label),
            "value": said(each.chip.value_label),
            "count": each.count,
            "href": links.timeline(each.chip.query),
        }
        for each in removals(selection)
    ]
