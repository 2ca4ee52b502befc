"""The current status is derived and shown: no path changes it without a line of the history that says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.test import Client

from tests import factories
from tests.tracker.admin.forms import ADD, LIST, change_address, posted, typed
from tests.tracker.admin.test_developing import develop
from tests.tracker.admin.test_importing import confirm, sent
from tests.tracker.datapackage import sheets
from tests.tracker.datapackage.conftest import faults_of, load
from tests.tracker.datapackage.folders import copy_of_seeds, row_of, set_cells
from tracker.models import PolicyAction, StatusChange

# Every name under which a forged form or file may say what the status is.
FORGED = {
    "status": "reversed",
    "current_status": "reversed",
    "status_tag": "reversed",
    "derived": '{"status": "reversed"}',
    "derived.status": "reversed",
    "derived-status": "reversed",
    "status_date": "2025-03-11",
    "status_by": "court",
    "in_force": "no",
}

Attack = Callable[[Client, PolicyAction], Any]


def _change_form(client: Client, action: PolicyAction) -> Any:
    return client.post(change_address(action), posted(client, action, title="Forged", **FORGED))


def _rows_of_somebody_else(client: Client, action: PolicyAction) -> Any:
    """Post the row of another entry's history under its key."""
    other = factories.save(status_history=[factories.line("reversed")])
    keys = {"status_changes-0-id": other.status_changes.get().pk, "status_changes-INITIAL_FORMS": 1}
    return client.post(change_address(action), posted(client, action, **keys, **FORGED))


def _list_editable(client: Client, action: PolicyAction) -> Any:
    rows = {f"form-0-{name}": value for name, value in FORGED.items()}
    management = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-MIN_NUM_FORMS": 0, "form-MAX_NUM_FORMS": 9}
    return client.post(LIST, {**management, **rows, "form-0-id": action.pk, "_save": "Save"})


def _bulk(name: str) -> Attack:
    def post(client: Client, action: PolicyAction) -> Any:
        chosen = {"action": name, ACTION_CHECKBOX_NAME: [action.pk], "confirmed": "1"}
        told = {"change_kind": "updated", "change_note": "Forged.", f"revision-{action.pk}": action.revision}
        return client.post(LIST, chosen | told | FORGED, follow=True)

    return post


def _development(client: Client, action: PolicyAction) -> Any:
    forged = {name: value for name, value in FORGED.items() if not name.startswith("status")}
    return develop(client, action, status="", **forged)


def _retraction(client: Client, action: PolicyAction) -> Any:
    return client.post(change_address(action).replace("change", "retract"), FORGED)


def _lost_race(client: Client, action: PolicyAction) -> Any:
    """Post a page that somebody else was ahead of, with picks that take over lines which nobody wrote."""
    stale = posted(client, action, title="Mine")
    factories.edit(action, title="Theirs")
    picked = client.post(change_address(action), stale).context["adminform"].form
    seen = {"opened_with": 2, "conflict": "1", "pick-title": "mine", "pick-status": "mine", "pick-derived": "mine"}
    assert picked.errors
    return client.post(change_address(action), stale | FORGED | seen)


def _judgement(client: Client, action: PolicyAction) -> Any:
    return client.post(f"{LIST}duplicates/", {"first": action.pk, "second": action.pk} | FORGED)


def _import(as_file: Callable[[Any], bytes], name: str) -> Attack:
    """Send the entry's own row with another status in its derived cells, and confirm it whatever the page says."""

    def post(client: Client, action: PolicyAction) -> Any:
        factories.publish(action)
        row = sheets.exported(action.slug)[0] | {"status": "reversed", "status_date": "2025-03-11", "in_force": "no"}
        page = sent(client, as_file([row]), name=name)
        assert client.get(page).context["faults"]
        return confirm(client, page, kind="corrected", note="Forged.", afterwards="publish", **FORGED)

    return post


def _on_the_address(client: Client, action: PolicyAction) -> Any:
    return client.get(change_address(action), FORGED)


