"""The tests' own footing: databases that are ours, and a ledger that is flushed and keeps its guards."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tracker.models.ledger import Edition


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_ledger_is_empty_and_guarded_after_a_test_that_committed(turn: str) -> None:
    assert not Edition.objects.exists()
    Edition.objects.create(number=1, published_at=datetime(2025, 3, 1, tzinfo=UTC), columns=50)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tracker_edition")
    assert Edition.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_is_a_file_of_this_run() -> None:
    name = Path(connection.settings_dict["NAME"])
    assert name.is_file()
    assert settings.BASE_DIR not in name.parents


@pytest.mark.postgresql
@pytest.mark.django_db
def test_postgresql_is_recent_and_of_this_run() -> None:
    assert connection.settings_dict["HOST"].rpartition("/")[2].startswith("timeline-pg-")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150_000


@pytest.mark.parametrize(
    ("required", "marks", "outcome"),
    [
        pytest.param("0", "", {"skipped": 1}, id="a-skip-is-a-skip"),
        pytest.param("1", "", {"failed": 1}, id="unless-all-is-required"),
        pytest.param("1", "@pytest.mark.shared_data", {"skipped": 1}, id="reference-data-apart"),
    ],
)
def test_skip_is_a_failure_where_everything_is_required(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    required: str,
    marks: str,
    outcome: dict[str, int],
) -> None:
    monkeypatch.setenv("REQUIRE_EVERYTHING", required)
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    monkeypatch.setenv("DATABASE", "sqlite")
    pytester.makepyfile(f"import pytest\n\n{marks}\ndef test_it():\n    pytest.skip('no such program')\n")
    result = pytester.runpytest_subprocess("-p", "tests.environment", "--ds", "tracker.settings", "-p", "no:xdist")
    result.assert_outcomes(**outcome)


@pytest.mark.parametrize(("cast", "status"), [("editor", 200), ("reviewer", 200), ("reader", 302)])
def test_cast_enters_admin_or_not(request: pytest.FixtureRequest, cast: str, status: int) -> None:
    client: Client = request.getfixturevalue(f"{cast}_client")
    assert client.get("/admin/").status_code == status


@pytest.mark.django_db
def test_intruder_is_asked_to_sign_in(intruder: Client) -> None:
    assert intruder.get("/admin/").headers["Location"].startswith("/admin/login/")
