"""From what an editor typed to a Draft, and from what the record refuses back to the fields it was typed into."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker import codebook, dates, document
from tracker.duplicates import Likeness
from tracker.models import PolicyAction, Source
from tracker.models.fields import clean_text, lines
from tracker.record import Draft

_TEXTS = ("title", "summary", "where_it_stands", "actor_office", "date_note", "dispute_note")
_CODES = ("form", "date", "due_date")

Cleaned = Mapping[str, Any]


def entry_from(cleaned: Cleaned) -> dict[str, Any]:
    """Return the document's "entry" for the checked editorial fields in `cleaned`, without rows."""
    entry: dict[str, Any] = {name: clean_text(cleaned.get(name) or "") or None for name in _TEXTS}
    entry |= {name: cleaned.get(name) or None for name in _CODES}
    entry |= {name: _slug(cleaned.get(name)) for name in document.TERMS}
    entry |= {name: sorted(term.slug for term in cleaned.get(name) or ()) for name in document.TERM_SETS}
    verified = cleaned.get("last_verified")
    return entry | {
        "identifiers": lines(clean_text(cleaned.get("identifiers") or "")),
        "disputed": bool(cleaned.get("disputed")),
        "last_verified": verified.isoformat() if verified else None,
    }


def _slug(term: Any) -> str | None:
    return term.slug if term else None


# --- rows ------------------------------------------------------------------------------------------------------


def status_row(cleaned: Cleaned) -> dict[str, Any]:
    """Return one line of a status history."""
    return {
        "status": cleaned.get("status") or None,
        "date": cleaned.get("date") or None,
        "by": cleaned.get("by") or None,
        "note": clean_text(cleaned.get("note") or "") or None,
        "source": _slug(cleaned.get("source")),
    }


def citation_row(cleaned: Cleaned) -> dict[str, Any]:
    """Return one citation."""
    bearing = cleaned.get("bears_on") or ["action"]
    return {
        "source": _slug(cleaned.get("source")),
        "stance": cleaned.get("stance") or "supports",
        "bears_on": [code for code in codebook.BEARS_ON.codes if code in bearing],
        "attribution": cleaned.get("attribution") or None,
    }


def relation_row(cleaned: Cleaned) -> dict[str, Any]:
    """Return one relation."""
    return {
        "kind": cleaned.get("kind") or None,
        "in_part": bool(cleaned.get("in_part")),
        "to": _slug(cleaned.get("to_action")),
        "title": clean_text(cleaned.get("to_title") or "") or None,
        "identifier": clean_text(cleaned.get("to_identifier") or "") or None,
        "url": cleaned.get("to_url") or None,
        "note": clean_text(cleaned.get("note") or "") or None,
    }


@dataclass(frozen=True)
class Typed:
    """One typed row: the number of its form, its place (None: to be proposed) and what it says."""

    form: int
    place: int | None
    row: dict[str, Any]


def in_order(typed: Iterable[Typed]) -> list[Typed]:
    """Return lines of a history by their place; a line without one goes where its date belongs.

    That is after the last line that does not surely come later.
    """
    rows = list(typed)
    placed = sorted((item for item in rows if item.place is not None), key=lambda item: (item.place, item.form))
    for item in rows:
        if item.place is None:
            placed.insert(_proposed_index(item, placed), item)
    return placed


def _proposed_index(item: Typed, placed: list[Typed]) -> int:
    if not item.row["date"]:
        return len(placed)
    latest = dates.parse(item.row["date"]).latest
    return next(
        (
            index
            for index, other in enumerate(placed)
            if other.row["date"] and dates.parse(other.row["date"]).earliest > latest
        ),
        len(placed),
    )


# --- the first line and the first citation ---------------------------------------------------------------------


def first_rows(cleaned: Cleaned, source: Source | None) -> dict[str, Any]:
    """Return the history and the citations that the add form makes: at most one row each."""
    history, citations = [], []
    if cleaned.get("status"):
        line = {"status": cleaned["status"], "date": first_status_date(cleaned, source), "source": source}
        line |= {"by": cleaned.get("status_by") or codebook.default_by(cleaned["status"])}
        history.append(status_row(line | {"note": cleaned.get("status_note")}))
    if source:
        citation = {"source": source, "bears_on": _bearing(cleaned), "attribution": cleaned.get("attribution")}
        citations.append(citation_row(citation))
    return {"status_history": history, "citations": citations}


