"""The four-eyes rule on the pages of admin: words in place of the button, refusals of forged posts."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.factories import UserFactory, edit, published, save
from tests.tracker.admin.forms import ADD, LIST, change_address, errors, posted, typed
from tracker.models import Edition, PolicyAction
from tracker.publishing import OWN_WORK

BUTTON = 'name="_publish"'


@pytest.fixture(autouse=True)
def _review_required(settings: Settings) -> None:
    settings.REVIEW_REQUIRED = True


def _page(client: Client, action: PolicyAction) -> str:
    return client.get(change_address(action)).content.decode()


def test_own_work_has_words_in_place_of_the_button(reviewer: User, reviewer_client: Client) -> None:
    page = _page(reviewer_client, edit(published(), by=reviewer, title="Aid stopped"))
    assert (BUTTON in page, "change_kind" in page, OWN_WORK in page) == (False, False, True)


def test_work_of_an_editor_has_the_button(editor: User, reviewer_client: Client) -> None:
    page = _page(reviewer_client, edit(published(), by=editor, title="Aid stopped"))
    assert (BUTTON in page, "change_kind" in page, OWN_WORK in page) == (True, True, False)


def test_public_entry_without_edits_has_no_button(reviewer_client: Client) -> None:
    page = _page(reviewer_client, published())
    assert BUTTON not in page
    assert "Readers see exactly this." in page


def test_new_entry_has_words_in_place_of_the_button(reviewer_client: Client) -> None:
    page = reviewer_client.get(ADD).content.decode()
    assert BUTTON not in page
    assert "another reviewer publishes" in page


def test_new_entry_is_not_published_by_a_forged_post(reviewer_client: Client) -> None:
    response = reviewer_client.post(ADD, typed(_publish="Publish"))
    assert OWN_WORK in errors(response)["__all__"]
    assert not PolicyAction.objects.exists()


def test_edit_that_is_published_at_once_is_refused_and_kept_on_the_page(editor: User, reviewer_client: Client) -> None:
    action = save(by=editor)
    data = posted(reviewer_client, action, title="Aid stopped", _publish="Publish")
    response = reviewer_client.post(change_address(action), data)
    assert OWN_WORK in errors(response)["__all__"]
    assert 'value="Aid stopped"' in response.content.decode()
    assert action.revisions.count() == 1


def test_bulk_page_names_own_work_before_anything_is_tried(reviewer: User, reviewer_client: Client) -> None:
    mine, other = save(by=reviewer, title="Mine"), save(by=UserFactory.create(), title="Theirs")
    data = {"action": "publish_selected", ACTION_CHECKBOX_NAME: [mine.pk, other.pk]}
    page = reviewer_client.post(LIST, data).content.decode()
    assert page.count(OWN_WORK) == 1
    assert f'value="{mine.pk}">' in page
    assert f'value="{other.pk}" checked>' in page


def test_bulk_publication_of_own_work_is_refused(reviewer: User, reviewer_client: Client) -> None:
    mine = save(by=reviewer)
    data = {"action": "publish_selected", ACTION_CHECKBOX_NAME: [mine.pk], f"revision-{mine.pk}": 1, "confirmed": "1"}
    response = reviewer_client.post(LIST, data)
    assert (response.status_code, OWN_WORK in response.content.decode()) == (409, True)
    assert not Edition.objects.exists()
