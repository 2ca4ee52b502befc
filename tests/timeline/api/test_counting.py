"""Facets and the histogram by the API: the numbers of the page."""

import pytest
from django.test import Client

from tests.timeline.api.asking import ask
from tests.timeline.scene import publish_scene, select, slugs
from timeline import facets
from timeline.chart import chart

pytestmark = pytest.mark.django_db
QUERIES = ["", "agency=justice-department", "status=reversed&affects=europe", "in_force_on=2025-03-05", "as_of=1"]


@pytest.mark.parametrize("query", QUERIES)
def test_facets_are_those_beside_the_list(client: Client, query: str) -> None:
    publish_scene()
    body = ask(client, f"facets?{query}")
    counted = facets.counts(select(query))
    assert body["facets"].keys() == counted.keys()
    for name, options in counted.items():
        assert [(each["value"], each["count"]) for each in body["facets"][name]] == [
            (option.value, option.count) for option in options
        ]


@pytest.mark.parametrize("query", QUERIES)
def test_count_of_the_facets_is_that_of_the_list(client: Client, query: str) -> None:
    publish_scene()
    assert ask(client, f"facets?{query}")["count"] == len(slugs(query))


@pytest.mark.parametrize("query", [*QUERIES, "from=2025-03"])
def test_histogram_is_the_chart_of_the_page(client: Client, query: str) -> None:
    publish_scene()
    body, drawn = ask(client, f"histogram?{query}"), chart(select(query))
    assert (body["count"], body["total"], body["unit"]) == (drawn.count, drawn.total, drawn.unit)
    assert [(each["first"], each["all"], each["matches"]) for each in body["buckets"]] == [
        (bucket.first.isoformat(), bucket.all, bucket.matches) for bucket in drawn.buckets
    ]


def test_histogram_leaves_its_range_out_of_its_matches(client: Client) -> None:
    publish_scene()
    body = ask(client, "histogram?from=2025-05")
    assert body["count"] == 1
    assert sum(bucket["matches"] for bucket in body["buckets"]) == body["total"] == 5
