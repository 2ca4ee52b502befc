"""A database that is really full (SQLite) or really gone (PostgreSQL) while an editor saves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.factories import published
from tests.tracker.admin.forms import ADD, typed
from tracker import record
from tracker.models import PolicyAction, Revision

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def _full() -> Iterator[None]:
    """Let the file of SQLite grow no further, as on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def _gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the server of PostgreSQL end the connection in the middle of a save."""
    save = record.save_entries

    def cut(*args: Any, **kwargs: Any) -> Any:
        save(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr("tracker.record.save_entries", cut)
        yield
    connection.close()


def test_save_into_a_failed_database_keeps_the_text_and_heals_itself(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, client = published(), Client()
    client.force_login(editor)
    data = typed(title="A title worth keeping", summary="x" * 100_000)
    with _full() if connection.vendor == "sqlite" else _gone(monkeypatch):
        page = client.post(ADD, data)
        if connection.vendor == "sqlite":
            assert client.get(f"/actions/{public.slug}/").status_code == 200, "reads go on"
            assert client.get("/admin/tracker/policyaction/").status_code == 200, "reads go on"
    assert page.status_code == 503
    assert "A title worth keeping" in page.content.decode()
    assert "Send it now" in page.content.decode()
    assert (PolicyAction.objects.count(), Revision.objects.count()) == (1, 1)
    assert client.post(ADD, data | {"summary": "Short."}).status_code == 302
    assert PolicyAction.objects.count() == 2
