"""The status history of an entry: tag, trail, steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import ngettext

from timeline.presenting.words import said
from tracker import codebook, dates


@dataclass(frozen=True)
class Tag:
    """A status as drawn: the name of its symbol and its word."""

    glyph: str
    label: str


@dataclass(frozen=True)
class TrailStep:
    """One status and its day; `lasted` ("in effect 8 days") tells how long the one before it held."""

    tag: Tag
    date: str
    lasted: str


@dataclass(frozen=True)
class Step:
    """One line of the history on the page of an entry; `tag` is None for a development without status.

    `lasted` ("in effect 8 days") tells how long the status held, where it ended.
    """

    tag: Tag | None
    date: str
    datetime: str | None
    by: str
    note: str
    source: int | None
    lasted: str = ""


def tag(status: str) -> Tag:
    """Return how a status code is drawn."""
    found = codebook.STATUSES[status]
    return Tag(found.glyph, found.label)


def trail(history: Sequence[Mapping[str, Any]], *, year: int) -> list[TrailStep]:
    """Return the statuses in their order; days of another year than `year` say which."""
    lines = [line for line in history if line["status"]]
    spans = ["", *(lasted(line, following) for line, following in pairwise(lines))]
    return [
        TrailStep(tag(line["status"]), _day(line["date"], year=year), span)
        for line, span in zip(lines, spans, strict=True)
    ]


def lasted(line: Mapping[str, Any], following: Mapping[str, Any]) -> str:
    """Return "in effect 8 days", or "" where nothing applied or a day is not known.

    A status holds from the whole of its day until the day of the next one (codebook 2.1).
    """
    status = codebook.STATUSES[line["status"]]
    start, end = dates.parse(line["date"]), dates.parse(following["date"])
    if status.in_force not in codebook.IN_FORCE_VALUES_HOLDING or not (start.is_exact and end.is_exact):
        return ""
    days = (end.earliest - start.earliest).days
    if days <= 0:
        return ""
    words = ngettext("%(status)s %(days)s day", "%(status)s %(days)s days", days)
    return words % {"status": said(status.label).lower(), "days": days}


def _day(text: str, *, year: int) -> str:
    found = dates.parse(text)
    same = found.earliest.year == found.latest.year == year
    return dates.within(dates.display_short(found) if same else dates.display(found))


def steps(history: Sequence[Mapping[str, Any]], *, numbers: Mapping[str, int]) -> list[Step]:
    """Return the lines oldest first, as they stand in the record; `numbers` maps a source to its number."""
    ends = _ends(history)
    return [
        Step(
            tag=tag(line["status"]) if line["status"] else None,
            date=dates.display(line["date"]),
            datetime=dates.datetime_attribute(line["date"]),
            by=said(codebook.BY_PHRASES.get(line["by"] or "", "")),
            note=line["note"] or "",
            source=numbers.get(line["source"] or ""),
            lasted=lasted(line, ends[place]) if place in ends else "",
        )
        for place, line in enumerate(history)
    ]


def _ends(history: Sequence[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Return, by the place of each line whose status was followed by another, the line that ended it."""
    with_status = [(place, line) for place, line in enumerate(history) if line["status"]]
    return {place: following for (place, _), (_, following) in pairwise(with_status)}
