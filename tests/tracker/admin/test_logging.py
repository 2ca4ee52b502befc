"""Logging an action: one page, one save, one Draft."""

from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.factories import NOW, PublisherFactory, SourceFactory, TopicFactory
from tests.tracker.admin.forms import ADD, LIST, errors, typed
from tracker.models import Edition, PolicyAction, PublishedAction, Publisher, Revision, Source


def _only() -> Any:
    return PolicyAction.objects.with_status().get()


def test_one_post_makes_source_citation_status_and_entry(editor_client: Client, editor: User) -> None:
    response = editor_client.post(ADD, typed())
    assert response.status_code == 302, errors(response)
    action = _only()
    source = Source.objects.get()
    assert (action.title, action.status, action.status_date) == (
        "Military aid to Ukraine paused for review",
        "in_effect",
        "2025-03-03",
    )
    assert (source.url, source.publisher.name) == ("https://news.example/aid-paused", "The Record")
    citation = action.citations.get()
    assert (citation.source, citation.attribution) == (source, "named_official")
    assert citation.bears_on == "action date actor status"
    assert (action.workflow, action.revisions.get().by) == ("draft", editor)


def test_page_prefills_from_the_address_and_creates_nothing(editor_client: Client) -> None:
    topic = TopicFactory.create(name="Ukraine war")
    response = editor_client.get(
        ADD, {"source_url": "https://a.example/x", "title": "Aid paused", "topics": "ukraine-war", "agency": "gone"}
    )
    initial = response.context["adminform"].form.initial
    assert (initial["source_url"], initial["title"]) == ("https://a.example/x", "Aid paused")
    assert (initial["topics"], initial["agency"]) == ([topic.pk], None)
    assert not PolicyAction.objects.exists()
    assert not Source.objects.exists()


def test_source_known_by_its_address_is_used_again(editor_client: Client) -> None:
    source = SourceFactory.create(url="https://www.news.example/aid-paused/")
    editor_client.post(ADD, typed(publisher=None, source_title=None, source_published=None))
    assert _only().citations.get().source == source
    assert Source.objects.count() == 1


def test_source_may_be_picked(editor_client: Client) -> None:
    source = SourceFactory.create(in_print=True)
    nothing = dict.fromkeys(("source_url", "publisher", "source_title", "source_published"))
    editor_client.post(ADD, typed(source=source.pk, **nothing))
    assert _only().citations.get().source == source


def test_publisher_is_found_by_alias(editor_client: Client) -> None:
    publisher = PublisherFactory.create(name="Associated Press", aliases="AP\nA.P.")
    editor_client.post(ADD, typed(publisher="ap"))
    assert Source.objects.get().publisher == publisher


def test_new_publisher_is_created_and_told(editor_client: Client) -> None:
    response = editor_client.post(ADD, typed(publisher="Kyiv Post"), follow=True)
    assert Publisher.objects.get().name == "Kyiv Post"
    assert "New publisher: Kyiv Post." in response.content.decode()


@pytest.mark.parametrize(
    ("values", "since", "by"),
    [
        ({}, "2025-03-03", "issuer"),
        ({"status": "reported"}, "2025-03-04", ""),
        ({"status": "reported", "source_published": None}, "2025-03-03", ""),
        ({"status": "blocked", "status_date": "6 March 2025"}, "2025-03-06", "court"),
        ({"date": "1 to 3 March 2025"}, "2025-03-01", "issuer"),
        ({"date": "1 to 3 March 2025", "status": "took_place"}, "2025-03-03", ""),
        ({"date": "late Feb 2025"}, "[2025-02-21..2025-02-28]", "issuer"),
        ({"status_by": "legislature"}, "2025-03-03", "legislature"),
    ],
    ids=["date", "reported", "reported-undated", "typed", "lasting", "event", "vague", "by"],
)
def test_first_line_takes_its_day_and_mover_from_the_rest(
    editor_client: Client, values: dict[str, Any], since: str, by: str
) -> None:
    response = editor_client.post(ADD, typed(**values))
    assert response.status_code == 302, errors(response)
    action = _only()
    assert (action.status_date, action.status_by) == (since, by)


