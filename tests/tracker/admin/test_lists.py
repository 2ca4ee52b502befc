"""The list of entries: what it shows, how it narrows, what it costs, what it refuses to delete."""

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import SourceFactory, citation, edit, line, published, save
from tests.tracker.admin.forms import LIST, change_address
from tracker import publishing
from tracker.models import PolicyAction, Source


@pytest.fixture
def root_client(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="root-root-root-root"))
    return client


def _titles(response: Any) -> list[str]:
    return [action.title for action in response.context["cl"].result_list]


def test_list_costs_the_same_for_more_entries(editor_client: Client) -> None:
    published(title="One")
    editor_client.get(LIST)  # fills what Django keeps for the process
    with CaptureQueriesContext(
        connection,
    ) as few:
        editor_client.get(LIST)
    for number in range(5):
        edit(published(title=f"More {number}"), title=f"Edited {number}")
    with CaptureQueriesContext(connection) as more:
        page = editor_client.get(LIST)
    assert len(_titles(page)) == 6
    assert len(more) == len(few)


def test_list_says_where_each_entry_is(editor_client: Client) -> None:
    edit(published(title="Shown"), title="Shown and edited")
    page = " ".join(editor_client.get(LIST).content.decode().split())
    for word in ("Shown and edited", "3 Mar 2025", "In effect", "Draft", "Published", "Unpublished edits"):
        assert word in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=reversed", ["Lifted"]),
        ("status=none", ["Bare"]),
        ("public=never", ["Bare", "Lifted"]),
        ("public=current", ["Edited"]),
        ("public=retracted", ["Gone"]),
        ("public=edited", ["Edited"]),
        ("workflow__exact=clean", ["Gone"]),
        ("q=lifted", ["Lifted"]),
        ("q=one.example", ["Lifted"]),
    ],
)
def test_list_narrows(editor_client: Client, query: str, titles: list[str]) -> None:
    save(title="Bare", status_history=[], citations=[])
    source = SourceFactory.create(url="https://one.example/x")
    save(title="Lifted", status_history=[line(), line("reversed", "2025-03-11")], citations=[citation(source)])
    edit(published(title="Draft"), title="Edited")
    gone = published(title="Gone")
    publishing.retract(gone.slug, reason="out_of_scope", note="A remark.", by=None, at=gone.revisions.get().at)
    assert sorted(_titles(editor_client.get(f"{LIST}?{query}"))) == titles


def test_unpublished_entry_can_be_deleted_by_a_superuser(root_client: Client, editor_client: Client) -> None:
    action = save()
    address = f"/admin/tracker/policyaction/{action.pk}/delete/"
    assert editor_client.post(address, {"post": "yes"}).status_code == 403
    root_client.post(address, {"post": "yes"})
    assert not PolicyAction.objects.exists()


def test_published_entry_cannot_be_deleted(root_client: Client) -> None:
    action = published()
    assert root_client.post(f"/admin/tracker/policyaction/{action.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [action.pk], "post": "yes"}
    page = root_client.post(LIST, chosen)
    assert "can be retracted, not deleted" in page.content.decode()
    assert PolicyAction.objects.exists()


def test_source_published_while_its_deletion_is_confirmed_stays(
    root_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page did not know that it is public; the record does, and says so."""
    published()
    source = Source.objects.get()
    PolicyAction.objects.get().citations.all().delete()
    PolicyAction.objects.get().status_changes.all().delete()
    monkeypatch.setattr("tracker.admin.vocabulary.KeyedAdmin.is_undeletable", lambda *_: False)
    for address, data in (
        (f"/admin/tracker/source/{source.pk}/delete/", {"post": "yes"}),
        ("/admin/tracker/source/", {"action": "delete_selected", ACTION_CHECKBOX_NAME: source.pk, "post": "yes"}),
    ):
        page = root_client.post(address, data, follow=True)
        assert "Already published, cannot be deleted" in page.content.decode()
    assert Source.objects.exists()


def test_who_may_only_look_sees_the_rows_and_changes_nothing(client: Client, reader: User) -> None:
    reader.is_staff = True
    reader.save()
    reader.user_permissions.add(Permission.objects.get(codename="view_policyaction"))
    client.force_login(reader)
    action = save(title="Seen")
    page = client.get(change_address(action))
    assert "Seen" in page.content.decode()
    assert "3 Mar 2025" in page.content.decode() or "2025-03-03" in page.content.decode()
    assert "_save" not in page.content.decode()
    assert client.post(change_address(action), {"title": "Mine", "opened_with": "1"}).status_code == 403


def test_entry_without_a_status_says_so(editor_client: Client) -> None:
    page = editor_client.get(change_address(save(status_history=[]))).content.decode()
    assert "None yet: add a line to the status history." in page


@pytest.mark.parametrize("view", ["history", "retract", "change"])
def test_page_of_an_absent_entry_is_no_failure(reviewer_client: Client, view: str) -> None:
    assert reviewer_client.get(f"/admin/tracker/policyaction/999999/{view}/").status_code in (302, 404)
    assert reviewer_client.get(f"/admin/tracker/policyaction/{'9' * 30}/{view}/").status_code in (302, 404)
