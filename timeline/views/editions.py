"""For whoever watches the record: every edition with what moved in it, and one edition in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline.changes import (
    RelationVersion,
    Version,
    moved,
    relation_moved,
    targets,
    with_before,
    with_relation_before,
)
from timeline.presenting import changed, links
from timeline.presenting.form import ErrorLine
from timeline.presenting.pager import Pager, pager
from timeline.presenting.words import said
from timeline.selection import Selection
from timeline.terms import read_term
from timeline.views import sharing
from timeline.views.listing import Address, frame, pinned
from timeline.views.reading import read_only, today
from timeline.views.related import titles
from tracker import codebook
from tracker.models.ledger import Edition, PublishedAction, PublishedRelation, PublishedTerm

Context = dict[str, Any]

PER_PAGE = 50
FIRST = 3  # entries named for each edition of the list
BUDGET = 200_000  # steps for the marks of one field, where a page holds fifty entries


def framed(selection: Selection, here: Address) -> Context:
    """Return what stands around a list of the ledger's own: banners, chips, and what was wrong with the address."""
    wrong = [ErrorLine("", f"{name}: {text}") for name, texts in selection.errors.items() for text in texts]
    query = selection.data_query
    return frame(selection, here) | {
        "errors": wrong,
        "changes_href": links.changes(query),
        "corrections_href": links.corrections(query),
        "csv_href": links.file("changes.csv", query),
        "changes_feed": links.changes_feed(query),
        "corrections_feed": links.corrections_feed(query),
    }


def paged(selection: Selection, found: int, here: Address) -> tuple[Pager, int, int]:
    """Return the pager of `found` items and the first and last (excluded) of this page. Raises Http404 beyond."""
    size = selection.per_page
    last = max(1, ceil(found / size))
    if not 1 <= selection.page <= last:
        raise Http404("There is no such page.")
    links_ = pager(selection.page, last, lambda page: here(selection.query(page=page)))
    return links_, (selection.page - 1) * size, selection.page * size


# --- every edition -------------------------------------------------------------------------------------------------


@read_only
def changes(request: HttpRequest) -> HttpResponse:
    """Show the editions, the newest first: all of them, or those in which something selected moved."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    context = framed(selection, links.changes)
    if selection.errors:
        return render(request, "timeline/changes.html", context, status=400)
    editions = _editions(selection)
    pages, start, stop = paged(selection, editions.count(), links.changes)
    shown = list(editions[start:stop])
    social = sharing.of_page(
        title=_("Changes to the record"),
        description=_(
            "Whatever is published is published in a numbered edition and never overwritten. Here is every edition, "
            "with what moved in it."
        ),
        url=context["canonical"],
    )
    told = {"pager": pages, "editions": _told(shown, selection), "social": social}
    return render(request, "timeline/changes.html", context | told)


def _editions(selection: Selection) -> QuerySet[Edition]:
    found = Edition.objects.filter(number__lte=selection.number, number__gt=selection.since).order_by("-number")
    chosen = selection.names_entry("slug")
    if not chosen:
        return found
    return found.filter(number__in=_sealed(selection).order_by().values("edition"))


def _sealed(selection: Selection) -> Any:
    """Return the versions of the entries selected, up to the edition served."""
    return PublishedAction.objects.ever_sealed_by(selection.number).filter(selection.names_entry("slug"))


def _told(editions: Sequence[Edition], selection: Selection) -> list[Context]:
    """Return what the list tells of each edition. Five queries, whatever their number."""
    numbers = [edition.number for edition in editions]
    kinds: dict[int, list[tuple[str, int]]] = defaultdict(list)
    # Naming the kinds lets an index count them: the rows themselves are as long as their texts.
    counted = (
        _sealed(selection)
        .filter(change__in=list(codebook.CHANGES), edition__in=numbers)
        .order_by()
        .values_list("edition", "change")
    )
    for number, change, count in counted.annotate(count=Count("pk")):
        kinds[number].append((change, count))
    terms = _counts(PublishedTerm.objects.ever_sealed_by(selection.number), numbers)
    relations = _counts(PublishedRelation.objects.ever_sealed_by(selection.number), numbers)
    entries = _first(numbers, selection)
    pin = selection.texts.get("as_of", ("",))[0]
    return [
        {
            "edition": edition,
            "href": links.edition(edition.number, f"as_of={pin}" if pin else ""),
            "kinds": changed.kinds(kinds[edition.number]),
            "terms": terms.get(edition.number, 0),
            "relations": relations.get(edition.number, 0),
            "entries": [changed.entry_change(each, as_of=pin) for each in entries[edition.number]],
            "more": sum(count for _, count in kinds[edition.number]) - len(entries[edition.number]),
            "data_href": links.data(f"as_of={edition.number}"),
            "record_href": links.timeline(f"as_of={edition.number}"),
        }
        for edition in editions
    ]


def _counts(rows: QuerySet[Any], numbers: Sequence[int]) -> dict[int, int]:
    found = rows.filter(edition__in=numbers).order_by().values("edition").annotate(count=Count("pk"))
    return dict(found.values_list("edition", "count"))


def _first(numbers: Sequence[int], selection: Selection) -> dict[int, list[Version]]:
    """Return the first entries of each edition by slug. Two queries: where to stop, then the rows up to there."""
    rows = _sealed(selection)
    within = rows.filter(edition=OuterRef("number")).order_by("slug").values("slug")[FIRST - 1 : FIRST]
    stops = Edition.objects.filter(number__in=numbers).annotate(stop=Subquery(within)).values_list("number", "stop")
    wanted = Q(pk=None)
    for number, stop in stops:
        wanted |= Q(edition=number, slug__lte=stop) if stop else Q(edition=number)
    found: dict[int, list[Version]] = defaultdict(list)
    for row in with_before(rows.filter(wanted), number=selection.number):
        version = Version(*row)
        found[version.edition].append(version)
    return found


# --- one edition ---------------------------------------------------------------------------------------------------


@read_only
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """Show all that one edition changed: entries first, then relations, then terms, in pages over the whole."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    if selection.errors:
        context = framed(selection, lambda query: links.edition(number, query))
        return render(request, "timeline/edition.html", context, status=400)
    shown = Edition.objects.filter(number=number, number__lte=selection.number).first()
    if shown is None:
        raise Http404("There is no such edition.")
    return render(request, "timeline/edition.html", _edition(shown, selection))


