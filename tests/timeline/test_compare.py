"""Two versions of an entry side by side."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.timeline import page
from tests.timeline.scene import FIRST, SECOND
from tracker import publishing
from tracker.models import PolicyAction

pytestmark = pytest.mark.django_db
THIRD = SECOND + timedelta(days=1)
PATH = "/actions/order/compare/"


@pytest.fixture
def order() -> PolicyAction:
    """An entry of three versions: its title was corrected, then its summary updated."""
    action = factories.published(slug="order", title="Task force disbanded", summary="It met once.", at=FIRST)
    action = factories.edit(action, title="Task force closed")
    factories.publish(action, at=SECOND, change="corrected", change_note="The title said disbanded.")
    action = factories.edit(action, summary="It met twice.")
    factories.publish(action, at=THIRD, change="updated", change_note="It met again.")
    return action


def _fields(html: str) -> list[str]:
    return [page.words(found) for found in re.findall(r"<div>\s*<dt>.*?</div>", html, re.DOTALL)]


@pytest.mark.parametrize(
    ("query", "heading", "fields"),
    [
        ("?from=1&to=2", "From version 1 to version 2", ["Title"]),
        ("?from=1&to=3", "From version 1 to version 3", ["Title", "Summary"]),
        ("", "From version 2 to version 3", ["Summary"]),
        ("?to=2", "From version 1 to version 2", ["Title"]),
        ("?from=1", "From version 1 to version 3", ["Title", "Summary"]),
        ("?from=3&to=1", "From version 3 to version 1", ["Title", "Summary"]),
        ("?as_of=2", "From version 1 to version 2", ["Title"]),
    ],
)
def test_fields_that_differ_are_listed(
    client: Client, order: PolicyAction, query: str, heading: str, fields: list[str]
) -> None:
    html = page.get(client, PATH + query)
    assert heading in page.words(html)
    assert [found.split()[0] for found in _fields(html)] == fields


def test_words_that_changed_are_marked_and_told(client: Client, order: PolicyAction) -> None:
    html = page.get(client, f"{PATH}?from=1&to=2")
    assert _fields(html) == ["Title Was Task force [removed: disbanded] Now Task force [added: closed]"]
    assert html.count("<del>") == html.count("<ins>") == 1


def test_changes_in_between_are_told_with_their_notes(client: Client, order: PolicyAction) -> None:
    part = page.part(page.get(client, f"{PATH}?from=1&to=3"), '<ol class="chg"', "</ol>")
    assert page.words(part.partition(">")[2]) == (
        "4 Jun 2025 Updated: It met again. Version 3, edition 3"
        " 3 Jun 2025 Corrected: The title said disbanded. Version 2, edition 2"
    )


def test_relation_is_compared_by_the_title_of_its_other_end(client: Client, order: PolicyAction) -> None:
    factories.published(slug="other", title="Another order", at=THIRD)
    relation = {"kind": "see_also", "in_part": False, "to": "other", "note": None}
    factories.publish(factories.edit(order, summary="More.", relations=[relation]), at=THIRD)
    assert "Relation Was nothing Now See also: Another order" in _fields(page.get(client, PATH))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?from=2&to=2", "It is the same version twice"),
        ("?from=1&to=1&as_of=1", "There is only one version so far"),
    ],
)
def test_nothing_to_compare_is_said(client: Client, order: PolicyAction, query: str, told: str) -> None:
    assert told in page.words(page.get(client, PATH + query))


@pytest.mark.parametrize(
    ("query", "field", "typed"),
    [
        ("?from=x&to=2", "Older version", "x"),
        ("?from=1&to=4", "Newer version", "4"),
        ("?from=0&to=2", "Older version", "0"),
        ("?from=-1&to=2", "Older version", "-1"),
        (f"?from=1&to={10**40}", "Newer version", "1000"),
        ("?from=²&to=2", "Older version", "²"),
        ("?from=1&to=3&as_of=2", "Newer version", "3"),
        ("?from=<script>&to=2", "Older version", "&lt;script&gt;"),
    ],
)
def test_number_that_is_none_is_refused_and_kept(
    client: Client, order: PolicyAction, query: str, field: str, typed: str
) -> None:
    html = page.get(client, PATH + query, status=400)
    assert f"{field}: There is no version “{typed}" in html
    assert re.search(rf'<option value="{re.escape(typed)}[^"]*" selected>', html)
    assert "<script>" not in html


def test_number_given_twice_is_refused(client: Client, order: PolicyAction) -> None:
    assert "Choose one version here, not 2." in page.get(client, f"{PATH}?from=1&from=2", status=400)


def test_neighbouring_pairs_are_one_step_away(client: Client, order: PolicyAction) -> None:
    assert 'href="/actions/order/compare/?from=2&amp;to=3" rel="next"' in page.get(client, f"{PATH}?from=1&to=2")
    assert 'rel="next"' not in page.get(client, f"{PATH}?from=2&to=3")


def test_retracted_entry_can_still_be_compared(client: Client, order: PolicyAction) -> None:
    publishing.retract("order", reason="did_not_happen", note="A false report.", by=None, at=THIRD)
    assert "From version 2 to version 3" in page.words(page.get(client, PATH))
    page.get(client, f"{PATH}?from=3&to=4", status=400)


def test_unpublished_edit_is_never_compared(client: Client, order: PolicyAction) -> None:
    factories.edit(order, title="Canary")
    assert "Canary" not in page.get(client, PATH)


@pytest.mark.parametrize("slug", ["draft", "absent"])
def test_entry_that_is_not_public_has_nothing_to_compare(client: Client, slug: str) -> None:
    factories.save(slug="draft", title="Canary")
    page.get(client, f"/actions/{slug}/compare/", status=404)


def test_queries_do_not_grow_with_the_versions(client: Client, order: PolicyAction) -> None:
    counts: list[Any] = []
    for times in range(2):
        page.get(client, PATH)
        with CaptureQueriesContext(connection) as captured:
            page.get(client, PATH)
        counts.append(len(captured))
        for number in range(5 * (1 - times)):
            order = factories.edit(order, summary=f"It met {number} times.")
            factories.publish(order, at=THIRD)
    assert counts[0] == counts[1]
    assert counts[0] <= 8
