"""The history of an entry: who changed what, when and why, and any two revisions side by side. To be read only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from tracker import codebook
from tracker.admin.base import EditorialAdmin
from tracker.admin.entries.marking import Shown, shown
from tracker.admin.widgets import is_key
from tracker.comparing import differences
from tracker.models import PolicyAction, PublishedAction, Revision

_A_PAGE = 50


@dataclass(frozen=True)
class Publication:
    """One version that readers were shown: the kind of change in words, and the row with its edition."""

    change: str
    row: PublishedAction


@dataclass(frozen=True)
class Step:
    """One revision: what it changed, where the working copy went ("" = it stayed), what was published afterwards."""

    revision: Revision
    changed: list[Shown]
    moved_to: str
    publications: list[Publication]


@dataclass(frozen=True)
class Page:
    """Some revisions, newest first; `older` and `newer` are the numbers of the pages beside it, None at the ends."""

    steps: list[Step]
    number: int
    count: int

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def page_of(action: PolicyAction, *, number: int) -> Page | None:
    """Return page `number` (from 1) of the revisions of `action`; None where there is none. Two queries.

    Revisions are numbered without gaps, so nothing has to be counted. One more is read at either end: the older one
    to compare with, the newer one because what was published after it stands on the page before.
    """
    count = max(1, -(-action.revision // _A_PAGE))
    if not 1 <= number <= count:
        return None
    top = action.revision - (number - 1) * _A_PAGE
    window = Revision.objects.filter(action=action, number__range=(top - _A_PAGE, top + 1)).select_related("by")
    found = {revision.number: revision for revision in window}
    mine = [found[key] for key in range(top, top - _A_PAGE, -1) if key in found]
    rows = _published(action, until=found.get(top + 1), since=mine[-1] if top > _A_PAGE and mine else None)
    return Page(list(_steps(mine, found, rows)), number, count)


def _published(action: PolicyAction, *, since: Revision | None, until: Revision | None) -> list[PublishedAction]:
    """Return the public rows written while these revisions were the newest, newest first. One query."""
    rows = PublishedAction.objects.filter(slug=action.slug).select_related("edition__published_by")
    if since:
        rows = rows.filter(edition__published_at__gte=_second(since.at))
    if until:
        rows = rows.filter(edition__published_at__lt=_second(until.at))
    return list(rows.defer("record", "csv").order_by("-version"))


def _second(at: datetime) -> datetime:
    """Return the whole second of `at`: editions know no smaller part."""
    return at.replace(microsecond=0)


def _steps(
    revisions: Sequence[Revision], found: dict[int, Revision], rows: Sequence[PublishedAction]
) -> Iterator[Step]:
    for revision in revisions:
        older = found.get(revision.number - 1)
        after = [row for row in rows if row.edition.published_at >= _second(revision.at)]
        rows = [row for row in rows if row not in after]
        yield Step(
            revision,
            shown(differences(older.document if older else None, revision.document)),
            _moved_to(revision, older),
            [Publication(codebook.CHANGES[row.change].label, row) for row in after],
        )


def _moved_to(revision: Revision, older: Revision | None) -> str:
    stayed = not revision.workflow or (older is not None and older.workflow == revision.workflow)
    return "" if stayed else codebook.WORKFLOW[revision.workflow].label


class EntryHistory(EditorialAdmin):
    """The page that lists the revisions, and the one that compares two of them (?a=3&b=7)."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the revisions, newest first, or two of them side by side."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        action = self.get_object(request, unquote(object_id)) if is_key(unquote(object_id)) else None
        if action is None:
            raise Http404
        if "a" in request.GET or "b" in request.GET:
            return self._compared(request, action)
        return self._listed(request, action)

    def _listed(self, request: HttpRequest, action: Any) -> HttpResponse:
        page = page_of(action, number=_number(request, "p", default=1))
        if page is None:
            raise Http404
        context = self._context(request, action, title=f"History of {action}") | {
            "page": page, "may_change": self.has_change_permission(request, action),
        }  # fmt: skip
        return TemplateResponse(request, "admin/tracker/policyaction/object_history.html", context)

    def _compared(self, request: HttpRequest, action: Any) -> HttpResponse:
        """Show what changed from the older to the newer of the two, in whatever order they were named."""
        older, newer = (
            get_object_or_404(Revision.objects.select_related("by"), action=action, number=number)
            for number in sorted((_number(request, "a"), _number(request, "b")))
        )
        context = self._context(request, action, title=f"Revisions {older.number} and {newer.number}") | {
            "shown_revisions": (older, newer), "names": (f"Revision {older.number}", f"Revision {newer.number}"),
            "changes": shown(differences(older.document, newer.document)),
            "may_change": self.has_change_permission(request, action),
        }  # fmt: skip
        return TemplateResponse(request, "admin/tracker/policyaction/compare.html", context)

    def _context(self, request: HttpRequest, action: Any, *, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"title": title, "object": action, "opts": self.opts}


def _number(request: HttpRequest, name: str, *, default: int | None = None) -> int:
    """Return a number of the address. Raises Http404 where it is none that a revision can have."""
    text = str(request.GET.get(name, default))
    if not is_key(text) or int(text) > 2**31 - 1:
        raise Http404
    return int(text)
