"""Is it logged already? Asked once, before saving, and remembered; sources that are cited already are told."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.factories import ActorFactory, AgencyFactory, SourceFactory, citation, save
from tests.tracker.admin.forms import ADD, change_address, posted, typed
from tracker.models import Agency, NotDuplicate, PolicyAction, PublishedAction, Source

CITED = reverse("admin:tracker_policyaction_cited")
PAIRS = reverse("admin:tracker_policyaction_duplicates")
TITLE = "Military aid to Ukraine paused for review"
REWORDED = "US pauses military aid to Ukraine"
ELSEWHERE = "Cyber Command told to stand down"


@pytest.fixture
def agency(db: None) -> Agency:
    return AgencyFactory.create(name="Department of War")


@pytest.fixture
def first(agency: Agency) -> PolicyAction:
    """The action that is in the record already."""
    return save(title=REWORDED, agency=agency, date="2025-03-01")


def _shown(response: Any) -> list[PolicyAction]:
    assert response.status_code == 200
    return [shown.action for shown in response.context["likely"]]


# --- before saving ---------------------------------------------------------------------------------------------


def test_likely_duplicate_is_shown_before_saving(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    response = editor_client.post(ADD, typed(agency=agency.pk))
    assert _shown(response) == [first]
    assert (PolicyAction.objects.count(), Source.objects.count()) == (1, 1)
    html = response.content.decode()
    assert "same agency, 2 days apart, similar title" in html
    assert "errornote" not in html


def test_everything_typed_is_kept(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    data = typed(agency=agency.pk, summary="Paused, said an official.")
    form = editor_client.post(ADD, data).context["adminform"].form
    assert {name: form[name].value() for name in data} == {name: form.data[name] for name in data}


@pytest.mark.parametrize(
    ("button", "value", "words"),
    [
        ("_save", "", "save draft"),
        ("_review", "", "send for review"),
        ("_publish", "", "publish"),
        ("_publish", "another", "publish"),
    ],
    ids=["save", "review", "publish", "publish and another"],
)
def test_button_of_the_panel_does_what_was_pressed(
    reviewer_client: Client, agency: Agency, first: PolicyAction, button: str, value: str, words: str
) -> None:
    response = reviewer_client.post(ADD, typed(agency=agency.pk, **{button: value}))
    wanted = f'name="{button}" value="{value}" autofocus>It is another action: {words}</button>'
    assert wanted in response.content.decode()


def test_it_is_another_action_takes_one_press_and_is_remembered(
    reviewer_client: Client, reviewer: User, agency: Agency, first: PolicyAction
) -> None:
    data = typed(agency=agency.pk, _publish="", not_duplicate=[first.pk])
    assert reviewer_client.post(ADD, data).status_code == 302
    second = PolicyAction.objects.latest("pk")
    pair = NotDuplicate.objects.get()
    assert (pair.first, pair.second, pair.by) == (first, second, reviewer)
    assert PublishedAction.objects.get().slug == second.slug


def test_sending_it_twice_makes_one_entry(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    data = typed(agency=agency.pk, not_duplicate=[first.pk])
    assert [editor_client.post(ADD, data).status_code for _ in range(2)] == [302, 302]
    assert PolicyAction.objects.count() == 2


def test_one_that_appeared_meanwhile_is_shown_once(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    meanwhile = save(title=TITLE, agency=agency, date="2025-03-03")
    response = editor_client.post(ADD, typed(agency=agency.pk, not_duplicate=[first.pk]))
    assert _shown(response) == [meanwhile, first]
    assert response.context["seen"] == [first.pk, meanwhile.pk]
    editor_client.post(ADD, typed(agency=agency.pk, not_duplicate=[first.pk, meanwhile.pk]))
    assert NotDuplicate.objects.count() == 2


def test_what_is_missing_besides_costs_no_second_question(
    reviewer_client: Client, agency: Agency, first: PolicyAction
) -> None:
    data = typed(agency=agency.pk, status=None, _publish="", not_duplicate=[first.pk])
    response = reviewer_client.post(ADD, data)
    assert "status" in response.context["adminform"].form.errors
    assert f'name="not_duplicate" value="{first.pk}"' in response.content.decode()
    assert not NotDuplicate.objects.exists()


@pytest.mark.parametrize("forged", ["x", "-1", "9" * 30, "\x00", "1 OR 1=1"])
def test_forged_answer_answers_nothing(editor_client: Client, agency: Agency, first: PolicyAction, forged: str) -> None:
    assert _shown(editor_client.post(ADD, typed(agency=agency.pk, not_duplicate=[forged]))) == [first]


def test_answer_about_a_stranger_is_not_remembered(editor_client: Client, first: PolicyAction) -> None:
    assert editor_client.post(ADD, typed(title=ELSEWHERE, not_duplicate=[first.pk])).status_code == 302
    assert not NotDuplicate.objects.exists()


def test_edit_that_makes_it_alike_is_asked_about(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    second = save(title=ELSEWHERE, agency=agency, date="2025-03-03")
    data = posted(editor_client, second, title=TITLE)
    assert _shown(editor_client.post(change_address(second), data)) == [first]
    assert editor_client.post(change_address(second), data | {"not_duplicate": [first.pk]}).status_code == 302
    second.refresh_from_db()
    assert second.title == TITLE
    assert NotDuplicate.objects.filter(first=first, second=second).exists()


def test_edit_of_something_else_is_not_asked_about(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    second = save(title=TITLE, agency=agency, date="2025-03-03")
    data = posted(editor_client, second, summary="Paused.")
    assert editor_client.post(change_address(second), data).status_code == 302


def test_pair_that_was_judged_is_not_asked_about_again(
    editor_client: Client, agency: Agency, first: PolicyAction
) -> None:
    editor_client.post(ADD, typed(agency=agency.pk, not_duplicate=[first.pk]))
    second = PolicyAction.objects.latest("pk")
    data = posted(editor_client, second, title=f"{TITLE} by the White House")
    assert editor_client.post(change_address(second), data).status_code == 302


def test_change_pages_say_who_told_them_apart(editor_client: Client, agency: Agency, first: PolicyAction) -> None:
    editor_client.post(ADD, typed(agency=agency.pk, not_duplicate=[first.pk]))
    second = PolicyAction.objects.latest("pk")
    for one, other in ((first, second), (second, first)):
        html = editor_client.get(change_address(one)).content.decode()
        part = html[html.index("Not the same action as") :]
        assert other.title in part
        assert "said by editor on" in part


# --- sources that are cited already ----------------------------------------------------------------------------


@pytest.fixture
def source(db: None) -> Source:
    return SourceFactory.create(url="https://news.example/aid-paused", title="Aid paused, officials say")


def test_prefilled_form_says_who_cites_the_source(editor_client: Client, source: Source) -> None:
    action = save(title=TITLE, citations=[citation(source)])
    html = editor_client.get(ADD, {"source_url": "https://m.news.example/aid-paused?utm_source=x"}).content.decode()
    assert "This source is cited already, by:" in html
    assert "3 March 2025 · In effect" in html.replace("3 Mar 2025", "3 March 2025")
    assert f"{ADD}?source_url=https%3A%2F%2Fm.news.example%2Faid-paused%3Futm_source%3Dx&amp;from={action.pk}" in html
    assert reverse("admin:tracker_policyaction_develop", args=[action.pk]) in html


def test_address_typed_is_answered_with_the_same_notice(editor_client: Client, source: Source) -> None:
    action = save(title=TITLE, citations=[citation(source)])
    html = editor_client.get(CITED, {"source_url": source.url}).content.decode()
    assert change_address(action) in html
    assert "<html" not in html


def test_source_without_entries_is_told(editor_client: Client, source: Source) -> None:
    assert "no entry cites it" in editor_client.get(CITED, {"source_url": source.url}).content.decode()


@pytest.mark.parametrize(
    "url",
    ["", " ", "nonsense", "https://news.example/other", "https://[::1/a", "https://a.example:99999/", "\x00"],
    ids=["none", "blank", "nonsense", "unknown", "brackets", "port", "nul"],
)
def test_unknown_address_has_no_notice(editor_client: Client, source: Source, url: str) -> None:
    response = editor_client.get(CITED, {"source_url": url})
    assert (response.status_code, response.content.strip()) == (200, b"")
    assert "cited already" not in editor_client.get(ADD, {"source_url": url}).content.decode()


def test_notice_names_ten_entries_and_says_when_there_are_more(editor_client: Client, source: Source) -> None:
    for number in range(11):
        save(title=f"Order {number}", citations=[citation(source)])
    html = editor_client.get(CITED, {"source_url": source.url}).content.decode()
    assert html.count("> of “Order ") == 10
    assert "and by more entries" in html


def test_notice_escapes_what_it_repeats(editor_client: Client, source: Source) -> None:
    save(title="<script>alert(1)</script>", citations=[citation(source)])
    assert "<script>" not in editor_client.get(CITED, {"source_url": source.url}).content.decode()


def test_cited_source_never_stops_a_save(editor_client: Client, source: Source) -> None:
    save(title=ELSEWHERE, citations=[citation(source)])
    assert editor_client.post(ADD, typed()).status_code == 302


# --- the list of pairs -----------------------------------------------------------------------------------------


def test_pairs_are_listed_and_judged(editor_client: Client, editor: User, agency: Agency, first: PolicyAction) -> None:
    second = save(title=TITLE, agency=agency, date="2025-03-03")
    assert "They are two actions" in editor_client.get(PAIRS).content.decode()
    editor_client.post(PAIRS, {"first": first.pk, "second": second.pk})
    assert NotDuplicate.objects.get().by == editor
    assert "No pair is left to look at." in editor_client.get(PAIRS).content.decode()


@pytest.mark.parametrize("second", ["", "x", "99999", "9" * 30], ids=["none", "word", "gone", "huge"])
def test_half_a_pair_is_told(editor_client: Client, first: PolicyAction, second: str) -> None:
    response = editor_client.post(PAIRS, {"first": first.pk, "second": second}, follow=True)
    assert "nothing was remembered" in response.content.decode()
    assert not NotDuplicate.objects.exists()


@pytest.mark.parametrize("address", [CITED, PAIRS])
def test_nobody_else_comes_in(reader_client: Client, intruder: Client, address: str) -> None:
    for response in (reader_client.get(address), intruder.get(address), intruder.post(address)):
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/")
    assert reader_client.post(address).status_code == 403


@pytest.mark.parametrize("address", [CITED, PAIRS])
def test_staff_without_the_right_is_refused(db: None, address: str) -> None:
    client = Client()
    client.force_login(User.objects.create(username="clerk", is_staff=True))
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_actor_alone_is_enough(editor_client: Client) -> None:
    actor = ActorFactory.create()
    first = save(title=REWORDED, actor=actor, date="2025-03-03")
    assert _shown(editor_client.post(ADD, typed(actor=actor.pk))) == [first]
