"""Pages: everything once, of one edition, and no cursor but ours."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer
from django.test import Client

from tests import factories
from tests.timeline.api.asking import ask, every_item, keys
from tests.timeline.bulk import publish_many
from tests.timeline.scene import Scene, publish_scene, slugs
from timeline.selection.cursors import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


def _cursor(client: Client, path: str = "actions?limit=1") -> str:
    following: str = ask(client, path)["next"]
    return parse_qs(urlsplit(following).query)["cursor"][0]


@pytest.mark.parametrize("sort", ["newest", "oldest", "changed", "added", "relevance"])
@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_pages_hold_everything_once_in_order(client: Client, scene: Scene, sort: str, limit: int) -> None:
    query = f"sort={sort}&q=a"
    assert keys(every_item(client, f"actions?{query}&limit={limit}")) == slugs(query)


def test_pages_of_a_thousand_rows_join_up(client: Client) -> None:
    publish_many(1000)
    found = keys(every_item(client, "actions?limit=200&sort=oldest"))
    assert found == slugs("sort=oldest")
    assert len(found) == 1000


def test_last_page_has_no_next(client: Client, scene: Scene) -> None:
    body = ask(client, "actions?limit=5")
    assert len(body["items"]) == 5
    assert body["next"] is None


def test_next_is_a_whole_address_and_a_header(client: Client, scene: Scene) -> None:
    response = client.get("/api/v1/actions?limit=2")
    following = response.json()["next"]
    assert following.startswith("https://timeline.example/api/v1/actions?as_of=2&cursor=")
    assert f'<{following}>; rel="next"' in response["Link"]


def test_pages_stay_in_the_edition_of_the_first(client: Client, scene: Scene) -> None:
    first = ask(client, "actions?limit=2")
    factories.published(slug="meanwhile", date="2025-01-01")
    second = client.get(first["next"].removeprefix("https://timeline.example")).json()
    assert second["edition"] == 2
    assert "meanwhile" not in keys(second["items"])
    assert second["count"] == first["count"] == 5


def test_cursor_alone_keeps_the_edition(client: Client, scene: Scene) -> None:
    cursor = _cursor(client)
    factories.published(slug="meanwhile", date="2025-01-01")
    assert ask(client, f"actions?limit=1&cursor={cursor}")["edition"] == 2


def test_another_limit_may_go_on(client: Client, scene: Scene) -> None:
    assert len(ask(client, f"actions?limit=3&cursor={_cursor(client)}")["items"]) == 3


FORGED = [2, "0" * 16, [1, "a"], 5]


@pytest.mark.parametrize(
    "cursor",
    ["x", "a:b", "%00", "ÿ", "a" * 5000, Signer().sign_object(FORGED), Signer(salt="other").sign_object(FORGED)],
    ids=["a letter", "a colon", "NUL", "not ASCII", "long", "no salt", "another salt"],
)
def test_forged_cursor_is_refused_by_name(client: Client, scene: Scene, cursor: str) -> None:
    problem = ask(client, f"actions?cursor={cursor}", status=400)
    assert [error["name"] for error in problem["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "path",
    [
        "actions?status=reversed",
        "actions?sort=oldest",
        "actions?as_of=1",
        "status-changes?limit=1",
        "editions?limit=1",
        "actions/pause/versions?limit=1",
    ],
)
def test_cursor_of_another_list_is_refused(client: Client, scene: Scene, path: str) -> None:
    sign = "&" if "?" in path else "?"
    problem = ask(client, f"{path}{sign}cursor={_cursor(client)}", status=400)
    assert [error["name"] for error in problem["errors"]] == ["cursor"]


def test_cursor_of_an_edition_that_is_no_more_is_refused(client: Client, scene: Scene) -> None:
    told = Cursor.read(_cursor(client))
    later = Cursor(99, told.list_, place=told.place, count=told.count)
    ask(client, f"actions?cursor={later}", status=400)


@pytest.mark.parametrize("limit", ["0", "201", "-1", str(10**9), "1e3", "many", "9" * 5000])
def test_limit_that_is_none_is_refused(client: Client, scene: Scene, limit: str) -> None:
    problem = ask(client, f"actions?limit={limit}", status=400)
    assert [error["name"] for error in problem["errors"]] == ["limit"]


def test_fifty_come_when_nothing_is_said(client: Client) -> None:
    publish_many(60)
    assert len(ask(client, "actions")["items"]) == 50


def test_the_same_page_has_the_same_cursor(client: Client, scene: Scene) -> None:
    found: list[Any] = [ask(client, "actions?limit=2")["next"] for _ in range(2)]
    assert found[0] == found[1]
