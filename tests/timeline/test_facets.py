"""Facets: the count of a value is the count of ticking it, and options do not move."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.timeline.scene import SECOND, Scene, publish_scene, select
from timeline.facets import FACETS, Option, counts
from tracker import codebook, publishing

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


def _option(query: str, dimension: str, value: str) -> Option:
    return next(option for option in counts(select(query))[dimension] if option.value == value)


COUNTED = {
    "a top body with its parts": ("", "agency", "justice-department", 2),
    "a body without entries of its own": ("", "agency", "defense-department", 1),
    "a part": ("", "agency", "task-force-unit", 1),
    "a member with its groups": ("", "affects", "ukraine", 2),
    "a group": ("", "affects", "europe", 1),
    "not coded": ("", "category", "not-coded", 1),
    "its own selection is ignored": ("status=reversed", "status", "in_effect", 1),
    "other selections are not": ("status=reversed", "agency", "justice-department", 0),
    "both kinds at once": ("status=reversed&agency=justice-department", "agency", "white-house", 1),
    "in force now": ("", "in_force", "yes", 1),
    "in force on a day": ("in_force_on=2025-03-05", "in_force", "yes", 2),
    "not in force on that day": ("in_force_on=2025-03-05&in_force=yes", "in_force", "no", 1),
    "an older edition": ("as_of=1", "agency", "justice-department", 1),
    "an older edition, filtered": ("as_of=1&disputed=no", "agency", "justice-department", 1),
    "words": ("q=paused", "status", "reversed", 1),
}


def test_value_is_counted(scene: Scene, subtests: pytest.Subtests) -> None:
    for circumstance, (query, dimension, value, count) in COUNTED.items():
        with subtests.test(circumstance):
            assert _option(query, dimension, value).count == count


QUERIES = st.lists(
    st.sampled_from(
        [
            *("status=reversed", "status=in_effect", "agency=justice-department", "agency=white-house"),
            *("affects=ukraine", "affects=europe", "category=not-coded", "category=aid-paused", "from=2025-02-20"),
            *("in_force=yes", "in_force=no", "disputed=no", "had_status=announced", "form=agency_memo", "as_of=1"),
        ]
    ),
    max_size=4,
    unique=True,
).map("&".join)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES, day=st.sampled_from(["", "in_force_on=2025-03-05", "in_force_on=2025-03-11&dates=certain"]))
def test_count_is_that_of_ticking(scene: Scene, query: str, day: str) -> None:
    selection = select("&".join(filter(None, [query, day])))
    for dimension, options in counts(selection).items():
        for option in options:
            ticked = select(selection.query(**{dimension: option.value}))
            assert option.count == ticked.rows().count(), (dimension, option)


def test_options_keep_their_place(scene: Scene) -> None:
    before, after = counts(select("")), counts(select("agency=cyber-command&q=stopped"))
    for dimension in FACETS:
        assert [item.value for item in before[dimension]] == [item.value for item in after[dimension]]


def test_options_stand_by_frequency_then_name(scene: Scene) -> None:
    labels = [option.label for option in counts(select(""))["agency"]]
    assert labels == ["Justice Department", "White House", "Cyber Command", "Defense Department", "Task Force Unit"]


def test_statuses_stand_in_their_groups(scene: Scene) -> None:
    options = counts(select(""))["status"]
    assert {option.value for option in options} == set(codebook.STATUSES)
    groups = [option.group for option in options]
    assert groups == sorted(groups, key=codebook.STATUS_GROUPS.index)


def test_zero_counts_stay(scene: Scene) -> None:
    assert _option("agency=cyber-command", "agency", "white-house").count == 2
    assert _option("agency=cyber-command", "affects", "ukraine").count == 0


@pytest.mark.parametrize(
    ("query", "dimension", "value"),
    [
        ("status=in-effect", "status", "in_effect"),
        ("disputed=yes", "disputed", "yes"),
        ("agency=task-force-unit", "agency", "task-force-unit"),
        ("from=2025-13&agency=task-force-unit", "agency", "task-force-unit"),
    ],
    ids=["code", "flag", "term", "beside an error"],
)
def test_chosen_value_is_on(scene: Scene, query: str, dimension: str, value: str) -> None:
    assert [option.value for option in counts(select(query))[dimension] if option.is_on] == [value]


def test_merged_term_ticks_its_survivor(scene: Scene) -> None:
    unit = scene.memo.agency
    assert unit is not None
    unit.merged_into, unit.parent = unit.parent, None
    unit.save()
    publishing.publish_terms([("agency", "task-force-unit")], by=None, at=SECOND, note="Merged.", renew=False)
    options = {option.value: option for option in counts(select("agency=task-force-unit"))["agency"]}
    assert "task-force-unit" not in options
    assert (options["justice-department"].is_on, options["justice-department"].count) == (True, 2)


def test_empty_record_has_codes_alone() -> None:
    found = counts(select(""))
    assert (found["agency"], {option.count for option in found["status"]}) == ([], {0})


def test_all_facets_cost_one_query(
    scene: Scene, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    counts(select(""))  # the whole edition is counted once
    selection = select("agency=white-house&status=reversed&in_force_on=2025-03-05&affects=ukraine")
    with django_assert_num_queries(1):
        counts(selection)


def test_new_edition_is_counted_anew(scene: Scene) -> None:
    before = _option("", "agency", "white-house").count
    factories.published(agency=scene.pause.agency, at=SECOND)
    assert _option("", "agency", "white-house").count == before + 1
