"""Hostile inputs of all pages beside the entry's own form: rows, developments, words and sources, notes and reasons.

The page again, the field named, what was typed beside it kept, nothing saved; never a failure.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.utils.html import escape

from tests import factories
from tests.tracker.admin.forms import LIST, add_row, change_address, posted
from tests.tracker.admin.matrix import TERMS
from tests.tracker.admin.test_developing import develop
from tests.tracker.admin.test_importing import confirm, edited, sent
from tests.tracker.admin.test_matrix import stored
from tracker.models import PolicyAction

KEPT = "Typed with care"
UNSEEN = {"NUL": "a\x00b", "backspace": "a\x08b", "bidi override": "a\u202eb", "bidi isolate": "a\u2066b"}
NO_DATES = {"ambiguous": "01/02/2025", "year 1": "0001", "year 1 in words": "year 1", "no day": "2025-02-30"}
NO_DAYS = {"ambiguous": "01/02/2025", "year 1": "0001-01-01", "no day": "2025-02-30", "NUL": "2025-01-01\x00"}
NO_ADDRESSES = {
    "script": "javascript:alert(1)",
    "data": "data:text/html,x",
    "ftp": "ftp://files.example/x",
    "password": "http://user:pw@news.example/x",
    "NUL": "https://news.example/\x00",
    "too long": "https://news.example/" + "x" * 2000,
}

Post = Callable[[Client, PolicyAction, str, str], Any]


# --- the pages -------------------------------------------------------------------------------------------------


def _development(client: Client, action: PolicyAction, field: str, value: str) -> Any:
    return develop(client, action, **{"where_it_stands": KEPT, field: value})


def _row(prefix: str, **typed: str) -> Post:
    def post(client: Client, action: PolicyAction, field: str, value: str) -> Any:
        data = posted(client, action, title=KEPT)
        return client.post(change_address(action), add_row(data, prefix, **typed | {field: value}))

    return post


def _change_form(**buttons: str) -> Post:
    def post(client: Client, action: PolicyAction, field: str, value: str) -> Any:
        return client.post(change_address(action), posted(client, action, title=KEPT, **buttons | {field: value}))

    return post


def _new(noun: str, **typed: str) -> Post:
    def post(client: Client, action: PolicyAction, field: str, value: str) -> Any:
        return client.post(f"/admin/tracker/{noun}/add/", typed | {field: value})

    return post


def _source(client: Client, action: PolicyAction, field: str, value: str) -> Any:
    typed = {"title": KEPT, "publisher": action.citations.get().source.publisher_id, "kind": "news_report"}
    return client.post("/admin/tracker/source/add/", typed | {"url": "https://news.example/new", field: value})


def _bulk(name: str, **typed: str) -> Post:
    def post(client: Client, action: PolicyAction, field: str, value: str) -> Any:
        later = factories.edit(action, title="Another title")
        chosen = {"action": name, ACTION_CHECKBOX_NAME: [action.pk], "confirmed": "1"}
        return client.post(LIST, chosen | {f"revision-{action.pk}": later.revision} | typed | {field: value})

    return post


def _retraction(client: Client, action: PolicyAction, field: str, value: str) -> Any:
    typed = {"reason": "did_not_happen", "note": KEPT, field: value}
    return client.post(change_address(action).replace("change", "retract"), typed)


def _restoration(client: Client, action: PolicyAction, field: str, value: str) -> Any:
    later = factories.edit(action, title="Another title")
    typed = {"opened_with": str(later.revision), "reason": KEPT, field: value}
    return client.post(change_address(action).replace("change/", "restore/1/"), typed)


def _import(client: Client, action: PolicyAction, field: str, value: str) -> Any:
    typed = {"reason": KEPT, "note": KEPT, "afterwards": "publish", "kind": "updated", field: value}
    return confirm(client, sent(client, edited(title="Aid stopped")), **typed)


PAGES: dict[str, Post] = {
    "development": _development,
    "line of history": _row("status_changes", status="on_hold", date="2025-04-01"),
    "citation": _row("citations", attribution="named_official", stance="supports", bears_on="action"),
    "relation": _row("relations", kind="reverses", to_title="An order"),
    "change form, returned": _change_form(_return="Return", review_note=KEPT),
    "change form, published": _change_form(_publish="Publish", change_kind="updated", change_note=KEPT),
    "actor": _new("actor", name=KEPT),
    "agency": _new("agency", name=KEPT),
    "category": _new("category", name=KEPT, definition="Does something.", position="1"),
    "party": _new("affectedparty", name=KEPT, kind="state"),
    "publisher": _new("publisher", name=KEPT),
    "topic": _new("topic", name=KEPT),
    "source": _source,
    "bulk publication": _bulk("publish_selected", change_kind="updated", change_note=KEPT),
    "bulk return": _bulk("return_selected", review_note=KEPT),
    "bulk retraction": _bulk("retract_selected", reason="did_not_happen", note=KEPT),
    "retraction": _retraction,
    "restoration": _restoration,
    "import": _import,
}

# Page, field, what is hostile about it, value.
Case = tuple[str, str, str, str]


def _cases(page: str, fields: str, values: dict[str, str]) -> list[Case]:
    return [(page, field, kind, value) for field in fields.split() for kind, value in values.items()]


TEXTS = [
    *_cases("development", "status_note where_it_stands source_title publisher", UNSEEN),
    *_cases("line of history", "note", UNSEEN),
    *_cases("relation", "to_title to_identifier note", UNSEEN),
    *_cases("change form, returned", "review_note", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("change form, published", "change_note", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("bulk publication", "change_note", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("bulk publication", "note", UNSEEN | {"too long": "x" * 1001}),
    *_cases("bulk return", "review_note", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("bulk retraction", "note", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("retraction", "note", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("restoration", "reason", UNSEEN | {"blanks": "   ", "too long": "x" * 1001}),
    *_cases("import", "reason note", UNSEEN | {"too long": "x" * 1001}),
    *_cases("import", "reason", {"blanks": "   "}),
]
WORDS = [
    *(
        case
        for noun in ("actor", "agency", "category", "party", "publisher", "topic")
        for case in _cases(noun, "name", UNSEEN | {"blanks": "   ", "too long": "x" * 301, "list": "a; b"})
    ),
    *_cases("actor", "aliases", UNSEEN),
    *_cases("agency", "abbreviation aliases", UNSEEN),
    *_cases("category", "definition example", UNSEEN),
    *_cases("source", "title authors", UNSEEN),
    *_cases("source", "title", {"blanks": "   ", "too long": "x" * 501}),
    *_cases("source", "language", {"NUL": "e\x00", "backspace": "e\x08", "too long": "x" * 36}),
]
DATES = [
    *_cases("development", "status_date source_published due_date", NO_DATES),
    *_cases("line of history", "date", NO_DATES),
    *_cases("source", "published", NO_DATES),
    *_cases("agency", "valid_from valid_until", NO_DATES),
    *_cases("change form, returned", "due_date", NO_DATES),
    *_cases("change form, returned", "last_verified", NO_DAYS),
    *_cases("source", "accessed_on", NO_DAYS),
    *_cases("agency", "successor_date", NO_DAYS),
]
ADDRESSES = [
    *_cases("development", "source_url", NO_ADDRESSES),
    *_cases("relation", "to_url", NO_ADDRESSES),
    *_cases("source", "url archive_url", NO_ADDRESSES),
]
CODES = [
    *_cases("development", "status attribution status_by stance source_kind", {"unknown": "nonsense", "NUL": "\x00"}),
    *_cases("development", "source", {"NUL": "\x00", "number": "9" * 40, "gone": "999999"}),
    *_cases("line of history", "status by source position", {"unknown": "nonsense", "NUL": "\x00"}),
    *_cases("citation", "source attribution stance bears_on", {"unknown": "nonsense", "NUL": "\x00"}),
    *_cases("relation", "kind to_action", {"unknown": "nonsense", "NUL": "\x00", "number": "9" * 40}),
    *_cases("source", "publisher republished_by kind", {"unknown": "nonsense", "NUL": "\x00", "number": "9" * 40}),
    *_cases("agency", "parent successor country merged_into", {"unknown": "x", "NUL": "\x00", "number": "9" * 40}),
    *_cases("party", "kind members agency", {"unknown": "x", "NUL": "\x00", "number": "9" * 40}),
    *_cases("category", "position", {"unknown": "x", "negative": "-1", "number": "9" * 40}),
    *_cases("retraction", "reason", {"unknown": "nonsense", "not from here": "legal", "NUL": "\x00"}),
    *_cases("bulk publication", "change_kind", {"unknown": "nonsense", "NUL": "\x00"}),
    *_cases("import", "afterwards kind", {"unknown": "nonsense", "NUL": "\x00"}),
]


def _ids(case: Case) -> str:
    return ": ".join(case[:3])


def named(response: Any) -> set[str]:
    """Return the fields that the page which was shown again complains about."""
    context, forms = response.context, []
    if "adminform" in context:
        forms.append(context["adminform"].form)
    elif "form" in context:
        forms.append(context["form"])
    for inline in context.get("inline_admin_formsets") or ():
        forms += inline.formset.forms
    return {name for form in forms for name in form.errors}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS_DIR = tmp_path / "imports"


@pytest.mark.parametrize("case", [*TEXTS, *WORDS, *DATES, *ADDRESSES], ids=_ids)
def test_page_names_the_field_and_shows_what_was_typed(reviewer_client: Client, case: Case) -> None:
    assert escape(case[3]) in _refused(reviewer_client, case)


@pytest.mark.parametrize("case", CODES, ids=_ids)
def test_page_names_the_choice_and_keeps_the_rest(reviewer_client: Client, case: Case) -> None:
    assert KEPT in _refused(reviewer_client, case)


def _refused(client: Client, case: Case) -> str:
    """Post what is hostile; return the page that came back, which names the field, and nothing was saved."""
    page, field, _, value = case
    action = factories.published(slug="aid")
    before = _saved(action)
    response = PAGES[page](client, action, field, value)
    assert response.status_code in (200, 409, 422)
    assert field in named(response)
    assert _saved(action) == before
    return str(response.text)


def _saved(action: PolicyAction) -> Any:
    """Return what must not change: the first revision, and that none has a reason (pages may need a second one)."""
    revisions = action.revisions.exclude(reason="").count(), action.revisions.get(number=1).document
    return revisions, stored("edition", "source", *TERMS)