def test_draft_needs_no_more_than_a_title(editor_client: Client) -> None:
    assert editor_client.post(ADD, {"title": "Something was ordered"}).status_code == 302
    assert _only().title == "Something was ordered"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"publisher": None}, "publisher"),
        ({"source_title": None}, "source_title"),
        ({"attribution": None}, "attribution"),
        ({"source_url": None, "publisher": None, "source_title": None, "source_published": None}, "source_url"),
        ({"status": None, "status_note": "It began."}, "status"),
        ({"date": None, "source_published": None}, "status_date"),
        ({"date": "3 March 2099"}, "status_date"),
        ({"publisher": "A; B"}, "publisher"),
    ],
    ids=["publisher", "source title", "word", "source", "note", "day", "future", "separator"],
)
def test_half_of_something_is_refused_at_its_field(editor_client: Client, values: dict[str, Any], field: str) -> None:
    assert field in errors(editor_client.post(ADD, typed(**values)))
    assert not PolicyAction.objects.exists()
    assert not Source.objects.exists()


def test_double_click_makes_one_entry(editor_client: Client) -> None:
    data = typed()
    assert [editor_client.post(ADD, data).status_code for _ in range(2)] == [302, 302]
    assert PolicyAction.objects.count() == Revision.objects.count() == Source.objects.count() == 1


def test_double_click_on_a_printed_source_makes_one_entry(editor_client: Client) -> None:
    data = typed(source_url=None)
    assert [editor_client.post(ADD, data).status_code for _ in range(2)] == [302, 302]
    assert PolicyAction.objects.count() == Source.objects.count() == 1


def test_double_click_on_publish_makes_one_edition(reviewer_client: Client) -> None:
    data = typed(_publish="Publish")
    assert [reviewer_client.post(ADD, data).status_code for _ in range(2)] == [302, 302]
    assert Edition.objects.count() == PublishedAction.objects.count() == 1


def test_same_text_from_somebody_else_is_a_second_entry(editor_client: Client, reviewer_client: Client) -> None:
    data = typed()
    editor_client.post(ADD, data)
    reviewer_client.post(ADD, data | {"not_duplicate": [_only().pk]})
    assert sorted(PolicyAction.objects.values_list("slug", flat=True)) == [
        "military-aid-to-ukraine-paused-for-review",
        "military-aid-to-ukraine-paused-for-review-2",
    ]


def test_source_that_somebody_makes_meanwhile_is_used(editor_client: Client) -> None:
    """The form did not find it, the database knows it: the second try does find it."""
    source = SourceFactory.create(url="https://news.example/aid-paused")
    not_yet = mock.patch.multiple(
        "tracker.admin.entries.forms",
        find_source=mock.Mock(side_effect=[None, source]),
        check_new_source=mock.Mock(return_value={}),
    )
    with not_yet:
        assert editor_client.post(ADD, typed()).status_code == 302
    assert _only().citations.get().source == source


def test_send_for_review_moves_the_working_copy_on(editor_client: Client) -> None:
    editor_client.post(ADD, typed(_review="Send for review"))
    assert _only().workflow == "in_review"


def test_and_another_comes_back_to_the_form(editor_client: Client) -> None:
    response = editor_client.post(ADD, typed(_addanother="on"))
    assert response.headers["Location"] == ADD


def test_reviewer_logs_and_publishes_in_one_post(reviewer_client: Client) -> None:
    response = reviewer_client.post(ADD, typed(_publish="Publish"), follow=True)
    assert "Published in edition 1." in response.content.decode()
    row = PublishedAction.objects.get()
    assert (row.slug, row.change) == ("military-aid-to-ukraine-paused-for-review", "published")


def test_publishing_what_is_incomplete_saves_nothing_and_says_why(reviewer_client: Client) -> None:
    response = reviewer_client.post(ADD, typed(_publish="Publish", agency=None, status=None))
    found = errors(response)
    assert found["__all__"] == ["Not published, and nothing saved yet."]
    assert {"agency", "status"} <= found.keys()
    assert not PolicyAction.objects.exists()
    assert not Source.objects.exists()


def test_editor_sees_no_publish_button(editor_client: Client, reviewer_client: Client) -> None:
    assert 'name="_publish"' not in editor_client.get(ADD).content.decode()
    assert 'name="_publish"' in reviewer_client.get(ADD).content.decode()


def test_editor_who_forges_publish_is_refused(editor_client: Client) -> None:
    assert editor_client.post(ADD, typed(_publish="Publish")).status_code == 403
    assert not PolicyAction.objects.exists()


def test_reader_is_sent_to_the_login(reader_client: Client, intruder: Client) -> None:
    for client in (reader_client, intruder):
        for response in (client.get(ADD), client.get(LIST)):
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/admin/login/")
        assert client.post(ADD, {"title": "x"}).status_code == 403
    assert not PolicyAction.objects.exists()


def test_now_is_the_time_of_the_revision(editor_client: Client) -> None:
    with mock.patch.object(timezone, "now", return_value=NOW):
        editor_client.post(ADD, typed())
    assert Revision.objects.get().at == NOW
