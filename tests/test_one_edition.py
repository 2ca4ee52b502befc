"""One edition per request: pages read while somebody publishes never disagree with themselves."""

import re
import threading

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests import factories
from timeline.views import pages
from tracker.models import Edition, PolicyAction

PAGES = 300
ENTRIES = 8


def _publish_all(actions: list[PolicyAction]) -> list[PolicyAction]:
    """Publish every entry anew: it names the edition to come, and even editions put all of them on hold."""
    number = Edition.objects.count() + 1
    lines = [factories.line(), *([factories.line("on_hold", "2025-03-11")] if number % 2 == 0 else [])]
    stands = f"Stands at {number}."
    edited = [factories.edit(action, where_it_stands=stands, status_history=lines) for action in actions]
    factories.publish(*edited, change="corrected")
    return edited


def _contradiction(html: str) -> str:
    """Return what in a page of the timeline does not fit the edition that it says it serves; empty if all fits."""
    edition = int(re.findall(r"Edition (\d+), published", html)[0])
    told = [int(number) for number in re.findall(r"Stands at (\d+)\.", html)]
    on_hold = int(re.findall(r'value="on_hold".*?class="opt-n">(\d+)', html, re.DOTALL)[0])
    headline = re.findall(r'id="count">(\d+)', html)[0]
    if told != [edition] * ENTRIES:
        return f"edition {edition} lists {told}"
    if on_hold != (ENTRIES if edition % 2 == 0 else 0):
        return f"edition {edition} counts {on_hold} on hold"
    return "" if int(headline) == ENTRIES else f"edition {edition} is headed {headline}"


@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
def test_pages_read_while_a_publisher_runs_agree_with_themselves() -> None:
    """Rows, facet counts and headline of 300 pages all fit the edition in the footer."""
    actions = [factories.save(slug=f"entry-{number}") for number in range(ENTRIES)]
    factories.publish(*actions)
    _publish_all(actions)
    stop = threading.Event()

    def publisher() -> None:
        latest = list(PolicyAction.objects.order_by("slug"))
        try:
            while not stop.is_set():
                latest = _publish_all(latest)
        finally:
            connections.close_all()

    thread = threading.Thread(target=publisher)
    thread.start()
    contradictions: list[str] = []
    editions: set[str] = set()
    try:
        while len(contradictions) < PAGES or (len(editions) < 5 and len(contradictions) < 20 * PAGES):
            # The view itself: the test client would copy the context of every template.
            response = pages.timeline(RequestFactory().get("/"))
            assert isinstance(response, HttpResponse)
            html = response.content.decode()
            contradictions.append(_contradiction(html))
            editions.add(re.findall(r"Edition (\d+), published", html)[0])
    finally:
        stop.set()
        thread.join()
    assert [found for found in contradictions if found] == []
    assert len(contradictions) >= PAGES
    assert len(editions) >= 5, "the publisher must have run meanwhile"


@pytest.mark.django_db(transaction=True)
def test_readers_open_no_transaction(client: Client) -> None:
    """On SQLite a reader's transaction would take the write lock: no public GET says BEGIN."""
    action = factories.published(slug="entry")
    for address in (
        "/",
        "/?q=aid&status=in_effect",
        f"/actions/{action.slug}/",
        f"/agencies/{action.agency.slug}/" if action.agency else "",
        "/agencies/",
        "/sources/",
        *("/about/", "/es/method/"),
        "/actions.csv",
        "/actions.csv?columns=slug",
        *("/feed.atom", "/changes.atom", "/corrections.atom"),
        *("/calendar.ics", "/sitemap.xml", "/sitemap-entries-1.xml"),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(address)
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert response.status_code == 200
        said = [query["sql"].split()[0].upper() for query in queries.captured_queries]
        assert not {"BEGIN", "SAVEPOINT", "INSERT", "UPDATE", "DELETE"} & set(said), address
