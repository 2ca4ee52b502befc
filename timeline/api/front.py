"""The door: a list of the addresses, the description of the API, and the answer for everything else."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from timeline.api.actions import Actions
from timeline.api.base import DESCRIPTION, Body, Endpoint, as_json
from timeline.api.counting import Facets, Histogram
from timeline.api.editions import Editions
from timeline.api.lists import Sources, StatusChanges
from timeline.api.openapi import description
from timeline.api.terms import TERMS
from timeline.selection import Selection

LISTS: tuple[type[Endpoint], ...] = (Actions, StatusChanges, Sources, *TERMS, Editions, Facets, Histogram)


class Index(Endpoint):
    """Where to find what."""

    name = "index"
    summary = "The addresses of the API"
    takes = frozenset()
    result = "Index"

    def body(self, selection: Selection, **where: Any) -> Body:
        return {
            "edition": selection.number,
            "addresses": {view.name: _address(view.name) for view in LISTS},
            "description": _address("openapi"),
            "documentation": _address("documentation"),
        }


def _address(name: str) -> str:
    return settings.PUBLIC_URL + reverse(f"timeline:api_{name}")


class OpenAPI(Endpoint):
    """The description of the API for programs. It is of no edition."""

    name = "openapi"
    summary = "This description (OpenAPI 3.1)"
    takes = frozenset()
    result = "OpenAPI"

    def get(self, request: Request, **where: Any) -> HttpResponse:
        if request.query_params:
            self._selection(request)
        content, etag = _described()
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Link": DESCRIPTION}
        if etag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(content, content_type="application/json", headers=headers)


@cache
def _described() -> tuple[bytes, str]:
    """Return the description as JSON and its ETag: it is the same as long as the process runs."""
    content = as_json(description(), headers={}).content
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class Nothing(Endpoint):
    """Every other address under /api/v1/."""

    schema = None

    def get(self, request: Request, **where: Any) -> HttpResponse:
        raise Http404
