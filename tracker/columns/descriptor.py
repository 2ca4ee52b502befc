"""datapackage.json: what each file and column of a package is, as Frictionless Table Schema."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tracker import codebook
from tracker.columns.actions import BY_NAME, COLUMNS
from tracker.columns.files import FILES, File

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_PROFILE = "https://specs.frictionlessdata.io/schemas/data-package.json"

# How the types of the public columns are called in a Table Schema. Imprecise dates and lists are text there.
_TYPES = {"boolean": "boolean", "integer": "integer", "day": "date", "instant": "datetime"}
_FORMATS = {"address": "uri"}
# Columns of the companion files that are not plain text.
_TYPES_ELSEWHERE = {
    "position": "integer",
    "date_earliest": "date",
    "date_latest": "date",
    "official": "boolean",
    "archived_at": "datetime",
    "accessed_on": "date",
    "in_part": "boolean",
    "successor_date": "date",
    "number": "integer",
    "columns": "integer",
    "published_at": "datetime",
    "retracted_at": "datetime",
    "instant": "datetime",
    "edition": "integer",
    "version": "integer",
}
# (file, column) -> the codes that may stand there.
_CODES: dict[tuple[str, str], Mapping[str, Any]] = {
    ("actions.csv", "form"): codebook.FORMS,
    ("actions.csv", "status"): codebook.STATUSES,
    ("actions.csv", "status_by"): codebook.STATUS_BY,
    ("actions.csv", "in_force"): codebook.IN_FORCE,
    ("actions.csv", "evidence"): codebook.EVIDENCE,
    ("actions.csv", "attribution"): codebook.ATTRIBUTIONS,
    ("status_changes.csv", "status"): codebook.STATUSES,
    ("status_changes.csv", "by"): codebook.STATUS_BY,
    ("status_changes.csv", "in_force"): codebook.IN_FORCE,
    ("sources.csv", "kind"): codebook.SOURCE_KINDS,
    ("citations.csv", "stance"): codebook.STANCES,
    ("citations.csv", "attribution"): codebook.ATTRIBUTIONS,
    ("relations.csv", "kind"): codebook.RELATION_KINDS,
    ("retractions.csv", "reason"): codebook.RETRACTION_REASONS,
    ("terms.csv", "party_kind"): codebook.PARTY_KINDS,
}


def descriptor(
    *,
    name: str,
    title: str,
    description: str,
    files: Iterable[str],
    version: str = "",
    columns: int = len(COLUMNS),
) -> dict[str, Any]:
    """Return the content of datapackage.json for a package that holds `files`, in the order of the public table.

    `columns` says how many actions.csv has: an edition has those of its time.
    """
    held = set(files)
    resources = [_resource(_with_columns(file, columns), held) for file in FILES if file.name in held]
    return {
        "$schema": _PROFILE,
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "description": description,
        **({"version": version} if version else {}),
        "licenses": [LICENCE],
        "resources": resources,
    }


def _with_columns(file: File, count: int) -> File:
    return replace(file, columns=file.columns[:count]) if file.name == "actions.csv" else file


def _resource(file: File, held: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(file, column) for column in file.columns], "missingValues": [""]}
    if file.key:
        schema["primaryKey"] = list(file.key)
    foreign = [_foreign_key(*key) for key in file.foreign_keys if key[1] in held]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": file.name.removesuffix(".csv").replace("_", "-"),
        "path": file.name,
        "profile": "tabular-data-resource",
        "description": file.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _foreign_key(column: str, file: str, target: str) -> dict[str, Any]:
    resource = file.removesuffix(".csv").replace("_", "-")
    return {"fields": column, "reference": {"resource": resource, "fields": target}}


def field_type(file: File, name: str) -> str:
    """Return the type of a column as Table Schema calls it: string, integer, boolean, date or datetime."""
    column = BY_NAME.get(name) if file.name == "actions.csv" else None
    return _TYPES.get(column.type, "string") if column else _TYPES_ELSEWHERE.get(name, "string")


def _field(file: File, name: str) -> dict[str, Any]:
    column = BY_NAME.get(name) if file.name == "actions.csv" else None
    field: dict[str, Any] = {"name": name, "type": field_type(file, name)}
    if column:
        field |= {"title": column.title, "description": column.description}
        if column.type in _FORMATS:
            field["format"] = _FORMATS[column.type]
    if constraints := _constraints(file, name):
        field["constraints"] = constraints
    return field


def _constraints(file: File, name: str) -> dict[str, Any]:
    column = BY_NAME.get(name) if file.name == "actions.csv" else None
    constraints: dict[str, Any] = {}
    if name in file.key:
        constraints["required"] = True
    if file.key == (name,):
        constraints["unique"] = True
    if column and column.max_length:
        constraints["maxLength"] = column.max_length
    if codes := _CODES.get((file.name, name)):
        constraints["enum"] = list(codes)
    return constraints
