"""The names in an address as OpenAPI parameters, from the codebook."""

from __future__ import annotations

from typing import Any

from timeline.selection.chips import CODES
from timeline.selection.fields import MAX_WORDS
from timeline.terms import DIMENSIONS
from tracker import codebook

Schema = dict[str, Any]

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_PART = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_EDITION = r"^([0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2})$"
SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 100}
_SCHEMAS: dict[str, Schema] = {
    "q": {"type": "string", "maxLength": MAX_WORDS, "examples": ["military aid"]},
    "from": {"type": "string", "pattern": _PART, "examples": ["2025-02"]},
    "to": {"type": "string", "pattern": _PART, "examples": ["2025-03-11"]},
    "in_force_on": {"type": "string", "pattern": _DAY, "examples": ["2025-03-05"]},
    "changed_since": {"type": "string", "pattern": _EDITION, "examples": ["1"]},
    "as_of": {"type": "string", "pattern": _EDITION, "examples": ["1"]},
    "cursor": {"type": "string"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
}
_IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer that you have; if it still holds you get a 304 without a body.",
    "schema": {"type": "string"},
}


def components() -> dict[str, Schema]:
    """Return each parameter of the API by name."""
    taken = (item for item in codebook.PARAMETERS.values() if item.only_on in ("", "api"))
    return {item.name: _parameter(item) for item in taken} | {"If-None-Match": _IF_NONE_MATCH}


def _parameter(item: codebook.Parameter) -> Schema:
    schema = _schema(item.name)
    found: Schema = {"name": item.name, "in": "query", "description": item.meaning, "required": False}
    if item.repeatable:
        return found | {"schema": {"type": "array", "items": schema}, "style": "form", "explode": True}
    return found | {"schema": schema}


def _schema(name: str) -> Schema:
    if name in CODES:
        return {"type": "string", "enum": list(CODES[name])}
    return SLUG if name in DIMENSIONS else _SCHEMAS[name]


def in_path(name: str) -> Schema:
    """Return the parameter of this name within the path."""
    if name == "number":
        meaning, schema = "Number of an edition, from 1.", {"type": "integer", "minimum": 1, "examples": [1]}
    else:
        meaning, schema = "Permanent key.", SLUG | {"examples": ["military-aid-paused"]}
    return {"name": name, "in": "path", "required": True, "description": meaning, "schema": schema}
