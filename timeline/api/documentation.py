"""The page about the API for people, made from its OpenAPI description: no script draws it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from timeline.api.openapi import description
from timeline.api.samples import sample
from timeline.views.reading import read_only
from tracker.models.ledger import Edition

Context = dict[str, Any]

# One question for each list, so that the first call that somebody copies finds something.
_ASKED = {
    "actions": "status=reversed&limit=10",
    "status_changes": "had_status=blocked",
    "sources": "evidence=official",
    "facets": "in_force_on=2025-03-05",
    "histogram": "from=2025-02&to=2025-03",
}


@read_only
def page(request: HttpRequest) -> HttpResponse:
    """Show what the API answers, and how to ask."""
    rate = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["address"]
    shown = {
        "edition": Edition.objects.newest(),
        "canonical": settings.PUBLIC_URL + reverse("timeline:api_documentation"),
        "root": settings.PUBLIC_URL + reverse("timeline:api_index"),
        "rate": rate.split("/") if rate else None,
        **_described(),
    }
    return render(request, "timeline/api.html", shown)


@cache
def _described() -> Context:
    schema = description()
    components = schema["components"]
    return {
        "about": schema["info"]["description"],
        "version": schema["info"]["version"],
        "operations": [_operation(path, item["get"], components) for path, item in _ordered(schema["paths"])],
        "parameters": [_parameter(each) for each in components["parameters"].values() if each["in"] == "query"],
        "problems": [(status, each["description"]) for status, each in components["responses"].items()],
    }


def _ordered(paths: Context) -> list[tuple[str, Context]]:
    """Return the addresses with the entries first and the door last."""
    first = ("/api/v1/actions", "/api/v1/facets", "/api/v1/histogram", "/api/v1/status")
    last = ("/api/v1/", "/api/v1/openapi.json")
    return sorted(paths.items(), key=lambda item: (item[0] in last, not item[0].startswith(first)))


def _operation(path: str, operation: Context, components: Context) -> Context:
    name = operation["operationId"]
    result = operation["responses"]["200"]["content"]["application/json"]["schema"]
    example = path.replace("{slug}", "military-aid-paused").replace("{number}", "1")
    query = f"?{_ASKED[name]}" if name in _ASKED else ""
    taken = [each["$ref"].rpartition("/")[2] for each in operation["parameters"] if "$ref" in each]
    return {
        "name": name,
        "path": path,
        "summary": operation["summary"],
        "about": operation.get("description", ""),
        "in_path": [each for each in operation["parameters"] if each.get("in") == "path"],
        "takes": [each for each in taken if components["parameters"][each]["in"] == "query"],
        "statuses": list(operation["responses"]),
        "curl": f'curl "{settings.PUBLIC_URL}{example}{query}"',
        "sample": json.dumps(sample(result, components["schemas"]), indent=2, ensure_ascii=False),
    }


def _parameter(parameter: Context) -> Context:
    schema = parameter["schema"]
    inner = schema.get("items", schema)
    return {
        "name": parameter["name"],
        "meaning": parameter["description"],
        "is_repeatable": "items" in schema,
        "codes": inner.get("enum", []),
    }
