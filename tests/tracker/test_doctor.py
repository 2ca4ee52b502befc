"""The doctor is silent when all is well, and otherwise names each thing once, with what mends it."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import override_settings
from pytest_django import Settings

from tests import factories
from tracker import backup, doctor, triggers
from tracker.doctor import database

pytestmark = pytest.mark.django_db

# The true time: PostgreSQL's clock is compared with it.
NOW = datetime.now(UTC)


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files, as collectstatic leaves them."""
    root = tmp_path_factory.mktemp("static")
    manifest = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=root, STORAGES=manifest):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture
def well(settings: Settings, tmp_path: Path, collected: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with which all is well."""
    told = {
        "INSECURE_LOCAL": False, "REVIEW_REQUIRED": True, "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True,
        "STATIC_ROOT": collected, "IMPORTS_DIR": tmp_path / "imports", "BACKUPS_DIR": tmp_path / "backups",
        "REST_FRAMEWORK": settings.REST_FRAMEWORK | {"NUM_PROXIES": 1},
        "SILENCED_SYSTEM_CHECKS": [*settings.SILENCED_SYSTEM_CHECKS, "async.E001"],  # of the tests' own environment
    }  # fmt: skip
    for name, value in told.items():
        setattr(settings, name, value)
    for name in ("SECRET_KEY_FILE", "STATEMENT_TIMEOUT_MS", "WEB_WORKERS", "BIND"):
        monkeypatch.delenv(name, raising=False)
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o640)
    return settings


def _found(now: datetime | None = None) -> list[str]:
    # The clock of the database is compared: a time read when the tests began would be late by then.
    return list(doctor.findings(now=now or datetime.now(UTC)))


def _one() -> str:
    (sentence,) = _found()
    return sentence


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_silent_when_all_is_well(well: Settings) -> None:
    assert _found() == []
    out = StringIO()
    call_command("doctor", stdout=out)
    assert out.getvalue() == ""


def test_command_names_each_thing_and_fails(well: Settings) -> None:
    well.DEBUG, well.PUBLIC_URL = True, "http://timeline.example"
    out = StringIO()
    with pytest.raises(CommandError, match=r"2 thing\(s\) to mend"):
        call_command("doctor", stdout=out)
    assert [line[:2] for line in out.getvalue().splitlines()] == ["- ", "- "]


SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "short key": ({"SECRET_KEY": "short"}, "secret key is weak"),
    "dull key": ({"SECRET_KEY": "a" * 60}, "secret key is weak"),
    "debug": ({"DEBUG": True}, "DEBUG=1"),
    "no TLS": ({"PUBLIC_URL": "http://timeline.example"}, "readers need https"),
    "other host": ({"ALLOWED_HOSTS": ["other.example"]}, "does not name timeline.example"),
    "every host": ({"ALLOWED_HOSTS": ["*"]}, "lets every name in"),
    "cookies without TLS": ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE"),
    "no proxy": ({"REST_FRAMEWORK": django_settings.REST_FRAMEWORK | {"NUM_PROXIES": 0}}, "PROXIES is 0"),
}


@pytest.mark.parametrize(("changed", "told"), SETTINGS.values(), ids=SETTINGS)
def test_setting_is_named(well: Settings, changed: dict[str, Any], told: str) -> None:
    for name, value in changed.items():
        setattr(well, name, value)
    assert told in _one()


def test_demo_is_named_once(well: Settings) -> None:
    well.INSECURE_LOCAL = True
    assert "INSECURE_LOCAL=1" in _one()


def test_key_file_that_others_read(well: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key"
    file.write_text("key")
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    monkeypatch.delenv("SECRET_KEY")
    file.chmod(0o640)
    assert _found() == []
    file.chmod(0o644)
    assert "chmod 640" in _one()


def test_statements_without_a_limit(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATEMENT_TIMEOUT_MS", "0")
    assert "STATEMENT_TIMEOUT_MS=0" in _one()


# --- folders ---------------------------------------------------------------------------------------------------


def test_static_files_that_were_not_collected(well: Settings, tmp_path: Path) -> None:
    well.STATIC_ROOT = tmp_path
    assert "not collected" in _one()


def test_static_file_of_an_older_version(well: Settings, collected: Path) -> None:
    file = collected / "timeline/timeline.css"
    content = file.read_bytes()
    try:
        file.write_bytes(content + b" ")
        assert "such as timeline/timeline.css" in _one()
    finally:
        file.write_bytes(content)


def test_imports_that_others_read(well: Settings) -> None:
    well.IMPORTS_DIR.mkdir(mode=0o700)
    assert _found() == []
    well.IMPORTS_DIR.chmod(0o755)
    assert "chmod 700" in _one()


def test_imports_that_cannot_be_written(well: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    well.IMPORTS_DIR = tmp_path / "file" / "imports"
    assert "cannot be written to" in _one()


def _backed_up(folder: Path, *, at: datetime) -> None:
    folder.mkdir()
    file = folder / "timeline-20260101T000000.000000Z-edition-1.dump"
    for each in (file, backup.manifest.beside(file)):
        each.write_text("")
        os.utime(each, (at.timestamp(), at.timestamp()))


def test_publications_without_a_backup(well: Settings) -> None:
    factories.published()
    assert "There is no backup" in _one()
    _backed_up(well.BACKUPS_DIR, at=NOW - timedelta(days=1))
    assert _found() == []


def test_backup_that_is_old(well: Settings) -> None:
    factories.published()
    _backed_up(well.BACKUPS_DIR, at=NOW - timedelta(days=3))
    assert f"is of {NOW - timedelta(days=3):%Y-%m-%d %H:%M} UTC" in _one()


# --- the database ----------------------------------------------------------------------------------------------


def _unindexed() -> None:
    factories.published()
    _execute("DELETE FROM timeline_searchtext")


TABLES: dict[str, tuple[Callable[[], Any], str]] = {
    "migration": (lambda: _execute("DELETE FROM django_migrations WHERE name = '0002_guards'"), "1 migration(s)"),
    "guards": (lambda: triggers.drop(connection), "guard_tracker_actor_delete"),
    "search": (_unindexed, "lacks 1 public row(s)"),
}


@pytest.mark.parametrize(("spoil", "told"), TABLES.values(), ids=TABLES)
def test_what_the_tables_lack(well: Settings, spoil: Callable[[], Any], told: str) -> None:
    _backed_up(well.BACKUPS_DIR, at=NOW)
    spoil()
    assert told in _one()


def test_clock_that_is_late(well: Settings) -> None:
    factories.published()
    _backed_up(well.BACKUPS_DIR, at=NOW)
    found = _found(now=factories.NOW - timedelta(hours=1))
    assert "it shows 2025-06-01 11:00, edition 1 is of 2025-06-01 12:00 (UTC)" in found[0]


def test_clock_that_was_never_set(well: Settings) -> None:
    assert "shows 1970-01-01" in _found(now=datetime(1970, 1, 1, tzinfo=UTC))[0]


@pytest.mark.parametrize(("people", "is_told"), [(1, False), (2, True)], ids=["one", "two"])
def test_review_is_off_for_a_newsroom_of_one_alone(well: Settings, people: int, is_told: bool) -> None:
    well.REVIEW_REQUIRED = False
    for number in range(people):
        User.objects.create_superuser(f"reviewer-{number}")
    assert any("REVIEW_REQUIRED is off" in sentence for sentence in _found()) is is_told


def test_database_that_does_not_answer(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: str) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(database, "_asked", failing)
    assert "The database does not answer: connection refused." in _one()


# --- SQLite ----------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_database_file_that_others_read(well: Settings) -> None:
    Path(connection.settings_dict["NAME"]).chmod(0o644)
    assert "drafts and password hashes" in _one()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("kind", "is_told"), [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False)], ids=str
)
def test_network_folder(
    well: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, is_told: bool
) -> None:
    mounts = tmp_path / "mounts"
    place = Path(connection.settings_dict["NAME"]).resolve().parent.parent
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {place} {kind} rw 0 0\nother /elsewhere nfs rw 0 0\n")
    monkeypatch.setattr(database, "_MOUNTS", mounts)
    assert any(f"network folder ({kind})" in sentence for sentence in _found()) is is_told


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "answer", "told"),
    [("PRAGMA journal_mode", "delete", "not wal"), ("PRAGMA synchronous", 1, "does not wait for the disk")],
)
def test_sqlite_that_is_set_up_otherwise(
    well: Settings, monkeypatch: pytest.MonkeyPatch, pragma: str, answer: Any, told: str
) -> None:
    asked = database._asked
    monkeypatch.setattr(database, "_asked", lambda sql: answer if sql == pragma else asked(sql))
    assert told in _one()


# --- PostgreSQL ------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_more_workers_than_connections(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_WORKERS", "200")
    assert "200 workers may open" in _one()


@pytest.mark.postgresql
def test_old_postgresql(well: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_OLDEST_POSTGRESQL", 99)
    assert "99 is the oldest that we support" in _one()
