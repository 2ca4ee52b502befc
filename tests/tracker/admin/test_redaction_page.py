"""Redacting from admin: a search that shows, one person who asks, another who confirms."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests import factories
from tests.tracker import redacting
from tests.tracker.redacting import REASON
from tracker.models import Edition, PublishedAction, Redaction

pytestmark = pytest.mark.django_db

LIST = "/admin/tracker/redaction/"
ASK = f"{LIST}ask/"
WORD = "wombat"


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS_DIR = tmp_path


@pytest.fixture
def people() -> tuple[Client, Client]:
    """Two people who may redact, one of them by that right alone."""
    asking, _ = redacting.people()
    other = User.objects.create_user("lawyer", is_staff=True)
    other.user_permissions.add(Permission.objects.get(codename="redact"))
    clients = Client(), Client()
    for client, user in zip(clients, (asking, other), strict=True):
        client.force_login(user)
    return clients


@pytest.fixture(autouse=True)
def _entry() -> None:
    factories.published(slug="wombat-counted", title="A wombat was counted")


def _seen(text: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', text)
    assert found
    return found[1]


def _ask(client: Client, **values: str) -> Any:
    seen = _seen(client.post(ASK, {"text": WORD, "_search": "1"}).text)
    return client.post(ASK, {"text": WORD, "reason": REASON, "seen": seen, "_ask": "1", **values})


def test_search_shows_the_list_and_changes_nothing(people: tuple[Client, Client]) -> None:
    text = people[0].post(ASK, {"text": WORD, "_search": "1"}).text
    assert "A wombat was counted" in text
    assert "is removed" in text
    assert not Redaction.objects.exists()


def test_one_asks_and_another_confirms(people: tuple[Client, Client]) -> None:
    assert _ask(people[0]).status_code == 302
    waiting = Redaction.objects.get()
    page = people[1].get(f"{LIST}{waiting.pk}/").text
    assert people[1].post(f"{LIST}{waiting.pk}/", {"seen": _seen(page), "_confirm": "1"}).status_code == 302
    assert PublishedAction.objects.current().get(slug="removed-1").change == "redacted"
    assert WORD not in people[1].get(LIST).text


def test_who_asked_is_not_offered_to_confirm_and_is_refused(people: tuple[Client, Client]) -> None:
    _ask(people[0])
    address = f"{LIST}{Redaction.objects.get().pk}/"
    page = people[0].get(address).text
    assert "_confirm" not in page
    answer = people[0].post(address, {"seen": _seen(page), "_confirm": "1"})
    assert "Another person than the one who asked confirms it." in answer.text
    assert Edition.objects.count() == 1


def test_confirmation_of_another_list_is_refused(people: tuple[Client, Client]) -> None:
    _ask(people[0])
    address = f"{LIST}{Redaction.objects.get().pk}/"
    seen = _seen(people[1].get(address).text)
    factories.published(slug="second", title="Another wombat")
    answer = people[1].post(address, {"seen": seen, "_confirm": "1"})
    assert "has changed" in answer.text
    assert "_confirm" not in answer.text
    assert Edition.objects.count() == 2


def test_refused_question_keeps_what_was_typed(people: tuple[Client, Client]) -> None:
    answer = _ask(people[0], reason=f"About the {WORD}.")
    assert answer.status_code == 200
    assert "The reason is kept: it must not hold the text itself." in answer.text
    assert f"About the {WORD}." in answer.text


def test_withdrawn_question_is_forgotten(people: tuple[Client, Client]) -> None:
    _ask(people[0])
    people[1].post(f"{LIST}{Redaction.objects.get().pk}/", {"_withdraw": "1"})
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("address", [LIST, ASK, f"{LIST}1/"])
def test_reviewer_finds_no_door(reviewer_client: Client, address: str) -> None:
    assert reviewer_client.get(address).status_code == 403
    assert reviewer_client.post(address, {"text": WORD, "_ask": "1"}).status_code == 403


def test_text_never_stands_in_an_address(people: tuple[Client, Client]) -> None:
    assert "A wombat was counted" not in people[0].get(f"{ASK}?text={WORD}").text


@pytest.mark.parametrize("text", ["", "ab", "a\x00b", "x" * 501], ids=["nothing", "short", "NUL", "long"])
def test_what_cannot_be_searched_for_is_refused_in_words(people: tuple[Client, Client], text: str) -> None:
    answer = people[0].post(ASK, {"text": text, "_search": "1"})
    assert answer.status_code == 200
    assert "errornote" in answer.text
