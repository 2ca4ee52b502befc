"""The columns of actions.csv. Order is a contract: additions go to the end, with a CHANGELOG line."""

from tracker.columns.cells import Column, Sort, Type, csv_line


def _column(
    name: str,
    type_: Type,
    sort: Sort,
    path: str,
    description: str,
    *,
    title: str = "",
    max_length: int | None = None,
) -> Column:
    words = title or name.replace("_", " ").capitalize()
    return Column(name, words, type_, sort, path, description, max_length)


COLUMNS: tuple[Column, ...] = (
    _column("slug", "slug", "editorial", "slug", "Permanent key of the entry; never reused."),
    _column("title", "string", "editorial", "entry.title", "What was decided.", max_length=200),
    _column("summary", "string", "editorial", "entry.summary", "The decision in a few sentences; may be empty."),
    _column(
        "where_it_stands",
        "string",
        "editorial",
        "entry.where_it_stands",
        "One sentence on how matters stand now.",
        max_length=120,
    ),
    _column("category", "slug", "editorial", "entry.category.slug", "What the action does."),
    _column("form", "code", "editorial", "entry.form", "On what paper, or how."),
    _column(
        "identifiers",
        "list",
        "editorial",
        "entry.identifiers",
        "Official numbers as scheme:value, such as eo:13716 or fr:2016-01325.",
    ),
    _column(
        "actor",
        "string",
        "editorial",
        "entry.actor.name",
        'Who took the decision, by name; "Not named" if the sources name nobody.',
    ),
    _column("actor_slug", "slug", "editorial", "entry.actor.slug", "Key of the actor; the value of ?actor=."),
    _column(
        "actor_office",
        "string",
        "editorial",
        "entry.actor_office",
        "Office in which the actor acted on that day.",
    ),
    _column("other_actors", "list", "editorial", "entry.other_actors.name", "Others who took part."),
    _column(
        "agency",
        "string",
        "editorial",
        "entry.agency.name",
        "Body on whose authority it was done, by its name on that day.",
    ),
    _column("agency_slug", "slug", "editorial", "entry.agency.slug", "Key of that body; the value of ?agency=."),
    _column("agency_abbreviation", "string", "editorial", "entry.agency.abbreviation", "Its usual abbreviation."),
    _column("parent_agency", "string", "editorial", "entry.agency.parent.name", "The body above it on that day."),
    _column(
        "other_agencies",
        "list",
        "editorial",
        "entry.other_agencies.name",
        "Bodies told to carry it out or acting together.",
    ),
    _column("affects", "list", "editorial", "entry.affects.name", "Parties acted upon."),
    _column("topics", "list", "editorial", "entry.topics.name", "Subjects."),
    _column("date", "edtf", "editorial", "entry.date", "Day or days of the decision."),
    _column("date_earliest", "day", "derived", "entry.derived.date_earliest", "First day that date allows."),
    _column("date_latest", "day", "derived", "entry.derived.date_latest", "Last day that date allows."),
    _column(
        "date_note",
        "string",
        "editorial",
        "entry.date_note",
        "Why the date is vague or contested.",
        max_length=200,
    ),
    _column("status", "code", "derived", "entry.derived.status", "Where the action stands."),
    _column("status_date", "edtf", "derived", "entry.derived.status_date", "Since when."),
    _column(
        "status_by",
        "code",
        "derived",
        "entry.derived.status_by",
        "Who brought that status about; empty for reported and took_place.",
    ),
    _column("in_force", "code", "derived", "entry.derived.in_force", "yes, partly, no, unknown, not_applicable."),
    _column(
        "in_force_from",
        "edtf",
        "derived",
        "entry.derived.in_force_from",
        "First day it was in force, wholly or partly; empty if it never was or we do not know.",
    ),
    _column(
        "in_force_until",
        "edtf",
        "derived",
        "entry.derived.in_force_until",
        "First day it was no longer in force; empty while it is. "
        "With gaps between, the last such day: see status_changes.csv.",
    ),
    _column(
        "due_date",
        "edtf",
        "editorial",
        "entry.due_date",
        "Day still to come on which it is to start, end or be reviewed.",
    ),
    _column("disputed", "boolean", "editorial", "entry.disputed", "A cited denial is unresolved."),
    _column(
        "dispute_note",
        "string",
        "editorial",
        "entry.dispute_note",
        "Who denies what, and when.",
        max_length=200,
    ),
    _column("evidence", "code", "derived", "entry.derived.evidence", "official, on_record, press_only."),
    _column(
        "attribution",
        "code",
        "derived",
        "entry.derived.attribution",
        "Strongest attribution among the supporting sources.",
    ),
    _column(
        "corroborated",
        "boolean",
        "derived",
        "entry.derived.corroborated",
        "First-hand sources of two or more publishers support it.",
    ),
    _column(
        "source_count",
        "integer",
        "derived",
        "entry.derived.source_count",
        "Number of sources, disputing ones included.",
    ),
    _column(
        "official_source_count",
        "integer",
        "derived",
        "entry.derived.official_source_count",
        "Of these, how many are of an official kind.",
    ),
    _column("publishers", "list", "derived", "entry.derived.publishers", "Publishers of all sources."),
    _column(
        "source_title",
        "string",
        "derived",
        "entry.derived.source_title",
        "Lead source: strongest attribution, then official before not, then first published.",
    ),
    _column(
        "source_publisher",
        "string",
        "derived",
        "entry.derived.source_publisher",
        "Publisher of the lead source.",
    ),
    _column("source_url", "address", "derived", "entry.derived.source_url", "Address of the lead source."),
    _column(
        "source_archive_url",
        "address",
        "derived",
        "entry.derived.source_archive_url",
        "Archived copy of the lead source.",
    ),
    _column(
        "source_published",
        "edtf",
        "derived",
        "entry.derived.source_published",
        "When the lead source was published.",
    ),
    _column(
        "source_urls",
        "addresses",
        "derived",
        "entry.derived.source_urls",
        'Addresses of all sources, lead first; a ";" inside an address is written %3B.',
    ),
    _column(
        "last_verified",
        "day",
        "editorial",
        "entry.last_verified",
        "Last day an editor checked that the entry still holds.",
    ),
    _column(
        "first_published",
        "instant",
        "ledger",
        "first_published",
        "When this entry first appeared here; minus date = our delay.",
    ),
    _column(
        "last_changed",
        "instant",
        "ledger",
        "last_changed",
        "When its public row last changed, minor changes apart.",
    ),
    _column("last_change", "code", "ledger", "last_change", "Kind of that change: published, updated, corrected."),
    _column("version", "integer", "ledger", "version", "Number of this version of the row, from 1."),
    _column("edition", "integer", "ledger", "edition", "Edition of the data set in which this version appeared."),
    _column("url", "address", "ledger", "url", "Page of the entry."),
)

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}


def header(count: int = len(COLUMNS)) -> str:
    """Return the CSV header of the first `count` columns, without its line end."""
    return csv_line(column.name for column in COLUMNS[:count])
