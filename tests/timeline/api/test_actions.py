"""Entries by the API: a selection, one entry, its versions, and what stays of one that is gone."""

import hashlib
import json

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.timeline.api.asking import ask, keys
from tests.timeline.scene import SECOND, Scene, publish_scene, slugs
from tracker import publishing
from tracker.models import PublishedAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


def _lines(client: Client, query: str = "") -> list[bytes]:
    response = client.get(f"/actions.jsonl{query}")
    return b"".join(response.streaming_content).splitlines()  # type: ignore[attr-defined]


def test_item_is_the_record_of_the_json_lines_and_its_address(client: Client, scene: Scene) -> None:
    items = ask(client, "actions")["items"]
    assert {item.pop("url") for item in items} >= {"https://timeline.example/actions/pause/"}
    assert items == [json.loads(line) for line in _lines(client)]


@pytest.mark.parametrize(
    "query", ["", "agency=justice-department", "status=blocked&sort=oldest", "q=paused", "as_of=1"]
)
def test_selection_is_that_of_the_page(client: Client, scene: Scene, query: str) -> None:
    body = ask(client, f"actions?{query}")
    assert keys(body["items"]) == slugs(query)
    assert body["count"] == len(slugs(query))


def test_answer_names_its_edition(client: Client, scene: Scene) -> None:
    response = client.get("/api/v1/actions?as_of=1")
    assert response.json()["edition"] == 1
    assert response["X-Edition"] == "1"


def test_before_the_first_edition_nothing_is_there(client: Client) -> None:
    assert ask(client, "actions") == {"edition": 0, "count": 0, "items": [], "next": None}


def test_entry_is_shown_as_it_stands(client: Client, scene: Scene) -> None:
    body = ask(client, "actions/pause")
    assert body["edition"] == 2
    assert body["action"]["entry"]["title"] == "Military aid 100% paused"
    assert body["action"]["url"] == "https://timeline.example/actions/pause/"


def test_entry_is_shown_as_it_stood(client: Client, scene: Scene) -> None:
    factories.publish(factories.edit(scene.pause, title="Another title"), at=SECOND)
    assert ask(client, "actions/pause")["action"]["entry"]["title"] == "Another title"
    assert ask(client, "actions/pause?as_of=2")["action"]["entry"]["title"] == "Military aid 100% paused"


def test_relation_is_told_at_both_ends(client: Client, scene: Scene) -> None:
    factories.published(slug="lifting", relations=[{"kind": "reverses", "to": "pause"}])
    told = ask(client, "actions/lifting")["relations"]
    assert [(each["from"], each["kind"], each["to"]) for each in told] == [("lifting", "reverses", "pause")]
    assert ask(client, "actions/pause")["relations"] == told


def test_relation_to_a_retracted_entry_is_not_told(client: Client, scene: Scene) -> None:
    factories.published(slug="lifting", relations=[{"kind": "see_also", "to": "memo"}])
    publishing.retract("memo", reason="out_of_scope", note="A remark.", by=None, at=SECOND)
    assert ask(client, "actions/lifting")["relations"] == []


@pytest.mark.parametrize("path", ["actions/{}", "actions/{}/versions"])
def test_draft_answers_like_nothing_at_all(client: Client, scene: Scene, path: str) -> None:
    factories.save(slug="draft")
    drafted = client.get(f"/api/v1/{path.format('draft')}")
    absent = client.get(f"/api/v1/{path.format('nobody-ever')}")
    assert drafted.status_code == absent.status_code == 404
    assert drafted.content == absent.content


def test_entry_that_was_not_public_yet_is_not_found(client: Client, scene: Scene) -> None:
    ask(client, "actions/rule?as_of=1", status=404)


def test_retracted_entry_is_gone_with_its_reason(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="duplicate", note="The same.", replaced_by=["pause"], by=None, at=SECOND)
    problem = ask(client, "actions/memo", status=410)
    assert (problem["reason"], problem["detail"], problem["replaced_by"]) == ("duplicate", "The same.", ["pause"])
    assert problem["edition"] == 3


def test_retracted_entry_is_still_there_at_an_earlier_edition(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="did_not_happen", note="Withdrawn.", by=None, at=SECOND)
    assert ask(client, "actions/memo?as_of=2")["action"]["slug"] == "memo"


def test_redacted_entry_is_withheld(client: Client, scene: Scene) -> None:
    _redact("memo")
    problem = ask(client, "actions/memo", status=451)
    assert "memo" not in json.dumps(problem)
    (version,) = ask(client, "actions/memo/versions")["items"]
    assert (version["record"], version["redacted_in"]) == (None, 2)


def _redact(slug: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 2, record = '', csv = '', change_note = ''"
            " WHERE slug = %s",
            [slug],
        )


def test_versions_come_with_their_kind_of_change(client: Client, scene: Scene) -> None:
    factories.publish(
        factories.edit(scene.pause, title="Another title"), at=SECOND, change="corrected", change_note="A slip."
    )
    publishing.retract("pause", reason="did_not_happen", note="Withdrawn.", by=None, at=SECOND)
    items = ask(client, "actions/pause/versions")["items"]
    assert [(item["version"], item["change"]) for item in items] == [
        (3, "retracted"),
        (2, "corrected"),
        (1, "published"),
    ]
    assert items[0]["record"]["entry"] is None


def test_versions_end_at_the_edition_asked_for(client: Client, scene: Scene) -> None:
    factories.publish(factories.edit(scene.pause, title="Another title"), at=SECOND)
    assert [item["version"] for item in ask(client, "actions/pause/versions?as_of=2")["items"]] == [1]


def test_digest_of_a_version_is_that_of_its_line(client: Client, scene: Scene) -> None:
    (version,) = ask(client, "actions/pause/versions")["items"]
    (line,) = [line for line in _lines(client) if b'"slug":"pause"' in line]
    assert version["digest"] == hashlib.sha256(line).hexdigest()
    assert version["record"] == json.loads(line)


def test_versions_are_those_of_the_ledger(client: Client, scene: Scene) -> None:
    factories.publish(factories.edit(scene.pause, summary="More."), at=SECOND)
    sealed = PublishedAction.objects.filter(slug="pause").order_by("-version")
    assert [item["digest"] for item in ask(client, "actions/pause/versions")["items"]] == [row.digest for row in sealed]
