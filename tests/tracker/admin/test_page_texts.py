"""Writing the site's texts about itself: public at once, previewed, never over somebody else's wording."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tracker.admin import page_texts
from tracker.models.pages import MOST, SHIPPED, PageText

LIST = "/admin/tracker/pagetext/"
ABOUT = f"{LIST}about/"


def _typed(**values: str) -> dict[str, str]:
    """Return the form of /about/ on a fresh site, filled."""
    return {"title": "About us", "body": "We *write*.", "note": "First.", "opened_with": "0", "_save": "Save"} | values


def _theirs(by: User, number: int = 1, **values: str) -> None:
    """Save what somebody else wrote meanwhile."""
    filled = {"title": "About", "body": "Theirs.", "note": "Mine."} | values
    PageText.objects.create(slug="about", number=number, written_by=by, written_at=timezone.now(), **filled)


def test_form_opens_with_what_readers_see(reviewer_client: Client) -> None:
    context = reviewer_client.get(ABOUT).context
    assert context["form"]["body"].value() == SHIPPED["about"].english
    assert context["opened"] == 0


def test_saving_is_public_at_once(reviewer_client: Client, reviewer: User) -> None:
    response = reviewer_client.post(ABOUT, _typed())
    assert response.status_code == 302
    assert "We <em>write</em>." in Client().get("/about/").text
    saved = PageText.objects.get()
    assert (saved.number, saved.written_by, saved.note) == (1, reviewer, "First.")


def test_preview_saves_nothing(reviewer_client: Client) -> None:
    data = _typed(_preview="Preview", note="")
    del data["_save"]
    response = reviewer_client.post(ABOUT, data)
    assert "<p>We <em>write</em>.</p>" in response.text
    assert not response.context["form"].errors
    assert not PageText.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "required"),
        ("title", "a" * 121, "120"),
        ("title", "a\x00b", "Null characters"),
        ("body", "  ", "required"),
        ("body", "a" * (MOST + 1), "100000"),
        ("body", "a\u202eb", "U+202E"),
        ("note", "", "required"),
        ("note", "a\x08", "U+0008"),
    ],
    ids=lambda value: repr(value[:8]),
)
def test_refusal_names_the_field_and_keeps_the_text(reviewer_client: Client, field: str, value: str, said: str) -> None:
    response = reviewer_client.post(ABOUT, _typed(**{field: value}))
    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert said in form.errors[field][0]
    assert form[field].value() == value
    assert not PageText.objects.exists()


def test_sent_twice_is_saved_once(reviewer_client: Client) -> None:
    for _ in range(2):
        assert reviewer_client.post(ABOUT, _typed()).status_code == 302
    assert PageText.objects.count() == 1


@pytest.mark.parametrize("opened", ["0", "7", "", "x", "9" * 30])
def test_wording_saved_meanwhile_is_not_overwritten(reviewer_client: Client, editor: User, opened: str) -> None:
    _theirs(editor)
    response = reviewer_client.post(ABOUT, _typed(opened_with=opened))
    assert response.status_code == 409
    assert PageText.objects.get().body == "Theirs."
    assert response.context["form"]["body"].value() == "We *write*."
    told = {each["what"].key: each["what"].theirs for each in response.context["conflict"]["choices"]}
    assert told == {"title": "About", "body": "Theirs."}


def _picked(response: Any, **values: str) -> dict[str, str | list[str]]:
    """Return what the page that asks would post."""
    conflict = response.context["conflict"]
    tokens = [each["what"].token for each in conflict["choices"]]
    base = {"opened_with": str(response.context["opened"]), "conflict_base": conflict["base"], "conflict": tokens}
    return _typed() | base | values


@pytest.mark.parametrize(("pick", "body"), [("yours", "We *write*."), ("theirs", "Theirs.")])
def test_conflict_is_settled_by_picking(reviewer_client: Client, editor: User, pick: str, body: str) -> None:
    _theirs(editor)
    asked = reviewer_client.post(ABOUT, _typed())
    data = _picked(asked, **{"pick-title": "yours", "pick-body": pick})
    assert reviewer_client.post(ABOUT, data).status_code == 302
    newest = PageText.objects.newest().get()
    assert (newest.number, newest.title, newest.body) == (2, "About us", body)


def test_conflict_left_open_asks_again(reviewer_client: Client, editor: User) -> None:
    _theirs(editor)
    asked = reviewer_client.post(ABOUT, _typed())
    again = reviewer_client.post(ABOUT, _picked(asked, **{"pick-title": "yours"}))
    assert again.status_code == 409
    assert "Pick one of the two." in again.text
    assert PageText.objects.count() == 1


def test_same_moment_is_a_conflict(reviewer_client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def _meanwhile(*args: Any) -> bool:
        _theirs(editor)
        return False

    monkeypatch.setattr(page_texts, "_is_said", _meanwhile)
    assert reviewer_client.post(ABOUT, _typed()).status_code == 409
    assert PageText.objects.get().body == "Theirs."


def test_unknown_page_is_absent(reviewer_client: Client) -> None:
    assert reviewer_client.get(f"{LIST}imprint/").status_code == 404


def test_list_names_wording_and_writer(editor_client: Client, reviewer: User) -> None:
    _theirs(reviewer, title="Who we are")
    html = editor_client.get(LIST).text
    assert "Who we are" in html
    assert "reviewer" in html
    assert ABOUT not in html


def test_list_leads_a_reviewer_to_the_form(reviewer_client: Client) -> None:
    assert f'href="{ABOUT}"' in reviewer_client.get(LIST).text
