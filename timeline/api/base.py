"""What every address of the API does: reads its parameters, serves one edition, answers 304, gives pages."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterable
from itertools import islice
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from timeline.api.problems import ProblemError
from timeline.cors import shared
from timeline.exports.base import is_pinned
from timeline.problems import bad_selection
from timeline.selection import Selection
from timeline.selection.cursors import Cursor, list_digest
from timeline.views.reading import today, without_body
from tracker import codebook

Body = dict[str, Any]
Place = tuple[int | str | None, ...]
"""The sort values of an item, by which the next page finds where to go on."""

# Part of every ETag: raise it when the same rows would give other bytes.
FORMAT = 1
DESCRIPTION = '</api/v1/openapi.json>; rel="service-desc"'
FILTERS = frozenset(name for name, parameter in codebook.PARAMETERS.items() if parameter.only_on == "")
PAGING = frozenset({"cursor", "limit"})


class Endpoint(APIView):
    """An address that serves one edition. `takes` are the parameters it knows, `result` the schema of its body."""

    http_method_names = ["get", "head"]
    name: ClassVar[str]
    summary: ClassVar[str]
    about: ClassVar[str] = ""
    takes: ClassVar[frozenset[str]] = frozenset({"as_of"})
    result: ClassVar[str]
    # What it answers beside 200, 304 and what every address may answer.
    refuses: ClassVar[tuple[int, ...]] = ()

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Add no headers of the library's: a refusal names the methods that are answered itself."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and let scripts of other sites read the answer."""
        return shared(self._answered)(request, *args, **kwargs)

    def _answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return without_body(request, super().dispatch(request, *args, **kwargs))

    def get(self, request: Request, **where: Any) -> HttpResponse:
        """Return the body as JSON, or 304 where the client has it. One query before a 304; two with `as_of`."""
        selection = self._selection(request, **where)
        headers = _validators(request, selection)
        if _has_it(request, headers["ETag"]):
            return HttpResponse(status=304, headers=headers)
        body = self.body(selection, **where)
        headers |= {"X-Edition": str(selection.number), "Link": _links(body)}
        return as_json(body, headers=headers)

    @abstractmethod
    def body(self, selection: Selection, **where: Any) -> Body:
        """Return the answer for a sound selection. Raises ProblemError and Http404."""

    def _selection(self, request: Request, **where: Any) -> Selection:
        selection = Selection.parse(request.query_params, surface="api", today=today())
        errors = self._not_taken(selection) | selection.errors
        if errors := errors or self._foreign_cursor(selection, request.path):
            raise ProblemError(bad_selection(selection, errors, path=request.path))
        return selection

    def _not_taken(self, selection: Selection) -> dict[str, list[str]]:
        known = ", ".join(name for name in codebook.PARAMETERS if name in self.takes)
        return {
            name: [f"This address does not take “{name}”. It takes: {known}."]
            for name in selection.typed
            if name not in self.takes
        }

    def _foreign_cursor(self, selection: Selection, path: str) -> dict[str, list[str]]:
        cursor = selection.cursor
        if cursor is None or (cursor.edition, cursor.list_) == (selection.number, _list(selection, path)):
            return {}
        return {"cursor": ["This cursor belongs to another list or edition. Start at the first page, without one."]}


class ListEndpoint(Endpoint):
    """A list in pages. All pages show the edition of the first one, whatever is published meanwhile."""

    takes = frozenset({"as_of"}) | PAGING

    @abstractmethod
    def total(self, selection: Selection, **where: Any) -> int:
        """Return the number of items of the whole list; asked for the first page only."""

    @abstractmethod
    def items(
        self, selection: Selection, *, after: Place | None, count: int, **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        """Yield at least `count` items with their places, from the one behind `after` on, while there are some."""

    def body(self, selection: Selection, **where: Any) -> Body:
        cursor, limit = selection.cursor, selection.limit
        total = cursor.count if cursor else self.total(selection, **where)
        after = cursor.place if cursor else None
        found = list(islice(self.items(selection, after=after, count=limit + 1, **where), limit + 1))
        shown = found[:limit]
        following = None
        if len(found) > limit:
            path = self.request.path
            last = Cursor(selection.number, _list(selection, path), place=shown[-1][0], count=total)
            query = selection.query(as_of=selection.number, cursor=str(last))
            following = f"{settings.PUBLIC_URL}{path}?{query}"
        return {"edition": selection.number, "count": total, "items": [item for _, item in shown], "next": following}


def as_json(body: Body, *, headers: dict[str, str]) -> HttpResponse:
    """Return `body` as JSON in UTF-8."""
    return HttpResponse(JSONRenderer().render(body), content_type="application/json", headers=headers)


def _list(selection: Selection, path: str) -> str:
    return list_digest(path, selection.query(as_of=None, cursor=None, limit=None))


def _links(body: Body) -> str:
    return f'<{body["next"]}>; rel="next", {DESCRIPTION}' if body.get("next") else DESCRIPTION


def _validators(request: Request, selection: Selection) -> dict[str, str]:
    """Return the headers by which an answer is kept and asked for again.

    The newest edition is part of the ETag also when an older one is served: a redaction takes text out of old ones.
    """
    newest = selection.newest_edition
    digest = newest.digest if newest else ""
    parts = (FORMAT, codebook.VERSION, settings.PUBLIC_URL, request.path, selection.number, digest, selection.query())
    return {
        "ETag": f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"',
        "Cache-Control": "public, max-age=86400" if is_pinned(selection) else "no-cache",
    }


def _has_it(request: Request, etag: str) -> bool:
    """Return whether the client has the answer; a proxy that compressed it has made its ETag weak."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return etag in (tag.removeprefix("W/") for tag in known)
