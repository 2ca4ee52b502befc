"""Sources by themselves: a line of their list, and the page of one with the entries that cite it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from timeline.presenting import links
from timeline.presenting.history import Tag, tag
from timeline.presenting.terms import Named, TermFact
from timeline.presenting.words import day_name, said
from tracker import codebook, dates


@dataclass(frozen=True)
class ListedSource:
    """One line of a list of sources; `uses` entries cite it. `language` is "" where it is not recorded."""

    slug: str
    title: str
    language: str
    href: str
    publisher: Named
    published: str
    datetime: str | None
    kind: str
    is_official: bool
    uses: int


def listed(records: Iterable[str], *, uses: Mapping[str, int], as_of: str = "") -> list[ListedSource]:
    """Return the lines of a list of sources, from their canonical records."""
    return [_listed(json.loads(record)["term"], uses=uses, as_of=as_of) for record in records]


def _listed(source: Mapping[str, Any], *, uses: Mapping[str, int], as_of: str) -> ListedSource:
    kind, published = codebook.SOURCE_KINDS[source["kind"]], source["published"]
    return ListedSource(
        slug=source["slug"],
        title=source["title"],
        language=source["language"] or "",
        href=links.source(source["slug"], as_of),
        publisher=_publisher(source["publisher"], as_of),
        published=dates.display(published) if published else "",
        datetime=dates.datetime_attribute(published) if published else None,
        kind=kind.label,
        is_official=kind.official,
        uses=uses.get(source["slug"], 0),
    )


def _publisher(named: Mapping[str, str], as_of: str) -> Named:
    return Named(named["name"], links.term_page("publisher", named["slug"], as_of=as_of))


@dataclass(frozen=True)
class SourcePage:
    """One source. Addresses are "" where there is none or where they may not be opened from a page."""

    slug: str
    title: str
    language: str
    url: str
    archive_url: str
    archived: str
    facts: list[TermFact]


def source_page(source: Mapping[str, Any], *, as_of: str = "") -> SourcePage:
    """Return the page of a source; its links keep the edition `as_of` if one is pinned."""
    return SourcePage(
        slug=source["slug"],
        title=source["title"],
        language=source["language"] or "",
        url=links.safe(source["url"]),
        archive_url=links.safe(source["archive_url"]),
        archived=day_name(source["archived_at"]) if source["archived_at"] else "",
        facts=[fact for fact in _facts(source, as_of) if fact.values],
    )


def _facts(source: Mapping[str, Any], as_of: str) -> list[TermFact]:
    republished, kind = source["republished_by"], codebook.SOURCE_KINDS[source["kind"]]
    note = _("official") if kind.official else ""
    return [
        TermFact(_("Publisher"), [_publisher(source["publisher"], as_of)]),
        TermFact(_("Read at"), [_publisher(republished, as_of)] if republished else []),
        TermFact(
            _("Kind"), [Named(said(kind.label), links.term_index("source", f"kind={kind.code}"), note, is_said=True)]
        ),
        TermFact(_("By"), [Named(author) for author in source["authors"]]),
        TermFact(_("Published"), _day(source["published"])),
        TermFact(_("Read on"), _day(source["accessed_on"])),
        TermFact(_("Language"), [Named(_language(source["language"]), is_said=True)] if source["language"] else []),
    ]


def _day(text: str | None) -> list[Named]:
    return [Named(dates.display(text), is_said=True)] if text else []


def _language(tag_: str) -> str:
    """Return the name of a language in the words of the page; its BCP 47 tag where it has none here."""
    try:
        return str(get_language_info(tag_.lower())["name_translated"])
    except KeyError:
        return tag_


@dataclass(frozen=True)
class Citing:
    """An entry that rests on a source: on whose word (`attribution`), for what (`bears_on`), or against it."""

    slug: str
    title: str
    href: str
    when: str
    datetime: str | None
    status: Tag
    where_it_stands: str
    attribution: str
    bears_on: list[str]
    disputes: bool


def citing(records: Iterable[str], source: str, *, as_of: str = "") -> list[Citing]:
    """Return the entries, as canonical records, that cite the source of this slug."""
    found = [_citing(json.loads(record), source, as_of=as_of) for record in records]
    return [each for each in found if each]


def _citing(record: Mapping[str, Any], source: str, *, as_of: str) -> Citing | None:
    entry = record["entry"]
    citation = next((each for each in entry["citations"] if each["source"]["slug"] == source), None)
    if citation is None:
        return None
    return Citing(
        slug=record["slug"],
        title=entry["title"],
        href=links.action(record["slug"], f"as_of={as_of}" if as_of else ""),
        when=dates.display(entry["date"]),
        datetime=dates.datetime_attribute(entry["date"]),
        status=tag(entry["derived"]["status"]),
        where_it_stands=entry["where_it_stands"] or "",
        attribution=said(codebook.ATTRIBUTIONS[citation["attribution"]].label),
        bears_on=[said(codebook.BEARS_ON[code].label).lower() for code in citation["bears_on"]],
        disputes=citation["stance"] == "disputes",
    )
