"""What the page of one entry shows, and how it answers when the entry was retracted."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.neighbours import neighbours
from timeline.presenting import citing, detail, links, tombstones
from timeline.presenting.versions import Sealed, VersionLine, version_lines
from timeline.presenting.words import day_name, grouped
from timeline.selection import Selection
from timeline.views import sharing, works
from timeline.views.listing import pinned
from timeline.views.related import related, visible
from tracker.models.ledger import Edition, PublishedAction

Context = dict[str, Any]


def standing(request: HttpRequest, slug: str, selection: Selection) -> PublishedAction | HttpResponse:
    """Return the row of an entry that stands at the edition asked for, or the answer that says why it does not.

    Raises Http404 for a slug that was never published.
    """
    row = answer_for(request, slug, selection)
    if isinstance(row, PublishedAction) and row.change == "retracted":
        return gone(request, row, selection)
    return row


def answer_for(request: HttpRequest, slug: str, selection: Selection) -> PublishedAction | HttpResponse:
    """Return the row that stands at the edition asked for, or the tombstone in its place, or why there is neither.

    Raises Http404 for a slug that was never published.
    """
    if "as_of" in selection.errors:
        told = {"errors": selection.errors["as_of"], "slug": slug}
        return render(request, "timeline/no_edition.html", told, status=400)
    row = row_of(slug, selection)
    if row is None:
        return not_yet(request, slug, selection)
    return row if row.record else redacted(request, selection, number=row.redacted_in)


def redacted(request: HttpRequest, selection: Selection, *, number: int | None = None) -> HttpResponse:
    """Answer for what the law made us take out (in edition `number`): day and reason, no title, no names."""
    since = Edition.objects.filter(number=number).first() if number else None
    told = {"edition": selection.edition, "since": since, "day": day_name(since.published_at) if since else ""}
    return render(request, "timeline/redacted.html", told, status=451)


def row_of(slug: str, selection: Selection) -> PublishedAction | None:
    """Return the row that stood at the edition served, tombstones included; None if there was none yet.

    Raises Http404 for a slug that was never published: a draft is as absent as nothing.
    """
    rows = PublishedAction.objects.filter(slug=slug)
    row = rows.sealed_by(selection.number).select_related("edition", "projection").first()
    if row is None and not rows.exists():
        raise Http404("There is no such entry.")
    return row


def not_yet(request: HttpRequest, slug: str, selection: Selection) -> HttpResponse:
    """Answer for an entry that appeared after the edition asked for."""
    first = Edition.objects.filter(publishedactions__slug=slug).order_by("number").first()
    shown = {"edition": selection.edition, "number": selection.number, "first": first, "slug": slug}
    return render(request, "timeline/not_yet.html", shown, status=404)


def context(row: PublishedAction, selection: Selection) -> Context:
    """Return everything the page of a standing entry shows. Five queries, two more with a chain."""
    as_of = _as_of(selection)
    query = "" if selection.errors else selection.query()
    address = settings.PUBLIC_URL + links.action(row.slug)
    return text(row, number=selection.number, as_of=as_of, query=query) | {
        "edition": selection.edition,
        "versions": versions(row.slug, selection),
        "canonical": address + (f"?as_of={as_of}" if as_of else ""),
        "back": _back(selection, query),
        "pinned": _pinned(row.slug, selection),
        "beside": _beside(row, selection),
        "social": sharing.of_entry(row, url=address + (f"?as_of={as_of}" if as_of else ""), as_of=as_of),
    }


def text(row: PublishedAction, *, number: int, as_of: str, query: str) -> Context:
    """Return what a version of an entry itself says, its relations in edition `number`, and how to cite it.

    `as_of` is what the links of its terms are pinned to, `query` what those of other entries carry.
    """
    record = json.loads(row.record)
    work = works.of_entry(row)
    pinned_to = f"as_of={row.edition_id}"
    return related(row.slug, record, number=number, query=query) | {
        "entry": detail.detail(record, as_of=as_of),
        "citation": citing.short_text(work),
        "cite_href": links.cite_entry(row.slug, query),
        "cite_files": [
            {"label": each.label, "href": links.cite_file(each.suffix, query=pinned_to, slug=row.slug)}
            for each in citing.FORMATS
        ],
        "json_href": links.entry_json(row.slug, f"as_of={as_of}" if as_of else ""),
    }


def _as_of(selection: Selection) -> str:
    return selection.texts.get("as_of", ("",))[0]


def _beside(row: PublishedAction, selection: Selection) -> Context | None:
    """Return the links to what stands before and behind in the list, by time where the list is in order of time."""
    found = neighbours(row, selection)
    if found is None:
        return None
    before, behind = (_neighbour(each, selection) for each in (found.before, found.behind))
    if selection.sort == "newest":
        before, behind = behind, before
    is_by_time = selection.sort in ("newest", "oldest")
    return {"earlier": before, "later": behind, "is_by_time": is_by_time} if before or behind else None


def _neighbour(row: PublishedAction | None, selection: Selection) -> Context | None:
    if row is None:
        return None
    return {"title": json.loads(row.record)["entry"]["title"], "href": links.action(row.slug, selection.query())}


def _back(selection: Selection, query: str) -> Context:
    """Return the link to the list that the reader came from."""
    if selection.errors or not selection.is_filtered:
        return {"href": links.timeline(query), "text": _("Back to the timeline")}
    found = selection.narrowed().count()
    words = ngettext("Back to %(found)s filtered action", "Back to %(found)s filtered actions", found)
    return {"href": links.timeline(query), "text": words % {"found": grouped(found)}}


def _pinned(slug: str, selection: Selection) -> Context | None:
    """Return the banner of an earlier edition, and whether the entry was retracted since."""
    banner = pinned(selection)
    if banner is None:
        return None
    later = PublishedAction.objects.current().filter(slug=slug, change="retracted")
    retracted_in = later.filter(edition__gt=selection.number).values_list("edition", flat=True).first()
    return banner | {
        "newest_href": links.action(slug, selection.without("as_of")),
        "retracted_in": retracted_in,
    }


def versions(slug: str, selection: Selection, *, shown: int = 0) -> list[VersionLine]:
    """Return every version up to the edition served, the newest first; `shown` is the one on the page."""
    rows = PublishedAction.objects.ever_sealed_by(selection.number).filter(slug=slug).order_by("-version")
    fields = ("version", "edition_id", "edition__published_at", "change", "change_note", "redacted_in")
    sealed = [
        Sealed(number, edition, at, change, note, has_text=change != "retracted" and redacted_in is None)
        for number, edition, at, change, note, redacted_in in rows.values_list(*fields)
    ]
    return version_lines(slug, sealed, as_of=_as_of(selection), shown=shown)


def gone(request: HttpRequest, row: PublishedAction, selection: Selection) -> HttpResponse:
    """Answer for a retracted entry: lead on to the one that stays, or show the tombstone."""
    record = json.loads(row.record)
    query = "" if selection.errors else selection.query()
    replacing = visible(record["replaced_by"], selection.number)
    if record["reason"] == "duplicate" and replacing:
        return HttpResponsePermanentRedirect(links.action(next(iter(replacing)), query))
    stone = tombstones.tombstone(
        record,
        day=day_name(row.edition.published_at),
        last=_last_entry(row),
        titles={slug: found["entry"]["title"] for slug, found in replacing.items()},
        query=query,
    )
    shown = {
        "edition": selection.edition,
        "stone": stone,
        "versions": versions(row.slug, selection),
        "pinned": pinned(selection),
    }
    return render(request, "timeline/tombstone.html", shown, status=stone.answer)


def _last_entry(row: PublishedAction) -> Context:
    """Return the entry as readers knew it before it was retracted."""
    before = PublishedAction.objects.filter(slug=row.slug, version=row.version - 1)
    entry: Context = json.loads(before.values_list("record", flat=True).get())["entry"]
    return entry
