"""The document: an entry written out once, and everything that is a function of it.

`entry_of` and `relations_of` read a saved action (one of `PolicyAction.objects.for_documents()`); all else here is
pure. Canonical JSON, the CSV line, facets, status spans and sort keys are functions of the document, so that a
page and a file cannot disagree.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from tracker import codebook, columns, dates
from tracker.models import Actor, AffectedParty, Agency, PolicyAction, Relation, Source, Topic
from tracker.models.vocabulary import Term

Entry = dict[str, Any]
Record = dict[str, Any]

_ON_RECORD = frozenset({"document", "court_record", "named_official", "named_other"})
_FAR_FUTURE = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())


# --- writing an action out -------------------------------------------------------------------------------------


def entry_of(action: PolicyAction) -> Entry:
    """Return the entry part of the document of `action`, terms with their present names, derived values included."""
    entry: Entry = {
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
    return sorted((_relation(relation) for relation in action.relations.all()), key=relation_key)


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


def _relation(relation: Relation) -> dict[str, Any]:
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


# --- reprinting ------------------------------------------------------------------------------------------------


Terms = Mapping[tuple[str, str], Mapping[str, Any]]


def reprint(entry: Entry, terms: Terms) -> Entry:
    """Return `entry` with every term and source printed as in `terms`, by (kind, slug); never another term.

    What `terms` does not hold stays as it is.
    """

    def named(kind: str, old: dict[str, str] | None) -> dict[str, str] | None:
        term = old and terms.get((kind, old["slug"]))
        return {"slug": term["slug"], "name": term["name"]} if term else old

    def named_set(kind: str, old: list[dict[str, str]]) -> list[Any]:
        return [named(kind, item) for item in old]

    fresh = entry | {
        "category": named("category", entry["category"]),
        "actor": named("actor", entry["actor"]),
        "other_actors": named_set("actor", entry["other_actors"]),
        "agency": _reprint_agency(entry["agency"], terms),
        "other_agencies": named_set("agency", entry["other_agencies"]),
        "affects": named_set("party", entry["affects"]),
        "topics": named_set("topic", entry["topics"]),
        "citations": [_reprint_citation(citation, terms) for citation in entry["citations"]],
    }
    return fresh | {"derived": derive(fresh)}


def _reprint_agency(old: dict[str, Any] | None, terms: Terms) -> dict[str, Any] | None:
    term = old and terms.get(("agency", old["slug"]))
    if not term:
        return old
    parent = term["parent"] and terms.get(("agency", term["parent"]))
    return {
        "slug": term["slug"],
        "name": term["name"],
        "abbreviation": term["abbreviation"],
        "parent": parent and {"slug": parent["slug"], "name": parent["name"]},
    }


def _reprint_citation(citation: dict[str, Any], terms: Terms) -> dict[str, Any]:
    source = terms.get(("source", citation["source"]["slug"]), citation["source"])
    return citation | {"source": reprint_source(source, terms)}


def reprint_source(source: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """Return `source` (its document) with its publishers printed as in `terms`."""
    fresh = dict(source)
    for field in ("publisher", "republished_by"):
        term = source[field] and terms.get(("publisher", source[field]["slug"]))
        if term:
            fresh[field] = {"slug": term["slug"], "name": term["name"]}
    return fresh


def terms_named(entry: Entry) -> set[tuple[str, str]]:
    """Return (kind, slug) of every term and source that `entry` names."""
    single = [("category", entry["category"]), ("actor", entry["actor"]), ("agency", entry["agency"])]
    single += [("agency", entry["agency"] and entry["agency"]["parent"])]
    single += [("actor", item) for item in entry["other_actors"]]
    single += [("agency", item) for item in entry["other_agencies"]]
    single += [("party", item) for item in entry["affects"]] + [("topic", item) for item in entry["topics"]]
    for citation in entry["citations"]:
        source = citation["source"]
        single += [
            ("source", source),
            ("publisher", source["publisher"]),
            ("publisher", source["republished_by"]),
        ]
    return {(kind, named["slug"]) for kind, named in single if named}


# --- what follows from an entry --------------------------------------------------------------------------------


def derive(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived values of an entry: dates' bounds, current status, evidence, lead source."""
    when = dates.parse(entry["date"]) if entry["date"] else None
    bounds = {
        "date_earliest": when and when.earliest.isoformat(),
        "date_latest": when and when.latest.isoformat(),
    }
    return bounds | _derive_status(entry["status_history"]) | _derive_evidence(entry["citations"])


