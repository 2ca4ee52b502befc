"""For editors: the public page of an entry as it would be, from the working copy. Staff only, never kept anywhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from timeline.presenting import detail, links
from timeline.selection import Selection
from timeline.terms import DIMENSIONS, Vocabulary, vocabulary
from timeline.views import entry, related
from timeline.views.reading import read_only, today
from tracker import document
from tracker.document import WorkingCopy
from tracker.models.ledger import PublishedAction

_RIGHTS = ("tracker.view_policyaction", "tracker.change_policyaction")


@never_cache
@read_only
def preview(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the working copy as readers would see it, to whoever may see it in admin.

    Everybody else is led to the login before anything is looked up, so that no draft can be probed.
    """
    if not (request.user.is_active and request.user.is_staff):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if not any(request.user.has_perm(right) for right in _RIGHTS):
        raise PermissionDenied
    working = document.working_copies([slug]).get(slug)
    if working is None:
        raise Http404("There is no such entry.")
    response: HttpResponse = render(request, "timeline/preview.html", _context(working))
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _context(working: WorkingCopy) -> dict[str, Any]:
    """Return what the page of an entry shows, as of the newest edition."""
    selection = Selection.parse(QueryDict(), surface="page", today=today())
    versions = entry.versions(working.slug, selection)
    record = {"slug": working.slug, "version": len(versions) + 1, "edition": selection.number + 1}
    terms = vocabulary(selection.edition, number=selection.number)
    return {
        "edition": selection.edition,
        "entry": detail.detail(record | {"entry": working.entry}, is_public=lambda *term: _is_public(terms, *term)),
        "relations": _relations(working, selection),
        "versions": versions,
        "back": {"href": reverse("admin:tracker_policyaction_change", args=[working.key]), "text": "Back to editing"},
        "public_href": links.action(working.slug) if versions else "",
    }


def _is_public(terms: Vocabulary, name: str, slug: str) -> bool:
    return terms.is_known(DIMENSIONS[name], slug)


def _relations(working: WorkingCopy, selection: Selection) -> list[detail.Related]:
    """Return its own relations as they are now, and those that readers see at other entries.

    The other end is named without a link while readers have not seen it.
    """
    theirs = [row for row in related.public_relations(working.slug, selection.number) if row["from"] != working.slug]
    rows = [*({"from": working.slug, **item} for item in working.relations), *theirs]
    others = {end for row in rows for end in (row["from"], row["to"]) if end and end != working.slug}
    public = related.visible(others, selection.number)
    gone = PublishedAction.objects.retracted_as_of(selection.number).filter(slug__in=sorted(others))
    waiting = others - public.keys() - set(gone.values_list("slug", flat=True))
    drafts = {slug: {"entry": copy.entry} for slug, copy in document.working_copies(waiting).items()}
    return detail.relations(working.slug, rows, visible={**drafts, **public}, unlinked=drafts.keys())
