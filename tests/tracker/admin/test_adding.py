"""The add form, fast: what it knows beforehand, what it fills in itself, how a new name is taken, what comes after."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import (
    ActorFactory,
    AgencyFactory,
    PartyFactory,
    PublisherFactory,
    SourceFactory,
    TopicFactory,
    save,
)
from tests.tracker.admin.forms import ADD, change_address, errors, posted, typed
from tracker.models import Actor, Agency, PolicyAction, Publisher, Source

NO_SOURCE = {"publisher": None, "source_title": None, "source_published": None}
HEADLINE = "https://news.example/2025/03/aid-to-kyiv-paused-8812.html"


def _only() -> Any:
    return PolicyAction.objects.with_status().get()


def _initial(client: Client, **query: Any) -> dict[str, Any]:
    return client.get(ADD, query).context["adminform"].form.initial


def _told(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_nine_fields_at_most_are_in_sight(editor_client: Client) -> None:
    open_ones = [
        name
        for fieldset in editor_client.get(ADD).context["adminform"]
        if not fieldset.is_collapsible
        for name in fieldset.fields
    ]
    assert len(open_ones) <= 9
    assert set(open_ones) == {
        *("source_url", "attribution", "title", "where_it_stands", "date"),
        *("status", "category", "agency", "actor"),
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "source_url"),
        ({"source_url": HEADLINE}, "attribution"),
        ({"source_url": HEADLINE, "attribution": "document"}, "title"),
    ],
    ids=["blank", "bookmarklet", "from another"],
)
def test_cursor_waits_in_the_first_blank_field(editor_client: Client, query: dict[str, str], field: str) -> None:
    html = editor_client.get(ADD, query).content.decode()
    before, _, _ = html.partition(" autofocus")
    assert html.count(" autofocus") == 1
    assert before.rpartition('name="')[2].startswith(f'{field}"')


def test_what_the_bookmarklet_carries_fills_entry_and_source(editor_client: Client) -> None:
    initial = _initial(
        editor_client, source_url=HEADLINE, title="Aid paused", publisher="The Record", source_published="2025-03-04"
    )
    assert (initial["title"], initial["source_title"]) == ("Aid paused", "Aid paused")
    assert (initial["publisher"], initial["source_published"]) == ("The Record", "2025-03-04")
    assert [model.objects.count() for model in (Publisher, Source, PolicyAction)] == [0, 0, 0]


@pytest.mark.parametrize("called", ["AP", "apnews.example"], ids=["alias", "unknown name of a known site"])
def test_site_is_called_as_the_record_calls_it(editor_client: Client, called: str) -> None:
    publisher = PublisherFactory.create(name="Associated Press", aliases="AP")
    SourceFactory.create(publisher=publisher, url="https://apnews.example/1")
    assert _initial(editor_client, source_url="https://apnews.example/2", publisher=called)["publisher"] == (
        "Associated Press"
    )


def test_another_from_the_same_article_keeps_what_they_share(editor_client: Client) -> None:
    party, topic = PartyFactory.create(), TopicFactory.create()
    action = save(affects=[party], topics=[topic])
    citation = action.citations.get()
    initial = _initial(editor_client, **{"from": action.pk})
    assert (initial["source_url"], initial["attribution"]) == (citation.source.url, citation.attribution)
    assert (initial["agency"], initial["affects"], initial["topics"]) == (action.agency_id, [party.pk], [topic.pk])
    assert "title" not in initial


@pytest.mark.parametrize("key", ["abc", "0", "9" * 40, "\x00", ""], ids=ascii)
def test_another_from_no_entry_is_a_blank_form(editor_client: Client, key: str) -> None:
    response = editor_client.get(ADD, {"from": key})
    assert response.status_code == 200
    assert response.context["adminform"].form.initial == {}


def test_pasted_address_tells_publisher_and_title(editor_client: Client) -> None:
    known = SourceFactory.create(url="https://www.news.example/other")
    response = editor_client.post(ADD, typed(source_url=HEADLINE, **NO_SOURCE), follow=True)
    source = _only().citations.get().source
    assert (source.publisher, source.title) == (known.publisher, "Aid to kyiv paused")
    assert "as of the other sources from the same site" in _told(response)
    assert "read from its address" in _told(response)


@pytest.mark.parametrize(
    ("sources", "url", "field"),
    [
        (["https://elsewhere.example/1"], HEADLINE, "publisher"),
        (["https://news.example/1", "https://news.example/2"], HEADLINE, "publisher"),
        (["https://news.example/1"], "https://news.example/articles/c0mz81", "source_title"),
    ],
    ids=["unknown site", "two publishers", "no headline"],
)
def test_what_cannot_be_known_is_asked_in_sight(
    editor_client: Client, sources: list[str], url: str, field: str
) -> None:
    for known in sources:
        SourceFactory.create(url=known)
    response = editor_client.post(ADD, typed(source_url=url, **NO_SOURCE))
    assert field in errors(response)
    assert not next(each for each in response.context["adminform"] if field in each.fields).is_collapsible


def test_site_that_repeats_others_tells_no_publisher(editor_client: Client) -> None:
    SourceFactory.create(url="https://news.example/1", republished_by=PublisherFactory.create())
    assert "publisher" in errors(editor_client.post(ADD, typed(source_url=HEADLINE, **NO_SOURCE)))


@pytest.mark.parametrize(
    ("attribution", "status"),
    [("unnamed_sources", "reported"), ("reporting", "reported"), ("named_other", "reported"), ("document", None)],
)
def test_blank_status_follows_from_how_we_know(editor_client: Client, attribution: str, status: str | None) -> None:
    editor_client.post(ADD, typed(attribution=attribution, status=None))
    assert _only().status == status


def test_chosen_status_is_kept_whatever_the_attribution(editor_client: Client) -> None:
    editor_client.post(ADD, typed(attribution="unnamed_sources", status="in_effect"))
    assert _only().status == "in_effect"


def test_draft_without_any_day_gets_no_status(editor_client: Client) -> None:
    values = {"attribution": "unnamed_sources", "status": None, "date": None, "source_published": None}
    assert editor_client.post(ADD, typed(**values)).status_code == 302
    assert _only().status is None


@pytest.mark.parametrize(("values", "asked"), [({}, True), ({"date_note": "NBC says so."}, False)])
def test_vague_date_without_a_note_is_saved_and_asked_about(
    editor_client: Client, values: dict[str, str], asked: bool
) -> None:
    response = editor_client.post(ADD, typed(date="late Feb 2025", **values), follow=True)
    assert ("say in the date note" in _told(response)) is asked
    assert _only().date == "[2025-02-21..2025-02-28]"


# --- new names -------------------------------------------------------------------------------------------------


def test_new_names_are_made_with_the_entry(editor_client: Client) -> None:
    response = editor_client.post(ADD, typed(actor="new:Pam Bondi", agency="new:Office of Émile"), follow=True)
    action = _only()
    assert (action.actor.name, action.agency.slug) == ("Pam Bondi", "office-of-emile")
    assert "New actor: Pam Bondi." in _told(response)


@pytest.mark.parametrize("name", ["doj", "Department of Justice", "JUSTICE  department"])
def test_new_name_that_is_known_is_the_one_that_is_meant(editor_client: Client, name: str) -> None:
    agency = AgencyFactory.create(name="Justice Department", abbreviation="DOJ", aliases="Department of Justice")
    editor_client.post(ADD, typed(agency=f"new:{name}"))
    assert _only().agency == agency


@pytest.mark.parametrize("name", ["", "   ", "a\x00", "a\x08b", "A; B", "x" * 201], ids=ascii)
def test_name_that_cannot_be_one_is_refused_at_its_field(editor_client: Client, name: str) -> None:
    response = editor_client.post(ADD, typed(actor=f"new:{name}"))
    assert "actor" in errors(response)
    assert not Actor.objects.exists()


def test_new_name_stays_typed_when_something_else_is_refused(editor_client: Client) -> None:
    page = editor_client.post(ADD, typed(actor="new:Pam Bondi", title="")).content.decode()
    assert '<option value="new:Pam Bondi" selected>Pam Bondi (new)</option>' in page
    assert not Actor.objects.exists()


def test_nothing_new_stays_behind_when_the_record_refuses(editor_client: Client) -> None:
    response = editor_client.post(ADD, typed(agency="new:A new office", date="3 March 2099"))
    assert errors(response)
    assert not Agency.objects.exists()


def test_change_form_takes_a_new_name_too(editor_client: Client) -> None:
    action = save()
    response = editor_client.post(change_address(action), posted(editor_client, action, actor="new:Pam Bondi"))
    assert response.status_code == 302, errors(response)
    assert _only().actor.name == "Pam Bondi"


def test_new_name_needs_the_right_to_add_one(client: Client, db: None) -> None:
    user = User.objects.create_user("half", password="half-half-half", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__endswith="_policyaction"))
    client.force_login(user)
    assert "actor" in errors(client.post(ADD, typed(actor="new:Pam Bondi")))
    assert not Actor.objects.filter(name="Pam Bondi").exists()


# --- after saving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "workflow"), [("_save", "draft"), ("_review", "in_review")], ids=["draft", "review"]
)
def test_each_button_can_add_another(editor_client: Client, button: str, workflow: str) -> None:
    response = editor_client.post(ADD, typed(**{button: "another"}))
    assert response.headers["Location"] == ADD
    assert _only().workflow == workflow


def test_saved_entry_offers_another_from_its_article(editor_client: Client) -> None:
    page = editor_client.post(ADD, typed(_save="another"), follow=True).content.decode()
    assert f'<a href="{ADD}?from={_only().pk}">Log another from this article</a>' in page


def test_entry_without_a_source_offers_none(editor_client: Client) -> None:
    response = editor_client.post(ADD, {"title": "Something was ordered", "_save": ""}, follow=True)
    assert "Log another from" not in _told(response)


def test_change_form_links_to_another_from_its_article(editor_client: Client) -> None:
    action = save()
    assert f'href="{ADD}?from={action.pk}"' in editor_client.get(change_address(action)).content.decode()


def test_no_button_mistakes_a_name_for_a_key(editor_client: Client) -> None:
    actor = ActorFactory.create()
    editor_client.post(ADD, typed(actor=actor.pk))
    assert _only().actor == actor
