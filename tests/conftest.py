"""Fixtures for every test: the databases, and a fixed cast (editor, reviewer, reader, intruder)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client, override_settings

from tests.browser import chromium
from tracker import triggers
from tracker.management.commands.load_vocabulary import FIXTURES, GROUPS, load_groups

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _quick_settings(django_test_environment: None) -> Iterator[None]:
    """Take passwords and static files the quick way: no Argon2, no manifest of collectstatic."""
    staticfiles = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=django_settings.STORAGES | {"staticfiles": staticfiles},
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Put SQLite's test database into a file: in memory, threads lock each other's tables, not the file.

    The base folder is each worker's own, so xdist needs no suffix here.
    """
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


def _commits(request: pytest.FixtureRequest) -> bool:
    """Return whether the test commits, so that its tables are flushed afterwards instead of rolled back."""
    marker = request.node.get_closest_marker("django_db")
    marked = bool(marker and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences")))
    return marked or bool({"transactional_db", "live_server"} & set(request.fixturenames))


@pytest.fixture(autouse=True)
def _ledger_can_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop the ledger's guards before the flush of a test that commits; post_migrate puts them back.

    Asking for transactional_db here makes pytest end this fixture first, then flush.
    """
    if not _commits(request):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    triggers.drop(connection)


@pytest.fixture
def staff_groups(db: None) -> None:
    """Create the groups Editors and Reviewers with the rights that fixtures/ gives them."""
    groups = json.loads((FIXTURES / GROUPS).read_text(encoding="utf-8"))
    load_groups([group["fields"] for group in groups])


def _member(username: str, *, group: str | None) -> User:
    """Return a member of the cast: staff when in a group."""
    user = User.objects.create_user(username=username, password=f"{username}-{username}", is_staff=bool(group))
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(staff_groups: None) -> User:
    """Writes the record and cannot publish."""
    return _member("editor", group="Editors")


@pytest.fixture
def reviewer(staff_groups: None) -> User:
    """Writes the record and publishes it."""
    return _member("reviewer", group="Reviewers")


@pytest.fixture
def reader(db: None) -> User:
    """Has an account and no right in admin. (Most readers and analysts have none: a plain `client`.)"""
    return _member("reader", group=None)


@pytest.fixture
def editor_client(editor: User) -> Client:
    return _signed_in(editor)


@pytest.fixture
def reviewer_client(reviewer: User) -> Client:
    return _signed_in(reviewer)


@pytest.fixture
def reader_client(reader: User) -> Client:
    return _signed_in(reader)


@pytest.fixture
def intruder() -> Client:
    """Has no account: a client that never signed in."""
    return Client()


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data beside the repository, for tests marked shared_data: absent, they skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no reference data: ../shared/data is absent")
    return SHARED_DATA


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium: packages come from the distribution, not from a download by playwright."""
    options = chromium.options()
    if options is None:
        pytest.skip("no Chromium on PATH")
    return browser_type_launch_args | options
