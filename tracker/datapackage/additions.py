"""New entries from a table of actions: each row becomes the rows that a data package would have for it.

One row can say one line of a history (status, status_date, status_by) and one source (the columns of the lead
source), so that is what a new entry starts with. Its cells are then judged as those of a package are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from tracker import codebook, document
from tracker.columns import COLUMNS, FILES, FILES_BY_NAME
from tracker.columns.rows import source_cells
from tracker.datapackage.edits import category_key, kept_as
from tracker.datapackage.entries import ACTIONS, CITATIONS, LINES, of_one_table
from tracker.datapackage.faults import Fault, Faults
from tracker.datapackage.read import OPTIONAL, Package, Row
from tracker.datapackage.vocabulary import SOURCES, TERMS
from tracker.datapackage.words import Words, key_of
from tracker.models import PublishedTerm, Source
from tracker.models.fields import clean_text
from tracker.models.keyed import numbered
from tracker.models.vocabulary import name_key

_CHUNK = 500
# Columns that make the first line and the lead source; they are not compared with what follows from these.
_CONSUMED = (
    "status", "status_date", "status_by", "source_title", "source_publisher", "source_url", "source_archive_url",
    "source_published", "attribution",
)  # fmt: skip
# Where a fault of one of those rows stands in the table: (file, column) -> column.
_PLACES = {
    (LINES, "status"): "status",
    (LINES, "note"): "status",
    (LINES, "date"): "status_date",
    (LINES, "by"): "status_by",
    (CITATIONS, "attribution"): "attribution",
    (SOURCES, "title"): "source_title",
    (SOURCES, "publisher"): "source_publisher",
    (SOURCES, "url"): "source_url",
    (SOURCES, "archive_url"): "source_archive_url",
    (SOURCES, "published"): "source_published",
    (SOURCES, "source_id"): "source_title",
}
_PLACES_OF_FILES = {TERMS: "source_publisher", SOURCES: "source_url", CITATIONS: "source_url", LINES: "status"}


def told_at(fault: Fault, *, name: str) -> Fault:
    """Return a fault of the package that was made of a table where the table called `name` has the cell."""
    column = fault.column
    if fault.file != ACTIONS:
        column = _PLACES.get((fault.file, fault.column or ""), _PLACES_OF_FILES.get(fault.file))
    return Fault(name, of_one_table(fault.message), fault.row, column)


def package_of(new: Sequence[Row], *, name: str) -> Package:
    """Return the package that says what the rows `new` of a table say; its rows keep their numbers.

    Every row has a slug. A fixed number of queries for each 500 rows.
    """
    package = Package(name, {file.name: [] for file in FILES if file.name not in OPTIONAL})
    words = Words({})
    whole = [_whole(row, words) for row in new]
    sources = _Sources(package, words)
    sources.take(whole)
    for row in whole:
        package.tables[ACTIONS].append(Row(row.number, {**row.cells, **dict.fromkeys(_CONSUMED, "")}))
        source = sources.of(row)
        if any(row[column] for column in ("status", "status_date", "status_by")):
            package.tables[LINES].append(_line(row, source))
        if source:
            package.tables[CITATIONS].append(_citation(row, source))
    return package


def _whole(row: Row, words: Words) -> Row:
    """Return a row with all columns, each cell as the record would keep it."""
    cells = {column.name: kept_as(column, row.cells.get(column.name, "")) for column in COLUMNS}
    return Row(row.number, {**cells, "category": category_key(cells["category"], words)})


def _filled(file: str, number: int, **cells: str) -> Row:
    """Return a row of a package's file, blank where `cells` say nothing."""
    return Row(number, dict.fromkeys(FILES_BY_NAME[file].columns, "") | cells)


def _line(row: Row, source: str) -> Row:
    status = row["status"].strip()
    by = row["status_by"].strip() or (codebook.default_by(status) if status in codebook.STATUSES else "")
    cells = {"status": status, "date": row["status_date"], "by": by, "source_id": source}
    return _filled(LINES, row.number, slug=row["slug"], position="1", **cells)


def _citation(row: Row, source: str) -> Row:
    bears_on = "action; status" if row["status"] else "action"
    cells = {"stance": "supports", "bears_on": bears_on, "attribution": row["attribution"]}
    return _filled(CITATIONS, row.number, slug=row["slug"], source_id=source, **cells)


# --- sources ---------------------------------------------------------------------------------------------------


def _has_source(row: Row) -> bool:
    return any(row[column].strip() for column in ("source_url", "source_title"))


