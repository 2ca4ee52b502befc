"""Every address of admin x every role x GET and POST: whoever has no right gets nothing, and nothing is changed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.tracker.admin.conftest import Roles
from tests.tracker.admin.matrix import LOGIN, ROLES, SIGN_IN, Answer, Row, rows

ROWS = rows()
# For staff, though not below admin/.
_ELSEWHERE = ("preview/<slug:slug>/",)
_LEDGER = ("edition", "publishedaction", "publishedrelation", "publishedterm")


def _walked(resolver: Any, before: str = "") -> Iterator[str]:
    """Return every pattern that can be resolved, put together from the root."""
    for each in resolver.url_patterns:
        here = before + str(each.pattern)
        yield from _walked(each, here) if isinstance(each, URLResolver) else [here]


def test_every_address_of_admin_has_a_row() -> None:
    found = {pattern for pattern in _walked(get_resolver()) if pattern.startswith("admin/") or pattern in _ELSEWHERE}
    table = [row.pattern for row in ROWS]
    assert found == set(table)
    assert len(table) == len(set(table))


def signed_in(user: User | None, **kwargs: Any) -> Client:
    client = Client(**kwargs)
    if user is not None:
        client.force_login(user)
    return client


def _answer(response: HttpResponseBase) -> Answer:
    """Return an answer as the table writes it."""
    if response.status_code == 302 and response.headers["Location"].startswith("/admin/login/"):
        return LOGIN
    is_kept = response.status_code == 403 and 'name="kept"' in getattr(response, "text", "")
    return SIGN_IN if is_kept else response.status_code


def _tried(client: Client, method: str, row: Row, places: dict[str, Any]) -> Answer:
    """Return how one request is answered, and undo what it did: to the record, and to the session."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response = getattr(client, method)(row.address.format(**places), row.data if method == "post" else None)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    return _answer(response)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_as_the_table_says(roles: Roles, places: dict[str, Any], role: str, method: str) -> None:
    client, wrong = signed_in(roles[role]), {}
    for row in ROWS:
        found, expected = _tried(client, method, row, places), row.answers(method)[role]
        if found != expected:
            wrong[row.pattern] = f"{found}, not {expected}"
    assert wrong == {}


def stored(*names: str) -> dict[str, list[Any]]:
    """Return all that is stored of these models, or of every one of ours; when somebody signed in last left out."""
    models = [model for model in apps.get_models() if model._meta.app_label in ("tracker", "timeline", "auth", "admin")]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list(*_columns(model)))
        for model in models
        if not names or model._meta.model_name in names
    }


def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]


def _post_everywhere(user: User | None, places: dict[str, Any], **values: str) -> None:
    client = signed_in(user)
    for row in ROWS:
        client.post(row.address.format(**places), row.data | values)
        if user is not None and "logout" in row.address:
            client.force_login(user)


@pytest.mark.parametrize("role", ["anonymous", "reader", "bare", "viewer"])
def test_who_may_not_write_changes_nothing_anywhere(roles: Roles, places: dict[str, Any], role: str) -> None:
    before = stored()
    _post_everywhere(roles[role], places, _publish="Publish")
    assert stored() == before


def test_editor_posting_everywhere_publishes_nothing(roles: Roles, places: dict[str, Any]) -> None:
    before = stored(*_LEDGER)
    _post_everywhere(roles["editor"], places, _publish="Publish", confirmed="1")
    assert stored(*_LEDGER) == before


# --- tokens ----------------------------------------------------------------------------------------------------


def test_no_address_takes_a_form_without_a_token(roles: Roles, places: dict[str, Any]) -> None:
    client, before = signed_in(roles["superuser"], enforce_csrf_checks=True), stored()
    answers = {row.pattern: client.post(row.address.format(**places), row.data).status_code for row in ROWS}
    assert {pattern: status for pattern, status in answers.items() if status not in (403, 405)} == {}
    assert stored() == before
