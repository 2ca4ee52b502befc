"""/healthz asks nothing; /readyz asks little, says plainly what is amiss and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests import factories
from tracker import health
from tracker.publishing import retract

BOTH = pytest.mark.parametrize("path", ["/healthz", "/readyz"])


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _reasons(client: Client) -> list[str]:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    reasons: list[str] = response.json()["reasons"]
    return reasons


def test_process_answers_without_a_database(client: Client) -> None:
    """No mark asks for a database here: a query would be an error."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"alive": True})


@pytest.mark.django_db
def test_ready_before_the_first_edition(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": True, "edition": 0}


@pytest.mark.django_db
def test_ready_tells_the_newest_edition(client: Client) -> None:
    factories.published()
    factories.published(slug="gone")
    retract("gone", reason="did_not_happen", note="A false report.", by=None, at=factories.NOW)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "edition": 3})


@pytest.mark.django_db
def test_ready_asks_three_questions(client: Client) -> None:
    factories.published()
    with CaptureQueriesContext(connection) as queries:
        client.get("/readyz")
    assert len(queries) == 3


@pytest.mark.django_db
def test_missing_migration_is_counted(client: Client) -> None:
    _execute("DELETE FROM django_migrations WHERE app = 'tracker' AND name = '0002_guards'")
    assert _reasons(client) == ["1 migration(s) are not applied."]
    assert health.unapplied() == ["tracker.0002_guards"]


@pytest.mark.django_db
def test_row_that_cannot_be_found_is_counted(client: Client) -> None:
    factories.published()
    factories.published()
    _execute("DELETE FROM timeline_searchtext WHERE row_id = (SELECT max(row_id) FROM timeline_searchtext)")
    assert _reasons(client) == ["The search index lacks 1 of the newest 1000 rows: run rebuild_search."]
    assert (health.not_indexed(), health.not_indexed(newest=0)) == (1, 0)


def _failing(*_: Any) -> Any:
    raise OperationalError("connection to server at db.internal, user timeline, password=hunter2 failed")


@pytest.mark.django_db
def test_lost_database_is_told_without_its_secrets(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "unapplied", _failing)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "edition": None,
        "reasons": ["The database does not answer, or has no tables yet."],
    }


@pytest.mark.django_db
@BOTH
def test_answer_is_kept_nowhere(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/json"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.django_db
@BOTH
@pytest.mark.parametrize(("method", "status"), [("head", 200), ("post", 405), ("put", 405), ("delete", 405)])
def test_only_reading_is_answered(client: Client, path: str, method: str, status: int) -> None:
    ask: Callable[..., Any] = getattr(client, method)
    assert ask(path).status_code == status


@pytest.mark.django_db
@BOTH
def test_machine_behind_the_proxy_needs_no_tls(client: Client, settings: Settings, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == 200


@pytest.mark.django_db
def test_ready_says_nothing_of_drafts(client: Client) -> None:
    factories.save(slug="secret", title="Canary")
    assert json.loads(client.get("/readyz").content) == {"ready": True, "edition": 0}
