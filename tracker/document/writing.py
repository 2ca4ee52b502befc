"""Writing a saved action, its relations and its terms out as documents."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker import codebook
from tracker.document.deriving import derive
from tracker.document.texts import canonical, digest, instant
from tracker.models import Actor, AffectedParty, Agency, Category, PolicyAction, Relation, Source, Topic
from tracker.models.vocabulary import Term

# The keys of an entry that name a term, and those that name a set of terms.
TERMS: dict[str, type[Term]] = {"category": Category, "actor": Actor, "agency": Agency}
TERM_SETS: dict[str, type[Term]] = {
    "other_actors": Actor,
    "other_agencies": Agency,
    "affects": AffectedParty,
    "topics": Topic,
}


def slug_of(named: Mapping[str, Any] | str) -> str:
    """Return the slug in `named`, which is one or a mapping that holds one."""
    return named if isinstance(named, str) else str(named["slug"])


def entry_of(action: PolicyAction) -> dict[str, Any]:
    """Return the entry part of the document of `action`, terms with their present names, derived values included."""
    entry: dict[str, Any] = {
        "title": action.title,
        "summary": action.summary or None,
        "where_it_stands": action.where_it_stands or None,
        "category": action.category and _named(action.category),
        "form": action.form or None,
        "identifiers": action.identifier_list,
        "actor": action.actor and _named(action.actor),
        "actor_office": action.actor_office or None,
        "other_actors": _set_of(action.other_actors.all()),
        "agency": action.agency and _agency(action.agency),
        "other_agencies": _set_of(action.other_agencies.all()),
        "affects": _set_of(action.affects.all()),
        "topics": _set_of(action.topics.all()),
        "date": action.date,
        "date_note": action.date_note or None,
        "due_date": action.due_date,
        "disputed": action.disputed,
        "dispute_note": action.dispute_note or None,
        "last_verified": action.last_verified and action.last_verified.isoformat(),
        "status_history": [_line(change) for change in sorted(action.status_changes.all(), key=_position)],
        "citations": [_citation(citation) for citation in sorted(action.citations.all(), key=_position)],
    }
    return entry | {"derived": derive(entry)}


def relations_of(action: PolicyAction) -> list[dict[str, Any]]:
    """Return the relations entered at `action`, sorted."""
    return sorted((relation_of(relation) for relation in action.relations.all()), key=relation_key)


def relation_key(relation: Mapping[str, Any]) -> str:
    """Return what identifies a relation at its entry: kind and target (a slug, or a digest of what it names)."""
    if relation["to"]:
        return f"{relation['kind']}|{relation['to']}"
    target = canonical([relation["title"], relation["identifier"], relation["url"]])
    return f"{relation['kind']}||{digest(target)[:32]}"


def _position(item: Any) -> int:
    return int(item.position)


def _named(term: Term) -> dict[str, str]:
    return {"slug": term.slug, "name": term.name}


def _set_of(terms: Iterable[Actor | Agency | AffectedParty | Topic]) -> list[dict[str, str]]:
    return sorted((_named(term) for term in terms), key=lambda named: named["slug"])


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "slug": agency.slug,
        "name": agency.name,
        "abbreviation": agency.abbreviation or None,
        "parent": agency.parent and _named(agency.parent),
    }


def _line(change: Any) -> dict[str, Any]:
    return {
        "position": change.position,
        "status": change.status or None,
        "date": change.date,
        "by": change.by or None,
        "note": change.note or None,
        "source": change.source and change.source.slug,
    }


def _citation(citation: Any) -> dict[str, Any]:
    return {
        "position": citation.position,
        "source": source_document(citation.source),
        "stance": citation.stance,
        "bears_on": [code for code in codebook.BEARS_ON.codes if code in citation.bears_on.split()],
        "attribution": citation.attribution,
    }


def relation_of(relation: Relation) -> dict[str, Any]:
    """Return one relation as the document has it."""
    return {
        "kind": relation.kind,
        "in_part": relation.in_part,
        "to": relation.to_action and relation.to_action.slug,
        "title": relation.to_title or None,
        "identifier": relation.to_identifier or None,
        "url": relation.to_url or None,
        "note": relation.note or None,
    }


def source_document(source: Source) -> dict[str, Any]:
    """Return a source as the ledger keeps it and as it stands in each citation."""
    return {
        "slug": source.slug,
        "title": source.title,
        "publisher": _named(source.publisher),
        "republished_by": source.republished_by and _named(source.republished_by),
        "kind": source.kind,
        "url": source.url or None,
        "archive_url": source.archive_url or None,
        "archived_at": source.archived_at and instant(source.archived_at),
        "authors": source.author_list,
        "language": source.language or None,
        "published": source.published,
        "accessed_on": source.accessed_on and source.accessed_on.isoformat(),
    }


def term_document(term: Term | Source) -> dict[str, Any]:
    """Return a term (or source) as the ledger keeps it: its own facts, other terms by slug."""
    if isinstance(term, Source):
        return source_document(term)
    document: dict[str, Any] = {"slug": term.slug, "name": term.name, "aliases": term.alias_list}
    for field in _TERM_FIELDS.get(term.ledger_kind, ()):
        document[field] = _plain(getattr(term, field))
    if isinstance(term, AffectedParty):
        document["members"] = sorted(member.slug for member in term.members.all())
    return document


_TERM_FIELDS = {
    "actor": ("merged_into",),
    "agency": (
        "abbreviation",
        "parent",
        "successor",
        "successor_date",
        "valid_from",
        "valid_until",
        "country",
        "merged_into",
    ),
    "party": ("kind", "iso_3166_1_alpha_3", "agency", "merged_into"),
    "topic": ("definition", "merged_into"),
    "category": ("definition", "example"),
    "publisher": ("merged_into",),
}


def _plain(value: Any) -> str | None:
    if isinstance(value, Term):
        return value.slug
    if isinstance(value, date):
        return value.isoformat()
    return value or None
