"""What the page of one entry shows, and how it answers when the entry was retracted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from timeline.presenting import citing, detail, links, tombstones
from timeline.presenting.words import counted, day_name
from timeline.selection import Selection
from timeline.views import works
from timeline.views.listing import pinned
from tracker.models.ledger import Edition, PublishedAction, PublishedRelation

Context = dict[str, Any]


def standing(request: HttpRequest, slug: str, selection: Selection) -> PublishedAction | HttpResponse:
    """Return the row of an entry that stands at the edition asked for, or the answer that says why it does not.

    Raises Http404 for a slug that was never published.
    """
    if "as_of" in selection.errors:
        told = {"errors": selection.errors["as_of"], "slug": slug}
        return render(request, "timeline/no_edition.html", told, status=400)
    row = row_of(slug, selection)
    if row is None:
        return not_yet(request, slug, selection)
    if not row.record:
        return render(request, "timeline/redacted.html", {"edition": selection.edition}, status=451)
    if row.change == "retracted":
        return gone(request, row, selection)
    return row


def row_of(slug: str, selection: Selection) -> PublishedAction | None:
    """Return the row that stood at the edition served, tombstones included; None if there was none yet.

    Raises Http404 for a slug that was never published: a draft is as absent as nothing.
    """
    rows = PublishedAction.objects.filter(slug=slug)
    row = rows.sealed_by(selection.number).select_related("edition").first()
    if row is None and not rows.exists():
        raise Http404("There is no such entry.")
    return row


def not_yet(request: HttpRequest, slug: str, selection: Selection) -> HttpResponse:
    """Answer for an entry that appeared after the edition asked for."""
    first = Edition.objects.filter(publishedactions__slug=slug).order_by("number").first()
    shown = {"edition": selection.edition, "number": selection.number, "first": first, "slug": slug}
    return render(request, "timeline/not_yet.html", shown, status=404)


def context(row: PublishedAction, selection: Selection) -> Context:
    """Return everything the page of a standing entry shows. Five queries."""
    as_of = selection.texts.get("as_of", ("",))[0]
    query = "" if selection.errors else selection.query()
    shown = detail.detail(json.loads(row.record), as_of=as_of)
    address = settings.PUBLIC_URL + links.action(row.slug)
    work = works.of_entry(row)
    return {
        "edition": selection.edition,
        "entry": shown,
        "relations": _relations(row.slug, selection, query),
        "versions": versions(row.slug, selection),
        "canonical": address + (f"?as_of={as_of}" if as_of else ""),
        "citation": citing.short_text(work),
        "cite_href": links.cite_entry(row.slug, query),
        "back": _back(selection, query),
        "pinned": _pinned(row.slug, selection),
    }


def _back(selection: Selection, query: str) -> Context:
    """Return the link to the list that the reader came from."""
    if selection.errors or not selection.is_filtered:
        return {"href": links.timeline(query), "text": "Back to the timeline"}
    found = counted(selection.narrowed().count(), "filtered action")
    return {"href": links.timeline(query), "text": f"Back to {found}"}


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


def public_relations(slug: str, selection: Selection) -> list[Context]:
    """Return the relations of an entry as the ledger keeps them at the edition served, from either end."""
    standing = PublishedRelation.objects.as_of(selection.number).filter(Q(from_slug=slug) | Q(to_slug=slug))
    return [json.loads(record)["relation"] for record in standing.values_list("record", flat=True) if record]


def _relations(slug: str, selection: Selection, query: str) -> list[detail.Related]:
    rows = public_relations(slug, selection)
    others = {end for row in rows for end in (row["from"], row["to"]) if end and end != slug}
    return detail.relations(slug, rows, visible=visible(others, selection), query=query)


def visible(slugs: Iterable[str], selection: Selection) -> dict[str, Any]:
    """Return the public records of these entries at the edition served, by slug."""
    rows = PublishedAction.objects.as_of(selection.number).filter(slug__in=sorted(slugs))
    return {slug: json.loads(record) for slug, record in rows.values_list("slug", "record")}


def versions(slug: str, selection: Selection) -> list[detail.VersionLine]:
    """Return every version up to the edition served, the newest first."""
    rows = PublishedAction.objects.filter(slug=slug, edition__lte=selection.number).order_by("-version")
    fields = ("version", "edition_id", "edition__published_at", "change", "change_note")
    return [
        detail.version_line(slug, version=version, edition=edition, published_at=at, change=change, note=note)
        for version, edition, at, change, note in rows.values_list(*fields)
    ]


def gone(request: HttpRequest, row: PublishedAction, selection: Selection) -> HttpResponse:
    """Answer for a retracted entry: lead on to the one that stays, or show the tombstone."""
    record = json.loads(row.record)
    query = "" if selection.errors else selection.query()
    replacing = visible(record["replaced_by"], selection)
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
