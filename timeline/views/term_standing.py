"""How the page of a term or source answers when there is nothing to show at the edition asked for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from timeline.presenting import links
from timeline.selection import Selection
from timeline.terms import is_redacted, read_term
from tracker.models.ledger import Edition, PublishedTerm


def refused(request: HttpRequest, selection: Selection, *, kind: str, slug: str) -> HttpResponse | None:
    """Return why the page of a term is not shown; None where it stands at the edition served.

    No query where it stands. Raises Http404 for a term that was never published, as of a draft alone.
    """
    if not selection.vocabulary.is_known(kind, slug):
        raise Http404("There is no such term.")
    term = selection.vocabulary.standing.get(kind, {}).get(slug)
    if term is None:
        return not_yet(request, selection, kind=kind, slug=slug, name=selection.vocabulary.name(kind, slug))
    if is_redacted(term):
        return removed(request, selection)
    survivor = selection.vocabulary.survivor(kind, slug)
    if survivor != slug:
        return HttpResponsePermanentRedirect(links.term_page(kind, survivor, query=selection.own(selection.query())))
    return None


def standing_source(request: HttpRequest, selection: Selection, slug: str) -> dict[str, Any] | HttpResponse:
    """Return the document of a source that stands at the edition served, or the answer that says why it does not.

    One query, one more where there is none. Raises Http404 for a source that was never published.
    """
    rows = PublishedTerm.objects.sealed_by(selection.number).filter(kind="source", slug=slug)
    record = rows.values_list("record", flat=True).first()
    if record is not None:
        return read_term(slug, record) if record else removed(request, selection)
    later = PublishedTerm.objects.sealed_by(selection.newest).filter(kind="source", slug=slug)
    record = later.values_list("record", flat=True).first()
    if record is None:
        raise Http404("There is no such source.")
    source = read_term(slug, record)
    return not_yet(request, selection, kind="source", slug=slug, name=source.get("title") or slug)


def not_yet(request: HttpRequest, selection: Selection, *, kind: str, slug: str, name: str) -> HttpResponse:
    """Answer for a term that appeared after the edition asked for."""
    first = Edition.objects.filter(publishedterms__kind=kind, publishedterms__slug=slug).order_by("number").first()
    shown = {
        "edition": selection.edition,
        "number": selection.number,
        "name": name,
        "first": first,
        "first_href": links.term_page(kind, slug, as_of=str(first.number)) if first else "",
        "newest_href": links.term_page(kind, slug),
    }
    return render(request, "timeline/terms/not_yet.html", shown, status=404)


def removed(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Answer for what the law made us take out."""
    return render(request, "timeline/redacted.html", {"edition": selection.edition}, status=451)
