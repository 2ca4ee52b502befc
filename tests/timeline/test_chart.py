"""The chart: what stands in its columns and under its links."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise

import pytest

from tests import factories
from tests.timeline.scene import Scene, publish_scene, select
from timeline.chart import Chart, chart, start_after, start_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


def _publish_on(*days: str) -> None:
    same = factories.entry()
    factories.publish(*(factories.save(**(same | {"date": day})) for day in days))


def _counts(drawn: Chart) -> dict[str, tuple[int, int, int]]:
    return {
        bucket.first.isoformat(): (bucket.all, bucket.matches, bucket.vague) for bucket in drawn.buckets if bucket.all
    }


def test_weeks_count_all_matching_and_vague(scene: Scene) -> None:
    assert _counts(chart(select("agency=white-house"))) == {
        "2025-02-03": (1, 0, 0),
        "2025-02-17": (2, 1, 1),
        "2025-03-03": (1, 1, 0),
        "2025-04-28": (1, 0, 0),
    }


def test_range_fades_columns_and_leaves_their_counts(scene: Scene) -> None:
    drawn = chart(select("from=2025-02-24&to=2025-03"))
    assert _counts(drawn) == _counts(chart(select("")))
    assert [bucket.first.isoformat() for bucket in drawn.buckets if bucket.is_inside] == [
        *("2025-02-24", "2025-03-03", "2025-03-10", "2025-03-17", "2025-03-24", "2025-03-31"),
    ]


def test_weeks_without_entries_are_drawn_too(scene: Scene) -> None:
    assert len(chart(select("")).buckets) == 13


@pytest.mark.parametrize(
    ("days", "unit", "columns"),
    [
        (("2025-01-01", "2026-06-30"), "week", 79),
        (("2025-01-01", "2026-07-01"), "month", 19),
        (("2000-01-01", "2014-12-31"), "month", 180),
        (("2000-01-01", "2015-01-01"), "year", 16),
    ],
    ids=["18 months", "more", "15 years", "longer"],
)
def test_unit_follows_the_span_of_the_record(days: tuple[str, ...], unit: str, columns: int) -> None:
    _publish_on(*days)
    drawn = chart(select(""))
    assert (drawn.unit, len(drawn.buckets)) == (unit, columns)


def test_axis_does_not_move_with_a_filter(scene: Scene) -> None:
    whole, part = chart(select("")), chart(select("status=reversed&from=2025-03"))
    assert [(bucket.x, bucket.width, bucket.height_all) for bucket in whole.buckets] == [
        (bucket.x, bucket.width, bucket.height_all) for bucket in part.buckets
    ]


def test_columns_stay_inside_the_drawing(scene: Scene) -> None:
    for bucket in chart(select("agency=white-house")).buckets:
        assert 0 <= bucket.x < bucket.x + bucket.width <= 1000
        assert 0 <= bucket.height_vague <= bucket.height_matches <= bucket.height_all <= 80
        assert (bucket.y_all, bucket.y_matches) == (80 - bucket.height_all, 80 - bucket.height_matches)


def test_months_are_links_to_themselves_alone(scene: Scene) -> None:
    ticks = chart(select("agency=white-house&page=2")).ticks
    assert [(tick.label, tick.name, tick.n, tick.total) for tick in ticks] == [
        ("Feb", "Feb 2025", 1, 3),
        ("Mar", "Mar 2025", 1, 1),
        ("Apr", "Apr 2025", 0, 0),
        ("May", "May 2025", 0, 1),
    ]
    assert ticks[1].query == "from=2025-03&to=2025-03&agency=white-house"


@pytest.mark.parametrize(("query", "on"), [("", []), ("from=2025-03&to=2025-04-02", ["Mar", "Apr"])])
def test_months_of_the_range_are_on(scene: Scene, query: str, on: list[str]) -> None:
    assert [tick.label for tick in chart(select(query)).ticks if tick.is_on] == on


def test_links_lie_side_by_side(scene: Scene) -> None:
    ticks = chart(select("")).ticks
    assert ticks[0].x == 0
    assert ticks[-1].x + ticks[-1].width == pytest.approx(100, abs=0.1)
    for tick, following in pairwise(ticks):
        assert tick.x + tick.width == pytest.approx(following.x, abs=0.02)


@pytest.mark.parametrize(
    ("days", "names", "query"),
    [
        (("2023-05-01", "2025-01-01"), ["2023", "2024", "2025"], "from=2024&to=2024"),
        (("1995-05-01", "2015-01-01"), ["1990 to 1999", "2000 to 2009", "2010 to 2019"], "from=2000&to=2009"),
    ],
    ids=["years", "decades"],
)  # fmt: skip
def test_longer_records_have_longer_links(days: tuple[str, ...], names: list[str], query: str) -> None:
    _publish_on(*days)
    ticks = chart(select("")).ticks
    assert ([tick.name for tick in ticks], ticks[1].query) == (names, query)


def test_counts_of_the_whole_selection(scene: Scene) -> None:
    drawn = chart(select("agency=white-house&from=2025-03"))
    assert (drawn.count, drawn.total, drawn.highest) == (1, 5, 2)
    assert {month: tuple(count) for month, count in drawn.months.items()} == {
        "2025-02": (0, 3),
        "2025-03": (1, 1),
        "2025-05": (0, 1),
    }


def test_errors_leave_the_whole_record_without_matches(scene: Scene) -> None:
    drawn = chart(select("from=2025-13"))
    assert (drawn.count, drawn.total, {bucket.matches for bucket in drawn.buckets}) == (0, 5, {0})


def test_empty_record_has_no_columns() -> None:
    drawn = chart(select(""))
    assert (drawn.buckets, drawn.ticks, drawn.count, drawn.total, drawn.highest) == ([], [], 0, 0, 0)


def test_chart_costs_one_query(
    scene: Scene, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    chart(select(""))  # the whole edition is counted once
    selection = select("agency=white-house&from=2025-03&in_force_on=2025-03-05")
    with django_assert_num_queries(1):
        chart(selection)


@pytest.mark.parametrize(
    ("unit", "first", "following"),
    [
        ("week", date(2024, 12, 30), date(2025, 1, 6)),
        ("month", date(2025, 1, 1), date(2025, 2, 1)),
        ("year", date(2025, 1, 1), date(2026, 1, 1)),
        ("decade", date(2020, 1, 1), date(2030, 1, 1)),
    ],
)
def test_stretches_begin(unit: str, first: date, following: date) -> None:
    assert (start_of(date(2025, 1, 1), unit), start_after(date(2025, 1, 1), unit)) == (first, following)