def _edition(shown: Edition, selection: Selection) -> Context:
    number = shown.number

    def here(query: str) -> str:
        return links.edition(number, query)

    actions = PublishedAction.objects.ever_sealed_by(number).filter(edition=number)
    relations = PublishedRelation.objects.ever_sealed_by(number).filter(edition=number)
    terms = PublishedTerm.objects.ever_sealed_by(number).filter(edition=number)
    kinds = _kinds(actions)
    counts = [sum(count for _, count in kinds), relations.count(), terms.count()]
    pages, start, stop = paged(selection, sum(counts), here)
    parts = _parts(counts, start, stop)
    pin = selection.texts.get("as_of", ("",))[0]
    canonical = settings.PUBLIC_URL + here(f"page={selection.page}" if selection.page > 1 else "")
    title = _("Edition %(number)s") % {"number": number}
    return {
        "edition": selection.edition,
        "pinned": pinned(selection, here),
        "shown": shown,
        "canonical": canonical,
        "social": sharing.of_page(title=title, description=shown.note or title, url=canonical),
        "kinds": changed.kinds(kinds),
        "relation_count": counts[1],
        "term_count": counts[2],
        "entries": _entries(actions, parts[0], number=number, as_of=pin),
        "relations": _relations(with_relation_before(relations, number=number)[parts[1]], number),
        "terms": _terms(terms.order_by("kind", "slug")[parts[2]], number),
        "pager": pages,
        "previous": Edition.objects.filter(number=number - 1).first(),
        "next_href": links.edition(number + 1) if number < selection.number else "",
        "previous_href": links.edition(number - 1) if number > 1 else "",
        "data_href": links.data(f"as_of={number}"),
        "record_href": links.timeline(f"as_of={number}"),
        "pinned_query": f"as_of={number}",
        "back": {"href": links.changes(f"as_of={pin}" if pin else ""), "text": _("All editions")},
    }


def _parts(counts: Sequence[int], start: int, stop: int) -> list[slice]:
    """Return which part of each of several lists lies on the page [start, stop) of all of them in a row."""
    parts = []
    for count in counts:
        parts.append(slice(min(max(start, 0), count), min(max(stop, 0), count)))
        start, stop = start - count, stop - count
    return parts


def _kinds(actions: QuerySet[Any]) -> list[tuple[str, int]]:
    """Return how many of the versions sealed in one edition are of each kind. An index counts them."""
    named = actions.filter(change__in=list(codebook.CHANGES)).order_by()
    return list(named.values_list("change").annotate(count=Count("pk")))


def _entries(actions: QuerySet[Any], part: slice, *, number: int, as_of: str) -> list[changed.EntryChange]:
    """Return a part of the versions by slug. Their keys come first: a page far behind would read all before it."""
    keys = list(actions.order_by("slug").values_list("slug", flat=True)[part])
    rows = with_before(actions.filter(slug__in=keys), number=number)
    return [
        changed.entry_change(version, moved(version), as_of=as_of, budget=BUDGET)
        for version in (Version(*row) for row in rows)
    ]


def _relations(rows: QuerySet[Any], number: int) -> list[Context]:
    """Return what befell the relations of edition `number`, each at the entry where it was entered."""
    found = [version for version in (RelationVersion(*row) for row in rows) if version.record]
    named = titles({each.slug for each in found} | targets(found), number)
    return [
        {
            "slug": each.slug,
            "title": named.get(each.slug, ""),
            "href": links.action(each.slug),
            "fields": changed.fields(relation_moved(each, titles=named), budget=BUDGET),
        }
        for each in found
    ]


def _terms(rows: QuerySet[PublishedTerm], number: int) -> list[Context]:
    return [
        {
            "kind": said(codebook.TERM_KINDS[row.kind].label),
            "name": _name(row),
            "href": links.term_page(row.kind, row.slug, as_of=str(number)) if row.record else "",
            "is_new": row.version == 1,
        }
        for row in rows
    ]


def _name(row: PublishedTerm) -> str:
    term = read_term(row.slug, row.record)
    return str(term.get("name") or term.get("title") or row.slug)
