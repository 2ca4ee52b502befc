"""An entry of the package against the same entry in the record: new, same, kept, changed, or in conflict.

- An entry that the record does not have is *new*.
- One that says in every cell what the record says is the *same*.
- One that differs, with an empty `version`, is *kept* as it is here: such rows only ever create, so that a start of
  the demo (which loads its seeds each time) never takes back what an editor wrote. It is told, and is no fault.
- One that differs and names the published `version` that it was edited from is compared with that version: a cell
  that differs from it is applied; a cell that the record changed meanwhile too is a *conflict*. An entry with a
  conflict is told and left alone as a whole: half of an edit may say what nobody meant. Where only the record moved
  since that version, the entry is *kept*.

A history, the citations and the relations of an entry each count as one cell.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker import document
from tracker.datapackage.entries import ACTIONS, CITATIONS, LINES, RELATIONS, Incoming
from tracker.datapackage.words import Words
from tracker.models import PolicyAction, PublishedAction, PublishedRelation

Content = dict[str, Any]

_CHUNK = 500
_PLACES = {
    "status_history": (LINES, None),
    "citations": (CITATIONS, None),
    "relations": (RELATIONS, None),
    "actor": (ACTIONS, "actor_slug"),
    "agency": (ACTIONS, "agency_slug"),
}


@dataclass(frozen=True)
class Standing:
    """An entry as the record has it."""

    revision: int
    is_public: bool
    content: Content
    entry: Mapping[str, Any]  # as documents have it
    relations: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Conflict:
    """A cell that the package and the record both changed since the version that the row was edited from."""

    slug: str
    file: str
    row: int
    column: str | None

    def __str__(self) -> str:
        place = [self.file, str(self.row), *([self.column] if self.column else [])]
        return f"{':'.join(place)}: also changed here since that version; {self.slug} is left as it is."


@dataclass
class Verdict:
    """What becomes of one entry. `content` is what is to be saved; None when nothing is."""

    content: Content | None = None
    is_same: bool = False
    conflicts: list[Conflict] = field(default_factory=list)
    fault: str = ""  # what is wrong with its `version`


# --- contents --------------------------------------------------------------------------------------------------


def content_of(entry: Mapping[str, Any], relations: Iterable[Mapping[str, Any]]) -> Content:
    """Return what an entry says, comparable and fit for a Draft: terms and sources by slug, nothing derived."""
    plain = {name: value for name, value in entry.items() if name != "derived"}
    return plain | {
        **{name: entry[name] and {"slug": entry[name]["slug"]} for name in document.TERMS},
        **{name: [{"slug": term["slug"]} for term in entry[name]] for name in document.TERM_SETS},
        "citations": [item | {"source": {"slug": item["source"]["slug"]}} for item in entry["citations"]],
        "relations": sorted((_relation(item) for item in relations), key=document.relation_key),
    }


def _relation(relation: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in relation.items() if name != "from"}


def content_here(item: Incoming, words: Words) -> Content:
    """Return what an entry of the package says, in the record's slugs."""
    found = content_of(item.entry, item.related)
    for kind in document.TERMS:
        found[kind] = found[kind] and {"slug": words.here(kind, found[kind]["slug"])}
    for name, model in document.TERM_SETS.items():
        slugs = {words.here(model.ledger_kind, term["slug"]) for term in found[name]}
        found[name] = [{"slug": slug} for slug in sorted(slugs)]
    for citation in found["citations"]:
        citation["source"] = {"slug": words.here("source", citation["source"]["slug"])}
    found["status_history"] = [
        line | {"source": line["source"] and words.here("source", line["source"])} for line in found["status_history"]
    ]
    return found


# --- what the record and the ledger have -----------------------------------------------------------------------


def standing(slugs: Sequence[str]) -> dict[str, Standing]:
    """Return those of `slugs` that the record has. A fixed number of queries for each 500."""
    return {
        action.slug: _standing(action)
        for start in range(0, len(slugs), _CHUNK)
        for action in PolicyAction.objects.for_documents().filter(slug__in=slugs[start : start + _CHUNK])
    }


def _standing(action: PolicyAction) -> Standing:
    entry, relations = document.entry_of(action), document.relations_of(action)
    is_public = action.published_revision is not None
    return Standing(action.revision, is_public, content_of(entry, relations), entry, relations)


def bases(versions: Mapping[str, int], *, edition: int) -> dict[str, Content]:
    """Return what was published as these versions (slug to number), relations as they stood at `edition`."""
    relations = _relations_at(sorted(versions), edition)
    return {
        row.slug: content_of(json.loads(row.record)["entry"], relations.get(row.slug, ()))
        for row in versions_of(versions)
    }


def versions_of(versions: Mapping[str, int]) -> Iterator[PublishedAction]:
    """Yield what was published as these versions (slug to number), retractions and redacted rows apart."""
    slugs, numbers = sorted(versions), set(versions.values())
    for start in range(0, len(slugs), _CHUNK):
        for row in PublishedAction.objects.filter(slug__in=slugs[start : start + _CHUNK], version__in=numbers):
            if row.version == versions[row.slug] and row.change != "retracted" and row.record:
                yield row


def _relations_at(slugs: Sequence[str], edition: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(slugs), _CHUNK):
        for row in PublishedRelation.objects.as_of(edition).filter(from_slug__in=slugs[start : start + _CHUNK]):
            if row.record:
                found.setdefault(row.from_slug, []).append(json.loads(row.record)["relation"])
    return found


# --- the comparison --------------------------------------------------------------------------------------------


def judge(item: Incoming, ours: Content, *, record: Content | None, base: Content | None) -> Verdict:
    """Say what becomes of an entry: `ours` is the package's content, `record` the present one if there is any.

    `base` is the published version that the row names, None if it names none or there is no such version.
    """
    if record is None:
        return Verdict(content=ours)
    if ours == record:
        return Verdict(is_same=True)
    version = item.row["version"].strip()
    if not version:
        return Verdict()
    if base is None:
        return Verdict(fault=f"There is no published version {version[:20]} of this entry here.")
    return _merged(item, ours, record=record, base=base)


def _merged(item: Incoming, ours: Content, *, record: Content, base: Content) -> Verdict:
    edited = [name for name in ours if ours[name] not in (base[name], record[name])]
    conflicts = [_conflict(item, name) for name in edited if record[name] != base[name]]
    if conflicts:
        return Verdict(conflicts=conflicts)
    if not edited:
        return Verdict()  # whatever differs was changed here alone
    return Verdict(content=record | {name: ours[name] for name in edited})


def _conflict(item: Incoming, name: str) -> Conflict:
    file, column = _PLACES.get(name, (ACTIONS, name))
    first = {LINES: item.lines, CITATIONS: item.citations, RELATIONS: item.relations}.get(file) or [item.row]
    return Conflict(item.slug, file if first[0] is not item.row else ACTIONS, first[0].number, column)


def version_named(cell: str) -> int | None:
    """Return the published version that a row was edited from; None if its cell names none, or no number."""
    text = cell.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
