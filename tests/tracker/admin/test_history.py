"""The history of an entry: who, when, why and what, any two revisions side by side; read by whoever may see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, citation, edit, entry, line, publish, published, save
from tests.tracker.admin.forms import change_address
from tracker import publishing, record
from tracker.models import PolicyAction

HOUR = timedelta(hours=1)


def _history(action: PolicyAction) -> str:
    return change_address(action).replace("change", "history")


def _page(client: Client, action: PolicyAction, **query: Any) -> str:
    response = client.get(_history(action), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def _many(count: int) -> PolicyAction:
    """Return an entry with `count` revisions, an hour apart, the first one public."""
    action = published()
    for number in range(2, count + 1):
        action = edit(action, title=f"Title {number}", at=NOW + number * HOUR)
    return action


def test_revision_says_who_when_why_and_what(editor_client: Client, editor: User) -> None:
    action = save(summary="Aid was stopped.", by=editor)
    document = action.revisions.get().document
    draft = record.Draft(document["entry"] | {"summary": "Aid was paused."}, slug=action.slug, expected=1)
    record.save_entry(draft, by=editor, at=NOW + HOUR, reason="The memo says so")
    page = _page(editor_client, action)
    assert "1 Jun 2025, 13:00 UTC, by editor" in page
    assert "The memo says so" in page
    assert "Aid was <del>stopped</del>." in page
    assert "Aid was <ins>paused</ins>." in page


def test_rows_are_told_in_words(editor_client: Client) -> None:
    action = save(citations=[citation()])
    edit(action, status_history=[line(), line("reversed", "2025-03-11", by="issuer")], at=NOW + HOUR)
    page = _page(editor_client, action)
    assert "Status history, line 2" in page
    assert "<ins>Reversed, 11 Mar 2025, by the issuer</ins>" in page


def test_moves_of_the_working_copy_are_told(editor_client: Client) -> None:
    action = save()
    document = action.revisions.get().document
    draft = record.Draft(document["entry"], slug=action.slug, expected=1, workflow="returned")
    record.save_entry(draft, by=None, at=NOW + HOUR, reason="Which memo?")
    page = _page(editor_client, action)
    assert "Working copy: <b>returned</b>" in page
    assert "Which memo?" in page
    assert "Sent on, text unchanged." in page


def test_publications_stand_above_the_revision_they_followed(editor_client: Client) -> None:
    action = _many(2)
    publish(action, change="corrected", change_note="The title was wrong.", at=NOW + 3 * HOUR)
    edit(action, title="Aid ended", at=NOW + 4 * HOUR)
    page = _page(editor_client, action)
    order = ["Revision 3", "Corrected", "edition 2", "The title was wrong.", "Revision 2", "Published", "Revision 1"]
    places = [page.index(f"{words}") for words in order]
    assert places == sorted(places)


def test_published_revision_is_marked_and_compared(editor_client: Client) -> None:
    action = _many(2)
    page = _page(editor_client, action)
    assert page.index("Revision 1") < page.index("what readers see")
    assert 'href="?a=1&amp;b=2"' in page


def test_retraction_is_told(editor_client: Client) -> None:
    action = published()
    publishing.retract(action.slug, reason="out_of_scope", note="A remark.", by=None, at=NOW + HOUR)
    assert "<b>Retracted</b> in edition 2" in _page(editor_client, action)


def test_pages_hold_fifty_and_miss_none(editor_client: Client) -> None:
    action = _many(52)
    first, second = _page(editor_client, action), _page(editor_client, action, p=2)
    assert "Older revisions" in first
    assert "Newer revisions" in second
    assert first.count('<li id="revision-') == 50
    assert second.count('<li id="revision-') == 2
    assert "Title <ins>3</ins>" in first
    assert ("<b>Published</b>" in first, "<b>Published</b>" in second) == (False, True)


def test_queries_do_not_grow_with_the_revisions(
    editor_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = _many(2), _many(20)
    with django_assert_num_queries(7):
        editor_client.get(_history(few))
    with django_assert_num_queries(7):
        editor_client.get(_history(many))


@pytest.mark.parametrize("query", ["a=1&b=3", "a=3&b=1"])
def test_any_two_are_compared_older_first(editor_client: Client, query: str) -> None:
    action = _many(3)
    page = " ".join(editor_client.get(f"{_history(action)}?{query}").content.decode().split())
    assert '<td data-name="Revision 1"><del>Aid paused</del></td>' in page
    assert '<td data-name="Revision 3"><ins>Title 3</ins></td>' in page


def test_revision_compared_with_itself_says_the_same(editor_client: Client) -> None:
    page = _page(editor_client, save(), a=1, b=1)
    assert "same" in page
    assert '<table class="differences"' not in page


@pytest.mark.parametrize("query", ["a=1&b=9", "a=1", "a=x&b=1", "a=1&b=%00", f"a=1&b={'9' * 30}", "p=0", "p=9", "p=x"])
def test_forged_number_is_not_found(editor_client: Client, query: str) -> None:
    assert editor_client.get(f"{_history(save())}?{query}").status_code == 404


def test_history_tells_texts_as_texts(editor_client: Client) -> None:
    action = edit(save(), summary="<script>alert(1)</script>", at=NOW + HOUR)
    for query in ({}, {"a": 1, "b": 2}):
        page = _page(editor_client, action, **query)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_history_is_for_those_who_may_see_the_entry(reader: User, intruder: Client) -> None:
    address = _history(save())
    reader.is_staff = True
    reader.save()
    guest = Client()
    guest.force_login(reader)
    for query in ("", "?a=1&b=1"):
        assert guest.get(address + query).status_code == 403
        assert intruder.get(address + query).status_code == 302


def test_nothing_is_posted_to_a_history(reviewer_client: Client) -> None:
    action = save(**entry())
    assert reviewer_client.post(_history(action), {"a": "1", "number": "7"}).status_code == 405
