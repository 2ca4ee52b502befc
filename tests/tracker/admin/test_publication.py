"""Publishing and retracting from admin: for reviewers, one edition at a time, refusals with their reasons."""

from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from tests.factories import citation, edit, published, save
from tests.tracker.admin.forms import LIST, change_address, errors, posted
from tracker.models import Edition, PolicyAction, PublishedAction


def _bulk(*actions: PolicyAction, **values: Any) -> dict[str, Any]:
    """Return what the confirmation of a bulk publication posts."""
    seen = {f"revision-{action.pk}": action.revision for action in actions}
    chosen = {"action": "publish_selected", ACTION_CHECKBOX_NAME: [action.pk for action in actions]}
    return chosen | seen | {"confirmed": "1"} | values


def _retraction(action: PolicyAction) -> str:
    return change_address(action).replace("change", "retract")


def test_reviewer_publishes_from_the_change_page(reviewer_client: Client) -> None:
    action = save()
    reviewer_client.post(change_address(action), posted(reviewer_client, action, _publish="Publish"))
    action.refresh_from_db()
    assert PublishedAction.objects.get().slug == action.slug
    assert (action.workflow, action.published_revision) == ("clean", 1)


def test_edit_and_publish_is_one_step(reviewer_client: Client) -> None:
    action = published()
    told = {"change_kind": "corrected", "change_note": "The title was wrong.", "_publish": "Publish"}
    data = posted(reviewer_client, action, title="Aid stopped", **told)
    response = reviewer_client.post(change_address(action), data)
    assert response.status_code == 302, errors(response)
    row = PublishedAction.objects.current().get()
    assert (row.version, row.change, row.change_note) == (2, "corrected", "The title was wrong.")


def test_change_without_its_kind_is_not_published_and_not_saved(reviewer_client: Client) -> None:
    action = published()
    data = posted(reviewer_client, action, title="Aid stopped", _publish="Publish")
    response = reviewer_client.post(change_address(action), data)
    assert "kind of change" in " ".join(errors(response)["change_kind"])
    assert 'value="Aid stopped"' in response.content.decode()
    assert (action.revisions.count(), Edition.objects.count()) == (1, 1)


def test_publishing_again_without_a_change_makes_no_edition(reviewer_client: Client) -> None:
    action = published()
    data = posted(reviewer_client, action, _publish="Publish")
    page = reviewer_client.post(change_address(action), data, follow=True).content.decode()
    assert "Readers see exactly this already." in page
    assert "was changed successfully" not in page
    assert Edition.objects.count() == 1


def test_what_is_missing_is_told_at_its_field(reviewer_client: Client) -> None:
    action = save(agency=None, citations=[citation(stance="disputes")])
    response = reviewer_client.post(change_address(action), posted(reviewer_client, action, _publish="Publish"))
    assert "agency" in errors(response)
    assert response.context["inline_admin_formsets"][1].formset.non_form_errors() == [
        "At least one source must support it."
    ]


def test_editor_has_neither_button_nor_right(editor_client: Client) -> None:
    action = published()
    page = editor_client.get(change_address(action)).content.decode()
    assert all(word not in page for word in ('name="_publish"', "Retract", "change_kind"))
    data = posted(editor_client, action, title="Aid stopped", _publish="Publish")
    assert editor_client.post(change_address(action), data).status_code == 403
    assert editor_client.get(_retraction(action)).status_code == 403
    assert editor_client.post(_retraction(action), {"reason": "out_of_scope", "note": "x"}).status_code == 403
    assert "publish_selected" not in editor_client.get(LIST).content.decode()
    editor_client.post(LIST, _bulk(edit(action, title="Aid stopped"), change_kind="minor"))
    assert Edition.objects.count() == 1


def test_bulk_publication_asks_first_and_is_one_edition(reviewer_client: Client) -> None:
    actions = [save(title="One"), save(title="Two")]
    data = _bulk(*actions)
    del data["confirmed"]
    page = reviewer_client.post(LIST, data)
    assert [action.title for action in page.context["chosen"].actions] == ["One", "Two"]
    assert not Edition.objects.exists()
    assert reviewer_client.post(LIST, _bulk(*actions, note="First light")).status_code == 302
    assert Edition.objects.get().note == "First light"
    assert PublishedAction.objects.count() == 2


def test_bulk_publication_names_what_it_refuses(reviewer_client: Client) -> None:
    good, bad = save(title="One"), save(title="Two", agency=None)
    response = reviewer_client.post(LIST, _bulk(good, bad))
    reasons = {entry.slug: found for entry, found, _ in response.context["chosen"].rows}
    assert (reasons[good.slug], len(reasons[bad.slug])) == ([], 1)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("seen", ["1", "", "x", "9" * 30, "\x00"])
def test_bulk_publication_refuses_what_moved_since_it_was_named(reviewer_client: Client, seen: str) -> None:
    action = edit(save(), title="Aid stopped")
    response = reviewer_client.post(LIST, _bulk(action) | {f"revision-{action.pk}": seen})
    assert response.status_code == 409
    assert "Changed meanwhile" in response.content.decode()
    assert not Edition.objects.exists()


def test_bulk_publication_gives_each_public_one_the_change(reviewer_client: Client) -> None:
    action = edit(published(), title="Aid stopped")
    told = {"change_kind": "updated", "change_note": "It stopped."}
    assert reviewer_client.post(LIST, _bulk(action, **told)).status_code == 302
    assert PublishedAction.objects.current().get().change_note == "It stopped."


def test_retraction_leaves_a_tombstone(reviewer_client: Client) -> None:
    action = published()
    assert reviewer_client.get(_retraction(action)).status_code == 200
    reviewer_client.post(_retraction(action), {"reason": "did_not_happen", "note": "A false report."})
    row = PublishedAction.objects.current().get()
    assert (row.change, row.change_note) == ("retracted", "A false report.")
    assert "Retracted" in reviewer_client.get(change_address(action)).content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"reason": "legal", "note": "x"},
        {"reason": "duplicate", "note": "x"},
        {"reason": "out_of_scope", "note": "a\x08b"},
        {"reason": "split", "note": "x", "replaced_by": ["abc", "9" * 40]},
    ],
    ids=["nothing", "legal", "no target", "control", "forged"],
)
def test_half_a_retraction_is_refused(reviewer_client: Client, data: dict[str, Any]) -> None:
    action = published()
    response = reviewer_client.post(_retraction(action), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Edition.objects.count() == 1


def test_page_says_what_readers_see(reviewer_client: Client) -> None:
    draft, public = save(title="One"), published(title="Two")
    page = reviewer_client.get(change_address(draft)).content.decode()
    assert "Never published" in page
    assert "View on site" not in page
    page = reviewer_client.get(change_address(public)).content.decode()
    assert "edition 1" in page
    assert f'href="{public.get_absolute_url()}"' in page
