"""Entries, their versions, and what hangs on them."""

from __future__ import annotations

from timeline.api.shapes.building import Schema, list_of, number, object_, or_null, ref, text
from timeline.api.shapes.from_columns import columns_at, row_of
from tracker import codebook

NAMED = object_({"slug": text("Key.", example="white-house"), "name": text("Name.", example="White House")})
_KINDS_OF_CHANGE = list(codebook.CHANGES)


def _entry() -> Schema:
    one, many = or_null(ref("Named")), list_of(ref("Named"))
    terms = {"category": one, "actor": one, "agency": or_null(ref("AgencyThen"))}
    sets = dict.fromkeys(("other_actors", "other_agencies", "affects", "topics"), many)
    parts = {"status_history": list_of(ref("StatusLine")), "citations": list_of(ref("Citation"))}
    derived = object_(columns_at("entry.derived"), description="What follows from the rest.")
    return object_(columns_at("entry") | terms | sets | parts | {"derived": derived})


def _record() -> Schema:
    sealed = {
        "change": text("Kind of change that made this version.", codes=_KINDS_OF_CHANGE, example="published"),
        "change_note": or_null(text("What changed, and why.")),
        "salt": text("Random, so that a short text cannot be guessed from the digest.", example="0" * 32),
        "entry": ref("Entry"),
    }
    return object_(
        columns_at("") | sealed, description="The public record of an entry, as a line of the JSON Lines file has it."
    )


def _addressed() -> Schema:
    address = text("Page of the entry.", example="https://timeline.example/actions/military-aid-paused/")
    record = _record()
    return object_(record["properties"] | {"url": address}, description=record["description"])


def _version() -> Schema:
    return object_(
        {
            "version": number("Number of the version, from 1."),
            "edition": number("Edition in which it appeared."),
            "published_at": text("Instant of that edition.", example="2025-06-01T12:00:00Z"),
            "change": text("Kind of change.", codes=_KINDS_OF_CHANGE, example="published"),
            "change_note": or_null(text("What changed, and why.")),
            "redacted_in": or_null(number("Edition that withheld it for legal reasons.")) | {"examples": [None]},
            "digest": text("SHA-256 of the record.", example="0" * 64),
            "record": {
                "oneOf": [ref("Record"), ref("Tombstone"), {"type": "null"}],
                "description": "As it was sealed; null where the law withholds it.",
            },
        }
    )


def _tombstone() -> Schema:
    kept = {name: schema for name, schema in _record()["properties"].items() if name != "entry"}
    return object_(
        kept
        | {
            "entry": {"type": "null"},
            "reason": text("Why it should not have stood.", codes=codebook.RETRACTION_REASONS),
            "replaced_by": list_of(text("Key of an entry.")),
        },
        description="The record of a retraction.",
    )


def _status_line() -> Schema:
    row = row_of("status_changes.csv", _LINE)
    kept = {name: row[name] for name in ("position", "status", "date", "by", "note")}
    return object_(kept | {"source": or_null(text("Key of the source of this line."))})


_LINE = {
    "position": "Place in the history, from 1.",
    "status": "Status from then on; null is a development that left it as it was.",
    "date": "Day since when.",
    "date_earliest": "First day that the date allows.",
    "date_latest": "Last day that the date allows.",
    "by": "Who brought it about.",
    "in_force": "Whether the action applied from then on.",
    "note": "What happened.",
    "source_id": "Key of the source of this line.",
}


def _citation() -> Schema:
    return object_(
        {
            "position": number("Place among the sources, from 1."),
            "source": ref("SourceThen"),
            "stance": text("What the source says of the entry.", codes=codebook.STANCES),
            "bears_on": list_of(text("What it tells of.", codes=codebook.BEARS_ON)),
            "attribution": text("On whose word.", codes=codebook.ATTRIBUTIONS),
        }
    )


def _relation() -> Schema:
    return object_(
        {
            "from": text("Key of the entry at which it was entered.", example="talks-in-jeddah"),
            "kind": text("How the two hang together.", codes=codebook.RELATION_KINDS),
            "in_part": {"type": "boolean", "description": "Whether only a part is touched."},
            "to": or_null(text("Key of the other entry; null is outside the data set.", example="military-aid-paused")),
            "title": or_null(text("What it is called, outside the data set.")),
            "identifier": or_null(text("Its official number.")),
            "url": or_null(text("Its address.")),
            "note": or_null(text("What the relation is.")),
        }
    )


def components() -> dict[str, Schema]:
    """Return the schemas of entries and their parts, by name."""
    agency_then = NAMED["properties"] | {
        "abbreviation": or_null(text("Usual abbreviation.")),
        "parent": or_null(ref("Named")),
    }
    return {
        "Named": NAMED,
        "AgencyThen": object_(agency_then, description="The body by its name and parent on that day."),
        "Entry": _entry(),
        "Record": _record(),
        "Action": _addressed(),
        "Tombstone": _tombstone(),
        "Version": _version(),
        "StatusLine": _status_line(),
        "StatusChange": object_(row_of("status_changes.csv", _LINE)),
        "Citation": _citation(),
        "Relation": _relation(),
    }
