"""The vocabulary by the API, and what filtering by a term finds."""

import pytest
from django.test import Client

from tests import factories
from tests.timeline.api.asking import ask, every_item, keys
from tests.timeline.scene import publish_scene, slugs

pytestmark = pytest.mark.django_db

PARAMETERS = {
    "actors": "actor",
    "agencies": "agency",
    "parties": "affects",
    "categories": "category",
    "topics": "topic",
    "publishers": "publisher",
}


@pytest.mark.parametrize("path", PARAMETERS)
def test_count_of_a_term_is_that_of_filtering_by_it(client: Client, path: str) -> None:
    publish_scene()
    factories.published(slug="more", topics=[factories.TopicFactory.create(name="Aid")])
    items = ask(client, path)["items"]
    assert items
    for item in items:
        assert item["count"] == len(slugs(f"{PARAMETERS[path]}={item['slug']}"))


def test_agency_has_its_parts(client: Client) -> None:
    publish_scene()
    found = {item["slug"]: item for item in ask(client, "agencies")["items"]}
    assert found["justice-department"]["parts"] == ["task-force-unit"]
    assert found["task-force-unit"]["parent"] == "justice-department"


def test_agency_has_its_predecessors(client: Client) -> None:
    new = factories.AgencyFactory.create(slug="new")
    old = factories.AgencyFactory.create(slug="old", successor=new, successor_date="2025-01-20")
    factories.published(agency=new, other_agencies=[old])
    found = {item["slug"]: item for item in ask(client, "agencies")["items"]}
    assert found["new"]["predecessors"] == ["old"]
    assert found["old"]["successor"] == "new"


def test_terms_come_in_pages(client: Client) -> None:
    publish_scene()
    everything = keys(ask(client, "agencies")["items"])
    assert len(everything) > 3
    assert everything == sorted(everything)
    assert keys(every_item(client, "agencies?limit=2")) == everything


def test_terms_are_those_of_the_edition(client: Client) -> None:
    publish_scene()
    factories.published(slug="more", agency=factories.AgencyFactory.create(slug="later"))
    assert "later" in keys(ask(client, "agencies")["items"])
    assert "later" not in keys(ask(client, "agencies?as_of=2")["items"])


def test_term_that_nothing_public_names_is_absent(client: Client) -> None:
    publish_scene()
    factories.AgencyFactory.create(slug="of-a-draft")
    assert "of-a-draft" not in keys(ask(client, "agencies")["items"])
