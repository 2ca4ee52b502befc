"""The entries of a package: rows put together by entry, each cell judged where it stands.

What the record itself would refuse is asked of `tracker.checking`, with the words and entries of the package as if
they were saved already; its paths are translated back to file, row and column here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from tracker import document
from tracker.checking import check_entry, missing_for_publication
from tracker.columns import BY_NAME, COLUMNS
from tracker.columns.rows import derived_of_line
from tracker.datapackage import rows
from tracker.datapackage.faults import Faults
from tracker.datapackage.read import Package, Row
from tracker.datapackage.vocabulary import SOURCES, TERMS, Vocabulary
from tracker.datapackage.words import Words
from tracker.models import PolicyAction
from tracker.models.fields import clean_text
from tracker.models.vocabulary import name_key

ACTIONS, LINES, CITATIONS, RELATIONS = "actions.csv", "status_changes.csv", "citations.csv", "relations.csv"

_NOWHERE = f", neither in {TERMS} nor in the record"
_CHUNK = 500
# The first step of a problem's path -> the file of its rows, and the columns that are not called like the field.
_PARTS = {
    "status_history": (LINES, "lines", {"source": "source_id"}),
    "citations": (CITATIONS, "citations", {"source": "source_id"}),
    "relations": (
        RELATIONS,
        "relations",
        {"to": "to_slug", "title": "to_title", "identifier": "to_identifier", "url": "to_url"},
    ),
}
_KEYED = {"actor": "actor_slug", "agency": "agency_slug"}
# What an entry lacks is told at the cell that would show it.
_SHOWN_IN = _KEYED | {"status_history": "status", "citations": "source_count"}
_DERIVED = tuple(column for column in COLUMNS if column.sort == "derived")


@dataclass
class Incoming:
    """One entry of the package: its rows, and what they say (`entry` in the package's slugs, without "derived")."""

    row: Row
    lines: list[Row] = field(default_factory=list)
    citations: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    entry: dict[str, Any] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.row["slug"].strip()

    @property
    def related(self) -> list[dict[str, Any]]:
        """The relations entered here, in the order of their rows."""
        return rows.relations_from(row.cells for row in self.relations)


def gather(package: Package, words: Words, faults: Faults) -> list[Incoming]:
    """Put the rows of each entry together, in the order of actions.csv; note rows that belong to none."""
    incoming = [Incoming(row) for row in package.tables[ACTIONS]]
    by_slug = {item.slug: item for item in incoming}
    for file, name in ((LINES, "lines"), (CITATIONS, "citations"), (RELATIONS, "relations")):
        for row in package.tables[file]:
            item = by_slug.get(row["slug"].strip())
            if item:
                getattr(item, name).append(row)
            else:
                faults.add(file, f"There is no such entry in {ACTIONS}.", row=row.number, column="slug")
    for item in incoming:
        _put_in_order(item, faults)
        item.entry = rows.entry_from(
            item.row.cells, [row.cells for row in item.lines], [row.cells for row in item.citations], words
        )
        check_cells(item, words, faults)
    return incoming


def _put_in_order(item: Incoming, faults: Faults) -> None:
    """Sort the lines by position, which must run 1, 2, 3 ..."""
    numbers = {row.number: row["position"].strip() for row in item.lines}
    expected = {str(position) for position in range(1, len(item.lines) + 1)}
    wrong = [row for row in item.lines if numbers[row.number] not in expected]
    for row in wrong:
        message = f"The lines of an entry are numbered 1 to {len(item.lines)} here."
        faults.add(LINES, message, row=row.number, column="position")
    if not wrong:
        item.lines.sort(key=lambda row: int(numbers[row.number]))


# --- cells -----------------------------------------------------------------------------------------------------


def check_cells(item: Incoming, words: Words, faults: Faults) -> None:
    """Judge what the record could not: names, keys and booleans as they are written."""
    for column, sentence in (*_lead_complaints(item.row, words), *_list_complaints(item.row, words)):
        faults.add(ACTIONS, sentence, row=item.row.number, column=column)
    for file, row, column in (
        (ACTIONS, item.row, "disputed"),
        *((RELATIONS, row, "in_part") for row in item.relations),
    ):
        if row[column].strip() not in ("", "true", "false"):
            faults.add(file, "Write true or false.", row=row.number, column=column)
    for file, items in ((LINES, item.lines), (CITATIONS, item.citations)):
        for row in items:
            slug = row["source_id"].strip()
            if slug and words.source(slug) is None:
                faults.add(file, f"There is no source {slug!r} in {SOURCES}.", row=row.number, column="source_id")
    for row in item.citations:
        if not rows.items(row["bears_on"]):
            faults.add(CITATIONS, "Say what the source bears on.", row=row.number, column="bears_on")


def _lead_complaints(row: Row, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with category, actor and agency: unknown, or a key and a name that disagree."""
    category = row["category"].strip()
    if category and words.term("category", slug=category) is None:
        yield "category", _unknown("category", category)
    for kind, column in _KEYED.items():
        slug, name = row[column].strip(), clean_text(row[kind])
        term = words.term(kind, slug=slug, name=name)
        if (slug or name) and term is None:
            yield (column if slug else kind), _unknown(kind, slug or name)
        elif term and slug and name and not _is_called(term, kind, name, words):
            yield kind, f"{column} names another {kind}: {term['name']}."


def _unknown(kind: str, text: str) -> str:
    return f"There is no {kind} {text!r}{_NOWHERE}."


def of_one_table(message: str) -> str:
    """Return a sentence of these as it is said of a table that brings no terms."""
    return message.replace(_NOWHERE, " here")


def _is_called(term: Mapping[str, Any], kind: str, name: str, words: Words) -> bool:
    """Return whether `name` is a name of this term, in the package or, under its key there, in the record."""
    here = words.record[kind].by_slug.get(words.here(kind, term["slug"]))
    names = [known for each in (term, here) if each for known in (each["name"], *each["aliases"])]
    return name_key(name) in {name_key(known) for known in names}


def _list_complaints(row: Row, words: Words) -> Iterator[tuple[str, str]]:
    for column, kind in rows.LISTS_OF_NAMES.items():
        unknown = [name for name in rows.items(row[column]) if words.term(kind, name=name) is None]
        if unknown:
            yield column, " ".join(_unknown(kind, name) for name in unknown)


def notes_on(item: Incoming) -> Iterator[str]:
    """Yield a note where a cell repeats what terms.csv says, and says something else."""
    agency = item.entry["agency"] or {"abbreviation": None, "parent": None}
    repeated = {
        "agency_abbreviation": agency["abbreviation"],
        "parent_agency": agency["parent"] and agency["parent"]["name"],
    }
    for column, value in repeated.items():
        cell = rows.text(item.row[column])
        if cell and cell != value:
            yield f"{ACTIONS}:{item.row.number}:{column}: comes with the agency, here {value or 'none'}."


# --- the record's own rules ------------------------------------------------------------------------------------


@dataclass
class Prospect:
    """What the checks of the record look things up in, once this package would be loaded (`checking.Context`)."""

    words: Words
    entry_dates: dict[str, str | None]
    spoilt: set[str] = field(default_factory=set)  # sources at fault
    actions: dict[str, PolicyAction] = field(default_factory=dict)

    @classmethod
    def of(cls, vocabulary: Vocabulary, incoming: Sequence[Incoming]) -> "Prospect":
        """Read the dates of the entries that are related to. One query for each 500."""
        own = {item.slug: item.entry["date"] for item in incoming}
        targets = sorted({row["to_slug"].strip() for item in incoming for row in item.relations} - own.keys())
        saved: dict[str, str | None] = {}
        for start in range(0, len(targets), _CHUNK):
            found = PolicyAction.objects.filter(slug__in=targets[start : start + _CHUNK])
            saved |= dict(found.values_list("slug", "date"))
        return cls(vocabulary.words, saved | own, vocabulary.spoilt)

    def get(self, model: type[Model], named: Mapping[str, Any] | str | None) -> Any:
        """Return something true when the record has, or will have, what `named` names."""
        if not named:
            return None
        slug = named if isinstance(named, str) else str(named["slug"])
        return self.words.will_know(model.ledger_kind, slug) or None  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Checked:
    slug: str
    entry: Mapping[str, Any]
    relations: Sequence[Mapping[str, Any]]


def check(item: Incoming, *, prospect: Prospect, today: date, publish: bool, faults: Faults) -> None:
    """Note whatever the record, and with `publish` the ledger, would refuse, and derived cells that are wrong."""
    _tell(item, check_entry(_Checked(item.slug, item.entry, item.related), context=prospect, today=today), faults)
    if publish:
        _tell(item, missing_for_publication(with_status(item.entry), imported=True), faults)
    if not _is_at_fault(item, prospect, faults):
        _check_derived(item, document.derive(item.entry), faults)


def with_status(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return `entry` with the one derived value that can be told even when its dates or codes are wrong."""
    status = next((line["status"] for line in reversed(entry["status_history"]) if line["status"]), None)
    return {**entry, "derived": {"status": status}}


def _tell(item: Incoming, problems: Mapping[str, Sequence[str]], faults: Faults) -> None:
    for path, sentences in problems.items():
        file, row, column = place_of(path, item)
        faults.add(file, " ".join(sentences), row=row.number, column=column)


def place_of(path: str, item: Incoming) -> tuple[str, Row, str | None]:
    """Return the file, row and column of the cell that a problem's path means."""
    part, *rest = path.split(".")
    if part in _PARTS and len(rest) == 2:
        file, name, renamed = _PARTS[part]
        return file, getattr(item, name)[int(rest[0]) - 1], renamed.get(rest[1], rest[1])
    return ACTIONS, item.row, column_of(path)


def column_of(path: str) -> str | None:
    """Return the column of actions.csv that shows what a problem's path means; None if none does."""
    part = path.partition(".")[0]
    column = _SHOWN_IN.get(part, part)
    return column if column in BY_NAME else None


def rows_of(item: Incoming) -> Iterator[tuple[str, Row]]:
    """Yield every row of an entry with its file."""
    yield ACTIONS, item.row
    for file, name, _ in _PARTS.values():
        yield from ((file, row) for row in getattr(item, name))


def _is_at_fault(item: Incoming, prospect: Prospect, faults: Faults) -> bool:
    """Return whether any row of an entry, or of a source that it cites, has a fault: then nothing can be derived."""
    cited = {row["source_id"].strip() for row in item.citations}
    return bool(cited & prospect.spoilt) or any(faults.touch(file, row.number) for file, row in rows_of(item))


def _check_derived(item: Incoming, derived: Mapping[str, Any], faults: Faults) -> None:
    """Refuse derived cells that are filled and are not what follows from the others."""
    record = {"entry": {**item.entry, "derived": derived}}
    for column in _DERIVED:
        _compare(ACTIONS, item.row, column.name, column.cell(record), faults)
    for row, line in zip(item.lines, item.entry["status_history"], strict=True):
        for name, cell in derived_of_line(line).items():
            _compare(LINES, row, name, cell, faults)


def _compare(file: str, row: Row, column: str, derived: str, faults: Faults) -> None:
    written = clean_text(row[column])
    if written and written != derived:
        follows = f"{derived!r} follows" if derived else "Nothing follows"
        faults.add(file, f"{follows} from the other cells; correct those or empty this.", row=row.number, column=column)
