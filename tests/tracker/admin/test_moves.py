"""From editor to reviewer and back: sent with a note, returned with a comment, one by one and in bulk."""

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import edit, published, save
from tests.tracker.admin.forms import LIST, change_address, errors, posted
from tracker.models import PolicyAction

COMMENT = "Name the agency by its own name."


def _post(client: Client, action: PolicyAction, **values: Any) -> Any:
    response = client.post(change_address(action), posted(client, action, **values))
    action.refresh_from_db()
    return response


def _page(client: Client, action: PolicyAction) -> str:
    return client.get(change_address(action)).content.decode()


def _bulk(*actions: PolicyAction, **values: Any) -> dict[str, Any]:
    chosen = {"action": "return_selected", ACTION_CHECKBOX_NAME: [action.pk for action in actions]}
    return chosen | {"confirmed": "1", "review_note": COMMENT} | values


@pytest.mark.parametrize("note", ["", "Please look at the date."])
def test_entry_is_sent_for_review_as_it_is(editor_client: Client, editor: User, note: str) -> None:
    action = save()
    _post(editor_client, action, _review="Send for review", review_note=note)
    sent = action.revisions.get(number=2)
    assert (action.workflow, sent.workflow, sent.reason, sent.by) == ("in_review", "in_review", note, editor)


def test_reviewer_reads_who_sent_it_and_the_note(editor_client: Client, reviewer_client: Client) -> None:
    action = save()
    _post(editor_client, action, _review="Send for review", review_note="Please look at the <date>.")
    page = _page(reviewer_client, action)
    assert "In review by editor" in " ".join(page.split())
    assert "Please look at the &lt;date&gt;." in page


def test_entry_that_readers_see_as_it_is_cannot_be_sent(editor_client: Client) -> None:
    action = published()
    response = _post(editor_client, action, _review="Send for review")
    assert "nothing to review" in errors(response)["review_note"][0]
    assert (action.revision, action.workflow) == (1, "clean")


def test_note_with_a_plain_save_stays_in_the_history(editor_client: Client) -> None:
    action = save()
    _post(editor_client, action, title="Aid stopped", review_note="As the order says.")
    assert (action.workflow, action.revisions.get(number=2).reason) == ("draft", "As the order says.")


def test_reviewer_returns_with_a_comment_and_keeps_what_was_typed(reviewer_client: Client) -> None:
    action = save()
    _post(reviewer_client, action, title="Aid stopped", _return="Return", review_note=COMMENT)
    assert (action.workflow, action.title) == ("returned", "Aid stopped")
    assert action.revisions.get(number=2).reason == COMMENT


def test_return_without_a_comment_is_refused_at_its_field(reviewer_client: Client) -> None:
    action = save()
    response = _post(reviewer_client, action, title="Aid stopped", _return="Return")
    assert set(errors(response)) == {"review_note"}
    assert 'value="Aid stopped"' in response.content.decode()
    assert action.revision == 1


def test_comment_is_shown_until_the_entry_is_sent_again(editor_client: Client, reviewer_client: Client) -> None:
    action = save()
    _post(reviewer_client, action, _return="Return", review_note=COMMENT)
    _post(editor_client, action, title="Aid stopped")
    page = " ".join(_page(editor_client, action).split())
    assert "Returned by reviewer" in page
    assert COMMENT in page
    _post(editor_client, action, _review="Send for review")
    assert COMMENT not in _page(editor_client, action)


def test_comment_from_before_a_publication_is_not_shown_again(editor_client: Client, reviewer_client: Client) -> None:
    action = save()
    _post(reviewer_client, action, _return="Return", review_note=COMMENT)
    _post(reviewer_client, action, _publish="Publish")
    _post(editor_client, action, title="Aid stopped", _review="Send for review")
    assert COMMENT not in _page(editor_client, action)


def test_editor_has_neither_button_nor_right_to_return(editor_client: Client) -> None:
    action = save()
    assert 'name="_return"' not in _page(editor_client, action)
    assert _post(editor_client, action, _return="Return", review_note=COMMENT).status_code == 403
    assert "return_selected" not in editor_client.get(LIST).content.decode()
    editor_client.post(LIST, _bulk(action))
    action.refresh_from_db()
    assert (action.workflow, action.revision) == ("draft", 1)


def test_bulk_return_asks_first(reviewer_client: Client) -> None:
    data = _bulk(save(title="One"), save(title="Two"))
    del data["confirmed"]
    page = reviewer_client.post(LIST, data)
    assert [action.title for action in page.context["chosen"].actions] == ["One", "Two"]
    assert not PolicyAction.objects.filter(workflow="returned").exists()


def test_bulk_return_gives_each_the_comment(reviewer_client: Client, reviewer: User) -> None:
    actions = [save(), save()]
    assert reviewer_client.post(LIST, _bulk(*actions)).status_code == 302
    for action in actions:
        returned = action.revisions.get(number=2)
        assert (returned.workflow, returned.reason, returned.by) == ("returned", COMMENT, reviewer)


def test_bulk_return_needs_a_comment(reviewer_client: Client) -> None:
    response = reviewer_client.post(LIST, _bulk(save(), review_note=" "))
    assert response.status_code == 409
    assert "review_note" in response.context["form"].errors


def test_bulk_return_names_what_readers_see_as_it_is(reviewer_client: Client) -> None:
    waiting, clean = edit(published(title="One"), title="Two"), published(title="Three")
    response = reviewer_client.post(LIST, _bulk(waiting, clean))
    reasons = {action.title: found for action, found, _ in response.context["chosen"].rows}
    assert (reasons["Two"], len(reasons["Three"])) == ([], 1)
    waiting.refresh_from_db()
    assert waiting.workflow == "draft"
