"""Two requests at the same moment, on connections of their own: nothing is lost, each conflict is told."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice, product
from threading import Barrier
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.factories import AgencyFactory, entry, save
from tests.tracker.admin.forms import ADD, LIST, add_row, change_address, opened, posted, typed
from tracker.datapackage import Plan, StalePlanError, apply_plan
from tracker.datapackage.faults import Faults
from tracker.models import Agency, PolicyAction, PublishedAction, Publisher, Source
from tracker.record import Draft, save_entries

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 50
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What a request or an import says when it was second, and when it was first.
TOLD, SAVED = "told", "saved"

Edit = Callable[[], str]


def _at_once(*edits: Edit) -> list[str]:
    """Run each edit in a thread of its own, all starting together; return what they were told."""
    gate = Barrier(len(edits))

    def run(edit: Edit) -> str:
        try:
            gate.wait(timeout=30)
            return edit()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(edits)) as pool:
        return list(pool.map(run, edits))


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _posting(client: Client, address: str, data: dict[str, Any]) -> Edit:
    codes = {302: SAVED, 409: TOLD}
    return lambda: codes.get((answer := client.post(address, data)).status_code, f"answered {answer.status_code}")


def test_racing_double_click_makes_one_entry(editor: User) -> None:
    data = typed()
    clicks = [_posting(_client(editor), ADD, data) for _ in range(2)]
    assert _at_once(*clicks) == [SAVED, SAVED]
    assert PolicyAction.objects.count() == Source.objects.count() == Publisher.objects.count() == 1


@pytest.mark.parametrize("data", [{"name": "Justice"}, {"title": "Aid paused", "kind": "news_report"}], ids=sorted)
def test_racing_double_click_makes_one_term_or_source(editor: User, data: dict[str, Any]) -> None:
    model: Any = Agency if "name" in data else Source
    if model is Source:
        data = data | {"publisher": Publisher.objects.create(name="The Record").pk}
    clicks = [_posting(_client(editor), f"/admin/tracker/{model._meta.model_name}/add/", data) for _ in range(2)]
    assert _at_once(*clicks) == [SAVED, SAVED]
    assert model.objects.count() == 1


def test_of_two_racing_edits_one_is_told(editor: User) -> None:
    action, client = save(), _client(editor)
    edits = [_posting(_client(editor), change_address(action), posted(client, action, title=t)) for t in ("A", "B")]
    assert sorted(_at_once(*edits)) == [SAVED, TOLD]
    action.refresh_from_db()
    assert (action.revision, action.revisions.count()) == (2, 2)


def test_of_two_racing_changes_of_a_term_one_is_told(editor: User) -> None:
    agency, client = AgencyFactory.create(name="Justice"), _client(editor)
    address = f"/admin/tracker/agency/{agency.pk}/change/"
    lock = opened(client, address)
    edits = [_posting(_client(editor), address, {"name": name, "slug": agency.slug} | lock) for name in ("A", "B")]
    assert sorted(_at_once(*edits)) == [SAVED, TOLD]
    assert agency.history.filter(history_type="~").count() == 1


# --- fifty pairs -----------------------------------------------------------------------------------------------

LEFT, RIGHT = ("form", "inline", "import"), ("form", "inline", "import", "bulk")


@dataclass(frozen=True)
class Scene:
    """Who edits, and what the change form of any of the entries posts untouched: they are the same but for title."""

    users: dict[str, User]
    clients: dict[str, Client]
    untouched: dict[str, Any]

    def edit(self, kind: str, side: str, action: PolicyAction) -> Edit:
        """Return an edit of `action` as revision 1 that leaves the mark "<kind> <side>", or its publication."""
        mark, data = f"{kind} {side}", self.untouched
        match kind:
            case "form":
                data = data | {"summary": mark}
            case "inline":
                data = add_row(data, "status_changes", status="reversed", date="2025-03-11", by="court", note=mark)
            case "import":
                return partial(_import, _plan(action, mark), by=self.users[side])
            case "bulk":
                chosen = {ACTION_CHECKBOX_NAME: action.pk, f"revision-{action.pk}": 1, "confirmed": "1"}
                return _posting(self.clients[side], LIST, {"action": "publish_selected"} | chosen)
        return _posting(self.clients[side], change_address(action), data)


def _plan(action: PolicyAction, mark: str) -> Plan:
    """Return the plan of a package that was read when the entry was at revision 1."""
    said = action.revisions.get(number=1).document
    plan = Plan("package", Faults(), [])
    draft = Draft(said["entry"] | {"summary": mark}, said["relations"], action.slug, expected=1, imported=True)
    plan.changed.append(draft)
    return plan


def _import(plan: Plan, *, by: User) -> str:
    try:
        apply_plan(plan, by=by, at=NOW)
    except StalePlanError:
        return TOLD
    return SAVED


@pytest.fixture
def scene(editor: User, reviewer: User) -> Scene:
    users = {"left": editor, "right": reviewer}
    clients = {side: _client(user) for side, user in users.items()}
    shared = entry()
    save_entries([Draft(shared, slug=f"entry-{number}") for number in range(PAIRS)], by=None, at=NOW)
    found = posted(clients["left"], PolicyAction.objects.get(slug="entry-0"))
    return Scene(users, clients, {name: value for name, value in found.items() if not name.endswith("-action")})


def _lost(action: PolicyAction, kinds: tuple[str, str], answers: list[str]) -> list[str]:
    """Return what was said to be saved and is in no revision, what was not answered, what was published unseen."""
    text = json.dumps([revision.document for revision in action.revisions.all()])
    faults = []
    for kind, side, answer in zip(kinds, ("left", "right"), answers, strict=True):
        if answer not in (SAVED, TOLD):
            faults.append(f"{kind}: {answer}")
        if kind != "bulk" and (answer == SAVED) != (f"{kind} {side}" in text):
            faults.append(f"{kind} {side} was {answer}")
    public = PublishedAction.objects.filter(slug=action.slug).first()
    if public and any(f"{kind} left" in public.record for kind in LEFT):
        faults.append("published unseen")
    return faults


@pytest.mark.timeout(180)
def test_of_fifty_racing_pairs_nothing_is_lost_and_each_conflict_is_told(scene: Scene) -> None:
    started, told, lost = time.monotonic(), Counter[str](), []
    kinds = list(islice(cycle(product(LEFT, RIGHT)), PAIRS))
    for number, pair in enumerate(kinds):
        action = PolicyAction.objects.get(slug=f"entry-{number}")
        answers = _at_once(
            *(scene.edit(kind, side, action) for kind, side in zip(pair, ("left", "right"), strict=True))
        )
        told[" ".join(sorted(answers))] += 1
        lost += [f"{pair}: {fault}" for fault in _lost(action, pair, answers)]
        # Two edits of one revision: one of them is told. A publication may come first, and then both stand.
        assert TOLD in answers or "bulk" in pair, f"{pair}: {answers}"
    sys.stdout.write(f"{PAIRS} racing pairs: {len(lost)} lost, {dict(told)}, {time.monotonic() - started:.1f} s\n")
    assert lost == []
