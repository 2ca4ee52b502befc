"""The files of a data package: their columns in order, their keys, and what points where."""

from dataclasses import dataclass

from tracker.columns.actions import COLUMNS


@dataclass(frozen=True)
class File:
    """One file of a data package: its columns in order, its key, and what its columns point at."""

    name: str
    description: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...] = ()  # (column, file, column there)


FILES: tuple[File, ...] = (
    File("actions.csv", "One row per entry.", tuple(column.name for column in COLUMNS), ("slug",)),
    File(
        "status_changes.csv",
        "One row per line of a history.",
        (
            "slug",
            "position",
            "status",
            "date",
            "date_earliest",
            "date_latest",
            "by",
            "in_force",
            "note",
            "source_id",
        ),
        ("slug", "position"),
        (("slug", "actions.csv", "slug"), ("source_id", "sources.csv", "source_id")),
    ),
    File(
        "sources.csv",
        "One row per source.",
        (
            "source_id",
            "title",
            "publisher",
            "republished_by",
            "kind",
            "official",
            "url",
            "archive_url",
            "archived_at",
            "authors",
            "language",
            "published",
            "accessed_on",
        ),
        ("source_id",),
    ),
    File(
        "citations.csv",
        "One row per use of a source by an entry.",
        ("slug", "source_id", "stance", "bears_on", "attribution"),
        ("slug", "source_id"),
        (("slug", "actions.csv", "slug"), ("source_id", "sources.csv", "source_id")),
    ),
    File(
        "relations.csv",
        "One row per relation between entries, or from an entry to something outside.",
        ("slug", "kind", "in_part", "to_slug", "to_title", "to_identifier", "to_url", "note"),
        (),
        (("slug", "actions.csv", "slug"),),
    ),
    File(
        "terms.csv",
        "One row per actor, agency, category, topic, party, publisher.",
        (
            "kind",
            "slug",
            "name",
            "definition",
            "example",
            "abbreviation",
            "parent_slug",
            "successor_slug",
            "valid_from",
            "valid_until",
            "iso_3166_1_alpha_3",
            "member_slugs",
            "aliases",
            "party_kind",
            "agency_slug",
            "country_slug",
            "successor_date",
            "merged_into",
        ),
        ("kind", "slug"),
    ),
    File(
        "retractions.csv",
        "One row per retracted entry.",
        ("slug", "reason", "replaced_by", "note", "edition", "retracted_at"),
        ("slug",),
    ),
    File(
        "editions.csv",
        "One row per edition.",
        ("number", "published_at", "note", "columns", "codebook_version", "previous", "digest"),
        ("number",),
    ),
    File(
        "row_digests.csv",
        "One row per sealed row of an edition.",
        ("edition", "kind", "slug", "version", "json_digest", "csv_digest"),
        ("kind", "slug", "version"),
        (("edition", "editions.csv", "number"),),
    ),
)

CHANGES = File(
    "changes.csv",
    "One row per changed field of an entry per edition; no package holds it.",
    ("slug", "field", "before", "after", "change", "note", "edition", "instant"),
    (),
)

FILES_BY_NAME: dict[str, File] = {file.name: file for file in FILES}
