"""What the law made us take out: its own page says so, and pages that name it still stand."""

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.terms.bodies import publish_bodies
from timeline.terms import _snapshot

pytestmark = pytest.mark.django_db


def _redact(kind: str, slug: str) -> None:
    """Take a term out as a redaction does, with the neutral slug that it then has."""
    factories.published(slug="another")  # the edition of the redaction
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedterm SET redacted_in = 2, record = '', slug = 'redacted-1'"
            " WHERE kind = %s AND slug = %s",
            [kind, slug],
        )
    _snapshot.cache_clear()


def test_redacted_term_says_so(client: Client) -> None:
    publish_bodies()
    _redact("agency", "office")
    assert "Removed because the law required it" in page.get(client, "/agencies/redacted-1/", status=451)
    page.get(client, "/agencies/office/", status=404)


@pytest.mark.parametrize("path", ["/agencies/", "/agencies/ministry/", "/agencies/unit/", "/agencies/?q=unit"])
def test_pages_around_a_redacted_term_stand(client: Client, path: str) -> None:
    publish_bodies()
    _redact("agency", "office")
    assert "Office" not in page.get(client, path).partition("<main")[2]


def test_pages_that_name_a_redacted_state_stand(client: Client) -> None:
    publish_bodies()
    _redact("party", "ruritania")
    for path in ("/agencies/", "/agencies/ministry/", "/parties/"):
        html = page.get(client, path)
        assert "Ruritania" not in html
        assert "/parties/ruritania/" not in html


def test_redacted_source_says_so(client: Client) -> None:
    factories.published(citations=[factories.citation(factories.SourceFactory.create(slug="memo"))])
    _redact("source", "memo")
    page.get(client, "/sources/redacted-1/", status=451)
    assert "/sources/memo/" not in page.get(client, "/sources/")
