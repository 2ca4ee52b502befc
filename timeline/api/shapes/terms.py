"""Sources, terms and editions."""

from __future__ import annotations

from timeline.api.shapes.building import Schema, list_of, number, object_, or_null, ref, text
from tracker import codebook
from tracker.columns import COLUMNS


def _source() -> dict[str, Schema]:
    return {
        "slug": text("Key.", example="example-herald-aid-halted"),
        "title": text("Title.", example="Aid halted"),
        "publisher": ref("Named"),
        "republished_by": or_null(ref("Named")),
        "kind": text("What it is.", codes=codebook.SOURCE_KINDS),
        "url": or_null(text("Address; null for print.", example="https://news.example/aid-halted")),
        "archive_url": or_null(text("Address of an archived copy.")),
        "archived_at": or_null(text("Instant of that copy.")),
        "authors": list_of(text("Name.")),
        "language": or_null(text("Language code.", example="en")),
        "published": or_null(text("When it was published (EDTF).", example="2025-03-03")),
        "accessed_on": or_null(text("Day on which it was read.")),
    }


# What a term has beside its key, its name and its count. A redacted term has these three alone.
TERMS: dict[str, dict[str, Schema]] = {
    "Actor": {"merged_into": or_null(text("Key of the actor that it is part of now."))},
    "Agency": {
        "abbreviation": or_null(text("Usual abbreviation.", example="DOJ")),
        "parent": or_null(text("Key of the body above it.")),
        "parts": list_of(text("Key of a body right below it.")),
        "successor": or_null(text("Key of the body that took its place.")),
        "successor_date": or_null(text("Day on which it did (EDTF).")),
        "predecessors": list_of(text("Key of a body whose place it took.")),
        "valid_from": or_null(text("First day of the body (EDTF).")),
        "valid_until": or_null(text("Last day of the body (EDTF).")),
        "country": or_null(text("Key of the state that it belongs to.")),
        "merged_into": or_null(text("Key of the agency that it is part of now.")),
    },
    "Party": {
        "kind": or_null(text("What it is.", codes=codebook.PARTY_KINDS)),
        "iso_3166_1_alpha_3": or_null(text("Country code of a state.")),
        "members": list_of(text("Key of a member.")),
        "agency": or_null(text("Key of the agency of a unit.")),
        "merged_into": or_null(text("Key of the party that it is part of now.")),
    },
    "Category": {
        "definition": or_null(text("What falls under it.")),
        "example": or_null(text("An example.")),
    },
    "Topic": {
        "definition": or_null(text("What falls under it.")),
        "merged_into": or_null(text("Key of the topic that it is part of now.")),
    },
    "Publisher": {"merged_into": or_null(text("Key of the publisher that it is part of now."))},
}


def _term(more: dict[str, Schema]) -> Schema:
    own = {
        "slug": text("Key, and the value to filter by.", example="justice-department"),
        "name": text("Name.", example="Justice Department"),
        "count": number("Entries that filtering by it finds."),
    }
    aliases = list_of(text("Another name of it, earlier ones included."))
    return object_(own) | {"properties": own | {"aliases": aliases} | more}


def _edition() -> Schema:
    return object_(
        {
            "number": number("From 1, without gaps."),
            "published_at": text("Instant.", example="2025-06-01T12:00:00Z"),
            "note": or_null(text("What it brought.")),
            "columns": number("How many public columns there were.", example=len(COLUMNS)),
            "codebook_version": text("Version of the codebook.", example=codebook.VERSION),
            "previous": or_null(text("Digest of the edition before; null for the first.", example="0" * 64)),
            "digest": text("SHA-256 that chains it to the one before.", example="0" * 64),
        }
    )


def components() -> dict[str, Schema]:
    """Return the schemas of sources, terms and editions, by name."""
    official: Schema = {"type": "boolean", "description": "Whether its kind is official."}
    return {
        "SourceThen": object_(_source()),
        "Source": object_(_source() | {"official": official}),
        "Edition": _edition(),
        **{name: _term(more) for name, more in TERMS.items()},
    }
