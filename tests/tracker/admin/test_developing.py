"""What became of an entry: one line more, its source cited, in one save of a small page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests.factories import SourceFactory, citation, edit, line, published, save
from tests.tracker.admin.forms import LIST, change_address
from tracker.models import Edition, PolicyAction, PublishedAction, Source

NOTE = "The US said in Jeddah that it lifts the pause."


def address(action: PolicyAction, **query: Any) -> str:
    """Return the address of the page that logs a development of `action`."""
    page = reverse("admin:tracker_policyaction_develop", args=[action.pk])
    return f"{page}?{urlencode(query)}" if query else page


def filled(action: PolicyAction, **values: Any) -> dict[str, Any]:
    """Return what the page of `action` posts to say that it was reversed on 11 March, from a new source."""
    typed = {
        "status": "reversed", "status_date": "11 March 2025", "status_note": NOTE, "opened_with": action.revision,
        "source_url": "https://news.example/jeddah?utm_source=x", "publisher": "The Record", "stance": "supports",
        "source_title": "Pause lifted", "source_kind": "news_report", "attribution": "named_official",
        "where_it_stands": "Lifted on 11 March 2025.", "due_date": "",
    }  # fmt: skip
    return {name: value for name, value in (typed | values).items() if value is not None}


def develop(client: Client, action: PolicyAction, **values: Any) -> Any:
    """Post the filled page."""
    return client.post(address(action), filled(action, **values))


def refused(response: Any, *, code: int = 200) -> dict[str, list[str]]:
    """Return the messages at the fields of the page that was shown again; 409: somebody else was quicker."""
    assert response.status_code == code
    return {name: list(told) for name, told in response.context["adminform"].form.errors.items()}


def history(action: PolicyAction) -> list[tuple[str, str]]:
    """Return status and date of each line."""
    return list(action.status_changes.order_by("position").values_list("status", "date"))


# --- what it saves ---------------------------------------------------------------------------------------------


def test_development_adds_a_line_and_its_source_in_one_revision(editor_client: Client) -> None:
    action = save()
    response = develop(editor_client, action)
    assert response.status_code == 302, refused(response)
    action.refresh_from_db()
    added = action.status_changes.get(position=2)
    assert history(action) == [("in_effect", "2025-03-03"), ("reversed", "2025-03-11")]
    assert (added.by, added.note, added.source) == ("issuer", NOTE, Source.objects.get(title="Pause lifted"))
    assert (action.revision, action.where_it_stands, action.workflow) == (2, "Lifted on 11 March 2025.", "draft")


def test_new_source_is_cited_for_the_status(editor_client: Client) -> None:
    action = save()
    develop(editor_client, action, due_date="1 May 2025")
    cited = action.citations.get(position=2)
    assert (cited.source.url, cited.source.publisher.name) == ("https://news.example/jeddah", "The Record")
    assert (cited.attribution, cited.stance, cited.bears_on) == ("named_official", "supports", "status")
    action.refresh_from_db()
    assert action.due_date == "2025-05-01"


def test_source_of_the_record_needs_its_address_and_whose_word_alone(editor_client: Client) -> None:
    action, known = save(), SourceFactory.create()
    bare = {"source_url": known.url, "publisher": None, "source_title": None}
    assert "on whose word" in refused(develop(editor_client, action, **bare, attribution=None))["attribution"][0]
    assert develop(editor_client, action, **bare).status_code == 302
    assert action.citations.get(position=2).source == known


def test_source_that_the_entry_cites_is_used_again(editor_client: Client) -> None:
    known = SourceFactory.create()
    action = save(citations=[citation(known)])
    response = develop(editor_client, action, source_url=known.url, publisher=None, source_title=None, attribution=None)
    assert response.status_code == 302, refused(response)
    assert action.citations.get().bears_on == "action status"
    assert action.status_changes.get(position=2).source == known


def test_new_source_without_its_publisher_is_asked_for_it(editor_client: Client) -> None:
    elsewhere = {"source_url": "https://elsewhere.example/", "publisher": "", "source_title": ""}
    response = develop(editor_client, save(), **elsewhere)
    assert refused(response) == {"publisher": ["Who published it?"], "source_title": ["What is its title?"]}
    assert not Source.objects.filter(url__contains="elsewhere").exists()


def test_development_without_a_status_leaves_it_as_it_was(editor_client: Client) -> None:
    action = save()
    assert develop(editor_client, action, status="").status_code == 302
    assert history(action) == [("in_effect", "2025-03-03"), ("", "2025-03-11")]
    shown: Any = PolicyAction.objects.with_status().get()
    assert shown.status == "in_effect"


def test_denial_is_cited_as_disputing(editor_client: Client) -> None:
    action = save()
    develop(editor_client, action, status="", stance="disputes")
    assert action.citations.get(position=2).stance == "disputes"


def test_line_goes_where_its_date_belongs(editor_client: Client) -> None:
    action = save(status_history=[line(date="2025-03-03"), line("expired", "2025-05-01")])
    develop(editor_client, action, status="on_hold")
    assert [status for status, _ in history(action)] == ["in_effect", "on_hold", "expired"]


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        pytest.param("on", [("reversed", "2025-03-11")], id="the status is known"),
        pytest.param(None, [("reported", "2025-03-03"), ("reversed", "2025-03-11")], id="unticked"),
    ],
)
def test_line_that_says_reported_is_replaced(editor_client: Client, ticked: str | None, expected: Any) -> None:
    action = save(status_history=[line("reported")])
    assert "Replace the line “Reported, 3 Mar 2025”" in editor_client.get(address(action)).content.decode()
    develop(editor_client, action, replaces_reported=ticked)
    assert history(action) == expected


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        pytest.param({"status_date": ""}, "status_date", "needs a date", id="no date"),
        pytest.param({"status_date": "1 January 2100"}, "status_date", "still to come", id="future"),
        pytest.param({"status_date": "01/02/2025"}, "status_date", "either way round", id="ambiguous"),
        pytest.param({"status_date": "3 to 5 March 2025"}, "status_date", "takes one day", id="lasting"),
        pytest.param({"status": "", "status_note": ""}, "status_note", "needs a note", id="blank, no note"),
        pytest.param({"status": "reported", "status_by": "court"}, "status_by", "blank for reported", id="by"),
        pytest.param({"status": "nonsense"}, "status", "nonsense", id="no status"),
        pytest.param({"status_note": "a\x08b"}, "status_note", "invisible character", id="control character"),
        pytest.param({"where_it_stands": "x" * 121}, "where_it_stands", "120", id="too long"),
        pytest.param({"source_url": "javascript:alert(1)"}, "source_url", "URL", id="javascript"),
        pytest.param({"source": "9" * 40}, "source", "valid choice", id="no such source"),
    ],
)
def test_refusal_stands_at_its_field_and_saves_nothing(
    editor_client: Client, values: dict[str, Any], field: str, words: str
) -> None:
    action = save()
    response = develop(editor_client, action, **values)
    assert words in " ".join(refused(response)[field])
    action.refresh_from_db()
    assert (action.revision, Source.objects.filter(title="Pause lifted").count()) == (1, 0)
    assert "Lifted on 11 March 2025." in response.content.decode() or field == "where_it_stands"


# --- the page --------------------------------------------------------------------------------------------------


def test_page_is_filled_in_from_its_address_and_saves_nothing(editor_client: Client) -> None:
    action = save(due_date="2025-07-01")
    query = {"source_url": "https://news.example/x", "status": "reversed", "status_date": "2025-03-11", "title": "No"}
    form = editor_client.get(address(action, **query)).context["adminform"].form
    values = {name: form[name].value() for name in ("source_url", "status", "status_date", "where_it_stands")}
    assert values == {
        "source_url": "https://news.example/x", "status": "reversed", "status_date": "11 Mar 2025",
        "where_it_stands": "Paused.",
    }  # fmt: skip
    assert (form["due_date"].value(), form["opened_with"].value()) == ("1 Jul 2025", 1)
    assert (action.revisions.count(), Source.objects.count()) == (1, 1)


@pytest.mark.parametrize("query", [{"source_url": "a\x00b"}, {"source": "\x00"}, {"source": "9" * 40}, {"status": "x"}])
def test_hostile_address_shows_the_page(editor_client: Client, query: dict[str, str]) -> None:
    assert editor_client.get(address(save(), **query)).status_code == 200


def test_page_says_that_a_source_is_cited_already(editor_client: Client) -> None:
    known = SourceFactory.create()
    action, other = save(citations=[citation(known)]), save()
    assert "cites it already" in editor_client.get(address(action, source_url=known.url)).content.decode()
    assert "Only say on whose word" in editor_client.get(address(other, source_url=known.url)).content.decode()


def test_page_is_offered_on_the_list_and_on_the_change_page(editor_client: Client) -> None:
    action = save()
    for page in (LIST, change_address(action)):
        assert address(action) in editor_client.get(page).content.decode()


@pytest.mark.parametrize(("cast", "code"), [("reader_client", 302), ("intruder", 302), ("editor_client", 200)])
def test_page_is_for_editors(request: pytest.FixtureRequest, db: None, cast: str, code: int) -> None:
    response = request.getfixturevalue(cast).get(address(save()))
    assert response.status_code == code
    assert code == 200 or "/login/" in response.url


def test_entry_deleted_meanwhile_hands_the_text_back(editor_client: Client) -> None:
    action = save()
    page, data = address(action), filled(action)
    action.delete()
    response = editor_client.post(page, data)
    assert response.status_code == 409
    assert NOTE in response.content.decode()
    assert editor_client.get(page).status_code == 302


# --- twice, and at the same time -------------------------------------------------------------------------------


def test_development_sent_twice_is_one_line(editor_client: Client) -> None:
    action = save()
    for _ in range(2):
        assert develop(editor_client, action).status_code == 302
    action.refresh_from_db()
    assert (action.revision, action.status_changes.count(), action.citations.count()) == (2, 2, 2)


def test_stale_page_keeps_everything_and_says_who_was_quicker(editor_client: Client, reviewer: Any) -> None:
    action = save()
    edit(action, by=reviewer, title="Aid stopped")
    response = develop(editor_client, action)
    assert "Changed meanwhile by reviewer" in refused(response, code=409)["__all__"][0]
    assert NOTE in response.content.decode()
    action.refresh_from_db()
    assert (action.revision, Source.objects.filter(title="Pause lifted").count()) == (2, 0)


def test_stale_page_saves_onto_the_present_when_it_is_sent_again(editor_client: Client) -> None:
    action = save()
    edit(action, title="Aid stopped")
    form = develop(editor_client, action).context["adminform"].form
    again = develop(editor_client, action, opened_with=form["opened_with"].value())
    assert again.status_code == 302, refused(again)
    action.refresh_from_db()
    assert (action.revision, action.title, action.status_changes.count()) == (3, "Aid stopped", 2)


@pytest.mark.parametrize(
    ("mine", "shown", "told"),
    [
        pytest.param("Paused.", "Theirs.", "They made this “Theirs.”.", id="left as it was"),
        pytest.param("Mine.", "Mine.", "They made this “Theirs.”; yours is in the box.", id="both changed it"),
    ],
)
def test_stale_page_overwrites_nothing_that_they_wrote(editor_client: Client, mine: str, shown: str, told: str) -> None:
    action = save()
    edit(action, where_it_stands="Theirs.")
    response = develop(editor_client, action, where_it_stands=mine)
    assert refused(response, code=409)["where_it_stands"] == [told]
    assert response.context["adminform"].form["where_it_stands"].value() == shown


@pytest.mark.parametrize(
    ("opened_with", "code"), [("0", 200), ("99", 409), ("-1", 200), ("x", 200), ("9" * 40, 200), ("", 200)]
)
def test_forged_revision_saves_nothing(editor_client: Client, opened_with: str, code: int) -> None:
    action = save()
    assert refused(develop(editor_client, action, opened_with=opened_with), code=code)
    assert action.revisions.count() == 1


# --- sending on and publishing ---------------------------------------------------------------------------------


def test_development_is_sent_for_review(editor_client: Client) -> None:
    action = save()
    develop(editor_client, action, _review="Send for review")
    action.refresh_from_db()
    assert action.workflow == "in_review"


@pytest.mark.parametrize(
    ("note", "told"), [pytest.param("", NOTE, id="as noted"), pytest.param("It is over.", "It is over.", id="typed")]
)
def test_development_is_published_as_updated(settings: Any, reviewer_client: Client, note: str, told: str) -> None:
    settings.REVIEW_REQUIRED = False
    action = published()
    response = develop(reviewer_client, action, change_note=note, _publish="Publish")
    assert response.status_code == 302, refused(response)
    row = PublishedAction.objects.current().get()
    assert (row.version, row.change, row.change_note) == (2, "updated", told)


def test_reviewer_is_told_that_another_one_publishes_it(settings: Any, reviewer_client: Client) -> None:
    settings.REVIEW_REQUIRED = True
    action = published()
    page = reviewer_client.get(address(action)).content.decode()
    assert 'name="_publish"' not in page
    assert "another reviewer publishes" in page
    assert "__all__" in refused(develop(reviewer_client, action, _publish="Publish"))
    assert action.revisions.count() == 1


def test_editor_cannot_publish_a_development(editor_client: Client) -> None:
    action = save()
    assert develop(editor_client, action, _publish="Publish").status_code == 403
    assert action.revisions.count() == 1


def test_what_publication_lacks_is_told_and_nothing_is_saved(settings: Any, reviewer_client: Client) -> None:
    settings.REVIEW_REQUIRED = False
    action = save(agency=None)
    response = develop(reviewer_client, action, _publish="Publish")
    assert "Name the agency" in " ".join(refused(response)["__all__"])
    assert (action.revisions.count(), Edition.objects.count()) == (1, 0)
