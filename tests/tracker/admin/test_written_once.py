"""What is written once (histories, logs, the ledger) has no page on which anybody could change or delete it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.factories import ActorFactory, published
from tests.tracker.admin.forms import change_address, posted
from tracker.models import Edition, Revision, ledger

HISTORIES = [model for model in apps.get_app_config("tracker").get_models() if hasattr(model, "instance_type")]
LEDGER = [model for model in apps.get_models() if model.__module__ == ledger.__name__]
WRITTEN_ONCE: list[Any] = [Revision, LogEntry, *HISTORIES, *LEDGER]
SHOWN: dict[Any, Any] = dict(admin.site._registry)


@pytest.fixture
def root(db: None) -> Client:
    """A superuser's client."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-root-root-root"))
    return client


def _label(model: type[Model]) -> str:
    return model._meta.label


def _kept() -> Iterator[tuple[str, list[Any]]]:
    """Yield all rows that are written once."""
    for model in WRITTEN_ONCE:
        yield _label(model), list(model._default_manager.order_by("pk").values())


def test_there_are_histories_and_a_ledger_to_look_at() -> None:
    assert {"HistoricalActor", "HistoricalSource", "PublishedAction", "Edition"} <= {
        model.__name__ for model in WRITTEN_ONCE
    }


@pytest.mark.parametrize("model", [model for model in WRITTEN_ONCE if model is not Edition], ids=_label)
def test_model_has_no_pages(model: Any) -> None:
    assert not admin.site.is_registered(model)
    assert not [row for shown in SHOWN.values() for row in shown.inlines if row.model is model]


@pytest.mark.parametrize("tail", ["", "add/", "1/change/", "1/delete/", "1/history/"])
@pytest.mark.parametrize("model", [model for model in WRITTEN_ONCE if model is not Edition], ids=_label)
def test_forged_address_is_not_found(root: Client, model: Any, tail: str) -> None:
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{tail}"
    assert root.post(address, {"post": "yes"}).status_code == 404


@pytest.mark.parametrize("tail", ["add/", "1/change/", "1/delete/", "1/history/", ""])
def test_edition_cannot_be_changed_by_anybody(root: Client, tail: str) -> None:
    published()
    before = list(_kept())
    forged = {"post": "yes", "note": "x", "action": "delete_selected", ACTION_CHECKBOX_NAME: "1"}
    root.post(f"/admin/tracker/edition/{tail}", forged)
    assert list(_kept()) == before


@pytest.mark.parametrize("kind", ["entry", "term"])
def test_forged_posts_to_a_history_change_nothing(root: Client, kind: str) -> None:
    record = published() if kind == "entry" else ActorFactory.create(name="Pam Bondi")
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_history"
    address = reverse(name, args=[record.pk])
    before = list(_kept())
    for tail in ("", "1/", "1/change/", "1/delete/", "?a=1&b=1"):
        forged = {"post": "yes", "name": "x", "reason": "x", "_change_history": "1", "action": "delete_selected"}
        assert root.post(address + tail, forged).status_code in (302, 404, 405, 409)
    assert list(_kept()) == before


def test_saving_an_entry_adds_to_what_was_kept(root: Client) -> None:
    action = published()
    before = list(Revision.objects.values())
    root.post(change_address(action), posted(root, action, title="Aid stopped"))
    assert list(Revision.objects.filter(number=1).values()) == before
    assert Revision.objects.count() == 2
