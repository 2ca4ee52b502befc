"""The chart's geometry: nothing leaves the drawing, labels do not touch."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from timeline.chart import Bucket, Chart, Tick, Unit
from timeline.presenting.histogram import Histogram, histogram


def _bucket(place: int, number: int, *, matches: int = 1, vague: int = 0, is_inside: bool = True) -> Bucket:
    step = 1000 / number
    return Bucket(
        first=date(2025, 3, 3), last=date(2025, 3, 9), all=2, matches=matches, vague=vague, is_inside=is_inside,
        x=place * step, width=step * 0.85, height_all=80.0, height_matches=40.0 * matches, height_vague=40.0 * vague,
    )  # fmt: skip


def _tick(place: int, number: int, *, width: float | None = None) -> Tick:
    first = f"{2024 + place // 12}-{place % 12 + 1:02}"
    share = 100 / number
    return Tick(
        label="Mon", name=first, first=first, last=first, x=place * share, width=width or share,
        n=1, total=2, is_on=False, query=f"from={first}",
    )  # fmt: skip


def _chart(buckets: list[Bucket], ticks: list[Tick]) -> Chart:
    return Chart(unit="week", buckets=buckets, ticks=ticks, count=1, total=2, months={})


def _drawn(chart: Chart, *, has_range: bool = False) -> Histogram:
    drawn = histogram(chart, has_range=has_range)
    assert drawn is not None
    return drawn


def test_nothing_to_draw() -> None:
    assert histogram(_chart([], []), has_range=False) is None


@pytest.mark.parametrize("number", [1, 6, 78, 326])
def test_columns_stay_inside_and_stand_on_the_ground(number: int) -> None:
    drawn = _drawn(_chart([_bucket(place, number) for place in range(number)], []))
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.1 for bar in drawn.bars)
    assert all(bar.y + bar.height == pytest.approx(100) for bar in drawn.bars)


def test_vague_part_hangs_from_the_top_of_the_matches() -> None:
    drawn = _drawn(_chart([_bucket(0, 1, matches=2, vague=1)], []))
    assert [(bar.css, bar.y, bar.height) for bar in drawn.bars] == [
        ("b-t", 0, 100),
        ("b-m", 0, 100),
        ("b-v", 0, 50),
    ]
    assert drawn.has_vague


def test_empty_matches_are_not_drawn() -> None:
    drawn = _drawn(_chart([_bucket(0, 1, matches=0)], []))
    assert [bar.css for bar in drawn.bars] == ["b-t"]


def test_window_covers_the_columns_inside_the_range() -> None:
    buckets = [_bucket(place, 4, is_inside=place in (1, 2)) for place in range(4)]
    drawn = _drawn(_chart(buckets, []), has_range=True)
    assert (drawn.has_window, drawn.window.x, drawn.window.right) == (True, 25, 75)


def test_handles_stand_at_the_borders_of_the_window() -> None:
    buckets = [_bucket(place, 4, is_inside=place in (1, 2)) for place in range(4)]
    drawn = _drawn(_chart(buckets, []), has_range=True)
    assert (drawn.brush.low, drawn.brush.high) == (1, 3)


@pytest.mark.parametrize(
    ("unit", "column"),
    [("week", "2025-03-03|3 Mar 2025|2025-03-09|9 Mar 2025"), ("month", "2025-03|Mar 2025"), ("year", "2025|2025")],
)
def test_handles_choose_whole_columns(unit: Unit, column: str) -> None:
    drawn = _drawn(replace(_chart([_bucket(0, 1)], []), unit=unit))
    assert drawn.brush.columns == column


def test_range_beside_the_chart_has_no_window() -> None:
    drawn = _drawn(_chart([_bucket(0, 1, is_inside=False)], []), has_range=True)
    assert (drawn.has_window, drawn.brush.low, drawn.brush.high) == (False, 0, 1)


@pytest.mark.parametrize("number", [1, 5, 18, 40])
def test_labels_of_the_axis_do_not_touch(number: int) -> None:
    ticks = [_tick(place, number) for place in range(number)]
    drawn = _drawn(_chart([_bucket(0, 1)], ticks))
    named = [tick.x for tick in drawn.ticks if tick.name]
    narrow = [tick.x for tick in drawn.ticks if tick.name and not tick.is_sparse]
    assert named[0] == 0
    assert all(later - sooner >= 4 for sooner, later in pairwise(named))
    assert all(later - sooner >= 13 for sooner, later in pairwise(narrow))


def test_sliver_of_a_month_leaves_the_label_to_the_next() -> None:
    ticks = [_tick(0, 2, width=2.0), _tick(1, 2)]
    drawn = _drawn(_chart([_bucket(0, 1)], ticks))
    assert [bool(tick.name) for tick in drawn.ticks] == [False, True]


def test_januaries_say_their_year_when_there_are_several() -> None:
    ticks = [_tick(place, 14) for place in range(14)]
    drawn = _drawn(_chart([_bucket(0, 1)], ticks))
    assert [tick.name for tick in drawn.ticks if tick.name != "Mon"] == ["Mon 2024", "Mon 2025"]
