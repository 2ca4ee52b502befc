"""The column chart above the list: counts per week, month or year, as numbers for a 1000 x 80 drawing.

An entry stands at the first day that its date allows. The chart leaves the range of the selection out of its own
counts, so that what lies outside can be drawn faded, and its axis never moves with a filter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from django.db.models import Count, F, IntegerField, Value
from django.utils.translation import gettext as _

from timeline.selection import Selection
from tracker import dates
from tracker.models.ledger import PublishedAction, PublishedActionQuerySet

Unit = Literal["week", "month", "year"]
WIDTH, HEIGHT = 1000, 80
_GAP = 0.15  # of a column's width
_LEAST = 1.5  # height of one entry beside thousands, so that it is seen
_MONTHS_IN_WEEKS, _MONTHS_IN_MONTHS = 18, 15 * 12


class Day(NamedTuple):
    """The first day of an entry, and whether its day is not known."""

    day: date
    is_vague: bool


@dataclass(frozen=True)
class Bucket:
    """One column: the days first..last, its counts, and its rectangles.

    `all` counts every entry, `matches` those that satisfy the filters (range apart), `vague` those of the matches
    whose day is not known. Rectangles stand on the lower edge: x, width, and a height for each count; `y_...` is
    where each begins.
    """

    first: date
    last: date
    all: int
    matches: int
    vague: int
    is_inside: bool
    x: float
    width: float
    height_all: float
    height_matches: float
    height_vague: float

    @property
    def y_all(self) -> float:
        return round(HEIGHT - self.height_all, 1)

    @property
    def y_matches(self) -> float:
        return round(HEIGHT - self.height_matches, 1)


@dataclass(frozen=True)
class Tick:
    """A stretch of the axis that is a link: a month under weeks, a year under months, ten years under years.

    `x` and `width` are percentages; `n` counts matches (range apart), `total` all; `query` shows this stretch only.
    """

    label: str
    name: str
    first: str
    last: str
    x: float
    width: float
    n: int
    total: int
    is_on: bool
    query: str


class MonthCount(NamedTuple):
    """Entries of a month that satisfy the whole selection, and all entries of it."""

    n: int
    total: int


@dataclass(frozen=True)
class Chart:
    """The columns and links; `count` rows of `total` satisfy the whole selection; `months` by "2025-03"."""

    unit: Unit
    buckets: list[Bucket]
    ticks: list[Tick]
    count: int
    total: int
    months: dict[str, MonthCount]

    @property
    def highest(self) -> int:
        """The most entries in one column."""
        return max((bucket.all for bucket in self.buckets), default=0)


Counts = dict[Day, int]


def chart(selection: Selection) -> Chart:
    """Return the chart of a selection. One query, and one for the whole edition unless it is cached."""
    everything = _everything(selection)
    matches, chosen = _chosen(selection, everything)
    months, all_months = _by_month(chosen), _by_month(everything)
    days = [day.day for day in everything]
    unit = _unit(min(days), max(days)) if days else "week"
    return Chart(
        unit=unit,
        buckets=_buckets(selection, unit, everything, matches),
        ticks=_ticks(selection, unit, everything, matches),
        count=sum(chosen.values()),
        total=sum(everything.values()),
        months={month: MonthCount(months[month], total) for month, total in all_months.items()},
    )


# --- counting --------------------------------------------------------------------------------------------------


def _everything(selection: Selection) -> Counts:
    """Return the counts of the whole edition: they never change, so they are kept."""
    newest = selection.newest_edition
    return _edition_counts(newest.number, newest.digest, selection.number) if newest else {}


@lru_cache(maxsize=16)
def _edition_counts(_newest: int, _digest: str, number: int) -> Counts:
    rows = PublishedAction.objects.as_of(number)
    return {_day(key): count for _, key, count in _counted(rows, tag=0)}


def _chosen(selection: Selection, everything: Counts) -> tuple[Counts, Counts]:
    """Return the counts of the selection without its range, and with it. No query when nothing is filtered."""
    if selection.errors:
        return {}, {}
    if not selection.is_filtered:
        return everything, everything
    counted = _counted(selection.narrowed(ignoring="range"), tag=0)
    has_range = bool(selection.values.get("from") or selection.values.get("to"))
    if has_range:
        counted = counted.union(_counted(selection.narrowed(), tag=1), all=True)
    found: tuple[Counts, Counts] = ({}, {})
    for tag, key, count in counted:
        found[tag][_day(key)] = count
    return found if has_range else (found[0], found[0])


def _counted(rows: PublishedActionQuerySet, *, tag: int) -> PublishedActionQuerySet:
    """Return (tag, sort key, count) for each first day, vague or not: `newest` holds both, and has an index."""
    tagged = rows.order_by().annotate(tag=Value(tag, output_field=IntegerField()), key=F("projection__newest"))
    return tagged.values_list("tag", "key").annotate(n=Count("pk"))


def _day(key: int) -> Day:
    """Return what the sort key `newest` was made of (tracker.dates.sort_newest)."""
    return Day(dates.MAX_DAY - timedelta(days=key // 2), bool(key % 2))


def _by_month(counts: Counts) -> Counter[str]:
    return _grouped(counts, lambda day: f"{day:%Y-%m}")


def _grouped(counts: Counts, key: Callable[[date], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for day, count in counts.items():
        found[key(day.day)] += count
    return found


# --- columns ---------------------------------------------------------------------------------------------------


def _unit(first: date, last: date) -> Unit:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= _MONTHS_IN_WEEKS:
        return "week"
    return "month" if months <= _MONTHS_IN_MONTHS else "year"


def start_of(day: date, unit: str) -> date:
    """Return the first day of the week (Monday), month, year or ten years of `day`."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
    return date(day.year // 10 * 10, 1, 1)


def start_after(day: date, unit: str) -> date:
    """Return the first day of the next week, month, year or ten years."""
    first = start_of(day, unit)
    match unit:
        case "week":
            return first + timedelta(days=7)
        case "month":
            return (first + timedelta(days=31)).replace(day=1)
        case "year":
            return first.replace(year=first.year + 1)
    return first.replace(year=first.year + 10)


def _stretches(days: Iterable[date], unit: str) -> list[tuple[date, date]]:
    """Return the (first, last) days of every stretch from the first day to the last, empty ones included."""
    ordered = sorted(days)
    found = []
    first = start_of(ordered[0], unit) if ordered else date.max
    while ordered and first <= ordered[-1]:
        following = start_after(first, unit)
        found.append((first, following - timedelta(days=1)))
        first = following
    return found


def _buckets(selection: Selection, unit: Unit, everything: Counts, matches: Counts) -> list[Bucket]:
    stretches = _stretches((day.day for day in everything), unit)
    totals, chosen = _per_start(everything, unit), _per_start(matches, unit)
    vague = _per_start({day: count for day, count in matches.items() if day.is_vague}, unit)
    highest = max(totals.values(), default=1)
    step = WIDTH / len(stretches) if stretches else WIDTH
    return [
        Bucket(
            first=first, last=last, all=totals[first], matches=chosen[first], vague=vague[first],
            is_inside=_is_inside(selection, first, last),
            x=round(index * step + step * _GAP / 2, 1), width=round(step * (1 - _GAP), 1),
            height_all=_height(totals[first], highest),
            height_matches=_height(chosen[first], highest),
            height_vague=_height(vague[first], highest),
        )
        for index, (first, last) in enumerate(stretches)
    ]  # fmt: skip


def _per_start(counts: Counts, unit: str) -> Counter[date]:
    found: Counter[date] = Counter()
    for day, count in counts.items():
        found[start_of(day.day, unit)] += count
    return found


def _height(count: int, highest: int) -> float:
    return round(max(HEIGHT * count / highest, _LEAST), 1) if count else 0.0


def _is_inside(selection: Selection, first: date, last: date) -> bool:
    """Whether a stretch overlaps the range of the selection."""
    start, end = selection.values.get("from"), selection.values.get("to")
    return (start is None or last >= start) and (end is None or first <= end)


# --- the axis --------------------------------------------------------------------------------------------------

_LABELLED = {"week": "month", "month": "year", "year": "decade"}


def _ticks(selection: Selection, unit: Unit, everything: Counts, matches: Counts) -> list[Tick]:
    labelled = _LABELLED[unit]
    columns = _stretches((day.day for day in everything), unit)
    totals, chosen = _per_start(everything, labelled), _per_start(matches, labelled)
    return [
        _tick(selection, labelled, stretch, columns, n=chosen[stretch[0]], total=totals[stretch[0]])
        for stretch in _stretches((day.day for day in everything), labelled)
    ]


def _tick(
    selection: Selection, unit: str, stretch: tuple[date, date], columns: list[tuple[date, date]], *, n: int, total: int
) -> Tick:
    left, right = (_place(day, columns) for day in (stretch[0], stretch[1] + timedelta(days=1)))
    first, last = (f"{day:%Y-%m}" if unit == "month" else f"{day:%Y}" for day in stretch)
    name = (
        dates.display(first).partition(",")[0]
        if first == last
        else _("%(first)s to %(last)s") % {"first": first, "last": last}
    )
    ranged = bool(selection.values.get("from") or selection.values.get("to"))
    return Tick(
        label=dates.month(stretch[0]) if unit == "month" else first, name=name, first=first, last=last,
        x=left, width=round(right - left, 2), n=n, total=total,
        is_on=ranged and _is_inside(selection, *stretch),
        query=selection.query(**{"from": first, "to": last}),
    )  # fmt: skip


def _place(day: date, columns: list[tuple[date, date]]) -> float:
    """Return where `day` lies on the axis, in percent of its length, within 0 to 100."""
    start, end = columns[0][0], columns[-1][1] + timedelta(days=1)
    return round(min(max((day - start) / (end - start), 0.0), 1.0) * 100, 2)
