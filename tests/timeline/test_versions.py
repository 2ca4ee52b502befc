"""One version of an entry at an address of its own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.scene import FIRST, SECOND
from tracker import publishing
from tracker.models import PolicyAction

pytestmark = pytest.mark.django_db
THIRD = SECOND + timedelta(days=1)


@pytest.fixture
def order() -> PolicyAction:
    """An entry of two versions, corrected in edition 2."""
    action = factories.published(slug="order", title="Task force disbanded", at=FIRST)
    edited = factories.edit(action, title="Task force closed")
    factories.publish(edited, at=SECOND, change="corrected", change_note="The title said disbanded.")
    return edited


def _blank(slug: str) -> None:
    """Take the text out of every version, as the law may demand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 3, record = '', csv = '', change_note = ''"
            f" WHERE slug = '{slug}'"
        )


def test_old_version_says_what_it_said_under_a_banner(client: Client, order: PolicyAction) -> None:
    html = page.get(client, "/actions/order/versions/1/")
    assert "<h1><bdi>Task force disbanded</bdi></h1>" in html
    assert page.words(page.part(html, '<p class="banner">', "</p>")) == (
        "Version 1 of 2, from edition 1; replaced by version 2 in edition 2: The title said disbanded."
        " See the entry as it stands"
    )
    assert html.index('class="banner"') < html.index("<h1>")


def test_last_version_says_that_it_stands(client: Client, order: PolicyAction) -> None:
    banner = page.part(page.get(client, "/actions/order/versions/2/"), '<p class="banner">', "</p>")
    assert page.words(banner) == "Version 2 of 2, from edition 2 It is what the entry says now"


def test_version_is_its_own_page_and_in_no_index(client: Client, order: PolicyAction) -> None:
    html = page.get(client, "/actions/order/versions/1/")
    assert '<link rel="canonical" href="https://timeline.example/actions/order/versions/1/">' in html
    assert '<meta name="robots" content="noindex,follow">' in html


def test_version_is_cited_as_itself(client: Client, order: PolicyAction) -> None:
    html = page.get(client, "/actions/order/versions/1/")
    assert "“Task force disbanded.” Policy Change Record, version 1 (edition 1)." in page.words(html)
    assert 'href="/actions/order/cite.ris?as_of=1"' in html
    assert 'href="/api/v1/actions/order?as_of=1"' in html


def test_version_marks_itself_among_the_changes(client: Client, order: PolicyAction) -> None:
    changes = page.part(page.get(client, "/actions/order/versions/1/"), '<ol class="chg"', "</ol>")
    current = page.part(changes, '<li aria-current="true">', "</li>")
    assert page.words(current).endswith("Published Version 1, edition 1")


@pytest.mark.parametrize(
    "path", ["order/versions/3/", "order/versions/0/", f"order/versions/{10**30}/", "no/versions/1/"]
)
def test_version_that_never_was_is_not_found(client: Client, order: PolicyAction, path: str) -> None:
    assert "<h1>Page not found</h1>" in page.get(client, f"/actions/{path}", status=404)


def test_version_newer_than_the_edition_is_not_there(client: Client, order: PolicyAction) -> None:
    page.get(client, "/actions/order/versions/2/?as_of=1", status=404)
    banner = page.words(page.get(client, "/actions/order/versions/1/?as_of=1"))
    assert "Version 1 of 1, from edition 1" in banner
    assert "Task force closed" not in banner


def test_version_of_a_draft_is_not_found(client: Client) -> None:
    factories.save(slug="draft", title="Canary")
    page.get(client, "/actions/draft/versions/1/", status=404)


def test_version_of_a_retracted_entry_is_readable_under_a_banner(client: Client, order: PolicyAction) -> None:
    publishing.retract("order", reason="did_not_happen", note="A false report.", by=None, at=THIRD)
    text = page.words(page.get(client, "/actions/order/versions/1/"))
    assert "This entry was retracted in edition 3: A false report. See why" in text
    assert "Task force disbanded" in text
    assert "See the entry as it stands" not in text


def test_version_that_is_the_retraction_shows_the_tombstone(client: Client, order: PolicyAction) -> None:
    publishing.retract("order", reason="did_not_happen", note="A false report.", by=None, at=THIRD)
    html = page.get(client, "/actions/order/versions/3/", status=410)
    assert 'href="/actions/order/versions/1/"' in html


def test_redacted_version_answers_451_without_a_name(client: Client, order: PolicyAction) -> None:
    factories.published(slug="later", at=THIRD)
    _blank("order")
    assert "Task force" not in page.get(client, "/actions/order/versions/1/", status=451)


@pytest.mark.parametrize("query", ["?as_of=99", "?as_of=nonsense"])
def test_version_refuses_an_edition_that_is_none(client: Client, order: PolicyAction, query: str) -> None:
    page.get(client, f"/actions/order/versions/1/{query}", status=400)
