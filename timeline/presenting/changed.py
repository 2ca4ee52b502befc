"""What one edition did to one entry, for readers: the kind of change, why, and each field before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from timeline.changes import Version
from timeline.presenting import links
from timeline.presenting.marks import BUDGET, Pieces, marked
from timeline.presenting.words import day_name, said
from tracker import codebook
from tracker.columns import instant
from tracker.comparing import Difference


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; an empty side means that nothing was there."""

    label: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True)
class EntryChange:
    """One version of one entry. Addresses are "" where nothing can be opened; `title` is "" once the law removed it.

    `change` is a code of CHANGES, `kind` its word; `reason` is that of a retraction, in words.
    """

    slug: str
    title: str
    href: str
    compare_href: str
    version: int
    edition: int
    day: str
    datetime: str
    change: str
    kind: str
    note: str
    reason: str
    fields: list[FieldChange]

    @property
    def is_first(self) -> bool:
        """Whether the entry appeared with it."""
        return self.version == 1


def fields(found: Iterable[Difference], *, budget: int = BUDGET) -> list[FieldChange]:
    """Return differences with the words marked that changed; `budget` is that of each pair of texts."""
    return [FieldChange(each.label, *marked(each.before, each.after, budget=budget)) for each in found]


def entry_change(
    version: Version, found: Iterable[Difference] = (), *, as_of: str = "", budget: int = BUDGET
) -> EntryChange:
    """Return one `Version` of timeline.changes as readers see it; `found` are its differences."""
    text = json.loads(version.record) if version.record else {}
    before = json.loads(version.before) if version.before else {}
    entry = text.get("entry") or before.get("entry") or {}
    query = f"as_of={as_of}" if as_of else ""
    is_comparable = bool(text.get("entry") and before.get("entry"))
    return EntryChange(
        slug=version.slug,
        title=entry.get("title", "") if text else "",
        href=_address(version, query) if text else "",
        compare_href=links.compare(version.slug, version.number - 1, version.number, as_of=as_of)
        if is_comparable
        else "",
        version=version.number,
        edition=version.edition,
        day=day_name(version.at),
        datetime=instant(version.at),
        change=version.change,
        kind=said(codebook.CHANGES[version.change].label),
        note=version.note if text else "",
        reason=said(codebook.RETRACTION_REASONS[text["reason"]].definition) if text.get("reason") else "",
        fields=fields(found, budget=budget),
    )


def _address(version: Version, query: str) -> str:
    """Return where to read on: the version that was sealed, or what the page of a retracted entry says."""
    if version.change == "retracted":
        return links.action(version.slug, query)
    return links.version(version.slug, version.number, query)


def kinds(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return (word, number) for each kind of change that happened, in the order of the codebook."""
    found = dict(counts)
    return [(said(code.label), found[code.code]) for code in codebook.CHANGES.values() if found.get(code.code)]
