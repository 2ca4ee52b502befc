"""What forms ask while somebody types: dates understood, sources known; nothing is changed, nothing breaks."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import SourceFactory
from tests.tracker.admin.forms import ADD
from tracker.models import Source

UNDERSTOOD = "/admin/tracker/policyaction/understood/"
SOURCE_AT = "/admin/tracker/policyaction/source-at/"
NOTHING = {"known": "", "publisher": "", "title": ""}


@pytest.mark.parametrize(
    ("text", "said", "vague"),
    [("late Feb 2025", "“Late Feb 2025, day not known”", True), ("3 March 2025", "“3 Mar 2025”", False)],
)
def test_date_is_echoed_as_it_was_understood(editor_client: Client, text: str, said: str, vague: bool) -> None:
    answer = editor_client.get(UNDERSTOOD, {"text": text}).json()
    assert said in answer["understood"]
    assert answer["vague"] is vague


@pytest.mark.parametrize(
    "query",
    [
        {"text": "01/02/2025"},
        {"text": "since March"},
        {"text": "a\x00"},
        {"text": "x" * 5000},
        {"text": ""},
        {},
        {"text": "23 to 25 March 2025", "lasting": "no"},
    ],
    ids=["slashes", "open", "nul", "long", "blank", "none", "lasting"],
)
def test_date_that_would_be_refused_is_refused_at_once(editor_client: Client, query: dict[str, str]) -> None:
    response = editor_client.get(UNDERSTOOD, query)
    assert response.status_code == 200
    assert response.json()["refused"]


def test_source_in_the_record_is_told(editor_client: Client) -> None:
    source = SourceFactory.create(url="https://www.news.example/aid-paused/")
    assert editor_client.get(SOURCE_AT, {"url": "https://news.example/aid-paused?utm_source=x"}).json() == {
        **NOTHING, "known": str(source),
    }  # fmt: skip


def test_new_source_of_a_known_site_is_proposed(editor_client: Client) -> None:
    source = SourceFactory.create(url="https://news.example/1")
    assert editor_client.get(SOURCE_AT, {"url": "https://news.example/aid_to_kyiv-paused/"}).json() == {
        **NOTHING, "publisher": source.publisher.name, "title": "Aid to kyiv paused",
    }  # fmt: skip
    assert Source.objects.count() == 1


@pytest.mark.parametrize("url", ["", "x", "javascript:alert(1)", "https://[::1", "a\x00b", "https://a.example:99999/"])
def test_nothing_is_known_about_what_is_no_address(editor_client: Client, url: str) -> None:
    assert editor_client.get(SOURCE_AT, {"url": url}).json() == NOTHING


@pytest.mark.parametrize("address", [UNDERSTOOD, SOURCE_AT])
def test_staff_without_rights_is_refused(client: Client, db: None, address: str) -> None:
    client.force_login(User.objects.create_user("guest", password="guest-guest-guest", is_staff=True))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [UNDERSTOOD, SOURCE_AT])
def test_stranger_is_sent_to_the_login(reader_client: Client, address: str) -> None:
    assert reader_client.get(address).headers["Location"].startswith("/admin/login/")


def test_date_fields_know_where_to_ask(editor_client: Client) -> None:
    fields: Any = editor_client.get(ADD).context["adminform"].form.fields
    assert str(fields["date"].widget.attrs["data-understood"]) == UNDERSTOOD
    assert "data-lasting" not in fields["date"].widget.attrs
    assert fields["status_date"].widget.attrs["data-lasting"] == "no"
