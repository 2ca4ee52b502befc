"""The chain that an entry is part of: what it undid, replaced or prolonged, and what did the same to it, in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting import links
from timeline.presenting.history import Tag, tag
from timeline.presenting.words import capital, said
from tracker import codebook, dates

# The relations that move the other's history; the others say only that two entries belong together.
KINDS = frozenset(kind.code for kind in codebook.RELATION_KINDS.values() if kind.offers is not None)
LONGEST = 12  # entries in one chain

Row = Mapping[str, Any]
Records = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Tie:
    """One relation by which a step hangs on another: "Reversed by"; `of` is that other's title, "" = this entry."""

    phrase: str
    of: str
    note: str


@dataclass(frozen=True)
class Link:
    """One entry of the chain. `ties` tell how it hangs on an entry nearer to the present one, which has none."""

    slug: str
    title: str
    href: str
    when: str
    datetime: str | None
    status: Tag
    is_present: bool
    ties: list[Tie]


def chain(slug: str, rows: Iterable[Row], *, records: Records, query: str = "") -> list[Link]:
    """Return the chain of entry `slug`, in time; empty where it stands alone.

    `rows` are relations as the ledger keeps them, of any kind; `records` holds the public records of the entries by
    slug, the present one included. What is not public breaks the chain.
    """
    ties = _reached(slug, [row for row in rows if row["kind"] in KINDS], records=records)
    if not ties:
        return []
    members = sorted([slug, *ties], key=lambda each: (records[each]["entry"]["derived"]["date_earliest"], each))
    return [
        _link(each, records[each]["entry"], ties.get(each, ()), present=slug, records=records, query=query)
        for each in members
    ]


def _reached(slug: str, rows: Iterable[Row], *, records: Records) -> dict[str, list[Row]]:
    """Return by slug the relations through which each entry was reached first, going outward from `slug`."""
    ties: dict[str, list[Row]] = defaultdict(list)
    by_end: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_end[row["from"]].append(row)
        by_end[row["to"] or ""].append(row)
    seen, edge = {slug}, [slug]
    while edge:
        fresh: dict[str, list[Row]] = defaultdict(list)
        for near in edge:
            for row in by_end[near]:
                far = row["to"] if row["from"] == near else row["from"]
                if far in records and far not in seen:
                    fresh[far].append(row)
        edge = sorted(fresh)[: LONGEST - len(seen)]
        ties |= {far: fresh[far] for far in edge}
        seen |= set(edge)
    return dict(ties)


def _link(
    slug: str, entry: Mapping[str, Any], ties: Iterable[Row], *, present: str, records: Records, query: str
) -> Link:
    return Link(
        slug=slug,
        title=entry["title"],
        href="" if slug == present else links.action(slug, query),
        when=dates.display(entry["date"]),
        datetime=dates.datetime_attribute(entry["date"]),
        status=tag(entry["derived"]["status"]),
        is_present=slug == present,
        ties=[_tie(slug, row, present=present, records=records) for row in ties],
    )


def _tie(slug: str, row: Row, *, present: str, records: Records) -> Tie:
    """Return how `slug` hangs on the entry at the other end, read from there."""
    near = row["to"] if row["from"] == slug else row["from"]
    of = "" if near == present else records[near]["entry"]["title"]
    return Tie(phrase(row, from_end=row["from"] == near), of, row["note"] or "")


def phrase(row: Row, *, from_end: bool) -> str:
    """Return a relation in words, read from the end where it was entered or from the other."""
    kind = codebook.RELATION_KINDS[row["kind"]]
    words = said(kind.label if from_end else capital(kind.shown_at_target))
    return _("%(relation)s, in part") % {"relation": words} if row["in_part"] else words
