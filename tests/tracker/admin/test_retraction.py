"""Retracting several entries: one edition, the reason asked once, refusals named."""

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from tests.factories import published, save
from tests.tracker.admin.forms import LIST, change_address
from tracker.models import Edition, PolicyAction, PublishedAction


def _bulk(*actions: PolicyAction, **values: Any) -> dict[str, Any]:
    chosen = {"action": "retract_selected", ACTION_CHECKBOX_NAME: [action.pk for action in actions], "confirmed": "1"}
    return chosen | {"reason": "did_not_happen", "note": "A false report."} | values


def test_several_are_retracted_in_one_edition(reviewer_client: Client) -> None:
    actions = [published(), published()]
    assert reviewer_client.post(LIST, _bulk(*actions)).status_code == 302
    rows = PublishedAction.objects.current()
    assert {(row.change, row.change_note, row.edition_id) for row in rows} == {("retracted", "A false report.", 3)}


def test_it_asks_first(reviewer_client: Client) -> None:
    data = _bulk(published())
    del data["confirmed"]
    assert "tombstone" in reviewer_client.post(LIST, data).content.decode()
    assert Edition.objects.count() == 1


def test_what_is_not_public_is_named_and_unticked(reviewer_client: Client) -> None:
    public, draft = published(title="One"), save(title="Two")
    response = reviewer_client.post(LIST, _bulk(public, draft))
    reasons = {action.title: found for action, found, _ in response.context["chosen"].rows}
    assert (response.status_code, reasons) == (409, {"One": [], "Two": ["It is not public."]})
    page = response.content.decode()
    assert f'value="{public.pk}" checked>' in page
    assert f'value="{draft.pk}">' in page
    assert Edition.objects.count() == 1


def test_entry_cannot_be_replaced_by_one_that_goes_with_it(reviewer_client: Client) -> None:
    one, two = published(title="One"), published(title="Two")
    response = reviewer_client.post(LIST, _bulk(one, two, reason="duplicate", replaced_by=[two.pk]))
    assert response.context["form"].errors["replaced_by"] == ["“Two” is not a public entry that stays."]


@pytest.mark.parametrize("name", ["reason", "note"])
def test_reason_and_note_are_asked(reviewer_client: Client, name: str) -> None:
    response = reviewer_client.post(LIST, _bulk(published(), **{name: ""}))
    assert (response.status_code, set(response.context["form"].errors)) == (409, {name})


def test_refusal_of_one_stands_at_its_field(reviewer_client: Client) -> None:
    address = change_address(published()).replace("change", "retract")
    response = reviewer_client.post(address, {"reason": "duplicate", "note": "The same."})
    assert response.context["form"].errors == {"replaced_by": ["A duplicate names the one entry that stays."]}


def test_editor_cannot(editor_client: Client) -> None:
    editor_client.post(LIST, _bulk(published()))
    assert Edition.objects.count() == 1


def test_too_many_at_once_are_not_shown(reviewer_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.admin.entries.chosen.AT_ONCE", 1)
    page = reviewer_client.post(LIST, _bulk(published(), published()), follow=True).content.decode()
    assert "Select at most 1 entries" in page
    assert Edition.objects.count() == 2