def _derive_status(history: list[dict[str, Any]]) -> dict[str, Any]:
    lines = [line for line in history if line["status"]]
    last = lines[-1] if lines else None
    first_day, last_day = _in_force_days(lines)
    return {
        "status": last and last["status"],
        "status_date": last and last["date"],
        "status_by": last and last["by"],
        "in_force": last and codebook.STATUSES[last["status"]].in_force,
        "in_force_from": first_day,
        "in_force_until": last_day,
    }


def _in_force_days(lines: list[dict[str, Any]]) -> tuple[str | None, str | None]:
    """Return the first day in force, and the first day no longer in force unless it is in force now."""
    started = ended = None
    holding = False
    for line in lines:
        holds = codebook.STATUSES[line["status"]].in_force in codebook.IN_FORCE_VALUES_HOLDING
        if holds and started is None:
            started = line["date"]
        if holding and not holds:
            ended = line["date"]
        holding = holds
    return started, None if holding else ended


def _derive_evidence(citations: list[dict[str, Any]]) -> dict[str, Any]:
    supporting = [citation for citation in citations if citation["stance"] == "supports"]
    ranked = sorted(supporting, key=_lead_first)
    lead = ranked[0] if ranked else None
    source = lead and lead["source"]
    publishers = {item["source"]["publisher"]["slug"]: item["source"]["publisher"]["name"] for item in citations}
    first_hand = {item["source"]["publisher"]["slug"] for item in supporting if item["attribution"] != "reporting"}
    return {
        "evidence": _evidence(supporting),
        "attribution": lead and lead["attribution"],
        "corroborated": len(first_hand) > 1,
        "source_count": len(citations),
        "official_source_count": sum(_is_official(citation) for citation in citations),
        "publishers": [publishers[slug] for slug in sorted(publishers)],
        "source_title": source and source["title"],
        "source_publisher": source and source["publisher"]["name"],
        "source_url": source and source["url"],
        "source_archive_url": source and source["archive_url"],
        "source_published": source and source["published"],
        "source_urls": _addresses(lead, citations),
    }


def _is_official(citation: Mapping[str, Any]) -> bool:
    return codebook.SOURCE_KINDS[citation["source"]["kind"]].official


def _lead_first(citation: Mapping[str, Any]) -> tuple[int, bool, date, int]:
    published = citation["source"]["published"]
    day = dates.parse(published).earliest if published else date.max
    rank = codebook.ATTRIBUTIONS.codes.index(citation["attribution"])
    return rank, not _is_official(citation), day, citation["position"]


def _evidence(supporting: list[dict[str, Any]]) -> str | None:
    if not supporting:
        return None
    if any(_is_official(item) and (item["source"]["url"] or item["source"]["archive_url"]) for item in supporting):
        return "official"
    return "on_record" if any(item["attribution"] in _ON_RECORD for item in supporting) else "press_only"


def _addresses(lead: Mapping[str, Any] | None, citations: list[dict[str, Any]]) -> list[str]:
    ordered = ([lead] if lead else []) + citations
    return list(dict.fromkeys(item["source"]["url"] for item in ordered if item["source"]["url"]))


class Span(NamedTuple):
    """The days [from_day, before_day) on which `in_force` is possible; None is open."""

    in_force: str
    from_day: date | None
    before_day: date | None


