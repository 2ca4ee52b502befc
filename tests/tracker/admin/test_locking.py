"""Terms and sources: two changes of one meet on the form; sent twice is made once; what is gone gives text back."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.factories import AgencyFactory, PartyFactory, PublisherFactory, SourceFactory
from tests.tracker.admin.forms import opened
from tracker.models import Agency, Source, Topic


def _address(record: Any) -> str:
    return f"/admin/tracker/{record._meta.model_name}/{record.pk}/change/"


def _posted(client: Client, record: Any, **values: Any) -> dict[str, Any]:
    """Return what the change page would post, with `values` in place of or beside it."""
    lock = opened(client, _address(record))
    said = json.loads(lock["as_opened"])
    found = {f"{name}{suffix}": items for name, value in said.items() for suffix, items in value.items()}
    return found | lock | values


def _picked(page: Any, data: dict[str, Any], **picks: str) -> dict[str, Any]:
    """Return what the conflict page would post with `picks`, its form as `data` filled it."""
    assert page.status_code == 409
    hidden = re.findall(r'name="(as_opened|conflict|conflict_base)" value="([^"]*)"', page.content.decode())
    found: dict[str, Any] = {"conflict": [unescape(value) for name, value in hidden if name == "conflict"]}
    found |= {name: unescape(value) for name, value in hidden if name != "conflict"}
    chosen = {f"pick-{each['what'].key}": each["pick"] for each in page.context["conflict"]["choices"] if each["pick"]}
    return data | found | chosen | {f"pick-{name}": pick for name, pick in picks.items()}


def test_two_changes_of_a_term_meet(editor_client: Client, reviewer_client: Client) -> None:
    agency = AgencyFactory.create(name="War Department", abbreviation="WD")
    data = _posted(editor_client, agency, name="Mine")
    theirs = _posted(reviewer_client, agency, name="Theirs", abbreviation="TH")
    assert reviewer_client.post(_address(agency), theirs).status_code == 302
    page = editor_client.post(_address(agency), data)
    assert "Changed meanwhile by reviewer" in page.content.decode()
    found = {each["what"].key: each for each in page.context["conflict"]["choices"]}
    name = found["name"]["what"]
    assert (name.opened, name.theirs, name.yours, found["name"]["pick"]) == ("War Department", "Theirs", "Mine", "")
    assert found["abbreviation"]["pick"] == "theirs"
    assert editor_client.post(_address(agency), _picked(page, data, name="yours")).status_code == 302
    agency.refresh_from_db()
    assert (agency.name, agency.abbreviation) == ("Mine", "TH")


def test_choice_that_was_not_made_is_asked_again(editor_client: Client) -> None:
    agency = AgencyFactory.create(name="War Department")
    data = _posted(editor_client, agency, name="Mine")
    Agency.objects.filter(pk=agency.pk).update(name="Theirs")
    page = editor_client.post(_address(agency), data)
    again = editor_client.post(_address(agency), _picked(page, data))
    assert again.context["conflict"]["choices"][0]["what"].opened == "War Department"
    assert "Pick one of the two." in again.content.decode()


def test_members_that_somebody_else_added_stay(editor_client: Client) -> None:
    group, member = PartyFactory.create(name="Allies", group=True), PartyFactory.create(name="France")
    data = _posted(editor_client, group, aliases="The allies")
    group.members.add(member)
    page = editor_client.post(_address(group), data)
    assert page.context["conflict"]["choices"][-1]["what"].theirs == "France"
    assert editor_client.post(_address(group), _picked(page, data)).status_code == 302
    group.refresh_from_db()
    assert (group.aliases, list(group.members.all())) == ("The allies", [member])


def test_time_of_an_archived_copy_has_two_boxes_and_is_merged(editor_client: Client) -> None:
    source = SourceFactory.create()
    data = _posted(editor_client, source, title="Mine")
    now = _posted(editor_client, source, archived_at_0="2025-03-04", archived_at_1="10:00:00")
    assert editor_client.post(_address(source), now).status_code == 302
    page = editor_client.post(_address(source), data)
    assert editor_client.post(_address(source), _picked(page, data)).status_code == 302
    source.refresh_from_db()
    assert (source.title, f"{source.archived_at:%Y-%m-%d %H:%M}") == ("Mine", "2025-03-04 10:00")


@pytest.mark.parametrize("lock", [None, "", "x", "[]", '{"name": 1}', '{"name": {"": 1}}', "[" * 5000], ids=ascii)
def test_form_without_its_lock_overwrites_nothing(editor_client: Client, lock: str | None) -> None:
    agency = AgencyFactory.create(name="War Department")
    data = _posted(editor_client, agency, name="Mine") | {"as_opened": lock}
    page = editor_client.post(_address(agency), {name: value for name, value in data.items() if value is not None})
    assert page.status_code == 409
    agency.refresh_from_db()
    assert agency.name == "War Department"


def test_double_click_on_save_is_no_conflict(editor_client: Client) -> None:
    source = SourceFactory.create()
    data = _posted(editor_client, source, title="Aid  paused ", published="4 March 2025")
    assert [editor_client.post(_address(source), data).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize("kind", ["actor", "agency", "topic", "publisher", "category", "affectedparty"])
def test_term_sent_twice_is_made_once(editor_client: Client, kind: str) -> None:
    data = {"name": "Émile & Co.", "kind": "state", "definition": "Does something.", "position": "0"}
    answers = [editor_client.post(f"/admin/tracker/{kind}/add/", data, follow=True) for _ in range(2)]
    assert "You sent this twice; it was saved once." in answers[1].content.decode()
    assert apps.get_model("tracker", kind).objects.count() == 1


@pytest.mark.parametrize("url", ["", "https://news.example/a?utm_source=x"], ids=["print", "address"])
def test_source_sent_twice_is_made_once(editor_client: Client, url: str) -> None:
    data = {"title": "Aid paused", "publisher": PublisherFactory.create().pk, "kind": "news_report", "url": url}
    data |= {"published": "4 March 2025", "language": "en"}
    codes = [editor_client.post("/admin/tracker/source/add/", data).status_code for _ in range(2)]
    assert (codes, Source.objects.count()) == ([302, 302], 1)


def test_another_source_is_another_source(editor_client: Client) -> None:
    data = {"title": "Aid paused", "publisher": PublisherFactory.create().pk, "kind": "news_report"}
    for day in ("4 March 2025", "5 March 2025"):
        editor_client.post("/admin/tracker/source/add/", data | {"published": day})
    assert Source.objects.count() == 2


def test_line_ends_of_a_browser_are_stored_as_line_feeds(editor_client: Client) -> None:
    data = {"name": "Aid", "aliases": "Help\r\nRelief", "definition": "One.\r\nTwo."}
    assert editor_client.post("/admin/tracker/topic/add/", data).status_code == 302
    topic = Topic.objects.get()
    assert (topic.aliases, topic.definition) == ("Help\nRelief", "One.\nTwo.")


@pytest.mark.parametrize("make", [AgencyFactory, SourceFactory])
def test_record_deleted_meanwhile_gives_the_text_back(editor_client: Client, make: Any) -> None:
    record = make.create()
    field = "name" if make is AgencyFactory else "title"
    data = _posted(editor_client, record, **{field: "A text worth keeping"})
    address = _address(record)
    record.delete()
    page = editor_client.post(address, data)
    assert page.status_code == 409
    assert "A text worth keeping" in page.content.decode()
