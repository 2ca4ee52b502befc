"""What readers see now beside the working copy."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.factories import AgencyFactory, edit, published, save
from tests.tracker.admin.forms import LIST, change_address, posted
from tracker import publishing
from tracker.models import PolicyAction


def _address(action: PolicyAction) -> str:
    return reverse("admin:tracker_policyaction_compare", args=[action.pk])


def _labels(client: Client, action: PolicyAction) -> list[str]:
    return [change.label for change in client.get(_address(action)).context["changes"]]


def test_only_what_differs_is_listed(editor_client: Client) -> None:
    action = edit(published(), title="Aid stopped", where_it_stands="Stopped.")
    assert _labels(editor_client, action) == ["Title", "Where it stands"]


def test_both_texts_stand_side_by_side(editor_client: Client) -> None:
    page = editor_client.get(_address(edit(published(title="Aid"), title="<b>Stop</b>"))).content.decode()
    assert "<del>Aid</del>" in page
    assert "<ins>&lt;b&gt;Stop&lt;/b&gt;</ins>" in page


def test_entry_that_is_public_as_it_is_differs_in_nothing(editor_client: Client) -> None:
    assert "Nothing differs" in editor_client.get(_address(published())).content.decode()


def test_entry_never_published_is_new_in_everything(editor_client: Client) -> None:
    action = save()
    assert "Title" in _labels(editor_client, action)
    assert "nothing of this entry yet" in editor_client.get(_address(action)).content.decode()


def test_retracted_entry_says_so(editor_client: Client) -> None:
    action = published()
    publishing.retract(action.slug, reason="out_of_scope", note="A remark.", by=None, at=action.revisions.get().at)
    assert "tombstone" in editor_client.get(_address(action)).content.decode()


def test_spelling_of_a_term_that_is_not_published_is_no_difference(editor_client: Client) -> None:
    agency = AgencyFactory.create(name="Justice Departement")
    action = published(agency=agency)
    agency.name = "Justice Department"
    agency.save()
    assert _labels(editor_client, edit(action, title="Aid stopped")) == ["Title"]


def test_relation_waits_until_the_other_entry_is_public(editor_client: Client) -> None:
    other = save(title="Another")
    related = {"kind": "see_also", "in_part": False, "to": other.slug}
    action = published(relations=[related])
    assert _labels(editor_client, action) == []


def test_relation_is_named_by_the_title_of_the_other_entry(editor_client: Client) -> None:
    related = {"kind": "see_also", "in_part": False, "to": published(title="Another", slug="xyz").slug}
    page = editor_client.get(_address(edit(published(), relations=[related]))).content.decode()
    assert "See also: Another" in page


@pytest.mark.parametrize("key", ["999", "9" * 30, "x", "1%00"])
def test_forged_key_is_not_found(editor_client: Client, key: str) -> None:
    assert editor_client.get(f"{LIST}{key}/compare/").status_code == 404


def test_comparison_is_for_those_who_may_see_the_entry(reader_client: Client, intruder: Client, reader: User) -> None:
    address = _address(save())
    assert [client.get(address).status_code for client in (reader_client, intruder)] == [302, 302]
    User.objects.filter(pk=reader.pk).update(is_staff=True)
    assert reader_client.get(address).status_code == 403


def test_list_and_banner_lead_to_it(editor_client: Client) -> None:
    action = edit(published(), title="Aid stopped")
    for address in (LIST, change_address(action)):
        assert f'href="{_address(action)}"' in editor_client.get(address).content.decode()


def test_reviewer_sees_what_differs_beside_the_choice(reviewer_client: Client) -> None:
    action = edit(published(), title="Aid stopped")
    response = reviewer_client.get(change_address(action))
    assert [change.label for change in response.context["changes"]] == ["Title"]
    assert "checked" not in str(response.context["adminform"].form["change_kind"])


def test_refused_publication_shows_what_it_would_have_changed(reviewer_client: Client) -> None:
    action = edit(published(), title="Aid stopped")
    data = posted(reviewer_client, action, summary="More.", change_kind="corrected", _publish="Publish")
    response = reviewer_client.post(change_address(action), data)
    assert [change.label for change in response.context["changes"]] == ["Title", "Summary"]
    assert "needs a note" in response.context["adminform"].form.errors["change_note"][0]
