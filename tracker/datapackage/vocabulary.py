"""The terms and sources of a package: read, checked, and sorted into those to create and those that stay.

A term or source that the record has is never overwritten; where it differs, a note says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from tracker import codebook, document
from tracker.columns import as_text
from tracker.columns.rows import TERM_COLUMNS
from tracker.datapackage import rows
from tracker.datapackage.faults import Faults
from tracker.datapackage.read import Package, Row
from tracker.datapackage.words import MODELS, TermDocument, Words, key_of, saved_terms
from tracker.models import Category, Source
from tracker.models.vocabulary import Term, name_key

TERMS, SOURCES = "terms.csv", "sources.csv"

# Fields of a term document that name other terms -> the kind of those.
REFERENCES: dict[str, dict[str, str]] = {
    "actor": {"merged_into": "actor"},
    "agency": {"parent": "agency", "successor": "agency", "country": "party", "merged_into": "agency"},
    "category": {},
    "party": {"agency": "agency", "members": "party", "merged_into": "party"},
    "publisher": {"merged_into": "publisher"},
    "topic": {"merged_into": "topic"},
}
_MAY_NOT_LEAD_BACK = ("parent", "successor", "merged_into")
_POSITIONS = {slug: position for position, slug in enumerate(codebook.CATEGORIES, start=1)}


@dataclass
class Vocabulary:
    """What the package's words come to. `terms` and `sources` are to be created, references by the record's slugs."""

    words: Words
    terms: list[tuple[str, TermDocument]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    terms_there: int = 0
    sources_there: int = 0
    spoilt: set[str] = field(default_factory=set)  # keys of sources at fault
    notes: list[str] = field(default_factory=list)


def plan_vocabulary(package: Package, faults: Faults) -> Vocabulary:
    """Judge terms.csv and sources.csv; faults go to `faults`. Reads only, a fixed number of queries for each 500."""
    found = [pair for row in package.tables[TERMS] if (pair := _term(row, faults))]
    by_kind: dict[str, list[TermDocument]] = {}
    for _, kind, term in found:
        by_kind.setdefault(kind, []).append(term)
    vocabulary = Vocabulary(Words(by_kind))
    _plan_terms(vocabulary, found, faults)
    _plan_sources(vocabulary, package.tables[SOURCES], faults)
    return vocabulary


# --- terms -----------------------------------------------------------------------------------------------------

Found = tuple[Row, str, TermDocument]


def _term(row: Row, faults: Faults) -> Found | None:
    """Return the term in a row of terms.csv; note an unknown kind, and what a term of this kind does not have."""
    kind = row["kind"].strip()
    if kind not in MODELS:
        faults.add(TERMS, f"There is no kind {kind!r}: {', '.join(MODELS)}.", row=row.number, column="kind")
        return None
    allowed = {"kind", "slug", "name", "aliases", *TERM_COLUMNS[kind]}
    for column, cell in row.cells.items():
        if cell.strip() and column not in allowed:
            message = f"A term of the kind {kind} has no {column}."
            faults.add(TERMS, message, row=row.number, column=column)
    return row, kind, rows.term_from({**row.cells, "kind": kind})


def _plan_terms(vocabulary: Vocabulary, found: list[Found], faults: Faults) -> None:
    words = vocabulary.words
    new = [(row, kind, term) for row, kind, term in found if not words.is_here(kind, term["slug"])]
    for row, kind, term in new:
        _check_term(row, kind, term, faults)
        _check_references(row, kind, term, words, faults)
    _check_names(new, faults)
    _check_circles(new, faults)
    vocabulary.terms = [(kind, as_here(kind, term, words)) for _, kind, term in new]
    vocabulary.terms_there = len(found) - len(new)
    vocabulary.notes += _differing_terms(found, words)


def _check_term(row: Row, kind: str, term: TermDocument, faults: Faults) -> None:
    if not term["slug"]:
        return  # told as an empty key
    columns = {field: column for column, field in TERM_COLUMNS[kind].items()} | {"name_key": "name"}
    for name, sentence in complaints(build_term(kind, term)):
        faults.add(TERMS, sentence, row=row.number, column=columns.get(name, name))
    if kind == "category" and term["slug"] == codebook.NOT_CODED:
        faults.add(TERMS, "This slug stands for entries without a category.", row=row.number, column="slug")
    if kind == "agency" and (term["successor"] is None) != (term["successor_date"] is None):
        message = "A successor and its day belong together."
        faults.add(TERMS, message, row=row.number, column="successor_date")


def build_term(kind: str, term: TermDocument) -> Term:
    """Return the unsaved term with its plain fields; what it refers to is set when that has a row."""
    plain = {name: term[name] or "" for name in TERM_COLUMNS[kind].values() if name not in REFERENCES[kind]}
    nullable = {name: plain[name] or None for name in ("successor_date", "valid_from", "valid_until") if name in plain}
    built = MODELS[kind](slug=term["slug"], name=term["name"], aliases="\n".join(term["aliases"]), **plain | nullable)
    if isinstance(built, Category):
        built.position = _POSITIONS.get(built.slug, len(_POSITIONS) + 1)
    built.prepare()
    return built


def complaints(built: Term | Source) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) for what the model's own rules say against it, foreign keys apart. No query."""
    related = [item.name for item in built._meta.fields if item.remote_field]
    try:
        built.clean_fields(exclude=["id", "url_key", *related])
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            yield name, " ".join(sentences)


