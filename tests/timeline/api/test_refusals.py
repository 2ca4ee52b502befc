"""What the API refuses, it refuses as problem+json; and it needs and leaves nothing of who asks."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.timeline.api.asking import ask
from tests.timeline.scene import publish_scene
from tests.timeline.test_reading_surfaces import HOSTILE
from timeline.api.throttling import AddressThrottle
from timeline.selection import Selection

pytestmark = pytest.mark.django_db
LISTS = ["actions", "facets"]


def test_hostile_query_string_is_a_bad_request(client: Client, subtests: pytest.Subtests) -> None:
    publish_scene()
    for path in LISTS:
        for circumstance, query in HOSTILE.items():
            with subtests.test(f"{path}: {circumstance}"):
                response = client.get(f"/api/v1/{path}?{query}")
                assert response.status_code == (200 if circumstance == "not UTF-8" else 400)
                assert response["Content-Type"].startswith("application/")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("actions?agencies=x", "agencies"),
        ("actions?agency__name=x", "agency__name"),
        ("actions?page=2", "page"),
        ("actions?columns=slug", "columns"),
        ("actions?status=nonsense", "status"),
        ("actions?as_of=99", "as_of"),
        ("actions?as_of=1&as_of=2", "as_of"),
        ("actions?format=xml", "format"),
        ("actions/pause?status=reversed", "status"),
        ("agencies?q=a", "q"),
        ("editions/1?as_of=1", "as_of"),
        ("facets?sort=oldest", "sort"),
        ("facets?limit=2", "limit"),
        ("?q=a", "q"),
        ("openapi.json?q=a", "q"),
    ],
)
def test_parameter_that_cannot_be_answered_is_named(client: Client, path: str, name: str) -> None:
    publish_scene()
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert name in [error["name"] for error in response.json()["errors"]]


def test_unknown_name_gets_the_corrected_address(client: Client) -> None:
    publish_scene()
    assert "/api/v1/actions?agency=white-house" in ask(client, "actions?agencies=white-house", status=400)["detail"]


@pytest.mark.parametrize("path", ["nothing", "actions/", "actions/pause/", "actions/a/b/c", "sources/../actions", "Ä"])
def test_every_other_address_is_not_found(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ["", "actions", "actions/pause", "openapi.json", "nothing"])
def test_other_methods_are_refused(method: str, path: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, f"/api/v1/{path}", b'{"broken', "application/json")
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_database_that_fails_is_a_problem_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Selection, "parse", failing)
    response = client.get("/api/v1/actions")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "30"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*;q=0"])
def test_answer_is_json_whatever_is_accepted(client: Client, accept: str) -> None:
    publish_scene()
    assert client.get("/api/v1/actions", headers={"Accept": accept})["Content-Type"] == "application/json"


def test_no_cookie_is_set_and_no_session_read(editor_client: Client) -> None:
    publish_scene()
    editor_client.cookies["csrftoken"] = "x" * 32
    with CaptureQueriesContext(connection) as queries:
        response = editor_client.get("/api/v1/actions")
    assert response.cookies == {}
    assert not [query["sql"] for query in queries if "session" in query["sql"] or "auth_user" in query["sql"]]


def test_head_has_the_headers_of_get(client: Client) -> None:
    publish_scene()
    got, head = client.get("/api/v1/actions"), client.head("/api/v1/actions")
    assert head.content == b""
    assert head["Content-Length"] == str(len(got.content))
    assert (head["ETag"], head["X-Edition"]) == (got["ETag"], got["X-Edition"])


# --- limits --------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """A clock that stands still, and three requests a minute."""
    cache.clear()
    told = {"now": 6000.0}
    monkeypatch.setattr(AddressThrottle, "timer", lambda _: told["now"])
    monkeypatch.setattr(AddressThrottle, "rate", "3/minute", raising=False)
    return told


def test_too_many_requests_are_told_to_wait(client: Client, clock: dict[str, float]) -> None:
    clock["now"] += 20
    assert [client.get("/api/v1/").status_code for _ in range(4)] == [200, 200, 200, 429]
    response = client.get("/api/v1/actions")
    assert (response.status_code, response["Retry-After"]) == (429, "40")
    assert response["Content-Type"] == "application/problem+json"


def test_limit_ends_with_its_minute(client: Client, clock: dict[str, float]) -> None:
    for _ in range(4):
        client.get("/api/v1/")
    clock["now"] += 60
    assert client.get("/api/v1/").status_code == 200


def test_limit_is_of_one_address(client: Client, clock: dict[str, float]) -> None:
    for _ in range(4):
        client.get("/api/v1/")
    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_made_up_proxies_are_not_believed(client: Client, clock: dict[str, float]) -> None:
    found = [client.get("/api/v1/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(4)]
    assert found[-1] == 429


def test_pages_for_people_are_not_counted(client: Client, clock: dict[str, float]) -> None:
    assert {client.get("/method/").status_code for _ in range(5)} == {200}
