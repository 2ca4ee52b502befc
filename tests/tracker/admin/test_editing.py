"""Editing an entry: its fields and rows become one Draft; a stale page saves nothing and keeps what was typed."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import SourceFactory, edit, line, published, save
from tests.tracker.admin.forms import add_row, change_address, errors, posted
from tracker.models import PolicyAction, PublishedAction, StatusChange


def _history(action: PolicyAction) -> list[tuple[int, str, str]]:
    return list(action.status_changes.values_list("position", "status", "date"))


def test_untouched_form_saves_no_revision(editor_client: Client) -> None:
    action = save(date="[2025-02-17..2025-02-28]", summary="One.\nTwo.", identifiers=["eo:1", "eo:2"])
    response = editor_client.post(change_address(action), posted(editor_client, action))
    assert response.status_code == 302, errors(response)
    assert action.revisions.count() == 1


def test_edit_is_a_new_revision_by_the_editor(editor_client: Client, editor: User) -> None:
    action = save()
    editor_client.post(change_address(action), posted(editor_client, action, title="Aid stopped"))
    action.refresh_from_db()
    newest = action.revisions.latest("number")
    assert (action.title, action.revision, newest.by) == ("Aid stopped", 2, editor)


def test_new_line_of_the_history_moves_the_status(editor_client: Client) -> None:
    action = save()
    data = add_row(
        posted(editor_client, action), "status_changes", status="reversed", date="11 March 2025", by="issuer"
    )
    editor_client.post(change_address(action), data)
    assert _history(action) == [(1, "in_effect", "2025-03-03"), (2, "reversed", "2025-03-11")]


@pytest.mark.parametrize(
    ("status", "by"),
    [("reversed", "issuer"), ("blocked", "court"), ("expired", "terms"), ("took_place", "")],
)
def test_new_line_says_who_usually_brings_its_status_about(editor_client: Client, status: str, by: str) -> None:
    action = save()
    data = add_row(posted(editor_client, action), "status_changes", status=status, date="11 March 2025")
    editor_client.post(change_address(action), data)
    assert action.status_changes.get(position=2).by == by


def test_line_saved_without_saying_by_whom_stays_so(editor_client: Client) -> None:
    action = save(status_history=[line(by=None)])
    editor_client.post(change_address(action), posted(editor_client, action, title="Aid stopped"))
    assert action.status_changes.get().by == ""


def test_double_click_on_a_new_line_is_one_revision_and_no_conflict(editor_client: Client) -> None:
    action = save()
    data = add_row(posted(editor_client, action), "status_changes", status="reversed", date="11 March 2025")
    codes = [editor_client.post(change_address(action), data).status_code for _ in range(2)]
    assert (codes, action.revisions.count()) == ([302, 302], 2)


def test_line_without_a_place_goes_where_its_date_belongs(editor_client: Client) -> None:
    action = save(status_history=[line("announced", "2025-03-01"), line("reversed", "2025-03-11")])
    data = add_row(
        posted(editor_client, action), "status_changes", status="in_effect", date="3 March 2025", by="issuer"
    )
    editor_client.post(change_address(action), data)
    assert [status for _, status, _ in _history(action)] == ["announced", "in_effect", "reversed"]


def test_row_that_is_not_posted_is_gone(editor_client: Client) -> None:
    action = save(status_history=[line(), line("reversed", "2025-03-11")])
    data = posted(editor_client, action) | {"status_changes-TOTAL_FORMS": 1}
    editor_client.post(change_address(action), data)
    assert _history(action) == [(1, "in_effect", "2025-03-03")]


def test_sources_and_relations_are_rows_too(editor_client: Client) -> None:
    action, other, source = save(), save(title="Order signed"), SourceFactory.create()
    data = posted(editor_client, action)
    data = add_row(data, "citations", source=source.pk, attribution="document", stance="supports", bears_on=["date"])
    data = add_row(data, "relations", kind="see_also", to_action=other.pk)
    response = editor_client.post(change_address(action), data)
    assert response.status_code == 302, errors(response)
    assert list(action.citations.values_list("position", "attribution", "bears_on"))[1] == (2, "document", "date")
    assert action.relations.get().to_action == other


def test_status_cannot_be_posted(editor_client: Client) -> None:
    action = save()
    data = posted(editor_client, action, status="reversed", current_status="reversed", status_date="2025-03-11")
    editor_client.post(change_address(action), data)
    now: Any = PolicyAction.objects.with_status().get()
    assert now.status == "in_effect"
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"status": "reversed", "date": "2099"}, "date", "still to come"),
        ({"status": "reported", "date": "2025-03-04", "by": "issuer"}, "by", "Leave this blank"),
        ({"status": "", "date": "2025-03-04"}, "note", "needs a note and a source"),
        ({"status": "reversed", "date": "1 to 3 March 2025"}, "date", "one day"),
        ({"status": "reversed", "date": "2025-03-01", "position": "2"}, "date", "No days fit this order"),
    ],
    ids=["future", "by", "development", "lasting", "order"],
)
def test_row_that_is_refused_says_so_at_its_field(
    editor_client: Client, row: dict[str, Any], field: str, sentence: str
) -> None:
    action = save()
    response = editor_client.post(
        change_address(action), add_row(posted(editor_client, action), "status_changes", **row)
    )
    assert response.status_code == 200
    rows = response.context["inline_admin_formsets"][0].formset
    messages = [message for form in rows.forms for message in form.errors.get(field, [])]
    assert sentence.casefold() in " ".join(messages).casefold()
    assert action.revisions.count() == 1


def test_stale_form_saves_nothing_and_keeps_what_was_typed(editor_client: Client, reviewer: User, editor: User) -> None:
    action = save(by=editor)
    data = posted(editor_client, action, title="Mine")
    data = add_row(data, "status_changes", status="reversed", date="11 March 2025", note="Lifted, I say")
    edit(action, title="Theirs", by=reviewer)
    response = editor_client.post(change_address(action), data)
    assert response.status_code == 409
    assert "Changed meanwhile by reviewer on 01 Jun 2025" in response.content.decode()
    page = response.content.decode()
    assert 'value="Mine"' in page
    assert "Lifted, I say" in page
    action.refresh_from_db()
    assert (action.title, action.revision) == ("Theirs", 2)


def test_double_click_on_save_is_one_revision_and_no_conflict(editor_client: Client) -> None:
    action = save()
    data = posted(editor_client, action, title="Aid stopped")
    codes = [editor_client.post(change_address(action), data).status_code for _ in range(2)]
    assert (codes, action.revisions.count()) == ([302, 302], 2)


def test_entry_deleted_meanwhile_hands_the_text_back(editor_client: Client) -> None:
    action = save()
    data = posted(editor_client, action, title="A title worth keeping")
    address = change_address(action)
    action.delete()
    response = editor_client.post(address, data)
    assert response.status_code == 409
    assert "A title worth keeping" in response.content.decode()


def test_edit_of_a_published_entry_is_a_draft_beside_it(editor_client: Client) -> None:
    action = published()
    editor_client.post(change_address(action), posted(editor_client, action, title="Aid stopped"))
    action.refresh_from_db()
    assert (action.workflow, action.has_unpublished_edits) == ("draft", True)
    assert PublishedAction.objects.get().version == 1
    assert "There are unpublished edits." in editor_client.get(change_address(action)).content.decode()


def test_page_in_review_stays_in_review_when_edited(editor_client: Client) -> None:
    action = save()
    editor_client.post(change_address(action), posted(editor_client, action, _review="Send for review"))
    editor_client.post(change_address(action), posted(editor_client, action, title="Aid stopped"))
    action.refresh_from_db()
    assert (action.workflow, action.revision) == ("in_review", 3)


def test_vague_date_is_shown_in_words_and_survives(editor_client: Client) -> None:
    action = save(date="[2025-02-21..2025-02-28]", date_note="One says late, one says the end.")
    data = posted(editor_client, action)
    assert data["date"] == "Late Feb 2025, day not known"
    editor_client.post(change_address(action), data | {"title": "Aid stopped"})
    action.refresh_from_db()
    assert action.date == "[2025-02-21..2025-02-28]"


def test_source_deleted_meanwhile_is_told_at_its_row(editor_client: Client) -> None:
    action, spare = save(), SourceFactory.create()
    data = add_row(posted(editor_client, action), "citations", source=spare.pk, attribution="document", bears_on="date")
    spare.delete()
    response = editor_client.post(change_address(action), data)
    rows = response.context["inline_admin_formsets"][1].formset
    assert "source" in rows.forms[1].errors
    assert action.revisions.count() == 1


def test_forged_rows_are_errors_not_failures(editor_client: Client) -> None:
    action = save()
    data = posted(editor_client, action) | {"status_changes-INITIAL_FORMS": "7", "status_changes-0-id": "x\x00"}
    data |= {"citations-0-source": "9" * 40, "agency": "abc"}
    assert "agency" in errors(editor_client.post(change_address(action), data))
    del data["citations-TOTAL_FORMS"]
    assert editor_client.post(change_address(action), data).status_code == 200
    assert action.revisions.count() == 1
