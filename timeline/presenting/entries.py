"""Entries of the list: one card for each public row, under the headings of their months."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting import links
from timeline.presenting.history import Tag, TrailStep, tag, trail
from timeline.presenting.links import TermLink
from timeline.presenting.marking import Passage, around, passages
from timeline.presenting.moments import Moment, moment
from timeline.presenting.sources import SourceLine, official_count, source_lines
from timeline.presenting.words import capital, counted, cut, month_name
from timeline.presenting.words import grouped as apart
from timeline.search.query import Query
from tracker import codebook, dates


@dataclass(frozen=True)
class Card:
    """One entry as the list shows it; texts are "" and lists empty where the record has none.

    `history` are the lines of its status history as recorded, which tracks are drawn from. Where words were looked
    for, `sought` are these, `summary` is what stands around them, and `passages` hold those not shown otherwise.
    """

    slug: str
    href: str
    title: str
    when: Moment
    status: Tag
    where_it_stands: str
    summary: str
    disputed: bool
    dispute_note: str
    history: Sequence[Mapping[str, Any]]
    trail: list[TrailStep]
    agencies: list[TermLink]
    actors: list[TermLink]
    form: str
    sources: list[SourceLine]
    official: str
    sought: Query | None = None
    passages: list[Passage] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """Cards under one heading; `count` ("6 of 10") may be ""."""

    key: str
    heading: str
    count: str
    cards: list[Card]


Record = Mapping[str, Any]
MonthCounts = Mapping[str, tuple[int, int]]
"""(matches, all) by month, "2025-03" -> (6, 10)."""


def card(
    record: Record, *, query: str = "", as_of: str = "", under_month: bool = True, sought: Query | None = None
) -> Card:
    """Return the card of a public record; its link carries `query`, its terms the edition `as_of` if pinned.

    `sought` are the words looked for.
    """
    entry = record["entry"]
    derived = entry["derived"]
    history = entry["status_history"]
    return Card(
        slug=record["slug"],
        href=links.action(record["slug"], query),
        title=entry["title"],
        when=moment(entry["date"], under_month=under_month),
        status=tag(derived["status"]),
        where_it_stands=entry["where_it_stands"] or "",
        summary=around(entry["summary"] or "", sought) if sought else cut(entry["summary"] or ""),
        disputed=entry["disputed"],
        dispute_note=entry["dispute_note"] or "",
        history=history,
        trail=trail(history, year=dates.parse(entry["date"]).earliest.year if under_month else 0),
        agencies=_terms("agency", [entry["agency"]], as_of=as_of),
        actors=_terms("actor", [entry["actor"], *entry["other_actors"]], as_of=as_of),
        form=codebook.FORMS[entry["form"]].label if entry["form"] else "",
        sources=source_lines(entry["citations"]),
        official=official_count(derived),
        sought=sought,
        passages=passages(entry, sought) if sought else [],
    )


def _terms(name: str, named: Iterable[Mapping[str, str] | None], *, as_of: str) -> list[TermLink]:
    found = (links.term(name, item, as_of=as_of) for item in named)
    return [link for link in found if link]


_HEADINGS = {
    "newest": "{}",
    "oldest": "{}",
    "changed": "Last changed in {}",
    "added": "Added in {}",
    "relevance": "Best match first",
}


def grouped(
    records: Iterable[str], *, sort: str, counts: MonthCounts, query: str = "", as_of: str = "", words: str = ""
) -> list[Group]:
    """Return canonical records, in the order of the list, under headings that fit `sort` (a code of SORTS).

    By the day of the action the headings are its months, with how many of each month match; by the day of a
    change or of the first appearance they are the months of that; by relevance there is one. `words` are those looked
    for.
    """
    sought = Query.parse(words) if words else None
    parsed = [json.loads(record) for record in records]
    by_action = sort in ("newest", "oldest")
    return [
        Group(
            key=month,
            heading=_HEADINGS[sort].format(_named(month)),
            count=_of(counts.get(month)) if by_action else "",
            cards=[card(record, query=query, as_of=as_of, under_month=by_action, sought=sought) for record in members],
        )
        for month, members in groupby(parsed, key=partial(_month, sort=sort))
    ]


def _month(record: Record, *, sort: str) -> str:
    """Return the month, "2025-03", under which a record stands; "best" where the order is not one of days."""
    match sort:
        case "changed":
            return str(record["last_changed"][:7])
        case "added":
            return str(record["first_published"][:7])
        case "relevance":
            return "best"
    return str(record["entry"]["derived"]["date_earliest"][:7])


def _named(month: str) -> str:
    return "" if month == "best" else capital(month_name(date.fromisoformat(f"{month}-01")))


def _of(count: tuple[int, int] | None) -> str:
    if count is None:
        return ""
    matches, everything = count
    if matches == everything:
        return counted(matches, "action")
    return _("%(found)s of %(everything)s") % {"found": apart(matches), "everything": apart(everything)}
