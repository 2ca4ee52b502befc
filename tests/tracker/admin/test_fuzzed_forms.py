"""Some hundred forms that nobody would type, posted to the forms that save most: never a server error."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.tracker.admin.forms import ADD, change_address, posted, typed
from tests.tracker.admin.test_developing import address, filled
from tests.tracker.admin.test_importing import edited, sent

_NASTY = st.sampled_from([
    "", " ", "\x00", "\x08", "\u202e", "01/02/2025", "0001", "1e9", "-1", "0", "2147483648", "9" * 40, "NaN", "new:",
    "new:\x00", "new:" + "x" * 300, "null", "[]", "{}", "on", "javascript:alert(1)", "http://user:pw@x.example/",
    "https://[::1", "https://x.example:99999/", "2025-02-30", "2025-03-03/", "late Feb 2025", "updated", "reversed",
    "is_reversed_by", "reported", "\U0001f600", "\uffff", "a;b", "x" * 3000, "'; DROP TABLE", "%00", "../..",
])  # fmt: skip
_VALUES = st.one_of(_NASTY, st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers().map(str))
_ROWS = [
    f"{prefix}-{tail}"
    for prefix in ("status_changes", "citations", "relations")
    for tail in ("TOTAL_FORMS", "INITIAL_FORMS", "0-id", "0-DELETE", "0-status", "0-date", "0-source", "0-to_action")
]
_NAMES = [*_ROWS, "_popup", "_to_field", "_save", "_publish", "_review", "_return", "not_duplicate", "conflict"]
_BUTTONS = ("pick-title", "pick-status_changes", "conflict_base", "opened_with", "review_note", "change_kind")

# Each example is one POST; 4 forms x 50 stay below 20 seconds on a quiet machine, in two processes.
_fuzzed = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _post(client: Client, where: str, form: dict[str, Any], data: st.DataObject) -> int:
    """Post `form` with some of its values, and some of names it does not have, replaced; undo what it did."""
    names = sorted({*form, *_NAMES, *_BUTTONS})
    changes = data.draw(st.dictionaries(st.sampled_from(names), _VALUES, min_size=1, max_size=6), label="changes")
    dropped = data.draw(st.sets(st.sampled_from(sorted(form)), max_size=2), label="dropped")
    body = {name: value for name, value in (form | changes).items() if name not in dropped}
    with transaction.atomic():
        status = client.post(where, body).status_code
        transaction.set_rollback(True)
    return int(status)


@pytest.fixture
def client(reviewer_client: Client) -> Client:
    """A reviewer, so that the forms are asked to publish too; a failure is an answer, not an exception."""
    reviewer_client.raise_request_exception = False
    return reviewer_client


@pytest.fixture
def form(request: pytest.FixtureRequest, client: Client, settings: Any, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """Address and untouched values of the form that the test names."""
    if request.param == "add":
        return ADD, typed()
    action = factories.published(slug="aid")
    if request.param == "change":
        return change_address(action), posted(client, action)
    if request.param == "develop":
        return address(action), filled(action)
    settings.IMPORTS_DIR = tmp_path
    preview = sent(client, edited(title="Aid stopped"))
    seen = client.get(preview).context["form"]["seen"].value()
    told = {"seen": seen, "reason": "Spelling.", "afterwards": "publish", "kind": "corrected", "note": "Mistyped."}
    return preview, told


@pytest.mark.parametrize("form", ["add", "change", "develop", "import"], indirect=True)
@_fuzzed
@given(data=st.data())
def test_no_form_breaks_the_server(client: Client, form: tuple[str, dict[str, Any]], data: st.DataObject) -> None:
    where, values = form
    assert _post(client, where, values, data) < 500