def _identity(row: Row) -> str:
    """Return what tells the source of a row from others: its address or, in print, who printed what."""
    return key_of(row["source_url"].strip()) or f"{name_key(row['source_publisher'])}|{name_key(row['source_title'])}"


@dataclass
class _Sources:
    """The lead sources of the rows, each once; those of the record as they are there."""

    package: Package
    words: Words
    _slugs: dict[str, str] = field(default_factory=dict)
    _publishers: dict[str, str] = field(default_factory=dict)

    def of(self, row: Row) -> str:
        """Return the key of a row's source; "" when it names none."""
        return self._slugs.get(_identity(row), "") if _has_source(row) else ""

    def take(self, table: Sequence[Row]) -> None:
        """Note the sources of all rows, and the publishers that nobody knows yet."""
        named = {_identity(row): row for row in reversed(table) if _has_source(row)}
        saved = {str(source.url_key): document.source_document(source) for source in _saved(named)}
        new = [(identity, row) for identity, row in named.items() if identity not in saved]
        stems = [_stem(f"{row['source_publisher']} {row['source_title']}"[:60], kind="source") for _, row in new]
        for (identity, row), slug in zip(new, _free(stems), strict=True):
            self._slugs[identity] = slug
            self.package.tables[SOURCES].append(self._new(row, slug))
        for identity, source in saved.items():
            self._slugs[identity] = source["slug"]
            self._keep(named[identity], source)

    def _keep(self, row: Row, source: Mapping[str, Any]) -> None:
        self.package.tables[SOURCES].append(Row(row.number, source_cells(source)))
        if clean_text(row["source_title"]) not in ("", source["title"]):
            note = f"the source at this address is in the record already and used as it is there: {source['title']}."
            self.package.notes.append(f"{self.package.name}:{row.number}:source_title: {note}")

    def _new(self, row: Row, slug: str) -> Row:
        publisher = clean_text(row["source_publisher"])
        if publisher and self.words.term("publisher", name=publisher) is None:
            self._publish_under(publisher, row.number)
        cells = {name: row[f"source_{name}"] for name in ("title", "url", "archive_url", "published")}
        kind = "official_document" if row["evidence"].strip() == "official" else "news_report"
        return _filled(SOURCES, row.number, source_id=slug, publisher=publisher, kind=kind, **cells)

    def _publish_under(self, name: str, number: int) -> None:
        """Note a new publisher, once."""
        if name_key(name) in self._publishers:
            return
        known = {*self.words.record["publisher"].by_slug, *self._publishers.values()}
        slug = next(slug for slug in numbered(_stem(name, kind="publisher")) if slug not in known)
        self._publishers[name_key(name)] = slug
        self.package.tables[TERMS].append(_filled(TERMS, number, kind="publisher", slug=slug, name=name))


def _stem(words: str, *, kind: str) -> str:
    return slugify(words).replace("_", "-")[:80].strip("-") or kind


def _saved(identities: Iterable[str]) -> Iterator[Source]:
    ordered = sorted(identities)
    queryset = Source.objects.select_related("publisher", "republished_by")
    for start in range(0, len(ordered), _CHUNK):
        yield from queryset.filter(url_key__in=ordered[start : start + _CHUNK])


def _free(stems: Iterable[str]) -> list[str]:
    """Return a slug for each stem that no source has or had, and no other stem here. A query for each 500 and try."""
    candidates = [numbered(stem) for stem in stems]
    chosen: list[str] = ["" for _ in candidates]
    taken: set[str] = set()
    while waiting := [place for place, slug in enumerate(chosen) if not slug]:
        proposed = {place: next(candidates[place]) for place in waiting}
        taken |= _in_use(set(proposed.values()) - taken)
        for place, slug in proposed.items():
            if slug not in taken:
                chosen[place] = slug
                taken.add(slug)
    return chosen


def _in_use(slugs: set[str]) -> set[str]:
    ordered = sorted(slugs)
    found: set[str] = set()
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        found |= set(Source.objects.filter(slug__in=chunk).values_list("slug", flat=True))
        published = PublishedTerm.objects.filter(kind=Source.ledger_kind, slug__in=chunk)
        found |= set(published.values_list("slug", flat=True))
    return found


def copy_faults(package: Package, to: Faults) -> None:
    """Tell the faults of the package that was made of a table where the table has them."""
    for fault in package.faults:
        found = told_at(fault, name=package.name)
        to.add(found.file, found.message, row=found.row, column=found.column)
    to.dropped += package.faults.dropped
