"""The side doors of admin: pickers, bulk actions, popups and deletion, each tried by every role."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.utils.http import urlencode

from tests import factories
from tests.tracker.admin.conftest import Roles
from tests.tracker.admin.matrix import ROLES, TERMS
from tests.tracker.admin.test_matrix import signed_in, stored
from tracker.models import PolicyAction

_RECORD = {"policyaction", "source", *TERMS}
_NO_FIELDS = (
    *("", "id", "pk", "title", "workflow", "password", "actor__name", "agency__parent", "__class__"),
    *("actor\x00", "a" * 5000, "user_permissions", "revisions", "history"),
)
_WITHOUT_RIGHTS = ("anonymous", "reader", "bare")


# --- pickers ---------------------------------------------------------------------------------------------------


def _pick(client: Any, model: str, field: str, *, app: str = "tracker", term: str = "") -> Any:
    query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
    return client.get("/admin/autocomplete/", query)


def _relations() -> list[tuple[str, str, str, str]]:
    """Return app, model, field and what it leads to, of every relation of every model there is."""
    return [
        (model._meta.app_label, model._meta.model_name or "", field.name, target._meta.model_name or "")
        for model in apps.get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if (target := field.related_model) is not None and not isinstance(target, str)
    ]


def _picked_by(role: str) -> set[str]:
    """Return the models whose records pickers show to a role: those that it may see in admin."""
    if role in _WITHOUT_RIGHTS:
        return set()
    ledger = {"edition"} if role != "editor" else set()
    return _RECORD | ledger | ({"user", "group"} if role == "superuser" else set())


@pytest.mark.parametrize("role", ROLES)
def test_picker_of_every_relation_shows_what_its_role_may_see(roles: Roles, places: Any, role: str) -> None:
    client, wrong = signed_in(roles[role]), {}
    for app, model, field, target in _relations():
        looked_at = 200 if target in _picked_by(role) else 403
        expected = 302 if role in ("anonymous", "reader") else looked_at
        if (found := _pick(client, model, field, app=app).status_code) != expected:
            wrong[f"{app}.{model}.{field} -> {target}"] = f"{found}, not {expected}"
    assert wrong == {}


@pytest.mark.parametrize("field", _NO_FIELDS, ids=lambda field: ascii(field[:20]))
def test_picker_refuses_a_forged_field(admin_client: Client, field: str) -> None:
    assert _pick(admin_client, "policyaction", field).status_code == 403


@pytest.mark.parametrize(
    ("app", "model"),
    [("tracker", ""), ("tracker", "nothing"), ("", "policyaction"), ("nothing", "policyaction"), ("tracker\x00", "x")],
)
def test_picker_refuses_a_forged_model(admin_client: Client, app: str, model: str) -> None:
    assert _pick(admin_client, model, "actor", app=app).status_code == 403


@pytest.mark.parametrize("role", _WITHOUT_RIGHTS)
def test_draft_leaks_through_no_picker(roles: Roles, places: Any, role: str) -> None:
    client = signed_in(roles[role])
    for model, field in (("relation", "to_action"), ("citation", "source"), ("revision", "action")):
        assert "Drafted" not in _pick(client, model, field, term="Drafted").content.decode()


# --- bulk actions ----------------------------------------------------------------------------------------------

_REVIEWING = ("publish_selected", "return_selected", "retract_selected")
BULK = {
    "policyaction": (*_REVIEWING, "delete_selected"),
    **dict.fromkeys(("source", *TERMS), ("publish_changes", "delete_selected")),
    **dict.fromkeys(("edition", "group", "user", "pagetext", "redaction"), ("delete_selected",)),
}
# Nobody deletes what was published or asked for by law.
_KEPT = ("edition", "pagetext", "redaction")
_CONFIRMED = {"confirmed": "1", "post": "yes", "change_kind": "updated", "change_note": "Forged.", "review_note": "No."}
_TOLD = {"reason": "did_not_happen", "note": "Forged."}


def _act(client: Any, model: Any, name: str, *keys: Any) -> Any:
    """Post a bulk action with all that its page of confirmation would."""
    page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    seen = {f"revision-{action.pk}": action.revision for action in PolicyAction.objects.all()}
    return client.post(page, {"action": name, ACTION_CHECKBOX_NAME: list(keys)} | _CONFIRMED | _TOLD | seen)


def _registered(noun: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.model_name == noun)


def test_every_bulk_action_is_tried_below() -> None:
    named = {
        model._meta.model_name: {*(model_admin.actions or ()), "delete_selected"}
        for model, model_admin in admin.site._registry.items()
    }
    assert named == {noun: set(names) for noun, names in BULK.items()}


def _done_by(role: str, noun: str, name: str) -> bool:
    """Return whether the role may do it to the draft, term, source or account of the matrix' world."""
    if name in _REVIEWING:
        return role in ("reviewer", "superuser")
    return role == "superuser" and name == "delete_selected" and noun not in _KEPT


