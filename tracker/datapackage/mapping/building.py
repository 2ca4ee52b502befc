"""Rows of a mapped table -> the rows that a data package would have for them, and what could not be used."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tracker import codebook
from tracker.columns import FILES
from tracker.datapackage.entries import ACTIONS, CITATIONS, LINES
from tracker.datapackage.mapping.cells import CellError, Cells, items_of, value_of
from tracker.datapackage.mapping.keys import slugs_of
from tracker.datapackage.mapping.names import Name, Names, UnknownNameError
from tracker.datapackage.mapping.reading import RawTable
from tracker.datapackage.mapping.spec import DATES, LISTS, NAMING, Field, Rule, SourceSpec, Status, TableMapping
from tracker.datapackage.mapping.texts import one_line, visible
from tracker.datapackage.read import OPTIONAL, Package, Row
from tracker.datapackage.vocabulary import SOURCES
from tracker.datapackage.words import key_of
from tracker.models.vocabulary import name_key

_SEVERAL_LINES = ("summary",)
_KEYED = {"actor": "actor_slug", "agency": "agency_slug"}


class Sparse(dict[str, str]):
    """Cells of a row of which most are blank: 40,000 rows of 50 columns would fill the memory."""

    def __missing__(self, column: str) -> str:
        return ""


@dataclass(frozen=True)
class Problem:
    """What an editor should see: a row that was refused or queued, an entry in conflict or no longer in the file."""

    state: Literal["refused", "queued", "conflict", "vanished"]
    row: int | None
    column: str
    value: str
    reason: str
    slug: str = ""


@dataclass
class Built:
    """What the rows come to. `open` are facts that wait for an editor, by slug: those rows stay drafts."""

    package: Package
    problems: list[Problem] = field(default_factory=list)
    open: dict[str, set[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def queue(self, slug: str, problem: Problem, *, fact: str = "") -> None:
        """Note that a row waits for an editor."""
        self.problems.append(problem)
        self.open.setdefault(slug, set()).update({fact} - {""})


def build(raw: RawTable, mapping: TableMapping) -> Built:
    """Return what the rows of a table say, as a package. Rows that cannot be used are faults of it."""
    package = Package(raw.name, {file.name: [] for file in FILES if file.name not in OPTIONAL}, raw.faults)
    built = Built(package)
    slugs = slugs_of(raw.rows, mapping.key, name=raw.name, faults=package.faults)
    builder = _Builder(mapping, built, Names(package), raw.name)
    for row in raw.rows:
        if row.number in slugs:
            builder.take(row, slugs[row.number])
    return built


@dataclass
class _Builder:
    mapping: TableMapping
    built: Built
    names: Names
    file: str
    _sources: dict[str, str] = field(default_factory=dict)

    def take(self, row: Row, slug: str) -> None:
        """Put what one row says into the package, or say why it cannot be used."""
        try:
            action = {"slug": slug, **self._fields(row, slug)}
            cited = list(self._cited(row))
            lines = list(self._lines(row, slug, cited))
        except CellError as error:
            self.built.package.faults.add(self.file, error.reason, row=row.number, column=error.column or None)
            self.built.problems.append(
                Problem("refused", row.number, error.column, error.value[:200], error.reason, slug)
            )
            return
        tables = self.built.package.tables
        tables[ACTIONS].append(Row(row.number, Sparse(action)))
        tables[LINES] += lines
        tables[CITATIONS] += [
            Row(row.number, Sparse(slug=slug, source_id=source, stance="supports", bears_on=spec.bears_on,
                                   attribution=value_of(spec.attribution, row.cells)))
            for source, spec in cited
        ]  # fmt: skip
        self.built.numbers[slug] = row.number

    # --- fields ------------------------------------------------------------------------------------------------

    def _fields(self, row: Row, slug: str) -> dict[str, str]:
        found = {}
        for item in self.mapping.fields:
            if text := self._text(item, row, slug):
                found[_KEYED.get(item.name, item.name)] = text
        return found

    def _text(self, item: Field, row: Row, slug: str) -> str:
        if item.name in NAMING:
            return "; ".join(self._terms(item, row, slug))
        if item.name in LISTS:
            return "; ".join(one_line(text) for text in items_of(item.cell, row.cells))
        text = value_of(item.cell, row.cells, is_date=item.name in DATES)
        return text if item.name in _SEVERAL_LINES else one_line(text)

    def _terms(self, item: Field, row: Row, slug: str) -> Iterator[str]:
        """Yield the key of a lead or a category, the names of a list; a name that is queued is left out."""
        named, kind = item.named, NAMING[item.name]
        assert named is not None  # noqa: S101 - for the type checker
        for text in _flagged(item, row.cells) if named.flags else items_of(item.cell, row.cells):
            extra = {
                key: value_of(cell, row.cells)
                for key in ("parent", "abbreviation", "code")
                if (cell := getattr(named, key))
            }
            name = Name(kind, one_line(named.names.get(text, text)), **extra)
            try:
                term = self.names.term(name, unknown=named.unknown, number=row.number)
            except UnknownNameError as error:
                column = next(iter([*item.cell.columns, *named.flags]), "")
                if named.unknown != "queue":
                    raise CellError(column, text, str(error)) from error
                self.built.queue(slug, Problem("queued", row.number, column, text, str(error), slug), fact=item.name)
                continue
            yield term["name"] if item.name in LISTS else term["slug"]

    # --- sources -----------------------------------------------------------------------------------------------

    def _cited(self, row: Row) -> Iterator[tuple[str, SourceSpec]]:
        """Yield the key of each source of a row, each once."""
        seen: set[str] = set()
        for spec in self.mapping.sources:
            for own in _each(spec, row.cells):
                cells = {
                    name: one_line(value_of(cell, own, is_date=name in ("published", "accessed_on")))
                    for name, cell in spec.cells.items()
                }
                if not (cells.get("url") or ("url" not in spec.cells and cells["title"])):
                    continue
                source = self._source(cells, spec, row)
                if source not in seen:
                    yield source, spec
                seen.add(source)

    def _source(self, cells: dict[str, str], spec: SourceSpec, row: Row) -> str:
        address = key_of(cells.get("url"))
        identity = address or f"{name_key(cells['publisher'])}|{name_key(cells['title'])}"
        if identity not in self._sources:
            digest = hashlib.sha256(identity.encode()).hexdigest()[:12]
            self._sources[identity] = f"{self.mapping.name}-{digest}"
            for name in ("publisher", "republished_by"):
                if cells.get(name):
                    cells[name] = self._publisher(cells[name], spec, row, name)
            filled = {name: text for name, text in cells.items() if text}
            self.built.package.tables[SOURCES].append(
                Row(row.number, Sparse(filled, source_id=self._sources[identity]))
            )
        return self._sources[identity]

    def _publisher(self, text: str, spec: SourceSpec, row: Row, name: str) -> str:
        try:
            term = self.names.term(Name("publisher", text), unknown=spec.unknown, number=row.number)
        except UnknownNameError as error:
            raise CellError(next(iter(spec.cells[name].columns), ""), text, str(error)) from error
        return str(term["name"])

    # --- history -----------------------------------------------------------------------------------------------

    def _lines(self, row: Row, slug: str, cited: list[tuple[str, SourceSpec]]) -> Iterator[Row]:
        status = self.mapping.status
        if status is None:
            return
        source = cited[0][0] if cited else ""
        cells = self._line(status, row, slug)
        yield Row(row.number, Sparse(cells, slug=slug, position="1", source_id=source))

    def _line(self, status: Status, row: Row, slug: str) -> dict[str, str]:
        """Return what the first rule that fits says of the row."""
        rule = next((rule for rule in status.rules if _applies(rule, row.cells)), None)
        if rule is None:
            column = next((name for rule in status.rules for name in rule.when), "")
            raise CellError(column, row.cells.get(column, ""), "No rule of [[status.rules]] fits this row.")
        if rule.queue:
            column = next(iter(rule.when), "")
            self.built.queue(slug, Problem("queued", row.number, column, row.cells.get(column, ""), rule.queue, slug))
        cell = rule.date or status.date
        return {
            "status": rule.status,
            "date": value_of(cell, row.cells, is_date=True) if cell else "",
            "by": value_of(rule.by, row.cells) if rule.by else codebook.default_by(rule.status),
            "note": value_of(rule.note, row.cells) if rule.note else "",
        }


def _each(spec: SourceSpec, cells: Cells) -> list[Cells]:
    """Return the cells of a row once for each source in them."""
    if not spec.each:
        return [cells]
    parts = [part.strip() for part in cells[spec.each].split(spec.split)]
    return [{**cells, spec.each: part} for part in parts if part]


def _flagged(item: Field, cells: Cells) -> Iterator[str]:
    """Yield the headings of the columns that say yes; a cell that says neither yes nor no is refused."""
    assert item.named is not None  # noqa: S101 - for the type checker
    for column in item.named.flags:
        text = visible(cells[column]).casefold()
        if text in item.named.yes:
            yield column
        elif text not in item.named.no:
            raise CellError(column, cells[column], f"{cells[column][:40]!r} is neither yes nor no as declared.")


def _applies(rule: Rule, cells: Mapping[str, str]) -> bool:
    return all(visible(cells[column]) in values for column, values in rule.when.items())