def spans(entry: Mapping[str, Any]) -> list[Span]:
    """Return on which days each value of in_force is possible, exactly, from the lines with a status.

    Each line holds from the whole of its day until the day of the next. Every way of choosing a day for each line
    that keeps their order is a possible world; the earliest days run forward, the latest ones backward.
    """
    lines = [line for line in entry["status_history"] if line["status"]]
    if not lines:
        return []
    earliest, latest = possible_days([line["date"] for line in lines])
    values = [codebook.STATUSES[line["status"]].in_force for line in lines]
    before = Span("unknown" if lines[0]["status"] == "reported" else "no", None, latest[0])
    ends: list[date | None] = [*latest[1:], None]
    found = [Span(value, start, end) for value, start, end in zip(values, earliest, ends, strict=True)]
    return [before, *(span for span in found if span.before_day is None or span.from_day < span.before_day)]


def possible_days(texts: list[str]) -> tuple[list[date], list[date]]:
    """Return the first and last possible day of each line, given that the lines are in order.

    A date with a qualifier may be a day later than it says. Lines that no dates could satisfy come back with a
    first day after their last one.
    """
    parsed = [dates.parse(text) for text in texts]
    earliest = [item.earliest for item in parsed]
    latest = [item.latest + timedelta(days=1) if item.is_qualified else item.latest for item in parsed]
    for index in range(1, len(texts)):
        earliest[index] = max(earliest[index], earliest[index - 1])
    for index in range(len(texts) - 2, -1, -1):
        latest[index] = min(latest[index], latest[index + 1])
    return earliest, latest


def facets(record: Record) -> set[tuple[str, str]]:
    """Return the (dimension, key) pairs of a public record, direct values only."""
    entry, derived = record["entry"], record["entry"]["derived"]
    pairs = {
        ("status", derived["status"]),
        ("status_by", derived["status_by"]),
        ("in_force", derived["in_force"]),
        ("category", entry["category"]["slug"] if entry["category"] else codebook.NOT_CODED),
        ("form", entry["form"]),
        ("evidence", derived["evidence"]),
        ("corroborated", "yes" if derived["corroborated"] else "no"),
        ("disputed", "yes" if entry["disputed"] else "no"),
    }
    pairs |= {("had_status", line["status"]) for line in entry["status_history"]}
    for dimension, named in (("actor", "other_actors"), ("agency", "other_agencies")):
        pairs |= {(dimension, item["slug"]) for item in [entry[dimension], *entry[named]] if item}
    pairs |= {("topic", item["slug"]) for item in entry["topics"]}
    pairs |= {("affects", item["slug"]) for item in entry["affects"]}
    for citation in entry["citations"]:
        pairs |= {
            ("source", citation["source"]["slug"]),
            ("publisher", citation["source"]["publisher"]["slug"]),
        }
    return {(dimension, key) for dimension, key in pairs if key}


def projection(record: Record) -> dict[str, Any]:
    """Return date bounds and sort keys of a public record, by field name of `Projection`."""
    when = dates.parse(record["entry"]["date"])
    return {
        "slug": record["slug"],
        "edition": record["edition"],
        "earliest": when.earliest,
        "latest": when.latest,
        "qualified": when.is_qualified,
        "newest": dates.sort_newest(when),
        "oldest": dates.sort_oldest(when),
        "changed": _FAR_FUTURE - _seconds(record["last_changed"]),
        "added": _FAR_FUTURE - _seconds(record["first_published"]),
    }


# --- bytes -----------------------------------------------------------------------------------------------------


def canonical(value: Any) -> str:
    """Return the one JSON text of `value`: sorted keys, no blanks, no floats that JSON lacks."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of `text` as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def csv_line(record: Record, *, public_url: str) -> str:
    """Return the CSV line of a public record, guarded against formulas, without its line end."""
    addressed = {**record, "url": f"{public_url}/actions/{record['slug']}/"}
    return columns.csv_line(columns.guard(column.cell(addressed)) for column in columns.COLUMNS)


def instant(at: datetime) -> str:
    """Return `at` as the ledger writes instants: whole UTC seconds, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
