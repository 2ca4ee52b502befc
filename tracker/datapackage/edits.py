"""Rows of a table of actions about entries that are here: which cells were edited, and what becomes of each.

The published version that `version` names is what the row was exported as; cell by cell, what says the same is left
alone, whatever the record holds by now. An edited cell is applied, unless the record changed that very fact meanwhile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker import columns, dates, document
from tracker.columns import BY_NAME, COLUMNS, Column
from tracker.datapackage import rows
from tracker.datapackage.entries import Incoming, check_cells, of_one_table
from tracker.datapackage.faults import Faults
from tracker.datapackage.merging import Conflict, Content, Standing, content_of
from tracker.datapackage.read import Row
from tracker.datapackage.words import Words
from tracker.models.fields import clean_text

Cells = dict[str, str]

_OF_HISTORY = "This follows from the history of the entry: put it back, and log a development on the page of the entry."
_OF_SOURCES = "This follows from the sources of the entry: put it back, and change them on the page of the entry."
_OF_DATE = "This follows from date: put it back, and change that."
_OF_AGENCY = "This comes with the agency: put it back, and change it on the page of the agency."
_OF_PUBLISHING = "This is written when an entry is published: put it back."
_NOT_HERE = {
    **dict.fromkeys(("status", "status_date", "status_by", "in_force", "in_force_from", "in_force_until"), _OF_HISTORY),
    **dict.fromkeys(("date_earliest", "date_latest"), _OF_DATE),
    **dict.fromkeys(("agency_abbreviation", "parent_agency"), _OF_AGENCY),
}


@dataclass(frozen=True)
class Base:
    """What a row was edited from: cells, unguarded, and what they meant."""

    cells: Mapping[str, str]
    content: Content


@dataclass
class Edit:
    """What a row comes to: the facts that it changes (by field of the entry), those in conflict, what is refused."""

    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)  # (column, sentence)


def cells_of(record: Mapping[str, Any]) -> Cells:
    """Return the editorial and derived cells of a document with "slug" and "entry"."""
    return {column.name: column.cell(record) for column in COLUMNS if column.sort != "ledger"}


def edited(row: Row, base: Mapping[str, str]) -> Cells:
    """Return the cells of a row that say something else than `base`, which may lack columns; as they would be kept."""
    kept = {name: kept_as(BY_NAME[name], cell) for name, cell in row.cells.items() if name in base}
    return {name: cell for name, cell in kept.items() if cell not in _forms(BY_NAME[name], base[name])}


def _forms(column: Column, cell: str) -> tuple[str, str]:
    """Return how an untouched cell may come back: a raw file has no guards, and lost a quote of its own in reading."""
    kept = kept_as(column, cell)
    return kept, columns.unguard(kept)


def kept_as(column: Column, cell: str) -> str:
    """Return a cell as the record would keep it: NFC, dates as EDTF, true and false in small letters."""
    text = clean_text(cell)
    if column.type == "boolean":
        return text.lower()
    if column.type == "address":
        return rows.address(text) or ""
    return edtf(text) if column.type == "edtf" else text


def edtf(text: str) -> str:
    """Return a date in words as stored text; what cannot be read stays, and the record says what is wrong with it."""
    try:
        return dates.parse_words(text).text if text else ""
    except dates.DateError:
        return text


def judge(row: Row, *, base: Base, here: Standing, words: Words) -> Edit:
    """Say what becomes of a row about an entry that is here."""
    found = edited(row, base.cells)
    edit = Edit(refusals=list(_refused_columns(found, here)))
    editable = {name: cell for name, cell in found.items() if _field_of(name)}
    item = _read(row, editable, words)
    faults = Faults()
    check_cells(item, words, faults)
    edit.refusals += [(fault.column or "slug", of_one_table(fault.message)) for fault in faults]
    if edit.refusals:
        return edit
    ours = content_of(item.entry, ())
    for name in dict.fromkeys(_field_of(column) for column in editable):
        if ours[name] in (base.content[name], here.content[name]):
            continue
        if base.content[name] != here.content[name]:
            edit.conflicts.append(Conflict(row["slug"].strip(), "", row.number, _column_of(name, editable)))
        else:
            edit.changes[name] = ours[name]
    return edit


def _field_of(column: str) -> str:
    """Return the field of an entry that a column edits; "" if it edits none."""
    steps = BY_NAME[column].steps
    is_editable = BY_NAME[column].sort == "editorial" and column not in _NOT_HERE and steps[0] == "entry"
    return steps[1] if is_editable else ""


def _column_of(name: str, editable: Mapping[str, str]) -> str:
    return next(column for column in editable if _field_of(column) == name)


def _refused_columns(found: Mapping[str, str], here: Standing) -> Iterator[tuple[str, str]]:
    """Yield the edited cells that are not edited here, unless they say what follows by now."""
    follows = cells_of({"slug": "", "entry": here.entry})
    for name, cell in found.items():
        column = BY_NAME[name]
        if name == "slug" or _field_of(name) or kept_as(column, follows.get(name, "")) == cell != "":
            continue
        yield name, _NOT_HERE.get(name) or (_OF_PUBLISHING if column.sort == "ledger" else _OF_SOURCES)


def _read(row: Row, editable: Mapping[str, str], words: Words) -> Incoming:
    """Return what the edited cells say, all others blank. Of a name and its key, an edited one leads alone."""
    cells = {column.name: editable.get(column.name, "") for column in COLUMNS} | {"slug": row["slug"]}
    cells["category"] = category_key(cells["category"], words)
    item = Incoming(Row(row.number, cells))
    item.entry = rows.entry_from(cells, [], [], words)
    return item


def category_key(cell: str, words: Words) -> str:
    """Return the key of the category that a cell names by its key or, as people do, by its name."""
    known = words.term("category", name=cell) if cell and words.term("category", slug=cell) is None else None
    return str(known["slug"]) if known else cell


def printed(name: str, value: Any, words: Words) -> Any:
    """Return a fact of an entry with the names of its terms."""
    if name in document.TERMS and value:
        return _named(document.TERMS[name].ledger_kind, value, words)
    if name in document.TERM_SETS:
        return [_named(document.TERM_SETS[name].ledger_kind, term, words) for term in value]
    return value


def _named(kind: str, term: Mapping[str, Any], words: Words) -> dict[str, Any]:
    known = words.term(kind, slug=term["slug"])
    if known is None:
        return {"slug": term["slug"]}
    abbreviation = {"abbreviation": known["abbreviation"]} if kind == "agency" else {}
    return {"slug": term["slug"], "name": known["name"], **abbreviation}
