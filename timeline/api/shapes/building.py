"""The pieces that schemas are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]


def object_(properties: dict[str, Schema], *, description: str = "") -> Schema:
    """Return the schema of an object that has all of `properties`."""
    told = {"description": description} if description else {}
    return {"type": "object", **told, "properties": properties, "required": list(properties)}


def text(description: str, *, example: str | None = None, codes: Iterable[str] = ()) -> Schema:
    """Return the schema of a text that is always there."""
    found: Schema = {"type": "string", "description": description}
    return found | ({"enum": list(codes)} if codes else {}) | ({"examples": [example]} if example else {})


def number(description: str, *, example: int = 1) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", "description": description, "examples": [example]}


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be absent."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    found = schema | {"type": [schema["type"], "null"]}
    return found | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})
