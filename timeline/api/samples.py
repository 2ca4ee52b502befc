"""An example of what a JSON Schema describes, put together from the examples of its parts."""

from __future__ import annotations

from typing import Any

_PLAIN: dict[str, Any] = {"string": "…", "integer": 1, "boolean": False, "null": None}


def sample(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Return a value of `schema`, whose references point into `schemas`; null where it may be and no example is."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "oneOf" in schema:
        return sample(schema["oneOf"][0], schemas)
    if "examples" in schema:
        return schema["examples"][0]
    return _of_type(schema, schemas)


def _of_type(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in types:
        return None
    match types[0]:
        case "object":
            return {name: sample(part, schemas) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [sample(schema["items"], schemas)]
    return schema["enum"][0] if "enum" in schema else _PLAIN[types[0]]
