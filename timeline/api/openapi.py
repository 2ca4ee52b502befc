"""The OpenAPI 3.1 description of the API: each view says what it takes and gives, the rest follows."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from timeline.api import parameters, shapes
from tracker import codebook

Schema = dict[str, Any]

_PROBLEMS = {
    400: "A parameter cannot be answered; errors names each.",
    404: "There is nothing here in the edition asked for.",
    405: "Only GET and HEAD are answered.",
    410: "The entry was retracted; reason, replaced_by and the edition say more.",
    429: "Your address has asked too often; Retry-After says how many seconds to wait.",
    451: "The law withholds it.",
    503: "The record cannot be read just now; Retry-After says how many seconds to wait.",
}
_EVERYWHERE = (400, 405, 429, 503)
_HEADERS: dict[str, Schema] = {
    "ETag": {"description": "Strong: the same bytes as long as it is the same.", "schema": {"type": "string"}},
    "X-Edition": {"description": "Edition served.", "schema": {"type": "string"}},
    "Link": {"description": 'rel="next" is the next page.', "schema": {"type": "string"}},
}
_ABOUT = (
    "Reads the published record; nothing can be written, nobody signs in. Every answer is of one numbered edition, "
    "and as_of serves any earlier one again. Names and values are those of the timeline's own addresses."
)


class EndpointSchema(AutoSchema):
    """Describes an `Endpoint` by what it says of itself."""

    def get_operation(self, path: str, *_: Any) -> Schema:
        """Return the operation for GET at `path`."""
        view: Any = self.view
        return {
            "operationId": view.name,
            "summary": view.summary,
            **({"description": view.about} if view.about else {}),
            "parameters": _parameters(view, path),
            "responses": _responses(view),
        }


def _parameters(view: Any, path: str) -> list[Schema]:
    taken = [name for name in codebook.PARAMETERS if name in view.takes]
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in [*taken, "If-None-Match"]]
    return [parameters.in_path(name) for name in re.findall(r"{(\w+)}", path)] + shared


def _responses(view: Any) -> Schema:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    if view.name == "openapi":  # it is of no edition
        del headers["X-Edition"]
    found = {"200": {"description": view.summary, "content": _as_json(view.result), "headers": headers}}
    refused = sorted({*_EVERYWHERE, *view.refuses})
    return (
        found
        | {"304": {"description": "What you have still holds."}}
        | {str(status): {"$ref": f"#/components/responses/{status}"} for status in refused}
    )


def _as_json(result: str, media: str = "application/json") -> Schema:
    return {media: {"schema": shapes.ref(result)}}


def complete(result: Schema, **_: Any) -> Schema:
    """Add what the operations refer to (a hook of drf-spectacular)."""
    result["info"]["description"] = _ABOUT
    result["info"]["license"] = {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}
    result["components"] = {
        "schemas": shapes.components(),
        "parameters": parameters.components(),
        "headers": _HEADERS,
        "responses": {
            str(status): {"description": told, "content": _as_json("Problem", "application/problem+json")}
            for status, told in _PROBLEMS.items()
        },
    }
    return result


def description() -> Schema:
    """Return the whole description."""
    found: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return found
