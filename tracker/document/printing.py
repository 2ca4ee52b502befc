"""Printing an entry with the published form of its terms, which may change; which terms they are may not."""

from collections.abc import Mapping
from typing import Any

from tracker.document.deriving import derive

Terms = Mapping[tuple[str, str], Mapping[str, Any]]


def reprint(entry: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """Return `entry` with every term and source printed as in `terms`, by (kind, slug); never another term.

    What `terms` does not hold stays as it is.
    """

    def named(kind: str, old: dict[str, str] | None) -> dict[str, str] | None:
        term = old and terms.get((kind, old["slug"]))
        return {"slug": term["slug"], "name": term["name"]} if term else old

    def named_set(kind: str, old: list[dict[str, str]]) -> list[Any]:
        return [named(kind, item) for item in old]

    fresh = entry | {
        "category": named("category", entry["category"]),
        "actor": named("actor", entry["actor"]),
        "other_actors": named_set("actor", entry["other_actors"]),
        "agency": _reprint_agency(entry["agency"], terms),
        "other_agencies": named_set("agency", entry["other_agencies"]),
        "affects": named_set("party", entry["affects"]),
        "topics": named_set("topic", entry["topics"]),
        "citations": [_reprint_citation(citation, terms) for citation in entry["citations"]],
    }
    return fresh | {"derived": derive(fresh)}


def _reprint_agency(old: dict[str, Any] | None, terms: Terms) -> dict[str, Any] | None:
    term = old and terms.get(("agency", old["slug"]))
    if not term:
        return old
    parent = term["parent"] and terms.get(("agency", term["parent"]))
    return {
        "slug": term["slug"],
        "name": term["name"],
        "abbreviation": term["abbreviation"],
        "parent": parent and {"slug": parent["slug"], "name": parent["name"]},
    }


def _reprint_citation(citation: dict[str, Any], terms: Terms) -> dict[str, Any]:
    source = terms.get(("source", citation["source"]["slug"]), citation["source"])
    return citation | {"source": reprint_source(source, terms)}


def reprint_source(source: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """Return `source` (its document) with its publishers printed as in `terms`."""
    fresh = dict(source)
    for field in ("publisher", "republished_by"):
        term = source[field] and terms.get(("publisher", source[field]["slug"]))
        if term:
            fresh[field] = {"slug": term["slug"], "name": term["name"]}
    return fresh


def terms_named(entry: dict[str, Any]) -> set[tuple[str, str]]:
    """Return (kind, slug) of every term and source that `entry` names itself.

    Not what these print in their turn (an agency's parent, a source's publishers): in an accepted document that may
    be an edit of the term, which is not accepted with it.
    """
    single = [("category", entry["category"]), ("actor", entry["actor"]), ("agency", entry["agency"])]
    single += [("actor", item) for item in entry["other_actors"]]
    single += [("agency", item) for item in entry["other_agencies"]]
    single += [("party", item) for item in entry["affects"]] + [("topic", item) for item in entry["topics"]]
    single += [("source", citation["source"]) for citation in entry["citations"]]
    return {(kind, named["slug"]) for kind, named in single if named}
