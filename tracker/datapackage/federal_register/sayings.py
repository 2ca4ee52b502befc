"""Edges -> what each order's entry says: its relations, and the lines of its history after the first. Pure.

A relation is entered at the order that acts; where that is no entry, the other one gets a "see also" by number. A
line comes from the order's own note or, where an end, a partial end, a pause or a return is told by the other order
alone, from that one's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.datapackage.federal_register.edges import Edge, Order, wording
from tracker.datapackage.federal_register.verbs import MEANINGS, status_after
from tracker.datapackage.federal_register.words import in_words

Relation = dict[str, Any]
Line = dict[str, Any]


@dataclass
class Saying:
    """What the notes say of one order. `lines` have no position yet; `source` of each is a key of a source."""

    relations: list[Relation] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def sayings(edges: Iterable[Edge], known: Mapping[str, Order]) -> dict[str, Saying]:
    """Return what the edges say, by the number of the order whose entry says it; only `known` orders have one."""
    found: dict[str, Saying] = {}
    plain = _plain(edges)
    related = {frozenset((edge.by.identifier, edge.on.identifier)) for edge in plain if not _is_loose(edge)}
    seen = {(edge.by.identifier, edge.on.identifier) for edge in plain if edge.verb == "see"}
    for edge in plain:
        pair = frozenset((edge.by.identifier, edge.on.identifier))
        is_said_back = (edge.on.identifier, edge.by.identifier) in seen and edge.by.day < edge.on.day
        if _is_loose(edge) and (pair in related or (edge.verb == "see" and is_said_back)):
            continue
        owner, relation = _relation(edge, known)
        _add(found.setdefault(owner, Saying()).relations, relation)
    for number, told in _by_target(plain, known).items():
        found.setdefault(number, Saying()).lines = _lines(number, told, known)
    return found


def _is_loose(edge: Edge) -> bool:
    return MEANINGS[edge.verb].kind == "see_also"


def _plain(edges: Iterable[Edge]) -> list[Edge]:
    """Return each thing that one order did to another once: in part if either note says so.

    Between "revokes" and "supersedes" the latter says more, and stays.
    """
    merged: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        key = (edge.by.identifier, edge.on.identifier, edge.verb)
        earlier = merged.get(key)
        if earlier is None:
            merged[key] = edge
            continue
        # The acted-upon order's own note is the one that its history cites.
        first = edge if edge.told_by == edge.on.number else earlier
        merged[key] = replace(first, in_part=edge.in_part or earlier.in_part, remark=earlier.remark or edge.remark)
    replaced = {(by, on) for by, on, verb in merged if verb == "supersedes"}
    return [edge for (by, on, verb), edge in merged.items() if not (verb == "revokes" and (by, on) in replaced)]


def _relation(edge: Edge, known: Mapping[str, Order]) -> tuple[str, Relation]:
    """Return the order at which an edge is entered, and the relation there."""
    kind, note, owner, other = MEANINGS[edge.verb].kind, edge.remark, edge.by, edge.on
    if edge.by.number not in known:
        kind, owner, other = "see_also", edge.on, edge.by
        note = f"{wording(edge.verb, edge.in_part, passive=True)} it. {note}".strip()
    elif edge.verb in ("suspends", "nullifies"):
        note = f"{wording(edge.verb, edge.in_part, passive=False)} it. {note}".strip()
    target = known.get(other.number)
    return owner.number, {
        "kind": kind,
        "in_part": edge.in_part and kind != "see_also",
        "to": target.slug if target else None,
        "title": None if target else other.title,
        "identifier": None if target else other.identifier,
        "url": None,
        "note": note or None,
    }


def _add(relations: list[Relation], relation: Relation) -> None:
    """Add a relation unless it stands there: "amends" and "supplements" are one kind."""
    same = [each for each in relations if all(each[name] == relation[name] for name in ("kind", "to", "identifier"))]
    if not same:
        relations.append(relation)
    elif not relation["in_part"]:
        same[0]["in_part"] = False


# --- histories -------------------------------------------------------------------------------------------------


def _by_target(edges: Iterable[Edge], known: Mapping[str, Order]) -> dict[str, list[Edge]]:
    """Return the edges that make lines, by the order that they are about."""
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        offered = MEANINGS[edge.verb].line(in_part=edge.in_part)
        is_own = edge.told_by == edge.on.number
        if edge.on.number in known and offered is not None and edge.by.day and (is_own or offered):
            found.setdefault(edge.on.number, []).append(edge)
    return found


def _lines(number: str, told: list[Edge], known: Mapping[str, Order]) -> list[Line]:
    current, lines = "in_effect", []
    told = sorted(told, key=lambda edge: (edge.by.day, edge.by.identifier, edge.verb))
    returns = [edge.by.day for edge in told if edge.verb == "reinstates"]
    for edge in told:
        offered = MEANINGS[edge.verb].line(in_part=edge.in_part) or ""
        # Where an order comes back, each end before that is said as such: one alone may have been undone.
        is_ended_again = offered == current != "in_effect" and bool(returns) and edge.by.day <= returns[-1]
        status = offered if is_ended_again else status_after(current, offered)
        current = status or current
        lines.append(
            {
                "status": status or None,
                "date": edge.by.day,
                "by": "issuer" if status else None,
                "note": f"{wording(edge.verb, edge.in_part, passive=True)} {edge.by.title}"
                f"{f' of {in_words(edge.by.day)}' if edge.by.number else ''}.",
                "source": known[edge.told_by if edge.told_by in known else number].source,
            }
        )
    return lines
