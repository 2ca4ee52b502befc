"""The chain of editions by the API."""

import pytest
from django.test import Client

from tests import factories
from tests.timeline.api.asking import ask, every_item
from tests.timeline.scene import publish_scene
from tracker.models import Edition

pytestmark = pytest.mark.django_db


def test_editions_are_a_chain(client: Client) -> None:
    publish_scene()
    newest, first = ask(client, "editions")["items"]
    assert (newest["number"], first["number"]) == (2, 1)
    assert newest["previous"] == first["digest"] == Edition.objects.get(number=1).digest
    assert first["previous"] is None


def test_page_of_editions_names_the_digest_before_it(client: Client) -> None:
    for number in range(4):
        factories.published(slug=f"entry-{number}")
    everything = ask(client, "editions")["items"]
    assert every_item(client, "editions?limit=1") == everything
    assert all(item["previous"] for item in everything[:-1])


def test_one_edition_is_that_of_the_list(client: Client) -> None:
    publish_scene()
    assert ask(client, "editions/1")["item"] == ask(client, "editions")["items"][1]


@pytest.mark.parametrize("number", ["0", "3", str(2**70), "1" * 5000, "one"])
def test_edition_that_is_none_is_not_found(client: Client, number: str) -> None:
    publish_scene()
    ask(client, f"editions/{number}", status=404)


def test_editions_end_at_the_one_asked_for(client: Client) -> None:
    publish_scene()
    body = ask(client, "editions?as_of=1")
    assert (body["count"], [item["number"] for item in body["items"]]) == (1, [1])
