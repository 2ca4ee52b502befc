"""Statements of disposition notes -> edges between orders, and those that nobody should believe.

An edge says what one paper did to another, whichever of both notes tells it. Refused, and queued for an editor, are
edges that run forward in time (an order cannot revoke a later one: the note was written the wrong way round), those
whose day is not that of the order with this number, and those without a day where a history needs one. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from tracker.datapackage.federal_register.documents import Document
from tracker.datapackage.federal_register.notes import Statement, Target, parse_note
from tracker.datapackage.federal_register.verbs import MEANINGS
from tracker.datapackage.federal_register.words import in_words

_MOST_DAYS_APART = 45
_PAPERS = {
    "eo": "Executive Order",
    "proclamation": "Proclamation",
    "law": "Public Law",
    "memorandum": "Memorandum",
    "notice": "Notice",
    "order": "Order",
    "rule": "Rule",
    "determination": "Determination",
}


@dataclass(frozen=True)
class Order:
    """An executive order that is, or will be, an entry: its slug, its day, and the source that is its own page."""

    slug: str
    day: str
    source: str


@dataclass(frozen=True)
class End:
    """One paper of an edge. `number` is that of an executive order, blank for others; `day` may be blank."""

    number: str
    day: str
    title: str
    identifier: str


@dataclass(frozen=True)
class Edge:
    """`by` did what `verb` says to `on`, as the note of order number `told_by` has it in `text`."""

    verb: str
    in_part: bool
    by: End
    on: End
    told_by: str
    text: str
    remark: str = ""


@dataclass(frozen=True)
class Queued:
    """A statement that was not taken over, and why: for an editor to look at."""

    text: str
    reason: str


@dataclass
class Reading:
    """What the note of one order comes to."""

    edges: list[Edge]
    queued: list[Queued]
    remainder: list[str]


def read_note(document: Document, known: Mapping[str, Order], *, today: date) -> Reading:
    """Return the edges of a document's note, those refused, and what was not understood."""
    note = parse_note(document.note)
    reading = Reading([], [], note.remainder)
    for statement in note.statements:
        edge = _edge(document, statement, known)
        if reason := _objection(edge, document, statement, known, today=today):
            reading.queued.append(Queued(edge.text, reason))
        else:
            reading.edges.append(edge)
    return reading


def _edge(document: Document, statement: Statement, known: Mapping[str, Order]) -> Edge:
    own = End(document.number, document.signed, f"Executive Order {document.number}", f"eo:{document.number}")
    other = _end(statement.target, known)
    by, on = (other, own) if statement.passive else (own, other)
    target = statement.target
    remark = "; ".join(part for part in (target.citation, target.remark) if part)
    text = f"{wording(statement.verb, statement.in_part, passive=statement.passive)}: {target.text}"
    return Edge(statement.verb, statement.in_part, by, on, document.number, text, remark)


def wording(verb: str, in_part: bool, *, passive: bool) -> str:
    """Return a verb in the register's words, such as "Revoked in part by"."""
    word = MEANINGS[verb].done if passive else verb.capitalize()
    return f"{word}{' in part' if in_part else ''}{' by' if passive else ''}"


def _end(target: Target, known: Mapping[str, Order]) -> End:
    number = target.number if target.kind == "eo" else ""
    day = known[number].day if number in known else target.day
    name = _PAPERS[target.kind]
    if target.number:
        return End(number, day, f"{name} {target.number}", f"{_scheme(target.kind)}:{target.number}")
    title = f"{name} of {in_words(day)}" if day else target.text
    return End("", day, title, f"{target.kind}:{day or slugify(target.text)[:60]}")


def _scheme(kind: str) -> str:
    return "public-law" if kind == "law" else kind


def _objection(edge: Edge, document: Document, statement: Statement, known: Mapping[str, Order], *, today: date) -> str:
    """Return why an edge is not to be believed; "" if it is."""
    if edge.by.identifier == edge.on.identifier:
        return "An order cannot be related to itself."
    if statement.subject not in ("", document.number):
        return f"The sentence is about Executive Order {statement.subject}, not about this one."
    return "" if statement.verb == "see" else _objection_to_days(edge, statement, known, today=today)


def _objection_to_days(edge: Edge, statement: Statement, known: Mapping[str, Order], *, today: date) -> str:
    number, noted = statement.target.number, statement.target.day
    if edge.by.day and edge.on.day and edge.by.day < edge.on.day:
        return f"{edge.by.title} is older than {edge.on.title}: it may be the other way round."
    if number in known and _days_apart(noted, known[number].day) > _MOST_DAYS_APART:
        return f"Executive Order {number} is of {in_words(known[number].day)}: the number or the day is wrong."
    if statement.passive and not noted:
        return "It gives no day that can be read."
    return "Its day is still to come." if statement.passive and edge.by.day > today.isoformat() else ""


def _days_apart(noted: str, signed: str) -> int:
    if not (noted and signed):
        return 0
    return abs((date.fromisoformat(noted) - date.fromisoformat(signed)).days)
