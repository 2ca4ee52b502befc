"""Asking again, asking from other sites, and what an answer costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.timeline.bulk import publish_many
from tests.timeline.scene import publish_scene
from timeline.api.front import LISTS

pytestmark = pytest.mark.django_db
PATHS = ["/api/v1/", *(f"/api/v1/{view.name.replace('_', '-')}" for view in LISTS), "/api/v1/actions/pause"]


def _etag(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response["ETag"])


def test_what_still_holds_is_not_sent_again(client: Client, subtests: pytest.Subtests) -> None:
    publish_scene()
    for path in (*PATHS, "/api/v1/openapi.json"):
        etag = _etag(client, path)
        for known in (etag, f"W/{etag}", f'"other", {etag}'):
            with subtests.test(f"{path} {known}"):
                response = client.get(path, headers={"If-None-Match": known})
                assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_publishing_changes_the_etag(client: Client, subtests: pytest.Subtests) -> None:
    publish_scene()
    etags = {path: _etag(client, path) for path in PATHS}
    factories.published(slug="more")
    for path, etag in etags.items():
        with subtests.test(path):
            assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_addresses_of_one_selection_share_their_etag(client: Client) -> None:
    publish_scene()
    plain = _etag(client, "/api/v1/actions?status=reversed")
    assert _etag(client, "/api/v1/actions?status=reversed&sort=newest&q=") == plain


def test_selections_differ_in_their_etag(client: Client) -> None:
    publish_scene()
    paths = ["actions", "actions?limit=2", "actions?status=reversed", "actions?as_of=1", "status-changes", "facets"]
    assert len({_etag(client, f"/api/v1/{path}") for path in paths}) == len(paths)


@pytest.mark.parametrize(("query", "count"), [("", 1), ("?as_of=1", 2)])
def test_answer_that_still_holds_costs_one_query_or_two(client: Client, query: str, count: int) -> None:
    publish_scene()
    path = f"/api/v1/actions{query}"
    etag = _etag(client, path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert len(queries) == count


def test_pinned_answer_may_be_kept_for_a_day(client: Client) -> None:
    publish_scene()
    assert client.get("/api/v1/actions?as_of=1")["Cache-Control"] == "public, max-age=86400"
    assert client.get("/api/v1/actions")["Cache-Control"] == "no-cache"


# --- other sites ---------------------------------------------------------------------------------------------------


def test_scripts_of_every_site_may_read_data(client: Client, subtests: pytest.Subtests) -> None:
    publish_scene()
    for path in (*PATHS, "/actions.csv", "/actions.jsonl", "/api/v1/nothing", "/api/v1/actions?as_of=9"):
        with subtests.test(path):
            response = client.get(path, headers={"Origin": "https://elsewhere.example"})
            assert response["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("path", ["/api/v1/actions", "/actions.csv", "/sources.csv"])
def test_preflight_allows_reading_alone(client: Client, path: str) -> None:
    response = client.options(path, headers={"Origin": "https://elsewhere.example"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/method/", "/admin/login/", "/api/"])
def test_pages_are_not_for_scripts_of_other_sites(client: Client, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(path)


# --- cost ----------------------------------------------------------------------------------------------------------


def _queries(client: Client, path: str) -> int:
    client.get(path)  # what is kept per edition
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    said = {query["sql"].split()[0].upper() for query in queries}
    assert said <= {"SELECT", "WITH"}
    return len(queries)


MOST = {
    "actions?limit=200": 3,
    "status-changes?limit=200": 3,
    "sources?limit=200": 3,
    "agencies?limit=200": 1,
    "editions": 2,
    "facets?q=a": 3,
    "histogram?q=a": 2,
    "actions/copy-of-0": 3,
    "actions/copy-of-0/versions": 3,
}


@pytest.mark.parametrize("path", MOST)
def test_cost_is_the_same_for_10_and_100_rows(client: Client, path: str) -> None:
    publish_many(10)
    few = _queries(client, f"/api/v1/{path}")
    assert few <= MOST[path]
    publish_more(90)
    assert _queries(client, f"/api/v1/{path}") == few


def publish_more(count: int) -> None:
    factories.publish(*(factories.save(slug=f"more-{number}") for number in range(count)))