@pytest.mark.parametrize("role", ROLES)
def test_bulk_action_does_nothing_for_whom_it_is_not(roles: Roles, places: dict[str, Any], role: str) -> None:
    """`publish_changes` finds nothing to publish in terms that no reader has seen: see the vocabulary's tests."""
    client, before = signed_in(roles[role]), stored()
    for noun, names in BULK.items():
        for name in names:
            if _done_by(role, noun, name):
                continue
            answer = _act(client, _registered(noun), name, places.get(noun, 1))
            assert answer.status_code in (200, 302, 403), (noun, name)
            assert stored() == before, (noun, name)


@pytest.mark.parametrize("name", BULK["policyaction"])
@pytest.mark.parametrize("role", ["reviewer", "superuser"])
def test_bulk_action_works_for_whom_it_is(roles: Roles, places: dict[str, Any], role: str, name: str) -> None:
    key = places["public" if name == "retract_selected" else "policyaction"]
    before = stored()
    assert _act(signed_in(roles[role]), PolicyAction, name, key).status_code == 302
    assert (stored() != before) == _done_by(role, "policyaction", name)


# --- deletion --------------------------------------------------------------------------------------------------


def _published(noun: str) -> Any:
    """Return one of the records of this kind that readers have seen."""
    action = PolicyAction.objects.get(slug="public")
    lead = action.citations.get().source
    return {"policyaction": action, "source": lead, "publisher": lead.publisher}.get(noun) or getattr(action, noun)


@pytest.mark.parametrize("noun", ["policyaction", "actor", "agency", "category", "source", "publisher"])
def test_nobody_deletes_what_readers_have_seen(roles: Roles, places: dict[str, Any], noun: str) -> None:
    client, before, seen = signed_in(roles["superuser"]), stored(), _published(noun)
    address = f"/admin/tracker/{noun}/{seen.pk}/delete/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"post": "yes"}).status_code == 403
    _act(client, type(seen), "delete_selected", seen.pk)
    assert stored() == before


def test_nobody_deletes_who_has_written(roles: Roles) -> None:
    editor = roles["editor"]
    assert editor
    factories.save(by=editor)
    client, before = signed_in(roles["superuser"]), stored()
    client.post(f"/admin/auth/user/{editor.pk}/delete/", {"post": "yes"})
    assert stored() == before


# --- popups ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", TERMS)
def test_popup_adds_a_term_and_hands_it_to_the_form(editor_client: Client, noun: str) -> None:
    popup = f"/admin/tracker/{noun}/add/?_popup=1"
    assert editor_client.get(popup).status_code == 200
    typed = {"name": "Made in a popup", "kind": "state", "definition": "Does something.", "position": "1"}
    answer = editor_client.post(popup, typed | {"_popup": "1"})
    made = _registered(noun).objects.get(name="Made in a popup")
    assert answer.templates[0].name == "admin/popup_response.html"
    assert f"&quot;value&quot;: &quot;{made.pk}&quot;" in answer.text
    assert not answer.headers.get("Location")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("forged", ["password", "name_key", "history", "x", "\x00"], ids=ascii)
@pytest.mark.parametrize("tail", ["", "add/", "{}/change/", "{}/delete/"])
def test_popup_for_a_forged_field_is_refused(admin_client: Client, tail: str, forged: str, method: str) -> None:
    query = urlencode({"_popup": "1", "_to_field": forged})
    address = f"/admin/tracker/actor/{tail.format(factories.ActorFactory.create().pk)}?{query}"
    assert getattr(admin_client, method)(address).status_code == 400


@pytest.mark.parametrize(("tail", "status"), [("change", 200), ("delete", 302)])
def test_popup_for_a_blank_field_is_no_popup_for_any(admin_client: Client, tail: str, status: int) -> None:
    address = f"/admin/tracker/actor/{factories.ActorFactory.create().pk}/{tail}/"
    assert admin_client.post(address, {"_to_field": ""}).status_code == status
