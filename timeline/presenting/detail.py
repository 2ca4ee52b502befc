"""The page of one entry: its facts, and everything that led to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting import links
from timeline.presenting.chains import phrase
from timeline.presenting.history import Step, Tag, steps, tag
from timeline.presenting.links import TermLink
from timeline.presenting.moments import UNDATED, Moment, certainty, moment
from timeline.presenting.sources import SourceLine, numbers, official_count, source_lines, total
from timeline.presenting.words import said
from tracker import codebook, dates


@dataclass(frozen=True)
class Fact:
    """One fact beside an entry: its name, one or more values, and a smaller line beneath them.

    `is_quoted` tells that the smaller line is in the words of the record, not in those of the page.
    """

    label: str
    values: list[TermLink]
    small: str = ""
    is_quoted: bool = False


@dataclass(frozen=True)
class Detail:
    """One entry in full; texts are "" and lists empty where the record has none. Only a draft has no status."""

    slug: str
    version: int
    edition: int
    title: str
    when: Moment
    date_note: str
    status: Tag | None
    where_it_stands: str
    disputed: bool
    dispute_note: str
    summary: str
    steps: list[Step]
    sources: list[SourceLine]
    sources_total: str
    official: str
    facts: list[Fact]


def detail(
    record: Mapping[str, Any], *, as_of: str = "", is_public: Callable[[str, str], bool] | None = None
) -> Detail:
    """Return the page of a record; the links of its terms keep the edition `as_of` if one is pinned.

    `is_public` says by parameter and slug which terms readers know: the others, of a draft, are no links.
    """
    entry = record["entry"]
    citations = entry["citations"]
    return Detail(
        slug=record["slug"],
        version=record["version"],
        edition=record["edition"],
        title=entry["title"],
        when=moment(entry["date"]) if entry["date"] else UNDATED,
        date_note=entry["date_note"] or "",
        status=_tag_of(entry),
        where_it_stands=entry["where_it_stands"] or "",
        disputed=entry["disputed"],
        dispute_note=entry["dispute_note"] or "",
        summary=entry["summary"] or "",
        steps=steps(entry["status_history"], numbers=numbers(citations)),
        sources=source_lines(citations, page=None if is_public else partial(links.source, as_of=as_of)),
        sources_total=total(entry["derived"]),
        official=official_count(entry["derived"]),
        facts=[fact for fact in _facts(entry, as_of=as_of, is_public=is_public) if fact.values],
    )


def _tag_of(entry: Mapping[str, Any]) -> Tag | None:
    status = entry["derived"]["status"]
    return tag(status) if status else None


def _facts(entry: Mapping[str, Any], *, as_of: str, is_public: Callable[[str, str], bool] | None) -> list[Fact]:
    def terms(name: str, *named: Mapping[str, str] | None) -> list[TermLink]:
        found = ((item, links.term(name, item, as_of=as_of)) for item in named if item)
        return [
            link if is_public is None or is_public(name, item["slug"]) else TermLink(item["name"])
            for item, link in found
            if link
        ]

    def code(name: str, value: str | None, codes: Mapping[str, codebook.Coded]) -> list[TermLink]:
        return (
            [TermLink(said(codes[value].label), links.filtered(name, value, as_of=as_of), is_said=True)]
            if value
            else []
        )

    agency, derived = entry["agency"], entry["derived"]
    parent = agency["parent"]["name"] if agency and agency["parent"] else ""
    return [
        Fact(_("Agency"), terms("agency", agency), _("Part of %(parent)s") % {"parent": parent} if parent else ""),
        Fact(_("Other agencies"), terms("agency", *entry["other_agencies"])),
        Fact(_("Actor"), terms("actor", entry["actor"]), entry["actor_office"] or "", is_quoted=True),
        Fact(_("Other actors"), terms("actor", *entry["other_actors"])),
        Fact(_("Form"), code("form", entry["form"], codebook.FORMS)),
        Fact(_("Category"), terms("category", entry["category"])),
        Fact(_("Topics"), terms("topic", *entry["topics"])),
        Fact(_("Affects"), terms("affects", *entry["affects"])),
        *_known_days(entry),
        Fact(_("Evidence"), code("evidence", derived["evidence"], codebook.EVIDENCE), _corroboration(derived)),
        Fact(_("Identifiers"), [TermLink(identifier) for identifier in entry["identifiers"]]),
        Fact(_("Last checked"), _day(entry["last_verified"])),
    ]


def _known_days(entry: Mapping[str, Any]) -> list[Fact]:
    derived = entry["derived"]
    until = derived["in_force_until"]
    return [
        Fact(
            _("Date certainty"),
            [TermLink(certainty(entry["date"]), is_said=True)] if entry["date"] else [],
            entry["date_note"] or "",
            is_quoted=True,
        ),
        Fact(
            _("In force from"),
            _day(derived["in_force_from"]),
            _("No longer in force on %(day)s") % {"day": dates.display(until)} if until else "",
        ),
        Fact(_("Due"), _day(entry["due_date"]), _("Announced: a plan, not a status")),
    ]


def _day(text: str | None) -> list[TermLink]:
    return [TermLink(dates.display(text), is_said=True)] if text else []


def _corroboration(derived: Mapping[str, Any]) -> str:
    if derived["corroborated"]:
        return _("Corroborated by first-hand sources of two or more publishers")
    return _("Not corroborated by a second publisher")


@dataclass(frozen=True)
class Related:
    """One relation read from this entry: "Reversed by" another; `href` is "" where nothing can be opened."""

    phrase: str
    title: str
    href: str
    when: str
    status: Tag | None
    note: str
    is_foreign: bool


def relations(
    slug: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    visible: Mapping[str, Mapping[str, Any]],
    query: str = "",
    unlinked: Collection[str] = (),
) -> list[Related]:
    """Return the relations of entry `slug` both ways, in the order of the codebook's kinds.

    `rows` are relations as the ledger keeps them; `visible` holds the public records of the other ends by slug.
    A relation whose other end is an entry that is not visible is left out; one of `unlinked` has no page yet.
    """
    order = codebook.RELATION_KINDS.codes.index
    found: dict[tuple[int, str, str], Related] = {}
    for row in sorted(rows, key=lambda row: (row["from"] != slug, order(row["kind"]))):
        related = _related(slug, row, visible=visible, query=query, unlinked=unlinked)
        if related:
            # Both entries may name each other as "see also": a reader needs it once.
            found.setdefault((order(row["kind"]), related.phrase, related.href or related.title), related)
    return list(found.values())


def _related(
    slug: str,
    row: Mapping[str, Any],
    *,
    visible: Mapping[str, Mapping[str, Any]],
    query: str,
    unlinked: Collection[str],
) -> Related | None:
    ours = row["from"] == slug
    told = phrase(row, from_end=ours)
    other = row["to"] if ours else row["from"]
    if other is None:
        return _outside(told, row)
    record = visible.get(other)
    if record is None:
        return None
    entry = record["entry"]
    return Related(
        phrase=told,
        title=entry["title"],
        href="" if other in unlinked else links.action(other, query),
        when=dates.display(entry["date"]) if entry["date"] else "",
        status=_tag_of(entry),
        note=row["note"] or "",
        is_foreign=False,
    )


def _outside(phrase: str, row: Mapping[str, Any]) -> Related:
    """A relation to something that is no entry: a title with an identifier or an address."""
    title = row["title"] or row["identifier"] or row["url"] or ""
    small = row["identifier"] if row["title"] and row["identifier"] else ""
    return Related(phrase, title, links.safe(row["url"]), small or "", None, row["note"] or "", is_foreign=True)