def _check_references(row: Row, kind: str, term: TermDocument, words: Words, faults: Faults) -> None:
    columns = {field: column for column, field in TERM_COLUMNS[kind].items()}
    for name, target in REFERENCES[kind].items():
        for slug in _named_in(term[name]):
            if not words.will_know(target, slug):
                message = f"There is no {target} {slug!r}, neither in {TERMS} nor in the record."
                faults.add(TERMS, message, row=row.number, column=columns[name])


def _named_in(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _check_names(new: list[Found], faults: Faults) -> None:
    first: dict[tuple[str, str], Row] = {}
    for row, kind, term in new:
        other = first.setdefault((kind, name_key(term["name"])), row)
        if other is not row:
            message = f"Row {other.number} has this name already. Add a word in brackets to tell them apart."
            faults.add(TERMS, message, row=row.number, column="name")


def _check_circles(new: list[Found], faults: Faults) -> None:
    """Refuse parents and successors that lead back. What the record has already cannot point at a new term."""
    terms = {(kind, term["slug"]): term for _, kind, term in new}
    for row, kind, term in new:
        for name in _MAY_NOT_LEAD_BACK:
            seen, step = {term["slug"]}, term.get(name)
            while step and step not in seen and (kind, step) in terms:
                seen.add(step)
                step = terms[kind, step].get(name)
            if step == term["slug"]:
                column = {field: column for column, field in TERM_COLUMNS[kind].items()}[name]
                faults.add(TERMS, "This leads back to the term itself.", row=row.number, column=column)


def as_here(kind: str, term: TermDocument, words: Words) -> TermDocument:
    """Return a term of the package, itself and what it refers to by the record's slugs."""
    references: dict[str, Any] = {}
    for name, target in REFERENCES[kind].items():
        value = term[name]
        if isinstance(value, list):
            references[name] = sorted({words.here(target, slug) for slug in value})
        else:
            references[name] = value and words.here(target, value)
    return term | references | {"slug": words.here(kind, term["slug"])}


def _differing_terms(found: list[Found], words: Words) -> Iterator[str]:
    """Yield a note for each term that the record has in another form."""
    there = [(row, kind, as_here(kind, term, words)) for row, kind, term in found if words.is_here(kind, term["slug"])]
    for kind in MODELS:
        saved = {term["slug"]: term for term in saved_terms(kind, (term["slug"] for _, k, term in there if k == kind))}
        for row, own, term in there:
            if own == kind:
                yield from _difference(TERMS, row, f"{kind} {term['slug']}", term, saved.get(term["slug"], term))


def _difference(
    file: str, row: Row, label: str, package: Mapping[str, Any], record: Mapping[str, Any]
) -> Iterator[str]:
    names = [name for name in package if package[name] != record[name]]
    if names:
        yield f"{file}:{row.number}: {label} is kept as it is here, which differs in {', '.join(names)}."


# --- sources ---------------------------------------------------------------------------------------------------


def _plan_sources(vocabulary: Vocabulary, table: list[Row], faults: Faults) -> None:
    words = vocabulary.words
    read = [(row, rows.source_from(row.cells, words)) for row in table]
    words.take_sources([source for _, source in read])
    addresses: dict[str, Row] = {}
    for row, source in read:
        _check_source(row, source, faults)
        other = addresses.setdefault(key_of(source["url"]) or f"row {row.number}", row)
        if other is not row:
            faults.add(SOURCES, f"Row {other.number} has this address already.", row=row.number, column="url")
        if faults.touch(SOURCES, row.number):
            vocabulary.spoilt.add(source["slug"])
        if words.is_here("source", source["slug"]):
            vocabulary.sources_there += 1
            saved = document.source_document(_saved(words, source["slug"]))
            ours = source_here(source, words)
            vocabulary.notes += _difference(SOURCES, row, f"source {saved['slug']}", _bare(ours), _bare(saved))
        else:
            vocabulary.sources.append(source_here(source, words))


def _saved(words: Words, slug: str) -> Source:
    return words.record_sources[words.here("source", slug)]


def source_here(source: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return a source of the package, itself and its publishers by the record's slugs."""
    publishers = {
        name: source[name] and source[name] | {"slug": words.here("publisher", source[name]["slug"])}
        for name in ("publisher", "republished_by")
    }
    return {**source, **publishers, "slug": words.here("source", source["slug"])}


def _bare(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source with its publishers by slug alone: their names are terms of their own."""
    return {**source, **{name: source[name] and source[name]["slug"] for name in ("publisher", "republished_by")}}


def _check_source(row: Row, source: Mapping[str, Any], faults: Faults) -> None:
    for column, sentence in _source_complaints(row, source):
        faults.add(SOURCES, sentence, row=row.number, column=column)


def _source_complaints(row: Row, source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (column, sentence) for what is wrong with a source."""
    for name in ("publisher", "republished_by"):
        if row[name].strip() and source[name] is None:
            yield name, f"There is no publisher {row[name].strip()!r}, neither in {TERMS} nor in the record."
    if not row["publisher"].strip():
        yield "publisher", "Name who reported it first-hand."
    if source["url"] and key_of(source["url"]) is None:
        yield "url", "This is not an address that can be opened."
        return
    if source["archived_at"] and not is_instant(source["archived_at"]):
        yield "archived_at", "Write the instant like 2025-03-11T09:30:00Z."
        return
    if source["slug"]:
        columns = {"slug": "source_id"}
        yield from ((columns.get(name, name), sentence) for name, sentence in complaints(build_source(source)))
    yield from _derived_complaint(row, source)


def _derived_complaint(row: Row, source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = codebook.SOURCE_KINDS.get(source["kind"] or "")
    if kind and row["official"].strip() not in ("", as_text(kind.official)):
        yield "official", f"A source of the kind {source['kind']} has {as_text(kind.official)} here."


def is_instant(text: str) -> bool:
    """Return whether `text` is an instant with its offset from UTC."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def build_source(source: Mapping[str, Any]) -> Source:
    """Return the unsaved source without its publishers."""
    built = Source(
        slug=source["slug"],
        title=source["title"] or "",
        kind=source["kind"] or "",
        url=source["url"],
        archive_url=source["archive_url"],
        archived_at=source["archived_at"] and datetime.fromisoformat(source["archived_at"]),
        authors="\n".join(source["authors"]),
        language=source["language"] or "",
        published=source["published"],
        accessed_on=source["accessed_on"],
    )
    built.prepare()
    return built
