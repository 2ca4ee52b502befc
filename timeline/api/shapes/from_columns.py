"""What the public columns say of the values that stand in an answer."""

from __future__ import annotations

from typing import Any

from timeline.api.shapes.building import Schema, or_null
from tracker import columns
from tracker.columns import BY_NAME, COLUMNS, FILES_BY_NAME, Column

_JSON: dict[str, Schema] = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "list": {"type": "array", "items": {"type": "string"}},
    "addresses": {"type": "array", "items": {"type": "string"}},
    "day": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
}
_EXAMPLES: dict[str, Any] = {
    "slug": "military-aid-paused",
    "title": "Military aid paused for review",
    "where_it_stands": "Lifted on 11 March 2025.",
    "identifiers": ["eo:13716"],
    "date": "2025-03-03",
    "date_earliest": "2025-03-03",
    "date_latest": "2025-03-03",
    "status": "reversed",
    "status_date": "2025-03-11",
    "status_by": "issuer",
    "in_force": "no",
    "in_force_from": "2025-03-03",
    "in_force_until": "2025-03-11",
    "evidence": "on_record",
    "attribution": "named_official",
    "source_count": 1,
    "official_source_count": 0,
    "publishers": ["The Example Herald"],
    "source_title": "Aid halted",
    "source_publisher": "The Example Herald",
    "source_url": "https://news.example/aid-halted",
    "source_published": "2025-03-03",
    "source_urls": ["https://news.example/aid-halted"],
    "first_published": "2025-06-01T12:00:00Z",
    "last_changed": "2025-06-01T12:00:00Z",
    "last_change": "published",
}
_NEVER_NULL = {"slug", "title", "first_published", "last_changed", "version", "edition", "url"}


def _codes(file: str) -> dict[str, list[str]]:
    """Return the codes that may stand in the columns of a file, as its table schema has them."""
    made = columns.descriptor(name="api", title="", description="", files=[file])
    fields = made["resources"][0]["schema"]["fields"]
    return {field["name"]: field.get("constraints", {}).get("enum", []) for field in fields}


def _column(column: Column, codes: list[str]) -> Schema:
    schema = _JSON.get(column.type, {"type": "string"}) | {"description": column.description}
    schema |= {"enum": codes} if codes else {}
    schema |= {"examples": [_EXAMPLES[column.name]]} if column.name in _EXAMPLES else {}
    is_there = column.name in _NEVER_NULL or schema["type"] in ("array", "boolean", "integer")
    return schema if is_there else or_null(schema)


def columns_at(prefix: str) -> dict[str, Schema]:
    """Return the values that stand one step below `prefix` in a public record, by their last step."""
    codes = _codes("actions.csv")
    steps = tuple(prefix.split(".")) if prefix else ()
    return {
        column.steps[-1]: _column(column, codes[column.name])
        for column in COLUMNS
        if column.steps[:-1] == steps and column.name != "url"
    }


def row_of(file: str, plain: dict[str, str]) -> dict[str, Schema]:
    """Return the columns of a companion file; `plain` says what those mean that actions.csv does not have."""
    codes, declared = _codes(file), FILES_BY_NAME[file]
    found = {}
    for name in declared.columns:
        meaning = plain.get(name) or BY_NAME[name].description
        schema: Schema = {"type": "integer" if columns.field_type(declared, name) == "integer" else "string"}
        schema |= {"description": meaning} | ({"enum": codes[name]} if codes[name] else {})
        found[name] = schema if name in ("slug", "position", "date") else or_null(schema)
    return found
