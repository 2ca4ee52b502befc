"""The chart as an SVG without inline style: every place is an attribute, in percent of width or height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.presenting import links
from timeline.presenting.words import grouped
from tracker import dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.chart import Bucket, Chart, Tick

_WIDEST = 6.0
"""A column in percent: with few of them, bars would look like blocks."""
_LABELLED_APART = 4.0
"""Least distance between two labels of the axis, in percent of a wide screen; of a narrow one, below."""
_LABELLED_APART_NARROW = 13.0


@dataclass(frozen=True)
class Bar:
    """One rectangle; `css` says what it counts and whether it lies outside the range."""

    css: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Window:
    """The columns that the range of days covers; all of them where there is none."""

    x: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 3)


@dataclass(frozen=True)
class Brush:
    """What its two handles choose from: the borders of the columns, 0 to their number.

    `columns` holds for each column "first|words|last|words", the days as the fields take them; the second half is
    left out where it says the same (months, years). The handles stand at `low` and `high`.
    """

    columns: str
    low: int
    high: int


@dataclass(frozen=True)
class AxisLink:
    """A month or year below the columns, a link to itself; `name` is "" where there is no room for it."""

    key: str
    name: str
    label: str
    href: str
    count: int
    total: int
    x: float
    width: float
    is_on: bool
    is_sparse: bool


@dataclass(frozen=True)
class Histogram:
    """Everything the drawing needs."""

    heading: str
    highest: int
    label: str
    axis_label: str
    bars: list[Bar]
    window: Window
    has_window: bool
    brush: Brush
    ticks: list[AxisLink]
    has_vague: bool


def histogram(chart: Chart, *, has_range: bool) -> Histogram | None:
    """Return the drawing of a chart; None when there is nothing to draw."""
    if not chart.buckets:
        return None
    inside = [place for place, bucket in enumerate(chart.buckets) if bucket.is_inside]
    has_window = has_range and bool(inside)
    low, high = (inside[0], inside[-1] + 1) if has_window else (0, len(chart.buckets))
    step = 100 / len(chart.buckets)
    return Histogram(
        heading=_headings()[chart.unit],
        highest=chart.highest,
        label=_label(chart),
        axis_label=_("Show a part of the timeline"),
        bars=[bar for bucket in chart.buckets for bar in _bars(bucket)],
        window=Window(round(low * step, 2), round((high - low) * step, 2)),
        has_window=has_window,
        brush=Brush(";".join(_column(bucket, chart.unit) for bucket in chart.buckets), low, high),
        ticks=_axis(chart.ticks),
        has_vague=any(bucket.vague for bucket in chart.buckets),
    )


def _headings() -> dict[str, str]:
    return {"week": _("Actions per week"), "month": _("Actions per month"), "year": _("Actions per year")}


def _label(chart: Chart) -> str:
    told = {
        "week": _("Column chart of actions per week from %(first)s to %(last)s, at most %(highest)s in one week. "
                  "The links below the chart give the counts."),
        "month": _("Column chart of actions per month from %(first)s to %(last)s, at most %(highest)s in one month. "
                   "The links below the chart give the counts."),
        "year": _("Column chart of actions per year from %(first)s to %(last)s, at most %(highest)s in one year. "
                  "The links below the chart give the counts."),
    }  # fmt: skip
    return told[chart.unit] % {
        "first": dates.display(chart.buckets[0].first.isoformat()),
        "last": dates.display(chart.buckets[-1].last.isoformat()),
        "highest": grouped(chart.highest),
    }


_WRITTEN = {"week": 10, "month": 7, "year": 4}
"""Characters of an ISO day that name a column: weeks are written by their days."""


def _column(bucket: Bucket, unit: str) -> str:
    ends = dict.fromkeys(day.isoformat()[: _WRITTEN[unit]] for day in (bucket.first, bucket.last))
    return "|".join(f"{text}|{dates.display(text).partition(',')[0]}" for text in ends)


def _bars(bucket: Bucket) -> list[Bar]:
    """The columns of one stretch, from behind to in front; those without entries are left out."""
    slot = _percent(bucket.width, 1000)
    width = min(slot, _WIDEST)
    left = round(_percent(bucket.x, 1000) + (slot - width) / 2, 2)
    out = "" if bucket.is_inside else " out"
    heights = (
        ("b-t", bucket.y_all, bucket.height_all),
        (f"b-m{out}", bucket.y_matches, bucket.height_matches),
        (f"b-v{out}", bucket.y_matches, bucket.height_vague),
    )
    return [Bar(css, left, _percent(y, 80), width, _percent(height, 80)) for css, y, height in heights if height]


def _percent(value: float, whole: float) -> float:
    return round(100 * value / whole, 2)


def _axis(ticks: Sequence[Tick]) -> list[AxisLink]:
    """Place the labels so that they do not touch, on wide screens and on narrow ones."""
    spans_years = len({tick.first[:4] for tick in ticks}) > 1
    usual = max((tick.width for tick in ticks), default=0.0)
    found: list[AxisLink] = []
    wide = narrow = float("-inf")
    for tick in ticks:
        roomy = tick.width >= usual * 0.6
        is_named = roomy and tick.x - wide >= _LABELLED_APART
        is_sparse = not (is_named and tick.x - narrow >= _LABELLED_APART_NARROW)
        wide = tick.x if is_named else wide
        narrow = narrow if is_sparse else tick.x
        found.append(_link(tick, name=_name(tick, spans_years) if is_named else "", is_sparse=is_sparse))
    return found


def _name(tick: Tick, spans_years: bool) -> str:
    """Say the year at each January, if there are several."""
    return f"{tick.label} {tick.first[:4]}" if spans_years and tick.first.endswith("-01") else tick.label


def _link(tick: Tick, *, name: str, is_sparse: bool) -> AxisLink:
    told = ngettext(
        "%(label)s %(count)s of %(total)s action: show only %(name)s",
        "%(label)s %(count)s of %(total)s actions: show only %(name)s",
        tick.total,
    )
    return AxisLink(
        key=tick.first,
        name=name,
        label=told % {"label": tick.label, "count": grouped(tick.n), "total": grouped(tick.total), "name": tick.name},
        href=links.timeline(tick.query),
        count=tick.n,
        total=tick.total,
        x=tick.x,
        width=tick.width,
        is_on=tick.is_on,
        is_sparse=is_sparse,
    )
