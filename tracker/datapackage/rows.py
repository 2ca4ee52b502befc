"""From the rows of a package to documents: the way back of `tracker.columns.rows`.

Pure functions; what a name or a source stands for comes in through `Lookup`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from tracker import codebook
from tracker.columns.rows import TERM_COLUMNS
from tracker.models.addresses import address_to_open
from tracker.models.fields import clean_text

Cells = Mapping[str, str]
Named = dict[str, str]

# Columns that hold names of terms -> the kind of term.
LISTS_OF_NAMES = {"other_actors": "actor", "other_agencies": "agency", "affects": "party", "topics": "topic"}

_LISTS = frozenset({"members"})


class Lookup(Protocol):
    """What the words of a package stand for; None when unknown."""

    def term(self, kind: str, *, slug: str = "", name: str = "") -> Mapping[str, Any] | None: ...

    def source(self, slug: str) -> dict[str, Any] | None: ...


# --- cells -----------------------------------------------------------------------------------------------------


def text(cell: str) -> str | None:
    """Return a cell as the record keeps text: NFC, without outer blanks, None when empty."""
    return clean_text(cell) or None


def items(cell: str) -> list[str]:
    """Return the items of a list cell in their order, each once."""
    return list(dict.fromkeys(item for part in cell.split(";") if (item := clean_text(part))))


def _bears_on(cell: str) -> list[str]:
    """Return the codes in the order of the codebook, unknown ones last: the record refuses them by name."""
    found = items(cell)
    return sorted(found, key=lambda code: (code not in codebook.BEARS_ON, *_place(code)))


def _place(code: str) -> tuple[int, ...]:
    return (codebook.BEARS_ON.codes.index(code),) if code in codebook.BEARS_ON else (0,)


# --- entries ---------------------------------------------------------------------------------------------------


def entry_from(action: Cells, lines: Sequence[Cells], citations: Sequence[Cells], lookup: Lookup) -> dict[str, Any]:
    """Return the entry of a document, without "derived", from its rows.

    Codes and dates come as they stand there: the record judges them. Names that `lookup` does not know are left out.
    """
    return {
        **{name: text(action[name]) for name in _TEXTS},
        "identifiers": items(action["identifiers"]),
        "category": _named(lookup.term("category", slug=action["category"].strip())),
        "actor": _named(_lead(action, "actor", lookup)),
        "agency": _agency(_lead(action, "agency", lookup), lookup),
        **{name: _set(kind, action[name], lookup) for name, kind in LISTS_OF_NAMES.items()},
        "disputed": action["disputed"].strip() == "true",
        "status_history": [_line(position, cells) for position, cells in enumerate(lines, start=1)],
        "citations": [_citation(position, cells, lookup) for position, cells in enumerate(citations, start=1)],
    }


_TEXTS = (
    "title", "summary", "where_it_stands", "form", "actor_office", "date", "date_note", "due_date", "dispute_note",
    "last_verified",
)  # fmt: skip


def _lead(action: Cells, kind: str, lookup: Lookup) -> Mapping[str, Any] | None:
    """Return the actor or agency by its key or, where that is empty, by its name."""
    return lookup.term(kind, slug=action[f"{kind}_slug"].strip(), name=clean_text(action[kind]))


def _named(term: Mapping[str, Any] | None) -> Named | None:
    return {"slug": term["slug"], "name": term["name"]} if term else None


def _agency(term: Mapping[str, Any] | None, lookup: Lookup) -> dict[str, Any] | None:
    if term is None:
        return None
    parent = _named(lookup.term("agency", slug=term["parent"])) if term["parent"] else None
    return {"slug": term["slug"], "name": term["name"], "abbreviation": term["abbreviation"], "parent": parent}


def _set(kind: str, cell: str, lookup: Lookup) -> list[Named]:
    found = {term["slug"]: term["name"] for name in items(cell) if (term := lookup.term(kind, name=name))}
    return [{"slug": slug, "name": found[slug]} for slug in sorted(found)]


def _line(position: int, cells: Cells) -> dict[str, Any]:
    return {
        "position": position,
        "status": text(cells["status"]),
        "date": text(cells["date"]),
        "by": text(cells["by"]),
        "note": text(cells["note"]),
        "source": text(cells["source_id"]),
    }


def _citation(position: int, cells: Cells, lookup: Lookup) -> dict[str, Any]:
    slug = cells["source_id"].strip()
    return {
        "position": position,
        "source": lookup.source(slug) or {"slug": slug},
        "stance": text(cells["stance"]),
        "bears_on": _bears_on(cells["bears_on"]),
        "attribution": text(cells["attribution"]),
    }


def relations_from(cells: Iterable[Cells]) -> list[dict[str, Any]]:
    """Return the relations entered at an entry, in the order of their rows."""
    return [
        {
            "kind": text(row["kind"]),
            "in_part": row["in_part"].strip() == "true",
            "to": text(row["to_slug"]),
            "title": text(row["to_title"]),
            "identifier": text(row["to_identifier"]),
            "url": text(row["to_url"]),
            "note": text(row["note"]),
        }
        for row in cells
    ]


# --- sources and terms -----------------------------------------------------------------------------------------


def source_from(cells: Cells, lookup: Lookup) -> dict[str, Any]:
    """Return a source document from its row; publishers that `lookup` does not know are None."""
    plain = ("title", "kind", "archive_url", "archived_at", "language", "published", "accessed_on")
    return {
        "slug": cells["source_id"].strip(),
        **{name: text(cells[name]) for name in plain},
        "url": address(cells["url"]),
        "authors": items(cells["authors"]),
        **{
            name: _named(lookup.term("publisher", name=clean_text(cells[name])))
            for name in ("publisher", "republished_by")
        },
    }


def address(cell: str) -> str | None:
    """Return the address to open; what is no address stays as it is, for the source's own check."""
    try:
        return address_to_open(cell) or None
    except ValueError:
        return cell


def term_from(cells: Cells) -> dict[str, Any]:
    """Return a term document from its row, whose kind must be known; other terms by slug."""
    own = {
        field: sorted(items(cells[column])) if field in _LISTS else text(cells[column])
        for column, field in TERM_COLUMNS[cells["kind"]].items()
    }
    return {
        "slug": cells["slug"].strip(),
        "name": clean_text(cells["name"]),
        "aliases": items(cells["aliases"]),
        **own,
    }
