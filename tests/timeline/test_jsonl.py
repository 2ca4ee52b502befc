"""/actions.jsonl: the sealed records themselves."""

import hashlib
import json

import pytest
from django.test import Client

from tests.timeline.scene import Scene, publish_scene, select, slugs
from timeline.exports.jsonl_file import JSONL
from tracker.models import PublishedAction


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _lines(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/actions.jsonl?{query}")
    body = response.getvalue().decode()
    assert response["Content-Length"] == str(len(body.encode()))
    return body.split("\n")[:-1]


@pytest.mark.parametrize("query", ["", "sort=oldest", "status=reversed", "as_of=1", "as_of=0", "agency=white-house"])
def test_lines_are_the_records_in_the_order_of_the_page(scene: Scene, client: Client, query: str) -> None:
    assert [json.loads(line)["slug"] for line in _lines(client, query)] == slugs(query)


def test_line_has_the_digest_that_the_ledger_sealed(scene: Scene, client: Client) -> None:
    sealed = set(PublishedAction.objects.as_of(select().number).values_list("digest", flat=True))
    assert {hashlib.sha256(line.encode()).hexdigest() for line in _lines(client)} == sealed


def test_answer_says_what_it_is(scene: Scene, client: Client) -> None:
    response = client.get("/actions.jsonl?status=reversed")
    assert response["Content-Type"] == JSONL.content_type
    assert response["Content-Disposition"] == 'attachment; filename="actions-edition-2-selection.jsonl"'
    assert (response["X-Edition"], response["X-Row-Count"]) == ("2", "1")


@pytest.mark.parametrize("name", ["columns", "bom", "raw", "view", "page", "cursor"])
def test_names_of_other_renderings_are_refused(scene: Scene, client: Client, name: str) -> None:
    response = client.get(f"/actions.jsonl?{name}=1")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["errors"][0]["name"] == name
