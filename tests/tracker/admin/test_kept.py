"""Typed text outlives an ended session, a refused token and a failed database; nobody's form becomes one click."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from tests.tracker.admin.forms import ADD, typed
from tracker.admin import kept
from tracker.models import PolicyAction

LOGIN = "/admin/login/"
OURS = "http://testserver"


def _hidden(page: Any, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}"[^>]*value="([^"]*)"', page.content.decode())
    assert found, f"no {name} on the page"
    return unescape(found[1])


def _all_hidden(page: Any) -> dict[str, list[str]]:
    """Return what the button of a page that gives text back would send."""
    found: dict[str, list[str]] = {}
    form = page.content.decode().split('<div id="content-main">')[1]
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


def _sign_in(client: Client, page: Any, user: User, **values: str) -> Any:
    data = {"username": user.username, "password": f"{user.username}-{user.username}", "next": ADD}
    return client.post(LOGIN, data | {"kept": _hidden(page, "kept")} | values)


@pytest.fixture
def strict() -> Client:
    """A client whose forms are checked for their token."""
    return Client(enforce_csrf_checks=True)


# --- an ended session ------------------------------------------------------------------------------------------


def test_expired_session_gives_the_text_back_after_login(intruder: Client, editor: User) -> None:
    data = typed(title='Aid "paused" & <b>stopped</b>', summary="One.\r\nTwo.", _review="Send for review")
    asked = intruder.post(ADD, data)
    assert (asked.status_code, PolicyAction.objects.count()) == (403, 0)
    page = _sign_in(intruder, asked, editor)
    assert "Send it now" in page.content.decode()
    sent = _all_hidden(page)
    assert sent["title"] == [data["title"]]
    assert not PolicyAction.objects.exists(), "nothing is sent by itself"
    assert intruder.post(ADD, sent).status_code == 302
    assert PolicyAction.objects.get().workflow == "in_review"


def test_wrong_password_keeps_the_text(intruder: Client, editor: User) -> None:
    asked = intruder.post(ADD, typed(title="A title worth keeping"))
    refused = _sign_in(intruder, asked, editor, password="wrong")
    assert "A title worth keeping" in _sign_in(intruder, refused, editor).content.decode()


def test_another_user_may_do_no_more_than_before(intruder: Client, reader: User, reviewer: User) -> None:
    asked = intruder.post(ADD, typed(_publish="Publish"))
    assert "kept" in _sign_in(intruder, asked, reader).content.decode(), "a reader does not get into admin"
    sent = _all_hidden(_sign_in(intruder, asked, reviewer))
    intruder.logout()
    intruder.force_login(reader)
    assert intruder.post(ADD, sent).status_code == 403
    assert not PolicyAction.objects.exists()


def test_whoever_left_the_staff_meanwhile_is_refused_and_keeps_the_text(editor_client: Client, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(is_staff=False)
    page = editor_client.post(ADD, typed(title="A title worth keeping"))
    assert page.status_code == 403
    assert "A title worth keeping" in page.text
    assert "Send it now" not in page.text


@pytest.mark.parametrize("name", ["password", "new_password1", "csrfmiddlewaretoken"])
def test_passwords_and_tokens_are_never_kept(intruder: Client, db: None, name: str) -> None:
    asked = intruder.post(ADD, {"title": "Kept", name: "secret-word"})
    found = kept._opened(_hidden(asked, "kept"))
    assert found
    assert found.typed == [("title", "Kept")]


@pytest.mark.parametrize("forged", ["{}xx", "", "\x00", "a:b:c"], ids=ascii)
def test_forged_text_is_dropped_at_login(intruder: Client, editor: User, forged: str) -> None:
    asked = intruder.post(ADD, typed())
    answer = _sign_in(intruder, asked, editor, kept=forged.format(_hidden(asked, "kept")))
    assert (answer.status_code, answer.headers["Location"]) == (302, ADD)


def test_what_is_too_long_to_keep_is_sent_to_login_as_ever(intruder: Client, db: None) -> None:
    answer = intruder.post(ADD, {"title": "x" * 1_000_001})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(LOGIN)


def test_form_without_text_is_sent_to_login_as_ever(intruder: Client, db: None) -> None:
    assert intruder.post(ADD).status_code == 302


# --- a refused token -------------------------------------------------------------------------------------------


def test_refused_token_of_our_own_page_offers_to_send_again(strict: Client, editor: User) -> None:
    strict.force_login(editor)
    page = strict.post(ADD, typed(title="Kept"), headers={"origin": OURS})
    assert page.status_code == 403
    sent = _all_hidden(page)
    assert strict.post(ADD, sent, headers={"origin": OURS}).status_code == 302
    assert PolicyAction.objects.get().title == "Kept"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/http://testserver/"},
        {"referer": "http://testserver.evil.example/"},
        {"referer": "http://["},
        {"origin": "null", "referer": "http://testserver/"},
        {},
    ],
    ids=str,
)
def test_form_of_another_site_gets_no_button(strict: Client, editor: User, headers: dict[str, str]) -> None:
    strict.force_login(editor)
    page = strict.post(ADD, typed(title="Laundered"), headers=headers)
    text = page.content.decode()
    assert page.status_code == 403
    assert "Laundered" in text
    assert "Send it now" not in text
    assert 'name="title"' not in text


def test_token_refused_at_login_keeps_the_text(strict: Client, editor: User) -> None:
    sealed = kept._sealed(kept.Kept(ADD, [("title", "Kept")]))
    page = strict.post(LOGIN, {"username": "editor", "kept": sealed}, headers={"origin": OURS})
    assert (page.status_code, _hidden(page, "kept")) == (403, sealed)


def test_refused_token_outside_admin_is_plainly_refused(strict: Client, db: None) -> None:
    page = strict.post("/", {"title": "x"}, headers={"origin": OURS})
    assert page.status_code in (403, 405)
    assert "Send it now" not in page.content.decode()


# --- a failed database -----------------------------------------------------------------------------------------


def _failing(message: str) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError(message)

    return fail


@pytest.mark.parametrize(
    "message", ["database or disk is full", "attempt to write a readonly database", "database is locked"]
)
def test_failed_database_answers_503_with_the_text(
    editor_client: Client, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("tracker.record.save_entries", _failing(message))
        page = editor_client.post(ADD, typed(title="A title worth keeping"))
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert editor_client.post(ADD, _all_hidden(page)).status_code == 302
    assert PolicyAction.objects.get().title == "A title worth keeping"


def test_database_that_fails_while_reading_is_a_503(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.contrib.admin.options.ModelAdmin.changelist_view", _failing("gone"))
    monkeypatch.setattr("tracker.admin.entries.listing.EntryList.get_queryset", _failing("gone"))
    page = editor_client.get("/admin/tracker/policyaction/")
    assert page.status_code == 503


def test_session_that_cannot_be_written_loses_no_page(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    store = "django.contrib.sessions.backends.db.SessionStore.save"
    monkeypatch.setattr(store, _failing("database or disk is full"))
    assert editor_client.post(ADD, typed()).status_code == 302
    assert PolicyAction.objects.count() == 1
