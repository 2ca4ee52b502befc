"""Each entry's status over time, as bars on an axis that the entries of a page share.

Places are attributes in percent, so that the drawing needs no style. Nothing depends on today: what still holds
runs to the end of the axis, which is the day of the edition served or the last day named on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting.axis import ONE_DAY, Axis, axis
from timeline.presenting.entries import Card, Group
from timeline.presenting.history import trail
from timeline.presenting.words import said
from tracker import codebook, dates

History = Sequence[Mapping[str, Any]]

# How a status is drawn; what is not named here is a bar. The stylesheet gives each its own stroke or pattern.
_SHAPES = {"took_place": "point"} | dict.fromkeys(("reversed", "superseded", "expired", "withdrawn"), "line")


@dataclass(frozen=True)
class Step:
    """A status: it may have begun on `first`, and surely holds from `sure` on; a known day is both."""

    status: str
    text: str
    first: date
    sure: date

    @property
    def is_vague(self) -> bool:
        """Whether the day is not known."""
        return self.first < self.sure


@dataclass(frozen=True)
class Segment:
    """A part of a track: `shape` is bar, line, point or vague; a point has no width. `title` says it in words."""

    shape: str
    glyph: str
    title: str
    x: float
    width: float = 0.0

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 3)


@dataclass(frozen=True)
class Row:
    """One entry: its card, its track, and the track in one sentence."""

    card: Card
    segments: list[Segment]
    sentence: str


@dataclass(frozen=True)
class TrackGroup:
    """Rows under one heading, as in the list."""

    key: str
    heading: str
    count: str
    rows: list[Row]


@dataclass(frozen=True)
class Sample:
    """A line of the key: what a status looks like."""

    label: str
    part: Segment


@dataclass(frozen=True)
class Tracks:
    """Everything the drawing needs; `samples` explain what is drawn on the page."""

    axis: Axis
    groups: list[TrackGroup]
    samples: list[Sample]


def tracks(groups: Sequence[Group], *, last: date) -> Tracks:
    """Return the tracks of the entries of a page, under the same headings; at least one entry.

    `last` is the day of the edition served: what it says holds up to then.
    """
    lines = [[steps(card.history) for card in each.cards] for each in groups]
    drawn = [step for group in lines for line in group for step in line]
    days = [day for step in drawn for day in (step.first, step.sure)] or [last]
    common = axis(min(days), max(*days, last))
    return Tracks(
        axis=common,
        groups=[
            TrackGroup(
                each.key,
                each.heading,
                each.count,
                [_row(card, line, common) for card, line in zip(each.cards, found, strict=True)],
            )
            for each, found in zip(groups, lines, strict=True)
        ],
        samples=_samples(drawn),
    )


def _row(card: Card, line: Sequence[Step], common: Axis) -> Row:
    return Row(card, segments(line, common), sentence(card.history))


def _samples(drawn: Sequence[Step]) -> list[Sample]:
    """Return the key: each status of the page in the order of the codebook, and the day that is not known."""
    used = {step.status for step in drawn}
    told = [
        Sample(said(found.label), Segment(shape(code), found.glyph, "", 50.0 if shape(code) == "point" else 0.0, 100.0))
        for code, found in codebook.STATUSES.items()
        if code in used
    ]
    if any(step.is_vague for step in drawn):
        told.append(Sample(_("Day not known"), Segment("vague", "reported", "", 0.0, 100.0)))
    return told


def shape(status: str) -> str:
    """Return how a status is drawn: bar, line or point."""
    return _SHAPES.get(status, "bar")


def steps(history: History) -> list[Step]:
    """Return the statuses in order of position, each no earlier than the one before it may have begun.

    A date with `?`, `~` or `%` may be a day off, as everywhere (the spans of the ledger are cut the same way).
    """
    lines = [(line, dates.parse(line["date"])) for line in history if line["status"]]
    firsts = [found.earliest for _line, found in lines]
    sures = [found.latest + ONE_DAY * found.is_qualified for _line, found in lines]
    for place in range(1, len(lines)):
        firsts[place] = max(firsts[place], firsts[place - 1])
    for place in range(len(lines) - 2, -1, -1):
        sures[place] = min(sures[place], sures[place + 1])
    return [
        Step(line["status"], dates.display(line["date"]), first, max(first, sure))
        for (line, _found), first, sure in zip(lines, firsts, sures, strict=True)
    ]


def segments(line: Sequence[Step], common: Axis) -> list[Segment]:
    """Return the parts of a track from left to right; none lies over another, points apart."""
    ends = [later.first for _sooner, later in pairwise(line)]
    found: list[Segment] = []
    begun = common.first
    for step, end in zip(line, [*ends, common.end], strict=False):
        found += _vague(step, max(begun, step.first), common)
        found += _certain(step, end, common)
        begun = step.sure
    return found


def _vague(step: Step, first: date, common: Axis) -> list[Segment]:
    """Return the stretch in which a status may have begun."""
    if first >= step.sure:
        return []
    told = _("%(status)s: %(date)s") % {"status": _label(step), "date": step.text}
    return [_between("vague", step, told, common.at(first), common.at(step.sure))]


def _certain(step: Step, end: date, common: Axis) -> list[Segment]:
    """Return the stretch up to the next status, or the point of what only took place."""
    told = _("%(status)s: %(date)s") % {"status": _label(step), "date": step.text}
    if shape(step.status) == "point":
        middle = (common.at(step.first) + common.at(step.sure + ONE_DAY)) / 2
        return [Segment("point", _glyph(step), told, round(min(middle, 100.0), 3))]
    if end <= step.sure:
        return []
    return [_between(shape(step.status), step, told, common.at(step.sure), common.at(end))]


def _between(drawn: str, step: Step, title: str, left: float, right: float) -> Segment:
    return Segment(drawn, _glyph(step), title, left, round(right - left, 3))


def _label(step: Step) -> str:
    return said(codebook.STATUSES[step.status].label)


def _glyph(step: Step) -> str:
    return codebook.STATUSES[step.status].glyph


def sentence(history: History) -> str:
    """Return a track in words: "In effect 3 Mar 2025, then Reversed 11 Mar 2025 (in effect 8 days)"."""
    # No year is understood: each day says its own.
    told = [
        f"{said(step.tag.label)} {step.date}" + (f" ({step.lasted})" if step.lasted else "")
        for step in trail(history, year=0)
    ]
    return _(", then ").join(told)
