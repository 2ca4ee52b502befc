"""The versions of an entry: a line for each, and what stands above one that is read by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from timeline.presenting import links
from timeline.presenting.words import day_name, said
from tracker import codebook


@dataclass(frozen=True)
class Sealed:
    """What the ledger says of one version. `has_text` is false for a retraction and for what the law removed."""

    number: int
    edition: int
    at: datetime
    change: str
    note: str
    has_text: bool


@dataclass(frozen=True)
class VersionLine:
    """One version of the entry: what kind of change, when, in which edition, and the note to readers.

    `href` is "" where the version has no text; `compare_href` leads to what differs from the version before, and is
    "" where either has none.
    """

    version: int
    edition: int
    day: str
    datetime: str
    change: str
    note: str
    href: str
    compare_href: str
    is_shown: bool


@dataclass(frozen=True)
class Banner:
    """Which version a page shows; `following` is the one that replaced it, None where it is the last."""

    number: int
    count: int
    edition: int
    following: VersionLine | None


def version_lines(slug: str, sealed: Iterable[Sealed], *, as_of: str = "", shown: int = 0) -> list[VersionLine]:
    """Return the lines of the versions of entry `slug`, given the newest first; `shown` is the one on the page."""
    rows = list(sealed)
    texts = {row.number for row in rows if row.has_text}
    query = f"as_of={as_of}" if as_of else ""
    return [
        VersionLine(
            version=row.number,
            edition=row.edition,
            day=day_name(row.at),
            datetime=row.at.date().isoformat(),
            change=said(codebook.CHANGES[row.change].label),
            note=row.note,
            href=links.version(slug, row.number, query) if row.has_text else "",
            compare_href=links.compare(slug, row.number - 1, row.number, as_of=as_of)
            if {row.number, row.number - 1} <= texts
            else "",
            is_shown=row.number == shown,
        )
        for row in rows
    ]


def banner(lines: Iterable[VersionLine], number: int) -> Banner:
    """Return what stands above version `number`; `lines` are those of all versions, the newest first."""
    every = list(lines)
    (line,) = (each for each in every if each.version == number)
    following = next((later for later, earlier in pairwise(every) if earlier.version == number), None)
    return Banner(number=number, count=len(every), edition=line.edition, following=following)
