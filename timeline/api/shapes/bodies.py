"""Whole answers."""

from __future__ import annotations

from timeline.api.shapes.building import Schema, list_of, number, object_, or_null, ref, text
from timeline.api.shapes.terms import TERMS
from timeline.facets import FACETS

_EDITION = number("Edition served.")


def _page(item: str, *, count: str = "Number of items in the whole list.") -> Schema:
    following = "https://timeline.example/api/v1/...?as_of=1&cursor=..."
    return object_(
        {
            "edition": _EDITION,
            "count": number(count),
            "items": list_of(ref(item)),
            "next": or_null(text("Address of the next page of the same edition; null on the last.", example=following)),
        }
    )


def _one(key: str, item: str, **more: Schema) -> Schema:
    return object_({"edition": _EDITION, key: ref(item), **more})


def _facets() -> Schema:
    option = object_(
        {
            "value": text("What to filter by.", example="reversed"),
            "label": text("How it is called.", example="Reversed"),
            "count": number("Entries that ticking it alone gives."),
            "is_on": {"type": "boolean", "description": "Whether the selection has it."},
        }
    )
    counted = object_({name: list_of(option) for name in FACETS})
    return object_({"edition": _EDITION, "count": number("Entries of the selection."), "facets": counted})


def _histogram() -> Schema:
    bucket = object_(
        {
            "first": text("First day.", example="2025-03-03"),
            "last": text("Last day.", example="2025-03-09"),
            "all": number("Entries of the edition."),
            "matches": number("Entries that satisfy the selection, its range left out."),
            "vague": number("Of these, entries whose day is not known.", example=0),
            "is_inside": {"type": "boolean", "description": "Whether it lies within from and to."},
        }
    )
    return object_(
        {
            "edition": _EDITION,
            "count": number("Entries of the selection."),
            "total": number("Entries of the edition."),
            "unit": text("What a bucket is.", codes=("week", "month", "year")),
            "buckets": list_of(bucket),
        }
    )


def _problem() -> Schema:
    fault = object_(
        {"name": text("Name of the parameter.", example="status"), "detail": text("What is wrong with it.")}
    )
    members = {
        "type": text("What kind of problem it is (RFC 9457).", example="/method/#parameters"),
        "title": text("The problem in a few words."),
        "status": number("The HTTP status.", example=400),
        "detail": text("The problem, and what to do."),
    }
    more = {"errors": list_of(fault)}
    return object_(members) | {"properties": members | more}


def _index() -> Schema:
    example = "https://timeline.example/api/v1/actions"
    addresses = {"type": "object", "additionalProperties": text("Address.", example=example)}
    return object_(
        {
            "edition": number("Newest edition."),
            "addresses": addresses | {"examples": [{"actions": example}]},
            "description": text("Address of the OpenAPI description."),
            "documentation": text("Address of the documentation for people."),
        }
    )


def components() -> dict[str, Schema]:
    """Return the schemas of whole answers, by name."""
    listed = ("Action", "Version", "Source", "Edition", *TERMS)
    return {
        **{f"{name}List": _page(name) for name in listed},
        "StatusChangeList": _page("StatusChange", count="Number of entries whose histories are listed."),
        "ActionDetail": _one("action", "Action", relations=list_of(ref("Relation"))),
        "SourceDetail": _one("source", "Source"),
        "EditionDetail": _one("item", "Edition"),
        "Facets": _facets(),
        "Histogram": _histogram(),
        "Index": _index(),
        "OpenAPI": {"type": "object", "description": "An OpenAPI document."},
        "Problem": _problem(),
    }
