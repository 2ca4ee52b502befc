"""The way from admin to the site tells nobody of an entry that they may not see."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from tests.factories import ActorFactory, published, save
from tracker.models import PolicyAction, Revision


def _address(record: Any) -> str:
    return reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(record).pk, record.pk])


@pytest.fixture
def guest(reader: User) -> Client:
    """Staff without any right."""
    reader.is_staff = True
    reader.save()
    client = Client()
    client.force_login(reader)
    return client


def test_staff_without_rights_learn_nothing(guest: Client) -> None:
    for action in (save(), published()):
        assert guest.get(_address(action)).status_code == 403


def test_nobody_is_sent_to_a_draft(editor_client: Client) -> None:
    assert editor_client.get(_address(save())).status_code == 404


def test_editor_is_sent_to_what_is_public(editor_client: Client) -> None:
    action = published()
    response = editor_client.get(_address(action))
    assert (response.status_code, response["Location"]) == (302, f"/actions/{action.slug}/")


def test_what_has_no_page_or_no_admin_is_not_found(editor_client: Client) -> None:
    action = save()
    for record in (ActorFactory.create(), Revision.objects.get(), ContentType.objects.get_for_model(action)):
        assert editor_client.get(_address(record)).status_code == 404


@pytest.mark.parametrize("tail", ["x/1", "9999/1", "{}/x", "{}/99", "{}/%00", f"{{}}/{'9' * 30}", "1/2/3"])
def test_forged_address_is_not_found(editor_client: Client, tail: str) -> None:
    kind = ContentType.objects.get_for_model(PolicyAction).pk
    assert editor_client.get(f"/admin/r/{tail.format(kind)}/").status_code == 404


def test_signing_in_comes_first(intruder: Client, db: None) -> None:
    assert intruder.get(_address(published())).status_code == 302
