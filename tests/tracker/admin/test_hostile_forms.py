"""Hostile inputs of an editor's form: the form again, the field named, everything typed kept; never a failure."""

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from tests.factories import AgencyFactory, published, save
from tests.tracker.admin.forms import ADD, LIST, change_address, errors, posted, typed
from tracker.models import PolicyAction

HOSTILE = [
    ("title", "x" * 301),
    ("title", "a\x00b"),
    ("title", "a\x08b"),
    ("title", "a\u202eb"),
    ("title", "   "),
    ("where_it_stands", "x" * 121),
    ("summary", "a\x00b"),
    ("summary", "a\x08b"),
    ("date", "01/02/2025"),
    ("date", "year 1"),
    ("date", "0001"),
    ("date", "2025-02-30"),
    ("date", "a\x00"),
    ("category", "999999999"),
    ("agency", "1 OR 1=1"),
    ("agency", "9" * 40),
    ("actor", "\x00"),
    ("topics", "9" * 40),
    ("affects", "\x00"),
    ("other_agencies", "-1"),
]
HOSTILE_SOURCES = [
    ("source_url", "javascript:alert(1)"),
    ("source_url", "data:text/html,x"),
    ("source_url", "ftp://files.example/x"),
    ("source_url", "http://user:pw@news.example/x"),
    ("source_url", "https://[::1"),
    ("source_url", "https://news.example:99999/x"),
    ("source_url", "https://news.example/" + "x" * 2000),
    ("source_url", "a\x00b"),
    ("source_title", "a\x08b"),
    ("source_title", "x" * 501),
    ("publisher", "a\u2066b"),
    ("publisher", "x" * 201),
    ("source_published", "01/02/2025"),
    ("source", "\x00"),
    ("source", "9" * 40),
    ("status", "nonsense"),
    ("attribution", "hearsay"),
    ("status_by", "magic"),
]


def _ids(case: tuple[str, str]) -> str:
    return f"{case[0]}={case[1][:24]!a}"


@pytest.mark.parametrize("case", HOSTILE + HOSTILE_SOURCES, ids=_ids)
def test_add_form_names_the_field_and_keeps_the_rest(editor_client: Client, case: tuple[str, str]) -> None:
    field, value = case
    response = editor_client.post(ADD, typed(**{"title": "Kept as typed", field: value}))
    assert field in errors(response)
    page = response.content.decode()
    assert "Aid paused, officials say" in page or field == "source_title"
    assert "Kept as typed" in page or field == "title"
    assert not PolicyAction.objects.exists()


@pytest.mark.parametrize("case", HOSTILE, ids=_ids)
def test_change_form_names_the_field_and_saves_nothing(editor_client: Client, case: tuple[str, str]) -> None:
    field, value = case
    action = save()
    response = editor_client.post(change_address(action), posted(editor_client, action, **{field: value}))
    assert field in errors(response)
    assert action.revisions.count() == 1


@pytest.mark.parametrize("revision", ["", "0", "-1", "x", "9" * 30, "\x00"])
def test_forged_revision_saves_nothing(editor_client: Client, revision: str) -> None:
    action = save()
    data = posted(editor_client, action, title="Mine") | {"opened_with": revision}
    assert editor_client.post(change_address(action), data).status_code == 200
    assert action.revisions.count() == 1


def test_agency_deleted_meanwhile_is_told_at_its_field(editor_client: Client) -> None:
    agency = AgencyFactory.create()
    data = typed(agency=agency.pk)
    agency.delete()
    assert "agency" in errors(editor_client.post(ADD, data))


@pytest.mark.parametrize(
    "query", ["title=%00", "agency=%00", "agency=abc", f"agency={'9' * 40}", "topics=1,,x,%00", "date=%00", "source=x"]
)
def test_hostile_prefill_is_shown_or_dropped(editor_client: Client, query: str) -> None:
    assert editor_client.get(f"{ADD}?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        *("q=%00", "status=nonsense", "public=x", "agency__id__exact=abc", "p=99999", "date_earliest__year=x", "o=9.x"),
        *("title=%00", f"id__in={'9' * 40}", f"agency__id__in={'9' * 40}", "workflow__in=a,%00"),
    ],
)
def test_hostile_list_address_is_no_failure(editor_client: Client, query: str) -> None:
    assert editor_client.get(f"/admin/tracker/policyaction/?{query}").status_code in (200, 302)


@pytest.mark.parametrize("query", ["note=%00", f"number__in={'9' * 40}"])
def test_hostile_address_of_the_editions_is_no_failure(reviewer_client: Client, query: str) -> None:
    assert reviewer_client.get(f"/admin/tracker/edition/?{query}").status_code in (200, 302)


def test_picker_finds_nothing_for_nul(editor_client: Client) -> None:
    query = {"app_label": "tracker", "model_name": "policyaction", "field_name": "actor", "term": "a\x00"}
    response = editor_client.get("/admin/autocomplete/", query)
    assert (response.status_code, response.json()["results"]) == (200, [])


@pytest.mark.parametrize("key", ["abc", "\x00", "9" * 40, "-1"])
def test_bulk_action_on_what_is_no_key_is_refused(reviewer_client: Client, key: str) -> None:
    data = {"action": "publish_selected", ACTION_CHECKBOX_NAME: [key]}
    assert reviewer_client.post("/admin/tracker/policyaction/", data).status_code == 400


@pytest.mark.parametrize("key", ["abc", "\x00", "9" * 40])
def test_retraction_names_a_forged_replacement(reviewer_client: Client, key: str) -> None:
    address = change_address(published()).replace("change", "retract")
    response = reviewer_client.post(address, {"reason": "duplicate", "note": "Twice.", "replaced_by": [key]})
    assert "replaced_by" in response.context["form"].errors


@pytest.mark.parametrize(
    "tail", ["add/", "{}/change/", "{}/develop/", "{}/retract/", "{}/restore/1/", "duplicates/", "import/", ""]
)
def test_body_above_the_limit_is_refused(reviewer_client: Client, tail: str) -> None:
    address = f"{LIST}{tail.format(save().pk)}"
    assert reviewer_client.post(address, typed(summary="x" * 3_000_000)).status_code == 400


@pytest.mark.parametrize("tail", ["add/", "{}/change/", "{}/develop/", "{}/retract/", "{}/restore/1/", "import/", ""])
def test_forged_post_by_a_reader_is_refused(reader_client: Client, tail: str) -> None:
    action = save()
    response = reader_client.post(f"{LIST}{tail.format(action.pk)}", typed(_publish="Publish"))
    assert (response.status_code, PolicyAction.objects.count(), action.revisions.count()) == (403, 1, 1)


def test_markup_is_text(editor_client: Client) -> None:
    data: dict[str, Any] = typed(title="<script>alert(1)</script>", publisher="<b>P</b>")
    page = editor_client.post(ADD, data, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "<b>P</b>" not in page
    assert "&lt;script&gt;alert(1)" in page
