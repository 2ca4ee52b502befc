"""The chart as an SVG without inline style: every place is an attribute, in percent of width or height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timeline.presenting import links
from timeline.presenting.words import counted
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
    """The columns that the range of days covers."""

    x: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 3)


@dataclass(frozen=True)
class AxisLink:
    """A month or year below the columns, a link to itself; `name` is "" where there is no room for it."""

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

    unit: str
    highest: int
    label: str
    axis_label: str
    bars: list[Bar]
    window: Window | None
    ticks: list[AxisLink]
    has_vague: bool


def histogram(chart: Chart, *, has_range: bool) -> Histogram | None:
    """Return the drawing of a chart; None when there is nothing to draw."""
    if not chart.buckets:
        return None
    first, last = chart.buckets[0].first, chart.buckets[-1].last
    return Histogram(
        unit=chart.unit,
        highest=chart.highest,
        label=(
            f"Column chart of actions per {chart.unit} from {dates.display(first.isoformat())} to "
            f"{dates.display(last.isoformat())}, at most {chart.highest:,} in one {chart.unit}. "
            "The links below the chart give the counts."
        ),
        axis_label="Show a part of the timeline",
        bars=[bar for bucket in chart.buckets for bar in _bars(bucket)],
        window=_window(chart.buckets) if has_range else None,
        ticks=_axis(chart.ticks),
        has_vague=any(bucket.vague for bucket in chart.buckets),
    )


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


def _window(buckets: Sequence[Bucket]) -> Window | None:
    inside = [place for place, bucket in enumerate(buckets) if bucket.is_inside]
    if not inside:
        return None
    step = 100 / len(buckets)
    return Window(round(inside[0] * step, 2), round((inside[-1] - inside[0] + 1) * step, 2))


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
    return AxisLink(
        name=name,
        label=f"{tick.label} {tick.n:,} of {counted(tick.total, 'action')}: show only {tick.name}",
        href=links.timeline(tick.query),
        count=tick.n,
        total=tick.total,
        x=tick.x,
        width=tick.width,
        is_on=tick.is_on,
        is_sparse=is_sparse,
    )