ATTACKS: dict[str, Attack] = {
    "change form": _change_form,
    "change form, another entry's row": _rows_of_somebody_else,
    "change form, query string": _on_the_address,
    "list_editable": _list_editable,
    "bulk publication": _bulk("publish_selected"),
    "bulk action of nobody": _bulk("set_status"),
    "development without a status": _development,
    "retraction": _retraction,
    "conflict page": _lost_race,
    "judgement of a duplicate": _judgement,
    "imported CSV": _import(sheets.as_csv, "edited.csv"),
    "imported XLSX": _import(sheets.sheet_of, "edited.xlsx"),
}


def _lines() -> list[tuple[Any, ...]]:
    return list(StatusChange.objects.exclude(status="").values_list("action__slug", "position", "status", "date"))


def _status(slug: str) -> str | None:
    found: Any = PolicyAction.objects.with_status().get(slug=slug)
    return found.status


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS_DIR = tmp_path / "imports"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_status_does_not_change_without_a_line(reviewer_client: Client, attack: Attack) -> None:
    action = factories.save(slug="guarded")
    lines = _lines()
    response = attack(reviewer_client, action)
    assert response.status_code < 500
    assert (_status("guarded"), [line for line in _lines() if line[0] == "guarded"]) == ("in_effect", lines)


def test_add_form_takes_a_status_only_as_a_first_line(editor_client: Client) -> None:
    forged = {name: value for name, value in FORGED.items() if not name.startswith("status")}
    editor_client.post(ADD, typed(status="", **forged))
    action = PolicyAction.objects.get()
    assert (_status(action.slug), action.status_changes.count()) == (None, 0)


def test_rows_posted_to_the_add_form_are_ignored(editor_client: Client) -> None:
    row: dict[str, Any] = {"status_changes-TOTAL_FORMS": 1, "status_changes-INITIAL_FORMS": 0}
    row |= {"status_changes-0-status": "reversed", "status_changes-0-date": "2025-03-11"}
    editor_client.post(ADD, typed(**row))
    assert [line[2] for line in _lines()] == ["in_effect"]


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"derived": {"status": "reversed", "in_force": "no"}}, id="derived"),
        pytest.param({"status": "reversed"}, id="status"),
        pytest.param({"current_status": "reversed", "status_date": "2025-03-11"}, id="current_status"),
    ],
)
def test_draft_that_says_a_status_is_saved_without_it(db: None, forged: dict[str, Any]) -> None:
    action = factories.edit(factories.save(), title="Forged", **forged)
    saved = action.revisions.get(number=2).document["entry"]
    assert (_status(action.slug), saved["derived"]["status"]) == ("in_effect", "in_effect")
    assert not {"status", "current_status", "status_date"} & saved.keys()


def test_status_is_no_field_that_a_query_could_write(db: None) -> None:
    factories.save()
    with pytest.raises(FieldDoesNotExist):
        PolicyAction.objects.update(status="reversed")  # type: ignore[misc]
    assert not {"status", "current_status"} & {field.name for field in PolicyAction._meta.get_fields()}


@pytest.mark.parametrize(("column", "value"), [("status", "on_hold"), ("status_date", "2020"), ("in_force", "yes")])
def test_package_whose_derived_cell_says_otherwise_is_refused(
    db: None, tmp_path: Path, column: str, value: str
) -> None:
    package = copy_of_seeds(tmp_path)
    row = row_of(package, "actions.csv", slug="military-aid-to-ukraine-paused")
    set_cells(package, "actions.csv", row, **{column: value})
    assert faults_of(package) == [f"actions.csv:{row}:{column}"]
    with pytest.raises(ValueError, match="faults"):
        load(package)
    assert not PolicyAction.objects.exists()


def test_restoring_a_revision_brings_back_its_lines_with_its_status(reviewer_client: Client, editor: User) -> None:
    action = factories.save(slug="guarded", by=editor)
    later = factories.edit(action, status_history=[factories.line(), factories.line("reversed", "2025-03-11")])
    page = change_address(later).replace("change/", "restore/1/")
    assert reviewer_client.post(page, {"opened_with": 2, "reason": "Back."} | FORGED).status_code == 302
    assert (_status("guarded"), [line[2] for line in _lines()]) == ("in_effect", ["in_effect"])
