"""From documents to the rows of the public files: every package, long file and test of a round trip starts here.

Cells are raw: no formula guard, "" for what is absent, lists joined with "; ". Pure functions of documents.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tracker import codebook, dates
from tracker.columns.actions import COLUMNS
from tracker.columns.cells import as_text, instant
from tracker.columns.files import FILES_BY_NAME

Cells = dict[str, str]

# terms.csv, by kind: which column holds which field of the term's document. Others must be empty.
TERM_COLUMNS: dict[str, dict[str, str]] = {
    "actor": {"merged_into": "merged_into"},
    "agency": {
        "abbreviation": "abbreviation",
        "parent_slug": "parent",
        "successor_slug": "successor",
        "successor_date": "successor_date",
        "valid_from": "valid_from",
        "valid_until": "valid_until",
        "country_slug": "country",
        "merged_into": "merged_into",
    },
    "category": {"definition": "definition", "example": "example"},
    "party": {
        "party_kind": "kind",
        "iso_3166_1_alpha_3": "iso_3166_1_alpha_3",
        "member_slugs": "members",
        "agency_slug": "agency",
        "merged_into": "merged_into",
    },
    "publisher": {"merged_into": "merged_into"},
    "topic": {"definition": "definition", "merged_into": "merged_into"},
}


def action_cells(record: Mapping[str, Any], *, url: str = "") -> Cells:
    """Return the row of actions.csv for a public record, unguarded."""
    addressed = {**record, "url": url or None}
    return {column.name: column.cell(addressed) for column in COLUMNS}


def status_cells(slug: str, entry: Mapping[str, Any]) -> list[Cells]:
    """Return the rows of status_changes.csv for an entry."""
    return [
        _in_order("status_changes.csv", {
            "slug": slug,
            "position": str(line["position"]),
            "status": line["status"] or "",
            "date": line["date"],
            "by": line["by"] or "",
            "note": line["note"] or "",
            "source_id": line["source"] or "",
            **derived_of_line(line),
        })
        for line in entry["status_history"]
    ]  # fmt: skip


def _in_order(file: str, cells: Mapping[str, str]) -> Cells:
    """Return `cells` in the order of the columns of their file."""
    return {column: cells[column] for column in FILES_BY_NAME[file].columns}


def derived_of_line(line: Mapping[str, Any]) -> Cells:
    """Return the cells of a line that follow from others."""
    when = dates.parse(line["date"])
    return {
        "date_earliest": when.earliest.isoformat(),
        "date_latest": when.latest.isoformat(),
        "in_force": codebook.STATUSES[line["status"]].in_force if line["status"] else "",
    }


def citation_cells(slug: str, entry: Mapping[str, Any]) -> list[Cells]:
    """Return the rows of citations.csv for an entry; their order is the order of the citations."""
    return [
        {
            "slug": slug,
            "source_id": citation["source"]["slug"],
            "stance": citation["stance"],
            "bears_on": as_text(citation["bears_on"]),
            "attribution": citation["attribution"],
        }
        for citation in entry["citations"]
    ]


def relation_cells(slug: str, relations: Iterable[Mapping[str, Any]]) -> list[Cells]:
    """Return the rows of relations.csv for the relations entered at an entry."""
    return [
        {
            "slug": slug,
            "kind": relation["kind"],
            "in_part": as_text(relation["in_part"]),
            "to_slug": relation["to"] or "",
            "to_title": relation["title"] or "",
            "to_identifier": relation["identifier"] or "",
            "to_url": relation["url"] or "",
            "note": relation["note"] or "",
        }
        for relation in relations
    ]


# --- sources and terms ---------------------------------------------------------------------------------------------


def source_cells(source: Mapping[str, Any]) -> Cells:
    """Return the row of sources.csv for a source document."""
    plain = ("title", "kind", "url", "archive_url", "archived_at", "authors", "language", "published", "accessed_on")
    cells = {
        "source_id": source["slug"],
        "publisher": source["publisher"]["name"],
        "republished_by": source["republished_by"]["name"] if source["republished_by"] else "",
        "official": as_text(codebook.SOURCE_KINDS[source["kind"]].official),
        **{name: as_text(source[name]) for name in plain},
    }
    return _in_order("sources.csv", cells)


def outward(key: tuple[str, str], term: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the terms that `term` points at: parent, successor, country, members, publishers ..."""
    kind = key[0]
    if kind == "source":
        return {("publisher", named["slug"]) for named in (term["publisher"], term["republished_by"]) if named}
    pointers = [(kind, term.get("merged_into"))]
    if kind == "agency":
        pointers += [("agency", term["parent"]), ("agency", term["successor"]), ("party", term["country"])]
    if kind == "party":
        pointers += [("agency", term["agency"]), *(("party", member) for member in term["members"])]
    return {(kind, slug) for kind, slug in pointers if slug}


def term_cells(kind: str, term: Mapping[str, Any]) -> Cells:
    """Return the row of terms.csv for a term document."""
    blank = dict.fromkeys(FILES_BY_NAME["terms.csv"].columns, "")
    own = {column: as_text(term[field]) for column, field in TERM_COLUMNS[kind].items()}
    common = {"kind": kind, "slug": term["slug"], "name": term["name"], "aliases": as_text(term["aliases"])}
    return blank | common | own


# --- the ledger ----------------------------------------------------------------------------------------------------


def retraction_cells(tombstone: Mapping[str, Any], *, at: datetime) -> Cells:
    """Return the row of retractions.csv for the record of a tombstone that was published at that instant."""
    cells = {name: as_text(tombstone[name]) for name in ("slug", "reason", "replaced_by", "edition")}
    return _in_order(
        "retractions.csv",
        {**cells, "note": as_text(tombstone["change_note"]), "retracted_at": instant(at)},
    )
