"""Restoring a revision: a new change through the same checks and the same lock; nothing is published by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import NOW, ActorFactory, AgencyFactory, SourceFactory, citation, edit, line, published, save
from tests.tracker.admin.forms import change_address
from tracker.models import Edition, PolicyAction, Revision

HOUR = timedelta(hours=1)


def _address(action: PolicyAction, number: int = 1) -> str:
    return change_address(action).replace("change", f"restore/{number}")


def _restore(client: Client, action: PolicyAction, number: int = 1, **values: Any) -> Any:
    opened = PolicyAction.objects.get(pk=action.pk).revision
    return client.post(_address(action, number), {"opened_with": opened, "reason": "It was right", **values})


def _text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_page_shows_what_would_change_and_changes_nothing(editor_client: Client) -> None:
    action = edit(save(), title="Aid stopped", at=NOW + HOUR)
    page = _text(editor_client.get(_address(action)))
    assert '<td data-name="Now">Aid <del>stopped</del></td>' in page
    assert '<td data-name="Once restored">Aid <ins>paused</ins></td>' in page
    assert Revision.objects.count() == 2


def test_restored_text_is_a_new_revision_with_its_reason(editor_client: Client, editor: User) -> None:
    action = save(status_history=[line("announced", "2025-03-01"), line()], relations=[])
    edit(action, title="Aid stopped", status_history=[line()], at=NOW + HOUR)
    assert _restore(editor_client, action).status_code == 302
    first, last = Revision.objects.get(number=1), Revision.objects.get(number=3)
    assert last.document == first.document
    assert (last.by, last.reason) == (editor, "Restored revision 1: It was right")
    assert LogEntry.objects.get().get_change_message() == "Restored revision 1."


def test_restoring_publishes_nothing_and_asks_for_review_again(reviewer_client: Client) -> None:
    action = edit(published(), title="Aid stopped", at=NOW + HOUR)
    PolicyAction.objects.filter(pk=action.pk).update(workflow="clean")
    _restore(reviewer_client, action)
    action.refresh_from_db()
    assert (action.title, action.workflow, action.published_revision) == ("Aid paused", "draft", 1)
    assert Edition.objects.count() == 1


def test_status_comes_back_with_its_lines_alone(editor_client: Client) -> None:
    action = save()
    edit(action, status_history=[line(), line("reversed", "2025-03-11")], at=NOW + HOUR)
    _restore(editor_client, action, status="blocked", status_history="x")
    assert [change.status for change in action.status_changes.all()] == ["in_effect"]


def test_stale_page_says_so_and_shows_the_change_again(editor_client: Client) -> None:
    action = edit(save(), title="Aid stopped", at=NOW + HOUR)
    edit(action, title="Aid frozen", at=NOW + 2 * HOUR)
    response = _restore(editor_client, action, opened_with=2)
    page = _text(response)
    assert response.status_code == 409
    assert "changed meanwhile, by an import on 1 Jun 2025, 14:00 UTC" in page
    assert "Aid <del>frozen</del>" in page
    assert "It was right" in page
    assert 'name="opened_with" value="3"' in page
    assert Revision.objects.count() == 3


def test_terms_and_sources_that_are_gone_are_named(editor_client: Client) -> None:
    actor, source = ActorFactory.create(slug="gone-actor"), SourceFactory.create(slug="gone-source")
    action = save(actor=actor, citations=[citation(source), citation()])
    kept = action.revisions.get().document["entry"]["citations"][1:]
    edit(action, actor=None, citations=kept, at=NOW + HOUR)
    actor.delete()
    source.delete()
    for response in (editor_client.get(_address(action)), _restore(editor_client, action)):
        page = _text(response)
        assert "There is no actor &#x27;gone-actor&#x27;." in page
        assert "There is no source &#x27;gone-source&#x27;." in page
        assert '<form method="post" novalidate>' not in page
    assert Revision.objects.count() == 2


def test_term_renamed_meanwhile_makes_no_difference(editor_client: Client) -> None:
    parent = AgencyFactory.create(name="Parent")
    agency = AgencyFactory.create(name="War Department", parent=parent)
    action = save(agency=agency)
    agency.name = "Defense Department"
    agency.save()
    edit(action, title="Aid stopped", at=NOW + HOUR)
    page = _text(editor_client.get(_address(action)))
    assert "Defense" not in page
    assert "Parent" not in page


def test_what_it_says_already_is_not_saved_again(editor_client: Client) -> None:
    action = edit(edit(save(), title="Other", at=NOW + HOUR), title="Aid paused", at=NOW + 2 * HOUR)
    assert "there is nothing to restore" in _text(editor_client.get(_address(action)))
    assert "there is nothing to restore" in _text(_restore(editor_client, action))
    assert Revision.objects.count() == 3


@pytest.mark.parametrize("reason", ["", "x" * 901, "a\x00b", " "], ids=["none", "too long", "NUL", "blank"])
def test_reason_is_asked_for(editor_client: Client, reason: str) -> None:
    action = edit(save(), title="Aid stopped", at=NOW + HOUR)
    response = _restore(editor_client, action, reason=reason)
    assert response.context["form"].errors["reason"]
    assert Revision.objects.count() == 2


@pytest.mark.parametrize("opened", ["", "x", "-1", "9" * 30, "\x00"])
def test_forged_lock_saves_nothing(editor_client: Client, opened: str) -> None:
    action = edit(save(), title="Aid stopped", at=NOW + HOUR)
    assert _restore(editor_client, action, opened_with=opened).status_code == 200
    assert Revision.objects.count() == 2


@pytest.mark.parametrize("tail", ["9", "0", "9" * 30, "x"])
def test_revision_that_is_none_is_not_found(editor_client: Client, tail: str) -> None:
    assert editor_client.get(f"/admin/tracker/policyaction/{save().pk}/restore/{tail}/").status_code in (302, 404)


def test_restoring_is_for_those_who_may_change(reader: User, intruder: Client) -> None:
    action = edit(save(), title="Aid stopped", at=NOW + HOUR)
    reader.is_staff = True
    reader.save()
    reader.user_permissions.add(Permission.objects.get(codename="view_policyaction"))
    viewer = Client()
    viewer.force_login(reader)
    assert viewer.get(_address(action)).status_code == 403
    assert _restore(viewer, action).status_code == 403
    assert _restore(intruder, action).status_code in (302, 403)
    assert "/restore/" not in viewer.get(change_address(action).replace("change", "history")).content.decode()
    assert Revision.objects.count() == 2
