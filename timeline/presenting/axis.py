"""A common axis of days, in percent of its width, with as many marks and labels as there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils import dateformat

ONE_DAY = timedelta(days=1)

# Months between two marks: months, quarters, years, five years and so on; each divides the next, so that what is
# labelled is marked.
_STEPS = (1, 3, 12, 60, 120, 600, 1200)
_MOST_MARKS = 19
"""Eighteen months and the one in which they end; one mark more, and the next longer step is taken."""
_LABELLED_APART = 11.0
"""Least distance between two labels: four digits in a track of 18 rem, which is also what a telephone has."""


@dataclass(frozen=True)
class Mark:
    """A line of the axis; `label` and, at the first label and each January, `year` are "" where there is no room."""

    x: float
    label: str = ""
    year: str = ""


@dataclass(frozen=True)
class Axis:
    """The days from `first`, the first of a month, up to and without `end`."""

    first: date
    end: date
    marks: tuple[Mark, ...]

    def at(self, day: date) -> float:
        """Return where a day begins, from 0 to 100."""
        return _share(day, self.first, self.end)


def axis(first: date, last: date) -> Axis:
    """Return the axis that shows `first` and `last`, both included, and begins with a mark."""
    end = last + ONE_DAY
    step = next(step for step in _STEPS if len(_starts(first, end, step)) <= _MOST_MARKS)
    start = _starts(first, end, step)[0]
    labels = _labels(step, start, end)
    marks = (labels.get(day) or Mark(_share(day, start, end)) for day in _starts(start, end, step))
    return Axis(start, end, tuple(marks))


def _share(day: date, first: date, end: date) -> float:
    return round(100 * (day - first).days / (end - first).days, 3)


def _starts(first: date, end: date, step: int) -> list[date]:
    """Return the first days of the months that `step` divides, from that of `first` on, so that decades begin at 0."""
    month = first.year * 12 + first.month - 1
    months = range(month - month % step, end.year * 12 + end.month, step)
    days = (date(month // 12, month % 12 + 1, 1) for month in months)
    return [day for day in days if day < end]


def _labels(least: int, first: date, end: date) -> dict[date, Mark]:
    """Return the marks that are labelled, by day: those of the shortest step, `least` or longer, with room for all."""
    for step in (step for step in _STEPS if step >= least):
        days = [day for day in _starts(first, end, step) if day >= first]
        placed = [(day, _share(day, first, end)) for day in days]
        if all(later - sooner >= _LABELLED_APART for (_, sooner), (_, later) in pairwise(placed)):
            break
    # The last one may be too near to the end.
    shown = [(day, x) for day, x in placed if x <= 100 - _LABELLED_APART or x == 0]
    return {day: Mark(x, *_words(day, step, is_first=place == 0)) for place, (day, x) in enumerate(shown)}


def _words(day: date, step: int, *, is_first: bool) -> tuple[str, str]:
    """Return what a mark is called: its year, or its month with the year where there is a new one."""
    if step % 12 == 0:
        return str(day.year), ""
    return dateformat.format(day, "M"), str(day.year) if day.month == 1 or is_first else ""