def first_status_date(cleaned: Cleaned, source: Source | None) -> str | None:
    """Return the day of the first status: as typed, else the action's; for `reported` the source's.

    An action that lasted from a to b took effect on a, and had taken place on b.
    """
    if cleaned.get("status_date"):
        return str(cleaned["status_date"])
    published = source.published if source else cleaned.get("source_published")
    text = (cleaned.get("status") == "reported" and published) or cleaned.get("date") or published
    if not text:
        return None
    when = dates.parse(text)
    if not when.is_lasting:
        return when.text
    return when.ends[-1 if cleaned.get("status") == "took_place" else 0].text


def _bearing(cleaned: Cleaned) -> list[str]:
    """Return what the only source must bear on: everything that was typed from it."""
    actor = cleaned.get("actor")
    stated = {
        "action": True,
        "date": cleaned.get("date"),
        "actor": actor and actor.slug != codebook.NOT_NAMED,
        "status": cleaned.get("status"),
    }
    return [code for code, given in stated.items() if given]


# --- comparing -------------------------------------------------------------------------------------------------


def differs(draft: Draft, action: PolicyAction) -> bool:
    """Return whether saving `draft` would change `action` (one of `for_documents()`) or its workflow."""
    return (
        draft.workflow != action.workflow
        or not is_same_entry(draft.entry, document.entry_of(action))
        or sorted(draft.relations, key=document.relation_key) != document.relations_of(action)
    )


def is_same_entry(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two documents' "entry" say the same, derived values and printed forms apart."""
    return bool(document.meaning(one) == document.meaning(other))


# --- refusals --------------------------------------------------------------------------------------------------

Messages = dict[str, list[str]]

_PREFIXES = {"status_history": "status_changes"}
_ROW_FIELDS = {"to": "to_action", "title": "to_title", "identifier": "to_identifier", "url": "to_url"}
_FIRST_ROW_FIELDS = {
    "status_history.1.date": "status_date",
    "status_history.1.by": "status_by",
    "status_history.1.note": "status_note",
    "status_history.1.status": "status",
    "status_history.1.source": "source_url",
    "status_history": "status",
    "citations.1.source": "source_url",
    "citations.1.attribution": "attribution",
    "citations": "source_url",
}


@dataclass
class Refusal:
    """Why nothing was saved: messages per form field ("" = the whole form) and per row of each set of rows.

    `rows` is prefix -> number of the form (-1 = the whole set) -> field ("" = the whole row) -> messages.
    """

    fields: Messages = field(default_factory=dict)
    rows: dict[str, dict[int, Messages]] = field(default_factory=dict)
    # Entries that it may repeat: a question, not a fault.
    likely: list[Likeness] = field(default_factory=list)
    # The document that readers would have seen, when it was its publication that was refused.
    wanted: dict[str, Any] | None = None


class RefusedError(Exception):
    """Nothing was saved; the form is shown again with `refusal` at its fields."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


def refusal_at(problems: Mapping[str, list[str]], *, orders: Mapping[str, list[int]]) -> Refusal:
    """Return where on the change form each problem belongs.

    `problems` is path -> sentences; `orders` says, per set of rows, which form each position came from.
    """
    refusal = Refusal()
    for path, messages in problems.items():
        part, _, rest = path.partition(".")
        prefix = _PREFIXES.get(part, part)
        if prefix not in orders:
            refusal.fields.setdefault(path, []).extend(messages)
            continue
        position, _, name = rest.partition(".")
        number = orders[prefix][int(position) - 1] if position else -1
        row = refusal.rows.setdefault(prefix, {}).setdefault(number, {})
        row.setdefault(_ROW_FIELDS.get(name, name) if prefix == "relations" else name, []).extend(messages)
    return refusal


def refusal_of_first(problems: Mapping[str, list[str]]) -> Refusal:
    """Return where on the add form each problem belongs; it has no rows."""
    refusal = Refusal()
    for path, messages in problems.items():
        refusal.fields.setdefault(_FIRST_ROW_FIELDS.get(path, path), []).extend(messages)
    return refusal
