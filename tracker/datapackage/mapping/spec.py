"""What a mapping file says, once it has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

KEPT_FIELDS = (
    "title", "summary", "where_it_stands", "category", "form", "identifiers", "actor", "actor_office", "other_actors",
    "agency", "other_agencies", "affects", "topics", "date", "date_note", "due_date", "disputed", "dispute_note",
    "last_verified",
)  # fmt: skip
"""Fields of an entry that `[fields]` may fill."""
NAMING = {
    "actor": "actor", "agency": "agency", "other_actors": "actor", "other_agencies": "agency", "affects": "party",
    "topics": "topic", "category": "category",
}  # fmt: skip
"""Fields that name terms -> the kind of term."""
LISTS = ("identifiers", "other_actors", "other_agencies", "affects", "topics")
DATES = ("date", "due_date", "last_verified")
POLICIES = ("refuse", "create", "queue")


@dataclass(frozen=True)
class Cell:
    """How one value is made from a row: where it comes from, and what is done to it in the order of these names."""

    place: str
    columns: tuple[str, ...] = ()
    join: str = " "
    constant: str | None = None
    template: str = ""
    html: bool = False
    host: bool = False
    split: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    dates: tuple[str, ...] = ()
    zone: str = ""
    cut: int = 0
    default: str = ""


@dataclass(frozen=True)
class Named:
    """How the name of a term is resolved, beyond its cell."""

    unknown: str = "refuse"
    parent: Cell | None = None
    abbreviation: Cell | None = None
    code: Cell | None = None
    flags: tuple[str, ...] = ()
    yes: tuple[str, ...] = ("yes",)
    no: tuple[str, ...] = ("no", "")
    names: Mapping[str, str] = field(default_factory=dict)  # heading -> name of the term


@dataclass(frozen=True)
class Field:
    """A field of the entry; `once`: written when the entry is new, and never again."""

    name: str
    cell: Cell
    once: bool = False
    named: Named | None = None


@dataclass(frozen=True)
class Key:
    """What makes a row the same entry from file to file, and the slug that follows from it."""

    columns: tuple[str, ...]
    style: str = "text"  # or "hash"
    prefix: str = ""
    repeats: str = "refuse"  # "count", "count_from_end"


@dataclass(frozen=True)
class Rule:
    """The line of the history that a row gets when its cells have these values."""

    when: Mapping[str, tuple[str, ...]]
    status: str
    by: Cell | None = None
    note: Cell | None = None
    date: Cell | None = None
    queue: str = ""


@dataclass(frozen=True)
class Status:
    """How the history is made; `appends`: a file tells how matters stand, and earlier lines stay."""

    rules: tuple[Rule, ...] = ()
    date: Cell | None = None
    appends: bool = False


@dataclass(frozen=True)
class SourceSpec:
    """One source of each row, by the columns of sources.csv, and how it is cited.

    Where the column `each` holds several values with `split` between them, there is one source for each of them.
    """

    cells: Mapping[str, Cell]
    attribution: Cell
    bears_on: str
    unknown: str = "create"
    each: str = ""
    split: str = ""


@dataclass(frozen=True)
class FileSpec:
    """How the file is taken apart. `header_row` counts as a spreadsheet does, from 1."""

    encoding: str = "detect"
    header_row: int = 1
    skip_rows: int = 0  # below the header
    delimiter: str = ""
    guarded: bool = False  # cells that look like formulas have a quotation mark in front, as in our own files
    records: str = ""  # where in JSON the list of records is, "results" for example


@dataclass(frozen=True)
class TableMapping:
    """A mapping file as a whole. `name` is remembered with every revision that an import makes."""

    name: str
    title: str
    file: FileSpec
    key: Key
    fields: tuple[Field, ...]
    status: Status | None
    sources: tuple[SourceSpec, ...]
    credit: str = ""

    @property
    def owned(self) -> frozenset[str]:
        """The facts of an entry that an import may change later."""
        own = {field.name for field in self.fields if not field.once}
        if self.status:
            own.add("status_history")
        return frozenset(own | ({"citations"} if self.sources else set()))

    @property
    def columns(self) -> dict[str, str]:
        """Every column that the mapping reads -> where in the mapping file."""
        found: dict[str, str] = dict.fromkeys(self.key.columns, "key.columns")
        for cell in self.cells():
            found |= {name: cell.place for name in cell.columns if name not in found}
        for item in self.fields:
            flags = item.named.flags if item.named else ()
            found |= {name: f"fields.{item.name}.flags" for name in flags if name not in found}
        found |= {source.each: "sources.each" for source in self.sources if source.each and source.each not in found}
        for rule in self.status.rules if self.status else ():
            found |= {name: "status.rules.when" for name in rule.when if name not in found}
        return found

    def cells(self) -> list[Cell]:
        """Every cell that the mapping makes."""
        found = [item.cell for item in self.fields]
        for item in self.fields:
            named = item.named or Named()
            found += [cell for cell in (named.parent, named.abbreviation, named.code) if cell]
        for source in self.sources:
            found += [*source.cells.values(), source.attribution]
        if self.status:
            found += [cell for rule in self.status.rules for cell in (rule.note, rule.date, rule.by) if cell]
            found += [self.status.date] if self.status.date else []
        return found

    def place_of(self, fact: str) -> str:
        """Return the column that a fact of the entry comes from; "" if none does."""
        cells = {item.name: item for item in self.fields}
        if fact in cells:
            named = cells[fact].named
            return next(iter([*cells[fact].cell.columns, *(named.flags if named else ())]), "")
        if fact == "status_history" and self.status:
            return next((name for rule in self.status.rules for name in rule.when), "")
        if fact == "citations":
            made = [cell for source in self.sources for cell in source.cells.values()]
            return next((name for cell in made for name in cell.columns), "")
        return ""
